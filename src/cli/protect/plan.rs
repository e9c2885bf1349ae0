//! What is to be protected, and where everybody is.

use std::fmt;

use crate::cli::protect::Arguments;
use crate::platform::origin::Origin;

/// The site, what serves it, and the bridge.
#[derive(Debug)]
pub(super) struct Plan {
    /// The site as browsers know it.
    pub(super) site: Origin,
    /// What serves it.
    pub(super) upstream: Origin,
    /// The bridge.
    pub(super) bridge: Origin,
}

/// An argument that cannot be used.
#[derive(Debug)]
pub(super) struct Flaw {
    name: &'static str,
    text: String,
    instead: &'static str,
}

const AN_ADDRESS: &str = "scheme, host and perhaps a port: http://127.0.0.1:3000";
const A_HOST: &str =
    "a host of its own, such as rota.example.nhs.uk, or on this machine http://127.0.0.1:9000";
const A_HOST_OF_ITS_OWN: &str =
    "another host than the bridge's: the site and the bridge cannot both have the paths of one host";

impl Plan {
    /// Reads the arguments.
    pub(super) fn read(arguments: &Arguments) -> Result<Self, Flaw> {
        let plan = Self {
            site: site(&arguments.host)?,
            upstream: address("--upstream", &arguments.upstream)?,
            bridge: address("--bridge", &arguments.bridge)?,
        };
        if plan.site == plan.bridge || plan.site == plan.upstream {
            return Err(Flaw::new("--host", &arguments.host, A_HOST_OF_ITS_OWN));
        }
        Ok(plan)
    }

    /// `template` with everything in its place that every proxy needs.
    pub(super) fn fill(&self, template: &str) -> String {
        let scheme = if self.site.is_https() { "https" } else { "http" };
        template
            .replace("@NAME@", &self.name())
            .replace("@SCHEME@", scheme)
            .replace("@HOST@", self.site.host())
            .replace("@AUTHORITY@", self.authority())
            .replace("@UPSTREAM@", self.upstream.as_str())
            .replace("@BRIDGE@", self.bridge.as_str())
    }

    /// The site as it stands in a `Host` header.
    pub(super) fn authority(&self) -> &str {
        let text = self.site.as_str();
        text.split_once("://").map_or(text, |(_, authority)| authority)
    }

    /// A name for the site among others: the first word of its host.
    pub(super) fn name(&self) -> String {
        let host = self.site.host();
        let first = host.split('.').next().unwrap_or(host);
        let is_name = first.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_name {
            first.to_owned()
        } else {
            "site".to_owned()
        }
    }
}

/// The port that `origin` names, or that its scheme has.
pub(super) fn port(origin: &Origin) -> String {
    let after = origin.as_str().rsplit_once(':').map(|(_, port)| port);
    let port = after.filter(|port| port.bytes().all(|b| b.is_ascii_digit()));
    let usual = if origin.is_https() { "443" } else { "80" };
    port.unwrap_or(usual).to_owned()
}

fn site(text: &str) -> Result<Origin, Flaw> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let site = Origin::parse(&with_scheme).ok();
    site.filter(|site| site.is_https() || site.is_loopback())
        .ok_or_else(|| Flaw::new("--host", text, A_HOST))
}

fn address(name: &'static str, text: &str) -> Result<Origin, Flaw> {
    let bare = text.strip_suffix('/').unwrap_or(text);
    Origin::parse(bare).map_err(|_cause| Flaw::new(name, text, AN_ADDRESS))
}

impl Flaw {
    fn new(name: &'static str, text: &str, instead: &'static str) -> Self {
        Self {
            name,
            text: text.to_owned(),
            instead,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}` cannot be used; write {}",
            self.name, self.text, self.instead
        )
    }
}
