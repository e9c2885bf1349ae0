//! Tokens that are bound to a key of the application.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::downstream::application::DpopUse;
use nhsmail_bridge::downstream::application::settings::AuthenticationMethod;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::es256::Es256Key;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::json;
use time::Duration;

use super::scene::{ROTA, asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, claims, code, error, signed_in};
use crate::support::{Page, TestBridge, Visitor};

/// A key of an application, and what it has shown with it.
struct Key {
    signer: Signer,
    shown: u32,
}

impl Key {
    fn new() -> Self {
        let key = Es256Key::draw(&SystemRandom).expect("a key");
        let pem = key.to_pem().expect("a key");
        let signer = Signer::from_pem(pem.expose(), Algorithm::ES256, None);
        Self {
            signer: signer.expect("a key"),
            shown: 0,
        }
    }

    fn thumbprint(&self) -> &str {
        self.signer.kid().expect("a name")
    }

    /// A proof for a request at `path`, by the clock of the bridge and that many seconds off.
    fn proof(&mut self, bridge: &TestBridge, request: (&str, &str), more: &serde_json::Value) -> String {
        use nhsmail_bridge::platform::clock::Clock as _;
        self.shown += 1;
        let (method, path) = request;
        let mut claims = json!({
            "jti": format!("{} {}", self.thumbprint(), self.shown),
            "htm": method,
            "htu": bridge.url(path).as_str(),
            "iat": bridge.clock.now().unix_timestamp(),
        });
        let more = more.as_object().cloned().unwrap_or_default();
        claims.as_object_mut().expect("an object").extend(more);
        let jwk = self.signer.public_jwk().expect("a key");
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk });
        let payload = serde_json::to_vec(&claims).expect("JSON");
        let signed = self
            .signer
            .sign_with_header(header.as_object().expect("an object"), &payload);
        signed.expect("a proof")
    }

    fn for_token(&mut self, bridge: &TestBridge) -> String {
        self.proof(bridge, ("POST", "/oauth2/token"), &json!({}))
    }
}

async fn bridge_with_public_rota(dpop: DpopUse) -> TestBridge {
    bridge_with_rota(|rota| {
        rota.client_authentication = Some(AuthenticationMethod::None);
        rota.client_secret = None;
        rota.dpop = dpop;
    })
    .await
}

fn rota(bridge: &TestBridge, proof: &str) -> Client {
    Client::public(bridge, ROTA).with_header("dpop", proof)
}

async fn bound_tokens(bridge: &TestBridge, key: &mut Key) -> Tokens {
    let mut visitor = signed_in(bridge).await;
    let asked = asked(bridge).with("scope", "openid offline_access");
    let code = code(&mut visitor, &asked).await;
    Tokens::of(&rota(bridge, &key.for_token(bridge)).redeem(bridge, &code).await)
}

async fn userinfo(bridge: &TestBridge, scheme: &str, token: &str, proof: Option<&str>) -> Page {
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    bridge
        .visitor()
        .ask(Method::GET, "/oauth2/userinfo", &headers)
        .await
}

#[tokio::test]
async fn ap_07_a_bound_token_is_worth_nothing_without_its_key() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let (mut key, mut other) = (Key::new(), Key::new());
    let tokens = bound_tokens(&bridge, &mut key).await;
    assert_eq!(tokens.0["token_type"], "DPoP");
    assert_eq!(claims(tokens.access())["cnf"]["jkt"], key.thumbprint());
    let ath = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(tokens.access().as_bytes()));
    let with_hash = json!({ "ath": ath });
    let request = ("GET", "/oauth2/userinfo");
    let right = key.proof(&bridge, request, &with_hash);
    assert_eq!(
        userinfo(&bridge, "DPoP", tokens.access(), Some(&right))
            .await
            .status,
        200
    );
    let strangers = other.proof(&bridge, request, &with_hash);
    let hashless = key.proof(&bridge, request, &json!({}));
    let elsewhere = key.proof(&bridge, ("POST", "/oauth2/userinfo"), &with_hash);
    for (scheme, proof) in [
        ("Bearer", None),
        ("DPoP", None),
        ("DPoP", Some(&right)),
        ("DPoP", Some(&strangers)),
        ("DPoP", Some(&hashless)),
        ("DPoP", Some(&elsewhere)),
    ] {
        let page = userinfo(&bridge, scheme, tokens.access(), proof.map(String::as_str)).await;
        assert_eq!(page.status, 401, "{scheme} {}", page.header("www-authenticate"));
        assert!(page.header("www-authenticate").starts_with("DPoP "), "{scheme}");
    }
    let fresh = key.proof(&bridge, request, &with_hash);
    let page = userinfo(&bridge, "Bearer", tokens.access(), Some(&fresh)).await;
    assert_eq!(page.status, 401, "a bound token is brought by its own scheme");
}

