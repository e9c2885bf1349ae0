//! The hand-over of somebody who is signed in here to a site of another host, and what its proxy passes on to us.
//!
//! The proxy of such a site passes everything under [`SITE`] to us, so that we can set a cookie there.

mod again;

use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::downstream::hand_over::{BrowserMark, HandOver, HandOverError, SiteBrowser};
use crate::journey::return_to::ReturnTo;
use crate::platform::origin::Origin;
use crate::platform::random::NoRandomness;
use crate::session::SessionError;
use crate::session::record::Session;
use crate::web::forward_auth::{application, is_at_our_host, site_behind, transport_of};
use crate::web::headers::Transport;
use crate::web::pages::Trouble;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, sign_in};

/// Where we are found at a site.
pub(crate) const SITE: &str = "/.nhsmail-bridge";
/// Where somebody is handed over.
pub(crate) const PATH: &str = "/auth/hand-over";
/// Where they arrive, at the site.
pub(crate) const ARRIVE: &str = "/.nhsmail-bridge/arrive";
/// Where they log out, at the site.
pub(crate) const SIGN_OUT: &str = "/.nhsmail-bridge/sign-out";
/// Longer than this an address does not come through signing in unharmed; see [`ReturnTo`].
const LONGEST: usize = 2048;

/// What a site's proxy sends the browser here with.
#[derive(Debug, Deserialize)]
pub(crate) struct Departure {
    to: Option<String>,
    browser: Option<String>,
    again: Option<String>,
}

/// What the browser brings to the site.
#[derive(Debug, Deserialize)]
pub(crate) struct Arrival {
    code: Option<String>,
}

/// Why somebody was not handed over.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    HandOver(#[from] HandOverError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] openssl::error::ErrorStack),
}

/// Where the browser of `mark` is handed over to `site`, to go to `wanted` there.
pub(crate) fn address(
    state: &WebState,
    site: &Origin,
    wanted: Option<&ReturnTo>,
    mark: &BrowserMark,
) -> String {
    let path = |place: &str| {
        let mut query = Serializer::new(String::new());
        // In one alphabet, so that no reader on the way decodes half of it.
        query.append_pair("to", &URL_SAFE_NO_PAD.encode(place));
        query.append_pair("browser", mark.as_str());
        format!("{PATH}?{}", query.finish())
    };
    let wanted = wanted.map(|place| path(place.as_str()));
    let path = wanted
        .filter(|path| path.len() <= LONGEST)
        .unwrap_or_else(|| path(&site.at("/")));
    state.origin.at(&path)
}

/// The same, for somebody who shall log in once more before.
pub(crate) fn again(
    state: &WebState,
    site: &Origin,
    wanted: Option<&ReturnTo>,
    mark: &BrowserMark,
) -> String {
    format!("{}&again=1", address(state, site, wanted, mark))
}

/// The secret that this browser has at a site, or a new one.
pub(crate) fn browser(
    state: &WebState,
    headers: &HeaderMap,
    transport: Transport,
) -> Result<SiteBrowser, NoRandomness> {
    match cookies::site_browser(headers, transport) {
        Some(known) => Ok(known),
        None => SiteBrowser::draw(state.random.as_ref()),
    }
}

