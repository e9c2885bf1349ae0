//! Each rule of an authorization request, kept and broken.

use super::*;
use crate::downstream::application::redirect_uri::RedirectUri;
use crate::downstream::application::registry::Applications;
use crate::downstream::application::{ClientAuthentication, DpopUse, Login, PushedUse, Simulated};
use crate::downstream::authorization::answer_place::AnswerPlace;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A request that nothing is wrong with, changed like this: `name=value` replaces, `name` alone takes away, `+name=value`
/// comes on top.
fn read(changes: &[&str]) -> Result<AuthorizationRequest, Refusal> {
    let mut fields = vec![
        ("client_id".to_owned(), "rota".to_owned()),
        (
            "redirect_uri".to_owned(),
            "https://rota.example/callback".to_owned(),
        ),
        ("response_type".to_owned(), "code".to_owned()),
        ("scope".to_owned(), "openid profile".to_owned()),
        ("state".to_owned(), "s".to_owned()),
        ("code_challenge".to_owned(), CHALLENGE.to_owned()),
        ("code_challenge_method".to_owned(), "S256".to_owned()),
    ];
    for change in changes {
        let (name, value) = change.split_once('=').unwrap_or((change, ""));
        let on_top = name.strip_prefix('+');
        if on_top.is_none() {
            fields.retain(|(known, _)| known != name);
        }
        fields.push((on_top.unwrap_or(name).to_owned(), value.to_owned()));
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let parameters = Parameters::read(&query);
    let mut rota = Application::of_audience("rota", Simulated::Refuse);
    rota.scopes.remove(&Scope::Email);
    rota.login = Some(Login {
        redirect_uris: vec![
            RedirectUri::of_web("https://rota.example/callback").unwrap(),
            RedirectUri::of_native("http://127.0.0.1/done").unwrap(),
        ],
        authentication: ClientAuthentication::None,
        dpop: DpopUse::Optional,
        pushed: PushedUse::Optional,
    });
    let applications = Applications::new([rota], Application::of_audience("bridge", Simulated::Refuse));
    let (application, place) = AnswerPlace::find(&parameters, &applications).unwrap();
    AuthorizationRequest::read(&parameters, application, place)
}

fn error(changes: &[&str]) -> &'static str {
    read(changes).unwrap_err().error.as_str()
}

#[test]
fn a_plain_request_is_read_and_unknown_parameters_are_ignored() {
    let request = read(&[
        "+foo=1",
        "+foo=2",
        "+claims={}",
        "+ui_locales=cy",
        "+display=page",
    ])
    .unwrap();
    assert_eq!(request.code_challenge, CHALLENGE);
    assert_eq!(request.prompt, Prompt::AsNeeded);
    assert_eq!(
        (request.max_age, request.least_aal, request.nonce),
        (None, None, None)
    );
}

#[test]
fn nobodys_login_goes_to_a_port_of_the_machine_without_their_doing() {
    let at = "redirect_uri=http://127.0.0.1:50000/done";
    assert_eq!(error(&[at, "prompt=none"]), "interaction_required");
    assert!(read(&[at]).unwrap().wants_fresh_login());
    assert!(!read(&[]).unwrap().wants_fresh_login());
    assert!(read(&["prompt=none"]).is_ok());
}

#[test]
fn each_known_parameter_may_come_once() {
    for name in KNOWN {
        if matches!(name, "client_id" | "redirect_uri") {
            continue;
        }
        let twice = [format!("{name}=x"), format!("+{name}=x")];
        let refusal = read(&[&twice[0], &twice[1]]).unwrap_err();
        assert_eq!(refusal, invalid("a parameter comes twice"), "{name}");
    }
}

#[test]
fn o17_a_state_that_could_not_be_repeated_is_refused() {
    assert_eq!(
        error(&[&format!("state={}", "s".repeat(2049))]),
        "invalid_request"
    );
    assert!(read(&[&format!("state={}", "s".repeat(2048))]).is_ok());
    assert!(read(&["state"]).is_ok(), "the proof key protects who sends none");
}

#[test]
fn o26_a_request_object_is_not_read_and_no_address_is_fetched() {
    assert_eq!(error(&["+request=eyJ"]), "request_not_supported");
    assert_eq!(
        error(&["+request_uri=http://169.254.169.254/latest"]),
        "request_uri_not_supported"
    );
    assert_eq!(
        error(&["+request_uri=urn:ietf:params:oauth:request_uri:x"]),
        "request_uri_not_supported"
    );
}

#[test]
fn a_client_cannot_bring_its_own_registration() {
    assert_eq!(error(&["+registration={}"]), "registration_not_supported");
}

