//! `Response` and `Assertion`, as they are read. Nothing here is believed yet: [`ResponseView`] looks at the
//! message as it arrived, [`Assertion`] is read from whatever octets it is given.

use std::borrow::Cow;

use time::OffsetDateTime;

use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, PROTOCOL};
use crate::protocol::saml::xml::ElementRef;

mod subject;

pub(crate) use subject::{Confirmation, ConfirmationData, Name, NameIdentifier, Subject};

/// The element `samlp:Response` of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseView<'t, 'a>(ElementRef<'t, 'a>);

impl<'t, 'a> ResponseView<'t, 'a> {
    /// Takes the element as a Response, if it is one by name (SAML Core 3.3.3).
    pub(crate) fn at(element: ElementRef<'t, 'a>) -> Option<Self> {
        element.is(PROTOCOL, "Response").then_some(Self(element))
    }

    /// The element.
    pub(crate) fn element(self) -> ElementRef<'t, 'a> {
        self.0
    }

    /// An attribute of the Response.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        self.0.attribute(name)
    }

    /// When it says it was issued.
    pub(crate) fn issue_instant(self) -> Stated {
        Stated::read(self.0.attribute("IssueInstant"))
    }

    /// Its `Issuer` elements: there should be one.
    pub(crate) fn issuers(self) -> impl Iterator<Item = Issuer<'t>> {
        Issuer::children_of(self.0)
    }

    /// Its assertions in the clear.
    pub(crate) fn assertions(self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        self.0.children_named(ASSERTION, "Assertion")
    }

    /// Its encrypted assertions.
    pub(crate) fn encrypted_assertions(self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        self.0.children_named(ASSERTION, "EncryptedAssertion")
    }

    /// The status codes, outermost first; empty when there is none (SAML Core 3.2.2.2).
    pub(crate) fn status_codes(self) -> Vec<&'t str> {
        status_codes(self.0)
    }

    /// What the identity provider says about the status, for people of both sides.
    pub(crate) fn status_message(self) -> Option<Cow<'t, str>> {
        Some(
            self.0
                .child(PROTOCOL, "Status")?
                .child(PROTOCOL, "StatusMessage")?
                .text(),
        )
    }
}

/// Who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issuer<'t> {
    /// The entity ID, without the white space around it that pretty-printing leaves.
    pub(crate) value: Cow<'t, str>,
    /// The `Format` attribute; absent means an entity (SAML Core 2.2.5).
    pub(crate) format: Option<&'t str>,
}

impl<'t> Issuer<'t> {
    /// The `Issuer` children of `element`: there should be one.
    pub(in crate::protocol::saml) fn children_of(element: ElementRef<'t, '_>) -> impl Iterator<Item = Self> {
        element.children_named(ASSERTION, "Issuer").map(Self::read)
    }

    fn read(element: ElementRef<'t, '_>) -> Self {
        Self {
            value: trimmed(element.text()),
            format: element.attribute("Format"),
        }
    }
}

/// An instant that a message states, or should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stated {
    /// It states none.
    Absent,
    /// It states something that is no instant: never "no limit".
    Unreadable,
    /// It states this one.
    At(OffsetDateTime),
}

impl Stated {
    pub(crate) fn read(text: Option<&str>) -> Self {
        text.map_or(Self::Absent, |text| {
            instant::parse(text).map_or(Self::Unreadable, Self::At)
        })
    }

    /// The instant, if it is one.
    pub(crate) fn at(self) -> Option<OffsetDateTime> {
        match self {
            Self::At(at) => Some(at),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// For people.
    pub(crate) fn describe(self) -> Cow<'static, str> {
        match self {
            Self::Absent => Cow::Borrowed("absent"),
            Self::Unreadable => Cow::Borrowed("not an instant in UTC"),
            Self::At(at) => Cow::Owned(instant::write(at)),
        }
    }
}

/// `Assertion`, everything that rules and identity need of it (SAML Core 2.3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assertion {
    pub(crate) id: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) issue_instant: Stated,
    /// Entity ID and format of each `Issuer`: there should be one.
    pub(crate) issuers: Vec<(String, Option<String>)>,
    /// Each `Subject`: there should be one.
    pub(crate) subjects: Vec<Subject>,
    /// Each `Conditions`: there should be one.
    pub(crate) conditions: Vec<Conditions>,
    pub(crate) authn_statements: Vec<AuthnStatement>,
    /// Every attribute of every statement, in order; one name may occur more than once.
    pub(crate) attributes: Vec<StatedAttribute>,
    /// `EncryptedAttribute` elements, which are not read.
    pub(crate) encrypted_attributes: usize,
}

