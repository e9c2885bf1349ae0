//! The corpus' words for what is wrong with a token, and the rules that find it.

/// The rules that a reason may be found by.
pub(super) fn rules_of_reason(reason: &str) -> &'static [&'static str] {
    const FORM: &[&str] = &["token-form"];
    // Where the algorithm or the key is no good, no signature is looked at.
    const SIGNATURE: &[&str] = &["token-signature", "token-key", "token-key-set", "token-algorithm"];
    let reasons: [(&str, &[&str]); 27] = [
        ("signature does not verify", SIGNATURE),
        ("kid is not in the JWKS", &["token-key", "token-form"]),
        ("alg none", &["token-algorithm"]),
        ("alg HS256 is not allowed", &["token-algorithm"]),
        ("alg A256GCM is not allowed", &["token-algorithm"]),
        ("no alg", FORM),
        ("1 segments in place of 3", FORM),
        ("2 segments in place of 3", FORM),
        ("4 segments in place of 3", FORM),
        ("signature segment is not base64url", FORM),
        ("payload is not base64url JSON", FORM),
        ("header or payload is not a JSON object", FORM),
        ("encrypted token and the RP has no decryption key", FORM),
        ("no iss", &["token-issuer"]),
        ("iss mismatch", &["token-issuer"]),
        ("no aud", &["token-audience"]),
        ("aud mismatch", &["token-audience"]),
        ("azp mismatch", &["id-token-authorized-party"]),
        ("no sub", &["id-token-subject"]),
        ("no exp", &["token-expires"]),
        ("expired", &["token-expires"]),
        ("exp is not a number", &["token-expires"]),
        ("no iat", &["token-issued"]),
        ("iat is not a number", &["token-issued"]),
        ("nbf is not a number", &["token-not-before"]),
        ("nbf in the future", &["token-not-before"]),
        ("typ dpop+jwt is not an ID token", &["id-token-type"]),
    ];
    let found = reasons.iter().find(|(word, _)| *word == reason);
    found
        .unwrap_or_else(|| panic!("no rule is known for `{reason}`"))
        .1
}

/// The rules that a variant may be refused by.
pub(super) fn rules_of_variant(reason: &str) -> &'static [&'static str] {
    let reasons: [(&str, &[&str]); 9] = [
        ("issuer is not the configured one", &["token-issuer"]),
        ("audience is another client", &["token-audience"]),
        ("nonce of another login", &["id-token-nonce"]),
        (
            "expired (one hour past exp)",
            &["token-expires", "logout-token-expires"],
        ),
        (
            "at the very instant of exp, no skew",
            &["token-expires", "logout-token-expires"],
        ),
        ("issued in the future", &["token-issued"]),
        (
            "signed by a key that is not in the JWKS",
            &["token-key", "token-signature"],
        ),
        ("the algorithm is not on the allow-list", &["token-algorithm"]),
        (
            "token of the other kind",
            &["logout-token-event", "id-token-no-other-kind"],
        ),
    ];
    let found = reasons.iter().find(|(word, _)| *word == reason);
    found
        .unwrap_or_else(|| panic!("no rule is known for `{reason}`"))
        .1
}
