// What an application does with openid-client; what it does not do itself, the logout token, with jose.
const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

// Each member is one thing that a test may ask for, and gives what can be written as JSON.
export function relyingParty(openid, jose) {
  let config;
  let options = {};
  let asked;

  async function authentication({ method, secret, key, alg }) {
    if (method === 'client_secret_basic') return openid.ClientSecretBasic(secret);
    if (method === 'client_secret_post') return openid.ClientSecretPost(secret);
    if (method === 'private_key_jwt') return openid.PrivateKeyJwt(await jose.importJWK(key, alg));
    return openid.None();
  }

  const told = (tokens) => ({ ...tokens, claims: tokens.claims() });

  return {
    // Reads the discovery document; `client` is what is registered.
    async discover({ issuer, client, proof }) {
      const plainHttp = { execute: [openid.allowInsecureRequests] };
      const method = await authentication(proof);
      config = await openid.discovery(new URL(issuer), client.client_id, client, method, plainHttp);
      options = proof.dpop ? { DPoP: openid.getDPoPHandle(config, await openid.randomDPoPKeyPair()) } : {};
      return config.serverMetadata();
    },

    // Gives the address to send the browser to.
    async begin({ parameters, pushed }) {
      const verifier = openid.randomPKCECodeVerifier();
      asked = { pkceCodeVerifier: verifier, expectedNonce: openid.randomNonce(), expectedState: openid.randomState() };
      const all = {
        ...parameters,
        nonce: asked.expectedNonce,
        state: asked.expectedState,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const address = pushed
        ? await openid.buildAuthorizationUrlWithPAR(config, all, options)
        : openid.buildAuthorizationUrl(config, all);
      return { address: address.href };
    },

    // Takes the address at which the browser came back.
    async finish({ address, checks }) {
      const tokens = await openid.authorizationCodeGrant(
        config,
        new URL(address),
        { ...asked, idTokenExpected: true, ...checks },
        undefined,
        options,
      );
      return told(tokens);
    },

    async refresh({ refresh_token }) {
      return told(await openid.refreshTokenGrant(config, refresh_token, undefined, options));
    },

    async userinfo({ access_token, sub }) {
      return openid.fetchUserInfo(config, access_token, sub, options);
    },

    async introspect({ token }) {
      return openid.tokenIntrospection(config, token);
    },

    async revoke({ token }) {
      await openid.tokenRevocation(config, token);
      return {};
    },

    // Gives the address to send the browser to for logging out.
    async leave({ parameters }) {
      return { address: openid.buildEndSessionUrl(config, parameters).href };
    },

    // Judges a logout token as OpenID Connect Back-Channel Logout 2.6 asks.
    async logout_token({ token, client_id }) {
      const { issuer, jwks_uri } = config.serverMetadata();
      const keys = jose.createRemoteJWKSet(new URL(jwks_uri));
      const { payload, protectedHeader } = await jose.jwtVerify(token, keys, { issuer, audience: client_id });
      const isLogout = typeof payload.events?.[LOGOUT] === 'object' && !('nonce' in payload);
      if (!isLogout || !(payload.sid || payload.sub)) throw new Error('this is no logout token');
      return { ...payload, header: protectedHeader };
    },

    // Judges an access token as an API of the application would (RFC 9068 4).
    async access_token({ token, audience }) {
      const { issuer, jwks_uri } = config.serverMetadata();
      const keys = jose.createRemoteJWKSet(new URL(jwks_uri));
      const { payload } = await jose.jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' });
      return payload;
    },
  };
}
