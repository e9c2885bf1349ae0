//! The answers that let somebody in, written a moment ago: a page with a hundred pictures needs one signature, not a
//! hundred.
//!
//! Whether the session lives and may come in is judged each time before; this saves the work of saying so. What is
//! remembered belongs to one session and one application, and is forgotten with half of the token's life.

use axum::http::HeaderMap;
use time::OffsetDateTime;

use crate::downstream::application::Application;
use crate::platform::recent::Recent;
use crate::session::record::Session;
use crate::session::sid::Sid;

/// How many answers are remembered; what finds no room is written anew each time.
const ROOM: u64 = 8192;

/// The answers of the last minutes.
#[derive(Debug)]
pub struct RecentAnswers(Recent<Name, HeaderMap>);

/// Whose answer it is: a session that was renewed since is another.
#[derive(PartialEq, Eq, Hash)]
struct Name {
    sid: Sid,
    began_at: OffsetDateTime,
    client_id: String,
    audience: String,
}

impl RecentAnswers {
    /// The headers of what was said to `application` about `session`, if that is still good at the instant `now`.
    pub(crate) fn find(
        &self,
        session: &Session,
        application: &Application,
        now: OffsetDateTime,
    ) -> Option<HeaderMap> {
        self.0.find(&Name::of(session, application), now)
    }

    /// Remembers from `now` what was said until `good_until`.
    pub(crate) fn keep(
        &self,
        (session, application): (&Session, &Application),
        headers: HeaderMap,
        times: (OffsetDateTime, OffsetDateTime),
    ) {
        self.0.keep(Name::of(session, application), headers, times);
    }
}

impl Name {
    fn of(session: &Session, application: &Application) -> Self {
        Self {
            sid: session.sid().clone(),
            began_at: session.began_at(),
            client_id: application.client_id.clone(),
            audience: application.audience.clone(),
        }
    }
}

impl Default for RecentAnswers {
    fn default() -> Self {
        Self(Recent::new(ROOM, |_headers| 1))
    }
}
