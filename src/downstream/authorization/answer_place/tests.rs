//! Where an answer may go, and what it carries.

use super::*;
use crate::downstream::application::redirect_uri::RedirectUri;
use crate::downstream::application::{ClientAuthentication, DpopUse, Login, PushedUse, Simulated};
use crate::downstream::authorization::refusal::AuthorizationError;

const CALLBACK: &str = "https://rota.example/callback";

fn applications() -> Applications {
    let mut rota = Application::of_audience("rota", Simulated::Refuse);
    rota.login = Some(Login {
        redirect_uris: vec![
            RedirectUri::of_web(CALLBACK).unwrap(),
            RedirectUri::of_web("https://rota.example/?a=b").unwrap(),
        ],
        authentication: ClientAuthentication::None,
        dpop: DpopUse::Optional,
        pushed: PushedUse::Optional,
    });
    let behind_a_proxy = Application::of_audience("behind-a-proxy", Simulated::Refuse);
    let by_default = Application::of_audience("bridge", Simulated::Refuse);
    Applications::new([rota, behind_a_proxy], by_default)
}

fn find(query: &str) -> Result<AnswerPlace, Nowhere> {
    let applications = applications();
    let found = AnswerPlace::find(&Parameters::read(query), &applications);
    found.map(|(_, place)| place)
}

#[test]
fn ap_01_without_a_known_application_and_its_own_address_there_is_no_place_for_an_answer() {
    for (query, why) in [
        ("redirect_uri=https://rota.example/callback", Nowhere::NoClient),
        (
            "client_id=rota&client_id=rota&redirect_uri=https://rota.example/callback",
            Nowhere::NoClient,
        ),
        (
            "client_id=other&redirect_uri=https://rota.example/callback",
            Nowhere::UnknownClient,
        ),
        (
            "client_id=bridge&redirect_uri=https://rota.example/callback",
            Nowhere::UnknownClient,
        ),
        (
            "client_id=behind-a-proxy&redirect_uri=https://rota.example/callback",
            Nowhere::UnknownClient,
        ),
        ("client_id=rota", Nowhere::NoRedirectUri),
        ("client_id=rota&redirect_uri=", Nowhere::NoRedirectUri),
        (
            "client_id=rota&redirect_uri=https://rota.example/callback&redirect_uri=https://rota.example/callback",
            Nowhere::NoRedirectUri,
        ),
        (
            "client_id=rota&redirect_uri=https://rota.example/callback/",
            Nowhere::RedirectUri,
        ),
        (
            "client_id=rota&redirect_uri=https://rota.example/callback%23x",
            Nowhere::RedirectUri,
        ),
        (
            "client_id=rota&redirect_uri=https://rota.example%5C.evil.example/",
            Nowhere::RedirectUri,
        ),
    ] {
        assert_eq!(find(query), Err(why), "{query}");
    }
}

#[test]
fn ap_08_an_answer_goes_to_the_address_with_state_and_who_answers() {
    let place = find("client_id=rota&redirect_uri=https://rota.example/callback&state=a%20b%26c").unwrap();
    assert_eq!(
        place.with_code("c0de", "https://bridge.example"),
        "https://rota.example/callback?code=c0de&state=a+b%26c&iss=https%3A%2F%2Fbridge.example"
    );
    let refusal = AuthorizationError::InvalidScope.because("scope must contain openid");
    assert_eq!(
        place.with_refusal(refusal, "https://bridge.example"),
        "https://rota.example/callback?error=invalid_scope&error_description=scope+must+contain+openid\
         &state=a+b%26c&iss=https%3A%2F%2Fbridge.example"
    );
}

#[test]
fn an_address_with_a_query_keeps_it_and_a_state_that_comes_twice_is_not_repeated() {
    let place = find("client_id=rota&redirect_uri=https://rota.example/%3Fa%3Db&state=1&state=2").unwrap();
    assert_eq!(
        place.with_code("c0de", "i"),
        "https://rota.example/?a=b&code=c0de&iss=i"
    );
    assert_eq!(format!("{place:?}"), "AnswerPlace(…)");
}
