//! What is still to be done and said once somebody has left: which applications have heard, those that end their
//! session in a frame, and where the person wanted to go.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::downstream::logout::Framed;
use crate::platform::random;
use crate::session::record::Session;
use crate::session::sid::Sid;
use crate::web::headers::{Nonce, PagePolicy};
use crate::web::pages::{Farewell as FarewellPage, Page as _};
use crate::web::state::WebState;
use crate::web::{answer, error};

/// How long somebody may be at the upstream's own page in between, and come back to this one.
const KEPT: Duration = Duration::minutes(10);

/// What is still to be done and said about a session that has ended. Kept under the hash of a handle, for the browser
/// that left.
#[derive(Serialize, Deserialize)]
pub(crate) struct Farewell {
    sid: Sid,
    frames: Vec<Framed>,
    /// Where the person wanted to go; judged safe.
    place: Option<String>,
}

impl Farewell {
    /// What is to be done about `session`, which is about to end; `None` where there is nothing.
    pub(crate) fn to(
        state: &WebState,
        session: &Session,
        asked_by: Option<&str>,
        place: Option<&str>,
    ) -> Option<Self> {
        let frames = state.back_channel.frames(session, asked_by);
        let is_needed = !frames.is_empty() || state.back_channel.tells_of(session);
        is_needed.then(|| Self {
            sid: session.sid().clone(),
            frames,
            place: place.map(str::to_owned),
        })
    }

    /// Keeps it, and gives the handle. Without one the person goes where they wanted to, and is told nothing; they are
    /// logged out all the same.
    pub(crate) async fn keep(&self, state: &WebState) -> Option<String> {
        let handle = random::token(state.random.as_ref()).ok()?;
        let record = serde_json::to_vec(self).ok()?;
        let until = state.clock.now().saturating_add(KEPT);
        match state.store.put_new(&key(&handle), &record, until).await {
            Ok(kept) => kept.then_some(handle),
            Err(cause) => {
                tracing::warn!(%cause, "somebody who logs out will not see which applications were told");
                None
            }
        }
    }

    /// What was kept under `handle`.
    pub(crate) async fn find(state: &WebState, handle: &str) -> Option<Self> {
        let record = state.store.get(&key(handle)).await.ok()??;
        serde_json::from_slice(&record).ok()
    }

    /// The page; or on at once where there is nothing to do and nothing to say.
    pub(crate) async fn answer(&self, state: &WebState) -> Response {
        let told = state.back_channel.told(&self.sid).await;
        let (heard, unreached): (Vec<_>, Vec<_>) = told.iter().partition(|told| told.is_heard());
        match &self.place {
            Some(place) if self.frames.is_empty() && unreached.is_empty() => answer::see_other(state, place),
            place => {
                let label = |told: &&crate::downstream::logout::Told| told.label.clone();
                let said = Said {
                    heard: heard.iter().map(label).collect(),
                    unreached: unreached.iter().map(label).collect(),
                    place: place.as_deref(),
                };
                self.page(state, &said)
            }
        }
    }

    fn page(&self, state: &WebState, said: &Said<'_>) -> Response {
        let nonce = match Nonce::draw(state.random.as_ref()) {
            Ok(nonce) => nonce,
            Err(cause) => return error::unavailable(state, &cause),
        };
        // Whoever must close the browser is not taken away from the sentence that says so.
        let goes_on_alone = said.place.is_some() && said.unreached.is_empty();
        let page = FarewellPage {
            frame: &state.frame,
            heard: &said.heard,
            unreached: &said.unreached,
            frames: &self.frames,
            go_on: said.place,
            nonce: goes_on_alone.then_some(&nonce),
        };
        let policy = PagePolicy {
            transport: state.transport(),
            script: goes_on_alone.then_some(&nonce),
            form_action: &[],
        };
        let mut answer = answer::page(state, StatusCode::OK, page.html());
        let frames: Vec<&str> = self.frames.iter().map(|framed| framed.address.as_str()).collect();
        answer.headers_mut().extend(policy.headers_with_frames(&frames));
        answer
    }
}

/// What became of the applications, in their people's words.
struct Said<'a> {
    heard: Vec<String>,
    unreached: Vec<String>,
    place: Option<&'a str>,
}

/// The store never sees a handle, only its hash.
fn key(handle: &str) -> String {
    format!(
        "farewell:{}",
        hex::encode(crate::platform::digest::sha256(handle.as_bytes()))
    )
}
