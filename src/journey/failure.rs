//! Why nobody is signed in, grouped by what the person is told.

use crate::identity::normalise::NormaliseRefusal;
use crate::platform::random::NoRandomness;
use crate::platform::store::StoreError;
use crate::session::SessionError;
use crate::upstream::oidc_rp;
use crate::upstream::oidc_rp::answer::AnswerFlaw;
use crate::upstream::pending::PendingError;
use crate::upstream::saml_sp;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// No connection has this name, or it speaks another language.
    #[error("no connection has this name")]
    NoSuchDoor,
    /// The question is unknown, too old or answered.
    #[error("the answer belongs to no question that is pending")]
    NothingPending,
    /// Too many left before, from this browser or through this connection.
    #[error("too many sign-ins were begun")]
    TooMany,
    /// Another browser asked.
    #[error("another browser asked, or this one kept no cookie")]
    AnotherBrowser,
    /// The connection is switched off.
    #[error("the connection is switched off")]
    Disabled,
    /// What the browser brought is no answer of an OpenID provider.
    #[error("the answer cannot be read: {0}")]
    Answer(#[from] AnswerFlaw),
    /// The identity provider does not vouch.
    #[error(transparent)]
    NotVouched(#[from] saml_sp::finish::NotVouched),
    /// The OpenID provider does not vouch.
    #[error(transparent)]
    OpenId(#[from] oidc_rp::finish::NotVouched),
    /// Nobody could be sent to the OpenID provider.
    #[error(transparent)]
    NoDeparture(#[from] oidc_rp::start::NoDeparture),
    /// It vouches for somebody we cannot read, or who may not come in.
    #[error(transparent)]
    Details(#[from] NormaliseRefusal),
    /// The upstream ended its session before ours began.
    #[error("the upstream ended its session before ours began")]
    EndedUpstream,
    /// A part we cannot do without is away or full.
    #[error("{0}")]
    Unavailable(String),
}

/// A sign-in that failed, and where it was to lead.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct Failed {
    /// Why.
    pub failure: SignInFailure,
    /// Where the browser wanted to go; empty where the question was not found.
    pub return_to: String,
}

impl From<saml_sp::start::NoDeparture> for SignInFailure {
    fn from(cause: saml_sp::start::NoDeparture) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<PendingError> for SignInFailure {
    fn from(cause: PendingError) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<SessionError> for SignInFailure {
    fn from(cause: SessionError) -> Self {
        if matches!(cause, SessionError::EndedUpstream) {
            Self::EndedUpstream
        } else {
            Self::Unavailable(cause.to_string())
        }
    }
}

impl From<StoreError> for SignInFailure {
    fn from(cause: StoreError) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<NoRandomness> for SignInFailure {
    fn from(cause: NoRandomness) -> Self {
        Self::Unavailable(cause.to_string())
    }
}
