//! What the provider says that it can do, beside what we are configured to ask of it.

use serde_json::{Map, Value};

use crate::protocol::jose;
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::judgement::Who;
use crate::upstream::oidc_rp::doctor::provider::Found;
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::settings::{
    Algorithm, ClientAuthentication, Pkce, PushedRequests, Settings, UserInfo,
};
use crate::upstream::wish::Wish;

/// Where the algorithms of client assertions are listed (OpenID Connect Discovery 3).
const ASSERTION_ALGORITHMS: &str = "token_endpoint_auth_signing_alg_values_supported";

/// The connection beside the discovery document.
#[derive(Clone, Copy)]
struct Both<'b> {
    party: &'b RelyingParty,
    found: &'b Found,
    document: &'b Map<String, Value>,
}

/// Compares; without a discovery document there is nothing to compare with.
pub(super) fn compare(party: &RelyingParty, found: &Found) -> Vec<Check> {
    let Some(document) = &found.document else {
        return Vec::new();
    };
    let both = Both {
        party,
        found,
        document,
    };
    let mut checks = vec![authentication(both)];
    checks.extend(assertion_algorithm(both));
    checks.push(signatures(
        both,
        "id-token-algorithms",
        "id_token_signing_alg_values_supported",
    ));
    if party.settings().userinfo == UserInfo::Signed {
        checks.push(signatures(
            both,
            "userinfo-algorithms",
            "userinfo_signing_alg_values_supported",
        ));
    }
    checks.extend([pkce(both), issuer_parameter(both), pushed(both), scopes(both)]);
    checks.extend(acr_values(both));
    checks.extend(end_session(both));
    checks
}

/// The algorithms that a client assertion may have here: those that the provider lists, else the configured one.
pub(super) fn assertion_algorithms(party: &RelyingParty, found: &Found) -> Vec<jose::Algorithm> {
    let listed = found
        .document
        .as_ref()
        .and_then(|document| list(document, ASSERTION_ALGORITHMS));
    let known = |words: Vec<&str>| words.iter().filter_map(|word| word.parse().ok()).collect();
    listed.map_or_else(|| configured(party.settings()).into_iter().collect(), known)
}

fn configured(settings: &Settings) -> Option<jose::Algorithm> {
    match settings.client_authentication {
        ClientAuthentication::PrivateKeyJwt => settings.client_keys.first().map(|key| key.algorithm.into()),
        ClientAuthentication::ClientSecretJwt => Some(jose::Algorithm::HS256),
        ClientAuthentication::ClientSecretPost | ClientAuthentication::ClientSecretBasic => None,
    }
}

fn list<'d>(document: &'d Map<String, Value>, name: &str) -> Option<Vec<&'d str>> {
    let values = document.get(name)?.as_array()?;
    Some(values.iter().filter_map(Value::as_str).collect())
}

fn authentication(both: Both<'_>) -> Check {
    let method = both.party.settings().client_authentication.as_str();
    let asked = Asked::new(
        "client-authentication",
        format!("is {method} among token_endpoint_auth_methods_supported"),
    );
    // Absent, it means client_secret_basic (OpenID Connect Discovery 3).
    let listed = list(both.document, "token_endpoint_auth_methods_supported");
    let listed = listed.unwrap_or_else(|| vec!["client_secret_basic"]);
    if listed.contains(&method) {
        return asked.ok("the provider offers it; which one it expects of us was registered");
    }
    asked.trouble(
        format!("the provider offers {}", listed.join(", ")),
        Mend::by(
            Who::Both,
            "Set client_authentication to one of these, and register the same.",
        ),
    )
}

fn assertion_algorithm(both: Both<'_>) -> Option<Check> {
    let algorithm = format!("{:?}", configured(both.party.settings())?);
    let asked = Asked::new(
        "client-assertion-algorithm",
        format!("is {algorithm} among {ASSERTION_ALGORITHMS}"),
    );
    Some(match list(both.document, ASSERTION_ALGORITHMS) {
        None => asked.ok("the provider does not say; it must be the registered one"),
        Some(listed) if listed.contains(&algorithm.as_str()) => {
            asked.ok("the provider offers it; it must be the registered one")
        }
        Some(listed) => asked.trouble(
            format!("wrong algorithm: the provider takes {}", listed.join(", ")),
            Mend::by(
                Who::Both,
                "Set algorithm in client_key to one of these, and register the same.",
            ),
        ),
    })
}

fn signatures(both: Both<'_>, id: &'static str, member: &str) -> Check {
    let settings = both.party.settings();
    let ours = match id {
        "userinfo-algorithms" => &settings.userinfo_algorithms,
        _ => &settings.id_token_algorithms,
    };
    let ours: Vec<&str> = ours.iter().copied().map(Algorithm::as_str).collect();
    let asked = Asked::new(id, format!("is one of {} among {member}", ours.join(", ")));
    match list(both.document, member) {
        None => asked.ok("the provider does not say"),
        Some(listed) if listed.iter().any(|word| ours.contains(word)) => {
            asked.ok(format!("the provider offers {}", listed.join(", ")))
        }
        Some(listed) => asked.trouble(
            format!(
                "every token would be refused: the provider signs with {}",
                listed.join(", ")
            ),
            Mend::by(
                Who::Both,
                "Agree on RS256, RS512, PS256 or ES256, and set the same here.",
            ),
        ),
    }
}

