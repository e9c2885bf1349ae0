//! Every key of `[applications.NAME]`, described.

use crate::platform::setting::{Setting, Shape};

/// Every key of `[applications.NAME]`.
pub const SETTINGS: &[Setting] = &[
    Setting::required("label", Shape::Text, "\"Rota\"")
        .about("What people call it; shown when they log in for it")
        .given_by("The developers of the application"),
    Setting::optional("redirect_uris", Shape::Texts, "[]")
        .such_as("[\"https://rota.example.nhs.uk/callback\"]")
        .about("Where people are sent with the answer, byte for byte; empty: it does not use OpenID Connect")
        .given_by("The developers: what their library calls the redirect or callback address"),
    Setting::optional("application_type", Shape::Text, "\"web\"")
        .about("`web`; or `native` for a program on somebody's own machine, whose port on loopback is then free")
        .given_by("The developers"),
    Setting::optional("client_authentication", Shape::Text, "none; needed with redirect_uris")
        .such_as("\"private_key_jwt\"")
        .about("How it proves that it is itself: `private_key_jwt`, `client_secret_basic`, `client_secret_post`; `none` for what runs in a browser or on somebody's machine")
        .given_by("The developers; private_key_jwt if their library can"),
    Setting::optional("client_secret", Shape::Source, "none")
        .such_as("{ file = \"../keys/rota.secret\" }")
        .about("The shared secret, at least 32 characters, alone in its file or in an environment variable")
        .given_by("You make it: openssl rand -hex 32; give it to the developers by a safe way"),
    Setting::optional("jwks", Shape::Source, "none")
        .such_as("{ file = \"../keys/rota.jwks.json\" }")
        .about("The public keys of its client assertions: a JSON web key set")
        .given_by("The developers; the private halves stay with them"),
    Setting::optional("dpop", Shape::Text, "\"optional\"")
        .about("`required`: its tokens are bound to a key of its own (DPoP), and without a proof it gets none")
        .given_by("The developers; if their library can"),
    Setting::optional("pushed_requests", Shape::Text, "\"optional\"")
        .about("`required`: it sends its authorization requests to `/oauth2/par` first, and one that a browser brings alone is refused")
        .given_by("The developers; if their library can"),
    Setting::optional("scopes", Shape::Texts, "[\"openid\", \"profile\"]")
        .such_as("[\"openid\", \"profile\", \"email\", \"nhs.organisation\", \"nhs.role\", \"nhs.assurance\", \"offline_access\"]")
        .about("What it may be told at most: `openid`, `profile`, `email`, `nhs.organisation`, `nhs.role`, `nhs.assurance`, `nhs.professional`, `nhs.upstream`; `offline_access` for refresh tokens")
        .given_by("Your information governance: only what it needs"),
    Setting::optional("audience", Shape::Text, "its client id")
        .such_as("\"https://api.rota.example.nhs.uk\"")
        .about("The `aud` of its access tokens; whoever takes them must compare it")
        .given_by("The developers; no two applications have the same"),
    Setting::optional("signing_algorithm", Shape::Text, "\"ES256\"")
        .about("What its tokens are signed with: `ES256`, or `RS256` for a library that knows nothing else")
        .given_by("The developers"),
    Setting::optional("subject_type", Shape::Text, "\"public\"")
        .about("`pairwise`: it knows people by names that no other application knows")
        .given_by("Your information governance; never change it, everybody would be somebody new there"),
    Setting::optional("sector", Shape::Text, "the host of its redirect addresses")
        .such_as("\"example.nhs.uk\"")
        .about("Applications of one sector know people by the same pairwise names")
        .given_by("You; never change it"),
    Setting::optional("simulated", Shape::Flag, "false")
        .about("Whether it takes people that a fake vouched for")
        .given_by("The developers: true for a demonstration or a test, and only there"),
    Setting::optional("post_logout_redirect_uris", Shape::Texts, "[]")
        .such_as("[\"https://rota.example.nhs.uk/goodbye\"]")
        .about("Where people may be sent after logging out, byte for byte")
        .given_by("The developers"),
    Setting::optional("backchannel_logout_uri", Shape::Text, "none")
        .such_as("\"https://rota.example.nhs.uk/backchannel-logout\"")
        .about("Where it takes logout tokens, so that it hears of a logout elsewhere")
        .given_by("The developers; a session of their own needs it"),
    Setting::optional("frontchannel_logout_uri", Shape::Text, "none")
        .such_as("\"https://rota.example.nhs.uk/frontchannel-logout\"")
        .about("The page that ends its session when it is shown in a frame; browsers may block that, so prefer the back channel")
        .given_by("The developers"),
    Setting::optional("refresh_extends_session", Shape::Flag, "true")
        .about("Whether a refresh of its tokens keeps the session alive as a click does; it must then refresh only when the person does something")
        .given_by("The developers; false if it refreshes by itself"),
    Setting::optional("origins", Shape::Texts, "[]")
        .such_as("[\"https://rota.example.nhs.uk\"]")
        .about("Where it stands behind a proxy that asks /auth/verify: scheme, host and port")
        .given_by("Whoever runs the proxy"),
    Setting::optional("requires", Shape::Table(&[REQUIRED]), "nothing")
        .about("What must hold of whoever uses it"),
    Setting::optional("paths", Shape::Tables(&[PATH]), "none")
        .about("What more must hold under some of its paths behind a proxy; the longest prefix counts"),
];

const REQUIRED: &[Setting] = &[
    Setting::optional("doors", Shape::Texts, "[]")
        .such_as("[\"cis2\"]")
        .about("The accounts it takes: `nhsmail`, `cis2`; empty: both")
        .given_by("The owner of the application"),
    Setting::optional("minimum_aal", Shape::Number, "none")
        .such_as("3")
        .about("The least authentication assurance level, 1 to 3; only a Care Identity has one")
        .given_by("The owner of the application, with its clinical safety officer"),
    Setting::optional("mfa", Shape::Flag, "false")
        .about("Whether they must have used several factors; who is not known to have done so did not")
        .given_by("The owner of the application"),
    Setting::optional("organisations", Shape::Texts, "[]")
        .such_as("[\"A9A5A\"]")
        .about("The ODS codes of the organisations it admits; empty: all, and people of whom none is known")
        .given_by("The owner of the application"),
    Setting::optional("roles", Shape::Texts, "[]")
        .such_as("[\"R8000\", \"S8000:G8000:R8001\"]")
        .about("The job roles it admits; empty: all, and people without one")
        .given_by("The owner of the application"),
    Setting::optional("max_age_minutes", Shape::Number, "none")
        .such_as("60")
        .about("How long ago they may have proven themselves; then they must do it again")
        .given_by("The owner of the application"),
];

const PATH: &[Setting] = &[
    Setting::required("prefix", Shape::Text, "\"/admin/\"")
        .about("The beginning of the paths")
        .given_by("The developers"),
    Setting::optional("public", Shape::Flag, "false")
        .about("Whether anybody may come there without logging in")
        .given_by("The developers: for a health check or a stylesheet"),
    Setting::optional("requires", Shape::Table(&[REQUIRED]), "nothing more")
        .about("What must hold there, besides what must hold everywhere"),
];
