//! Every rule about time, to the second, with skew and without (attacks T).

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::protocol::saml::instant;
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, explained, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::NOW;
use crate::upstream::saml_sp::rules::tests::letter::{Letter, draft};
use crate::upstream::saml_sp::terms::Question;

const SKEW: Duration = Duration::seconds(120);
const AGE: Duration = Duration::minutes(5);
const SECOND: Duration = Duration::seconds(1);

/// Which instant a rule is about.
struct Edge {
    rule: &'static str,
    /// The attribute, as the honest message has it.
    written: &'static str,
    /// Where it stands.
    place: Place,
    /// The last instant, or the first, that is good without skew.
    good: OffsetDateTime,
    /// The way in which time gets worse.
    worse: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Response,
    Assertion,
}

const EDGES: &[Edge] = &[
    Edge {
        rule: "conditions-not-before",
        written: "NotBefore=\"2026-11-21T08:55:00Z\"",
        place: Place::Assertion,
        good: NOW,
        worse: SECOND,
    },
    Edge {
        rule: "conditions-not-on-or-after",
        written: "NotOnOrAfter=\"2026-11-21T10:00:00Z\"",
        place: Place::Assertion,
        good: datetime!(2026-11-21 09:00:01 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "confirmation-not-on-or-after",
        written: "NotOnOrAfter=\"2026-11-21T09:05:00Z\"",
        place: Place::Assertion,
        good: datetime!(2026-11-21 09:00:01 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "session-not-on-or-after",
        written: "SessionNotOnOrAfter=\"2026-11-21T17:00:00Z\"",
        place: Place::Assertion,
        good: datetime!(2026-11-21 09:00:01 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "response-issue-instant",
        written: "IssueInstant=\"2026-11-21T08:59:58Z\"",
        place: Place::Response,
        good: NOW,
        worse: SECOND,
    },
    Edge {
        rule: "response-issue-instant",
        written: "IssueInstant=\"2026-11-21T08:59:58Z\"",
        place: Place::Response,
        good: datetime!(2026-11-21 08:55 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "assertion-issue-instant",
        written: "IssueInstant=\"2026-11-21T08:59:58Z\"",
        place: Place::Assertion,
        good: NOW,
        worse: SECOND,
    },
    Edge {
        rule: "assertion-issue-instant",
        written: "IssueInstant=\"2026-11-21T08:59:58Z\"",
        place: Place::Assertion,
        good: datetime!(2026-11-21 08:55 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "force-authn-honoured",
        written: "AuthnInstant=\"2026-11-21T08:58:00Z\"",
        place: Place::Assertion,
        good: datetime!(2026-11-21 08:58 UTC),
        worse: Duration::seconds(-1),
    },
    Edge {
        rule: "force-authn-honoured",
        written: "AuthnInstant=\"2026-11-21T08:58:00Z\"",
        place: Place::Assertion,
        good: NOW,
        worse: SECOND,
    },
];

impl Edge {
    /// The message with this instant in its place, judged with this skew.
    fn at(&self, at: OffsetDateTime, skew: Duration) -> Letter {
        let (name, _) = self.written.split_once('=').unwrap();
        let stated = format!("{name}=\"{}\"", instant::write(at));
        let said = match self.place {
            Place::Response => draft().response(self.written, &stated),
            Place::Assertion => draft().assertion(self.written, &stated),
        };
        said.post().on_terms(|terms| {
            terms.skew = skew;
            terms.max_response_age = Some(AGE);
            if self.rule == "force-authn-honoured" {
                terms.question = Some(forced());
            }
        })
    }
}

/// We asked two minutes ago that the person prove themselves again.
fn forced() -> Question {
    Question {
        request_id: "_question".to_owned(),
        forced_at: Some(datetime!(2026-11-21 08:58 UTC)),
    }
}

fn forced_letter(proved: &str) -> Letter {
    let said = draft().assertion(
        "AuthnInstant=\"2026-11-21T08:58:00Z\"",
        &format!("AuthnInstant=\"{proved}\""),
    );
    said.post().on_terms(|terms| terms.question = Some(forced()))
}

fn issued_at(response: &str, assertion: &str) -> Letter {
    let honest = "2026-11-21T08:59:58Z";
    draft()
        .response(honest, response)
        .assertion(honest, assertion)
        .post()
}

const HONEST: &str = "2026-11-21T08:59:58Z";

pub(super) const INSTANTS: &[Refused] = &[
    Refused {
        because: "T7: the person proved themselves yesterday, though we asked for it again",
        by: "force-authn-honoured",
        also: &[],
        message: || forced_letter("2026-11-20T08:59:00Z"),
        twin: || forced_letter("2026-11-21T08:59:00Z"),
    },
    Refused {
        because: "T5: the Response was issued at no instant",
        by: "response-issue-instant",
        also: &[],
        message: || issued_at("2026-11-21T24:00:00Z", HONEST),
        twin: || issued_at("2026-11-21T08:59:58.1234567Z", HONEST),
    },
    Refused {
        because: "T5: the assertion was issued at no instant",
        by: "assertion-issue-instant",
        also: &[],
        message: || issued_at(HONEST, "2026-11-21T08:59:60Z"),
        twin: || issued_at(HONEST, "2026-11-21T08:59:58+00:00"),
    },
];

#[test]
fn sp_20_every_instant_is_good_to_the_second_with_and_without_skew() {
    for edge in EDGES {
        for skew in [Duration::ZERO, SKEW] {
            let last = edge.good + if edge.worse > Duration::ZERO { skew } else { -skew };
            let good = decide(&edge.at(last, skew));
            assert!(good.is_ok(), "{} {last} {skew}: {:?}", edge.rule, good.err());
            let bad = edge.at(last + edge.worse, skew);
            assert_eq!(decide(&bad).unwrap_err().rule, edge.rule, "{last} {skew}");
            assert_eq!(explained(&bad).refusing().collect::<Vec<_>>(), [edge.rule]);
        }
    }
}

#[test]
fn sp_21_an_old_or_unreadable_instant_of_issue_is_refused_and_without_a_window_only_the_future() {
    refuse_all(INSTANTS);
    let old = || issued_at("2026-11-20T08:59:58Z", "2026-11-20T08:59:58Z");
    assert_eq!(decide(&old()).unwrap_err().rule, "response-issue-instant");
    assert!(decide(&old().on_terms(|terms| terms.max_response_age = None)).is_ok());
}

#[test]
fn sp_20_an_old_proof_is_believed_unless_we_asked_for_a_new_one() {
    let old = draft().assertion(
        "AuthnInstant=\"2026-11-21T08:58:00Z\"",
        "AuthnInstant=\"2026-11-14T08:58:00Z\"",
    );
    let accepted = decide(&old.post()).unwrap();
    assert_eq!(
        accepted.statement.authentication.instant,
        datetime!(2026-11-14 08:58 UTC)
    );
}

#[test]
fn a_clock_that_is_ahead_never_makes_a_sign_in_younger() {
    let ahead = draft().assertion(
        "AuthnInstant=\"2026-11-21T08:58:00Z\"",
        "AuthnInstant=\"2026-11-21T09:01:00Z\"",
    );
    let accepted = decide(&ahead.post()).unwrap();
    assert_eq!(accepted.statement.authentication.instant, NOW);
}

#[test]
fn the_last_instant_there_is_means_never_and_breaks_nothing() {
    let never = "2026-11-21T09:05:00Z";
    let last = "9999-12-31T23:59:59.9999999Z";
    let letter = draft()
        .assertion(never, last)
        .assertion("2026-11-21T10:00:00Z", last)
        .assertion("2026-11-21T17:00:00Z", last)
        .post();
    let with_window = decide(&letter).unwrap().remember_until;
    assert_eq!(
        with_window,
        datetime!(2026-11-21 08:59:58 UTC) + AGE + SKEW + SKEW
    );
    let letter = letter.on_terms(|terms| terms.max_response_age = None);
    assert!(decide(&letter).is_ok());
    let ahead = issued_at(last, last);
    assert_eq!(decide(&ahead).unwrap_err().rule, "response-issue-instant");
    let first = issued_at("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
    assert_eq!(decide(&first).unwrap_err().rule, "response-issue-instant");
}

#[test]
fn sp_22_a_use_is_remembered_until_a_second_would_be_too_late() {
    let accepted = decide(&draft().post()).unwrap();
    assert_eq!(accepted.assertion_id, "_assertion");
    let late = |letter: Letter| letter.on_terms(|terms| terms.now = accepted.remember_until);
    assert!(
        decide(&late(draft().post())).is_err(),
        "what is forgotten would be refused"
    );
    let longer = draft()
        .assertion("2026-11-21T09:05:00Z", "2026-11-22T09:00:00Z")
        .post();
    let no_window = longer.on_terms(|terms| terms.max_response_age = None);
    assert_eq!(
        decide(&no_window).unwrap().remember_until,
        datetime!(2026-11-22 09:00 UTC) + SKEW
    );
}
