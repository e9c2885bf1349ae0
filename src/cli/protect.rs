//! `protect`: the configuration of a reverse proxy that lets people in to a site only when the bridge knows them.

mod envoy;
mod nginx;
mod plan;

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::cli::{DONE, complain};

use plan::Plan;

/// The proxy in front of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Proxy {
    /// nginx, by `auth_request`
    Nginx,
    /// Traefik, by its middleware `ForwardAuth`
    Traefik,
    /// Caddy, by `forward_auth`
    Caddy,
    /// Envoy, by its filter `ext_authz`
    Envoy,
}

/// What `protect` was asked.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The proxy in front of the site
    #[arg(long)]
    pub proxy: Proxy,
    /// The site itself, where only the proxy may reach it
    #[arg(long, value_name = "URL")]
    pub upstream: String,
    /// The host by which people know the site, such as rota.example.nhs.uk; with http:// in front only for this machine
    #[arg(long, value_name = "HOST")]
    pub host: String,
    /// The bridge, where the proxy reaches it
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub bridge: String,
}

/// Writes the configuration to `out`, with comments, and gives the exit code.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let plan = match Plan::read(arguments) {
        Ok(plan) => plan,
        Err(flaw) => return complain(&flaw),
    };
    let said = format!("{}\n{}", introduction(&plan), snippet(arguments.proxy, &plan));
    // A reader that went away, as `head` does, is no failure.
    out.write_all(said.as_bytes()).map_or(DONE, |()| DONE)
}

fn snippet(proxy: Proxy, plan: &Plan) -> String {
    match proxy {
        Proxy::Nginx => nginx::snippet(plan),
        Proxy::Traefik => traefik(plan),
        Proxy::Caddy => caddy(plan),
        Proxy::Envoy => envoy::snippet(plan),
    }
}

fn introduction(plan: &Plan) -> String {
    let (site, name) = (plan.site.as_str(), plan.name());
    format!(
        "# Lets people in to {site} only when nhsmail-bridge knows them.
#
# In the configuration of the bridge:
#   [web]
#   trusted_proxies = [\"127.0.0.1/32\"]   # the address from which this proxy reaches the bridge
#   [applications.{name}]
#   label = \"{name}\"
#   origins = [\"{site}\"]
#   scopes = [\"openid\", \"profile\", \"email\", \"nhs.organisation\", \"nhs.role\", \"nhs.assurance\"]
#
# The bridge is asked at {}.
# Ask it directly: another proxy on the way would speak in this one's place.
# Nobody but this proxy may reach {}: whoever could would be whoever they say.
# Your site learns who is there from X-Auth-Subject, -Email, -Name, -Door, -Aal, -Org and -Role (absent or empty where
# nothing is known), and from the token in Authorization, which it can verify.
",
        plan.bridge, plan.upstream
    )
}

fn traefik(plan: &Plan) -> String {
    let (entry_point, tls) = if plan.site.is_https() {
        ("websecure", "      tls: {}\n")
    } else {
        ("web", "")
    };
    plan.fill(include_str!("protect/traefik.yaml"))
        .replace("@ENTRY_POINT@", entry_point)
        .replace("@ROUTER_TLS@", tls)
}

fn caddy(plan: &Plan) -> String {
    let site = plan.site.as_str();
    // A bare name makes Caddy get a certificate by itself.
    let address = site.strip_prefix("https://").unwrap_or(site);
    plan.fill(include_str!("protect/Caddyfile"))
        .replace("@ADDRESS@", address)
}
