//! Applications that listen for logouts, and people who use them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::settings::Settings;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::form_urlencoded::Serializer;

use crate::openid_provider::scene::{
    ROTA, ROTA_SECRET, VERIFIER, answer_at_once, asked, basic, callback, with_rota,
};
use crate::support::{Page, TestBridge, Visitor};

/// Another application, registered like the rota.
pub(crate) const WARD: &str = "ward";
/// What people call it.
pub(crate) const WARD_LABEL: &str = "Ward Board";

/// Where an application takes logout tokens.
#[derive(Debug)]
pub(crate) struct Ear {
    pub(crate) address: String,
    heard: UnboundedReceiver<String>,
}

#[derive(Clone)]
struct Answers {
    statuses: Arc<Mutex<VecDeque<u16>>>,
    heard: UnboundedSender<String>,
}

impl Ear {
    /// One that answers with these statuses in turn, and then with 200.
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let (sender, heard) = unbounded_channel();
        let answers = Answers {
            statuses: Arc::new(Mutex::new(statuses.iter().copied().collect())),
            heard: sender,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}/logout", listener.local_addr().expect("its address"));
        let router = Router::new().fallback(hear).with_state(answers);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, heard }
    }

    /// The claims of the next logout token.
    pub(crate) async fn hears(&mut self) -> Value {
        let body = self.heard.recv().await.expect("a notice");
        claims_of(body.strip_prefix("logout_token=").expect("the field"))
    }

    /// True if nothing was heard that was not taken yet.
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.heard.try_recv().is_err()
    }
}

async fn hear(State(answers): State<Answers>, body: Bytes) -> StatusCode {
    let next = answers.statuses.lock().expect("nobody panicked").pop_front();
    let body = String::from_utf8(body.to_vec()).expect("a form");
    answers.heard.send(body).expect("somebody listens");
    StatusCode::from_u16(next.unwrap_or(200)).expect("a status")
}

/// Registers the two applications: both hear at `ears`, if there is one, and send people back after logging out.
pub(crate) fn register(config: &mut Config, ears: [Option<&str>; 2]) {
    let origin = config.web.return_to[0].clone();
    let [rota_ear, ward_ear] = ears.map(|ear| ear.map(str::to_owned));
    with_rota(config, |rota| {
        rota.backchannel_logout_uri = rota_ear;
        rota.post_logout_redirect_uris = vec![origin.at("/goodbye"), origin.at("/bye?from=rota")];
    });
    let mut ward: Settings = config.applications[ROTA].clone();
    WARD_LABEL.clone_into(&mut ward.label);
    ward.backchannel_logout_uri = ward_ear;
    config.applications.insert(WARD.to_owned(), ward);
}

/// A bridge with the two applications, changed like this.
pub(crate) async fn bridge_with(ears: [Option<&Ear>; 2], change: impl FnOnce(&mut Config)) -> TestBridge {
    let addresses = ears.map(|ear| ear.map(|ear| ear.address.as_str()));
    TestBridge::configured(|config| {
        register(config, addresses);
        change(config);
    })
    .await
}

/// What an application holds of somebody.
#[derive(Debug)]
pub(crate) struct Holds {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    /// What the ID token says.
    pub(crate) claims: Value,
}

/// Somebody who is signed in uses an application; what it holds then.
pub(crate) async fn uses(bridge: &TestBridge, visitor: &mut Visitor, client_id: &str) -> Holds {
    let asked = asked(bridge).with("client_id", client_id);
    let answer = answer_at_once(visitor, &asked).await;
    let body = Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", answer.code())
        .append_pair("redirect_uri", &callback(bridge))
        .append_pair("code_verifier", VERIFIER)
        .finish();
    let tokens = post(bridge, "/oauth2/token", client_id, body).await.json();
    let text = |name: &str| tokens[name].as_str().expect("a token").to_owned();
    let id_token = text("id_token");
    Holds {
        claims: claims_of(&id_token),
        access_token: text("access_token"),
        id_token,
    }
}

/// Whether an access token is good for anything.
pub(crate) async fn is_active(bridge: &TestBridge, client_id: &str, holds: &Holds) -> bool {
    let body = Serializer::new(String::new())
        .append_pair("token", &holds.access_token)
        .finish();
    let said = post(bridge, "/oauth2/introspect", client_id, body).await.json();
    said["active"].as_bool().expect("an answer")
}

async fn post(bridge: &TestBridge, path: &str, client_id: &str, body: String) -> Page {
    let authorization = basic(client_id, ROTA_SECRET);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    bridge
        .visitor()
        .post(bridge.url(path).as_str(), &headers, body)
        .await
}

/// The question at `/sign-out`, answered with yes; ends wherever that leads.
pub(crate) async fn signs_out(visitor: &mut Visitor) -> Page {
    let question = visitor.open("/sign-out").await;
    visitor.press(&question, "Log out").await
}

/// What the operator reads.
pub(crate) async fn logouts(bridge: &TestBridge) -> Value {
    let url = bridge.management_url("/logouts");
    bridge.visitor().ask(Method::GET, url.as_str(), &[]).await.json()
}

/// What a token says. That it is signed is for another story.
pub(crate) fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&payload).expect("claims")
}
