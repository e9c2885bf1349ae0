//! What people see who are signed in, or were.

use nhsmail_bridge::upstream::verified::Door;
use nhsmail_bridge::web::pages::{
    Chooser, Farewell, Frame, LoggedOut, OnlyHere, Page as _, SessionEnded, SignOut, SignedIn, SignedOut,
    WhyEnded,
};
use time::Duration;

use super::{Sample, both_kinds, care_identity, live, nonce, simulated};

/// Every one of them.
pub(super) fn all() -> Vec<Sample> {
    let mut samples = signed_in();
    samples.extend(leaving());
    samples.extend(ended());
    samples
}

fn signed_in() -> Vec<Sample> {
    let page = |frame: &Frame, person: &str, organisation: Option<&str>, minutes: i64| {
        SignedIn {
            frame,
            person,
            door: "NHSmail",
            organisation,
            simulated: frame.simulated,
            time_left: Duration::minutes(minutes),
            csrf_token: "t0ken",
            sign_out: "/sign-out",
            extend: Some("/session/extend"),
            care_identity: None,
            nonce: &nonce(),
        }
        .html()
    };
    let northfield = Some("Northfield Hospitals (RZ9)");
    let long =
        "Professor Oluwaseun-Maximiliana Featherstonehaugh-Cholmondeley <b>(Clinical Pharmacology)</b>";
    vec![
        Sample::with_script("signed-in", page(&live(), "Amina Okafor", northfield, 14)),
        Sample::with_script("signed-in-simulated", page(&simulated(), long, None, 14)),
        Sample::with_script(
            "signed-in-nearly-over",
            page(&live(), "Amina Okafor", northfield, 1),
        ),
        Sample::with_script("signed-in-care-identity", care_identity::signed_in()),
    ]
}

/// Without frames, which would ask other hosts.
fn farewell(unreached: &[&str], go_on: Option<&str>) -> String {
    let owned = |labels: &[&str]| -> Vec<String> { labels.iter().map(|&label| label.to_owned()).collect() };
    let page = Farewell {
        frame: &live(),
        heard: &owned(&["Northfield Rota", "Pharmacy <i>stock</i>"]),
        unreached: &owned(unreached),
        frames: &[],
        go_on,
        nonce: None,
    };
    page.html()
}

fn leaving() -> Vec<Sample> {
    let sign_out = SignOut {
        frame: &live(),
        action: "/sign-out",
        csrf_token: "t0ken",
        fields: &[("return_to".to_owned(), "https://rota.example/".to_owned())],
        asked_by: None,
        applications: &[],
        door: Some(Door::Nhsmail),
    };
    let asked_for = SignOut {
        asked_by: Some("Northfield Rota"),
        applications: &["Northfield Rota", "Ward <b>board</b>"],
        fields: &[("state".to_owned(), "a\"b".to_owned())],
        action: "/oauth2/logout",
        ..sign_out
    };
    let signed_out = |door, upstream_sign_out| {
        let page = SignedOut {
            frame: &live(),
            start_again: "/",
            door,
            upstream_sign_out,
        };
        page.html()
    };
    let only_here = |partly| {
        let page = OnlyHere {
            frame: &live(),
            provider: "NHSmail",
            partly,
            reference: "K7QM-2F9D",
            go_on: "/signed-out",
        };
        page.html()
    };
    vec![
        Sample::new("logged-out-only-here", only_here(false)),
        Sample::new("logged-out-in-part", only_here(true)),
        Sample::new("sign-out", sign_out.html()),
        Sample::new("sign-out-asked-by-an-application", asked_for.html()),
        Sample::new(
            "farewell",
            farewell(&[], Some("https://rota.example/out?a=1&b=2")),
        ),
        Sample::new("farewell-unreached", farewell(&["Ward <b>board</b>"], None)),
        Sample::new("signed-out", signed_out(None, None)),
        Sample::new(
            "signed-out-nhsmail",
            signed_out(Some(Door::Nhsmail), Some("https://login.example/logout?a=1&b=2")),
        ),
        Sample::new(
            "signed-out-care-identity",
            signed_out(Some(Door::Cis2), Some("/sign-out/upstream")),
        ),
    ]
}

fn ended() -> Vec<Sample> {
    let page = |why, idle: Option<i64>| {
        SessionEnded {
            frame: &live(),
            why,
            idle: idle.map(Duration::minutes),
            start_again: "/sign-in?return_to=%2Frota%3Fweek%3D1",
        }
        .html()
    };
    vec![
        Sample::new("session-ended-idle", page(WhyEnded::Idle, Some(15))),
        Sample::new("session-ended-idle-unlike", page(WhyEnded::Idle, None)),
        Sample::new("session-ended-limit", page(WhyEnded::Limit, Some(15))),
        Sample::new("session-ended-elsewhere", page(WhyEnded::Elsewhere, Some(15))),
        Sample::new("chooser-logged-out", back_again()),
    ]
}

fn back_again() -> String {
    let page = Chooser {
        frame: &live(),
        doors: &both_kinds(),
        return_to: Some("/rota"),
        on_behalf: None,
        logged_out: Some(LoggedOut {
            idle: Some(Duration::minutes(15)),
        }),
    };
    page.html()
}
