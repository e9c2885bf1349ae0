//! Why a document is of no use as an identity provider's metadata.

use time::OffsetDateTime;

use crate::protocol::saml::instant;
use crate::protocol::saml::names::METADATA;
use crate::protocol::saml::xml::Flaw;

/// One reason against a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFlaw {
    /// It is no XML that we read.
    #[error("the document cannot be read: {what}{}", at_line(*.line))]
    Xml {
        /// The line near which it was noticed.
        line: Option<usize>,
        /// What is wrong there.
        what: String,
    },
    /// XML 1.0 section 2.8 has the declaration first or not at all.
    #[error(
        "something stands before the XML declaration in line {0}; it must be the first thing, white space included"
    )]
    LateDeclaration(usize),
    /// It is another kind of document.
    #[error(
        "the root element is {0}, not EntityDescriptor or EntitiesDescriptor in the namespace {METADATA}"
    )]
    Root(String),
    /// A signature is present and worth nothing.
    #[error("the signature of {element} does not verify: {why}")]
    Signature {
        /// The element that carries it.
        element: String,
        /// What it breaks.
        why: String,
    },
    /// The entity has no role of an identity provider.
    #[error("no IDPSSODescriptor: the entity is not an identity provider")]
    NoProvider,
    /// No entity of the aggregate has one.
    #[error("no entity of the aggregate is an identity provider")]
    NoProviderInAggregate,
    /// Entities have one, and none of them is of use.
    #[error("no identity provider of the aggregate is of use; the first, {entity_id}: {why}")]
    NoneUsable {
        /// The first of them.
        entity_id: String,
        /// What is wrong with it.
        why: Box<Self>,
    },
    /// Nobody said which one is meant.
    #[error("the aggregate holds {0} identity providers, and none was chosen by its entity ID")]
    Several(usize),
    /// The entity that was asked for is not in the aggregate.
    #[error("the aggregate holds no entity with the entity ID {0}")]
    NotHere(String),
    /// The document is another entity's.
    #[error("the entity ID is {found}, not {wanted} (compared byte for byte)")]
    OtherEntity {
        /// The entity ID that was asked for.
        wanted: String,
        /// The one in the document.
        found: String,
    },
    /// One of two entities of one name may be somebody else's.
    #[error("{count} entities have the entity ID {entity_id}")]
    Twice {
        /// The name.
        entity_id: String,
        /// How many have it.
        count: usize,
    },
    /// The entity has no name.
    #[error("no entityID")]
    NoEntityId,
    /// SAML Metadata 2.2.1.
    #[error("the entityID has more than 1024 characters")]
    EntityIdTooLong,
    /// The document of Entra that is for every tenant.
    #[error("the entityID {0} is a template: ask for the document of your own tenant and application")]
    Template(String),
    /// SAML Metadata 2.4.1.
    #[error("no IDPSSODescriptor whose protocolSupportEnumeration names SAML 2.0")]
    Protocol,
    /// Whose keys would be meant?
    #[error("{0} IDPSSODescriptors of one entity are for SAML 2.0")]
    SeveralRoles(usize),
    /// Nowhere to send a person.
    #[error(
        "no SingleSignOnService with the binding HTTP-Redirect or HTTP-POST and an absolute http address"
    )]
    NoEndpoint,
    /// Nothing to verify with. `unreadable` certificates were there.
    #[error("no signing certificate that can be read in the IDPSSODescriptor{}", junk(*.unreadable))]
    NoKey {
        /// How many could not be read.
        unreadable: usize,
    },
    /// Not an instant, so nobody knows how long the document may be used.
    #[error("validUntil of {element} is not an instant in UTC: {text}")]
    ValidUntilUnreadable {
        /// The element that says so.
        element: String,
        /// What it says.
        text: String,
    },
    /// SAML Metadata 2.3.2.
    #[error("validUntil has passed: {}", instant::write(*.0))]
    ValidUntilPassed(OffsetDateTime),
    /// Nobody can promise this.
    #[error("validUntil is absurdly far ahead: {}", instant::write(*.0))]
    ValidUntilAbsurd(OffsetDateTime),
}

impl MetadataFlaw {
    /// What to put in its place.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Xml { .. } | Self::LateDeclaration(_) | Self::Root(_) => {
                "the XML document as the identity provider publishes it, byte for byte, not a web page or a copy from one"
            }
            Self::Signature { .. } => {
                "the document as it was signed: fetch it again, and do not reformat or edit it"
            }
            Self::NoProvider | Self::NoProviderInAggregate | Self::Protocol => {
                "the metadata of the identity provider (IDPSSODescriptor for SAML 2.0), not of a service"
            }
            Self::NoneUsable { .. } | Self::SeveralRoles(_) | Self::NoEntityId | Self::EntityIdTooLong => {
                "a document that the identity provider has mended"
            }
            Self::Several(_) | Self::NotHere(_) | Self::OtherEntity { .. } => {
                "the entityID of the identity provider that is meant, byte for byte, or its own document"
            }
            Self::Twice { .. } => {
                "a document in which this entityID occurs once; ask its publisher why it does not"
            }
            Self::Template(_) => {
                "the federation metadata of your own tenant, with ?appid= and the application's id"
            }
            Self::NoEndpoint => "a document with an https SingleSignOnService for HTTP-Redirect",
            Self::NoKey { .. } => {
                "a document with a signing certificate (base64 of DER) in the IDPSSODescriptor"
            }
            Self::ValidUntilUnreadable { .. } => {
                "an instant in UTC, such as 2027-01-31T00:00:00Z; ask the publisher"
            }
            Self::ValidUntilPassed(_) | Self::ValidUntilAbsurd(_) => {
                "the document that the identity provider publishes now"
            }
        }
    }

    /// The flaw of the reader, with the line for people who look at the file.
    pub(super) fn unreadable(document: &[u8], flaw: &Flaw) -> Self {
        if *flaw == Flaw::ProcessingInstruction
            && let Some(at) = late_declaration(document)
        {
            return Self::LateDeclaration(line_of(document, at));
        }
        let (line, what) = match flaw {
            Flaw::Malformed { at, what } => {
                (Some(line_of(document, *at)), format!("not well-formed: {what}"))
            }
            Flaw::Bound(_) | Flaw::Encoding | Flaw::Doctype | Flaw::ProcessingInstruction | Flaw::Comment => {
                (None, flaw.to_string())
            }
        };
        Self::Xml { line, what }
    }
}

/// Where the XML declaration stands, if the first processing instruction is one that stands too late.
fn late_declaration(document: &[u8]) -> Option<usize> {
    let at = document.windows(2).position(|two| two == b"<?")?;
    let declares = document.get(at..).is_some_and(|rest| rest.starts_with(b"<?xml "));
    (at > 0 && declares).then_some(at)
}

/// The line of an octet, from 1.
fn line_of(document: &[u8], at: usize) -> usize {
    let before = document.get(..at).unwrap_or(document);
    before.split(|octet| *octet == b'\n').count()
}

fn at_line(number: Option<usize>) -> String {
    number.map_or_else(String::new, |number| format!(" (line {number})"))
}

fn junk(unreadable: usize) -> String {
    if unreadable == 0 {
        String::new()
    } else {
        format!(" ({unreadable} cannot be read)")
    }
}
