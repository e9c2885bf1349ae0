//! The identity headers that were written a moment ago: a page with a hundred pictures needs one signature, not a
//! hundred.
//!
//! Whether the session lives is asked each time before; this saves the work of saying so. What is remembered belongs to
//! one session and one application, and is forgotten with half of the token's life.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use time::OffsetDateTime;

use crate::session::record::Session;
use crate::session::sid::Sid;

/// Sessions wait for each other only if they share one of so many drawers.
const DRAWERS: usize = 16;
/// How many answers one drawer holds; what finds no room is written anew each time.
const ROOM: usize = 512;

/// The answers of the last minutes. Prints nothing of them.
#[derive(Default)]
pub struct RecentAnswers {
    drawers: [Mutex<HashMap<Name, Answer>>; DRAWERS],
}

/// Whose answer it is: a session that was renewed since is another.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Name {
    sid: Sid,
    began_at: OffsetDateTime,
    client_id: String,
}

struct Answer {
    headers: HeaderMap,
    good_until: OffsetDateTime,
}

impl RecentAnswers {
    /// What was said to `client_id` about `session`, if that is still good at the instant `now`.
    pub(crate) fn find(&self, session: &Session, client_id: &str, now: OffsetDateTime) -> Option<HeaderMap> {
        let name = Name::of(session, client_id);
        let drawer = self.drawer(&name.sid)?;
        let answer = drawer.get(&name)?;
        (now < answer.good_until).then(|| answer.headers.clone())
    }

    /// Remembers what was said until `good_until`.
    pub(crate) fn keep(
        &self,
        (session, client_id): (&Session, &str),
        headers: HeaderMap,
        (now, good_until): (OffsetDateTime, OffsetDateTime),
    ) {
        let name = Name::of(session, client_id);
        let Some(mut drawer) = self.drawer(&name.sid) else {
            return;
        };
        if drawer.len() >= ROOM {
            drawer.retain(|_, answer| now < answer.good_until);
        }
        if drawer.len() < ROOM {
            drawer.insert(name, Answer { headers, good_until });
        }
    }

    fn drawer(&self, sid: &Sid) -> Option<MutexGuard<'_, HashMap<Name, Answer>>> {
        let spread: usize = sid.as_str().bytes().map(usize::from).sum();
        let drawer = self.drawers.get(spread % DRAWERS)?;
        Some(drawer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Name {
    fn of(session: &Session, client_id: &str) -> Self {
        Self {
            sid: session.sid().clone(),
            began_at: session.began_at(),
            client_id: client_id.to_owned(),
        }
    }
}

impl std::fmt::Debug for RecentAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecentAnswers(…)")
    }
}
