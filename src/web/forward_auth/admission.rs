//! Who is there, and may they come in?

use std::sync::Arc;

use crate::downstream::application::Application;
use crate::downstream::application::requirements::Unmet;
use crate::journey::return_to::ReturnTo;
use crate::platform::origin::Origin;
use crate::session::SessionError;
use crate::session::record::Session;
use crate::session::sid::Sid;
use crate::session::ticket::SessionTicket;
use crate::web::cookies;
use crate::web::forward_auth::paths::{self, Asked};
use crate::web::forward_auth::question::{Asker, Question, transport_of};
use crate::web::state::WebState;

/// What becomes of a request to a site.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// This person may come in.
    Admitted(Arc<Session>, Arc<Application>),
    /// Anybody may come in, and nobody is named.
    Public,
    /// Nobody is signed in.
    NobodyThere,
    /// Somebody is, and does not fulfil what is asked.
    NotAdmitted {
        /// The first thing that they lack.
        unmet: Unmet,
        /// Theirs.
        session: Arc<Session>,
        /// The site's.
        application: Arc<Application>,
    },
    /// It cannot be judged; the reason is for the log and for whoever runs the proxy.
    Refused(&'static str),
}

/// What opens a session.
enum Opener {
    Ours(SessionTicket),
    OfTheSite(Sid),
}

/// Judges a question. The session gets a sign of life, and remembers that the application is told of it.
pub(crate) async fn judge(state: &WebState, question: &Question<'_>) -> Result<Verdict, SessionError> {
    match (question.asker, &question.site) {
        (Asker::Stranger, _) => {
            return Ok(Verdict::Refused(
                "the proxy that asks is not in web.trusted_proxies",
            ));
        }
        (Asker::OurProxy, None) => return Ok(Verdict::Refused("the proxy names no site")),
        (Asker::OurProxy | Asker::Browser, _) => {}
    }
    let Some(application) = application(state, question.site.as_ref()) else {
        return Ok(Verdict::Refused(
            "the site is no origin of an application, nor in web.return_to",
        ));
    };
    let Ok(asked) = paths::asked(&application.paths, question.place) else {
        return Ok(Verdict::Refused("the path can be read in two ways"));
    };
    let session = match opener(state, question) {
        Some(opener) => opener.session(state, &application.client_id).await?,
        None => None,
    };
    let Some(session) = session else {
        return Ok(match asked {
            Asked::Nothing => Verdict::Public,
            Asked::All(_) => Verdict::NobodyThere,
        });
    };
    Ok(verdict(state, session, Arc::clone(application), &asked))
}

fn verdict(
    state: &WebState,
    session: Arc<Session>,
    application: Arc<Application>,
    asked: &Asked<'_>,
) -> Verdict {
    match (unmet(state, &session, &application, asked), asked) {
        (None, _) => Verdict::Admitted(session, application),
        (Some(_), Asked::Nothing) => Verdict::Public,
        (Some(unmet), Asked::All(_)) => Verdict::NotAdmitted {
            unmet,
            session,
            application,
        },
    }
}

fn unmet(state: &WebState, session: &Session, application: &Application, asked: &Asked<'_>) -> Option<Unmet> {
    let now = state.clock.now();
    let more: &[_] = match asked {
        Asked::Nothing => &[],
        Asked::All(all) => all,
    };
    let admitted = application.admits(session, now).and_then(|()| {
        more.iter()
            .try_for_each(|requirements| requirements.judge(session, now))
    });
    admitted.err()
}

/// What whoever is behind `session` lacks at a place of a site.
pub(crate) fn still_unmet(
    state: &WebState,
    session: &Session,
    site: &Origin,
    place: &ReturnTo,
) -> Option<Unmet> {
    let application = application(state, Some(site))?;
    let place = place.as_str().strip_prefix(site.as_str()).unwrap_or_default();
    let place = if place.starts_with('/') { place } else { "/" };
    let asked = paths::asked(&application.paths, Some(place)).ok()?;
    unmet(state, session, application, &asked)
}

/// The application that stands at `site`. Whoever asks about themselves is at none, and so is a site of our own host.
pub(crate) fn application<'a>(state: &'a WebState, site: Option<&Origin>) -> Option<&'a Arc<Application>> {
    let by_default = state.applications.by_default();
    let Some(site) = site else {
        return Some(by_default);
    };
    let is_known = state.settings.return_to.contains(site) || is_at_our_host(state, site);
    state.applications.at(site).or(is_known.then_some(by_default))
}

/// True if the browser shows our own cookie at `site`: a port makes no difference to a cookie (RFC 6265 8.5).
pub(crate) fn is_at_our_host(state: &WebState, site: &Origin) -> bool {
    site.host() == state.origin.host() && site.is_https() == state.origin.is_https()
}

/// A ticket to the site, else, where the browser shows it, ours.
fn opener(state: &WebState, question: &Question<'_>) -> Option<Opener> {
    let headers = question.headers;
    let ours = || cookies::ticket(headers, state.transport()).map(Opener::Ours);
    let Some(site) = &question.site else {
        return ours();
    };
    let of_the_site = cookies::site_ticket(headers, transport_of(site))
        .and_then(|text| state.site_key.opens(text, site))
        .map(Opener::OfTheSite);
    of_the_site.or_else(|| is_at_our_host(state, site).then(ours).flatten())
}

impl Opener {
    async fn session(&self, state: &WebState, client_id: &str) -> Result<Option<Arc<Session>>, SessionError> {
        match self {
            Self::Ours(ticket) => state.sessions.seen_by(ticket, client_id).await,
            Self::OfTheSite(sid) => state.sessions.seen_named_by(sid, client_id).await,
        }
    }
}
