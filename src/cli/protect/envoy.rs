//! The configuration of Envoy.

use crate::cli::protect::plan::{Plan, port};
use crate::platform::origin::Origin;

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

fn tls_to(peer: &Origin) -> String {
    if peer.is_https() {
        CLIENT_TLS.replace("@PEER@", peer.host())
    } else {
        String::new()
    }
}
