//! What people see who are signed in, or were.

use nhsmail_bridge::upstream::verified::Door;
use nhsmail_bridge::web::pages::{
    Chooser, Frame, LoggedOut, Page as _, SessionEnded, SignOut, SignedIn, SignedOut, WhyEnded,
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

fn leaving() -> Vec<Sample> {
    let sign_out = SignOut {
        frame: &live(),
        action: "/sign-out",
        csrf_token: "t0ken",
        return_to: Some("https://rota.example/"),
        door: Some(Door::Nhsmail),
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
    vec![
        Sample::new("sign-out", sign_out.html()),
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
