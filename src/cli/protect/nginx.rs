//! The configuration of nginx.

use crate::cli::protect::plan::{Plan, port};
use crate::platform::origin::Origin;

const CERTIFICATE: &str = "    ssl_certificate     /etc/ssl/certs/@HOST@.pem;
    ssl_certificate_key /etc/ssl/private/@HOST@.key;
";

/// Whom nginx asks is who they say: by itself it believes any certificate.
const VERIFIED: &str = "        proxy_ssl_server_name on;
        proxy_ssl_name @PEER@;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 3;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
";

pub(super) fn snippet(plan: &Plan) -> String {
    let listen = if plan.site.is_https() {
        format!("{} ssl", port(&plan.site))
    } else {
        plan.authority().to_owned()
    };
    let tls = if plan.site.is_https() { CERTIFICATE } else { "" };
    let question = format!(
        "{}{}",
        include_str!("nginx_question.conf"),
        verified(&plan.bridge)
    );
    let template = include_str!("nginx.conf")
        .replace("@SERVER_TLS@\n", tls)
        .replace("@QUESTION@", &question)
        .replace("@UPSTREAM_TLS@", &verified(&plan.upstream))
        .replace("@LISTEN@", &listen);
    plan.fill(&template)
}

fn verified(peer: &Origin) -> String {
    if peer.is_https() {
        VERIFIED.replace("@PEER@", peer.host())
    } else {
        String::new()
    }
}
