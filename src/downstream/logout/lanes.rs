//! How many notices may be under way: a slow application holds up itself alone, and nobody fills the memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Notices that one application is given at once.
const AT_ONCE: usize = 8;
/// Notices of one application that may wait for a try or between two. One that hears of nothing loses no more than its own.
const MOST_WAITING: usize = 1_000;

/// A lane for each application.
#[derive(Debug, Default)]
pub(in crate::downstream::logout) struct Lanes(Mutex<HashMap<String, Lane>>);

/// One application's lane.
#[derive(Debug, Clone)]
struct Lane {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A notice's place in the queue, until it is dropped.
#[derive(Debug)]
pub(in crate::downstream::logout) struct Place(
    #[expect(dead_code, reason = "held, never read")] OwnedSemaphorePermit,
);

impl Lanes {
    /// A place for one more notice to `application`, if there is room.
    pub(in crate::downstream::logout) fn place(&self, application: &str) -> Option<Place> {
        self.lane(application).places.try_acquire_owned().ok().map(Place)
    }

    /// Waits until one more notice may go to `application`.
    pub(in crate::downstream::logout) async fn turn(
        &self,
        application: &str,
    ) -> Option<OwnedSemaphorePermit> {
        // No lane is ever closed.
        self.lane(application).turns.acquire_owned().await.ok()
    }

    fn lane(&self, application: &str) -> Lane {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(application.to_owned()).or_insert_with(|| Lane {
            places: Arc::new(Semaphore::new(MOST_WAITING)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        });
        lane.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ap_09_a_queue_is_bounded_and_belongs_to_one_application() {
        let lanes = Lanes::default();
        let mut places: Vec<_> = (0..MOST_WAITING)
            .map(|_| lanes.place("silent").unwrap())
            .collect();
        assert!(lanes.place("silent").is_none());
        assert!(lanes.place("quick").is_some(), "nobody else is kept from hearing");
        places.pop();
        assert!(
            lanes.place("silent").is_some(),
            "a place is free when its notice is done"
        );
    }

    #[tokio::test]
    async fn a_full_lane_holds_up_nobody_else() {
        let lanes = Lanes::default();
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(lanes.turn("slow").await);
        }
        assert!(lanes.turn("quick").await.is_some());
        let next = lanes.turn("slow");
        tokio::pin!(next);
        tokio::select! {
            biased;
            _ = &mut next => unreachable!("the lane is full"),
            () = tokio::task::yield_now() => {}
        }
        held.pop();
        assert!(next.await.is_some());
    }
}