#[tokio::test]
async fn ap_07_the_refresh_token_of_a_public_client_is_bound_to_its_key() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let (mut key, mut other) = (Key::new(), Key::new());
    let tokens = bound_tokens(&bridge, &mut key).await;
    let refused = Client::public(&bridge, ROTA).refresh(tokens.refresh()).await;
    assert_eq!(error(&refused), "400 invalid_grant");
    let refused = rota(&bridge, &other.for_token(&bridge))
        .refresh(tokens.refresh())
        .await;
    assert_eq!(error(&refused), "400 invalid_grant");
    let next = Tokens::of(
        &rota(&bridge, &key.for_token(&bridge))
            .refresh(tokens.refresh())
            .await,
    );
    assert_eq!(claims(next.access())["cnf"]["jkt"], key.thumbprint());
}

#[tokio::test]
async fn ap_07_where_a_key_is_required_nothing_is_given_without_one() {
    let bridge = bridge_with_public_rota(DpopUse::Required).await;
    let mut key = Key::new();
    let mut visitor = signed_in(&bridge).await;
    let code = code(&mut visitor, &asked(&bridge)).await;
    let refused = Client::public(&bridge, ROTA).redeem(&bridge, &code).await;
    assert_eq!(error(&refused), "400 invalid_dpop_proof");
    let again = Tokens::of(
        &rota(&bridge, &key.for_token(&bridge))
            .redeem(&bridge, &code)
            .await,
    );
    assert_eq!(again.0["token_type"], "DPoP", "the code was not spent");
}

#[tokio::test]
async fn ap_07_a_proof_is_used_once_and_whose_clock_is_wrong_gets_a_nonce() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let mut key = Key::new();
    let tokens = bound_tokens(&bridge, &mut key).await;
    let proof = key.for_token(&bridge);
    let next = Tokens::of(&rota(&bridge, &proof).refresh(tokens.refresh()).await);
    assert_eq!(
        error(&rota(&bridge, &proof).refresh(next.refresh()).await),
        "400 invalid_dpop_proof"
    );

    let late = key.for_token(&bridge);
    bridge.clock.advance(Duration::minutes(4));
    let page = rota(&bridge, &late).refresh(next.refresh()).await;
    assert_eq!(error(&page), "400 use_dpop_nonce");
    let with_nonce = json!({ "nonce": page.header("dpop-nonce"), "iat": 0 });
    let proof = key.proof(&bridge, ("POST", "/oauth2/token"), &with_nonce);
    assert_eq!(rota(&bridge, &proof).refresh(next.refresh()).await.status, 200);
}

#[tokio::test]
async fn ap_07_a_code_asked_for_with_a_key_is_redeemed_with_that_key_alone() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let (mut key, mut other) = (Key::new(), Key::new());
    let mut visitor = signed_in(&bridge).await;
    let asked = asked(&bridge).with("dpop_jkt", key.thumbprint());
    let stolen = code(&mut visitor, &asked).await;
    let refused = rota(&bridge, &other.for_token(&bridge))
        .redeem(&bridge, &stolen)
        .await;
    assert_eq!(error(&refused), "400 invalid_grant");
    let good = code(&mut visitor, &asked).await;
    assert_eq!(
        rota(&bridge, &key.for_token(&bridge))
            .redeem(&bridge, &good)
            .await
            .status,
        200
    );
}