/// `GET /auth/hand-over`: gives a code to whoever is signed in; everybody else signs in first.
pub(crate) async fn leave(
    State(state): State<WebState>,
    Query(departure): Query<Departure>,
    headers: HeaderMap,
) -> Response {
    let place = departure.to.as_deref().and_then(|to| place(&state, to));
    let mark = departure.browser.as_deref().and_then(BrowserMark::parse);
    let (Some((site, place)), Some(mark)) = (place, mark) else {
        return error::problem(&state, &Trouble::ReturnNotAllowed, None);
    };
    let back = address(&state, &site, Some(&place), &mark);
    let back = back.strip_prefix(state.origin.as_str()).unwrap_or("/");
    let session = match session(&state, &headers).await {
        Ok(Some(session)) => session,
        Ok(None) => return to_sign_in(&state, back),
        Err(cause) => return error::unavailable(&state, &cause),
    };
    if departure.again.is_some()
        && let Some(left) = again::leave(&state, &headers, &session, (&site, &place), back).await
    {
        return left;
    }
    if is_at_our_host(&state, &site) {
        // Our own cookie is seen there.
        return answer::see_other(&state, place.as_str());
    }
    match code(&state, &session, (&site, &place), mark).await {
        Ok(code) => answer::see_other(&state, &site.at(&format!("{ARRIVE}?code={code}"))),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

fn to_sign_in(state: &WebState, back: &str) -> Response {
    let query = Serializer::new(String::new())
        .append_pair("return_to", back)
        .finish();
    answer::see_other(state, &format!("{}?{query}", sign_in::PATH))
}

async fn session(state: &WebState, headers: &HeaderMap) -> Result<Option<Session>, SessionError> {
    match cookies::ticket(headers, state.transport()) {
        Some(ticket) => state.sessions.find(&ticket).await,
        None => Ok(None),
    }
}

async fn code(
    state: &WebState,
    session: &Session,
    (site, place): (&Origin, &ReturnTo),
    mark: BrowserMark,
) -> Result<String, HandOverError> {
    let hand_over = HandOver {
        site: site.clone(),
        sid: session.sid().clone(),
        place: place.as_str().to_owned(),
    };
    state.hand_overs.note(hand_over, mark).await
}

/// The place in an address, and its site, if it is one of ours.
fn place(state: &WebState, encoded: &str) -> Option<(Origin, ReturnTo)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
    let site = Origin::parse(&Url::parse(&text).ok()?.origin().ascii_serialization()).ok()?;
    application(state, Some(&site))?;
    let place = ReturnTo::parse(&text, std::slice::from_ref(&site), &state.origin).ok()?;
    text.starts_with(site.as_str()).then_some((site, place))
}

/// `GET /.nhsmail-bridge/arrive`, at a site: turns a code into a ticket to this site.
pub(crate) async fn arrive(
    State(state): State<WebState>,
    Query(arrival): Query<Arrival>,
    request: Request,
) -> Response {
    let (parts, _body) = request.into_parts();
    let Some(site) = site_behind(&state, &parts).filter(|site| application(&state, Some(site)).is_some())
    else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    match arrived(&state, &site, &parts.headers, &arrival).await {
        Ok(Some(answer)) => answer,
        Ok(None) => error::problem_at_a_site(&state, &Trouble::AnotherBrowser, ("/", Vec::new()), None),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

async fn arrived(
    state: &WebState,
    site: &Origin,
    headers: &HeaderMap,
    arrival: &Arrival,
) -> Result<Option<Response>, Failure> {
    let transport = transport_of(site);
    let browser = cookies::site_browser(headers, transport);
    let code = arrival.code.as_deref().unwrap_or_default();
    let Some(hand_over) = state.hand_overs.take(code, site, browser.as_ref()).await? else {
        // Whoever went back to an old address and is known already goes on.
        let known =
            cookies::site_ticket(headers, transport).and_then(|text| state.site_key.opens(text, site));
        let known = match known {
            Some(sid) => state.sessions.find_named(&sid).await?,
            None => None,
        };
        return Ok(known.map(|_| answer::see_other(state, &site.at("/"))));
    };
    let ticket = state.site_key.ticket(&hand_over.sid, site)?;
    let mut answer = answer::see_other(state, &hand_over.place);
    cookies::set(
        answer.headers_mut(),
        cookies::give_site_ticket(&ticket, transport),
    );
    Ok(Some(answer))
}

/// `GET /.nhsmail-bridge/sign-out`, at a site: leads to where people log out, and back.
pub(crate) async fn sign_out(State(state): State<WebState>, request: Request) -> Response {
    let (parts, _body) = request.into_parts();
    let Some(site) = site_behind(&state, &parts) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let query = Serializer::new(String::new())
        .append_pair("return_to", &site.at("/"))
        .finish();
    answer::see_other(&state, &state.origin.at(&format!("/sign-out?{query}")))
}
