//! The provider itself: its discovery document, and whether its addresses answer.

use serde_json::{Map, Value};
use time::Duration;

use crate::platform::outbound::Reply;
use crate::protocol::jose::json::strict_object;
use crate::upstream::checkup::reach::{Owner, answers, reach};
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::judgement::Who;
use crate::upstream::oidc_rp::discovery::{DiscoveryFlaw, Provider};
use crate::upstream::oidc_rp::doctor::{Visit, clock};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::stated::shown;

/// What the provider says of itself.
#[derive(Debug)]
pub(super) struct Found {
    /// Its addresses.
    pub(super) provider: Provider,
    /// The discovery document; `None` where the configuration names the addresses instead.
    pub(super) document: Option<Map<String, Value>>,
    /// How far its clock is ahead, if it was asked already.
    pub(super) offset: Option<Duration>,
}

/// Finds the provider's addresses, and says how that went.
pub(super) async fn find(visit: Visit<'_>, checks: &mut Vec<Check>) -> Option<Found> {
    let Some(url) = visit.party.settings().discovery_url() else {
        let asked = Asked::new("discovery", "the endpoints of the configuration");
        let provider = visit.party.configured().ok()?;
        checks.push(asked.ok("they are used as they are written; no discovery document is read"));
        return Some(Found {
            provider,
            document: None,
            offset: None,
        });
    };
    let (asked, reply) = match reach(visit.party.outbound(), "discovery", &url, Owner::Neighbour).await {
        Ok(answered) => answered,
        Err(check) => {
            checks.push(check);
            return None;
        }
    };
    let skew = visit.party.settings().clock_skew;
    let (told, offset) = clock::compare(&reply, visit.clock.now(), skew);
    let (check, provider) = read(visit.party, asked, &reply);
    checks.extend([check, told]);
    Some(Found {
        provider: provider?,
        document: strict_object(&reply.body).ok(),
        offset,
    })
}

/// Whether the addresses answer that a browser and we go to.
pub(super) async fn endpoints(party: &RelyingParty, provider: &Provider) -> Vec<Check> {
    let outbound = party.outbound();
    let mut checks = vec![
        answers(
            outbound,
            "authorization-endpoint",
            &provider.authorization_endpoint,
        )
        .await,
        answers(outbound, "token-endpoint", &provider.token_endpoint).await,
    ];
    if let Some(url) = &provider.userinfo_endpoint {
        checks.push(answers(outbound, "userinfo-endpoint", url).await);
    }
    checks
}

/// With another issuer the rest of the document is looked at all the same: one visit should find everything.
fn read(party: &RelyingParty, asked: Asked, reply: &Reply) -> (Check, Option<Provider>) {
    if reply.status != 200 {
        let means = format!("it answers with status {} and no document", reply.status);
        let mend = Mend::ours(
            "Compare issuer and discovery_url with what the provider documents, letter by letter; a proxy in between \
             may answer in its place.",
        );
        return (asked.trouble(means, mend), None);
    }
    let (issuer, environment) = (&party.settings().issuer, party.environment());
    match Provider::read(&reply.body, issuer, environment) {
        Ok(provider) => (
            asked.ok("it is the document of the configured issuer, octet for octet"),
            Some(provider),
        ),
        Err(DiscoveryFlaw::OtherIssuer) => {
            let stated = stated_issuer(&reply.body);
            let provider = stated
                .as_deref()
                .and_then(|stated| Provider::read(&reply.body, stated, environment).ok());
            (other_issuer(asked, issuer, stated.as_deref()), provider)
        }
        Err(flaw) => {
            let means = format!("the document is of no use: {flaw}");
            let mend = Mend::by(
                Who::Both,
                "Open the address and compare what is there with OpenID Connect Discovery 3.",
            );
            (asked.trouble(means, mend), None)
        }
    }
}

fn stated_issuer(document: &[u8]) -> Option<String> {
    let object = strict_object(document).ok()?;
    Some(object.get("issuer")?.as_str()?.to_owned())
}

fn other_issuer(asked: Asked, ours: &str, stated: Option<&str>) -> Check {
    let Some(stated) = stated else {
        let mend = Mend::by(Who::Both, "Set discovery_url to the provider's document.");
        return asked.trouble("the document names no issuer", mend);
    };
    let difference = if portless(ours) == portless(stated) {
        "they differ in the default port alone, which counts: it is a text, not an address"
    } else if ours.trim_end_matches('/') == stated.trim_end_matches('/') {
        "they differ in the slash at the end, which counts"
    } else if ours.eq_ignore_ascii_case(stated) {
        "they differ in capitals, which count"
    } else {
        "it is the document of another provider, realm or environment"
    };
    asked.trouble(
        format!("its issuer is {}, ours {ours}: {difference}", shown(stated)),
        Mend::ours(
            "Copy the issuer of the document into issuer, octet for octet, if it is the provider you mean.",
        ),
    )
}

fn portless(issuer: &str) -> String {
    match issuer
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((host, path)) => format!("https://{}/{path}", host.strip_suffix(":443").unwrap_or(host)),
        None => issuer.strip_suffix(":443").unwrap_or(issuer).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oi_03_an_issuer_that_differs_is_told_by_how() {
        let ours = "https://am.example:443/openam";
        for (stated, difference) in [
            ("https://am.example/openam", "default port"),
            ("https://am.example:443/openam/", "slash"),
            ("https://AM.example:443/openam", "capitals"),
            ("https://am.example:443/other", "another provider"),
        ] {
            let check = other_issuer(Asked::new("discovery", ""), ours, Some(stated));
            assert!(check.means.contains(difference), "{}", check.means);
        }
        assert_eq!(portless("https://op.example:443"), portless("https://op.example"));
    }
}
