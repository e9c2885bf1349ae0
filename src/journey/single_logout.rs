//! Single logout by SAML: we leave for the identity provider and come back, or it says that its session is over.

mod pending;

use std::sync::Arc;

use crate::journey::sign_in::SignIns;
use crate::journey::way::Way;
use crate::platform::random::NoRandomness;
use crate::platform::store::StoreError;
use crate::session::record::Session;
use crate::session::{SamlName, SessionError, UpstreamEnd};
use crate::upstream::pending::BrowserSecret;
use crate::upstream::saml_sp::logout::arrival::Arrival;
use crate::upstream::saml_sp::logout::depart::Answer;
use crate::upstream::saml_sp::logout::hear::NotALogout;
use crate::upstream::saml_sp::logout::judge::{Order, Outcome, Request};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::start::NoDeparture;

use pending::PendingLogout;

/// Why a message of single logout changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum SingleLogoutFailure {
    /// No connection has this name, or it does not speak SAML.
    #[error("no SAML connection has this name")]
    NoSuchDoor,
    /// The message is not believed, or not obeyed.
    #[error(transparent)]
    Refused(#[from] NotALogout),
    /// The request was used before.
    #[error("the logout request was used before")]
    Replayed,
    /// This browser has asked for no such answer, or has it already.
    #[error("the answer belongs to no logout that this browser began")]
    NothingPending,
    /// The sessions could not be ended.
    #[error(transparent)]
    Sessions(#[from] SessionError),
    /// Something cannot be remembered.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was remembered cannot be read.
    #[error("a pending logout cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// Nobody could be sent anywhere.
    #[error(transparent)]
    NoDeparture(#[from] NoDeparture),
}

/// What became of a request of the identity provider's. `answer` is where the browser brings what we say to it; absent
/// where its metadata names no address.
#[derive(Debug)]
pub enum Heard {
    /// So many sessions are over. None is a success too: the person has logged out here before.
    Ended {
        /// How many.
        sessions: usize,
        /// Where to go.
        answer: Option<String>,
    },
    /// It is the identity provider's, and was not obeyed.
    Declined {
        /// Why.
        cause: SingleLogoutFailure,
        /// Where to go.
        answer: Option<String>,
    },
}

/// Somebody who is back from logging out at the identity provider, and logged out here in any case.
#[derive(Debug)]
pub struct Returned {
    /// Where they wanted to go.
    pub return_to: String,
    /// What the identity provider says became of its session, if it is believed.
    pub outcome: Result<Outcome, NotALogout>,
}

/// Why a request was not obeyed, and the request if its sender may hear of it.
type NotObeyed = (SingleLogoutFailure, Option<Request>);

impl SignIns {
    /// The address at which the identity provider of `session`, which is over here, ends its own, if it shall.
    pub(in crate::journey) async fn leave_for_logout(
        &self,
        provider: &ServiceProvider,
        session: &Session,
        leaving: (&BrowserSecret, &str),
    ) -> Result<Option<String>, SingleLogoutFailure> {
        let upstream = session.person().upstream_session();
        // Without a name there is nobody to be named.
        let Some(name_id) = &upstream.name_id else {
            return Ok(None);
        };
        let (now, random) = (self.clock.now(), self.random.as_ref());
        let index = upstream.session_index.as_deref();
        let Some(departure) = provider.log_out(name_id, index, now, random)? else {
            return Ok(None);
        };
        let (browser, return_to) = leaving;
        let pending = PendingLogout::of(provider.name(), &departure.request_id, return_to, browser);
        let handle = pending.note(self.store.as_ref(), now, random).await?;
        Ok(Some(provider.logout_address(&departure, &handle)?))
    }

    /// Takes the answer to a logout that this browser began. Whatever it says, the person is logged out here.
    ///
    /// # Errors
    /// [`SingleLogoutFailure::NothingPending`] if this browser is waiting for no such answer: then nothing in it counts.
    pub async fn back_from_logout(
        &self,
        door: &str,
        arrival: Arrival,
        browser: Option<&BrowserSecret>,
    ) -> Result<Returned, SingleLogoutFailure> {
        let provider = self.logout_provider(door)?;
        let (Some(handle), Some(browser)) = (arrival.relay_state(), browser) else {
            return Err(SingleLogoutFailure::NothingPending);
        };
        let claimed = PendingLogout::claim(self.store.as_ref(), handle, browser, door).await?;
        let pending = claimed.ok_or(SingleLogoutFailure::NothingPending)?;
        let now = self.clock.now();
        let outcome = provider
            .judge_logout_response(arrival, pending.request_id, now)
            .await;
        Ok(Returned {
            return_to: pending.return_to,
            outcome,
        })
    }

    /// Ends the sessions that a request of the identity provider's names, whoever's browser brings it.
    ///
    /// # Errors
    /// If the request is not known to be the identity provider's: then it is answered to nobody.
    pub async fn logged_out_by_saml(
        &self,
        door: &str,
        arrival: Arrival,
    ) -> Result<Heard, SingleLogoutFailure> {
        // A connection that is switched off is told as well: what it let in before must still end.
        let provider = self.logout_provider(door)?;
        match self.obey(provider, arrival).await {
            Ok((sessions, request)) => {
                let answer = self.logout_answer(provider, &request, Answer::Success)?;
                Ok(Heard::Ended { sessions, answer })
            }
            Err((cause, Some(request))) => {
                let answer = self.logout_answer(provider, &request, answer_to(&cause))?;
                Ok(Heard::Declined { cause, answer })
            }
            Err((cause, None)) => Err(cause),
        }
    }

    fn logout_provider(&self, door: &str) -> Result<&Arc<ServiceProvider>, SingleLogoutFailure> {
        let provider = self.way(door).and_then(Way::saml);
        provider.ok_or(SingleLogoutFailure::NoSuchDoor)
    }

    fn logout_answer(
        &self,
        provider: &ServiceProvider,
        request: &Request,
        answer: Answer,
    ) -> Result<Option<String>, SingleLogoutFailure> {
        let (now, random) = (self.clock.now(), self.random.as_ref());
        Ok(provider.logout_answer(request, answer, now, random)?)
    }

    async fn obey(
        &self,
        provider: &Arc<ServiceProvider>,
        arrival: Arrival,
    ) -> Result<(usize, Request), NotObeyed> {
        let now = self.clock.now();
        let judged = provider.judge_logout_request(arrival, now).await;
        let order = judged.map_err(|refused| {
            let request = match &refused {
                NotALogout::Refused { request, .. } => request.clone(),
                NotALogout::MetadataExpired | NotALogout::Undecodable(_) | NotALogout::BrokenOff => None,
            };
            (refused.into(), request)
        })?;
        let request = order.request.clone();
        match self.end_as_ordered(provider, &order).await {
            Ok(sessions) => Ok((sessions, request)),
            Err(cause) => Err((cause, Some(request))),
        }
    }

    async fn end_as_ordered(
        &self,
        provider: &ServiceProvider,
        order: &Order,
    ) -> Result<usize, SingleLogoutFailure> {
        let issuer = provider.settings().idp_entity_id.as_str();
        let used = used_key(issuer, &order.request.id);
        if !self.store.put_new(&used, b"", order.remember_until).await? {
            return Err(SingleLogoutFailure::Replayed);
        }
        let mut sessions = 0;
        for end in ends(provider, order) {
            match self.sessions.end_upstream(&end).await {
                Ok(ended) => sessions += ended.len(),
                Err(cause) => {
                    // Not everything is over, so the identity provider may say it again.
                    self.store.delete(&used).await?;
                    return Err(cause.into());
                }
            }
        }
        Ok(sessions)
    }
}

/// One end for each session that is named; one for all of the person's if none is.
fn ends(provider: &ServiceProvider, order: &Order) -> Vec<UpstreamEnd> {
    let end = |sid: Option<&String>| UpstreamEnd {
        issuer: provider.settings().idp_entity_id.as_str().to_owned(),
        sid: sid.cloned(),
        subject: Some(order.name_id.value.clone()),
        issued_at: order.issued_at,
        saml: Some(SamlName {
            connection: provider.name().to_owned(),
            name_id: order.name_id.clone(),
        }),
    };
    if order.session_indexes.is_empty() {
        return vec![end(None)];
    }
    order
        .session_indexes
        .iter()
        .map(|index| end(Some(index)))
        .collect()
}

fn answer_to(cause: &SingleLogoutFailure) -> Answer {
    match cause {
        SingleLogoutFailure::Refused(_) | SingleLogoutFailure::Replayed => Answer::Refused,
        SingleLogoutFailure::NoSuchDoor
        | SingleLogoutFailure::NothingPending
        | SingleLogoutFailure::Sessions(_)
        | SingleLogoutFailure::Store(_)
        | SingleLogoutFailure::Unreadable(_)
        | SingleLogoutFailure::NoDeparture(_) => Answer::Failed,
    }
}

fn used_key(issuer: &str, id: &str) -> String {
    let name = [issuer.as_bytes(), b"\0", id.as_bytes()].concat();
    format!(
        "logout-request:{}",
        hex::encode(crate::platform::digest::sha256(&name))
    )
}

impl From<NoRandomness> for SingleLogoutFailure {
    fn from(cause: NoRandomness) -> Self {
        Self::NoDeparture(cause.into())
    }
}