/// Pushes what the application asks for with a proof, and whatever else it asks.
async fn push(bridge: &TestBridge, proof: Option<&str>, more: &[(&str, &str)]) -> Page {
    let request = asked(bridge).without("client_id");
    let own = request.fields().iter();
    let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
    let mut application = Client::public(bridge, ROTA);
    if let Some(proof) = proof {
        application = application.with_header("dpop", proof);
    }
    application.post("/oauth2/par", &fields).await
}

/// The code for what was pushed.
async fn code_for(bridge: &TestBridge, visitor: &mut Visitor, pushed: &Page) -> String {
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let said = pushed.json();
    let reference = said["request_uri"].as_str().expect("a reference");
    code(visitor, &asked(bridge).with("request_uri", reference)).await
}

#[tokio::test]
async fn ap_07_a_code_for_what_was_pushed_with_a_key_is_redeemed_with_that_key_alone() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let (mut key, mut other) = (Key::new(), Key::new());
    let mut visitor = signed_in(&bridge).await;
    for names_it in [false, true] {
        let thumbprint = key.thumbprint().to_owned();
        let named = [("dpop_jkt", thumbprint.as_str())];
        let more: &[(&str, &str)] = if names_it { &named } else { &[] };
        for is_thief in [true, false] {
            let proof = key.proof(&bridge, ("POST", "/oauth2/par"), &json!({}));
            let pushed = push(&bridge, Some(&proof), more).await;
            let code = code_for(&bridge, &mut visitor, &pushed).await;
            let holder = if is_thief { &mut other } else { &mut key };
            let page = rota(&bridge, &holder.for_token(&bridge))
                .redeem(&bridge, &code)
                .await;
            if is_thief {
                assert_eq!(error(&page), "400 invalid_grant");
            } else {
                assert_eq!(Tokens::of(&page).0["token_type"], "DPoP");
            }
        }
    }
}

#[tokio::test]
async fn ap_07_a_proof_that_is_none_pushes_nothing() {
    let bridge = bridge_with_public_rota(DpopUse::Optional).await;
    let (mut key, other) = (Key::new(), Key::new());
    let here = ("POST", "/oauth2/par");
    let used = key.proof(&bridge, here, &json!({}));
    assert_eq!(push(&bridge, Some(&used), &[]).await.status, 201);
    let elsewhere = key.for_token(&bridge);
    for proof in ["no proof", &used, &elsewhere] {
        let refused = push(&bridge, Some(proof), &[]).await;
        assert_eq!(error(&refused), "400 invalid_dpop_proof");
    }
    let proof = key.proof(&bridge, here, &json!({}));
    let refused = push(&bridge, Some(&proof), &[("dpop_jkt", other.thumbprint())]).await;
    assert_eq!(error(&refused), "400 invalid_dpop_proof");
    let late = key.proof(&bridge, here, &json!({}));
    bridge.clock.advance(Duration::minutes(4));
    let refused = push(&bridge, Some(&late), &[]).await;
    assert_eq!(error(&refused), "400 use_dpop_nonce");
    assert!(!refused.header("dpop-nonce").is_empty());
}

#[tokio::test]
async fn ap_07_where_a_key_is_required_a_request_may_be_pushed_before_it_is_shown() {
    let bridge = bridge_with_public_rota(DpopUse::Required).await;
    let mut key = Key::new();
    let mut visitor = signed_in(&bridge).await;
    let pushed = push(&bridge, None, &[]).await;
    let code = code_for(&bridge, &mut visitor, &pushed).await;
    let page = rota(&bridge, &key.for_token(&bridge))
        .redeem(&bridge, &code)
        .await;
    assert_eq!(Tokens::of(&page).0["token_type"], "DPoP");
}
