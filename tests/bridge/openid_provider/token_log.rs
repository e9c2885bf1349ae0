//! What is logged when tokens are given and refused: the reason, once, with the reference that the application was told.

use super::scene::{ROTA, ROTA_SECRET, VERIFIER, asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, basic, claims, code, signed_in};
use crate::support::Page;
use crate::support::log::{Log, logged};

/// The one line about a refusal.
fn line_about(log: &Log, page: &Page) -> String {
    let said = page.json()["error_description"].to_string();
    let reference = said.rsplit("reference ").next().and_then(|rest| rest.get(..9));
    let lines = log.lines_with(reference.expect("a reference"));
    assert_eq!(lines.len(), 1, "{said}: {lines:?}");
    lines.concat()
}

#[test]
fn a_refusal_is_logged_once_with_its_reason_and_nothing_that_opens_a_door_is() {
    logged(async |log| {
        let bridge = bridge_with_rota(|_rota| {}).await;
        let mut visitor = signed_in(&bridge).await;
        let asked = asked(&bridge).with("scope", "openid profile offline_access");
        let code = code(&mut visitor, &asked).await;
        let mut rota = Client::rota(&bridge);
        let first = Tokens::of(&rota.redeem(&bridge, &code).await);
        let second = Tokens::of(&rota.refresh(first.refresh()).await);
        rota.introspect(second.access()).await;
        rota.userinfo(second.access()).await;

        let old = rota.refresh(first.refresh()).await;
        let line = line_about(&log, &old);
        assert!(line.contains("SECURITY") && line.contains(ROTA), "{line}");
        let spent = rota.redeem(&bridge, &code).await;
        assert!(line_about(&log, &spent).contains(ROTA));
        let guess = "a guess that nobody may read in a log";
        let mut stranger = Client::anybody(&bridge).with_header("authorization", &basic(ROTA, guess));
        let refused = stranger.refresh("x").await;
        assert!(line_about(&log, &refused).contains("the secret is wrong"));
        rota.userinfo(first.access()).await;

        let mut unspoken = vec![code.as_str(), guess, ROTA_SECRET, VERIFIER, "Amara"];
        for tokens in [&first, &second] {
            unspoken.extend([tokens.access(), tokens.id(), tokens.refresh()]);
        }
        let subject = claims(first.id())["sub"].as_str().unwrap_or_default().to_owned();
        unspoken.push(&subject);
        for words in unspoken {
            assert!(!words.is_empty() && log.lines_with(words).is_empty(), "{words}");
        }
    });
}
