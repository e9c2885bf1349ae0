//! The ways in which a session ends.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::{LogoutKind, LogoutOrder};
use serde_json::json;
use time::Duration;
use url::form_urlencoded::Serializer;

use super::ways_in::WayIn;
use super::world::{MANAGEMENT_TOKEN, SUPPORTER, World};
use crate::logout::scene::{Holds, signs_out};
use crate::support::{ENTRA, Visitor};

/// Who or what ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WayOut {
    Person,
    Application,
    LogoutRequest,
    LogoutToken,
    Idle,
    Absolute,
    ChangeOfRole,
    AnotherPerson,
    Administrator,
}

impl WayOut {
    pub(super) const ALL: [Self; 9] = [
        Self::Person,
        Self::Application,
        Self::LogoutRequest,
        Self::LogoutToken,
        Self::Idle,
        Self::Absolute,
        Self::ChangeOfRole,
        Self::AnotherPerson,
        Self::Administrator,
    ];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Person => "the person, here",
            Self::Application => "the person, in the Rota (RP-initiated)",
            Self::LogoutRequest => "the identity provider (SAML LogoutRequest)",
            Self::LogoutToken => "the identity provider (logout token)",
            Self::Idle => "15 minutes without use",
            Self::Absolute => "12 hours",
            Self::ChangeOfRole => "the person, who changes their role",
            Self::AnotherPerson => "another person, who logs in in this browser",
            Self::Administrator => "an administrator",
        }
    }

    pub(super) fn can_end(self, way_in: WayIn) -> bool {
        match self {
            Self::LogoutRequest => way_in.personality().is_some(),
            // Microsoft sends no logout tokens, and a mailbox has no roles.
            Self::LogoutToken | Self::ChangeOfRole => way_in == WayIn::Cis2,
            Self::Person
            | Self::Application
            | Self::Idle
            | Self::Absolute
            | Self::AnotherPerson
            | Self::Administrator => true,
        }
    }

    /// Lets it happen to `browser`; the other one is in use meanwhile.
    pub(super) async fn end(
        self,
        world: &World,
        browser: &mut Visitor,
        other: &mut Visitor,
        holds: &[Holds; 2],
    ) {
        match self {
            Self::Person => {
                signs_out(browser).await;
            }
            Self::Application => by_the_rota(world, browser, &holds[0]).await,
            Self::LogoutRequest => by_logout_request(world, browser).await,
            Self::LogoutToken => {
                let order = LogoutOrder::of(LogoutKind::Good);
                world.bridge.cis2().send_logout(order).await.expect("it is sent");
            }
            Self::Idle => {
                stay(world, &mut [other], 2).await;
            }
            Self::Absolute => stay(world, &mut [browser, other], 72).await,
            Self::ChangeOfRole => {
                let question = browser.open("/change-role").await;
                let form = question.form("Continue").without("role").with("role", SUPPORTER);
                browser.submit(&question, &form).await;
            }
            Self::AnotherPerson => {
                browser.sign_in(ENTRA, "priya-tester").await;
            }
            Self::Administrator => by_an_administrator(world, &holds[0]).await,
        }
    }
}

async fn by_the_rota(world: &World, browser: &mut Visitor, holds: &Holds) {
    let goodbye = world.bridge.application_url("/goodbye");
    let query = Serializer::new(String::new())
        .append_pair("id_token_hint", &holds.id_token)
        .append_pair("post_logout_redirect_uri", goodbye.as_str())
        .finish();
    let page = browser.open(&format!("/oauth2/logout?{query}")).await;
    assert_eq!(page.url, goodbye, "{}", page.body);
}

async fn by_logout_request(world: &World, browser: &mut Visitor) {
    let personality = world.way_in.personality().expect("a SAML door");
    let address = format!("{}{}/sign-out", world.bridge.fake.page(), personality.word());
    let page = browser.open(&address).await;
    browser.press(&page, "Sign out").await;
}

/// So many times ten minutes go by, and these browsers are in use.
async fn stay(world: &World, browsers: &mut [&mut Visitor], times: u32) {
    for _ in 0..times {
        world.bridge.clock.advance(Duration::minutes(10));
        for browser in &mut *browsers {
            browser.ask(Method::GET, "/auth/verify", &[]).await;
        }
    }
}

async fn by_an_administrator(world: &World, holds: &Holds) {
    let bearer = format!("Bearer {MANAGEMENT_TOKEN}");
    let body = json!({ "sid": holds.claims["sid"] }).to_string();
    let url = world.bridge.management_url("/sessions/end");
    let headers = [("authorization", bearer.as_str())];
    let answer = world.bridge.visitor().post(url.as_str(), &headers, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}
