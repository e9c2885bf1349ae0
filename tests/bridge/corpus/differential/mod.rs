//! Mutants of the genuine messages before three judges.
//!
//! Whatever our judge accepts must say exactly what the genuine message said, and xmlsec1 must find the same
//! octets signed by the same key. (The second judge of the product, samael, is asked inside our judgement.)

mod bytes;
mod chance;
mod markup;
mod mutate;
mod outline;
mod survivors;
mod tree;
mod wrapping;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chance::Chance;
use nhsmail_bridge::cli::explain::ExplainRequest;
use outline::Outline;
use survivors::Survivor;

use super::index::{Case, INDEX, Identity, ServiceProvider, read};
use super::judge::{Grants, request, signed_in};

/// How many mutants are judged unless the environment says otherwise.
const MUTANTS: usize = 100_000;

/// A genuine message that the judge accepts.
pub(crate) struct Origin {
    pub(crate) case: &'static Case,
    pub(crate) sp: &'static ServiceProvider,
    request: ExplainRequest,
    outline: Outline,
    identity: Identity,
}

/// What became of some mutants.
#[derive(Default)]
struct Outcome {
    judged: usize,
    accepted: usize,
    forged: Vec<String>,
    survivors: Vec<Survivor>,
}

#[test]
fn whatever_is_accepted_is_octets_that_the_identity_provider_signed() {
    let origins = origins();
    let outcome = judge_mutants(&origins, &seeds());
    println!(
        "differential: {} mutants of {} messages, {} accepted, {} of them different files",
        outcome.judged,
        origins.len(),
        outcome.accepted,
        outcome.survivors.len()
    );
    assert!(
        outcome.forged.is_empty(),
        "accepted with another identity:\n{}",
        outcome.forged.join("\n")
    );
    assert!(
        outcome.accepted > outcome.judged / 100,
        "too few are accepted for the run to mean much"
    );
    let refused = survivors::refused_by_xmlsec1(&origins, &outcome.survivors);
    assert!(
        refused.is_empty(),
        "accepted here and not by xmlsec1:\n{}",
        refused.join("\n")
    );
}

fn origins() -> Vec<Origin> {
    let genuine = INDEX.of_kind("response").filter(|case| case.expected != "reject");
    genuine
        .filter_map(|case| {
            let sp = case.sp.as_ref()?;
            let request = request(case.message(), sp, Grants::Everything);
            let identity = signed_in(&request)?;
            Some(Origin {
                case,
                sp,
                request,
                outline: Outline::of(case.message()),
                identity,
            })
        })
        .collect()
}

/// The seeds that are kept in `fixtures/saml/mutation-seeds.txt`.
fn seeds() -> Vec<u64> {
    let text = String::from_utf8(read("mutation-seeds.txt")).expect("the seeds are text");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| u64::from_str_radix(line, 16).expect("a seed is hexadecimal"))
        .collect()
}

/// Every processor takes the next message and seed until none is left.
fn judge_mutants(origins: &[Origin], seeds: &[u64]) -> Outcome {
    let share = wanted().div_ceil(origins.len() * seeds.len());
    let (next, tasks) = (AtomicUsize::new(0), origins.len() * seeds.len());
    let work = || {
        let mut outcome = Outcome::default();
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks {
                return outcome;
            }
            let (place, seed) = (task / seeds.len(), seeds[task % seeds.len()]);
            judge_some(&mut outcome, (place, &origins[place]), seed, share);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let outcomes = thread::scope(|scope| {
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        started
            .into_iter()
            .map(|worker| worker.join().expect("a worker does not panic"))
            .collect::<Vec<_>>()
    });
    outcomes.into_iter().fold(Outcome::default(), Outcome::joined)
}

/// The mutants of one message from one seed.
fn judge_some(outcome: &mut Outcome, (place, origin): (usize, &Origin), seed: u64, share: usize) {
    let mut known = HashSet::new();
    for number in 0..share {
        let mut chance = Chance::of(seed, &origin.case.file, number as u64);
        let mutant = mutate::mutant(&origin.outline, &mut chance);
        let request = ExplainRequest {
            message: mutant.clone(),
            ..origin.request.clone()
        };
        outcome.judged += 1;
        let Some(identity) = signed_in(&request) else {
            continue;
        };
        outcome.accepted += 1;
        let name = format!("{} seed {seed:016x} number {number}", origin.case.file);
        if identity != origin.identity {
            outcome.forged.push(format!("{name}: {identity:?}"));
        }
        if known.insert(mutant.clone()) {
            outcome.survivors.push(Survivor {
                origin: place,
                name,
                bytes: mutant,
            });
        }
    }
}

/// `NHSMAIL_BRIDGE_MUTANTS` asks for more or fewer.
#[expect(
    clippy::disallowed_methods,
    reason = "a test may be asked for more by whoever runs it"
)]
fn wanted() -> usize {
    let asked = std::env::var("NHSMAIL_BRIDGE_MUTANTS").ok();
    asked.map_or(MUTANTS, |number| {
        number.parse().expect("NHSMAIL_BRIDGE_MUTANTS is a number")
    })
}

impl Outcome {
    fn joined(mut self, other: Self) -> Self {
        self.judged += other.judged;
        self.accepted += other.accepted;
        self.forged.extend(other.forged);
        self.survivors.extend(other.survivors);
        self
    }
}
