//! What a logout token says.

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};
use time::Duration;

use super::*;
use crate::downstream::application::{SubjectKind, TokenAlgorithm};
use crate::protocol::jose::verify::{Expected, TokenRefusal, verify};

fn judged(token: &str, tokens: &LogoutTokens, at: Duration) -> Result<Value, TokenRefusal> {
    let now = examples::AT + at;
    let keys: JwkSet = serde_json::from_value(tokens.keys.jwks(now)).unwrap();
    let expected = Expected {
        typ: "logout+jwt",
        algorithms: &[Algorithm::ES256, Algorithm::RS256],
        issuer: ISSUER,
        audience: "rota",
        skew: Duration::ZERO,
    };
    verify(token, &keys, &expected, now)
}

#[test]
fn ap_09_a_logout_token_says_what_the_specification_asks_and_is_good_for_two_minutes() {
    let clock = SettableClock::at(examples::AT);
    let tokens = tokens(&clock);
    let (rota, session) = (application("rota", None), session(&["rota"]));
    let subject = tokens.subject(&session, &rota).unwrap();
    let token = tokens.write(&rota, &subject).unwrap();
    let claims = judged(&token, &tokens, Duration::ZERO).unwrap();
    let known_as = tokens.subject_key.opaque(session.person().account()).unwrap();
    assert_eq!(claims["sub"], known_as);
    assert_eq!(claims["sid"], session.sid().as_str());
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!((iat, exp), (examples::AT.unix_timestamp(), iat + 120));
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_eq!(claims["events"], event);
    assert!(claims.get("nonce").is_none(), "it is no ID token");

    let late = judged(&token, &tokens, Duration::seconds(121));
    assert_eq!(late, Err(TokenRefusal::Expired));
}

#[test]
fn ap_09_no_two_logout_tokens_have_one_name_and_none_is_printed() {
    let clock = SettableClock::at(examples::AT);
    let tokens = tokens(&clock);
    let (rota, session) = (application("rota", None), session(&["rota"]));
    let subject = tokens.subject(&session, &rota).unwrap();
    let names = [(), ()].map(|()| {
        let token = tokens.write(&rota, &subject).unwrap();
        judged(&token, &tokens, Duration::ZERO).unwrap()["jti"].clone()
    });
    assert_ne!(names[0], names[1]);
    assert_eq!(format!("{subject:?}"), "Subject(…)");
}

#[test]
fn ap_09_an_application_reads_the_names_and_the_algorithm_that_it_knows() {
    let clock = SettableClock::at(examples::AT);
    let tokens = tokens(&clock);
    tokens
        .keys
        .prepare(TokenAlgorithm::Rs256, tokens.random.as_ref())
        .unwrap();
    let session = session(&["rota"]);
    let rota = Application {
        subject: SubjectKind::Pairwise {
            sector: "rota.example.test".to_owned(),
        },
        algorithm: TokenAlgorithm::Rs256,
        ..application("rota", None)
    };
    let subject = tokens.subject(&session, &rota).unwrap();
    let token = tokens.write(&rota, &subject).unwrap();
    let claims = judged(&token, &tokens, Duration::ZERO).unwrap();
    let account = session.person().account();
    assert_eq!(
        claims["sub"],
        tokens.subject_key.name(account, &rota.subject).unwrap()
    );
    let sid = claims["sid"].as_str().unwrap();
    let leads_to = tokens.subject_key.session_named(sid, &rota.subject);
    assert_eq!(leads_to.as_ref(), Some(session.sid()));
    assert_ne!(sid, session.sid().as_str());
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.alg, Algorithm::RS256);
}