#[test]
fn only_a_code_is_given() {
    for kind in ["token", "id_token", "code id_token", "none", "Code"] {
        assert_eq!(
            error(&[&format!("response_type={kind}")]),
            "unsupported_response_type"
        );
    }
    assert_eq!(error(&["response_type"]), "invalid_request");
}

#[test]
fn the_answer_comes_in_the_query_alone() {
    assert!(read(&["+response_mode=query"]).is_ok());
    for mode in ["fragment", "form_post", "web_message"] {
        assert_eq!(error(&[&format!("+response_mode={mode}")]), "invalid_request");
    }
}

#[test]
fn ap_04_scopes_are_what_was_asked_and_is_registered_and_openid_is_among_them() {
    let words = "scope=nhs.role openid email unknown profile  ";
    let scopes: Vec<Scope> = read(&[words]).unwrap().scopes.into_iter().collect();
    assert_eq!(scopes, [Scope::OpenId, Scope::Profile, Scope::Role]);
    for scope in ["scope", "scope=profile", "scope=OpenID", "scope=openid,profile"] {
        assert_eq!(error(&[scope]), "invalid_scope", "{scope}");
    }
}

#[test]
fn ap_02_everybody_brings_a_proof_key_and_never_in_plain() {
    for changes in [
        ["code_challenge", "x"],
        ["code_challenge_method", "x"],
        ["code_challenge_method=plain", "x"],
        ["code_challenge_method=s256", "x"],
        ["code_challenge=short", "x"],
        ["code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "x"],
        ["code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "x"],
    ] {
        assert_eq!(error(&changes), "invalid_request", "{changes:?}");
    }
}

#[test]
fn a_nonce_is_kept_and_has_an_end() {
    assert_eq!(
        read(&["+nonce=n-0S6_WzA2Mj"]).unwrap().nonce.as_deref(),
        Some("n-0S6_WzA2Mj")
    );
    assert!(read(&[&format!("+nonce={}", "n".repeat(1024))]).is_ok());
    assert_eq!(
        error(&[&format!("+nonce={}", "n".repeat(1025))]),
        "invalid_request"
    );
    assert_eq!(error(&["+nonce=a\nb"]), "invalid_request");
}

#[test]
fn prompt_none_stands_alone_and_an_unknown_word_is_refused() {
    for (words, prompt) in [
        ("none", Prompt::None),
        ("login", Prompt::Login),
        ("consent", Prompt::AsNeeded),
        ("select_account", Prompt::SelectAccount),
        ("select_account login consent", Prompt::Login),
    ] {
        assert_eq!(
            read(&[&format!("+prompt={words}")]).unwrap().prompt,
            prompt,
            "{words}"
        );
    }
    for words in ["none login", "login none", "create", "Login", "none none"] {
        assert_eq!(
            error(&[&format!("+prompt={words}")]),
            "invalid_request",
            "{words}"
        );
    }
}

#[test]
fn max_age_is_a_number_of_seconds() {
    assert_eq!(read(&["+max_age=3600"]).unwrap().max_age, Some(3600));
    assert!(read(&["+max_age=0"]).unwrap().wants_fresh_login());
    assert!(!read(&["+max_age=1"]).unwrap().wants_fresh_login());
    for text in ["-1", "+1", "1.5", "soon", " 1", "4294967296"] {
        assert_eq!(error(&[&format!("+max_age={text}")]), "invalid_request", "{text}");
    }
}

#[test]
fn o28_the_least_level_that_is_named_is_asked_for_and_other_contexts_are_passed_over() {
    for (values, least) in [
        ("urn:nhs:aal:3", Some(3)),
        ("urn:nhs:aal:3 urn:nhs:aal:2", Some(2)),
        ("urn:other urn:nhs:aal:2", Some(2)),
        ("urn:other urn:nhs:aal:4 urn:nhs:aal: AAL3_ANY", None),
    ] {
        assert_eq!(
            read(&[&format!("+acr_values={values}")]).unwrap().least_aal,
            least,
            "{values}"
        );
    }
}

#[test]
fn a_code_may_be_bound_to_a_key_from_the_start() {
    let bound = read(&[&format!("+dpop_jkt={CHALLENGE}")]).unwrap();
    assert_eq!(bound.dpop_jkt.as_deref(), Some(CHALLENGE));
    assert_eq!(error(&["+dpop_jkt=x"]), "invalid_request");
}

#[test]
fn a_request_prints_nothing_but_who_asks() {
    let printed = format!("{:?}", read(&["+nonce=n0nce"]).unwrap());
    assert_eq!(printed, "AuthorizationRequest { client_id: \"rota\", .. }");
}
