//! Sessions on the store in memory, with a clock moved by hand.

mod person;
mod replace;
mod told;
mod upstream;

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use time::Duration;

use super::*;
use crate::identity::person::examples;
use crate::platform::clock::SettableClock;
use crate::platform::random::SeededRandom;
use crate::platform::store::MemoryStore;

const TERMS: Terms = Terms {
    limits: Settings {
        idle: Duration::minutes(15),
        absolute: Duration::hours(12),
    },
    environment: Environment::Test,
};

struct Bench {
    sessions: Sessions,
    clock: SettableClock,
    store: Arc<CountingStore>,
}

fn bench() -> Bench {
    let clock = SettableClock::at(examples::AT);
    let store = Arc::new(CountingStore {
        inner: MemoryStore::new(1000, Arc::new(clock.clone())),
        writes: AtomicUsize::new(0),
    });
    let (shared_store, shared_clock): (Arc<dyn Store>, Arc<dyn Clock>) =
        (Arc::<CountingStore>::clone(&store), Arc::new(clock.clone()));
    let random = Arc::new(SeededRandom::from_seed(1));
    Bench {
        sessions: Sessions::new(shared_store, shared_clock, random),
        clock,
        store,
    }
}

async fn begun(bench: &Bench) -> SessionTicket {
    let (ticket, _) = bench
        .sessions
        .begin(examples::entra(), TERMS, None)
        .await
        .unwrap();
    ticket
}

/// Every question that may be answered by what was read before.
async fn seen(bench: &Bench, ticket: &SessionTicket) -> [bool; 3] {
    let sessions = &bench.sessions;
    [
        sessions.touch(ticket).await.unwrap().is_some(),
        sessions.share(ticket, "rota").await.unwrap().is_some(),
        sessions.seen_by(ticket, "rota").await.unwrap().is_some(),
    ]
}

#[tokio::test]
async fn what_was_read_before_opens_for_its_newest_ticket_alone_and_while_it_lives() {
    let bench = bench();
    let old = begun(&bench).await;
    assert_eq!(seen(&bench, &old).await, [true; 3]);
    let guessed = SessionTicket::to(old.sid().clone(), &SeededRandom::from_seed(98)).unwrap();
    assert_eq!(seen(&bench, &guessed).await, [false; 3], "a sid opens nothing");
    let (new, _) = bench
        .sessions
        .begin(examples::entra(), TERMS, Some(&old))
        .await
        .unwrap();
    assert_eq!(new.sid(), old.sid(), "the session goes on");
    assert_eq!(seen(&bench, &new).await, [true; 3]);
    assert_eq!(seen(&bench, &old).await, [false; 3]);
    bench.clock.advance(Duration::minutes(15));
    assert_eq!(seen(&bench, &new).await, [false; 3], "it is over");
}

#[tokio::test]
async fn what_was_read_before_is_nobodys_where_its_connection_is_switched_off() {
    let bench = bench();
    let ticket = begun(&bench).await;
    assert_eq!(seen(&bench, &ticket).await, [true; 3]);
    let Bench {
        sessions,
        clock,
        store,
    } = bench;
    let bench = Bench {
        sessions: sessions.of_connections(BTreeSet::from(["another".to_owned()])),
        clock,
        store,
    };
    assert_eq!(seen(&bench, &ticket).await, [false; 3]);
}

#[tokio::test]
async fn a_session_is_found_by_its_ticket_and_by_no_other() {
    let bench = bench();
    let ticket = begun(&bench).await;
    let found = bench.sessions.find(&ticket).await.unwrap().unwrap();
    assert_eq!(found.person(), &examples::entra());
    assert_eq!(found.began_at(), examples::AT);
    assert_eq!(found.environment(), Environment::Test);

    let other = SessionTicket::draw(&SeededRandom::from_seed(99)).unwrap();
    assert!(bench.sessions.find(&other).await.unwrap().is_none());
    let guessed = SessionTicket::to(found.sid().clone(), &SeededRandom::from_seed(98)).unwrap();
    assert!(
        bench.sessions.find(&guessed).await.unwrap().is_none(),
        "a sid opens nothing"
    );
    assert!(
        bench.sessions.end(&guessed).await.unwrap().is_none(),
        "and ends nothing"
    );
    assert_eq!(bench.sessions.find_named(found.sid()).await.unwrap(), Some(found));
}

