//! What an application may show as a hint.

use serde_json::{Value, json};
use time::Duration;

use super::*;
use crate::downstream::application::{SubjectKind, TokenAlgorithm};
use crate::protocol::jose::verify::TokenRefusal;

fn applications() -> Applications {
    let pairwise = Application {
        subject: SubjectKind::Pairwise {
            sector: "ward.example.test".to_owned(),
        },
        ..application("ward", None)
    };
    let by_default = Application::of_audience("bridge", Simulated::Accept);
    Applications::new([application("rota", None), pairwise], by_default)
}

/// An ID token about `session` for rota, changed like this.
fn id_token(tokens: &LogoutTokens, session: &Session, typ: &str, change: impl FnOnce(&mut Value)) -> String {
    let now = tokens.clock.now().unix_timestamp();
    let mut claims = json!({
        "iss": ISSUER, "aud": "rota", "sub": "x", "sid": session.sid(), "iat": now, "exp": now + 300,
    });
    change(&mut claims);
    tokens.keys.sign(TokenAlgorithm::Es256, typ, &claims).unwrap()
}

#[test]
fn oi_15_a_hint_is_an_id_token_of_ours_and_leads_to_its_session_even_when_it_has_expired() {
    let clock = SettableClock::at(examples::AT);
    let (tokens, session) = (tokens(&clock), session(&["rota"]));
    let hint = id_token(&tokens, &session, "JWT", |_| {});
    clock.advance(Duration::hours(11));
    let judged = tokens.hint(&hint, &applications()).unwrap();
    assert_eq!(judged.application.client_id, "rota");
    assert_eq!(judged.sid.as_ref(), Some(session.sid()));

    let kind = SubjectKind::Pairwise {
        sector: "ward.example.test".to_owned(),
    };
    let name = tokens.subject_key.session_name(session.sid(), &kind).unwrap();
    let pairwise = id_token(&tokens, &session, "JWT", |claims| {
        claims["aud"] = json!(["ward"]);
        claims["sid"] = json!(name);
    });
    let judged = tokens.hint(&pairwise, &applications()).unwrap();
    assert_eq!(judged.sid.as_ref(), Some(session.sid()));
}

#[test]
fn oi_15_a_hint_signed_by_the_key_before_is_believed_while_that_is_published() {
    let clock = SettableClock::at(examples::AT);
    let (tokens, session) = (tokens(&clock), session(&["rota"]));
    let hint = id_token(&tokens, &session, "JWT", |_| {});
    tokens.keys.rotate(clock.now(), tokens.random.as_ref()).unwrap();
    assert!(tokens.hint(&hint, &applications()).is_ok());
}

#[test]
fn oi_15_whatever_is_no_id_token_of_ours_for_somebody_registered_is_no_hint() {
    let clock = SettableClock::at(examples::AT);
    let (ours, session) = (tokens(&clock), session(&["rota"]));
    let not_ours = |cause| Some(NotAHint::NotOurs(cause));
    let refusal = |hint: &str| ours.hint(hint, &applications()).err();
    let good = |change: fn(&mut Value)| id_token(&ours, &session, "JWT", change);
    for (hint, why) in [
        (String::new(), not_ours(TokenRefusal::Malformed)),
        ("a.b.c".to_owned(), not_ours(TokenRefusal::Malformed)),
        (
            id_token(&ours, &session, "at+jwt", |_| {}),
            not_ours(TokenRefusal::WrongType),
        ),
        (
            id_token(&ours, &session, "logout+jwt", |_| {}),
            not_ours(TokenRefusal::WrongType),
        ),
        (
            good(|c| c["aud"] = json!("nobody")),
            Some(NotAHint::UnknownAudience),
        ),
        (
            good(|c| c["aud"] = json!("bridge")),
            Some(NotAHint::UnknownAudience),
        ),
        (
            good(|c| c["aud"] = json!(["rota", "ward"])),
            Some(NotAHint::UnknownAudience),
        ),
        (
            good(|c| c["iss"] = json!("https://other.example.test")),
            not_ours(TokenRefusal::WrongIssuer),
        ),
    ] {
        assert_eq!(refusal(&hint), why, "{hint}");
    }
    let token = good(|_| {});
    let (signed, _) = token.rsplit_once('.').unwrap();
    let unsigned = refusal(&format!("{signed}.AAAA"));
    assert_eq!(unsigned, not_ours(TokenRefusal::WrongSignature));
    clock.advance(Duration::days(500));
    assert!(refusal(&token).is_some(), "nobody keeps an ID token for so long");
}
