//! Refusals: to the person a page with a sentence and a reference, to the log the reason, once, with the same
//! reference.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::identity::settings::roles::Picker;
use crate::journey::failure::{Failed, SignInFailure};
use crate::journey::way::Way;
use crate::platform::random::Random;
use crate::upstream::oidc_rp;
use crate::upstream::saml_sp;
use crate::upstream::verified::Door;
use crate::upstream::wish::Wish;
use crate::web::oauth2::authorize::again::Again;
use crate::web::pages::{Frame, Link, Page as _, ProblemPage, Provider, Trouble};
use crate::web::state::WebState;
use crate::web::told::Told;
use crate::web::{answer, hand_over, sign_in};

/// The rules by which a second judge disagrees with ours.
const SECOND_JUDGES: [&str; 2] = ["second-judge-agrees", "id-token-second-judge"];
/// Octets of a value in the log. What is longer was not written by an honest identity provider.
const LOGGED: usize = 200;

/// The page for a failed sign-in through `way`.
pub(crate) fn sign_in_failed(state: &WebState, failure: &SignInFailure, way: Option<&Way>) -> Response {
    // Where the provider asks for the role, it is asked to ask once more.
    let again = way
        .filter(|way| way.person.roles.picker == Picker::Cis2)
        .map(|way| sign_in::address(way.name(), Wish::CHANGE_ROLE, state.default_return_to()));
    let onward = Onward {
        change_role: again.as_deref(),
        again: None,
    };
    sign_in_failed_with(state, failure, way, onward)
}

/// Where else somebody may go whose sign-in failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Onward<'a> {
    /// Where somebody in the wrong role may choose another.
    pub(crate) change_role: Option<&'a str>,
    /// The ways on for somebody who was signing in on behalf of an application.
    pub(crate) again: Option<&'a Again>,
}

/// The page for a sign-in through `way` that failed, and would have led to `failed.return_to`: perhaps to an application.
pub(crate) async fn arrival_failed(
    state: &WebState,
    headers: &HeaderMap,
    failed: &Failed,
    way: &Way,
) -> Response {
    let Some(again) = Again::after(state, headers, &failed.return_to).await else {
        return sign_in_failed(state, &failed.failure, Some(way));
    };
    let asks_there = way.person.roles.picker == Picker::Cis2;
    let change_role = asks_there.then(|| again.change_role(way));
    let onward = Onward {
        change_role: change_role.as_deref(),
        again: Some(&again),
    };
    sign_in_failed_with(state, &failed.failure, Some(way), onward)
}

/// The page for a failed sign-in, with where else to go.
pub(crate) fn sign_in_failed_with(
    state: &WebState,
    failure: &SignInFailure,
    way: Option<&Way>,
    onward: Onward<'_>,
) -> Response {
    let reference = reference(state.random.as_ref());
    log(&reference, failure, way);
    let trust = way.and_then(Way::saml).map(|provider| provider.trust());
    let start_again = way.map(|way| match onward.again {
        Some(again) => again.at(way),
        None => sign_in::address(way.name(), Wish::SIGN_IN, state.default_return_to()),
    });
    let told = Told {
        provider: Provider {
            name: way.map_or("NHSmail", Way::label),
            door: way.map_or(Door::Nhsmail, Way::door),
        },
        error_url: trust.as_ref().and_then(|trust| trust.error_url()),
        change_role: onward.change_role,
        start_again: start_again.as_deref(),
        wanted_aal: wanted_aal(way),
    };
    problem_with(state, &told.trouble(failure), Some(&reference), onward.again)
}

fn wanted_aal(way: Option<&Way>) -> u8 {
    let party = way.and_then(Way::open_id);
    let least = party.and_then(|party| party.settings().minimum_assurance);
    least.map_or(2, |least| least.aal)
}

/// The page for `trouble`.
pub(crate) fn problem(state: &WebState, trouble: &Trouble<'_>, reference: Option<&str>) -> Response {
    problem_with(state, trouble, reference, None)
}

