//! Things under names, spread over drawers so that few wait for each other, and cleared away when they have expired.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::Duration;

use crate::platform::digest::sha256;
use crate::platform::store::memory::instant::Instant;

/// Two who come at once wait for each other only if they want the same of so many drawers.
const DRAWERS: usize = 80;
/// How many octets of its hash stand for a name. Two names of one hash are found by 2⁶⁴ tries on purpose, by nobody by
/// accident; and whoever chooses names chooses them beneath a prefix of ours.
const NAME: usize = 16;

type Name = [u8; NAME];

/// Something that expires, or holds what does.
pub(super) trait Expiring {
    /// Drops what has expired at `now`.
    fn drop_expired(&mut self, now: Instant) -> Left;
}

/// What is left of something.
pub(super) struct Left {
    /// How many places become free.
    pub(super) dropped: usize,
    /// When the first of what is left expires; `None`: nothing is left.
    pub(super) next_expiry: Option<Instant>,
}

/// All drawers of one kind of things.
pub(super) struct Drawers<T>([Mutex<Drawer<T>>; DRAWERS]);

struct Drawer<T> {
    things: HashMap<Name, T>,
    /// Nothing expires before.
    next_expiry: Instant,
    /// When somebody last walked through it who put something in.
    tidied_at: Instant,
    /// When somebody last did who found the store full, and so left no margin.
    cleared_at: Instant,
}

/// A drawer that is open at one name. Nobody else can open it meanwhile.
pub(super) struct Open<'a, T> {
    drawer: MutexGuard<'a, Drawer<T>>,
    name: Name,
}

impl<T: Expiring> Drawers<T> {
    /// Opens the drawer of `name`.
    pub(super) fn open(&self, name: &str) -> Open<'_, T> {
        let hash = sha256(name.as_bytes());
        let (name, rest) = halves(hash);
        let [first, ..] = &self.0;
        let drawer = self.0.get(usize::from(rest[0]) % DRAWERS);
        Open {
            drawer: lock(drawer.unwrap_or(first)),
            name,
        }
    }

    /// Clears away what has expired, in every drawer for which that was last done at least `pause` ago. After each it
    /// says how many places have become free.
    pub(super) fn clear(&self, now: Instant, pause: Duration, give_back: impl Fn(usize)) {
        for drawer in &self.0 {
            give_back(lock(drawer).clear(now, pause));
        }
    }
}

fn halves(hash: [u8; 2 * NAME]) -> (Name, Name) {
    let at = |place: usize| hash.get(place).copied().unwrap_or_default();
    (
        std::array::from_fn(at),
        std::array::from_fn(|place| at(NAME + place)),
    )
}

fn lock<T>(drawer: &Mutex<Drawer<T>>) -> MutexGuard<'_, Drawer<T>> {
    drawer.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Expiring> Open<'_, T> {
    /// What is there, live or not.
    pub(super) fn found(&mut self) -> Option<&mut T> {
        self.drawer.things.get_mut(&self.name)
    }

    /// Puts something there.
    pub(super) fn insert(&mut self, thing: T) {
        self.drawer.things.insert(self.name, thing);
    }

    /// Takes out what is there.
    pub(super) fn remove(&mut self) -> Option<T> {
        self.drawer.things.remove(&self.name)
    }

    /// Something in here expires at `expires_at`.
    pub(super) fn note_expiry(&mut self, expires_at: Instant) {
        self.drawer.next_expiry = self.drawer.next_expiry.min(expires_at);
    }

    /// Clears away what expired more than `margin` ago, unless that was last done less than `pause` ago. Gives how many
    /// places become free.
    pub(super) fn tidy(&mut self, now: Instant, margin: Duration, pause: Duration) -> usize {
        let drawer = &mut self.drawer;
        let expired_at = now.before(margin);
        if drawer.next_expiry > expired_at || !drawer.tidied_at.is_apart(now, pause) {
            return 0;
        }
        drawer.tidied_at = now;
        drawer.drop_expired(expired_at)
    }
}

impl<T: Expiring> Drawer<T> {
    fn clear(&mut self, now: Instant, pause: Duration) -> usize {
        if self.next_expiry > now || !self.cleared_at.is_apart(now, pause) {
            return 0;
        }
        self.cleared_at = now;
        self.drop_expired(now)
    }

    fn drop_expired(&mut self, expired_at: Instant) -> usize {
        self.next_expiry = Instant::LAST;
        let mut dropped = 0;
        let next_expiry = &mut self.next_expiry;
        self.things.retain(|_name, thing| {
            let left = thing.drop_expired(expired_at);
            dropped += left.dropped;
            *next_expiry = left.next_expiry.unwrap_or(Instant::LAST).min(*next_expiry);
            left.next_expiry.is_some()
        });
        if self.things.len() < self.things.capacity() / 4 {
            self.things.shrink_to(self.things.len() * 2);
        }
        dropped
    }
}

impl<T> Default for Drawers<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_number| {
            Mutex::new(Drawer {
                things: HashMap::new(),
                next_expiry: Instant::LAST,
                tidied_at: Instant::FIRST,
                cleared_at: Instant::FIRST,
            })
        }))
    }
}
