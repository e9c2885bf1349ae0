//! The assertion before the token endpoint as judge, good and with one thing wrong at a time.

use super::*;
use crate::platform::clock::SettableClock;
use crate::platform::environment::Environment;
use crate::platform::random::{NoRandomness, Random, SeededRandom};
use crate::upstream::checkup::Verdict;
use crate::upstream::oidc_rp::relying_party::{RelyingParty, RolePicker, Surroundings};
use crate::upstream::oidc_rp::settings::examples;
use openssl::nid::Nid;
use time::Duration;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-05-01 09:00 UTC);
const ENDPOINT: &str = "https://op.example:443/access_token";
const API_KEY: &str = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u";

/// Gives the same octets each time, as a broken machine would.
#[derive(Debug)]
struct Stuck;

impl Random for Stuck {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
        buffer.fill(7);
        Ok(())
    }
}

fn party(settings: Settings) -> RelyingParty {
    let around = Surroundings {
        origin: "https://bridge.example.org",
        environment: Environment::Int,
        picker: RolePicker::Provider,
    };
    RelyingParty::load("cis2", settings, around).unwrap()
}

fn settings() -> Settings {
    Settings {
        endpoints: Some(examples::endpoints()),
        ..examples::cis2()
    }
}

fn published(party: &RelyingParty) -> Published {
    let document = party.key_set();
    Published::Set(Box::new(KeySet::of(document.as_object().unwrap()).unwrap()))
}

/// What the token endpoint has found out.
struct Known {
    published: Published,
    algorithms: Vec<Algorithm>,
    there: OffsetDateTime,
}

/// What the judge says of `party`, when `bend` has made one thing wrong about what the token endpoint knows.
fn checks(party: &RelyingParty, random: &dyn Random, bend: impl FnOnce(&mut Known)) -> Vec<Check> {
    let provider = party.configured().unwrap();
    assert_eq!(provider.token_endpoint, ENDPOINT);
    let mut known = Known {
        published: published(party),
        algorithms: vec![Algorithm::ES256, Algorithm::RS512],
        there: NOW,
    };
    bend(&mut known);
    let bench = Judge {
        provider: &provider,
        published: &known.published,
        algorithms: known.algorithms,
        there: known.there,
    };
    let clock = SettableClock::at(NOW);
    let visit = Visit {
        party,
        clock: &clock,
        random,
    };
    judge(visit, &bench)
}

/// The checks that are a trouble, but for the one on the whole: their names and what they say.
fn troubles(checks: &[Check]) -> Vec<(&'static str, &str)> {
    let bad = checks.iter().filter(|check| check.verdict == Verdict::Trouble);
    let bad = bad.filter(|check| check.id != "client-assertion");
    bad.map(|check| (check.id, check.means.as_str())).collect()
}

#[track_caller]
fn assert_named(checks: &[Check], id: &str, words: &str) {
    let found = troubles(checks);
    let said = found.iter().find(|(known, _)| *known == id);
    assert!(
        said.is_some_and(|(_, means)| means.starts_with(words)),
        "{found:?}"
    );
    assert_eq!(checks[0].verdict, Verdict::Trouble);
    assert!(
        checks
            .iter()
            .all(|check| check.mend.is_some() && check.who.is_some()),
        "{checks:?}"
    );
}

#[test]
fn oi_08_a_good_assertion_passes_every_rule_and_is_not_shown() {
    let checks = checks(&party(settings()), &SeededRandom::from_seed(1), |_bench| {});
    assert_eq!(troubles(&checks), []);
    assert_eq!((checks.len(), checks[0].verdict), (1, Verdict::Ok));
    assert!(checks[0].rules.len() > 15, "only {} rules", checks[0].rules.len());
    assert!(
        !format!("{checks:?}").contains("eyJ"),
        "an assertion is a secret while it is good"
    );
}

#[test]
fn oi_09_an_audience_without_its_port_and_any_other_are_told_apart() {
    for (audience, id, words) in [
        (
            "https://op.example/access_token",
            "client-assertion-audience-port",
            "the audience has lost its :443",
        ),
        (
            "https://op.example:443/token",
            "client-assertion-audience",
            "wrong audience",
        ),
    ] {
        let party = party(Settings {
            assertion_audience: AssertionAudience::Stated(audience.to_owned()),
            ..settings()
        });
        assert_named(
            &checks(&party, &SeededRandom::from_seed(1), |_bench| {}),
            id,
            words,
        );
    }
}

#[test]
fn oi_08_every_known_mistake_behind_jwt_is_not_valid_has_its_name() {
    let good = party(settings());
    let seed = SeededRandom::from_seed(1);
    let other = party(Settings {
        client_keys: vec![examples::client_key(
            crate::upstream::oidc_rp::settings::Algorithm::Es256,
            &examples::ec_key(Nid::X9_62_PRIME256V1),
        )],
        ..settings()
    });
    let of_another = published(&other);
    let unknown = checks(&good, &seed, |bench| bench.published = of_another);
    assert_named(&unknown, "token-key", "unknown kid");

    let nowhere = checks(&good, &seed, |bench| bench.published = Published::Nowhere);
    assert_named(&nowhere, "token-key-set", "JWKS not reachable");

    let late = checks(&good, &seed, |bench| bench.there = NOW + Duration::seconds(121));
    assert_named(&late, "token-expires", "expired");

    let algorithm = checks(&good, &seed, |bench| bench.algorithms = vec![Algorithm::RS512]);
    assert_named(&algorithm, "token-algorithm", "wrong algorithm");

    assert_named(
        &checks(&good, &Stuck, |_bench| {}),
        "client-assertion-id-unused",
        "the jti was used before",
    );
}

#[test]
fn oi_08_a_key_of_the_same_name_is_not_the_same_key() {
    let named = |settings: Settings| {
        let mut keys = settings.client_keys.clone();
        keys[0].kid = Some("bridge-1".to_owned());
        party(Settings {
            client_keys: keys,
            ..settings
        })
    };
    let (good, other) = (named(settings()), named(settings()));
    let of_another = published(&other);
    let checks = checks(&good, &SeededRandom::from_seed(1), |bench| {
        bench.published = of_another;
    });
    let ids: Vec<&str> = troubles(&checks).iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, ["token-signature"]);
}

#[test]
fn a_configured_api_key_is_not_shown_by_the_rules_that_hold() {
    let party = party(Settings {
        client_id: API_KEY.to_owned(),
        ..settings()
    });
    let checks = checks(&party, &SeededRandom::from_seed(1), |_bench| {});
    assert!(!format!("{checks:?}").contains(API_KEY));
}
