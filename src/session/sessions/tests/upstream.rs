//! What an upstream ends, and what it does not.

use super::*;
use crate::session::UpstreamEnd;

const CIS2: &str = "https://am.cis2.example.test:443/oidc";
const OTHER: &str = "https://am.cis2.example.test/oidc";
const PRIYA: &str = "555200000001";
const SAM: &str = "555200000002";

impl Bench {
    async fn signs_in(&self, subject: &str, sid: Option<&str>) -> SessionTicket {
        let person = examples::known_upstream(CIS2, subject, sid, self.clock.now());
        let (ticket, _) = self.sessions.begin(person, TERMS, None).await.unwrap();
        ticket
    }

    async fn is_live(&self, ticket: &SessionTicket) -> bool {
        self.sessions.find(ticket).await.unwrap().is_some()
    }

    /// How many sessions such an end ends.
    async fn ends(&self, end: &UpstreamEnd) -> usize {
        self.sessions.end_upstream(end).await.unwrap().len()
    }

    fn end(&self, sid: Option<&str>, subject: Option<&str>) -> UpstreamEnd {
        UpstreamEnd {
            issuer: CIS2.to_owned(),
            sid: sid.map(str::to_owned),
            subject: subject.map(str::to_owned),
            issued_at: self.clock.now(),
            saml: None,
        }
    }
}

#[tokio::test]
async fn oi_14_a_named_session_ends_and_the_persons_others_stay() {
    let bench = bench();
    let (one, two) = (
        bench.signs_in(PRIYA, Some("one")).await,
        bench.signs_in(PRIYA, Some("two")).await,
    );
    bench.clock.advance(Duration::SECOND);
    let end = bench.end(Some("one"), Some(PRIYA));
    let ended = bench.sessions.end_upstream(&end).await.unwrap();
    assert_eq!(ended.len(), 1);
    assert_eq!(
        ended[0]
            .person()
            .upstream_session()
            .open_id
            .as_ref()
            .unwrap()
            .sid
            .as_deref(),
        Some("one")
    );
    assert!(!bench.is_live(&one).await && bench.is_live(&two).await);
    assert!(bench.sessions.touch(&one).await.unwrap().is_none());
}

#[tokio::test]
async fn oi_14_a_person_named_alone_or_with_a_blank_session_ends_everywhere() {
    for sid in [None, Some(""), Some(" ")] {
        let bench = bench();
        let mut hers = Vec::new();
        for sid in [Some("one"), Some("two"), Some(""), None] {
            hers.push(bench.signs_in(PRIYA, sid).await);
        }
        let his = bench.signs_in(SAM, Some("three")).await;
        bench.clock.advance(Duration::SECOND);
        assert_eq!(bench.ends(&bench.end(sid, Some(PRIYA))).await, 4);
        for ticket in &hers {
            assert!(!bench.is_live(ticket).await);
        }
        assert!(bench.is_live(&his).await);
    }
}

#[tokio::test]
async fn oi_14_a_session_that_came_without_a_name_ends_with_any_of_the_same_person() {
    let bench = bench();
    let nameless = bench.signs_in(PRIYA, None).await;
    let (hers, his) = (
        bench.signs_in(PRIYA, Some("two")).await,
        bench.signs_in(SAM, None).await,
    );
    bench.clock.advance(Duration::SECOND);
    assert_eq!(bench.ends(&bench.end(Some("one"), Some(PRIYA))).await, 1);
    assert!(!bench.is_live(&nameless).await);
    assert!(bench.is_live(&hers).await && bench.is_live(&his).await);
}

#[tokio::test]
async fn oi_14_another_issuer_ends_nothing_and_an_unknown_name_is_no_error() {
    let bench = bench();
    let hers = bench.signs_in(PRIYA, Some("one")).await;
    let saml = begun(&bench).await;
    bench.clock.advance(Duration::SECOND);
    for (sid, subject) in [
        (Some("one"), None),
        (None, Some(PRIYA)),
        (Some("one"), Some(PRIYA)),
    ] {
        let elsewhere = UpstreamEnd {
            issuer: OTHER.to_owned(),
            ..bench.end(sid, subject)
        };
        assert_eq!(bench.ends(&elsewhere).await, 0);
    }
    for (sid, subject) in [
        (Some("two"), Some(PRIYA)),
        (Some(PRIYA), None),
        (None, Some("one")),
        (None, None),
        (Some(""), Some(" ")),
    ] {
        assert_eq!(bench.ends(&bench.end(sid, subject)).await, 0);
    }
    assert!(bench.is_live(&hers).await && bench.is_live(&saml).await);
}

