//! A bridge with one door that leads to the provider of others, registered there as one registers anywhere.

use axum::http::Method;
use nhsmail_bridge::config::OidcConnection;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::addresses;
use nhsmail_bridge::upstream::oidc_rp::settings::{
    Algorithm, ClientKey, Essentials, Preset, Settings, UserInfo,
};
use nhsmail_bridge::upstream::verified::Door;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde_json::{Value, json};
use url::Url;

use super::process::Process;
use crate::support::{Page, TestBridge, Visitor};

/// The door that leads to it.
pub(super) const DOOR: &str = "others";
/// A door whose key is under the same name, and is another.
const STRANGER: &str = "stranger";
/// Our name there, which is not of the form that CIS2 gives.
pub(super) const CLIENT: &str = "nhsmail bridge/1";
/// Whom it knows.
const SUBJECT: &str = "555361372213";

/// How our request gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requests {
    /// Behind the browser's back, as the provider then demands (RFC 9126).
    Pushed,
    /// In the address.
    InTheAddress,
}

/// The bridge and the provider.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) bridge: TestBridge,
    process: Process,
    issuer: String,
    requests: Requests,
}

impl Scene {
    /// Everything as it should be.
    pub(super) async fn set(algorithm: Algorithm, requests: Requests) -> Self {
        Self::changed(algorithm, requests, |_client| {}).await
    }

    /// The provider takes for our key that of somebody else, which is under the same name.
    pub(super) async fn of_a_stranger(requests: Requests) -> Self {
        Self::changed(Algorithm::Es256, requests, |client| {
            let ours = client["jwks_uri"].as_str().expect("an address");
            client["jwks_uri"] = json!(ours.replace(DOOR, STRANGER));
        })
        .await
    }

    /// The same with a change to what is registered of us.
    pub(super) async fn changed(
        algorithm: Algorithm,
        requests: Requests,
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let (process, issuer) = Process::start();
        let bridge = TestBridge::by_the_machines_clock(|config| {
            let back = config.public_url.at("/signed-out");
            for door in [DOOR, STRANGER] {
                let connection = connection(&issuer, algorithm, &back);
                config.oidc.insert(door.to_owned(), connection);
            }
        })
        .await;
        let mut scene = Self {
            bridge,
            process,
            issuer,
            requests,
        };
        let mut client = scene.registration(algorithm);
        change(&mut client);
        scene.process.tell(&json!({
            "client": client,
            "person": person(),
            "pushed": scene.requests == Requests::Pushed,
        }));
        scene
    }

    /// The client metadata of RFC 7591 that we would be registered with.
    fn registration(&self, algorithm: Algorithm) -> Value {
        let public = self.bridge.origin();
        json!({
            "client_id": CLIENT,
            "redirect_uris": [addresses::callback_url(public.as_str(), DOOR)],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": algorithm.as_str(),
            "jwks_uri": addresses::jwks_url(public.as_str(), DOOR),
            "id_token_signed_response_alg": "RS256",
            "userinfo_signed_response_alg": "RS256",
            "backchannel_logout_uri": addresses::backchannel_logout_url(public.as_str(), DOOR),
            "backchannel_logout_session_required": true,
            "post_logout_redirect_uris": [public.at("/signed-out")],
        })
    }

    /// Somebody leaves through the door and says there who it is; ends wherever that leads.
    pub(super) async fn sign_in(&self, visitor: &mut Visitor) -> Page {
        let question = visitor.leave(DOOR).await;
        visitor.press(&question, "It is me").await
    }

    /// The same, but for the last step: gives the address that would bring the answer.
    pub(super) async fn answer(&self, visitor: &mut Visitor) -> Url {
        let question = visitor.leave(DOOR).await;
        let form = question.form("It is me");
        let mut page = visitor.submit_without_following(&question, &form).await;
        loop {
            let next = page.url.join(page.header("location")).expect("an address");
            if next.as_str().starts_with(self.bridge.origin().as_str()) {
                return next;
            }
            page = visitor.ask(Method::GET, next.as_str(), &[]).await;
        }
    }

    /// An address of the provider.
    pub(super) fn there(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// What the provider says it saw: its events in order, each with its reason if it refused something.
    pub(super) async fn seen(&self) -> Vec<String> {
        let seen = self.bridge.visitor().open(&self.there("/seen")).await;
        serde_json::from_str(&seen.body).expect("a list of texts")
    }
}

fn connection(issuer: &str, algorithm: Algorithm, back: &str) -> OidcConnection {
    let essentials = Essentials {
        label: "Care Identity".to_owned(),
        door: Door::Cis2,
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_keys: vec![ClientKey {
            key: Source::held(key(algorithm).private_key_to_pem_pkcs8().expect("PEM")),
            algorithm,
            kid: Some("a/name+of=ours".to_owned()),
        }],
    };
    let mut settings = Settings::new(Preset::None, essentials);
    settings.userinfo = UserInfo::Signed;
    settings.sign_out_upstream = true;
    settings.post_logout_redirect_uri = Some(back.to_owned());
    OidcConnection::new(settings)
}

fn key(algorithm: Algorithm) -> PKey<Private> {
    if algorithm.is_rsa() {
        return PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    }
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
}

/// What it says of her: the claims of CIS2, one role.
fn person() -> Value {
    json!({
        "sub": SUBJECT,
        "id_assurance_level": "3",
        "authentication_assurance_level": "3",
        "name": "OTHER OLWEN MISS",
        "given_name": "OLWEN",
        "family_name": "OTHER",
        "uid": SUBJECT,
        "nhsid_useruid": SUBJECT,
        "idassurancelevel": "3",
        "selected_roleid": "555361377215",
        "nhsid_nrbac_roles": [{
            "person_orgid": "555361376215",
            "person_roleid": "555361377215",
            "org_code": "A9A5A",
            "role_name": "\"Support\":\"Systems Support\":\"Systems Support Access Role\"",
            "role_code": "S8001:G8005:R8015",
        }],
        "nhsid_user_orgs": [{ "org_code": "A9A5A", "org_name": "NHSID DEV" }],
    })
}
