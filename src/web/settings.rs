//! What an operator sets for the listeners and the pages: `[web]`.

mod catalogue;
mod problems;

pub use catalogue::SETTINGS;

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::Deserialize;

use crate::platform::origin::Origin;
use crate::platform::secret::{Source, file};

/// Where we listen, whom we believe about the browser, and where we send it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address that browsers or the reverse proxy reach.
    pub listen: SocketAddr,
    /// The separate address of `/healthz` and `/readyz`; never to be published.
    pub management_listen: SocketAddr,
    /// Serve TLS ourselves; absent: a reverse proxy does.
    #[serde(default)]
    pub tls: Option<Tls>,
    /// The reverse proxies whose `X-Forwarded-*` headers are believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// Other origins to which a browser may be sent after signing in or out. Our own is always allowed.
    #[serde(default)]
    pub return_to: Vec<Origin>,
    /// Where a browser goes that named no place: a path of ours or an address on an allowed origin.
    #[serde(default = "our_front_page")]
    pub default_return_to: String,
    /// Who helps a person that cannot sign in; shown on pages.
    #[serde(default)]
    pub support: Support,
    /// What an administrator shows at the management listener to end sessions; absent: nobody can there.
    #[serde(default)]
    pub management_token: Option<Source>,
}

/// Our certificate and key: `[web.tls]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate chain, PEM, our own first.
    #[serde(rename = "certificate_file", deserialize_with = "file")]
    pub certificate: Source,
    /// The private key, PEM.
    pub key: Source,
}

/// Who helps: `[web.support]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Support {
    /// The name of the service desk, as it stands in a sentence.
    pub name: String,
    /// How to reach it: a telephone number, an e-mail address or both. Empty: not shown.
    pub contact: String,
}

impl Default for Support {
    fn default() -> Self {
        Self {
            name: "your IT service desk".to_owned(),
            contact: String::new(),
        }
    }
}

impl Settings {
    /// Settings that listen on the two addresses and have every other value at its default.
    pub fn listening(listen: SocketAddr, management_listen: SocketAddr) -> Self {
        Self {
            listen,
            management_listen,
            tls: None,
            trusted_proxies: Vec::new(),
            return_to: Vec::new(),
            default_return_to: our_front_page(),
            support: Support::default(),
            management_token: None,
        }
    }
}

fn our_front_page() -> String {
    "/".to_owned()
}
