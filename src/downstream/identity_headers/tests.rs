//! Headers say what the token says, in visible ASCII, and nothing else gets in.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use time::Duration;

use super::*;
use crate::downstream::application::{Application, Simulated};
use crate::downstream::session_token::{Issuing, SessionTokens};
use crate::downstream::signing_keys::SigningKeys;
use crate::downstream::subject::SubjectKey;
use crate::identity::person::{Person, examples};
use crate::platform::clock::{Clock, SettableClock};
use crate::platform::environment::Environment;
use crate::platform::random::{Random, SeededRandom};
use crate::platform::store::MemoryStore;
use crate::session::{Sessions, Terms, settings};

async fn token(person: Person) -> SessionToken {
    let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(examples::AT));
    let random: Arc<dyn Random> = Arc::new(SeededRandom::from_seed(1));
    let store = Arc::new(MemoryStore::new(10, Arc::clone(&clock)));
    let sessions = Sessions::new(store, Arc::clone(&clock), Arc::clone(&random));
    let terms = Terms {
        limits: settings::Settings::default(),
        environment: Environment::Test,
    };
    let (_, session) = sessions.begin(person, terms, None).await.unwrap();
    let lifetime = Duration::minutes(5);
    let issuing = Issuing {
        issuer: "https://bridge.example.test".to_owned(),
        lifetime,
    };
    let keys = Arc::new(SigningKeys::in_memory(lifetime, random.as_ref()).unwrap());
    let subject_key = SubjectKey::draw(random.as_ref()).unwrap();
    let tokens = SessionTokens::new(issuing, keys, subject_key, clock, random);
    tokens
        .mint(&session, &Application::of_audience("rota", Simulated::Refuse))
        .unwrap()
}

fn value<'a>(headers: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|(known, _)| *known == name);
    header.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn the_headers_say_what_the_token_says() {
    let token = token(examples::entra()).await;
    let headers = identity_headers(&token);
    assert_eq!(value(&headers, SUBJECT), Some(token.claims.sub.as_str()));
    assert_eq!(value(&headers, EMAIL), Some("ada.okafor@nhs.example"));
    assert_eq!(value(&headers, NAME), Some("OKAFOR, Ada (EXAMPLE TRUST)"));
    assert_eq!(value(&headers, DOOR), Some("nhsmail"));
    assert_eq!(value(&headers, ORG), Some("RR8"));
    assert_eq!((value(&headers, AAL), value(&headers, ROLE)), (None, None));
    let bearer = format!("Bearer {}", token.compact);
    assert_eq!(value(&headers, AUTHORIZATION), Some(bearer.as_str()));
}

#[tokio::test]
async fn ap_12_a_care_identity_sends_its_level_and_its_selected_role() {
    let headers = identity_headers(&token(examples::cis2()).await);
    assert_eq!(value(&headers, DOOR), Some("cis2"));
    assert_eq!(
        (value(&headers, AAL), value(&headers, ROLE)),
        (Some("3"), Some("R8001"))
    );
    assert_eq!(value(&headers, ORG), Some("A9A5A"));
    for (name, _) in headers {
        assert!(TO_STRIP.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_not_sent() {
    let headers = identity_headers(&token(examples::no_email()).await);
    assert_eq!(value(&headers, EMAIL), None);
}

#[tokio::test]
async fn a_value_is_visible_ascii_and_decodes_to_what_was_said() {
    for name in [
        "Zoe\u{308} 李",
        "100% \"quoted\"",
        "a%41b",
        "\u{202e}drawkcab",
        "\u{2028}x",
    ] {
        let headers = identity_headers(&token(examples::called(name)).await);
        let sent = value(&headers, NAME).unwrap();
        assert!(sent.bytes().all(|b| (0x20..0x7f).contains(&b)), "{sent}");
        assert_eq!(percent_decode_str(sent).decode_utf8().unwrap(), name);
    }
}

#[tokio::test]
async fn a_value_with_control_characters_is_not_sent() {
    for name in [
        "Ada\r\nX-Auth-Role: admin",
        "Ada\nOkafor",
        "A\u{0}",
        "A\u{7f}",
        "A\u{85}B",
        "\tAda",
    ] {
        let headers = identity_headers(&token(examples::called(name)).await);
        assert_eq!(value(&headers, NAME), None, "{name:?}");
        assert!(value(&headers, SUBJECT).is_some());
    }
}

#[tokio::test]
async fn ap_12_whatever_we_send_is_stripped_when_it_comes_in() {
    for (name, _) in identity_headers(&token(examples::entra()).await) {
        assert!(TO_STRIP.contains(&name), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_sent_so_that_it_comes_back_or_is_not_sent(text in "\\PC*|(?s:.{0,20})") {
        match header_value(&text) {
            Some(sent) => {
                proptest::prop_assert!(sent.bytes().all(|b| (0x20..0x7f).contains(&b)));
                let back = percent_decode_str(&sent).decode_utf8().unwrap();
                proptest::prop_assert_eq!(back, text.as_str());
            }
            None => proptest::prop_assert!(text.chars().any(char::is_control)),
        }
    }
}
