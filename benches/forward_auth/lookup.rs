//! Sessions looked up among few and among many, in the store of one node.

use std::sync::Arc;
use std::time::Instant;

use nhsmail_bridge::downstream::subject::SubjectKey;
use nhsmail_bridge::identity::person::Person;
use nhsmail_bridge::platform::clock::{Clock, SettableClock};
use nhsmail_bridge::platform::environment::Environment;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::platform::store::MemoryStore;
use nhsmail_bridge::session::ticket::SessionTicket;
use nhsmail_bridge::session::{self, Sessions, Terms};
use nhsmail_bridge::upstream::saml_sp::settings::SecondJudge;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::issuer::{INSTANT, Issuer};
use crate::sign_in::SignIn;

/// How many are there when the look-ups are timed.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Whose look-ups are timed: spread over all of them.
const TIMED: usize = 1_000;
/// How often each of them is looked up.
const ROUNDS: usize = 20;
/// A session is a record and is filed under the names that its upstream and the applications have for it.
const RECORDS_EACH: usize = 4;

struct Many {
    sessions: Sessions,
    /// Somebody, as the record has them.
    person: String,
    /// Every so many-th ticket; the others are nobody's.
    kept: Vec<SessionTicket>,
    there: usize,
    began_with: f64,
}

/// Prints the table up to `most` sessions.
pub(crate) fn print(most: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    println!("\n  sessions | one look-up | resident memory | for one session");
    let mut many = Many::none(most);
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        runtime.block_on(many.fill_up_to(size));
        let micro = runtime.block_on(many.timed());
        let mib = resident_mib() - many.began_with;
        let each = mib * 1024.0 / f64::from(u32::try_from(size).expect("a number"));
        println!("  {size:8} | {micro:8.2} us | {mib:11.0} MiB | {each:10.2} KiB");
    }
}

impl Many {
    fn none(most: usize) -> Self {
        let person = SignIn::prepare(&Issuer::new(), 6_800, SecondJudge::Off);
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(now()));
        let names = SubjectKey::draw(&SystemRandom).expect("a key");
        let store = Arc::new(MemoryStore::new(most * RECORDS_EACH, Arc::clone(&clock)));
        Self {
            sessions: Sessions::new(store, clock, Arc::new(SystemRandom)).known_by(Arc::new(names)),
            person: serde_json::to_string(&person.person()).expect("JSON"),
            kept: Vec::new(),
            there: 0,
            began_with: resident_mib(),
        }
    }

    async fn fill_up_to(&mut self, size: usize) {
        let terms = Terms {
            limits: session::settings::Settings::default(),
            environment: Environment::Test,
        };
        self.kept.clear();
        let keep_each = ((size - self.there) / TIMED).max(1);
        while self.there < size {
            let begun = self.sessions.begin(self.somebody(), terms, None).await;
            let (ticket, _session) = begun.expect("a session");
            if self.there.is_multiple_of(keep_each) {
                self.kept.push(ticket);
            }
            self.there += 1;
        }
    }

    /// Somebody who is nobody else: another account, another session at the upstream.
    fn somebody(&self) -> Person {
        let number = self.there;
        let text = self
            .person
            .replace("amara.example@", &format!("amara.{number}@"))
            .replace("kH8jC2mXo0Yq3b1R", &format!("{number:016}"))
            .replace("_5f1b2c3d", &format!("_{number:08}"));
        serde_json::from_str(&text).expect("somebody")
    }

    /// Microseconds of one look-up: the best round.
    #[expect(clippy::disallowed_methods, reason = "this measures the machine's own time")]
    async fn timed(&self) -> f64 {
        let mut best = f64::INFINITY;
        for _round in 0..ROUNDS {
            let start = Instant::now();
            for ticket in &self.kept {
                let found = self.sessions.find(ticket).await.expect("a store");
                assert!(found.is_some(), "it is there");
            }
            let count = u32::try_from(self.kept.len()).expect("a number");
            best = best.min(start.elapsed().as_secs_f64() / f64::from(count));
        }
        best * 1e6
    }
}

/// When the person signs in.
fn now() -> OffsetDateTime {
    OffsetDateTime::parse(INSTANT, &Rfc3339).expect("an instant") + Duration::seconds(1)
}

/// What the whole program occupies (proc(5), `VmRSS`).
fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("a size");
    let kib = line
        .split_ascii_whitespace()
        .nth(1)
        .and_then(|number| number.parse::<u32>().ok());
    f64::from(kib.expect("a number")) / 1024.0
}