#[tokio::test]
async fn ap_10_signing_in_again_draws_a_new_ticket_and_ends_the_old_session() {
    let bench = bench();
    let old = begun(&bench).await;
    let began = bench.sessions.begin(examples::adfs(), TERMS, Some(&old)).await;
    let (new, _) = began.unwrap();
    assert_ne!(old, new);
    assert!(bench.sessions.find(&old).await.unwrap().is_none());
    assert!(bench.sessions.find(&new).await.unwrap().is_some());
}

#[tokio::test]
async fn ap_11_a_touched_session_lives_on_and_an_idle_one_is_gone() {
    let bench = bench();
    let ticket = begun(&bench).await;
    for _ in 0..5 {
        bench.clock.advance(Duration::minutes(14));
        assert!(bench.sessions.touch(&ticket).await.unwrap().is_some());
    }
    bench.clock.advance(Duration::minutes(15));
    assert!(bench.sessions.touch(&ticket).await.unwrap().is_none());
    assert!(bench.sessions.find(&ticket).await.unwrap().is_none());
}

#[tokio::test]
async fn ap_11_touching_does_not_carry_a_session_past_its_absolute_limit() {
    let bench = bench();
    let ticket = begun(&bench).await;
    for _ in 0..71 {
        bench.clock.advance(Duration::minutes(10));
        assert!(bench.sessions.touch(&ticket).await.unwrap().is_some());
    }
    bench.clock.advance(Duration::minutes(10));
    assert!(bench.sessions.touch(&ticket).await.unwrap().is_none());
}

#[tokio::test]
async fn finding_does_not_extend() {
    let bench = bench();
    let ticket = begun(&bench).await;
    bench.clock.advance(Duration::minutes(14));
    assert!(bench.sessions.find(&ticket).await.unwrap().is_some());
    bench.clock.advance(Duration::MINUTE);
    assert!(bench.sessions.find(&ticket).await.unwrap().is_none());
}

#[tokio::test]
async fn a_thousand_checks_in_a_minute_write_once() {
    let bench = bench();
    let ticket = begun(&bench).await;
    let before = bench.store.writes.load(Ordering::SeqCst);
    for _ in 0..1000 {
        bench.clock.advance(Duration::milliseconds(61));
        assert!(bench.sessions.touch(&ticket).await.unwrap().is_some());
    }
    assert_eq!(bench.store.writes.load(Ordering::SeqCst) - before, 1);
}

