//! Entries under indexes, each with its own end, each in a place of its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::platform::store::memory::places::Place;

/// All indexes of one store. Whoever asks clears away what has expired under the index they ask for; the rest waits
/// for a sweep, which comes when the store is full.
#[derive(Default)]
pub(super) struct Indexes(Mutex<HashMap<String, Members>>);

type Members = HashMap<String, Member>;

struct Member {
    expires_at: OffsetDateTime,
    /// Given back when the member goes.
    _place: Place,
}

impl Indexes {
    /// Files `entry`, or gives what is filed another end. `None`: it is new, and `place` had none to give.
    pub(super) fn file(
        &self,
        index: &str,
        entry: (&str, OffsetDateTime),
        now: OffsetDateTime,
        place: impl FnOnce() -> Option<Place>,
    ) -> Option<()> {
        let (name, expires_at) = entry;
        let mut all = self.lock();
        let members = all.get_mut(index).map(|members| live(members, now));
        if let Some(known) = members.and_then(|members| members.get_mut(name)) {
            known.expires_at = expires_at;
            return Some(());
        }
        let member = Member {
            expires_at,
            _place: place()?,
        };
        all.entry(index.to_owned())
            .or_default()
            .insert(name.to_owned(), member);
        Some(())
    }

    /// What is filed under `index`, in no order.
    pub(super) fn filed(&self, index: &str, now: OffsetDateTime) -> Vec<String> {
        let mut all = self.lock();
        let Some(members) = all.get_mut(index) else {
            return Vec::new();
        };
        let entries: Vec<String> = live(members, now).keys().cloned().collect();
        if entries.is_empty() {
            all.remove(index);
        }
        entries
    }

    /// Removes `entry`, and the index with its last.
    pub(super) fn unfile(&self, index: &str, entry: &str) {
        let mut all = self.lock();
        if let Some(members) = all.get_mut(index) {
            members.remove(entry);
            if members.is_empty() {
                all.remove(index);
            }
        }
    }

    /// Clears away what has expired, telling `note` when the rest will.
    pub(super) fn sweep(&self, now: OffsetDateTime, note: impl Fn(OffsetDateTime)) {
        self.lock().retain(|_index, members| {
            let left = live(members, now);
            for member in left.values() {
                note(member.expires_at);
            }
            !left.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Members>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn live(members: &mut Members, now: OffsetDateTime) -> &mut Members {
    members.retain(|_entry, member| member.expires_at > now);
    members
}
