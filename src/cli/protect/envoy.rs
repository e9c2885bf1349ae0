//! The configuration of Envoy.

use std::fmt::Write as _;

use crate::cli::protect::plan::{Plan, port};
use crate::platform::origin::Origin;

/// What comes from the bridge alone.
const OURS: [&str; 8] = [
    "authorization",
    "x-auth-subject",
    "x-auth-email",
    "x-auth-name",
    "x-auth-door",
    "x-auth-aal",
    "x-auth-org",
    "x-auth-role",
];

const SERVER_TLS: &str = "          transport_socket:
            name: envoy.transport_sockets.tls
            typed_config:
              \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                tls_certificates:
                  - certificate_chain: { filename: /etc/ssl/certs/@HOST@.pem }
                    private_key: { filename: /etc/ssl/private/@HOST@.key }
";

const CLIENT_TLS: &str = "      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
          sni: \"@PEER@\"
          common_tls_context:
            validation_context:
              trusted_ca: { filename: /etc/ssl/certs/ca-certificates.crt }
              match_typed_subject_alt_names:
                - { san_type: DNS, matcher: { exact: \"@PEER@\" } }
";

pub(super) fn snippet(plan: &Plan) -> String {
    let server_tls = if plan.site.is_https() { SERVER_TLS } else { "" };
    let template = include_str!("envoy.yaml")
        .replace("@REMOVED@\n", &removed())
        .replace("@LISTENER_TLS@\n", server_tls)
        .replace("@BRIDGE_TLS@", &tls_to(&plan.bridge))
        .replace("@UPSTREAM_TLS@\n", &tls_to(&plan.upstream))
        .replace("@PORT@", &port(&plan.site))
        .replace("@BRIDGE_HOST@", plan.bridge.host())
        .replace("@BRIDGE_PORT@", &port(&plan.bridge))
        .replace("@UPSTREAM_HOST@", plan.upstream.host())
        .replace("@UPSTREAM_PORT@", &port(&plan.upstream));
    plan.fill(&template)
}

/// Every name of ours, and the same with dots: some servers read X.Auth.Role as X-Auth-Role.
fn removed() -> String {
    let mut lines = String::new();
    for name in OURS {
        for alias in aliases(name) {
            // Writing to a String does not fail.
            let _written = writeln!(lines, "                          - remove: {alias}");
        }
    }
    lines
}

fn aliases(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for word in name.split_inclusive('-') {
        let dotted = word.replace('-', ".");
        let ways = if dotted == word {
            vec![word]
        } else {
            vec![word, &dotted]
        };
        all = all
            .iter()
            .flat_map(|start| ways.iter().map(move |word| format!("{start}{word}")))
            .collect();
    }
    all
}

fn tls_to(peer: &Origin) -> String {
    if peer.is_https() {
        CLIENT_TLS.replace("@PEER@", peer.host())
    } else {
        String::new()
    }
}
