//! Asks an address, and says of one that does not answer what that means.

use crate::platform::outbound::{Outbound, Reply, Send, Unreached};
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::judgement::Who;

/// Whose address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A neighbour's.
    Neighbour,
    /// Ours, as neighbours and browsers see it.
    Ourselves,
}

/// Gets `url` for the check `id`; who does not answer is a trouble.
pub(crate) async fn reach(
    outbound: &Outbound,
    id: &'static str,
    url: &str,
    owner: Owner,
) -> Result<(Asked, Reply), Check> {
    let asked = Asked::new(id, format!("GET {}", without_query(url)));
    let accept = [("accept", "application/json, */*;q=0.1")];
    match outbound.ask(url, Send::Get, &accept).await {
        Ok(reply) => Ok((asked, reply)),
        Err(cause) => Err(asked.trouble(cause.to_string(), mend(&cause, owner))),
    }
}

/// Whether the address `id` answers at all; its answer is not read, since a browser goes there with a question.
pub(crate) async fn answers(outbound: &Outbound, id: &'static str, url: &str) -> Check {
    let (asked, reply) = match reach(outbound, id, url, Owner::Neighbour).await {
        Ok(answered) => answered,
        Err(check) => return check,
    };
    let over = if url.starts_with("https:") {
        "over TLS, with a certificate that is believed"
    } else {
        "over plain http, as a fake on this machine does"
    };
    let status = reply.status;
    if status >= 500 {
        return asked.warning(
            format!("it answers {over}, with the status {status} of a server in trouble"),
            Mend::by(
                Who::IdentityProvider,
                "Look at the service status page of the provider, and try again later.",
            ),
        );
    }
    asked.ok(format!("it answers {over} (status {status}, without a question)"))
}

fn mend(cause: &Unreached, owner: Owner) -> Mend {
    let said = cause.to_string().to_ascii_lowercase();
    let is_tls = ["certificate", "ssl", "tls"]
        .iter()
        .any(|word| said.contains(word));
    match (owner, is_tls) {
        (Owner::Neighbour, true) => Mend::by(
            Who::Both,
            "Its certificate is not believed here: look whether the chain is whole, the name is this one and the \
             authority is known to this machine. A proxy that opens TLS needs its authority installed here.",
        ),
        (Owner::Neighbour, false) => Mend::ours(
            "Let this machine reach the address: name service, firewall, routes. No proxy is used. If it is reached \
             by others, wait for the provider.",
        ),
        (Owner::Ourselves, true) => Mend::ours(
            "Serve a certificate of a public authority, with its full chain and this name: the provider believes no \
             other.",
        ),
        (Owner::Ourselves, false) => Mend::ours(
            "Start the bridge, and let its public address lead to it. The provider must reach it too, from outside \
             and without a login. If this machine alone cannot, ask from another.",
        ),
    }
}

/// A query may carry a message or a secret; it is never repeated.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}
