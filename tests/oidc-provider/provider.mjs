// The provider: what is registered with it, what it says about its one person, and what it saw.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';

import { page } from './pages.mjs';

// Whatever a test is slowed down by is not for this program to judge.
const PATIENCE = 60_000;

// Which scope shows which claims. Those of openid are in the ID token too.
const CLAIMS = {
  openid: ['sub', 'id_assurance_level', 'authentication_assurance_level'],
  profile: ['name', 'given_name', 'family_name', 'uid'],
  email: ['email'],
  nhsperson: ['nhsid_useruid', 'idassurancelevel'],
  nationalrbacaccess: ['nhsid_nrbac_roles'],
  associatedorgs: ['nhsid_user_orgs'],
  selectedrole: ['selected_roleid'],
};

// What is worth remembering.
const EVENTS = [
  'pushed_authorization_request.success',
  'pushed_authorization_request.error',
  'authorization.accepted',
  'authorization.error',
  'grant.success',
  'grant.error',
  'userinfo.error',
  'backchannel.success',
  'backchannel.error',
  'end_session.success',
  'end_session.error',
  'server_error',
];

// Answers every request to `issuer`. `wanted.client` is the metadata of the one client, `wanted.person` the claims of
// the one person, `wanted.pushed` whether requests may be pushed.
export function listenerFor(Provider, issuer, wanted) {
  const provider = new Provider(issuer, configuration(wanted));
  const seen = [];
  for (const event of EVENTS) {
    provider.on(event, (_ctx, more) => {
      seen.push(more instanceof Error ? `${event}: ${more.error_detail ?? more.message}` : event);
    });
  }
  const standard = provider.callback();

  return (request, response) => {
    const { pathname } = new URL(request.url, issuer);
    if (pathname === '/seen') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(seen));
    } else if (pathname.startsWith('/interaction/')) {
      interact(provider, wanted.person, request, response);
    } else {
      standard(request, response);
    }
  };
}

function configuration({ client, person, pushed }) {
  return {
    clients: [client],
    jwks: { keys: [signingKey()] },
    claims: CLAIMS,
    acrValues: ['AAL2_OR_AAL3_ANY', 'AAL3_ANY'],
    pkce: { methods: ['S256'], required: () => true },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    findAccount: (_ctx, sub) => (sub === person.sub ? { accountId: sub, claims: () => person } : undefined),
    loadExistingGrant: everythingAskedFor,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: pushed, requirePushedAuthorizationRequests: pushed },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          const button = '<button type="submit" name="logout" value="yes">End it</button>';
          ctx.body = page('End the session?', form.replace('</form>', `${button}</form>`));
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = page('The session has ended', '');
        },
      },
    },
    // The client is on this machine, and listens on IPv4.
    httpOptions: () => ({
      signal: AbortSignal.timeout(PATIENCE),
      dnsLookup: (host, options, done) => lookup(host, { ...options, family: 4 }, done),
    }),
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'of-others' };
}

// Nobody is asked for consent: the client gets the scopes it asked for.
async function everythingAskedFor({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

// The page that stands where a real provider asks for a password: one button.
async function interact(provider, person, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const form = `<form method="post" action="${request.url}"><button type="submit">It is me</button></form>`;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page('Who is it?', form));
    return;
  }
  const login = { accountId: person.sub, acr: params.acr_values, amr: ['FIDO2'] };
  await provider.interactionFinished(request, response, { login });
}
