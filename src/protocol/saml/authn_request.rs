//! `AuthnRequest` (Core 3.4.1): written by the service provider, read by the fake identity provider.

use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::platform::random::{NoRandomness, Random, xml_id};
use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, BINDING_POST, PROTOCOL};
use crate::protocol::saml::xml::{ElementRef, Flaw, Reading, escape_attribute, escape_text, read};

/// What is asked of an identity provider, apart from when and under which ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// The identity provider's single sign-on address.
    pub(crate) destination: String,
    /// Where the answer must be posted; the identity provider knows it already.
    pub(crate) acs_url: String,
    /// Our entity ID, written without qualifiers: ADFS answers any with MSIS7074.
    pub(crate) issuer: String,
    /// `NameIDPolicy/@Format`; absent: no `NameIDPolicy`, since ADFS refuses a format that no claim rule issues.
    pub(crate) name_id_format: Option<String>,
    /// `RequestedAuthnContext`, compared exactly; empty: none, since Windows Hello and passkeys would then fail
    /// at Entra with AADSTS75011.
    pub(crate) authn_contexts: Vec<String>,
    /// Whether the person must prove themselves again.
    pub(crate) force_authn: bool,
    /// Whether the person may not be asked anything.
    pub(crate) is_passive: bool,
}

impl Question {
    /// The question under a fresh ID of 160 random bits.
    pub(crate) fn ask(
        &self,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<AuthnRequest<'_>, NoRandomness> {
        Ok(AuthnRequest {
            id: xml_id(random)?,
            issue_instant: now,
            question: self,
        })
    }
}

/// A question with its ID, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct AuthnRequest<'q> {
    id: String,
    issue_instant: OffsetDateTime,
    question: &'q Question,
}

impl AuthnRequest<'_> {
    /// The ID, which the answer must name as `InResponseTo`.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The message.
    pub(crate) fn to_xml(&self) -> String {
        let question = self.question;
        let mut xml = format!("<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\"");
        push_attribute("ID", &self.id, &mut xml);
        push_attribute("Version", "2.0", &mut xml);
        push_attribute("IssueInstant", &instant::write(self.issue_instant), &mut xml);
        push_attribute("Destination", &question.destination, &mut xml);
        push_attribute("AssertionConsumerServiceURL", &question.acs_url, &mut xml);
        push_attribute("ProtocolBinding", BINDING_POST, &mut xml);
        if question.force_authn {
            push_attribute("ForceAuthn", "true", &mut xml);
        }
        if question.is_passive {
            push_attribute("IsPassive", "true", &mut xml);
        }
        xml.push('>');
        push_text_element("saml:Issuer", &question.issuer, &mut xml);
        if let Some(format) = &question.name_id_format {
            xml.push_str("<samlp:NameIDPolicy");
            push_attribute("Format", format, &mut xml);
            xml.push_str("/>");
        }
        if !question.authn_contexts.is_empty() {
            xml.push_str("<samlp:RequestedAuthnContext Comparison=\"exact\">");
            for class in &question.authn_contexts {
                push_text_element("saml:AuthnContextClassRef", class, &mut xml);
            }
            xml.push_str("</samlp:RequestedAuthnContext>");
        }
        xml.push_str("</samlp:AuthnRequest>");
        xml
    }
}

fn push_attribute(name: &str, value: &str, out: &mut String) {
    let written = write!(out, " {name}=\"");
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
    escape_attribute(value, out);
    out.push('"');
}

fn push_text_element(name: &str, text: &str, out: &mut String) {
    let written = write!(out, "<{name} xmlns:saml=\"{ASSERTION}\">");
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
    escape_text(text, out);
    out.push_str(&["</", name, ">"].concat());
}

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

#[cfg(test)]
mod tests;