fn problem_with(
    state: &WebState,
    trouble: &Trouble<'_>,
    reference: Option<&str>,
    again: Option<&Again>,
) -> Response {
    let start_again = again.map_or("/", |again| again.start.as_str());
    let mut page = ProblemPage::new(&state.frame, trouble).with_start_again(start_again);
    if let Some(again) = again {
        page = page.with_back(again.back.clone());
    }
    if let Some(reference) = reference {
        page = page.with_reference(reference);
    }
    let mut answer = answer::page(state, trouble.status(), page.html());
    if matches!(
        trouble,
        Trouble::Unavailable
            | Trouble::TooMany
            | Trouble::ProviderProblem { .. }
            | Trouble::ProviderUnavailable { .. }
    ) {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    answer
}

/// The page for `trouble`, for a browser at a site behind a proxy, which finds our stylesheet where that proxy passes it
/// on. "Start again" leads to `back`; `ways` are other ways on.
pub(crate) fn problem_at_a_site(
    state: &WebState,
    trouble: &Trouble<'_>,
    (back, ways): (&str, Vec<Link>),
    reference: Option<&str>,
) -> Response {
    let frame = Frame {
        below: hand_over::SITE,
        ..state.frame.clone()
    };
    let mut page = ProblemPage::new(&frame, trouble)
        .with_start_again(back)
        .with_ways(ways);
    if let Some(reference) = reference {
        page = page.with_reference(reference);
    }
    answer::page(state, trouble.status(), page.html())
}

/// Says that a part is away, and why in the log.
pub(crate) fn unavailable(state: &WebState, reason: &dyn std::fmt::Display) -> Response {
    let reference = reference(state.random.as_ref());
    tracing::error!(reference, %reason, "a part we cannot do without is away");
    problem(state, &Trouble::Unavailable, Some(&reference))
}

/// One line: the rule, where it looked, what it wanted and saw. Never the message, never a value of a person.
fn log(reference: &str, failure: &SignInFailure, way: Option<&Way>) {
    let connection = way.map_or("none", Way::name);
    let Some(Noted {
        rule,
        element,
        expected,
        actual,
    }) = noted(failure)
    else {
        let rule = if let SignInFailure::Details(refusal) = failure {
            refusal.rule()
        } else {
            "none"
        };
        tracing::warn!(reference, connection, rule, reason = %failure, "nobody was signed in");
        return;
    };
    let (expected, actual) = (shortened(expected), shortened(actual));
    if SECOND_JUDGES.contains(&rule) {
        tracing::error!(
            reference,
            connection,
            rule,
            actual,
            "SECURITY: the two judges differ"
        );
        return;
    }
    tracing::warn!(
        reference,
        connection,
        rule,
        element,
        expected,
        actual,
        "nobody was signed in"
    );
}

/// What a rule of either judge noted.
struct Noted<'a> {
    rule: &'static str,
    element: &'static str,
    expected: &'a str,
    actual: &'a str,
}

fn noted(failure: &SignInFailure) -> Option<Noted<'_>> {
    if let SignInFailure::NotVouched(saml_sp::finish::NotVouched::Refused(refusal)) = failure {
        return Some(Noted {
            rule: refusal.rule,
            element: refusal.element,
            expected: &refusal.expected,
            actual: &refusal.actual,
        });
    }
    if let SignInFailure::OpenId(oidc_rp::finish::NotVouched::Refused(refusal)) = failure {
        return Some(Noted {
            rule: refusal.rule,
            element: refusal.element,
            expected: &refusal.expected,
            actual: &refusal.actual,
        });
    }
    None
}

/// Without control characters, and no longer than the log should have it.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LOGGED).collect()
}

/// Eight characters that a person can read out: no vowels, no look-alikes.
pub(crate) fn reference(random: &dyn Random) -> String {
    const ALPHABET: &[u8; 24] = b"BCDFGHJKMNPQRSTVWXYZ2346";
    let mut octets = [0; 8];
    if random.fill(&mut octets).is_err() {
        return "NONE".to_owned();
    }
    let mut text: String = octets
        .iter()
        .filter_map(|octet| ALPHABET.get(usize::from(*octet) % ALPHABET.len()))
        .map(|c| char::from(*c))
        .collect();
    text.insert(4, '-');
    text
}
