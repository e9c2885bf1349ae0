//! What a reverse proxy asks about a request that somebody made to a site, as far as it may be believed.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use crate::journey::return_to::ReturnTo;
use crate::platform::origin::Origin;
use crate::web::forward_auth::caller::Caller;
use crate::web::headers::Transport;
use crate::web::proxies;
use crate::web::state::WebState;

/// Where a proxy asks that puts the path of the site behind ours, as Envoy does.
pub(crate) const PATH: &str = "/auth/verify";

const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const URI: HeaderName = HeaderName::from_static("x-forwarded-uri");
const METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");

/// How a proxy says what was asked of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// All of it in `X-Forwarded-{Proto,Host,Uri,Method}`: nginx as we configure it, Traefik, Caddy.
    Headers,
    /// Its method and host as those of the question, its path behind ours: Envoy.
    Path,
}

/// One request to a site.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The site; absent if no proxy that we know says it.
    pub(crate) site: Option<Origin>,
    /// Path and query as the browser sent them, beginning with a slash; absent as above.
    pub(crate) place: Option<&'a str>,
    /// Who asked the site.
    pub(crate) caller: Caller,
    /// Whether we know who asks us.
    pub(crate) asker: Asker,
    /// The headers of the question, among them those of the browser.
    pub(crate) headers: &'a HeaderMap,
}

/// Who asks us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A proxy that we know.
    OurProxy,
    /// Somebody who speaks as a proxy and is none that we know.
    Stranger,
    /// Somebody who asks about themselves.
    Browser,
}

impl<'a> Question<'a> {
    /// Reads what `asked` says. Of two headers with the same name the browser may have sent one, so neither counts.
    pub(crate) fn read(state: &WebState, asked: &'a Parts, dialect: Dialect) -> Self {
        let headers = &asked.headers;
        let who = Asker::of(state, asked, dialect);
        if who != Asker::OurProxy {
            return Self {
                site: None,
                place: None,
                caller: Caller::of("GET", headers),
                asker: who,
                headers,
            };
        }
        let (place, method) = match dialect {
            Dialect::Headers => (one(headers, URI), one(headers, METHOD).unwrap_or("GET")),
            Dialect::Path => (behind_ours(asked), asked.method.as_str()),
        };
        Self {
            site: site(state, headers),
            place: place.filter(|place| place.starts_with('/')),
            caller: Caller::of(method, headers),
            asker: who,
            headers,
        }
    }

    /// The page that the browser wants, if it is safe to send it there.
    pub(crate) fn wanted(&self, state: &WebState) -> Option<ReturnTo> {
        self.at_the_site(state, &self.site.as_ref()?.at(self.place?))
    }

    /// The page from which a form was sent, if it is one of the same site.
    pub(crate) fn page_of_the_form(&self, state: &WebState) -> Option<ReturnTo> {
        self.at_the_site(state, one(self.headers, header::REFERER)?)
    }

    fn at_the_site(&self, state: &WebState, address: &str) -> Option<ReturnTo> {
        let site = self.site.as_ref()?;
        let is_there = address
            .strip_prefix(site.as_str())
            .is_some_and(|rest| rest.starts_with('/'));
        let place = ReturnTo::parse(address, std::slice::from_ref(site), &state.origin).ok();
        place.filter(|_| is_there)
    }
}

impl Asker {
    fn of(state: &WebState, asked: &Parts, dialect: Dialect) -> Self {
        let speaks_as_a_proxy =
            dialect == Dialect::Path || [HOST, URI].iter().any(|name| asked.headers.contains_key(name));
        if !speaks_as_a_proxy {
            return Self::Browser;
        }
        match proxies::peer(&asked.extensions) {
            Some(peer) if proxies::is_trusted(state, peer) => Self::OurProxy,
            Some(_) | None => Self::Stranger,
        }
    }
}

/// The site whose proxy passed a request on to us, if it is a proxy that we know.
pub(crate) fn site_behind(state: &WebState, asked: &Parts) -> Option<Origin> {
    let peer = proxies::peer(&asked.extensions)?;
    proxies::is_trusted(state, peer)
        .then(|| site(state, &asked.headers))
        .flatten()
}

/// How browsers reach `site`.
pub(crate) fn transport_of(site: &Origin) -> Transport {
    if site.is_https() {
        Transport::Https
    } else {
        Transport::PlainHttp
    }
}

/// Envoy keeps the host and has no header of its own for it.
fn site(state: &WebState, headers: &HeaderMap) -> Option<Origin> {
    let name = if headers.contains_key(HOST) {
        HOST
    } else {
        header::HOST
    };
    let host = one(headers, name)?;
    let text = format!("{}://{host}", one(headers, PROTO)?);
    // An origin has one spelling, so whatever is spelled like one that we know is that one.
    let known = state
        .sites()
        .chain([&state.origin])
        .find(|known| known.as_str() == text);
    known.cloned().or_else(|| Origin::parse(&text).ok())
}

fn behind_ours(asked: &Parts) -> Option<&str> {
    asked.uri.path_and_query()?.as_str().strip_prefix(PATH)
}

fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok();
    first.filter(|_| all.next().is_none())
}
