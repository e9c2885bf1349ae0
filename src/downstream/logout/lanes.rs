//! How many notices may be under way: a slow application holds up itself alone, and nobody fills the memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Notices that one application is given at once.
const AT_ONCE: usize = 8;
/// Notices of all applications that may wait for a try or between two.
const MOST_WAITING: usize = 10_000;

/// A lane for each application.
#[derive(Debug, Default)]
pub(in crate::downstream::logout) struct Lanes {
    lanes: Mutex<HashMap<String, Arc<Semaphore>>>,
    waiting: Arc<AtomicUsize>,
}

/// A notice's place in the queue, until it is dropped.
#[derive(Debug)]
pub(in crate::downstream::logout) struct Place(Arc<AtomicUsize>);

impl Lanes {
    /// A place for one more notice, if there is room.
    pub(in crate::downstream::logout) fn place(&self) -> Option<Place> {
        let place = Place(Arc::clone(&self.waiting));
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        // A place that is not given is given back as it is dropped.
        (before < MOST_WAITING).then_some(place)
    }

    /// Waits until one more notice may go to `application`.
    pub(in crate::downstream::logout) async fn turn(
        &self,
        application: &str,
    ) -> Option<OwnedSemaphorePermit> {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let lane = lanes.entry(application.to_owned());
            Arc::clone(lane.or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        // No lane is ever closed.
        lane.acquire_owned().await.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_is_bounded_and_a_place_is_free_again_when_its_notice_is_done() {
        let lanes = Lanes::default();
        let mut places: Vec<_> = (0..MOST_WAITING).map(|_| lanes.place().unwrap()).collect();
        assert!(lanes.place().is_none());
        assert!(lanes.place().is_none());
        places.pop();
        assert!(lanes.place().is_some());
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
