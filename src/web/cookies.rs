//! The cookies: names and flags.
//!
//! With us one carries the ticket of a session, one the secret that ties a browser to the questions it asked. At a site
//! behind a proxy one carries the ticket to that site, one the secret that ties the browser to a hand-over. All are
//! opaque, for us alone, and stay home on requests that another site makes (`SameSite=Lax`). Over https their
//! names begin with `__Host-`, so that no other host can plant them.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::downstream::hand_over::SiteBrowser;
use crate::downstream::site_ticket::SiteTicket;
use crate::session::ticket::SessionTicket;
use crate::upstream::pending::{BrowserSecret, PATIENCE};
use crate::web::headers::Transport;

const SESSION: &str = "nhsmail-bridge";
const SIGN_IN: &str = "nhsmail-bridge-sign-in";
const SITE: &str = "nhsmail-bridge-site";
const LEAVING: &str = "nhsmail-bridge-leaving";
/// How the name of each of them begins, after the prefix.
const OURS: &[u8] = b"nhsmail-bridge";
const PREFIX: &[u8] = b"__Host-";

/// The ticket that the browser holds, if it holds one in the right shape.
pub(crate) fn ticket(headers: &HeaderMap, transport: Transport) -> Option<SessionTicket> {
    SessionTicket::parse(&value(headers, SESSION, transport)?)
}

/// The secret of the browser, if it has one in the right shape.
pub(crate) fn browser(headers: &HeaderMap, transport: Transport) -> Option<BrowserSecret> {
    BrowserSecret::parse(&value(headers, SIGN_IN, transport)?)
}

/// Gives the browser its ticket, until the browser is closed or the session ends here.
pub(crate) fn give_ticket(ticket: &SessionTicket, transport: Transport) -> HeaderValue {
    written(&cookie(SESSION, ticket.expose(), transport))
}

/// Takes the ticket away.
pub(crate) fn take_ticket(transport: Transport) -> HeaderValue {
    let mut gone = cookie(SESSION, "", transport);
    gone.make_removal();
    written(&gone)
}

/// Gives the browser its secret, for as long as it may take to sign in.
pub(crate) fn give_browser(secret: &BrowserSecret, transport: Transport) -> HeaderValue {
    let mut kept = cookie(SIGN_IN, secret.expose(), transport);
    kept.set_max_age(PATIENCE);
    written(&kept)
}

/// The text of the ticket to a site that browsers reach by `transport`; whether it is one is for the key to say.
pub(crate) fn site_ticket(headers: &HeaderMap, transport: Transport) -> Option<String> {
    value(headers, SITE, transport)
}

/// The secret of the browser at a site, if it has one in the right shape.
pub(crate) fn site_browser(headers: &HeaderMap, transport: Transport) -> Option<SiteBrowser> {
    SiteBrowser::parse(&value(headers, LEAVING, transport)?)
}

/// Gives the browser its ticket to a site, until it is closed or the session ends.
pub(crate) fn give_site_ticket(ticket: &SiteTicket, transport: Transport) -> HeaderValue {
    written(&cookie(SITE, ticket.expose(), transport))
}

/// Gives the browser its secret at a site, for as long as it may take to sign in.
pub(crate) fn give_site_browser(secret: &SiteBrowser, transport: Transport) -> HeaderValue {
    let mut kept = cookie(LEAVING, secret.expose(), transport);
    kept.set_max_age(PATIENCE);
    written(&kept)
}

/// What a site may see of the cookies that its browser sent: all but ours. Octet for octet, for they are not ours to
/// judge.
pub(crate) fn of_others(headers: &HeaderMap) -> HeaderValue {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|octet| *octet == b';'));
    let kept: Vec<&[u8]> = pairs
        .map(<[u8]>::trim_ascii)
        .filter(|pair| !pair.is_empty() && !is_ours(pair))
        .collect();
    // They came in a header, so they fit into one.
    HeaderValue::from_bytes(&kept.join(b"; ".as_slice())).unwrap_or(HeaderValue::from_static(""))
}

fn is_ours(pair: &[u8]) -> bool {
    pair.strip_prefix(PREFIX).unwrap_or(pair).starts_with(OURS)
}

fn value(headers: &HeaderMap, name: &str, transport: Transport) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&full_name(name, transport))
        .map(|cookie| cookie.value().to_owned())
}

/// Plain http is for loopback only, where a browser would not keep a `__Host-` cookie.
fn full_name(name: &str, transport: Transport) -> String {
    match transport {
        Transport::Https => format!("__Host-{name}"),
        Transport::PlainHttp => name.to_owned(),
    }
}

fn cookie(name: &str, value: &str, transport: Transport) -> Cookie<'static> {
    Cookie::build((full_name(name, transport), value.to_owned()))
        .path("/")
        .http_only(true)
        .secure(matches!(transport, Transport::Https))
        .same_site(SameSite::Lax)
        .build()
}

fn written(cookie: &Cookie<'static>) -> HeaderValue {
    // Names and values are ASCII of ours; a cookie that were not is better not set.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// Adds a `Set-Cookie`.
pub(crate) fn set(headers: &mut HeaderMap, cookie: HeaderValue) {
    headers.append(header::SET_COOKIE, cookie);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SystemRandom;

    #[test]
    fn ap_10_session_cookie_is_host_prefixed_secure_and_for_us_alone() {
        let ticket = SessionTicket::draw(&SystemRandom).unwrap();
        let written = give_ticket(&ticket, Transport::Https);
        let text = written.to_str().unwrap();
        assert!(text.starts_with("__Host-nhsmail-bridge="), "{text}");
        for flag in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(text.contains(flag), "{flag} in {text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        assert!(!text.contains("Max-Age"), "it ends with the browser: {text}");
    }

    #[test]
    fn ap_10_what_is_set_is_read_back_and_a_misshapen_value_is_no_ticket() {
        let ticket = SessionTicket::draw(&SystemRandom).unwrap();
        let written = give_ticket(&ticket, Transport::PlainHttp);
        let pair = written.to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = |cookie: &str| HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        assert!(super::ticket(&headers(&pair), Transport::PlainHttp).is_some());
        assert!(
            super::ticket(&headers(&pair), Transport::Https).is_none(),
            "the prefix is part of the name"
        );
        assert!(super::ticket(&headers("nhsmail-bridge=short"), Transport::PlainHttp).is_none());
    }

    #[test]
    fn ap_12_a_site_sees_every_cookie_but_ours() {
        let seen = |lines: &[&str]| {
            let lines = lines
                .iter()
                .map(|line| (header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap()));
            of_others(&lines.collect()).as_bytes().to_vec()
        };
        let mixed = "a=1; __Host-nhsmail-bridge-site=x;b=\"2\" ;nhsmail-bridge=y; nhsmail-bridge-leaving=z";
        assert_eq!(seen(&[mixed, "né=3"]), "a=1; b=\"2\"; né=3".as_bytes());
        assert_eq!(seen(&["nhsmail-bridge-sign-in=x"]), b"");
        assert_eq!(seen(&[]), b"");
    }
}
