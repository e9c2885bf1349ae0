//! A bridge by the clock of the machine, with one door and one application.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::scope::Scope;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use nhsmail_bridge::platform::secret::Source;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::form_urlencoded;

use crate::support::{ENTRA, Page, TestBridge, Visitor};

/// Who the application is here.
pub(super) const CLIENT: &str = "rota";
/// What it proves that with, where it has a secret.
pub(super) const SECRET: &str = "an invented secret of forty octets, no less";

/// A port that is free at this moment.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// An application that people log in to.
pub(super) fn application(method: AuthenticationMethod) -> Settings {
    let mut settings = Settings::new("Rota");
    settings.client_authentication = Some(method);
    settings.scopes = Scope::ALL.to_vec();
    settings.simulated = true;
    let has_secret = matches!(
        method,
        AuthenticationMethod::ClientSecretBasic | AuthenticationMethod::ClientSecretPost
    );
    settings.client_secret = has_secret.then(|| Source::held(SECRET.as_bytes().to_vec()));
    settings
}

/// One door, and `application` registered.
pub(super) fn register(config: &mut Config, application: Settings) {
    config.saml.retain(|door, _| door == ENTRA);
    config.applications.insert(CLIENT.to_owned(), application);
}

/// Somebody is sent to `address` by the application, and logs in if nobody is; ends wherever that leads.
pub(super) async fn log_in(visitor: &mut Visitor, address: &str) -> Page {
    let page = visitor.open(address).await;
    if !page.body.contains("id=\"people\"") {
        return page;
    }
    let answer = visitor.pick(&page, "amara-example").await;
    visitor.bring(&answer).await
}

/// The same without following the redirect that brings the answer to the application.
pub(super) async fn bridge_with(change: impl FnOnce(&mut Config)) -> TestBridge {
    TestBridge::at_the_machines_time(change).await
}

/// Where an application hears that a session is over.
pub(super) struct BackChannel {
    pub(super) address: String,
    heard: Mutex<UnboundedReceiver<String>>,
}

impl BackChannel {
    /// Listens on a free port.
    pub(super) async fn listen() -> Self {
        let (tell, heard) = unbounded_channel();
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let router = Router::new()
            .route("/logout", post(hear))
            .with_state(Arc::new(tell));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address: format!("http://127.0.0.1:{port}/logout"),
            heard: Mutex::new(heard),
        }
    }

    /// The next logout token, whenever it comes.
    pub(super) async fn logout_token(&self) -> String {
        let mut heard = self.heard.lock().await;
        heard.recv().await.expect("a logout token")
    }
}

async fn hear(State(tell): State<Arc<UnboundedSender<String>>>, body: String) -> StatusCode {
    let mut fields = form_urlencoded::parse(body.as_bytes());
    let token = fields.find(|(name, _)| name == "logout_token");
    let Some((_, token)) = token else {
        return StatusCode::BAD_REQUEST;
    };
    tell.send(token.into_owned()).expect("the test listens");
    StatusCode::OK
}