/// `Conditions` (SAML Core 2.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) not_before: Stated,
    pub(crate) not_on_or_after: Stated,
    /// The audiences of each `AudienceRestriction`; every restriction must be met.
    pub(crate) audience_restrictions: Vec<Vec<String>>,
    /// Conditions that are none of the four that the specification names.
    pub(crate) unknown: Vec<String>,
}

/// `AuthnStatement` (SAML Core 2.7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthnStatement {
    pub(crate) instant: Stated,
    pub(crate) session_index: Option<String>,
    pub(crate) session_not_on_or_after: Stated,
    pub(crate) context_class: Option<String>,
}

/// `Attribute` (SAML Core 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatedAttribute {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

impl Assertion {
    /// Reads an element named `Assertion`.
    pub(crate) fn read(element: ElementRef<'_, '_>) -> Option<Self> {
        if !element.is(ASSERTION, "Assertion") {
            return None;
        }
        let statements = element.children_named(ASSERTION, "AttributeStatement");
        let encrypted = |s: ElementRef<'_, '_>| s.children_named(ASSERTION, "EncryptedAttribute").count();
        let issuers = Issuer::children_of(element);
        Some(Self {
            id: owned(element.attribute("ID")),
            version: owned(element.attribute("Version")),
            issue_instant: Stated::read(element.attribute("IssueInstant")),
            issuers: issuers
                .map(|issuer| (issuer.value.into_owned(), owned(issuer.format)))
                .collect(),
            subjects: element
                .children_named(ASSERTION, "Subject")
                .map(Subject::read)
                .collect(),
            conditions: element
                .children_named(ASSERTION, "Conditions")
                .map(Conditions::read)
                .collect(),
            authn_statements: element
                .children_named(ASSERTION, "AuthnStatement")
                .map(AuthnStatement::read)
                .collect(),
            encrypted_attributes: statements.map(encrypted).sum(),
            attributes: element
                .children_named(ASSERTION, "AttributeStatement")
                .flat_map(|statement| statement.children_named(ASSERTION, "Attribute"))
                .map(StatedAttribute::read)
                .collect(),
        })
    }
}

impl Conditions {
    fn read(element: ElementRef<'_, '_>) -> Self {
        let audiences = |restriction: ElementRef<'_, '_>| {
            restriction
                .children_named(ASSERTION, "Audience")
                .map(|a| trimmed(a.text()).into_owned())
                .collect()
        };
        let known = |child: &ElementRef<'_, '_>| {
            child.namespace() == ASSERTION
                && matches!(
                    child.local(),
                    "AudienceRestriction" | "OneTimeUse" | "ProxyRestriction"
                )
        };
        Self {
            not_before: Stated::read(element.attribute("NotBefore")),
            not_on_or_after: Stated::read(element.attribute("NotOnOrAfter")),
            audience_restrictions: element
                .children_named(ASSERTION, "AudienceRestriction")
                .map(audiences)
                .collect(),
            unknown: element
                .children()
                .filter(|child| !known(child))
                .map(|c| c.local().to_owned())
                .collect(),
        }
    }
}

impl AuthnStatement {
    fn read(element: ElementRef<'_, '_>) -> Self {
        let context = element.child(ASSERTION, "AuthnContext");
        let class = context.and_then(|context| context.child(ASSERTION, "AuthnContextClassRef"));
        Self {
            instant: Stated::read(element.attribute("AuthnInstant")),
            session_index: owned(element.attribute("SessionIndex")),
            session_not_on_or_after: Stated::read(element.attribute("SessionNotOnOrAfter")),
            context_class: class.map(|class| trimmed(class.text()).into_owned()),
        }
    }
}

impl StatedAttribute {
    fn read(element: ElementRef<'_, '_>) -> Self {
        let values = element.children_named(ASSERTION, "AttributeValue");
        Self {
            name: element.attribute("Name").unwrap_or_default().to_owned(),
            values: values.map(|value| value.text().into_owned()).collect(),
        }
    }
}

/// The status codes of an answer, outermost first; empty when there is none (SAML Core 3.2.2.2).
pub(in crate::protocol::saml) fn status_codes<'t>(answer: ElementRef<'t, '_>) -> Vec<&'t str> {
    let mut codes = Vec::new();
    let mut here = answer.child(PROTOCOL, "Status");
    while let Some(code) = here.and_then(|element| element.child(PROTOCOL, "StatusCode")) {
        codes.push(code.attribute("Value").unwrap_or_default());
        here = Some(code);
    }
    codes
}

pub(in crate::protocol::saml) fn owned(text: Option<&str>) -> Option<String> {
    text.map(ToOwned::to_owned)
}

/// Without the white space of XML around it.
pub(crate) fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let blank = [' ', '\t', '\n', '\r'];
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(blank).to_owned()),
    }
}
