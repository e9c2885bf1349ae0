//! What the fake was asked, for a test or a tester to look at.

use serde::Serialize;
use time::OffsetDateTime;

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::question::{Arrived, Hearing};
use crate::protocol::saml::authn_request::ReceivedAuthnRequest;

/// One `AuthnRequest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Who was asked.
    pub personality: Personality,
    /// When, by the clock of the fake.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// `ID`.
    pub request_id: String,
    /// `Issuer`.
    pub issuer: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `AssertionConsumerServiceURL`.
    pub acs_url: Option<String>,
    /// `NameIDPolicy/@Format`.
    pub name_id_format: Option<String>,
    /// The classes of `RequestedAuthnContext`.
    pub requested_authn_context: Vec<String>,
    /// `ForceAuthn`.
    pub force_authn: bool,
    /// `IsPassive`.
    pub is_passive: bool,
    /// `RelayState`.
    pub relay_state: Option<String>,
    /// What is known of its signature.
    pub signature: RequestSignature,
    /// The message itself.
    pub xml: String,
}

/// What is known of a question's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestSignature {
    /// There is none.
    Unsigned,
    /// There is one, and no registered key to check it with.
    Unchecked,
    /// A registered key made it.
    Verified,
    /// No registered key made it.
    Broken,
}

impl Received {
    pub(super) fn of(
        hearing: &Hearing<'_>,
        arrived: &Arrived<'_>,
        request: &ReceivedAuthnRequest,
        signature: RequestSignature,
    ) -> Self {
        let contexts = request.requested_context.as_ref();
        Self {
            personality: hearing.personality,
            at: hearing.at,
            request_id: request.id.clone(),
            issuer: request.issuer.clone(),
            destination: request.destination.clone(),
            acs_url: request.acs_url.clone(),
            name_id_format: request.name_id_format.clone(),
            requested_authn_context: contexts.map(|(_, classes)| classes.clone()).unwrap_or_default(),
            force_authn: request.force_authn,
            is_passive: request.is_passive,
            relay_state: arrived.relay_state.map(str::to_owned),
            signature,
            xml: String::from_utf8_lossy(arrived.message).into_owned(),
        }
    }
}
