//! Assertions are believed rule by rule, and once.

use super::*;
use crate::downstream::client_authentication::assertion::RULES;

#[tokio::test]
async fn o31_an_assertion_is_good_once_at_each_of_our_names() {
    let bench = bench();
    for (number, aud) in [
        json!(ISSUER),
        json!([ISSUER]),
        json!(format!("{ISSUER}/oauth2/token")),
        json!(ENDPOINT),
    ]
    .into_iter()
    .enumerate()
    {
        let mut claims = bench.claims();
        claims.insert("aud".to_owned(), aud);
        claims.insert("jti".to_owned(), number.to_string().into());
        for typ in [None, Some("JWT"), Some("client-authentication+jwt")] {
            claims.insert("jti".to_owned(), format!("{number} {typ:?}").into());
            let token = bench.key.sign(typ, &claims).unwrap();
            assert_eq!(bench.assert(&token).await.as_deref(), Ok("key app"));
            let again = bench.assert(&token).await.unwrap_err();
            assert!(again.contains("client-assertion-id-unused"), "{again}");
        }
    }
}

#[tokio::test]
async fn o31_each_rule_on_an_assertion_refuses() {
    let bench = bench();
    let now = NOW.unix_timestamp();
    let changed = [
        ("client-assertion-issuer", "iss", json!("other")),
        ("client-assertion-audience", "aud", json!("https://other.example")),
        ("client-assertion-audience", "aud", json!(format!("{ISSUER}/"))),
        (
            "client-assertion-audience",
            "aud",
            json!([ISSUER, "https://other.example"]),
        ),
        ("client-assertion-audience", "aud", json!([])),
        ("client-assertion-audience", "aud", Value::Null),
        ("client-assertion-expiry", "exp", json!(now - 60)),
        ("client-assertion-expiry", "exp", Value::Null),
        ("client-assertion-life", "exp", json!(now + 361)),
        ("client-assertion-not-before", "nbf", json!(now + 61)),
        ("client-assertion-not-before", "iat", json!(now + 61)),
        ("client-assertion-not-before", "iat", json!("soon")),
        ("client-assertion-id", "jti", json!("")),
        ("client-assertion-id", "jti", Value::Null),
        ("client-assertion-id", "jti", json!("x".repeat(256))),
    ];
    for (rule, name, value) in changed {
        let mut claims = bench.claims();
        claims.insert(name.to_owned(), value.clone());
        let refused = bench
            .assert(&bench.key.sign(None, &claims).unwrap())
            .await
            .unwrap_err();
        assert!(refused.contains(rule), "{name} {value}: {refused}");
    }
    let typed = bench.key.sign(Some("at+jwt"), &bench.claims()).unwrap();
    assert!(
        bench
            .assert(&typed)
            .await
            .unwrap_err()
            .contains("client-assertion-type")
    );
}

#[tokio::test]
async fn o31_an_assertion_of_another_key_or_algorithm_is_refused() {
    let bench = bench();
    let claims = bench.claims();
    let kid = bench.key.kid().unwrap();
    let stranger = Signer::generate_rsa(Algorithm::RS256, Some(kid)).unwrap();
    let shared = Signer::from_secret(&[7; 32], Algorithm::HS256).unwrap();
    let strong = Signer::from_pem(bench.key.to_pem().unwrap().expose(), Algorithm::RS512, None).unwrap();
    let extended = json!({ "alg": "RS256", "kid": kid, "crit": ["b64"], "b64": true });
    let payload = serde_json::to_vec(&claims).unwrap();
    let extended = bench
        .key
        .sign_with_header(extended.as_object().unwrap(), &payload)
        .unwrap();
    for (rule, token) in [
        (
            "client-assertion-signature",
            stranger.sign(None, &claims).unwrap(),
        ),
        ("client-assertion-algorithm", shared.sign(None, &claims).unwrap()),
        ("client-assertion-algorithm", strong.sign(None, &claims).unwrap()),
        ("client-assertion-no-extension", extended),
    ] {
        let refused = bench.assert(&token).await.unwrap_err();
        assert!(refused.contains(rule), "{refused}");
    }
    let good = bench.key.sign(None, &claims).unwrap();
    assert!(
        bench.assert(&good).await.is_ok(),
        "nothing of all that spent the id"
    );
}

#[tokio::test]
async fn ap_15_an_assertion_that_fails_often_is_held_back_and_a_full_store_is_held_against_nobody() {
    let judge = async |bench: &Bench, token: &str| {
        let brought = Brought {
            client_assertion_type: Some(ASSERTION_TYPE),
            client_assertion: Some(token),
            ..asked()
        };
        bench.clients.authenticate(&bench.applications, &brought).await
    };
    for (room, is_held_back) in [(1000, true), (1, false)] {
        let bench = bench_with_room_for(room);
        let token = bench.key.sign(None, &bench.claims()).unwrap();
        assert!(judge(&bench, &token).await.is_ok(), "once");
        let mut claims = bench.claims();
        claims.insert("jti".to_owned(), "two".into());
        let other = bench.key.sign(None, &claims).unwrap();
        // With room it was used before; without, nobody can know.
        let again = if is_held_back { &token } else { &other };
        for _ in 0..MOST_FAILURES {
            let judged = judge(&bench, again).await;
            assert!(matches!(judged, Err(NotTheClient::Assertion(_))), "{judged:?}");
        }
        let judged = judge(&bench, again).await;
        assert_eq!(
            matches!(judged, Err(NotTheClient::TooMany)),
            is_held_back,
            "{judged:?}"
        );
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_and_says_where_it_stands() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(
            rule.id.starts_with("client-assertion-") && rule.clause.contains("RFC"),
            "{rule:?}"
        );
        assert!(
            RULES.iter().skip(at + 1).all(|other| other.id != rule.id),
            "{rule:?}"
        );
    }
}
