//! An application with openid-client and somebody with a browser, step by step.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::downstream::application::TokenAlgorithm;
use nhsmail_bridge::downstream::application::settings::Settings;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use serde_json::{Value, json};

use super::openid_client::OpenIdClient;
use super::scene::{BackChannel, CLIENT, SECRET, bridge_with, log_in, register};
use crate::support::{TestBridge, Visitor};

/// How the authorization request gets to the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    InTheAddress,
    /// RFC 9126.
    Pushed,
}

/// An application, the bridge, and somebody with a browser.
pub(super) struct Story {
    pub(super) bridge: TestBridge,
    client: Option<OpenIdClient>,
    pub(super) visitor: Visitor,
    callback: String,
    signed_out: String,
    back_channel: BackChannel,
}

impl Story {
    /// With `settings` registered, and the same told to the application.
    pub(super) async fn of(mut settings: Settings, proof: Value) -> Self {
        let back_channel = BackChannel::listen().await;
        let algorithm = settings.signing_algorithm;
        settings.backchannel_logout_uri = Some(back_channel.address.clone());
        let bridge = bridge_with(|config| {
            let site = config.web.return_to.first().expect("an application").clone();
            settings.redirect_uris = vec![site.at("/callback")];
            settings.post_logout_redirect_uris = vec![site.at("/goodbye")];
            register(config, settings);
        })
        .await;
        let mut story = Self {
            client: Some(OpenIdClient::start()),
            visitor: bridge.visitor(),
            callback: bridge.application_url("/callback").into(),
            signed_out: bridge.application_url("/goodbye").into(),
            bridge,
            back_channel,
        };
        let algorithm = match algorithm {
            TokenAlgorithm::Es256 => "ES256",
            TokenAlgorithm::Rs256 => "RS256",
        };
        let client = json!({ "client_id": CLIENT, "id_token_signed_response_alg": algorithm });
        let issuer = story.bridge.origin().as_str().to_owned();
        let wanted = json!({ "issuer": issuer, "client": client, "proof": proof });
        let metadata = story.does("discover", wanted).await;
        assert_eq!(metadata["issuer"], json!(issuer), "{metadata}");
        story
    }

    pub(super) async fn does(&mut self, what: &str, wanted: Value) -> Value {
        let client = self.client.take().expect("it runs");
        let (client, said) = client.does(what, wanted).await;
        self.client = Some(client);
        said
    }

    /// Sends the browser to log in; gives the tokens and what the ID token says.
    pub(super) async fn logs_in(&mut self, request: Request, more: Value) -> Value {
        let mut parameters = json!({
            "redirect_uri": self.callback,
            "scope": "openid profile email nhs.organisation nhs.assurance offline_access",
        });
        let more = more.as_object().expect("an object").clone();
        parameters.as_object_mut().expect("an object").extend(more);
        let pushed = request == Request::Pushed;
        let begun = self
            .does("begin", json!({ "parameters": parameters, "pushed": pushed }))
            .await;
        let address = begun["address"]
            .as_str()
            .unwrap_or_else(|| unreachable!("{begun}"));
        assert_eq!(address.contains("request_uri="), pushed, "{address}");
        let back = log_in(&mut self.visitor, address).await;
        assert!(
            back.url.as_str().starts_with(&self.callback),
            "{}: {}",
            back.url,
            back.body
        );
        self.does("finish", json!({ "address": back.url.as_str() })).await
    }

    /// What the tokens of a login say, and what they open.
    pub(super) async fn is_told(&mut self, tokens: &Value) {
        let claims = &tokens["claims"];
        assert_eq!(claims["aud"], CLIENT, "{tokens}");
        assert_eq!(claims["door"], "nhsmail");
        let asked = json!({ "access_token": tokens["access_token"], "sub": claims["sub"] });
        let person = self.does("userinfo", asked).await;
        assert_eq!(person["name"], "Amara Example", "{person}");
        assert_eq!(person["sub"], claims["sub"]);
        let asked = json!({ "token": tokens["access_token"], "audience": CLIENT });
        let believed = self.does("access_token", asked).await;
        assert_eq!(believed["client_id"], CLIENT, "{believed}");
    }

    /// The next tokens are of the same person and session.
    pub(super) async fn refreshes(&mut self, tokens: &Value) {
        let asked = json!({ "refresh_token": tokens["refresh_token"] });
        let fresh = self.does("refresh", asked).await;
        assert!(fresh["refresh_token"].is_string(), "{fresh}");
        assert_ne!(fresh["refresh_token"], tokens["refresh_token"]);
        assert_eq!(fresh["claims"]["sub"], tokens["claims"]["sub"]);
        assert_eq!(fresh["claims"]["sid"], tokens["claims"]["sid"]);
    }

    /// The application sends the browser to log out.
    pub(super) async fn logs_out(&mut self, tokens: &Value) {
        let parameters = json!({
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": self.signed_out,
            "state": "s-1",
        });
        let asked = self.does("leave", json!({ "parameters": parameters })).await;
        let address = asked["address"].as_str().expect("an address").to_owned();
        let page = self.visitor.open(&address).await;
        let back = format!("{}?state=s-1", self.signed_out);
        assert_eq!(page.url.as_str(), back, "{}", page.body);
        assert!(!self.visitor.is_signed_in().await);
    }

    /// The application hears behind the browser's back that the session of `tokens` is over.
    pub(super) async fn hears_of_the_end(&mut self, tokens: &Value) {
        let token = self.back_channel.logout_token().await;
        let asked = json!({ "token": token, "client_id": CLIENT });
        let said = self.does("logout_token", asked).await;
        assert_eq!(said["sid"], tokens["claims"]["sid"], "{said}");
        assert_eq!(said["sub"], tokens["claims"]["sub"], "{said}");
        assert_eq!(said["header"]["typ"], "logout+jwt");
    }
}

pub(super) fn secret(method: &str) -> Value {
    json!({ "method": method, "secret": SECRET })
}

/// A key of the application's own, private and public.
pub(super) fn key() -> (Value, Vec<u8>) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    let pair = EcKey::generate(&group).expect("a key");
    let mut context = BigNumContext::new().expect("memory");
    let mut x = BigNum::new().expect("memory");
    let mut y = BigNum::new().expect("memory");
    let point = pair.public_key();
    point
        .affine_coordinates(&group, &mut x, &mut y, &mut context)
        .expect("a point");
    let text = |number: &BigNumRef| URL_SAFE_NO_PAD.encode(number.to_vec_padded(32).expect("32 octets"));
    let public = json!({ "kty": "EC", "crv": "P-256", "x": text(&x), "y": text(&y), "kid": "of-rota", "alg": "ES256" });
    let mut private = public.clone();
    private["d"] = json!(text(pair.private_key()));
    let set = json!({ "keys": [public] }).to_string();
    (private, set.into_bytes())
}
