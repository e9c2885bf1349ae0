//! The answers that let nobody in.
//!
//! Some proxies pass our whole answer on to the browser, others (nginx) only learn that it is no and ask at
//! `/auth/refusal` what the browser shall get.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use crate::journey::return_to::ReturnTo;
use crate::platform::origin::Origin;
use crate::platform::random::NoRandomness;
use crate::web::forward_auth::admission::{Verdict, is_at_our_host};
use crate::web::forward_auth::caller::Caller;
use crate::web::forward_auth::lacks::lack;
use crate::web::forward_auth::question::{Question, transport_of};
use crate::web::pages::{Link, Trouble};
use crate::web::state::WebState;
use crate::web::{answer as answers, cookies, error, hand_over};

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The proxy alone: it wants to know whether the answer is yes.
    ForTheProxy,
    /// The browser.
    ForTheBrowser,
}

/// Says no, and to whom it may concern what to do.
pub(crate) fn answer(
    state: &WebState,
    question: &Question<'_>,
    verdict: &Verdict,
    manner: Manner,
) -> Response {
    let caller = match manner {
        Manner::ForTheProxy => Caller::Program,
        Manner::ForTheBrowser => question.caller,
    };
    match verdict {
        Verdict::NobodyThere => nobody_there(state, question, caller),
        Verdict::NotAdmitted {
            unmet,
            session,
            application,
        } => {
            let trouble = Trouble::Unmet {
                application: &application.label,
                lack: lack(state, session, application, unmet),
            };
            refused(state, question, (caller, &unmet.to_string(), &trouble))
        }
        Verdict::Refused(reason) => refused(state, question, (caller, reason, &Trouble::SiteNotSetUp)),
        Verdict::Admitted(..) | Verdict::Public => not_by_us(state),
    }
}

/// The proxy was told no by somebody else, or by us a moment ago and not now.
pub(crate) fn not_by_us(state: &WebState) -> Response {
    answers::json(state, StatusCode::FORBIDDEN, &json!({ "error": "access_denied" }))
}

/// No headers for anybody.
pub(crate) fn nothing() -> HeaderMap {
    HeaderMap::new()
}

fn nobody_there(state: &WebState, question: &Question<'_>, caller: Caller) -> Response {
    match caller {
        Caller::Page => match to_sign_in(state, question) {
            Ok(answer) => answer,
            Err(cause) => error::unavailable(state, &cause),
        },
        Caller::Form => {
            let mut answer = page(state, question, (&Trouble::FormNotSent, None));
            challenge(state, answer.headers_mut());
            answer
        }
        Caller::Program => {
            let mut answer = answers::json(
                state,
                StatusCode::UNAUTHORIZED,
                &json!({ "error": "login_required", "signed_in": false }),
            );
            challenge(state, answer.headers_mut());
            answer
        }
    }
}

/// RFC 9110 15.5.2 asks for one with every 401; browsers show no dialog for this scheme.
fn challenge(state: &WebState, headers: &mut HeaderMap) {
    let text = format!("Bearer realm=\"{}\"", state.origin.as_str());
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::WWW_AUTHENTICATE, value);
    }
}

/// To us, and back to the page that was wanted.
fn to_sign_in(state: &WebState, question: &Question<'_>) -> Result<Response, NoRandomness> {
    let wanted = question.wanted(state);
    let Some(site) = question.site.as_ref().filter(|site| !is_at_our_host(state, site)) else {
        let address = match wanted.and_then(|place| state.return_to(place.as_str())) {
            Some(place) => front(state, &place),
            None => state.origin.at("/"),
        };
        return Ok(found(state, &address));
    };
    let browser = hand_over::browser(state, question.headers, transport_of(site))?;
    let mut answer = found(
        state,
        &hand_over::address(state, site, wanted.as_ref(), &browser.mark()),
    );
    // Written again each time, so that it lasts as long as the newest login.
    let cookie = cookies::give_site_browser(&browser, transport_of(site));
    cookies::set(answer.headers_mut(), cookie);
    Ok(answer)
}

fn front(state: &WebState, place: &ReturnTo) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("return_to", place.as_str());
    state.origin.at(&format!("/?{}", query.finish()))
}

fn found(state: &WebState, address: &str) -> Response {
    let mut answer = answers::see_other(state, address);
    *answer.status_mut() = StatusCode::FOUND;
    answer
}

/// The reason goes to the log, once, beside the reference that the person sees.
fn refused(
    state: &WebState,
    question: &Question<'_>,
    (caller, reason, trouble): (Caller, &str, &Trouble<'_>),
) -> Response {
    let reference = error::reference(state.random.as_ref());
    let site = question.site.as_ref().map(Origin::as_str);
    tracing::warn!(reference, reason, site, "nobody was let in at a site");
    match (caller, trouble) {
        (Caller::Program, _) => {
            let told = json!({ "error": "access_denied", "reference": reference });
            answers::json(state, StatusCode::FORBIDDEN, &told)
        }
        (Caller::Page, Trouble::Unmet { .. }) => {
            match page_with_a_way_on(state, question, trouble, &reference) {
                Ok(answer) => answer,
                Err(cause) => error::unavailable(state, &cause),
            }
        }
        (Caller::Page | Caller::Form, _) => page(state, question, (trouble, Some(&reference))),
    }
}

/// To log in once more may help: for what is missing, or with another account.
fn page_with_a_way_on(
    state: &WebState,
    question: &Question<'_>,
    trouble: &Trouble<'_>,
    reference: &str,
) -> Result<Response, NoRandomness> {
    let Some(site) = &question.site else {
        return Ok(page(state, question, (trouble, Some(reference))));
    };
    let transport = transport_of(site);
    let browser = hand_over::browser(state, question.headers, transport)?;
    let wanted = question.wanted(state);
    let again = Link {
        text: "Log in again".to_owned(),
        address: hand_over::again(state, site, wanted.as_ref(), &browser.mark()),
    };
    let mut answer = error::problem_at_a_site(state, trouble, ("/", vec![again]), Some(reference));
    cookies::set(
        answer.headers_mut(),
        cookies::give_site_browser(&browser, transport),
    );
    Ok(answer)
}

fn page(
    state: &WebState,
    question: &Question<'_>,
    (trouble, reference): (&Trouble<'_>, Option<&str>),
) -> Response {
    let back = question.page_of_the_form(state);
    let back = back.as_ref().map_or("/", ReturnTo::as_str);
    error::problem_at_a_site(state, trouble, (back, Vec::new()), reference)
}
