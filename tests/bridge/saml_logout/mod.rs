//! Single logout with an identity provider, in both directions.

mod back;
mod hostile;
mod leaving;
mod settings;
mod theirs;

use nhsmail_bridge::config::Config;
use nhsmail_bridge::fakes::saml_idp::{HeardLogout, NextLogout, Personality};

use crate::support::{ADFS, ENTRA, Page, TestBridge, Visitor, request_signing};

/// The page after a logout that the identity provider did not confirm.
const ONLY_HERE: &str = "You are logged out here, but perhaps not everywhere";
/// The page for a message that counts for nothing.
const NOT_BELIEVED: &str = "We did not log you out";
/// The page on which the fake says that it is done.
const OVER_THERE: &str = "You signed out of your account";

/// The two doors with their personalities.
const DOORS: [(&str, Personality); 2] = [(ENTRA, Personality::Entra), (ADFS, Personality::Adfs)];

/// A bridge that signs what it says at both doors, as ADFS wants it.
async fn signing_bridge() -> TestBridge {
    TestBridge::configured(sign_at_both_doors).await
}

fn sign_at_both_doors(config: &mut Config) {
    let key = request_signing();
    for connection in config.saml.values_mut() {
        connection.saml.request_signing = Some(key.clone());
    }
}

/// Somebody who is signed in through this door.
async fn signed_in(bridge: &TestBridge, door: &str, person: &str) -> Visitor {
    let mut visitor = bridge.visitor();
    let home = visitor.sign_in(door, person).await;
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(visitor.is_signed_in().await);
    visitor
}

/// Logs out here, and follows where it leads.
async fn log_out(visitor: &mut Visitor, return_to: Option<&str>) -> Page {
    let address = match return_to {
        Some(place) => format!("/sign-out?return_to={place}"),
        None => "/sign-out".to_owned(),
    };
    let question = visitor.open(&address).await;
    visitor.press(&question, "Log out").await
}

/// Signs out at the identity provider, with something wrong or not; ends wherever that leads.
async fn sign_out_there(
    bridge: &TestBridge,
    visitor: &mut Visitor,
    personality: Personality,
    next: NextLogout,
) -> Page {
    bridge.fake.next_logout(next);
    let address = format!("{}{}/sign-out", bridge.fake.page(), personality.word());
    let page = visitor.open(&address).await;
    let sent = visitor.press(&page, "Sign out").await;
    if sent.heading() == "Continue signing out" {
        visitor.press(&sent, "Continue").await
    } else {
        sent
    }
}

/// What the fake was told, of this kind.
fn heard(bridge: &TestBridge, kind: &str) -> Vec<HeardLogout> {
    let all = bridge.fake.logouts().into_iter();
    all.filter(|heard| heard.kind == kind).collect()
}

/// The only request that the fake was told of.
fn the_request(bridge: &TestBridge) -> HeardLogout {
    let mut requests = heard(bridge, "LogoutRequest");
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}
