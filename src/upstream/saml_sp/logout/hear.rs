//! What we hear: requests of the identity provider's, and answers to ours.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::protocol::saml::binding::BindingFlaw;
use crate::protocol::saml::second_judge;
use crate::upstream::saml_sp::judge::Refusal;
use crate::upstream::saml_sp::logout::arrival::Arrival;
use crate::upstream::saml_sp::logout::judge::{
    Advice, Believed, Order, Outcome, Refused, Request, judge_request, judge_response,
};
use crate::upstream::saml_sp::logout::terms::LogoutTerms;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::settings::SecondJudge;
use crate::upstream::saml_sp::trust::Trust;

/// Why a message of single logout counts for nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotALogout {
    /// The identity provider's metadata is past its date.
    #[error("the identity provider's metadata is no longer valid")]
    MetadataExpired,
    /// The message could not even be decoded.
    #[error("the message cannot be decoded: {0}")]
    Undecodable(#[from] BindingFlaw),
    /// A rule refuses it.
    #[error("refused by the rule {}", .refusal.rule)]
    Refused {
        /// Which, and why.
        refusal: Box<Refusal>,
        /// What to do about it.
        advice: Advice,
        /// The request, if it is the identity provider's and meant for us, so that it may hear of the refusal.
        request: Option<Request>,
    },
    /// The judge did not come to an end.
    #[error("the judgement was broken off")]
    BrokenOff,
}

impl From<Box<Refused>> for NotALogout {
    fn from(refused: Box<Refused>) -> Self {
        Self::Refused {
            refusal: Box::new(refused.refusal),
            advice: refused.advice,
            request: refused.request,
        }
    }
}

impl ServiceProvider {
    /// Judges a request of the identity provider's, also at a connection that is switched off: what it let in before must
    /// still end. That it is used once is for the caller to see to.
    pub async fn judge_logout_request(
        self: &Arc<Self>,
        arrival: Arrival,
        now: OffsetDateTime,
    ) -> Result<Order, NotALogout> {
        let judged =
            self.judge_aside(move |sp, trust| judge_request(&arrival, &sp.logout_terms(trust, None, now)));
        self.noted(judged.await?, now)
    }

    /// Judges an answer to the request of ours with this `ID`.
    pub async fn judge_logout_response(
        self: &Arc<Self>,
        arrival: Arrival,
        request_id: String,
        now: OffsetDateTime,
    ) -> Result<Outcome, NotALogout> {
        let judged = self.judge_aside(move |sp, trust| {
            judge_response(&arrival, &sp.logout_terms(trust, Some(request_id), now))
        });
        self.noted(judged.await?, now)
    }

    /// Judges beside the server's own threads, as many at once as there are cores.
    async fn judge_aside<T: Send + 'static>(
        self: &Arc<Self>,
        judge: impl FnOnce(&Self, &Trust) -> Result<Believed<T>, Box<Refused>> + Send + 'static,
    ) -> Result<Result<Believed<T>, Box<Refused>>, NotALogout> {
        let turn = self.judging.acquire().await;
        let _turn = turn.map_err(|_closed| NotALogout::BrokenOff)?;
        let sp = Arc::clone(self);
        let judged = tokio::task::spawn_blocking(move || judge(&sp, &sp.trust())).await;
        judged.map_err(|_cause| NotALogout::BrokenOff)
    }

    /// Keys of metadata that is past its date are believed no longer, and exceptions are logged at every use.
    fn noted<T>(
        &self,
        judged: Result<Believed<T>, Box<Refused>>,
        now: OffsetDateTime,
    ) -> Result<T, NotALogout> {
        if !self.trust().is_valid_at(now) {
            return Err(NotALogout::MetadataExpired);
        }
        let believed = judged?;
        for grant in believed.granted.iter().filter(|grant| grant.is_dated()) {
            let exception = grant.as_str();
            tracing::warn!(
                connection = self.name(),
                exception,
                "a logout was believed by a dated exception"
            );
        }
        Ok(believed.what)
    }

    fn logout_terms<'t>(
        &'t self,
        trust: &'t Trust,
        request_id: Option<String>,
        now: OffsetDateTime,
    ) -> LogoutTerms<'t> {
        let settings = self.settings();
        LogoutTerms {
            issuers: settings.logout_issuers(),
            sp_entity_id: settings.entity_id.as_str(),
            slo_url: self.slo_url(),
            keys: trust.keys(),
            decryption: trust.decryption(),
            request_id,
            now,
            skew: settings.clock_skew,
            max_age: settings.max_response_age,
            grants: self.grants(now),
            second_judge: settings.second_judge == SecondJudge::Always && second_judge::IS_PRESENT,
        }
    }
}