#[tokio::test]
async fn oi_13_an_old_end_does_not_reach_whoever_has_signed_in_since() {
    let bench = bench();
    let first = bench.signs_in(PRIYA, Some("one")).await;
    bench.clock.advance(Duration::MINUTE);
    let end = bench.end(None, Some(PRIYA));
    bench.clock.advance(Duration::SECOND);
    let second = bench.signs_in(PRIYA, Some("one")).await;
    for _ in 0..3 {
        bench.sessions.end_upstream(&end).await.unwrap();
        bench
            .sessions
            .end_upstream(&UpstreamEnd {
                sid: Some("one".to_owned()),
                ..end.clone()
            })
            .await
            .unwrap();
    }
    assert!(!bench.is_live(&first).await && bench.is_live(&second).await);
}

#[tokio::test]
async fn oi_13_in_the_same_second_the_end_counts() {
    let bench = bench();
    let ticket = bench.signs_in(PRIYA, Some("one")).await;
    assert_eq!(bench.ends(&bench.end(Some("one"), None)).await, 1);
    assert!(!bench.is_live(&ticket).await);
}

#[tokio::test]
async fn oi_14_said_twice_it_ends_once() {
    let bench = bench();
    bench.signs_in(PRIYA, Some("one")).await;
    bench.clock.advance(Duration::SECOND);
    let end = bench.end(Some("one"), Some(PRIYA));
    assert_eq!(bench.ends(&end).await, 1);
    assert_eq!(bench.ends(&end).await, 0);
}

#[tokio::test]
async fn oi_14_a_sign_in_under_way_does_not_begin_after_its_end() {
    for by_sid in [true, false] {
        let bench = bench();
        let waiting = |at| examples::known_upstream(CIS2, PRIYA, Some("one"), at);
        let proven_at = bench.clock.now();
        bench.clock.advance(Duration::MINUTE);
        let sid = by_sid.then_some("one");
        assert_eq!(bench.ends(&bench.end(sid, Some(PRIYA))).await, 0);
        bench.clock.advance(Duration::minutes(29));
        let began = bench.sessions.begin(waiting(proven_at), TERMS, None).await;
        assert!(matches!(began, Err(SessionError::EndedUpstream)));
        let later = waiting(proven_at + Duration::seconds(61));
        assert!(
            bench.sessions.begin(later, TERMS, None).await.is_ok(),
            "signed in again since"
        );
        let other = examples::known_upstream(OTHER, PRIYA, Some("one"), proven_at);
        assert!(bench.sessions.begin(other, TERMS, None).await.is_ok());
    }
}

#[tokio::test]
async fn oi_14_of_two_ends_the_older_takes_nothing_from_the_newer() {
    let bench = bench();
    let early = bench.end(Some("one"), None);
    bench.clock.advance(Duration::MINUTE);
    let person = examples::known_upstream(CIS2, PRIYA, Some("one"), bench.clock.now());
    let late = bench.end(Some("one"), None);
    bench.ends(&late).await;
    bench.ends(&early).await;
    let began = bench.sessions.begin(person, TERMS, None).await;
    assert!(matches!(began, Err(SessionError::EndedUpstream)));
}

#[tokio::test]
async fn oi_14_a_refused_sign_in_leaves_nothing_behind() {
    let bench = bench();
    bench.ends(&bench.end(Some("one"), None)).await;
    let person = examples::known_upstream(CIS2, PRIYA, Some("one"), bench.clock.now());
    let began = bench.sessions.begin(person, TERMS, None).await;
    assert!(began.is_err());
    assert_eq!(bench.ends(&bench.end(None, Some(PRIYA))).await, 0);
}

#[tokio::test]
async fn oi_14_a_session_is_found_by_its_upstream_for_as_long_as_it_lives() {
    let bench = bench();
    let ticket = bench.signs_in(PRIYA, Some("one")).await;
    for _ in 0..40 {
        bench.clock.advance(Duration::minutes(14));
        assert!(bench.sessions.touch(&ticket).await.unwrap().is_some());
    }
    bench.clock.advance(Duration::minutes(14));
    assert_eq!(bench.ends(&bench.end(Some("one"), None)).await, 1);
    assert!(!bench.is_live(&ticket).await);
}

#[tokio::test]
async fn an_ended_session_leaves_no_entry_and_an_expired_one_none_for_long() {
    let bench = bench();
    let person = || examples::known_upstream(CIS2, PRIYA, Some("one"), bench.clock.now());
    let store = MemoryStore::new(3, Arc::new(bench.clock.clone()));
    let sessions = Sessions::new(
        Arc::new(store),
        Arc::new(bench.clock.clone()),
        Arc::new(SeededRandom::from_seed(3)),
    );
    for _ in 0..5 {
        let (ticket, _) = sessions.begin(person(), TERMS, None).await.unwrap();
        assert!(sessions.end(&ticket).await.unwrap().is_some());
        let (old, _) = sessions.begin(person(), TERMS, None).await.unwrap();
        sessions.begin(person(), TERMS, Some(&old)).await.unwrap();
        bench.clock.advance(Duration::minutes(16));
    }
}

