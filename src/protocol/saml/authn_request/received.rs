//! Somebody's `AuthnRequest`, as an identity provider reads it.

use time::OffsetDateTime;

use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, PROTOCOL};
use crate::protocol::saml::xml::{ElementRef, Flaw, Reading, read};

/// Somebody's `AuthnRequest` as it was received. Nothing in it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceivedAuthnRequest {
    /// `ID`.
    pub(crate) id: String,
    /// `IssueInstant`.
    pub(crate) issue_instant: OffsetDateTime,
    /// `Destination`.
    pub(crate) destination: Option<String>,
    /// `AssertionConsumerServiceURL`.
    pub(crate) acs_url: Option<String>,
    /// `ProtocolBinding`.
    pub(crate) protocol_binding: Option<String>,
    /// `Issuer`.
    pub(crate) issuer: String,
    /// True if the `Issuer` carries a qualifier or a format, which ADFS refuses (MSIS7074).
    pub(crate) issuer_is_qualified: bool,
    /// `NameIDPolicy/@Format`.
    pub(crate) name_id_format: Option<String>,
    /// `RequestedAuthnContext`: `Comparison` (`exact` when absent) and the classes.
    pub(crate) requested_context: Option<(String, Vec<String>)>,
    /// `ForceAuthn`.
    pub(crate) force_authn: bool,
    /// `IsPassive`.
    pub(crate) is_passive: bool,
    /// True if it names a `Subject`, which Entra refuses.
    pub(crate) has_subject: bool,
}

/// Why a message is no `AuthnRequest`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestFlaw {
    /// Not a document that we read.
    #[error(transparent)]
    Xml(#[from] Flaw),
    /// Another message.
    #[error("not an AuthnRequest of SAML 2.0")]
    Kind,
    /// Something required is missing or malformed.
    #[error("{0} is missing or malformed")]
    Part(&'static str),
}

impl ReceivedAuthnRequest {
    /// Reads the message.
    pub(crate) fn read(octets: &[u8]) -> Result<Self, RequestFlaw> {
        let tree = read(octets, &Reading::MESSAGE)?;
        let root = tree
            .root()
            .filter(|root| root.is(PROTOCOL, "AuthnRequest") && root.attribute("Version") == Some("2.0"))
            .ok_or(RequestFlaw::Kind)?;
        let owned = |name: &str| root.attribute(name).map(str::to_owned);
        let issuer = root
            .child(ASSERTION, "Issuer")
            .ok_or(RequestFlaw::Part("Issuer"))?;
        let policy = root.child(PROTOCOL, "NameIDPolicy");
        Ok(Self {
            id: owned("ID")
                .filter(|id| !id.is_empty())
                .ok_or(RequestFlaw::Part("ID"))?,
            issue_instant: root
                .attribute("IssueInstant")
                .and_then(instant::parse)
                .ok_or(RequestFlaw::Part("IssueInstant"))?,
            destination: owned("Destination"),
            acs_url: owned("AssertionConsumerServiceURL"),
            protocol_binding: owned("ProtocolBinding"),
            issuer: issuer.text().into_owned(),
            issuer_is_qualified: !issuer.attributes().is_empty(),
            name_id_format: policy.and_then(|policy| policy.attribute("Format").map(str::to_owned)),
            requested_context: requested_context(root),
            force_authn: flag(root, "ForceAuthn")?,
            is_passive: flag(root, "IsPassive")?,
            has_subject: root.child(ASSERTION, "Subject").is_some(),
        })
    }
}

fn requested_context(root: ElementRef<'_, '_>) -> Option<(String, Vec<String>)> {
    let asked = root.child(PROTOCOL, "RequestedAuthnContext")?;
    let comparison = asked.attribute("Comparison").unwrap_or("exact").to_owned();
    let classes = asked.children_named(ASSERTION, "AuthnContextClassRef");
    Some((
        comparison,
        classes.map(|class| class.text().trim().to_owned()).collect(),
    ))
}

/// `xs:boolean`, false when absent.
fn flag(root: ElementRef<'_, '_>, name: &'static str) -> Result<bool, RequestFlaw> {
    match root.attribute(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(RequestFlaw::Part(name)),
    }
}
