//! Ourselves as the provider sees us: the name we bear, our key set, the addresses that we registered.

use serde_json::Value;

use crate::protocol::jose::json::strict_object;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::checkup::reach::{Owner, reach};
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::oidc_rp::addresses;
use crate::upstream::oidc_rp::doctor::Visit;
use crate::upstream::oidc_rp::doctor::assertion::Published;
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::rules::looks_like_api_key;
use crate::upstream::oidc_rp::settings::{ClientAuthentication, Preset, Settings};
use crate::upstream::verified::Door;

/// The members that make a public key what it is (RFC 7638 3.2).
const NUMBERS: [&str; 6] = ["kty", "n", "e", "crv", "x", "y"];

/// A key of the API platform in the place of the client id, the commonest mistake of all. The key is not repeated.
pub(super) fn client_id(settings: &Settings) -> Option<Check> {
    let is_api_key = settings.door == Door::Cis2
        && settings.preset != Preset::Mock
        && looks_like_api_key(&settings.client_id);
    let asked = Asked::new("client-id", "the client id of the configuration");
    is_api_key.then(|| {
        asked.trouble(
            "it has the form of an API platform key, which CIS2 does not know as a client",
            Mend::ours("Set client_id to the CIS2 client id, as Connection Manager shows it."),
        )
    })
}

/// Our addresses, asked as the provider and browsers would; and the key set that the provider finds.
pub(super) async fn addresses(visit: Visit<'_>) -> (Published, Vec<Check>) {
    let (published, mut checks) = key_set(visit.party).await;
    // A connection that is switched off refuses whoever comes to its callback.
    if visit.party.settings().enabled {
        checks.push(callback(visit.party).await);
    }
    if visit.party.settings().backchannel_logout.enabled {
        checks.push(backchannel_logout(visit.party).await);
    }
    (published, checks)
}

async fn key_set(party: &RelyingParty) -> (Published, Vec<Check>) {
    if party.settings().client_authentication != ClientAuthentication::PrivateKeyJwt {
        return (Published::NotNeeded, Vec::new());
    }
    let url = addresses::jwks_url(party.origin(), party.name());
    let (asked, reply) = match reach(party.outbound(), "own-key-set", &url, Owner::Ourselves).await {
        Ok(answered) => answered,
        Err(check) => return (Published::Nowhere, vec![check]),
    };
    if reply.status != 200 {
        let means = format!(
            "JWKS not reachable: it answers with status {}, so the provider finds no key and says invalid_client",
            reply.status
        );
        let mend = match reply.status {
            300..=399 | 401 | 403 => "Take the login, the redirect or the address list away from this path.",
            _ => {
                "Let public_url lead to this bridge, under this connection's name, and load this configuration (SIGHUP)."
            }
        };
        return (Published::Nowhere, vec![asked.trouble(means, Mend::ours(mend))]);
    }
    let read = strict_object(&reply.body).ok();
    let Some((set, document)) = read.and_then(|document| Some((KeySet::of(&document).ok()?, document)))
    else {
        let mend = Mend::ours("Let public_url lead to this bridge: something else answers in its place.");
        return (
            Published::Unreadable,
            vec![asked.trouble("what is there is no key set", mend)],
        );
    };
    let check = compare(asked, &listed(&party.key_set()), &listed(&document.into()));
    (Published::Set(Box::new(set)), vec![check])
}

/// Every configured key must be published as it is, the first above all: it signs.
fn compare(asked: Asked, configured: &[Value], published: &[Value]) -> Check {
    let reload =
        || Mend::ours("Send SIGHUP to every bridge behind public_url, so that all have this configuration.");
    for (index, key) in configured.iter().enumerate() {
        let same_name = published.iter().find(|other| other.get("kid") == key.get("kid"));
        let name = key.get("kid").and_then(Value::as_str).unwrap_or_default();
        match same_name {
            Some(other) if NUMBERS.iter().all(|it| other.get(it) == key.get(it)) => {}
            Some(_) => {
                let means = format!("under the kid {name} another key is published than the configured one");
                return asked.trouble(means, reload());
            }
            None if index == 0 => {
                let means = format!(
                    "the key {name}, which signs, is not published: the provider would find an unknown kid"
                );
                return asked.trouble(means, reload());
            }
            None => return asked.warning(format!("the configured key {name} is not published"), reload()),
        }
    }
    let more = published.len().saturating_sub(configured.len());
    if more > 0 {
        return asked.warning(
            format!("{more} more published than configured: a key that was taken out is still believed"),
            reload(),
        );
    }
    asked.ok(format!(
        "{} published, as configured; the provider must reach this address too",
        published.len()
    ))
}

fn listed(set: &Value) -> Vec<Value> {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.cloned().unwrap_or_default()
}

/// Opened without an answer, our callback leads to the front page.
async fn callback(party: &RelyingParty) -> Check {
    let url = party.redirect_uri();
    match reach(party.outbound(), "own-callback", url, Owner::Ourselves).await {
        Ok((asked, reply)) => expected(asked, reply.status, 303),
        Err(check) => check,
    }
}

/// Takes POST alone.
async fn backchannel_logout(party: &RelyingParty) -> Check {
    let url = addresses::backchannel_logout_url(party.origin(), party.name());
    match reach(party.outbound(), "own-backchannel-logout", &url, Owner::Ourselves).await {
        Ok((asked, reply)) => expected(asked, reply.status, 405),
        Err(check) => check,
    }
}

fn expected(asked: Asked, status: u16, usual: u16) -> Check {
    if status == usual {
        return asked.ok("the bridge answers at the address that is registered");
    }
    asked.trouble(
        format!("it answers with status {status}, which is not how this bridge answers there ({usual})"),
        Mend::ours(
            "Let public_url lead to this bridge, without a login or another server in front, and load this \
             configuration (SIGHUP).",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::checkup::Verdict;
    use serde_json::json;

    fn key(kid: &str, n: &str) -> Value {
        json!({ "kty": "RSA", "kid": kid, "n": n, "e": "AQAB", "use": "sig" })
    }

    #[test]
    fn oi_16_the_published_keys_are_the_configured_ones() {
        let configured = [key("new", "1"), key("old", "2")];
        for (published, verdict, said) in [
            (
                vec![key("old", "2"), key("new", "1")],
                Verdict::Ok,
                "as configured",
            ),
            (vec![key("old", "2")], Verdict::Trouble, "unknown kid"),
            (
                vec![key("new", "3"), key("old", "2")],
                Verdict::Trouble,
                "another key",
            ),
            (vec![key("new", "1")], Verdict::Warning, "old is not published"),
            (
                vec![key("new", "1"), key("old", "2"), key("older", "3")],
                Verdict::Warning,
                "1 more",
            ),
        ] {
            let check = compare(Asked::new("own-key-set", ""), &configured, &published);
            assert_eq!(check.verdict, verdict, "{}", check.means);
            assert!(check.means.contains(said), "{}", check.means);
        }
    }

    #[test]
    fn an_api_key_is_named_and_not_repeated() {
        let mut settings = crate::upstream::oidc_rp::settings::examples::cis2();
        assert_eq!(client_id(&settings), None);
        settings.client_id = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u".to_owned();
        let check = client_id(&settings).unwrap();
        assert_eq!(check.verdict, Verdict::Trouble);
        assert!(!format!("{check:?}").contains("0aB1"), "{check:?}");
        settings.preset = Preset::Mock;
        assert_eq!(client_id(&settings), None);
    }
}
