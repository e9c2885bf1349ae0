//! A small web application that speaks no protocol: the bridge's `/auth/verify` stands in front of it.
//!
//! It does itself what a reverse proxy does for others: for each request it asks the bridge who this browser is, and
//! shows what comes back. Cookies ignore ports, so on one host the bridge's cookie reaches it.

mod pages;
mod token;
mod verdict;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::fakes::running::{CannotListen, Place, Running};
use crate::platform::origin::Origin;
use crate::platform::outbound::{Outbound, Unreached};

use pages::{Front, Rota, Trouble, shown};
use verdict::{Question, Verdict};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How the application is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens; port 0 is a free one.
    pub listen: SocketAddr,
    /// The origin that browsers use, where port 0 is the port it listens on; absent: `http://` and where it listens.
    pub public: Option<Origin>,
    /// The bridge, as browsers and the application reach it.
    pub bridge: Origin,
}

/// The application, until it is shut down or dropped.
#[derive(Debug)]
pub struct SampleApplication {
    base: String,
    running: Running,
}

/// Why the application did not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Somebody else listens there, or nobody may.
    #[error(transparent)]
    Listen(#[from] CannotListen),
    /// It cannot ask the bridge.
    #[error(transparent)]
    Outbound(#[from] Unreached),
}

/// What a request can reach.
#[derive(Debug)]
struct Application {
    base: String,
    bridge: Origin,
    outbound: Outbound,
}

impl SampleApplication {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot listen or has no HTTP client.
    pub async fn start(settings: Settings) -> Result<Self, NotStarted> {
        let place = Place::take(settings.listen).await?;
        let public = settings.public.as_ref();
        let port = place.address().port();
        let base = public.map_or_else(
            || format!("http://{}", place.address()),
            |origin| match origin.as_str().strip_suffix(":0") {
                Some(host) => format!("{host}:{port}"),
                None => origin.as_str().to_owned(),
            },
        );
        let application = Application {
            base: base.clone(),
            bridge: settings.bridge,
            outbound: Outbound::new()?,
        };
        Ok(Self {
            base,
            running: place.serve(router(application)),
        })
    }

    /// The page that anybody may see.
    pub fn url(&self) -> String {
        format!("{}/", self.base)
    }

    /// The page that only somebody who is signed in may see.
    pub fn protected_url(&self) -> String {
        format!("{}/rota", self.base)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Finishes what is under way and stops.
    pub async fn shutdown(self) {
        self.running.shutdown().await;
    }
}

fn router(application: Application) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/rota", get(rota))
        .route("/style.css", get(style))
        .layer(middleware::map_response(with_headers))
        .with_state(Arc::new(application))
}

async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn style() -> Response {
    let css = include_str!("../fake.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// Anybody may see it; it greets whom it knows.
async fn front(State(app): State<Arc<Application>>, uri: OriginalUri, headers: HeaderMap) -> Response {
    let question = Question::about(&app.base, &uri, &headers);
    match question.ask(&app.outbound, &app.bridge.at("/auth/verify")).await {
        Ok(Verdict::Yes(identity)) => shown(&Front {
            name: Some(identity.name()),
        }),
        Ok(Verdict::No(_) | Verdict::Redirect(_)) => shown(&Front { name: None }),
        Err(cause) => trouble(&cause),
    }
}

/// Only somebody who is signed in may see it; everybody else is sent where they can sign in.
async fn rota(State(app): State<Arc<Application>>, uri: OriginalUri, headers: HeaderMap) -> Response {
    let question = Question::about(&app.base, &uri, &headers);
    let verify = app.bridge.at("/auth/verify?redirect=1");
    match question.ask(&app.outbound, &verify).await {
        Ok(Verdict::Yes(identity)) => shown(&Rota {
            identity: &identity,
            token: token::decoded(&identity.token),
            sign_out: app.bridge.at("/sign-out"),
        }),
        Ok(Verdict::Redirect(to)) => {
            let to = if to.starts_with('/') {
                app.bridge.at(&to)
            } else {
                to
            };
            (StatusCode::FOUND, [(LOCATION, to)]).into_response()
        }
        Ok(Verdict::No(status)) => {
            let words = format!("The bridge answered {status} and no address to sign in at.");
            (StatusCode::FORBIDDEN, shown(&Trouble { words })).into_response()
        }
        Err(cause) => trouble(&cause),
    }
}

fn trouble(cause: &Unreached) -> Response {
    let words = cause.to_string();
    (StatusCode::BAD_GATEWAY, shown(&Trouble { words })).into_response()
}
