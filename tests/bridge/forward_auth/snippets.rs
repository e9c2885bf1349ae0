//! What `protect` prints, for every proxy.

use nhsmail_bridge::cli::protect::{self, Arguments, Proxy};
use nhsmail_bridge::downstream::identity_headers::TO_STRIP;

use super::process::{nginx_takes, snippet};

const ALL: [(Proxy, &str); 4] = [
    (Proxy::Nginx, "nginx"),
    (Proxy::Traefik, "traefik"),
    (Proxy::Caddy, "caddy"),
    (Proxy::Envoy, "envoy"),
];
const SITE: &str = "rota.example.nhs.uk";
const UPSTREAM: &str = "http://127.0.0.1:3000";
const BRIDGE: &str = "http://127.0.0.1:8080";

#[test]
fn ap_12_every_snippet_is_as_it_was_reviewed() {
    for (proxy, name) in ALL {
        insta::assert_snapshot!(name, snippet(proxy, SITE, UPSTREAM, BRIDGE));
        let guarded = snippet(
            proxy,
            SITE,
            "https://rota.internal:8443",
            "https://bridge.example.nhs.uk",
        );
        insta::assert_snapshot!(format!("{name}-with-tls-inside"), guarded);
    }
}

#[test]
fn ap_12_no_snippet_leaves_a_gap_or_a_header_out() {
    for (proxy, name) in ALL {
        let text = snippet(proxy, SITE, UPSTREAM, BRIDGE);
        let gap = text
            .split('@')
            .skip(1)
            .step_by(2)
            .find(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
        assert_eq!(gap, None, "{name}");
        let text = text.to_lowercase();
        let names_all = TO_STRIP.iter().all(|header| text.contains(header));
        let is_given_a_pattern = text.contains("x[^a-z0-9]auth([^a-z0-9].*)?|authorization");
        assert!(names_all || is_given_a_pattern, "{name}");
        for said in [
            "/auth/verify",
            "/.nhsmail-bridge/",
            "cookie",
            BRIDGE,
            "trusted_proxies",
        ] {
            assert!(text.contains(said), "{said} for {name}");
        }
    }
}

#[test]
fn nginx_takes_what_is_printed_for_it() {
    let text = snippet(
        Proxy::Nginx,
        "http://127.0.0.1:1",
        UPSTREAM,
        "https://bridge.example.nhs.uk",
    );
    // A name that this machine cannot look up stops nginx; the address of it does not matter here.
    let text = text.replace("https://bridge.example.nhs.uk", "https://127.0.0.1:2");
    nginx_takes(&text.replace("listen 127.0.0.1:1", "listen unix:FOLDER/site")).expect("nginx takes it");
}

#[test]
fn what_cannot_be_protected_is_a_mistake_of_usage() {
    for (host, upstream, bridge) in [
        ("rota.example.nhs.uk/path", UPSTREAM, BRIDGE),
        ("http://rota.example.nhs.uk", UPSTREAM, BRIDGE),
        ("Rota.example.nhs.uk", UPSTREAM, BRIDGE),
        ("rota example", UPSTREAM, BRIDGE),
        (SITE, "127.0.0.1:3000", BRIDGE),
        (SITE, UPSTREAM, "https://bridge.example.nhs.uk/sign-in"),
        ("bridge.example.nhs.uk", UPSTREAM, "https://bridge.example.nhs.uk"),
    ] {
        let arguments = Arguments {
            proxy: Proxy::Nginx,
            upstream: upstream.to_owned(),
            host: host.to_owned(),
            bridge: bridge.to_owned(),
        };
        let mut out = Vec::new();
        assert_eq!(
            protect::run(&arguments, &mut out),
            2,
            "{host} {upstream} {bridge}"
        );
        assert!(out.is_empty());
    }
}