#[tokio::test]
async fn a_session_that_ended_stays_ended() {
    let bench = bench();
    let ticket = begun(&bench).await;
    assert!(bench.sessions.end(&ticket).await.unwrap().is_some());
    bench.clock.advance(Duration::minutes(5));
    assert!(bench.sessions.touch(&ticket).await.unwrap().is_none());
    assert!(bench.sessions.share(&ticket, "rota").await.unwrap().is_none());
    assert!(bench.sessions.end(&ticket).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_application_is_forgotten_when_many_are_told_at_once() {
    let bench = bench();
    let ticket = begun(&bench).await;
    let sessions = Arc::new(bench.sessions);
    bench.clock.advance(Duration::minutes(2));
    let telling: Vec<_> = (0..40)
        .map(|n| {
            let (sessions, ticket) = (Arc::clone(&sessions), ticket.clone());
            tokio::spawn(async move {
                sessions.touch(&ticket).await.unwrap();
                sessions.share(&ticket, &format!("app-{}", n % 20)).await.unwrap();
            })
        })
        .collect();
    for told in telling {
        told.await.unwrap();
    }
    let session = sessions.find(&ticket).await.unwrap().unwrap();
    assert_eq!(session.shared_with().len(), 20);
}

#[tokio::test]
async fn ap_11_an_upstream_session_that_is_over_begins_nothing() {
    let bench = bench();
    let person = examples::ending_at(examples::AT);
    let began = bench.sessions.begin(person, TERMS, None).await;
    assert!(matches!(began, Err(SessionError::OverBeforeItBegan)));
}

#[tokio::test]
async fn a_record_that_is_no_session_is_an_error_and_not_a_stranger() {
    let bench = bench();
    let ticket = SessionTicket::draw(&SeededRandom::from_seed(5)).unwrap();
    let later = examples::AT + Duration::HOUR;
    bench
        .store
        .put_new(&ticket.sid().key(), b"{}", later)
        .await
        .unwrap();
    let found = bench.sessions.find(&ticket).await;
    assert!(matches!(found, Err(SessionError::Unreadable(_))));
}

#[tokio::test]
async fn without_room_or_randomness_nothing_begins() {
    let clock = SettableClock::at(examples::AT);
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(3, Arc::new(clock.clone())));
    let sessions = |random: Arc<dyn Random>| {
        let clock = Arc::new(clock.clone());
        Sessions::new(Arc::clone(&store), clock, random)
    };
    let dry = sessions(Arc::new(Dry))
        .begin(examples::entra(), TERMS, None)
        .await;
    assert!(matches!(dry, Err(SessionError::Random(NoRandomness))));

    let good = sessions(Arc::new(SeededRandom::from_seed(1)));
    let (first, _) = good.begin(examples::entra(), TERMS, None).await.unwrap();
    let second = good.begin(examples::adfs(), TERMS, None).await;
    assert!(matches!(second, Err(SessionError::Store(StoreError::Full))));
    assert!(good.find(&first).await.unwrap().is_some(), "nobody is thrown out");
    let again = good.begin(examples::adfs(), TERMS, Some(&first)).await;
    assert!(again.is_ok(), "the old session's place is free");
}

#[tokio::test]
async fn a_ticket_that_chance_draws_twice_is_refused() {
    let bench = bench();
    begun(&bench).await;
    let store: Arc<dyn Store> = Arc::<CountingStore>::clone(&bench.store);
    let random = Arc::new(SeededRandom::from_seed(1));
    let repeating = Sessions::new(store, Arc::new(bench.clock.clone()), random);
    let began = repeating.begin(examples::adfs(), TERMS, None).await;
    assert!(matches!(began, Err(SessionError::TicketInUse)));
}

/// A machine with no randomness left.
#[derive(Debug)]
struct Dry;

impl Random for Dry {
    fn fill(&self, _buffer: &mut [u8]) -> Result<(), NoRandomness> {
        Err(NoRandomness)
    }
}

/// A store that counts what is written over.
#[derive(Debug)]
struct CountingStore {
    inner: MemoryStore,
    writes: AtomicUsize,
}

#[async_trait]
impl Store for CountingStore {
    async fn put_new(&self, key: &str, value: &[u8], at: OffsetDateTime) -> Result<bool, StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.inner.put_new(key, value, at).await
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key).await
    }

    async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.take(key).await
    }

    async fn replace(&self, key: &str, value: &[u8], at: OffsetDateTime) -> Result<bool, StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.inner.replace(key, value, at).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.inner.delete(key).await
    }

    async fn file(&self, index: &str, entry: &str, at: OffsetDateTime) -> Result<(), StoreError> {
        self.inner.file(index, entry, at).await
    }

    async fn filed(&self, index: &str) -> Result<Vec<String>, StoreError> {
        self.inner.filed(index).await
    }

    async fn unfile(&self, index: &str, entry: &str) -> Result<(), StoreError> {
        self.inner.unfile(index, entry).await
    }
}
