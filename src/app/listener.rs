//! A listener: accepts connections, hands each request to the newest router, drains when it is told to.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_server::Handle;
use axum_server::tls_openssl::{OpenSSLAcceptor, OpenSSLConfig};
use openssl::pkey::PKey;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;
use tower::ServiceExt as _;

use crate::web::settings::Tls;

/// How long requests that have begun may go on after the listener was told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// A router that can be replaced while requests run; each request ends with the one it began with.
#[derive(Debug, Clone)]
pub struct Current(Arc<RwLock<Router>>);

impl Current {
    /// Begins with `router`.
    pub fn new(router: Router) -> Self {
        Self(Arc::new(RwLock::new(router)))
    }

    /// New requests go to `router`.
    pub fn replace(&self, router: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = router;
    }

    fn router(&self) -> Router {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The router that stands in front and asks for the newest at each request.
    fn front(&self) -> Router {
        let current = self.clone();
        Router::new().fallback_service(tower::service_fn(move |request: Request<Body>| {
            current.router().oneshot(request)
        }))
    }
}

/// A listener that has its address already, so that a port of zero can be told before anything is served.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    tls: Option<OpenSSLConfig>,
    handle: Handle<SocketAddr>,
}

impl Listener {
    /// Takes the address. Port 0 takes a free one.
    pub fn bind(address: SocketAddr, tls: Option<&Tls>) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let tls = tls.map(acceptor).transpose().map_err(io::Error::other)?;
        Ok(Self {
            socket,
            tls,
            handle: Handle::new(),
        })
    }

    /// The address it has.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// What stops it: new connections are refused, requests that have begun may end.
    pub fn stop(&self) -> Stop {
        Stop(self.handle.clone())
    }

    /// Serves until it is stopped.
    pub async fn serve(self, current: &Current) -> io::Result<()> {
        let service = current
            .front()
            .into_make_service_with_connect_info::<SocketAddr>();
        match self.tls {
            Some(tls) => {
                axum_server::from_tcp(self.socket)?
                    .acceptor(OpenSSLAcceptor::new(tls))
                    .handle(self.handle)
                    .serve(service)
                    .await
            }
            None => {
                axum_server::from_tcp(self.socket)?
                    .handle(self.handle)
                    .serve(service)
                    .await
            }
        }
    }
}

/// TLS 1.2 and later with the chain and the key of the settings (Mozilla's intermediate profile).
fn acceptor(tls: &Tls) -> Result<OpenSSLConfig, Box<dyn std::error::Error + Send + Sync>> {
    let mut chain = X509::stack_from_pem(tls.certificate.read()?.expose())?.into_iter();
    let key = PKey::private_key_from_pem(tls.key.read()?.expose())?;
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_certificate(&*chain.next().ok_or("the certificate file holds no certificate")?)?;
    for issuer in chain {
        builder.add_extra_chain_cert(issuer)?;
    }
    builder.set_private_key(&key)?;
    builder.check_private_key()?;
    builder.set_alpn_protos(b"\x08http/1.1")?;
    Ok(OpenSSLConfig::from_acceptor(Arc::new(builder.build())))
}

/// Stops a listener.
#[derive(Debug, Clone)]
pub struct Stop(Handle<SocketAddr>);

impl Stop {
    /// Lets requests that have begun end, for a while.
    pub fn drain(&self) {
        self.0.graceful_shutdown(Some(DRAIN));
    }
}
