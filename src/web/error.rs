//! Refusals: to the person a page with a sentence and a reference, to the log the reason, once, with the same
//! reference.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::identity::normalise::NormaliseRefusal;
use crate::identity::settings::Field;
use crate::journey::sign_in::{SignInFailure, Way};
use crate::platform::random::Random;
use crate::protocol::saml::binding::BindingFlaw;
use crate::upstream::saml_sp::finish::NotVouched;
use crate::upstream::saml_sp::judge::Refusal;
use crate::upstream::verified::Door;
use crate::web::answer;
use crate::web::pages::{Detail, Page as _, ProblemPage, Provider, ProviderStatus, Trouble};
use crate::web::state::WebState;

/// Octets of a value in the log. What is longer was not written by an honest identity provider.
const LOGGED: usize = 200;

/// The page for a failed sign-in through `way`.
pub(crate) fn sign_in_failed(state: &WebState, failure: &SignInFailure, way: Option<&Way>) -> Response {
    let reference = reference(state.random.as_ref());
    log(&reference, failure, way);
    let provider = Provider {
        name: way.map_or("NHSmail", |way| way.provider.settings().label.as_str()),
        door: Door::Nhsmail,
    };
    let trust = way.map(|way| way.provider.trust());
    let error_url = trust.as_ref().and_then(|trust| trust.error_url());
    problem(state, &trouble(failure, provider, error_url), Some(&reference))
}

/// The page for `trouble`.
pub(crate) fn problem(state: &WebState, trouble: &Trouble<'_>, reference: Option<&str>) -> Response {
    let mut page = ProblemPage::new(&state.frame, trouble).with_start_again("/");
    if let Some(reference) = reference {
        page = page.with_reference(reference);
    }
    let mut answer = answer::page(state, trouble.status(), page.html());
    if matches!(trouble, Trouble::Unavailable | Trouble::TooMany) {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    answer
}

/// Says that a part is away, and why in the log.
pub(crate) fn unavailable(state: &WebState, reason: &dyn std::fmt::Display) -> Response {
    let reference = reference(state.random.as_ref());
    tracing::error!(reference, %reason, "a part we cannot do without is away");
    problem(state, &Trouble::Unavailable, Some(&reference))
}

/// What the person is told. Everything about the message itself looks alike.
fn trouble<'a>(failure: &SignInFailure, provider: Provider<'a>, error_url: Option<&'a str>) -> Trouble<'a> {
    if let SignInFailure::NotVouched(NotVouched::Refused(refusal)) = failure
        && let Some(status) = &refusal.status
    {
        let code = |at: usize| status.codes.get(at).map(String::as_str);
        let said = ProviderStatus::read(code(0).unwrap_or_default(), code(1), status.message.as_deref());
        return Trouble::ProviderSaysNo {
            provider,
            status: said,
        };
    }
    match failure {
        SignInFailure::NoSuchDoor => Trouble::NotFound,
        SignInFailure::TooMany => Trouble::TooMany,
        SignInFailure::NothingPending => Trouble::TookTooLong,
        SignInFailure::AnotherBrowser => Trouble::AnotherBrowser,
        SignInFailure::NotVouched(NotVouched::Undecodable(BindingFlaw::TooLarge)) => Trouble::TooLarge,
        SignInFailure::NotVouched(NotVouched::Disabled) => Trouble::ConnectionDisabled,
        SignInFailure::NotVouched(NotVouched::Store(_) | NotVouched::MetadataExpired)
        | SignInFailure::Unavailable(_) => Trouble::Unavailable,
        SignInFailure::Details(refusal) => details(refusal, provider, error_url),
        SignInFailure::NotVouched(_) => Trouble::NotCompleted,
    }
}

fn details<'a>(
    refusal: &NormaliseRefusal,
    provider: Provider<'a>,
    error_url: Option<&'a str>,
) -> Trouble<'a> {
    let detail = match refusal {
        NormaliseRefusal::AccountAbsent { .. } => Detail::AccountIdentifier,
        NormaliseRefusal::RequiredAbsent { field } | NormaliseRefusal::RequiredMalformed { field } => {
            match field {
                Field::Email => Detail::EmailAddress,
                Field::DisplayName | Field::GivenName | Field::FamilyName => Detail::Name,
                Field::OrgCode => Detail::Organisation,
            }
        }
        NormaliseRefusal::AccountAmbiguous { .. }
        | NormaliseRefusal::AccountUnfit { .. }
        | NormaliseRefusal::ForeignTenant
        | NormaliseRefusal::TenantAbsent
        | NormaliseRefusal::AssuranceAbsent
        | NormaliseRefusal::Role(_) => return Trouble::NotCompleted,
    };
    Trouble::DetailsMissing {
        provider,
        detail,
        error_url,
    }
}

/// One line: the rule, where it looked, what it wanted and saw. Never the message, never a value of a person.
fn log(reference: &str, failure: &SignInFailure, way: Option<&Way>) {
    let connection = way.map_or("none", |way| way.provider.name());
    let SignInFailure::NotVouched(NotVouched::Refused(refusal)) = failure else {
        let rule = if let SignInFailure::Details(refusal) = failure {
            refusal.rule()
        } else {
            "none"
        };
        tracing::warn!(reference, connection, rule, reason = %failure, "nobody was signed in");
        return;
    };
    let (expected, actual) = (shortened(&refusal.expected), shortened(&refusal.actual));
    let Refusal { rule, element, .. } = refusal.as_ref();
    if *rule == "second-judge-agrees" {
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

fn shortened(text: &str) -> String {
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
