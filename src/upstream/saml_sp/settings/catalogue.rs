//! Every key of `[saml.NAME]`, described.

use crate::platform::setting::{Setting, Shape};

/// Every key of `[saml.NAME]` that this room owns.
pub const SETTINGS: &[Setting] = &[
    Setting::required("label", Shape::Text, "\"NHSmail\"")
        .about("The words on the chooser: \"Log in with …\"")
        .given_by("You"),
    Setting::required("preset", Shape::Text, "\"entra\"")
        .about("The kind of identity provider: `entra`, `adfs` or `none`; it decides the defaults below")
        .given_by("The NHSmail team; `entra` unless they gave you an ADFS trust"),
    Setting::optional("enabled", Shape::Flag, "true")
        .about("`false` refuses every step of a sign-in by this connection")
        .given_by("You"),
    Setting::required("entity_id", Shape::Text, "\"https://bridge.example.nhs.uk/saml/nhsmail/metadata\"")
        .about("Our own name at this identity provider, a URL or a URN; compared byte for byte")
        .given_by("You choose it and register it with the NHSmail team (\"Identifier\", \"relying party identifier\")"),
    Setting::required(
        "idp_entity_id",
        Shape::Text,
        "\"https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/\"",
    )
    .about("The identity provider's name, byte for byte: last slash, port and `http` included")
    .given_by("`entityID` in the metadata from the NHSmail team"),
    Setting::required("metadata_file", Shape::Text, "\"../metadata/nhsmail-entra.xml\"")
        .about("The identity provider's metadata; its signing certificates are the only ones believed")
        .given_by("The NHSmail team; replace the file when they announce a new signing certificate"),
    Setting::optional("request_signing", Shape::Table(&[REQUEST_SIGNING]), "our requests are unsigned")
        .about("Sign our requests, and logout messages in both directions")
        .given_by("You for single logout with ADFS (MSIS7084); else only if the NHSmail team demands it (AADSTS76021, or an ADFS trust that requires signed requests)"),
    Setting::optional("decryption", Shape::Tables(&[DECRYPTION]), "encryption is off, and our metadata offers no key for it")
        .about("Keys that open encrypted assertions, newest first, at most two")
        .given_by("You; ADFS begins to encrypt once it has imported our metadata with such a key"),
    Setting::optional("clock_skew_seconds", Shape::Number, "120")
        .about("How far the identity provider's clock may be off; at most 300")
        .given_by("You; mend the clocks before you raise it"),
    Setting::optional("max_response_age_seconds", Shape::Number, "300")
        .about("How old a response may be when it arrives, before skew; at most 3600")
        .given_by("You; leave it"),
    Setting::optional("unsolicited", Shape::Text, "\"refuse\"")
        .about("A response nobody asked for: `refuse`, `restart` (discard it and ask ourselves), `accept`")
        .given_by("You; `restart` if people come from the My Apps page"),
    Setting::optional("unsolicited_relay_states", Shape::Texts, "[]")
        .such_as("[\"https://rota.example.nhs.uk/\"]")
        .about("With `accept`: the only RelayState values believed; `\"\"` stands for none")
        .given_by("The NHSmail team and the developers of the application"),
    Setting::optional("allow_no_nameid", Shape::Flag, "as the preset")
        .such_as("true")
        .about("Accept a subject without NameID, as ADFS writes it by default (`true` in the preset `adfs`)")
        .given_by("The NHSmail team: whether a claim rule issues a NameID"),
    Setting::optional("allow_missing_response_in_response_to", Shape::Flag, "false")
        .about("Accept a Response without InResponseTo; SubjectConfirmationData must then have it")
        .given_by("You, for one identity provider that cannot do better"),
    Setting::optional("allow_missing_scd_in_response_to", Shape::Flag, "false")
        .about("Accept SubjectConfirmationData without InResponseTo; the Response must then have it")
        .given_by("You, for one identity provider that cannot do better"),
    Setting::optional("second_judge", Shape::Text, "\"always\"")
        .about("Whether samael must agree on every signature: `always` or `off`")
        .given_by("You; leave it"),
    Setting::optional("name_id_policy_format", Shape::Text, "none is asked for")
        .such_as("\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"")
        .about("The NameID format our request asks for; asking for none works everywhere")
        .given_by("The NHSmail team"),
    Setting::optional("requested_authn_context", Shape::Texts, "[]")
        .such_as("[\"urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\"]")
        .about("Authentication contexts our request demands, exactly; passkeys and Windows Hello then fail (AADSTS75011)")
        .given_by("Nobody, as a rule"),
    Setting::optional("force_authn", Shape::Flag, "false")
        .about("Make people prove themselves again at every sign-in")
        .given_by("Your information governance"),
    Setting::optional("single_logout", Shape::Flag, "as the preset and request_signing")
        .such_as("true")
        .about("Log people out of the identity provider too when they log out here, and offer it the address for its logouts (`true` in the preset `entra`, else with `request_signing`)")
        .given_by("You; register the address `/saml/NAME/slo` with the NHSmail team (\"Logout URL\")"),
    Setting::optional("logout_issuer", Shape::Text, "as the preset")
        .such_as("\"https://login.microsoftonline.com/37c354b2-85b0-47f5-b222-07b48d774ee3/\"")
        .about("Another name by which the identity provider signs logout messages; Entra's is known in its preset")
        .given_by("The refusal that the log shows (`logout-issuer`)"),
    Setting::optional("exception", Shape::Tables(&[EXCEPTION]), "no weakness is permitted")
        .about("Dated permission for one weak algorithm; written to the log at every use")
        .given_by("You, while the identity provider is being mended"),
];

const REQUEST_SIGNING: &[Setting] = &[
    Setting::required("key", Shape::Source, "{ file = \"../keys/request.key\" }")
        .about("The private key, PEM, from a file or an environment variable")
        .given_by("You; a new one before its certificate expires"),
    Setting::required("certificate_file", Shape::Text, "\"../keys/request.crt\"")
        .about("Its certificate, PEM; self-signed is usual")
        .given_by("You; send our new metadata to the NHSmail team when it changes"),
    Setting::optional("algorithm", Shape::Text, "\"rsa-sha256\"")
        .about("`rsa-sha256`, `rsa-sha384`, `rsa-sha512` or `ecdsa-sha256`")
        .given_by("The NHSmail team: ADFS insists on the one its trust names"),
];

const DECRYPTION: &[Setting] = &[
    Setting::required("key", Shape::Source, "{ file = \"../keys/decryption.key\" }")
        .about("The private RSA key, PEM, from a file or an environment variable")
        .given_by("You; put a new one first and keep the old one until nobody uses it"),
    Setting::required("certificate_file", Shape::Text, "\"../keys/decryption.crt\"")
        .about("Its certificate, PEM; that of the first key is in our metadata")
        .given_by("You; send our new metadata to the NHSmail team when it changes"),
];

const EXCEPTION: &[Setting] = &[
    Setting::required("allow", Shape::Text, "\"sha1\"")
        .about("`sha1` (signatures and digests), `rsa-1024` (signing keys under 2048 bits) or `cbc` (encryption)")
        .given_by("The refusal that `explain` shows"),
    Setting::required("until", Shape::Text, "\"2027-01-31\"")
        .about("The last day (UTC), at most a year ahead; after it the weakness is refused again")
        .given_by("Whoever promised to mend it"),
    Setting::required("reason", Shape::Text, "\"the ADFS farm is renewed in January\"")
        .about("Why, and who mends it; it stands in the log at every use")
        .given_by("You"),
];
