//! Whole sign-ins: by the pages, by a script, from the session that is there already.

use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cis2::{FAKE_KID_MARK, NextAnswer};
use nhsmail_bridge::protocol::jose::compact::Compact;
use nhsmail_bridge::protocol::jose::key_set::KeySet;
use nhsmail_bridge::protocol::jose::public_key::VerificationKey;
use time::Duration;

use super::{CALLBACK, CLIENT, Party, body, claims, half_hash};

#[tokio::test]
async fn discovery_is_in_the_shape_of_forgerock_and_every_endpoint_is_there() {
    let party = Party::start().await;
    let document = body(&party.get(&party.fake.discovery_url()).await);
    let issuer = party.fake.issuer();
    assert!(issuer.ends_with("/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare"));
    assert_eq!(document["issuer"], issuer);
    for (name, path) in [
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/access_token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/connect/jwk_uri"),
        ("end_session_endpoint", "/connect/endSession"),
    ] {
        assert_eq!(document[name], format!("{issuer}{path}"), "{name}");
    }
    let keys = body(&party.get(document["jwks_uri"].as_str().expect("a text")).await);
    let kid = keys["keys"][0]["kid"].as_str().expect("a kid");
    assert!(
        kid.starts_with(FAKE_KID_MARK) && kid.contains('+') && kid.ends_with('='),
        "{kid}"
    );
}

#[tokio::test]
async fn a_person_signs_in_by_the_pages_and_a_relying_party_gets_every_claim() {
    let party = Party::start().await;
    let back = by_the_pages(&party).await;
    let found = |name: &str| {
        back.query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(found("state").as_deref(), Some("state-1"));
    assert_eq!(found("iss"), Some(party.fake.issuer()));
    let code = found("code").expect("a code");
    let tokens = party.tokens(&code).await;
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&"Bearer".into(), &3599.into())
    );
    let id = claims(&tokens);
    let access = tokens["access_token"].as_str().expect("an access token");
    for (name, value) in [
        ("iss", party.fake.issuer()),
        ("aud", CLIENT.to_owned()),
        ("azp", CLIENT.to_owned()),
        ("sub", "555200000102".to_owned()),
        ("nonce", "nonce-1".to_owned()),
        ("acr", "AAL2_OR_AAL3_ANY".to_owned()),
        ("authentication_assurance_level", "2".to_owned()),
        ("id_assurance_level", "3".to_owned()),
        ("selected_roleid", "555200000222".to_owned()),
        ("realm", "/NHSIdentity/Healthcare".to_owned()),
        ("tokenName", "id_token".to_owned()),
        ("tokenType", "JWTToken".to_owned()),
        ("at_hash", half_hash(access)),
        ("c_hash", half_hash(&code)),
        ("s_hash", half_hash("state-1")),
    ] {
        assert_eq!(id[name], value, "{name}");
    }
    assert_eq!(id["amr"], serde_json::json!(["TOTP"]));
    assert!(id.contains_key("sid") && id.contains_key("auditTrackingId"));
    assert!(id.contains_key("org.forgerock.openidconnect.ops"));
    is_signed(&party, &tokens);
    let info = body(&party.user_info(&tokens).await);
    assert_eq!(info["sub"], "555200000102");
    assert_eq!(info["nhsid_nrbac_roles"].as_array().map(Vec::len), Some(3));
    assert_eq!(info["nhsid_user_orgs"][1]["org_code"], "X26");
    assert_eq!(info["selected_roleid"], "555200000222");
}

fn is_signed(party: &Party, tokens: &serde_json::Value) {
    let token = Compact::read(tokens["id_token"].as_str().expect("a token")).expect("a token");
    let keys = KeySet::read(party.fake.key_set().to_string().as_bytes()).expect("keys");
    let algorithm = token.algorithm().expect("an algorithm");
    let key = keys.find(token.kid(), algorithm).expect("the key");
    assert!(token.is_signed_by(VerificationKey::Public(key), algorithm));
}

#[tokio::test]
async fn without_prompt_a_second_sign_in_is_silent_and_its_auth_time_is_old() {
    let party = Party::start().await;
    let mut browser = Browser::new().expect("a browser");
    party.fake.script(NextAnswer::about("amara-example"));
    let first = party.answer_in(&mut browser, &party.request(&[])).await;
    let first = claims(&party.tokens(first["code"].as_str().expect("a code")).await);
    party.clock.advance(Duration::minutes(10));
    let again = party
        .answer_in(&mut browser, &party.request(&[("prompt", "")]))
        .await;
    let again = claims(&party.tokens(again["code"].as_str().expect("a code")).await);
    assert_eq!(
        (&again["sid"], &again["auth_time"]),
        (&first["sid"], &first["auth_time"])
    );
    let silent = party
        .answer_in(&mut browser, &party.request(&[("prompt", "none")]))
        .await;
    assert!(silent.contains_key("code"));
    for changes in [
        [("prompt", "login"), ("max_age", "")],
        [("prompt", ""), ("max_age", "300")],
    ] {
        let page = browser.open(&party.request(&changes)).await.expect("a page");
        assert!(
            page.reply.text().contains("Select your login method"),
            "{changes:?}"
        );
    }
    let asked = [("prompt", "none"), ("max_age", "300")];
    let refused = party.answer_in(&mut browser, &party.request(&asked)).await;
    assert_eq!(
        (&refused["error"], &refused["state"]),
        (&"login_required".into(), &"state-1".into())
    );
}

/// Priya, by the pages, to where she comes back.
async fn by_the_pages(party: &Party) -> url::Url {
    let mut browser = Browser::new().expect("a browser");
    let page = browser.open(&party.request(&[])).await.expect("a page");
    assert!(page.reply.text().contains("<strong>FAKE</strong>"));
    assert!(page.reply.text().contains("Select your login method"));
    let form = page.form_with("ticket").expect("the form");
    let ticket = form
        .fields
        .iter()
        .find(|(name, _)| name == "ticket")
        .expect("a ticket")
        .clone();
    let chosen = vec![ticket, ("method".to_owned(), "authenticator-app".to_owned())];
    let page = browser.submit(&page, &form, chosen).await.expect("a page");
    assert_eq!(page.heading(), "Who logs in?", "{}", page.words());
    let page = browser.press(&page, "priya-tester").await.expect("a page");
    assert_eq!(page.heading(), "Select your role", "{}", page.words());
    let form = page.form_with("ticket").expect("the form");
    let mut fields = form.fields.clone();
    fields.push(("role".to_owned(), "555200000222".to_owned()));
    let page = browser
        .submit_once(&page, &form, fields)
        .await
        .expect("an answer");
    let back = page.redirect().expect("a redirect");
    assert!(back.as_str().starts_with(CALLBACK));
    back
}
