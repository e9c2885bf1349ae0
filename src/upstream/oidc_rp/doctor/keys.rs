//! The provider's key set: is there a key that its tokens may be verified with.

use time::Duration;

use crate::platform::outbound::Reply;
use crate::protocol::jose;
use crate::protocol::jose::key_set::{KeySet, Skipped};
use crate::protocol::jose::public_key::{PublicKey, Unusable};
use crate::upstream::checkup::reach::{Owner, reach};
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::judgement::Who;
use crate::upstream::oidc_rp::doctor::provider::Found;
use crate::upstream::oidc_rp::doctor::{Visit, clock};
use crate::upstream::oidc_rp::relying_party::{RelyingParty, is_fake};
use crate::upstream::oidc_rp::stated::shown;

/// Fetches and judges the key set. Says how far the provider's clock is ahead, too.
pub(super) async fn examine(visit: Visit<'_>, found: &Found) -> (Vec<Check>, Option<Duration>) {
    let url = &found.provider.jwks_uri;
    let (asked, reply) = match reach(visit.party.outbound(), "provider-keys", url, Owner::Neighbour).await {
        Ok(answered) => answered,
        Err(check) => return (vec![check], found.offset),
    };
    let now = visit.clock.now();
    let mut checks = judge(visit.party, asked, &reply);
    // Without a discovery document this is the first answer with a date.
    if found.document.is_some() {
        return (checks, found.offset);
    }
    let (told, offset) = clock::compare(&reply, now, visit.party.settings().clock_skew);
    checks.push(told);
    (checks, offset)
}

fn judge(party: &RelyingParty, asked: Asked, reply: &Reply) -> Vec<Check> {
    let theirs = |text: &'static str| Mend::by(Who::IdentityProvider, text);
    if reply.status != 200 {
        let means = format!("it answers with status {} and no key set", reply.status);
        return vec![asked.trouble(
            means,
            theirs("Publish the key set at the jwks_uri of the discovery document."),
        )];
    }
    let set = match KeySet::read(&reply.body) {
        Ok(set) => set,
        Err(flaw) => {
            let mend = theirs("Publish a key set (RFC 7517 5).");
            return vec![asked.trouble(flaw.to_string(), mend)];
        }
    };
    if party.environment().is_live() && is_fake(&set) {
        let mend = Mend::ours("Set the issuer of the live provider: this is one of our fakes.");
        return vec![asked.trouble("it is the key set of a fake, and real people sign in here", mend)];
    }
    let names = names(set.keys());
    let configured = &party.settings().id_token_algorithms;
    let fits = |key: &PublicKey| {
        configured
            .iter()
            .any(|algorithm| key.fits(jose::Algorithm::from(*algorithm)))
    };
    let verdict = if set.is_empty() {
        let mend = theirs("Publish the keys that sign, in full, for signatures, RSA of 2048 bits or more.");
        asked.trouble(
            "it holds no key that could sign, so nobody can be signed in",
            mend,
        )
    } else if set.keys().iter().any(fits) {
        asked.ok(format!("{} usable: {names}", set.keys().len()))
    } else {
        let configured: Vec<&str> = configured.iter().map(|algorithm| algorithm.as_str()).collect();
        let means = format!("none of its keys ({names}) is for {}", configured.join(", "));
        let mend =
            Mend::ours("Set id_token_algorithms to what the provider signs with, if that is strong enough.");
        asked.trouble(means, mend)
    };
    std::iter::once(verdict)
        .chain(set.skipped().iter().map(skipped))
        .collect()
}

/// A key for encryption is no fault; one that is broken or private is.
fn skipped(key: &Skipped) -> Check {
    let name = key.kid.as_deref().map_or("without a kid".into(), shown);
    let asked = Asked::new("provider-key-left-aside", format!("the key {name}"));
    let means = format!("it is left aside: {}", key.reason);
    match key.reason {
        Unusable::NotForSignatures | Unusable::UnknownType => asked.ok(means),
        Unusable::Shape
        | Unusable::Symmetric
        | Unusable::Private
        | Unusable::OtherAlgorithm
        | Unusable::NotAKey
        | Unusable::Weak
        | Unusable::OtherCertificate => asked.warning(
            means,
            Mend::by(
                Who::IdentityProvider,
                "Publish the public half of a sound key, or take this one out.",
            ),
        ),
    }
}

/// The names of keys, for people.
pub(super) fn names(keys: &[PublicKey]) -> String {
    let names = keys.iter().map(|key| key.kid().map_or("(no kid)".into(), shown));
    names.collect::<Vec<_>>().join(", ")
}
