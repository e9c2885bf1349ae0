//! Every key of `[oidc.NAME]`, described.

use crate::platform::setting::{Setting, Shape};

/// Every key of `[oidc.NAME]` that this room owns.
pub const SETTINGS: &[Setting] = &[
    Setting::required("label", Shape::Text, "\"my Care Identity\"")
        .about("The words on the chooser: \"Log in with …\"")
        .given_by("You"),
    Setting::required("preset", Shape::Text, "\"int\"")
        .about(
            "The provider: CIS2 as `live`, `int`, `dep` or `mock`; NHSmail as `entra-oidc` or `adfs-oidc`; or `none`. \
             It decides the defaults below",
        )
        .given_by("Whoever registered you: the CIS2 team or the NHSmail team"),
    Setting::optional("door", Shape::Text, "as the preset")
        .such_as("\"cis2\"")
        .about("What its people are: `cis2` (Care Identity) or `nhsmail`; must be set with `preset = \"none\"`")
        .given_by("You"),
    Setting::optional("enabled", Shape::Flag, "true")
        .about("`false` refuses every step of a sign-in by this connection")
        .given_by("You"),
    Setting::optional("issuer", Shape::Text, "as the preset")
        .such_as("\"https://am.nhsint.auth-ptl.cis2.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare\"")
        .about(
            "The provider's name, byte for byte, `:443` included. Not confirmed: the host of `dep`, the name of \
             `adfs-oidc`. `none` has none",
        )
        .given_by("`issuer` in the discovery document"),
    Setting::optional("tenant", Shape::Text, "that of NHSmail")
        .such_as("\"37c354b2-85b0-47f5-b222-07b48d774ee3\"")
        .about("With `entra-oidc`: the tenant whose accounts are believed")
        .given_by("Nobody, as a rule"),
    Setting::optional("discovery_url", Shape::Text, "below the issuer, without `:443`")
        .such_as("\"https://am.nhsint.auth-ptl.cis2.spineservices.nhs.uk/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare/.well-known/openid-configuration\"")
        .about("Where the discovery document is; it must name the issuer byte for byte")
        .given_by("The provider's team; with claims-mapping in Entra, `…/.well-known/openid-configuration?appid=` and your client id"),
    Setting::optional("endpoints", Shape::Table(&[ENDPOINTS]), "the discovery document names them")
        .about("The addresses of a provider without a discovery document"),
    Setting::required("client_id", Shape::Text, "\"000000000000.apps.supplier\"")
        .about("Our own name at this provider, of any form")
        .given_by("Whoever registered you; another one in each environment"),
    Setting::required("client_authentication", Shape::Text, "\"private_key_jwt\"")
        .about("`private_key_jwt` (best), `client_secret_jwt`, `client_secret_post` or `client_secret_basic`")
        .given_by("You, at the registration"),
    Setting::optional("client_key", Shape::Tables(&[CLIENT_KEY]), "none")
        .about("Our keys for `private_key_jwt`, newest first, at most four: the first signs, all are published"),
    Setting::optional("client_secret", Shape::Source, "none")
        .such_as("{ file = \"../keys/client.secret\" }")
        .about("The secret of the other methods, from a file or an environment variable")
        .given_by("Whoever registered you; replace it before it expires"),
    Setting::optional("assertion_audience", Shape::Text, "\"token_endpoint\"")
        .about("Whom our client assertions are for: `token_endpoint`, `issuer`, or a text of the provider's")
        .given_by("The provider's documentation; CIS2 wants the token endpoint, `:443` included"),
    Setting::optional("assertion_type", Shape::Text, "\"JWT\"")
        .about("Their `typ`: `JWT` or `client-authentication+jwt` (RFC 7523bis)")
        .given_by("The provider's documentation"),
    Setting::optional("assertion_lifetime_seconds", Shape::Number, "60")
        .about("How long one is good for; from 10 to 300")
        .given_by("You; mend the clocks before you raise it"),
    Setting::optional("scopes", Shape::Texts, "as the door")
        .such_as("[\"openid\", \"profile\", \"email\", \"nhsperson\", \"nationalrbacaccess\", \"associatedorgs\"]")
        .about(
            "What is asked for: for CIS2 as in the example, for NHSmail `openid profile email`. `selectedrole` is added \
             where the role is picked at CIS2",
        )
        .given_by("The developers of the applications; `professionalmemberships` for registration numbers, `allatclaims` for ADFS"),
    Setting::optional("acr_values", Shape::Texts, "as minimum_aal")
        .such_as("[\"AAL2_OR_AAL3_ANY\"]")
        .about(
            "The authentication asked for: for CIS2 `AAL2_OR_AAL3_ANY`, with `minimum_aal = 3` `AAL3_ANY`; for NHSmail \
             none. An empty list lets CIS2 offer AAL3 alone",
        )
        .given_by("Your information governance; it decides which authenticators people are offered"),
    Setting::optional("minimum_aal", Shape::Number, "as the door: 2 for CIS2")
        .such_as("2")
        .about("The least authentication assurance level let in, 1 to 3; NHSmail states none")
        .given_by("Your information governance; NHS advice is 2 if possible, 3 locks out whoever has only an authenticator app"),
    Setting::optional("minimum_ial", Shape::Number, "as the door: 3 for CIS2")
        .such_as("3")
        .about("The least identity assurance level let in; NHSmail states none")
        .given_by("You; leave it"),
    Setting::optional("prompt", Shape::Text, "as the door: `login` for CIS2, else `omit`")
        .such_as("\"login\"")
        .about("`login` (prove themselves again), `select_account`, or `omit`: the provider decides")
        .given_by("Your information governance; for CIS2 `omit` needs `send_max_age`"),
    Setting::optional("max_auth_age_seconds", Shape::Number, "as the door: 300 for CIS2, else not judged")
        .such_as("300")
        .about("How long ago people may have proved themselves (`auth_time`), whatever was asked for; from 30 to 43200")
        .given_by("Your information governance"),
    Setting::optional("send_max_age", Shape::Flag, "false")
        .about("Send that number as `max_age` too")
        .given_by("You; instead of `prompt = \"login\"`, or for a provider that demands it"),
    Setting::optional("pkce", Shape::Text, "\"S256\"")
        .about("The proof key of a sign-in: `S256`, or `off` for a provider that refuses it")
        .given_by("You; leave it"),
    Setting::optional("pushed_requests", Shape::Text, "\"when_offered\"")
        .about("Push a request to the provider before the browser leaves: `when_offered`, or `off` where our client may not")
        .given_by("You; `off` if sign-ins end at \"our registration\" before the provider's page is seen"),
    Setting::optional("id_token_algorithms", Shape::Texts, "as the door")
        .such_as("[\"RS256\", \"RS512\"]")
        .about("What an ID token may be signed with: `RS256` and `RS512` for CIS2, `RS256` for NHSmail; also `PS256`, `ES256`")
        .given_by("The registration"),
    Setting::optional("userinfo", Shape::Text, "as the door: `json` for CIS2, else `none`")
        .such_as("\"signed\"")
        .about("UserInfo as `json`, `signed` (plain JSON is then refused), or `none`: the ID token says all")
        .given_by("The registration; `signed` is better, and what was registered is what must stand here"),
    Setting::optional("userinfo_algorithms", Shape::Texts, "as id_token_algorithms of the door")
        .such_as("[\"RS256\", \"RS512\"]")
        .about("What a signed UserInfo may be signed with")
        .given_by("The registration"),
    Setting::optional("logout_token_algorithms", Shape::Texts, "as id_token_algorithms of the door")
        .such_as("[\"RS256\", \"RS512\"]")
        .about("What a logout token may be signed with")
        .given_by("The registration"),
    Setting::optional("clock_skew_seconds", Shape::Number, "as the door: 60 for CIS2, else 120")
        .such_as("60")
        .about("How far the provider's clock may be off; at most 300")
        .given_by("You; mend the clocks before you raise it"),
    Setting::optional("second_judge", Shape::Text, "\"always\"")
        .about("Whether a second, independent reader must agree on every ID token: `always` or `off`")
        .given_by("You; leave it"),
    Setting::optional("require_iss_parameter", Shape::Flag, "false")
        .about("Refuse an answer without `iss` even if the provider does not announce it (RFC 9207); if it does, it is required anyway")
        .given_by("You, for a provider that sends it"),
    Setting::optional("sign_out_upstream", Shape::Flag, "false")
        .about("Signing out here ends the session at the provider too; at CIS2 that is the session of the smartcard, which other applications share")
        .given_by("Your information governance"),
    Setting::optional("post_logout_redirect_uri", Shape::Text, "the browser stays with the provider")
        .such_as("\"https://bridge.example.nhs.uk/\"")
        .about("Where the browser goes after that: an address of ours")
        .given_by("You; register it with the provider"),
    Setting::optional("backchannel_logout", Shape::Table(&[BACKCHANNEL_LOGOUT]), "as the door")
        .about("Logout tokens from the provider, at `/oidc/NAME/backchannel-logout`"),
    Setting::optional("exception", Shape::Tables(&[EXCEPTION]), "nothing is permitted")
        .about("Dated permission for something the provider does against the standards; written to the log at every use")
        .given_by("You, while the provider is being mended"),
];

