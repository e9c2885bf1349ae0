//! What stands behind the proxy: a site that shows each request as it arrived.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Json;
use nhsmail_bridge::platform::origin::Origin;
use serde_json::{Map, Value, json};

/// Starts it on a free port. It ends with the test's runtime.
pub(super) async fn start() -> Origin {
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = tokio::net::TcpListener::bind(loopback)
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("its address");
    let router = Router::new().fallback(shown);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Origin::parse(&format!("http://{address}")).expect("an origin")
}

async fn shown(request: Request) -> Json<Value> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 65_536).await.expect("a short body");
    Json(json!({
        "method": parts.method.as_str(),
        "uri": parts.uri.to_string(),
        "headers": listed(&parts.headers),
        "body": String::from_utf8_lossy(&body),
    }))
}

/// Every header with all its values, so that a second one of the same name does not hide.
fn listed(headers: &HeaderMap) -> Map<String, Value> {
    let names = headers.keys().map(|name| {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (name.as_str().to_owned(), json!(values))
    });
    names.collect()
}
