//! Said until it is heard, or often enough.

use time::Duration;

use super::*;

/// The next request, once it was answered.
async fn next(received: &mut UnboundedReceiver<String>) -> String {
    received.recv().await.expect("a request")
}

/// What became of the one notice, once it is no longer as it was.
async fn noted(bench: &Bench, session: &Session, tries: u32) -> Told {
    loop {
        let about = bench.back_channel.record().about(session.sid());
        let [told] = &about[..] else {
            panic!("one notice: {about:?}");
        };
        if told.tries == tries {
            return told.clone();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ap_09_an_application_that_is_told_hears_a_form_with_a_token_of_its_own() {
    let (address, mut received) = hearing(&["200 OK"]);
    let bench = Bench::of([application("rota", Some(&address))]);
    let session = session(&["rota", "gone since"]);
    bench.end(&session);
    let told = bench.back_channel.told(session.sid()).await;
    let [told] = &told[..] else {
        panic!("one application: {told:?}");
    };
    assert!(told.is_heard(), "{told:?}");
    assert_eq!(
        (told.application.as_str(), told.label.as_str(), told.tries),
        ("rota", "The rota", 1)
    );
    let asked = next(&mut received).await;
    assert!(asked.starts_with("POST /logout HTTP/1.1\r\n"), "{asked}");
    assert!(
        asked
            .to_ascii_lowercase()
            .contains("content-type: application/x-www-form-urlencoded"),
        "{asked}"
    );
    assert_eq!(claims(&asked)["aud"], "rota");
}

#[tokio::test]
async fn ap_09_what_is_not_heard_is_said_again_after_a_pause_with_a_fresh_token() {
    let (address, mut received) = hearing(&["503 Service Unavailable", "400 Bad Request", "204 No Content"]);
    let bench = Bench::of([application("rota", Some(&address))]);
    let session = session(&["rota"]);
    bench.end(&session);
    let first = claims(&next(&mut received).await);
    let told = noted(&bench, &session, 1).await;
    let again = examples::AT + Duration::seconds(2);
    assert_eq!(
        told.progress,
        Progress::Again {
            at: again,
            reason: "it answered 503".to_owned()
        }
    );
    bench.clock.set(again);
    let second = claims(&next(&mut received).await);
    assert_ne!(first["jti"], second["jti"]);
    assert_eq!(second["iat"], again.unix_timestamp());
    assert_eq!((&first["sub"], &first["sid"]), (&second["sub"], &second["sid"]));
    noted(&bench, &session, 2).await;
    bench.clock.advance(Duration::seconds(10));
    next(&mut received).await;
    assert!(noted(&bench, &session, 3).await.is_heard());
    assert_eq!(
        bench.back_channel.record().totals(),
        Totals { told: 1, given_up: 0 }
    );
}

#[tokio::test]
async fn ap_09_an_application_that_never_hears_is_given_up_after_five_tries_in_three_minutes() {
    let (address, mut received) = hearing(&["500 Oh", "302 Found", "404 No", "202 Later", "500 Oh"]);
    let bench = Bench::of([application("rota", Some(&address))]);
    let session = session(&["rota"]);
    bench.end(&session);
    for tries in 1..=4 {
        next(&mut received).await;
        let progress = noted(&bench, &session, tries).await.progress;
        let Progress::Again { at, .. } = progress else {
            panic!("{tries}: {progress:?}");
        };
        bench.clock.set(at);
    }
    next(&mut received).await;
    let told = noted(&bench, &session, 5).await;
    let reason = "it answered 500".to_owned();
    assert_eq!(told.progress, Progress::GivenUp { reason });
    assert!(told.last_try.unwrap() - told.ended_at < Duration::minutes(3));
    assert_eq!(
        bench.back_channel.record().totals(),
        Totals { told: 0, given_up: 1 }
    );
}

#[tokio::test]
async fn ap_09_an_application_that_is_away_keeps_neither_the_person_nor_the_others_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", silent.local_addr().unwrap());
    let (quick, mut received) = hearing(&["200 OK"]);
    let bench = Bench::of([
        application("silent", Some(&address)),
        application("quick", Some(&quick)),
    ]);
    let session = session(&["silent", "quick"]);
    bench.end(&session);
    next(&mut received).await;
    let waiting = bench.back_channel.told(session.sid());
    tokio::pin!(waiting);
    tokio::select! {
        biased;
        told = &mut waiting => panic!("{told:?}"),
        () = tokio::task::yield_now() => {}
    }
    bench.clock.advance(PATIENCE);
    let told = waiting.await;
    let silent_told = told.iter().find(|told| told.application == "silent").unwrap();
    assert_eq!(silent_told.progress, Progress::Waiting);
    drop(silent);
}

#[tokio::test]
async fn ap_09_who_did_not_take_part_or_cannot_be_told_is_not() {
    let bench = Bench::of([
        application("rota", Some("http://127.0.0.1:1/")),
        application("quiet", None),
    ]);
    let session = session(&["quiet", "bridge", "unknown"]);
    bench.end(&session);
    assert_eq!(bench.back_channel.told(session.sid()).await, []);
}

#[test]
fn without_a_runtime_an_end_is_noted_as_not_told() {
    let bench = Bench::of([application("rota", Some("http://127.0.0.1:1/"))]);
    let session = session(&["rota"]);
    bench.end(&session);
    let latest = bench.back_channel.record().latest(5);
    assert_eq!((latest[0].progress.word(), latest[0].tries), ("given_up", 0));
}