const ENDPOINTS: &[Setting] = &[
    Setting::required(
        "authorization",
        Shape::Text,
        "\"https://op.example.nhs.uk/authorize\"",
    )
    .about("`authorization_endpoint`")
    .given_by("The provider's documentation"),
    Setting::required("token", Shape::Text, "\"https://op.example.nhs.uk/access_token\"")
        .about("`token_endpoint`, byte for byte the audience of our assertions")
        .given_by("The provider's documentation"),
    Setting::required(
        "jwks",
        Shape::Text,
        "\"https://op.example.nhs.uk/connect/jwk_uri\"",
    )
    .about("`jwks_uri`")
    .given_by("The provider's documentation"),
    Setting::optional("userinfo", Shape::Text, "needed unless `userinfo = \"none\"`")
        .such_as("\"https://op.example.nhs.uk/userinfo\"")
        .about("`userinfo_endpoint`")
        .given_by("The provider's documentation"),
    Setting::optional("end_session", Shape::Text, "needed with `sign_out_upstream`")
        .such_as("\"https://op.example.nhs.uk/connect/endSession\"")
        .about("`end_session_endpoint`")
        .given_by("The provider's documentation"),
];

const CLIENT_KEY: &[Setting] = &[
    Setting::required("key", Shape::Source, "{ file = \"../keys/client.key\" }")
        .about("The private key, PEM, from a file or an environment variable")
        .given_by("You; put a new one first and keep the old one until nobody uses it"),
    Setting::required("algorithm", Shape::Text, "\"RS512\"")
        .about("`RS256`, `RS512` or `PS256` for an RSA key, `ES256` for a key on P-256")
        .given_by("The registration"),
    Setting::optional("kid", Shape::Text, "its thumbprint (RFC 7638)")
        .such_as("\"bridge-2026-11\"")
        .about("Its name in our key set")
        .given_by("You; only if the registration names one"),
];

