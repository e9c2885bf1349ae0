//! The provider's session ends: it tells us by a logout token, or we tell it by sending the browser there.

use time::OffsetDateTime;

use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::exception::Permissible as _;
use crate::upstream::oidc_rp::accepted::LogoutToken;
use crate::upstream::oidc_rp::cached::{Asker, Unfetched};
use crate::upstream::oidc_rp::conditions::{Signature, algorithms};
use crate::upstream::oidc_rp::judge::{Refusal, judge_logout_token};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::settings::Laxity;
use crate::upstream::oidc_rp::start::with_query;
use crate::upstream::verified::{Door, OpenIdSession};

/// Why a logout token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum NotALogout {
    /// A rule refuses it.
    #[error("refused by the rule {}", .0.rule)]
    Refused(Box<Refusal>),
    /// The provider's keys are not to be had, so that nothing can be believed.
    #[error(transparent)]
    Unfetched(#[from] Unfetched),
}

impl RelyingParty {
    /// Judges a logout token (Back-Channel Logout 1.0, 2.6). That it is used once is for the caller to see to.
    pub async fn judge_logout(&self, token: &str, now: OffsetDateTime) -> Result<LogoutToken, NotALogout> {
        let algorithms = &algorithms(&self.settings().logout_token_algorithms);
        let judge = |keys: &KeySet| {
            let signature = Signature {
                keys,
                algorithms,
                now,
            };
            judge_logout_token(token, &self.logout_token_terms(signature))
        };
        let verdict = self.judged(Asker::Logout, now, judge).await?;
        let believed = verdict.map_err(NotALogout::Refused)?;
        self.log_exception(token, now);
        Ok(believed)
    }

    /// A token that was believed without `exp` by a dated exception is noted each time.
    fn log_exception(&self, token: &str, now: OffsetDateTime) {
        let says_its_end = Compact::read(token).is_ok_and(|read| read.claims().contains_key("exp"));
        let settings = self.settings();
        let laxity = Laxity::LogoutTokenWithoutExp;
        if !says_its_end && settings.door != Door::Cis2 && settings.permits(laxity, now) {
            let exception = laxity.as_str();
            let reasons = settings.exceptions.iter().filter(|it| it.permits(laxity, now));
            let reason = reasons.map(|it| it.reason.as_str()).next();
            tracing::warn!(
                connection = self.name(),
                exception,
                reason,
                "let through by a dated exception"
            );
        }
    }

    /// Where the provider ends its session, if this connection asks it to.
    pub async fn end_session_endpoint(&self, now: OffsetDateTime) -> Result<Option<String>, Unfetched> {
        if !self.settings().sign_out_upstream {
            return Ok(None);
        }
        Ok(self.provider(now).await?.end_session_endpoint.clone())
    }

    /// The address that ends the provider's session (RP-Initiated Logout 2), if this connection does that. `state`
    /// comes back with the browser.
    pub async fn end_session_address(
        &self,
        session: &OpenIdSession,
        state: &str,
        now: OffsetDateTime,
    ) -> Result<Option<String>, Unfetched> {
        let Some(endpoint) = self.end_session_endpoint(now).await? else {
            return Ok(None);
        };
        let mut parameters = vec![
            ("id_token_hint", session.id_token.clone()),
            ("client_id", self.settings().client_id.clone()),
        ];
        if let Some(back) = &self.settings().post_logout_redirect_uri {
            parameters.push(("post_logout_redirect_uri", back.clone()));
            parameters.push(("state", state.to_owned()));
        }
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        let parameters: Vec<_> = parameters.into_iter().map(owned).collect();
        Ok(Some(with_query(&endpoint, &parameters)))
    }
}
