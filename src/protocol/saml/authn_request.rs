//! `AuthnRequest` (Core 3.4.1): written by the service provider, read by the fake identity provider.

// Only an identity provider reads one, and only the fakes are one.
#[cfg(any(test, feature = "fakes"))]
mod received;

use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::platform::random::{NoRandomness, Random, xml_id};
use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, BINDING_POST, PROTOCOL};
use crate::protocol::saml::xml::{escape_attribute, escape_text};

#[cfg(any(test, feature = "fakes"))]
pub(crate) use received::ReceivedAuthnRequest;

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

#[cfg(test)]
mod tests;
