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
mod tests {
    use super::*;
    use crate::platform::random::{SeededRandom, SystemRandom};
    use std::collections::HashSet;
    use time::macros::datetime;

    fn question() -> Question {
        Question {
            destination: "https://idp.example.test/saml2?a=1&b=2".to_owned(),
            acs_url: "https://bridge.example.test/saml/nhsmail/acs".to_owned(),
            issuer: "urn:bridge:<nhsmail> & co".to_owned(),
            name_id_format: None,
            authn_contexts: Vec::new(),
            force_authn: false,
            is_passive: false,
        }
    }

    fn received(question: &Question) -> ReceivedAuthnRequest {
        let asked = question
            .ask(datetime!(2026-05-01 10:00 +1), &SeededRandom::from_seed(1))
            .unwrap();
        ReceivedAuthnRequest::read(asked.to_xml().as_bytes()).unwrap()
    }

    #[test]
    fn sp_02_a_request_names_the_acs_address_byte_for_byte_and_asks_for_post() {
        let asked = question();
        let got = received(&asked);
        assert_eq!(got.acs_url.as_deref(), Some(asked.acs_url.as_str()));
        assert_eq!(got.protocol_binding.as_deref(), Some(BINDING_POST));
        assert_eq!((got.issuer, got.issuer_is_qualified), (asked.issuer, false));
    }

    #[test]
    fn sp_03_a_request_has_a_long_id_a_utc_instant_and_its_destination() {
        let asked = question();
        let request = asked.ask(datetime!(2026-05-01 10:00 +1), &SystemRandom).unwrap();
        assert!(request.id().starts_with('_') && request.id().len() == 1 + 160 / 4);
        assert!(
            request
                .to_xml()
                .contains(" IssueInstant=\"2026-05-01T09:00:00.000Z\"")
        );
        let got = received(&asked);
        assert_eq!(got.destination, Some(asked.destination));
        assert_eq!(got.issue_instant, datetime!(2026-05-01 9:00 UTC));
    }

    #[test]
    fn sp_03_ids_never_repeat_in_a_million_draws() {
        let (asked, now) = (question(), datetime!(2026-05-01 9:00 UTC));
        let mut seen = HashSet::with_capacity(1_000_000);
        for _ in 0..1_000_000 {
            let id = asked.ask(now, &SystemRandom).unwrap().id;
            // The first 128 bits are enough to tell them apart.
            let head = u128::from_str_radix(&id[1..33], 16).unwrap();
            assert!(seen.insert(head), "{id}");
        }
    }

    #[test]
    fn sp_04_name_id_policy_and_context_are_absent_unless_they_are_set() {
        let plain = question();
        let xml = plain
            .ask(datetime!(2026-05-01 9:00 UTC), &SystemRandom)
            .unwrap()
            .to_xml();
        for word in [
            "NameIDPolicy",
            "RequestedAuthnContext",
            "ForceAuthn",
            "IsPassive",
            "Subject",
            "Scoping",
        ] {
            assert!(!xml.contains(word), "{xml}");
        }
        let class = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
        let got = received(&Question {
            name_id_format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
            authn_contexts: vec![class.to_owned()],
            force_authn: true,
            is_passive: true,
            ..plain
        });
        assert_eq!(
            got.name_id_format.as_deref(),
            Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
        );
        assert_eq!(
            got.requested_context,
            Some(("exact".to_owned(), vec![class.to_owned()]))
        );
        assert!(got.force_authn && got.is_passive && !got.has_subject);
    }

    #[test]
    fn what_is_no_authn_request_is_refused() {
        let asked = question();
        let xml = asked
            .ask(datetime!(2026-05-01 9:00 UTC), &SystemRandom)
            .unwrap()
            .to_xml();
        let flaw = |from: &str, to: &str| {
            let changed = xml.replace(from, to);
            assert_ne!(changed, xml, "{from}");
            ReceivedAuthnRequest::read(changed.as_bytes()).unwrap_err()
        };
        assert_eq!(flaw("Version=\"2.0\"", "Version=\"1.1\""), RequestFlaw::Kind);
        assert_eq!(flaw("AuthnRequest", "LogoutRequest"), RequestFlaw::Kind);
        assert_eq!(
            flaw("09:00:00.000Z", "yesterday"),
            RequestFlaw::Part("IssueInstant")
        );
        assert_eq!(flaw("saml:Issuer", "saml:Name"), RequestFlaw::Part("Issuer"));
        assert_eq!(flaw(" ID=", " Id="), RequestFlaw::Part("ID"));
        assert_eq!(
            flaw("ProtocolBinding", "IsPassive"),
            RequestFlaw::Part("IsPassive")
        );
    }
}
