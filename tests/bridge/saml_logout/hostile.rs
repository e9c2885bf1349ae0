//! Requests and answers that nobody honest sent: nothing ends, and nobody is sent anywhere.

use axum::http::Method;
use nhsmail_bridge::fakes::saml_idp::{HeardLogout, LogoutMischief, NextLogout, Personality};
use time::Duration;
use url::form_urlencoded::Serializer;

use super::{DOORS, NOT_BELIEVED, OVER_THERE, heard, sign_out_there, signed_in, signing_bridge};
use crate::corpus::index::INDEX;
use crate::support::log::{Log, logged};
use crate::support::{ADFS, ENTRA, Page, TestBridge};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It ends the session.
    Obeyed,
    /// The identity provider hears that it was refused.
    Declined,
    /// It is the identity provider's, and names no session of ours.
    Empty,
    /// It is answered to nobody.
    Ignored,
}

/// Each kind of request by HTTP-Redirect.
const REQUESTS: [(LogoutMischief, Fate); 20] = [
    (LogoutMischief::Honest, Fate::Obeyed),
    (LogoutMischief::Reordered, Fate::Obeyed),
    (LogoutMischief::NoSession, Fate::Obeyed),
    (LogoutMischief::Unsigned, Fate::Ignored),
    (LogoutMischief::WrongKey, Fate::Ignored),
    (LogoutMischief::Sha1, Fate::Ignored),
    (LogoutMischief::ChangedAfterSigning, Fate::Ignored),
    (LogoutMischief::EscapedAnew, Fate::Ignored),
    (LogoutMischief::WrongIssuer, Fate::Ignored),
    (LogoutMischief::WrongDestination, Fate::Ignored),
    (LogoutMischief::NoDestination, Fate::Ignored),
    (LogoutMischief::Stale, Fate::Declined),
    (LogoutMischief::FromTheFuture, Fate::Declined),
    (LogoutMischief::Expired, Fate::Declined),
    (LogoutMischief::Replay, Fate::Declined),
    (LogoutMischief::OtherName, Fate::Empty),
    (LogoutMischief::OtherSession, Fate::Empty),
    // What these bend is not in a request.
    (LogoutMischief::WrongQuestion, Fate::Obeyed),
    (LogoutMischief::Partial, Fate::Obeyed),
    (LogoutMischief::Refused, Fate::Obeyed),
];

#[test]
fn no_kind_of_logout_request_is_forgotten_here() {
    for mischief in LogoutMischief::ALL {
        let known = REQUESTS.iter().filter(|(known, _)| *known == mischief);
        assert_eq!(known.count(), 1, "{mischief:?}");
    }
}

#[test]
fn l12_every_kind_of_request_ends_what_it_may_and_nothing_else() {
    logged(async |log| {
        let bridge = signing_bridge().await;
        let mut bystander = signed_in(&bridge, ADFS, "priya-tester").await;
        for (door, personality) in DOORS {
            for (mischief, fate) in REQUESTS {
                let sent = Sent {
                    door,
                    personality,
                    next: NextLogout::with(mischief),
                    fate,
                };
                sent.meets_its_fate(&bridge, &log).await;
                let in_the_query_alone = [LogoutMischief::EscapedAnew, LogoutMischief::Reordered];
                if !in_the_query_alone.contains(&mischief) {
                    let next = NextLogout::posted(mischief);
                    Sent { next, ..sent }.meets_its_fate(&bridge, &log).await;
                }
            }
        }
        assert!(bystander.is_signed_in().await);
        for secret in ["amara.example", "SAMLRequest"] {
            assert!(log.lines_with(secret).is_empty(), "{secret}");
        }
    });
}

/// One request.
#[derive(Debug, Clone, Copy)]
struct Sent {
    door: &'static str,
    personality: Personality,
    next: NextLogout,
    fate: Fate,
}

impl Sent {
    async fn meets_its_fate(self, bridge: &TestBridge, log: &Log) {
        let mut amara = signed_in(bridge, self.door, "amara-example").await;
        let before = heard(bridge, "LogoutResponse").len();
        let page = sign_out_there(bridge, &mut amara, self.personality, self.next).await;
        let stays = self.fate != Fate::Obeyed;
        assert_eq!(amara.is_signed_in().await, stays, "{self:?}");
        let answers = heard(bridge, "LogoutResponse").split_off(before);
        match self.fate {
            Fate::Ignored => self.is_answered_to_nobody(&page, &answers, log),
            // A message once more brings the fake an answer that it waits for no longer.
            Fate::Declined if self.next.mischief == LogoutMischief::Replay => {}
            Fate::Declined | Fate::Empty | Fate::Obeyed => self.is_answered(&page, &answers),
        }
        bridge.clock.advance(Duration::seconds(2));
    }

