//! NHSmail over OpenID Connect: the same people as the SAML fake's, with the same object ids in the same tenant.

use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cast::{CAST, TENANT, member};
use nhsmail_bridge::fakes::cis2::{
    Authentication, Client, ClientSecret, FakeCis2, Mischief, NextAnswer, Settings, Shape,
};
use nhsmail_bridge::platform::clock::SettableClock;
use nhsmail_bridge::platform::outbound::{Outbound, Reply, Send};
use serde_json::{Map, Value, json};
use url::Url;

use super::{CALLBACK, body, claims, settings};
use crate::support::START;

const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
const SECRET: &str = "50a6122b-6907-4a13-948e-f31d4c4714d5";

async fn start(shape: Shape) -> FakeCis2 {
    let secret = Authentication::ClientSecretPost(ClientSecret::new(SECRET));
    let settings = Settings {
        shape,
        clients: vec![Client::new(CLIENT, CALLBACK, secret)],
        ..settings(&SettableClock::at(START))
    };
    FakeCis2::start(settings).await.expect("the fake starts")
}

async fn document(fake: &FakeCis2) -> Value {
    let outbound = Outbound::new().expect("a client");
    let reply = outbound.ask(&fake.discovery_url(), Send::Get, &[]).await;
    body(&reply.expect("an answer"))
}

fn request(document: &Value) -> String {
    let fields = [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("nonce", "1686150339308"),
    ];
    let endpoint = document["authorization_endpoint"].as_str().expect("a text");
    Url::parse_with_params(endpoint, fields)
        .expect("an address")
        .into()
}

async fn tokens(document: &Value, code: &str) -> Reply {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let endpoint = document["token_endpoint"].as_str().expect("a text");
    let outbound = Outbound::new().expect("a client");
    let asked = outbound.ask(endpoint, Send::Form(&fields), &[]).await;
    asked.expect("an answer")
}

async fn id_token(fake: &FakeCis2, next: NextAnswer) -> Map<String, Value> {
    fake.script(next);
    let document = document(fake).await;
    let mut browser = Browser::new().expect("a browser");
    let page = browser.open_once(&request(&document)).await.expect("an answer");
    let back = page.redirect().unwrap_or_else(|| panic!("{}", page.words()));
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned();
    claims(&body(&tokens(&document, &code).await))
}

#[tokio::test]
async fn entra_states_the_object_id_and_the_tenant_that_the_saml_fake_states() {
    let fake = start(Shape::Entra).await;
    let base = format!("http://{}", fake.address());
    assert_eq!(fake.issuer(), format!("{base}/{TENANT}/v2.0"));
    let document = document(&fake).await;
    assert_eq!(
        document["token_endpoint"],
        format!("{base}/{TENANT}/oauth2/v2.0/token")
    );
    for person in CAST {
        let id = id_token(&fake, NextAnswer::about(person.key)).await;
        assert_eq!(
            (&id["oid"], &id["tid"]),
            (&json!(person.object_id), &json!(TENANT))
        );
        assert_eq!(
            (&id["upn"], &id["preferred_username"]),
            (&json!(person.upn), &json!(person.upn))
        );
        assert_eq!(id.get("email").and_then(Value::as_str), person.email);
        assert_eq!(id.get("ODS").and_then(Value::as_str), person.ods);
        assert_eq!(id["amr"] == json!(["pwd", "mfa"]), person.mfa);
        assert_ne!(id["sub"], id["oid"], "sub is another for every client");
        for claim in [
            "id_assurance_level",
            "authentication_assurance_level",
            "selected_roleid",
        ] {
            assert!(!id.contains_key(claim), "a mailbox proves no identity");
        }
    }
}

#[tokio::test]
async fn entra_can_name_another_tenant_or_nobody() {
    let fake = start(Shape::Entra).await;
    let bent = |mischief| NextAnswer {
        mischief,
        ..NextAnswer::about("amara-example")
    };
    assert_ne!(id_token(&fake, bent(Mischief::WrongTenant)).await["tid"], TENANT);
    assert!(
        !id_token(&fake, bent(Mischief::NoObjectId))
            .await
            .contains_key("oid")
    );
    assert_eq!(id_token(&fake, bent(Mischief::Honest)).await["tid"], TENANT);
}

#[tokio::test]
async fn adfs_states_the_principal_name_and_a_page_asks_who() {
    let fake = start(Shape::Adfs).await;
    assert_eq!(fake.issuer(), format!("http://{}/adfs", fake.address()));
    let document = document(&fake).await;
    let endpoint = document["authorization_endpoint"].as_str().expect("a text");
    assert!(endpoint.ends_with("/adfs/oauth2/authorize/"), "{endpoint}");
    let mut browser = Browser::new().expect("a browser");
    let page = browser.open(&request(&document)).await.expect("a page");
    assert_eq!(page.heading(), "Who logs in?");
    let form = page.form_with("ticket").expect("the form");
    let fields = form
        .fields
        .clone()
        .into_iter()
        .chain([("person".to_owned(), "pat-password".to_owned())]);
    let page = browser
        .submit_once(&page, &form, fields.collect())
        .await
        .expect("an answer");
    let back = page.redirect().expect("a redirect");
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned();
    let id = claims(&body(&tokens(&document, &code).await));
    let pat = member("pat-password").expect("a member");
    assert_eq!(
        (&id["upn"], &id["unique_name"]),
        (&json!(pat.upn), &json!(pat.upn))
    );
    assert!(!id["amr"].to_string().contains("multipleauthn") && !id.contains_key("oid"));
    let id = id_token(&fake, NextAnswer::about("amara-example")).await;
    assert!(id["amr"].to_string().contains("multipleauthn"));
}