const BACKCHANNEL_LOGOUT: &[Setting] = &[
    Setting::optional("enabled", Shape::Flag, "as the door: `true` for CIS2, else `false`")
        .such_as("true")
        .about("Whether logout tokens are taken at all")
        .given_by("You; register the address with the provider"),
    Setting::optional("allowed_sources", Shape::Texts, "[]")
        .such_as("[\"cis2-live\"]")
        .about(
            "The networks they may come from; `cis2-live` stands for the two of CIS2 (52.142.148.70/31 and \
             51.143.231.182/31). Empty: any; the signature decides in either case",
        )
        .given_by("The provider's documentation; expect it to change. Behind a reverse proxy it needs `web.trusted_proxies`"),
];

const EXCEPTION: &[Setting] = &[
    Setting::required("allow", Shape::Text, "\"logout-token-without-exp\"")
        .about("`logout-token-without-exp`: a logout token need not say until when it is good")
        .given_by("The refusal that the log shows"),
    Setting::required("until", Shape::Text, "\"2027-01-31\"")
        .about("The last day (UTC), at most a year ahead; after it the same is refused again")
        .given_by("Whoever promised to mend it"),
    Setting::required(
        "reason",
        Shape::Text,
        "\"CIS2 leaves exp out of its logout tokens (ticket 12345)\"",
    )
    .about("Why, and who mends it; it stands in the log at every use")
    .given_by("You"),
];
