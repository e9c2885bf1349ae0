//! Coming back: decode, judge, remember, vouch.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::platform::store::StoreError;
use crate::protocol::saml::binding::{BindingFlaw, decode_post};
use crate::upstream::replay::UsedAssertions;
use crate::upstream::saml_sp::judge::{Accepted, Refusal, judge};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::settings::Unsolicited;
use crate::upstream::saml_sp::terms::Question;
use crate::upstream::verified::{Door, VerifiedIdentity, Voucher};

/// A message as a browser posted it, decoded from base64 and nothing more.
pub struct RawPost(Vec<u8>);

/// What became of an answer.
#[derive(Debug)]
pub enum Finish {
    /// The identity provider vouches for somebody.
    Vouched(Box<VerifiedIdentity>),
    /// It vouches for somebody, but nobody had asked: the browser starts again with a question of ours.
    AskOurselves,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotVouched {
    /// The connection is switched off.
    #[error("the connection is switched off")]
    Disabled,
    /// The identity provider's metadata is past its date.
    #[error("the identity provider's metadata is no longer valid")]
    MetadataExpired,
    /// The message could not even be decoded.
    #[error("the message cannot be decoded: {0}")]
    Undecodable(#[from] BindingFlaw),
    /// A rule refuses the message.
    #[error("refused by the rule {}", .0.rule)]
    Refused(Box<Refusal>),
    /// The assertion was used before.
    #[error("the assertion was used before")]
    Replayed,
    /// What was used cannot be remembered.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The judge did not come to an end.
    #[error("the judgement was broken off")]
    BrokenOff,
}

impl RawPost {
    /// Decodes the field `SAMLResponse` (Bindings 3.5.4).
    pub fn decode(field: &str) -> Result<Self, NotVouched> {
        Ok(Self(decode_post(field)?))
    }
}

impl std::fmt::Debug for RawPost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawPost(…)")
    }
}

impl ServiceProvider {
    /// Judges an answer to `question` and remembers that it was used. The judging runs beside the server's own
    /// threads, since it is mathematics for half a millisecond.
    pub async fn finish(
        self: &Arc<Self>,
        post: RawPost,
        question: Option<Question>,
        used: &UsedAssertions,
        now: OffsetDateTime,
    ) -> Result<Finish, NotVouched> {
        if !self.settings().enabled {
            return Err(NotVouched::Disabled);
        }
        let unasked = question.is_none();
        let _turn = self
            .judging
            .acquire()
            .await
            .map_err(|_closed| NotVouched::BrokenOff)?;
        let sp = Arc::clone(self);
        let judged = tokio::task::spawn_blocking(move || sp.judge(&post, question, now)).await;
        let (accepted, simulated) = judged.map_err(|_cause| NotVouched::BrokenOff)??;
        let issuer = self.settings().idp_entity_id.as_str();
        if !used
            .first_use(issuer, &accepted.assertion_id, accepted.remember_until)
            .await?
        {
            return Err(NotVouched::Replayed);
        }
        if unasked && self.settings().unsolicited == Unsolicited::Restart {
            return Ok(Finish::AskOurselves);
        }
        let voucher = Voucher {
            door: Door::Nhsmail,
            connection: self.name().to_owned(),
            issuer: issuer.to_owned(),
            simulated,
        };
        let identity = VerifiedIdentity::vouch(voucher, accepted.statement);
        Ok(Finish::Vouched(Box::new(identity)))
    }

    /// Judges an answer and tells no more than whether it would be let in: nobody is vouched for, nothing is
    /// remembered. For measuring the judgement; a sign-in is [`Self::finish`].
    pub fn admits(
        &self,
        post: &RawPost,
        question: Option<Question>,
        now: OffsetDateTime,
    ) -> Result<(), NotVouched> {
        self.judge(post, question, now).map(|_accepted| ())
    }

    fn judge(
        &self,
        post: &RawPost,
        question: Option<Question>,
        now: OffsetDateTime,
    ) -> Result<(Accepted, bool), NotVouched> {
        let trust = self.trust();
        if !trust.is_valid_at(now) {
            return Err(NotVouched::MetadataExpired);
        }
        let accepted = judge(&post.0, &self.terms(&trust, question, now)).map_err(NotVouched::Refused)?;
        for grant in accepted.granted.iter().filter(|grant| grant.is_dated()) {
            tracing::warn!(
                connection = self.name(),
                exception = grant.as_str(),
                "let in by a dated exception"
            );
        }
        Ok((accepted, trust.is_simulated()))
    }
}
