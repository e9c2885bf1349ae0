//! An application at `localhost`, as the bridge is: another origin of the same site, under the strictest policy.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::web::assets::WARNING_PATH;

/// An application whose every page warns before the end, and has a way out.
pub(super) struct Application {
    pub(super) origin: Origin,
    bridge: Arc<OnceLock<String>>,
    opened: Arc<Mutex<Vec<String>>>,
}

impl Application {
    /// Starts it on a free port.
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let bridge: Arc<OnceLock<String>> = Arc::default();
        let opened: Arc<Mutex<Vec<String>>> = Arc::default();
        let (known, noted) = (Arc::clone(&bridge), Arc::clone(&opened));
        let router = Router::new().fallback(move |uri: Uri| {
            let bridge = known.get().cloned().unwrap_or_default();
            noted.lock().expect("nobody failed").push(uri.path().to_owned());
            async move { page(&bridge, &uri) }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        let origin = Origin::parse(&format!("http://localhost:{port}")).expect("an origin");
        Self {
            origin,
            bridge,
            opened,
        }
    }

    /// True if this page of it was opened.
    pub(super) fn was_opened(&self, path: &str) -> bool {
        let opened = self.opened.lock().expect("nobody failed");
        opened.iter().any(|known| known == path)
    }

    /// Tells it where the bridge is.
    pub(super) fn beside(&self, bridge: &Origin) {
        self.bridge.set(bridge.as_str().to_owned()).expect("said once");
    }
}

/// What `docs/session.md` tells its developers to write, a heading and a link.
fn page(bridge: &str, uri: &Uri) -> Response {
    let policy =
        format!("default-src 'none'; script-src {bridge}{WARNING_PATH}; connect-src {bridge}; img-src data:");
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Rota</title><link rel=\"icon\" href=\"data:,\">\
         <meta name=\"viewport\" content=\"width=device-width\"></head><body>\
         <main><h1>Rota {path}</h1><p><a href=\"{bridge}/sign-out\">Leave</a></p></main>\
         <script src=\"{bridge}{WARNING_PATH}\" defer></script></body></html>",
        path = uri.path()
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, html).into_response()
}
