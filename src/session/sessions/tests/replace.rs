//! A change of role: a new session for the same sign-in.

use super::*;
use crate::session::{Replaced, UpstreamEnd};

const SUPPORT: &str = "555200000012";

fn in_support() -> Person {
    examples::cis2().with_role(SUPPORT, &examples::ours()).unwrap()
}

async fn nurse(bench: &Bench) -> (SessionTicket, Session) {
    bench.sessions.begin(examples::cis2(), TERMS, None).await.unwrap()
}

async fn replaced(bench: &Bench, ticket: &SessionTicket) -> Replaced {
    let replaced = bench.sessions.replace_person(ticket, in_support()).await;
    replaced.unwrap().unwrap()
}

#[tokio::test]
async fn oi_12_another_role_is_another_session_with_another_ticket() {
    let bench = bench();
    let (old, before) = nurse(&bench).await;
    bench.sessions.share(&old, "rota").await.unwrap();
    bench.clock.advance(Duration::MINUTE);
    let after = replaced(&bench, &old).await;
    assert_ne!(after.ticket, old);
    assert_ne!(after.session.sid(), before.sid());
    assert_eq!(after.session.person(), &in_support());
    assert_eq!(after.session.began_at(), before.began_at());
    assert!(after.session.shared_with().is_empty());
    assert!(bench.sessions.find_named(before.sid()).await.unwrap().is_none());
    assert!(bench.sessions.find(&old).await.unwrap().is_none());
    let found = bench.sessions.find(&after.ticket).await.unwrap();
    assert_eq!(found, Some(after.session));
}

#[tokio::test]
async fn oi_12_a_change_of_role_prolongs_nothing_beyond_the_first_end() {
    let bench = bench();
    let (mut ticket, first) = nurse(&bench).await;
    for _ in 0..71 {
        bench.clock.advance(Duration::minutes(10));
        let after = replaced(&bench, &ticket).await;
        assert_eq!(after.session.lifetime().ends_at(), first.lifetime().ends_at());
        ticket = after.ticket;
    }
    bench.clock.advance(Duration::minutes(10));
    let over = bench.sessions.replace_person(&ticket, in_support()).await;
    assert!(over.unwrap().is_none());
}

#[tokio::test]
async fn oi_12_a_session_is_never_handed_to_another_person_or_another_sign_in() {
    let bench = bench();
    let (ticket, _) = nurse(&bench).await;
    let later = examples::AT + Duration::HOUR;
    let sub = examples::cis2().account().subject().to_owned();
    let issuer = examples::cis2().account().issuer().to_owned();
    for other in [
        examples::adfs(),
        examples::known_upstream(&issuer, "555200000002", Some("s"), examples::AT),
        examples::known_upstream(&issuer, &sub, Some("s"), later),
    ] {
        let refused = bench.sessions.replace_person(&ticket, other).await;
        assert!(matches!(refused, Err(SessionError::AnotherPerson)));
    }
    assert!(bench.sessions.find(&ticket).await.unwrap().is_some(), "it stays");
}

#[tokio::test]
async fn oi_14_the_new_session_is_known_upstream_like_the_old() {
    let bench = bench();
    let (ticket, before) = nurse(&bench).await;
    let after = replaced(&bench, &ticket).await;
    let upstream = before.person().upstream_session();
    let end = UpstreamEnd {
        issuer: upstream.issuer.clone(),
        sid: upstream.open_id.as_ref().unwrap().sid.clone(),
        subject: None,
        issued_at: bench.clock.now(),
        saml: None,
    };
    assert_eq!(bench.sessions.end_upstream(&end).await.unwrap().len(), 1);
    assert!(bench.sessions.find(&after.ticket).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oi_12_of_two_changes_at_once_one_succeeds() {
    let bench = bench();
    for _ in 0..50 {
        let (ticket, _) = nurse(&bench).await;
        let change = || bench.sessions.replace_person(&ticket, in_support());
        let (one, two) = tokio::join!(change(), change());
        let begun = [one, two]
            .into_iter()
            .filter(|it| matches!(it, Ok(Some(_))))
            .count();
        assert_eq!(begun, 1);
    }
}
