//! The two messages as they are written, unsigned: HTTP-Redirect signs its query.

use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, PROTOCOL};
use crate::protocol::saml::response::Name;
use crate::protocol::saml::xml::{escape_attribute, escape_text};

/// What both messages have (SAML Core 3.2.1, 3.2.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogoutHead<'m> {
    /// `ID`: fresh, an XML name.
    pub(crate) id: &'m str,
    /// `IssueInstant`.
    pub(crate) issued_at: OffsetDateTime,
    /// `Destination`, which a signed message must have (Bindings 3.4.5.2).
    pub(crate) destination: &'m str,
    /// `Issuer`, without qualifiers: ADFS answers any with MSIS7074.
    pub(crate) issuer: &'m str,
}

/// Asks the other side to end a session (SAML Core 3.7.1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogoutRequest<'m> {
    /// What both messages have.
    pub(crate) head: LogoutHead<'m>,
    /// `NotOnOrAfter`: when the request is no longer of use.
    pub(crate) not_on_or_after: Option<OffsetDateTime>,
    /// Whose session, in every part as the identity provider wrote it.
    pub(crate) name: &'m Name,
    /// `SessionIndex`: which of theirs; empty: all.
    pub(crate) session_indexes: &'m [String],
}

/// Says what became of a request (SAML Core 3.7.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogoutResponse<'m> {
    /// What both messages have.
    pub(crate) head: LogoutHead<'m>,
    /// `InResponseTo`: the `ID` of the request.
    pub(crate) in_response_to: &'m str,
    /// The status codes, the outermost first.
    pub(crate) status: &'m [&'m str],
}

impl LogoutRequest<'_> {
    /// The message.
    pub(crate) fn to_xml(self) -> String {
        let mut xml = self.head.open("LogoutRequest");
        if let Some(end) = self.not_on_or_after {
            push_attribute("NotOnOrAfter", &instant::write(end), &mut xml);
        }
        self.head.push_issuer(&mut xml);
        push_name(self.name, &mut xml);
        for index in self.session_indexes {
            xml.push_str("<samlp:SessionIndex>");
            escape_text(index, &mut xml);
            xml.push_str("</samlp:SessionIndex>");
        }
        xml.push_str("</samlp:LogoutRequest>");
        xml
    }
}

impl LogoutResponse<'_> {
    /// The message.
    pub(crate) fn to_xml(self) -> String {
        let mut xml = self.head.open("LogoutResponse");
        push_attribute("InResponseTo", self.in_response_to, &mut xml);
        self.head.push_issuer(&mut xml);
        xml.push_str("<samlp:Status>");
        for code in self.status {
            xml.push_str("<samlp:StatusCode");
            push_attribute("Value", code, &mut xml);
            xml.push('>');
        }
        xml.push_str(&"</samlp:StatusCode>".repeat(self.status.len()));
        xml.push_str("</samlp:Status></samlp:LogoutResponse>");
        xml
    }
}

impl LogoutHead<'_> {
    /// The opening tag without its end.
    fn open(&self, local: &str) -> String {
        let mut xml = format!("<samlp:{local} xmlns:samlp=\"{PROTOCOL}\"");
        push_attribute("ID", self.id, &mut xml);
        push_attribute("Version", "2.0", &mut xml);
        push_attribute("IssueInstant", &instant::write(self.issued_at), &mut xml);
        push_attribute("Destination", self.destination, &mut xml);
        xml
    }

    /// Ends the opening tag.
    fn push_issuer(&self, xml: &mut String) {
        let written = write!(xml, "><saml:Issuer xmlns:saml=\"{ASSERTION}\">");
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
        escape_text(self.issuer, xml);
        xml.push_str("</saml:Issuer>");
    }
}

fn push_name(name: &Name, xml: &mut String) {
    let written = write!(xml, "<saml:NameID xmlns:saml=\"{ASSERTION}\"");
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
    let parts = [
        ("Format", &name.format),
        ("NameQualifier", &name.name_qualifier),
        ("SPNameQualifier", &name.sp_name_qualifier),
    ];
    for (attribute, value) in parts {
        if let Some(value) = value {
            push_attribute(attribute, value, xml);
        }
    }
    xml.push('>');
    escape_text(&name.value, xml);
    xml.push_str("</saml:NameID>");
}

fn push_attribute(name: &str, value: &str, out: &mut String) {
    let written = write!(out, " {name}=\"");
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
    escape_attribute(value, out);
    out.push('"');
}
