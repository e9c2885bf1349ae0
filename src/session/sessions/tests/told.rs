//! Sessions that go on, and those that end: who keeps what, and who hears of it.

use std::sync::Mutex;

use super::*;
use crate::session::UpstreamEnd;
use crate::session::ended::Ended;

/// Notes why which sessions ended.
#[derive(Debug, Default)]
struct Heard(Mutex<Vec<(Sid, Cause)>>);

impl Listener for Heard {
    fn ended(&self, ended: &Ended) {
        let end = (ended.session.sid().clone(), ended.cause);
        self.0.lock().unwrap().push(end);
    }
}

impl Heard {
    fn take(&self) -> Vec<(Sid, Cause)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn heard() -> (Bench, Arc<Heard>) {
    let bench = bench();
    let heard = Arc::new(Heard::default());
    let listener: Arc<dyn Listener> = Arc::<Heard>::clone(&heard);
    let sessions = bench.sessions.told_to(listener);
    (Bench { sessions, ..bench }, heard)
}

#[tokio::test]
async fn whoever_proves_themselves_once_more_keeps_their_session_and_gets_a_new_ticket() {
    let (bench, heard) = heard();
    let (old, before) = bench.sessions.begin(examples::cis2(), TERMS, None).await.unwrap();
    bench.sessions.share(&old, "rota").await.unwrap();
    bench.clock.advance(Duration::minutes(10));
    let again = bench.sessions.begin(examples::cis2(), TERMS, Some(&old)).await;
    let (new, after) = again.unwrap();
    assert_eq!(
        (after.sid(), after.shared_with()),
        (before.sid(), &["rota".to_owned()][..])
    );
    assert_eq!(after.began_at(), bench.clock.now());
    assert!(
        bench.sessions.find(&old).await.unwrap().is_none(),
        "the old ticket is dead"
    );
    assert_eq!(bench.sessions.find(&new).await.unwrap(), Some(after));
    assert_eq!(heard.take(), []);
    assert!(bench.sessions.end(&old).await.unwrap().is_none());
}

#[tokio::test]
async fn another_person_or_another_role_is_another_session_and_the_old_ones_end_is_told() {
    let (bench, heard) = heard();
    let in_support = examples::cis2()
        .with_role("555200000012", &examples::ours())
        .unwrap();
    let mut old = bench.sessions.begin(examples::cis2(), TERMS, None).await.unwrap();
    for next in [in_support, examples::entra(), examples::adfs()] {
        let begun = bench.sessions.begin(next, TERMS, Some(&old.0)).await.unwrap();
        assert_ne!(begun.1.sid(), old.1.sid());
        assert_eq!(heard.take(), [(old.1.sid().clone(), Cause::Replaced)]);
        assert!(bench.sessions.find(&old.0).await.unwrap().is_none());
        old = begun;
    }
}

#[tokio::test]
async fn ap_09_every_end_is_told_once_and_says_why() {
    let (bench, heard) = heard();
    let begin = || async { bench.sessions.begin(examples::cis2(), TERMS, None).await.unwrap() };
    let (ticket, session) = begin().await;
    bench.sessions.end(&ticket).await.unwrap();
    bench.sessions.end(&ticket).await.unwrap();
    assert_eq!(heard.take(), [(session.sid().clone(), Cause::SignedOut)]);

    let (_, session) = begin().await;
    let ended = bench
        .sessions
        .end_named(session.sid(), Cause::Administrator)
        .await;
    assert!(ended.unwrap().is_some());
    assert_eq!(heard.take(), [(session.sid().clone(), Cause::Administrator)]);

    let (_, session) = begin().await;
    let upstream = session.person().upstream_session();
    let end = UpstreamEnd {
        issuer: upstream.issuer.clone(),
        sid: upstream.open_id.as_ref().unwrap().sid.clone(),
        subject: None,
        issued_at: bench.clock.now(),
        saml: None,
    };
    bench.sessions.end_upstream(&end).await.unwrap();
    bench.sessions.end_upstream(&end).await.unwrap();
    assert_eq!(heard.take(), [(session.sid().clone(), Cause::Upstream)]);
}

#[tokio::test]
async fn ap_11_a_session_whose_time_ran_out_is_told_to_nobody() {
    let (bench, heard) = heard();
    let (ticket, session) = bench.sessions.begin(examples::cis2(), TERMS, None).await.unwrap();
    bench.clock.advance(Duration::minutes(15));
    assert!(bench.sessions.end(&ticket).await.unwrap().is_none());
    let ended = bench
        .sessions
        .end_named(session.sid(), Cause::Administrator)
        .await;
    assert!(ended.unwrap().is_none());
    assert_eq!(heard.take(), []);
}

#[tokio::test]
async fn oi_14_a_session_that_goes_on_is_known_by_its_new_name_upstream_and_no_longer_by_the_old() {
    let (bench, _heard) = heard();
    let issuer = examples::cis2().account().issuer().to_owned();
    let subject = examples::cis2().account().subject().to_owned();
    let person = |sid, at| examples::known_upstream(&issuer, &subject, Some(sid), at);
    let (old, _) = bench
        .sessions
        .begin(person("one", examples::AT), TERMS, None)
        .await
        .unwrap();
    bench.clock.advance(Duration::MINUTE);
    let now = bench.clock.now();
    let (new, _) = bench
        .sessions
        .begin(person("two", now), TERMS, Some(&old))
        .await
        .unwrap();
    let end = |sid: &str| UpstreamEnd {
        issuer: issuer.clone(),
        sid: Some(sid.to_owned()),
        subject: None,
        issued_at: now + Duration::SECOND,
        saml: None,
    };
    assert_eq!(bench.sessions.end_upstream(&end("one")).await.unwrap().len(), 0);
    assert!(bench.sessions.find(&new).await.unwrap().is_some());
    assert_eq!(bench.sessions.end_upstream(&end("two")).await.unwrap().len(), 1);
    let third = bench.sessions.begin(person("two", now), TERMS, Some(&new)).await;
    assert!(matches!(third, Err(SessionError::EndedUpstream)));
}

#[tokio::test]
async fn seen_by_an_application_is_a_sign_of_life_and_a_telling_in_one_writing() {
    let (bench, _heard) = heard();
    let ticket = begun(&bench).await;
    bench.clock.advance(Duration::minutes(2));
    let before = bench.store.writes.load(Ordering::SeqCst);
    let seen = bench.sessions.seen_by(&ticket, "rota").await.unwrap().unwrap();
    assert_eq!(seen.lifetime().last_seen(), bench.clock.now());
    assert_eq!(seen.shared_with(), ["rota"]);
    bench.sessions.seen_by(&ticket, "rota").await.unwrap();
    assert_eq!(bench.store.writes.load(Ordering::SeqCst) - before, 1);
}
