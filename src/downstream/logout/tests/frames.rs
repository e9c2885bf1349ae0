//! The pages of applications in frames.

use super::*;

fn framed(client_id: &str, front_channel: &str) -> Application {
    let mut application = application(client_id, None);
    application.logout.front_channel = Some(front_channel.to_owned());
    application
}

#[tokio::test]
async fn ap_09_a_frame_names_the_issuer_and_the_session_and_keeps_what_was_registered() {
    let bench = Bench::of([
        framed("rota", "https://rota.example.test/out?tenant=1"),
        framed("ward", "https://ward.example.test/out"),
        application("quiet", None),
    ]);
    let session = session(&["rota", "quiet", "ward", "gone"]);
    let frames = bench.back_channel.frames(&session, None);
    let sid = session.sid();
    let expected = [
        (
            "The rota",
            format!("https://rota.example.test/out?tenant=1&iss=https%3A%2F%2Fbridge.example.test&sid={sid}"),
        ),
        (
            "The ward",
            format!("https://ward.example.test/out?iss=https%3A%2F%2Fbridge.example.test&sid={sid}"),
        ),
    ];
    let read: Vec<_> = frames
        .iter()
        .map(|frame| (frame.label.as_str(), frame.address.clone()))
        .collect();
    assert_eq!(read, expected);
    let others = bench.back_channel.frames(&session, Some("ward"));
    assert_eq!(others.len(), 1, "whoever asked has logged out itself");
}
