//! The cookies: names and flags.
//!
//! With us one carries the ticket of a session, one the secret that ties a browser to the questions it asked. At a site
//! behind a proxy one carries the ticket to that site, one the secret that ties the browser to a hand-over. All are
//! opaque, for us alone, and stay home on requests that another site makes (`SameSite=Lax`). Over https their
//! names begin with `__Host-`, so that no other host can plant them.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::downstream::hand_over::SiteBrowser;
use crate::downstream::site_ticket::SiteTicket;
use crate::session::ticket::SessionTicket;
use crate::upstream::pending::{BrowserSecret, PATIENCE};
use crate::web::headers::Transport;

/// A name over https, and over plain http, which is for loopback only: a browser would not keep a `__Host-` cookie there.
type Name = (&'static str, &'static str);

const SESSION: Name = ("__Host-nhsmail-bridge", "nhsmail-bridge");
const SIGN_IN: Name = ("__Host-nhsmail-bridge-sign-in", "nhsmail-bridge-sign-in");
const SITE: Name = ("__Host-nhsmail-bridge-site", "nhsmail-bridge-site");
const LEAVING: Name = ("__Host-nhsmail-bridge-leaving", "nhsmail-bridge-leaving");
/// How the name of each of them begins, after the prefix.
const OURS: &[u8] = b"nhsmail-bridge";
const PREFIX: &[u8] = b"__Host-";

/// The ticket that the browser holds, if it holds one in the right shape.
pub(crate) fn ticket(headers: &HeaderMap, transport: Transport) -> Option<SessionTicket> {
    SessionTicket::parse(value(headers, SESSION, transport)?)
}

/// The secret of the browser, if it has one in the right shape.
pub(crate) fn browser(headers: &HeaderMap, transport: Transport) -> Option<BrowserSecret> {
    BrowserSecret::parse(value(headers, SIGN_IN, transport)?)
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
pub(crate) fn site_ticket(headers: &HeaderMap, transport: Transport) -> Option<&str> {
    value(headers, SITE, transport)
}

/// The secret of the browser at a site, if it has one in the right shape.
pub(crate) fn site_browser(headers: &HeaderMap, transport: Transport) -> Option<SiteBrowser> {
    SiteBrowser::parse(value(headers, LEAVING, transport)?)
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
    let kept: Vec<&[u8]> = pairs(headers).filter(|pair| !is_ours(pair)).collect();
    // They came in a header, so they fit into one.
    HeaderValue::from_bytes(&kept.join(b"; ".as_slice())).unwrap_or(HeaderValue::from_static(""))
}

/// What stands between the semicolons (RFC 6265 4.2.1).
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|octet| *octet == b';'));
    pairs.map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty())
}

fn is_ours(pair: &[u8]) -> bool {
    pair.strip_prefix(PREFIX).unwrap_or(pair).starts_with(OURS)
}

/// What the browser keeps under `name`. Ours are hexadecimal digits and base64url: nothing in them is encoded once more.
fn value(headers: &HeaderMap, name: Name, transport: Transport) -> Option<&str> {
    let name = written_name(name, transport).as_bytes();
    let mut found = pairs(headers).filter_map(|pair| pair.strip_prefix(name)?.strip_prefix(b"="));
    // Of two, neither: somebody else may have planted one.
    let first = found.next()?;
    found
        .next()
        .is_none()
        .then(|| std::str::from_utf8(first).ok())
        .flatten()
}

fn written_name((over_https, over_http): Name, transport: Transport) -> &'static str {
    match transport {
        Transport::Https => over_https,
        Transport::PlainHttp => over_http,
    }
}

fn cookie(name: Name, value: &str, transport: Transport) -> Cookie<'static> {
    Cookie::build((written_name(name, transport), value.to_owned()))
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
    fn ap_10_of_two_cookies_of_one_name_neither_counts_wherever_they_stand() {
        let [one, other] = [1, 2].map(|_| SessionTicket::draw(&SystemRandom).unwrap());
        let found = |lines: &[String]| {
            let lines = lines.iter().map(|line| (header::COOKIE, line.parse().unwrap()));
            ticket(&lines.collect(), Transport::PlainHttp)
        };
        let pair = |ticket: &SessionTicket| format!("nhsmail-bridge={}", ticket.expose());
        let alone = format!("a=1; {}; nhsmail-bridge-site=x; x-nhsmail-bridge=y", pair(&one));
        assert_eq!(found(&[alone]), Some(one.clone()));
        assert_eq!(found(&["a=1".to_owned(), pair(&one)]), Some(one.clone()));
        assert_eq!(found(&[format!("{}; {}", pair(&one), pair(&other))]), None);
        assert_eq!(found(&[pair(&one), pair(&other)]), None);
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
