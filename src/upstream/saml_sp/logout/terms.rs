//! What a message of single logout is judged by.

use time::{Duration, OffsetDateTime};

use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::signature::VerificationKey;
use crate::upstream::saml_sp::terms::Grants;

/// The terms of one judgement. Rules read the message and these, and nothing else.
#[derive(Debug, Clone)]
pub struct LogoutTerms<'t> {
    /// The identity provider's names, byte for byte. Entra signs its answers by a second one.
    pub issuers: Vec<String>,
    /// Our name.
    pub sp_entity_id: &'t str,
    /// The configured address of our single logout service: never what a `Host` header says.
    pub slo_url: &'t str,
    /// The identity provider's signing keys.
    pub keys: &'t [VerificationKey],
    /// Our keys that open an encrypted name.
    pub decryption: &'t [DecryptionKey],
    /// The `ID` of the request of ours that is answered.
    pub request_id: Option<String>,
    /// The time.
    pub now: OffsetDateTime,
    /// How far the identity provider's clock may be off, either way.
    pub skew: Duration,
    /// How old a message may be when it arrives, before skew.
    pub max_age: Duration,
    /// What this connection relaxes.
    pub grants: Grants,
    /// Whether the second judge is asked.
    pub second_judge: bool,
}
