//! Is everything around one connection as it should be: the provider, our own public address, and the assertion that
//! we would prove ourselves by.

mod advertised;
mod assertion;
mod clock;
mod keys;
mod ourselves;
mod provider;

use crate::platform::clock::Clock;
use crate::platform::random::Random;
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use assertion::{Judge, Published};

/// What the doctor works with: the connection, time and chance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit<'v> {
    pub(super) party: &'v RelyingParty,
    pub(super) clock: &'v dyn Clock,
    pub(super) random: &'v dyn Random,
}

/// Asks everybody that the connection needs, in the order in which a sign-in would. Nobody is signed in, and nothing
/// is changed anywhere.
pub async fn examine(party: &RelyingParty, clock: &dyn Clock, random: &dyn Random) -> Vec<Check> {
    let visit = Visit { party, clock, random };
    let mut checks: Vec<Check> = ourselves::client_id(party.settings()).into_iter().collect();
    let found = provider::find(visit, &mut checks).await;
    let Some(found) = found else {
        let (published, own) = ourselves::addresses(visit).await;
        checks.extend(own);
        checks.extend(unjudged(&published));
        return checks;
    };
    checks.extend(advertised::compare(party, &found));
    let (told, offset) = keys::examine(visit, &found).await;
    checks.extend(told);
    checks.extend(provider::endpoints(party, &found.provider).await);
    let (published, own) = ourselves::addresses(visit).await;
    checks.extend(own);
    let here = clock.now();
    let judge = Judge {
        provider: &found.provider,
        published: &published,
        algorithms: advertised::assertion_algorithms(party, &found),
        there: offset.map_or(here, |offset| here.saturating_add(offset)),
    };
    checks.extend(assertion::judge(visit, &judge));
    checks
}

/// Without the provider nobody knows the audience.
fn unjudged(published: &Published) -> Option<Check> {
    let asked = Asked::new("client-assertion", "the client assertion that we would send");
    (!matches!(published, Published::NotNeeded)).then(|| {
        asked.warning(
            "it is not judged: nobody says where the token endpoint is",
            Mend::ours("Mend what keeps the discovery document away, and ask again."),
        )
    })
}