#[tokio::test]
async fn without_room_for_its_entries_no_session_begins() {
    let bench = bench();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(2, Arc::new(bench.clock.clone())));
    let sessions = Sessions::new(
        Arc::clone(&store),
        Arc::new(bench.clock.clone()),
        Arc::new(SeededRandom::from_seed(3)),
    );
    let person = examples::known_upstream(CIS2, PRIYA, Some("one"), bench.clock.now());
    let began = sessions.begin(person, TERMS, None).await;
    assert!(matches!(began, Err(SessionError::Store(StoreError::Full))));
    for key in ["a", "b"] {
        assert_eq!(
            store.put_new(key, b"", examples::AT + Duration::HOUR).await,
            Ok(true),
            "nothing stayed"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oi_14_a_session_that_is_just_being_opened_does_not_slip_through() {
    for _ in 0..100 {
        let bench = bench();
        let person = examples::known_upstream(CIS2, PRIYA, Some("one"), bench.clock.now());
        let end = bench.end(Some("one"), None);
        let sessions = Arc::new(bench.sessions);
        let beginning = {
            let sessions = Arc::clone(&sessions);
            tokio::spawn(async move { sessions.begin(person, TERMS, None).await })
        };
        sessions.end_upstream(&end).await.unwrap();
        if let Ok((ticket, _)) = beginning.await.unwrap() {
            assert!(sessions.find(&ticket).await.unwrap().is_none());
        }
    }
}

/// Ends that SAML says: whom, which of their sessions, at which connection.
mod saml {
    use super::*;
    use crate::identity::upstream_session::NameId;
    use crate::session::SamlName;

    fn end_of(person: &Person, bench: &Bench) -> UpstreamEnd {
        let upstream = person.upstream_session();
        let name_id = upstream.name_id.clone().unwrap();
        UpstreamEnd {
            issuer: upstream.issuer.clone(),
            sid: upstream.session_index.clone(),
            subject: Some(name_id.value.clone()),
            issued_at: bench.clock.now(),
            saml: Some(SamlName {
                connection: person.connection().to_owned(),
                name_id,
            }),
        }
    }

    async fn ada(bench: &Bench) -> SessionTicket {
        let begun = bench.sessions.begin(examples::entra(), TERMS, None).await;
        begun.unwrap().0
    }

    #[tokio::test]
    async fn lo_03_a_name_and_an_index_end_that_session_and_a_name_alone_all() {
        for named in [true, false] {
            let bench = bench();
            let ticket = ada(&bench).await;
            bench.clock.advance(Duration::SECOND);
            let mut end = end_of(&examples::entra(), &bench);
            end.sid = end.sid.filter(|_| named);
            assert_eq!(bench.ends(&end).await, 1);
            assert!(!bench.is_live(&ticket).await);
        }
    }

    #[tokio::test]
    async fn lo_03_another_person_index_connection_or_language_ends_nothing() {
        let bench = bench();
        let ticket = ada(&bench).await;
        bench.clock.advance(Duration::SECOND);
        let good = || end_of(&examples::entra(), &bench);
        let renamed = |change: &dyn Fn(&mut SamlName)| {
            let mut end = good();
            change(end.saml.as_mut().unwrap());
            end
        };
        let other = |name: &mut NameId| name.value.push('x');
        for end in [
            renamed(&|saml| other(&mut saml.name_id)),
            renamed(&|saml| saml.name_id.format = Some("urn:another".to_owned())),
            renamed(&|saml| saml.connection.push('x')),
            UpstreamEnd {
                sid: Some("_another".to_owned()),
                ..good()
            },
            UpstreamEnd { saml: None, ..good() },
            UpstreamEnd {
                issuer: OTHER.to_owned(),
                ..good()
            },
        ] {
            assert_eq!(bench.ends(&end).await, 0);
        }
        assert!(bench.is_live(&ticket).await);
    }

    #[tokio::test]
    async fn lo_03_what_was_vouched_for_after_the_request_stays() {
        let bench = bench();
        let mut end = end_of(&examples::entra(), &bench);
        end.issued_at = examples::AT - Duration::SECOND;
        let ticket = ada(&bench).await;
        assert_eq!(bench.ends(&end).await, 0);
        assert!(bench.is_live(&ticket).await);
    }
}