    fn is_answered_to_nobody(self, page: &Page, answers: &[HeardLogout], log: &Log) {
        let said = (page.status, page.heading());
        assert_eq!(said, (400, NOT_BELIEVED.to_owned()), "{self:?}");
        assert_eq!(page.url.path(), format!("/saml/{}/slo", self.door), "{self:?}");
        assert_eq!(answers, [], "{self:?}");
        assert_eq!(log.lines_with(&page.reference()).len(), 1, "{self:?}");
    }

    fn is_answered(self, page: &Page, answers: &[HeardLogout]) {
        assert_eq!(page.heading(), OVER_THERE, "{self:?}: {}", page.body);
        let declined = self.fate == Fate::Declined;
        let codes: Vec<_> = answers.iter().map(|answer| answer.status_codes.len()).collect();
        assert_eq!(codes, [if declined { 2 } else { 1 }], "{self:?}");
        assert_eq!(page.says("perhaps still"), declined, "{self:?}");
    }
}

#[tokio::test]
async fn l12_both_messages_at_once_or_a_field_twice_are_no_message() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    for query in [
        "SAMLRequest=a&SAMLResponse=b",
        "SAMLRequest=a&SAMLRequest=a",
        "%53AMLRequest=a",
        "SAMLRequest=!",
        "SAMLRequest=YQ%3D%3D",
        "SAMLRequest=a&SigAlg=b",
    ] {
        let address = format!("/saml/{ADFS}/slo?{query}");
        let page = amara.open(&address).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (400, NOT_BELIEVED),
            "{query}"
        );
    }
    assert!(amara.is_signed_in().await);
    let bookmark = amara.open(&format!("/saml/{ADFS}/slo")).await;
    assert_eq!((bookmark.status, bookmark.url.path()), (200, "/"));
    let nowhere = amara.open("/saml/elsewhere/slo?SAMLRequest=a").await;
    assert_eq!(nowhere.status, 400, "before it is looked for");
}

/// Sends each logout message of the corpus by both fields of HTTP-POST.
#[tokio::test]
async fn l12_l13_what_other_software_wrote_ends_nothing_and_leads_nowhere() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    let mut count = 0;
    for case in INDEX.of_kind("logout") {
        let message = openssl::base64::encode_block(&case.message());
        for (field, relay_state) in [
            ("SAMLRequest", ""),
            ("SAMLResponse", "https://evil.example.test/"),
        ] {
            for door in [ENTRA, ADFS] {
                let body = Serializer::new(String::new())
                    .append_pair(field, &message)
                    .append_pair("RelayState", relay_state)
                    .append_pair("again", "1")
                    .finish();
                let form = [("content-type", "application/x-www-form-urlencoded")];
                let page = amara.post(&format!("/saml/{door}/slo"), &form, body).await;
                assert_eq!(page.status, 400, "{}: {}", case.file, page.body);
                assert_eq!(page.header("location"), "", "{}", case.file);
                assert!(!page.body.contains("evil.example"), "{}", case.file);
            }
        }
        count += 1;
    }
    println!("corpus: {count} messages of kind logout ended nothing");
    assert!(count >= 20);
    assert!(amara.is_signed_in().await);
}

#[tokio::test]
async fn l13_an_answer_nobody_asked_for_is_ignored_and_leads_nowhere() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    // An honest answer to a logout of hers, brought after another that is still live.
    let mut leaving = signed_in(&bridge, ADFS, "amara-example").await;
    let question = leaving.open("/sign-out").await;
    let form = question.form("Log out");
    let sent = leaving.submit_without_following(&question, &form).await;
    let back = leaving.ask(Method::GET, sent.header("location"), &[]).await;
    let honest = back.header("location").to_owned();
    let evil = honest.replace(
        "RelayState=",
        "RelayState=https%3A%2F%2Fevil.example.test%2F&Other=",
    );
    for address in [&honest, &evil] {
        let page = amara.ask(Method::GET, address, &[]).await;
        assert_eq!((page.status, page.heading().as_str()), (400, NOT_BELIEVED));
        assert_eq!(page.header("location"), "");
        assert!(!page.body.contains("evil.example"));
    }
    assert!(amara.is_signed_in().await);
}
