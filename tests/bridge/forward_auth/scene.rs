//! A site of another host than the bridge's, behind a real proxy with the configuration that `protect` prints.

use axum::http::Method;
use nhsmail_bridge::cli::protect::Proxy;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::platform::origin::Origin;
use serde_json::Value;

use super::process::{Process, free_site, snippet};
use super::upstream;
use crate::support::{ENTRA, Page, TestBridge, Visitor};

/// The bridge at `localhost`, the site at `127.0.0.1`, and the proxy between.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) bridge: TestBridge,
    pub(super) site: Origin,
    _proxy: Process,
}

impl Scene {
    /// Everything as `protect` would have it.
    pub(super) async fn set(proxy: Proxy) -> Self {
        Self::configured(proxy, |_config, _site| {}).await
    }

    /// The same with `change` made to the configuration of the bridge.
    pub(super) async fn configured(proxy: Proxy, change: impl FnOnce(&mut Config, &Origin)) -> Self {
        let (site, behind) = (free_site(), upstream::start().await);
        let bridge = TestBridge::configured(|config| {
            config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
            config.web.return_to.push(site.clone());
            change(config, &site);
        })
        .await;
        let text = snippet(proxy, site.as_str(), behind.as_str(), bridge.origin().as_str());
        let process = match proxy {
            Proxy::Nginx => Process::nginx(&text),
            Proxy::Caddy => Process::caddy(&text),
            Proxy::Traefik => Process::traefik(&text, &site).await,
            Proxy::Envoy => Process::envoy(&text),
        };
        Self {
            bridge,
            site,
            _proxy: process,
        }
    }

    /// An address of the site.
    pub(super) fn at(&self, path: &str) -> String {
        self.site.at(path)
    }

    /// Somebody opens a page of the site, logs in, and comes wherever that leads.
    pub(super) async fn log_in_for(&self, visitor: &mut Visitor, path: &str) -> Page {
        let chooser = visitor.open(&self.at(path)).await;
        assert_eq!(chooser.heading(), "Choose how to log in", "{}", chooser.body);
        let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
        let answer = visitor.pick(&question, "nell-nomail").await;
        visitor.bring(&answer).await
    }
}

/// What a browser says that opens a page.
pub(super) const A_PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
/// What a program says.
pub(super) const A_PROGRAM: (&str, &str) = ("accept", "application/json");

/// A header as it arrived at the site: all its values.
pub(super) fn arrived(page: &Page, name: &str) -> Vec<String> {
    let values = page.json()["headers"][name].as_array().cloned();
    let texts = values.into_iter().flatten();
    texts
        .filter_map(|value: Value| value.as_str().map(str::to_owned))
        .collect()
}

/// Somebody who is signed in with the bridge and has not been at any site.
pub(super) async fn signed_in(bridge: &TestBridge) -> Visitor {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    visitor
}

/// Asks at `address` with these headers and follows nothing.
pub(super) async fn ask(visitor: &mut Visitor, address: &str, headers: &[(&str, &str)]) -> Page {
    visitor.ask(Method::GET, address, headers).await
}