fn pkce(both: Both<'_>) -> Check {
    let asked = Asked::new("pkce", "is S256 among code_challenge_methods_supported");
    match (both.party.settings().pkce, both.found.provider.lists_s256) {
        (Pkce::S256, Some(true)) => asked.ok("the provider offers it, and we use it"),
        (Pkce::S256, None) => {
            asked.ok("the provider does not say; we send it, and who does not know it ignores it")
        }
        (Pkce::S256, Some(false)) => asked.warning(
            "the provider lists other methods, and may refuse the request",
            Mend::ours("Sign in once. Only if the provider refuses the request: pkce = \"off\"."),
        ),
        (Pkce::Off, Some(true)) => asked.warning(
            "the provider offers it, and we do not use it: a stolen code is worth more than it need be",
            Mend::ours("Set pkce = \"S256\"."),
        ),
        (Pkce::Off, Some(false) | None) => asked.ok("the provider does not offer it, and we do not use it"),
    }
}

fn issuer_parameter(both: Both<'_>) -> Check {
    let asked = Asked::new("iss-parameter", "authorization_response_iss_parameter_supported");
    match (
        both.found.provider.names_itself,
        both.party.settings().require_iss_parameter,
    ) {
        (true, _) => {
            asked.ok("the provider names itself in every answer, and an answer without iss is refused")
        }
        (false, false) => asked.ok("the provider does not announce it, and nothing is demanded"),
        (false, true) => asked.warning(
            "the provider does not announce iss, and every answer without it is refused",
            Mend::ours("Sign in once. If the answers have no iss: require_iss_parameter = false."),
        ),
    }
}

fn pushed(both: Both<'_>) -> Check {
    let asked = Asked::new("pushed-requests", "pushed_authorization_request_endpoint");
    let provider = &both.found.provider;
    let is_demanded = both
        .document
        .get("require_pushed_authorization_requests")
        .and_then(Value::as_bool)
        == Some(true);
    let pushes = both.party.settings().pushed_requests == PushedRequests::WhenOffered;
    match (&provider.pushed_authorization_request_endpoint, is_demanded) {
        (Some(_), _) if pushes => asked.ok("the provider takes pushed requests, and we push ours"),
        (Some(_), false) => {
            asked.ok("the provider takes pushed requests; ours go through the browser, as configured")
        }
        (Some(_), true) => asked.trouble(
            "the provider demands pushed requests, and pushed_requests is \"off\"",
            Mend::ours("Set pushed_requests = \"when_offered\"."),
        ),
        (None, false) => asked.ok("the provider takes none; our requests go through the browser"),
        (None, true) => asked.trouble(
            "the provider demands pushed requests and says nowhere where",
            Mend::by(
                Who::IdentityProvider,
                "Publish pushed_authorization_request_endpoint (RFC 9126 5).",
            ),
        ),
    }
}

fn scopes(both: Both<'_>) -> Check {
    let ours = both.party.scope(Wish::SIGN_IN);
    let asked = Asked::new("scopes", format!("are they among scopes_supported: {ours}"));
    let Some(listed) = list(both.document, "scopes_supported") else {
        return asked.ok("the provider does not say");
    };
    missing(
        asked,
        ours.split(' '),
        &listed,
        "Have them granted to this client, or take them out of scopes.",
    )
}

fn acr_values(both: Both<'_>) -> Option<Check> {
    let ours = &both.party.settings().acr_values;
    let listed = list(both.document, "acr_values_supported");
    if ours.is_empty() {
        return None;
    }
    let asked = Asked::new(
        "acr-values",
        format!("are they among acr_values_supported: {}", ours.join(" ")),
    );
    let Some(listed) = listed else {
        return Some(asked.ok("the provider does not say"));
    };
    let mend = "Set acr_values to what the provider lists; it may ignore or refuse what it does not know.";
    Some(missing(asked, ours.iter().map(String::as_str), &listed, mend))
}

fn missing<'w>(
    asked: Asked,
    wanted: impl Iterator<Item = &'w str>,
    listed: &[&str],
    mend: &'static str,
) -> Check {
    let missing: Vec<&str> = wanted.filter(|word| !listed.contains(word)).collect();
    if missing.is_empty() {
        return asked.ok("the provider lists them all");
    }
    // Both lists may be shorter than what is there (OpenID Connect Discovery 3).
    let means = format!("not listed: {}", missing.join(", "));
    asked.warning(means, Mend::by(Who::Both, mend))
}

fn end_session(both: Both<'_>) -> Option<Check> {
    if !both.party.settings().sign_out_upstream {
        return None;
    }
    let asked = Asked::new("end-session", "end_session_endpoint");
    Some(match both.found.provider.end_session_endpoint {
        Some(_) => asked.ok("signing out here can end the session there"),
        None => asked.warning(
            "the provider has none, so signing out here ends nothing there",
            Mend::ours("Set sign_out_upstream = false."),
        ),
    })
}
