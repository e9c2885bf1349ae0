//! What the fake was told about logging out, for a test or a tester to look at.

use serde::Serialize;
use time::OffsetDateTime;

use crate::fakes::saml_idp::logout::leaving::LogoutArrived;
use crate::fakes::saml_idp::{Personality, RequestSignature};
use crate::protocol::saml::logout::{LogoutKind, ReceivedLogout};
use crate::protocol::saml::response::{Name, NameIdentifier};

/// One `LogoutRequest` or `LogoutResponse`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeardLogout {
    /// Who was told.
    pub personality: Personality,
    /// When, by the clock of the fake.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// `LogoutRequest` or `LogoutResponse`.
    pub kind: &'static str,
    /// `ID`.
    pub id: String,
    /// `Issuer`.
    pub issuer: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// Of a request: `NameID`.
    pub name_id: Option<HeardName>,
    /// Of a request: `SessionIndex`.
    pub session_indexes: Vec<String>,
    /// Of a response: `InResponseTo`.
    pub in_response_to: Option<String>,
    /// Of a response: the status codes, outermost first.
    pub status_codes: Vec<String>,
    /// `RelayState`.
    pub relay_state: Option<String>,
    /// What is known of its signature.
    pub signature: RequestSignature,
    /// The message itself.
    pub xml: String,
}

/// A `NameID`, in every part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeardName {
    /// Its characters.
    pub value: String,
    /// `Format`.
    pub format: Option<String>,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

impl HeardLogout {
    pub(super) fn of(
        arrived: &LogoutArrived<'_>,
        message: &ReceivedLogout,
        signature: RequestSignature,
        at: OffsetDateTime,
    ) -> Self {
        let issuer = message.issuers.first().map(|(issuer, _)| issuer.clone());
        Self {
            personality: arrived.personality,
            at,
            kind: match arrived.kind {
                LogoutKind::Request => "LogoutRequest",
                LogoutKind::Response => "LogoutResponse",
            },
            id: message.id.clone().unwrap_or_default(),
            issuer: issuer.unwrap_or_default(),
            destination: message.destination.clone(),
            name_id: name_of(message).map(HeardName::from),
            session_indexes: message.session_indexes.clone(),
            in_response_to: message.in_response_to.clone(),
            status_codes: message.status_codes.clone(),
            relay_state: arrived.relay_state.map(str::to_owned),
            signature,
            xml: String::from_utf8_lossy(arrived.message).into_owned(),
        }
    }
}

/// The name in a request, in the clear.
pub(super) fn name_of(message: &ReceivedLogout) -> Option<Name> {
    match message.identifiers.first()? {
        NameIdentifier::Clear(name) => Some(name.clone()),
        NameIdentifier::Encrypted(_) | NameIdentifier::Other => None,
    }
}

impl From<Name> for HeardName {
    fn from(name: Name) -> Self {
        Self {
            value: name.value,
            format: name.format,
            name_qualifier: name.name_qualifier,
            sp_name_qualifier: name.sp_name_qualifier,
        }
    }
}
