//! The XML of an answer, in the spelling of each personality.

use std::fmt::Write as _;

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::answer::plan::{Head, Plan};
use crate::fakes::saml_idp::answer::status::Status;
use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, BEARER, PROTOCOL, STATUS_SUCCESS};
use crate::protocol::saml::xml::{escape_attribute, escape_text};

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

impl Head {
    /// The opening tag of the Response and its `Issuer`.
    fn open(&self) -> String {
        let consent = match self.personality {
            Personality::Entra => "",
            Personality::Adfs => " Consent=\"urn:oasis:names:tc:SAML:2.0:consent:unspecified\"",
        };
        let mut xml = String::with_capacity(12 * 1024);
        push(
            &mut xml,
            format_args!(
                "<samlp:Response ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{}\"{consent}{} \
                 xmlns:samlp=\"{PROTOCOL}\"><Issuer xmlns=\"{ASSERTION}\">{}</Issuer>",
                self.response_id,
                instant::write(self.issued_at),
                attribute(&self.destination),
                self.in_response_to(),
                text(&self.issuer)
            ),
        );
        xml
    }

    /// The Response with a status that says no.
    pub(super) fn refusal(&self, status: &Status) -> String {
        let mut xml = self.open();
        push(
            &mut xml,
            format_args!(
                "<samlp:Status><samlp:StatusCode Value=\"{STATUS}{}\">",
                status.code
            ),
        );
        if let Some(second) = status.second {
            push(
                &mut xml,
                format_args!("<samlp:StatusCode Value=\"{STATUS}{second}\"/>"),
            );
        }
        xml.push_str("</samlp:StatusCode>");
        if let Some(message) = &status.message {
            push(
                &mut xml,
                format_args!("<samlp:StatusMessage>{}</samlp:StatusMessage>", text(message)),
            );
        }
        xml.push_str("</samlp:Status></samlp:Response>");
        xml
    }

    /// The attribute `InResponseTo`, with the blank before it; nothing where there was no question.
    fn in_response_to(&self) -> String {
        let id = self.in_response_to.as_deref();
        id.map_or_else(String::new, |id| format!(" InResponseTo=\"{}\"", attribute(id)))
    }
}

impl Plan {
    /// The assertion, unsigned, a document of its own.
    pub(super) fn assertion(&self) -> String {
        let issued_at = instant::write(self.head.issued_at);
        let mut xml = String::with_capacity(8 * 1024);
        push(
            &mut xml,
            format_args!(
                "<Assertion ID=\"{}\" IssueInstant=\"{issued_at}\" Version=\"2.0\" xmlns=\"{ASSERTION}\">\
                 <Issuer>{}</Issuer>",
                self.assertion_id,
                text(&self.head.issuer)
            ),
        );
        self.push_subject(&mut xml);
        push(
            &mut xml,
            format_args!(
                "<Conditions NotBefore=\"{}\" NotOnOrAfter=\"{}\"><AudienceRestriction><Audience>{}</Audience>\
                 </AudienceRestriction></Conditions>",
                instant::write(self.not_before),
                instant::write(self.not_on_or_after),
                text(&self.audience)
            ),
        );
        self.push_attributes(&mut xml);
        self.push_authn_statement(&mut xml);
        xml.push_str("</Assertion>");
        xml
    }

    /// The Response around these assertions, unsigned.
    pub(super) fn response(&self, assertions: &[Option<&str>]) -> String {
        let mut xml = self.head.open();
        push(
            &mut xml,
            format_args!("<samlp:Status><samlp:StatusCode Value=\"{STATUS_SUCCESS}\"/></samlp:Status>"),
        );
        for assertion in assertions.iter().flatten() {
            xml.push_str(assertion);
        }
        xml.push_str("</samlp:Response>");
        xml
    }

    fn push_subject(&self, xml: &mut String) {
        xml.push_str("<Subject>");
        if let Some(name_id) = &self.name_id {
            push(
                xml,
                format_args!(
                    "<NameID Format=\"{}\">{}</NameID>",
                    name_id.format,
                    text(&name_id.value)
                ),
            );
        }
        push(
            xml,
            format_args!(
                "<SubjectConfirmation Method=\"{BEARER}\"><SubjectConfirmationData{} NotOnOrAfter=\"{}\" \
                 Recipient=\"{}\"/></SubjectConfirmation></Subject>",
                self.head.in_response_to(),
                instant::write(self.confirmed_until),
                attribute(&self.recipient)
            ),
        );
    }

    fn push_attributes(&self, xml: &mut String) {
        xml.push_str("<AttributeStatement>");
        for claim in &self.claims {
            push(
                xml,
                format_args!("<Attribute Name=\"{}\">", attribute(claim.name)),
            );
            for value in &claim.values {
                push(
                    xml,
                    format_args!("<AttributeValue>{}</AttributeValue>", text(value)),
                );
            }
            xml.push_str("</Attribute>");
        }
        xml.push_str("</AttributeStatement>");
    }

    fn push_authn_statement(&self, xml: &mut String) {
        let session_index = self.session_index.as_deref();
        let session_index = session_index.map_or_else(String::new, |index| {
            format!(" SessionIndex=\"{}\"", attribute(index))
        });
        push(
            xml,
            format_args!(
                "<AuthnStatement AuthnInstant=\"{}\"{session_index}><AuthnContext><AuthnContextClassRef>{}\
                 </AuthnContextClassRef></AuthnContext></AuthnStatement>",
                instant::write(self.authenticated_at),
                self.head.personality.authn_context()
            ),
        );
    }
}

/// `value` as character content.
pub(super) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    escape_text(value, &mut out);
    out
}

fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    escape_attribute(value, &mut out);
    out
}

fn push(out: &mut String, written: std::fmt::Arguments<'_>) {
    let result = out.write_fmt(written);
    debug_assert!(result.is_ok(), "writing to a String cannot fail");
}
