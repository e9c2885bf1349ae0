//! All sessions of one person end, and nobody else's.

use super::*;
use crate::session::public_name::PublicName;

/// Knows people by their connection.
#[derive(Debug)]
struct ByConnection;

impl PublicName for ByConnection {
    fn of(&self, person: &Person) -> Option<String> {
        Some(person.connection().to_owned())
    }
}

fn named() -> Bench {
    let bench = bench();
    let sessions = bench.sessions.known_by(Arc::new(ByConnection));
    Bench { sessions, ..bench }
}

#[tokio::test]
async fn lo_05_every_session_of_a_person_ends_and_no_other() {
    let bench = named();
    let begin = |person| async { bench.sessions.begin(person, TERMS, None).await.unwrap() };
    let (_, here) = begin(examples::entra()).await;
    let (there, _) = begin(examples::entra()).await;
    let (other, _) = begin(examples::cis2()).await;
    bench.sessions.touch(&there).await.unwrap();

    let name = here.person().connection();
    let ended = bench
        .sessions
        .end_person(name, Cause::Administrator)
        .await
        .unwrap();
    assert_eq!(ended.len(), 2);
    assert!(bench.sessions.find(&there).await.unwrap().is_none());
    assert!(bench.sessions.find(&other).await.unwrap().is_some());
    let again = bench.sessions.end_person(name, Cause::Administrator).await;
    assert!(again.unwrap().is_empty());
    for nobody in ["", " ", "somebody else"] {
        let none = bench.sessions.end_person(nobody, Cause::Administrator).await;
        assert!(none.unwrap().is_empty(), "{nobody:?}");
    }
}

#[tokio::test]
async fn lo_05_a_sign_in_that_was_on_the_way_is_refused_and_a_later_one_is_not() {
    let bench = named();
    let person = examples::cis2();
    let name = person.connection().to_owned();
    let end = bench.sessions.end_person(&name, Cause::Administrator);
    assert!(end.await.unwrap().is_empty());
    let on_the_way = bench.sessions.begin(person.clone(), TERMS, None).await;
    assert!(matches!(on_the_way, Err(SessionError::EndedUpstream)));
    bench.clock.advance(Duration::MINUTE);
    let issuer = person.account().issuer();
    let proven = bench.clock.now();
    let later = examples::known_upstream(issuer, person.account().subject(), Some("s"), proven);
    assert!(bench.sessions.begin(later, TERMS, None).await.is_ok());
}

#[tokio::test]
async fn a_session_that_became_another_persons_is_not_filed_under_the_first() {
    let bench = named();
    let (old, first) = bench
        .sessions
        .begin(examples::entra(), TERMS, None)
        .await
        .unwrap();
    let (new, _) = bench
        .sessions
        .begin(examples::cis2(), TERMS, Some(&old))
        .await
        .unwrap();
    let name = first.person().connection();
    let ended = bench
        .sessions
        .end_person(name, Cause::Administrator)
        .await
        .unwrap();
    assert!(ended.is_empty());
    assert!(bench.sessions.find(&new).await.unwrap().is_some());
}
