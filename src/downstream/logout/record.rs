//! What became of each notice: for the person who is leaving, and for the operator.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use tokio::sync::watch;

use crate::session::ended::Cause;
use crate::session::sid::Sid;

/// Notices that are remembered; the oldest is forgotten first.
const REMEMBERED: usize = 1000;

/// What became of the last notices. It outlives a change of the configuration, and not the process.
#[derive(Debug, Default)]
pub struct LogoutRecord {
    book: Mutex<Book>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Book {
    entries: VecDeque<Entry>,
    written: u64,
    totals: Totals,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    sid: Sid,
    told: Told,
}

/// How many notices came to an end since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Heard by their applications.
    pub told: u64,
    /// Never heard.
    pub given_up: u64,
}

/// What became of one notice. Says nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The `client_id`.
    pub application: String,
    /// What people call it.
    pub label: String,
    /// Why the session ended.
    pub cause: Cause,
    /// When it ended.
    pub ended_at: OffsetDateTime,
    /// How often it was said.
    pub tries: u32,
    /// When it was last said.
    pub last_try: Option<OffsetDateTime>,
    /// How far it came.
    pub progress: Progress,
}

/// How far a notice came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The first try is under way.
    Waiting,
    /// It was not heard, and will be said again.
    Again {
        /// When.
        at: OffsetDateTime,
        /// Why it was not heard.
        reason: String,
    },
    /// The application has heard it.
    Heard,
    /// It was not heard, and is not said again.
    GivenUp {
        /// Why it was last not heard.
        reason: String,
    },
}

impl LogoutRecord {
    /// The last notices, the newest first, at most `most`.
    pub fn latest(&self, most: usize) -> Vec<Told> {
        let book = self.book();
        let newest_first = book.entries.iter().rev().take(most);
        newest_first.map(|entry| entry.told.clone()).collect()
    }

    /// How many notices came to an end since the start.
    pub fn totals(&self) -> Totals {
        self.book().totals
    }

    /// What became of the notices about the session `sid`, in the order in which its applications took part.
    pub fn about(&self, sid: &Sid) -> Vec<Told> {
        let book = self.book();
        let about = book.entries.iter().filter(|entry| entry.sid == *sid);
        about.map(|entry| entry.told.clone()).collect()
    }

    /// Returns when every notice about the session `sid` was said once, heard or not.
    pub(in crate::downstream::logout) async fn was_said(&self, sid: &Sid) {
        let mut changes = self.changed.subscribe();
        loop {
            let has_begun = |told: &Told| told.progress != Progress::Waiting;
            if self.about(sid).iter().all(has_begun) || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Notes that `told` is about to be said; gives the number by which it is noted further.
    pub(in crate::downstream::logout) fn begin(&self, sid: &Sid, told: Told) -> u64 {
        let mut book = self.book();
        book.written += 1;
        let number = book.written;
        book.entries.push_back(Entry {
            number,
            sid: sid.clone(),
            told,
        });
        if book.entries.len() > REMEMBERED {
            book.entries.pop_front();
        }
        number
    }

    /// Notes that the notice of `number` was said at `at`, for the `tries`th time.
    pub(in crate::downstream::logout) fn note(
        &self,
        number: u64,
        at: OffsetDateTime,
        tries: u32,
        progress: Progress,
    ) {
        let mut book = self.book();
        match progress {
            Progress::Heard => book.totals.told += 1,
            Progress::GivenUp { .. } => book.totals.given_up += 1,
            Progress::Waiting | Progress::Again { .. } => {}
        }
        let mut entries = book.entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.number == number) {
            entry.told.tries = tries;
            entry.told.last_try = (tries > 0).then_some(at);
            entry.told.progress = progress;
        }
        drop(book);
        self.changed.send_replace(());
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    /// True if the application has heard it.
    pub fn is_heard(&self) -> bool {
        self.progress == Progress::Heard
    }
}

impl Progress {
    /// One word for the operator.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Again { .. } => "again",
            Self::Heard => "told",
            Self::GivenUp { .. } => "given_up",
        }
    }

    /// Why it was not heard.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Waiting | Self::Heard => None,
            Self::Again { reason, .. } | Self::GivenUp { reason } => Some(reason),
        }
    }
}
