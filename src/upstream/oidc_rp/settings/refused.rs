//! Keys that people look for and that are no settings here: each with the reason, and what to do instead.

use crate::upstream::refused::Refused;

/// The sentence for a key of `[oidc.NAME]` that this bridge knows and does not offer.
pub fn refused(key: &str) -> Option<Refused> {
    let (what, instead) = match key {
        "nonce" | "state" | "verify_nonce" | "verify_state" => (
            "state and nonce are sent and compared in every sign-in; there is nothing to set",
            "remove the key",
        ),
        "response_type" | "response_mode" | "grant_type" => (
            "the authorization code flow is the only one; implicit and hybrid answers are refused (RFC 9700 2.1.2)",
            "remove the key",
        ),
        "allow_hs256" | "allow_none" | "verify_signature" => (
            "a token that is unsigned, or signed with a shared secret, is never believed",
            "remove the key; id_token_algorithms lists what is believed",
        ),
        "allow_missing_exp" => (
            "a logout token without `exp` is permitted only until a date and for a reason",
            "[[oidc.NAME.exception]] with allow = \"logout-token-without-exp\", until and reason",
        ),
        "redirect_uri" => (
            "it follows from public_url and the name of the connection",
            "remove the key; register PUBLIC_URL/oidc/NAME/callback",
        ),
        "selected_role" | "selectedrole" => (
            "who picks the role decides whether the scope selectedrole is asked for",
            "remove the key",
        ),
        _ => return None,
    };
    Some(Refused { what, instead })
}
