//! `Subject`: who the assertion is about, and how its bearer is confirmed (SAML Core 2.4).

use crate::protocol::saml::encryption::{Container, ContentAlgorithm, DecryptionKey};
use crate::protocol::saml::names::ASSERTION;
use crate::protocol::saml::response::{Stated, owned};
use crate::protocol::saml::xml::{ElementRef, Reading, Tree, read};

/// `Subject`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) identifiers: Vec<NameIdentifier>,
    pub(crate) confirmations: Vec<Confirmation>,
}

/// `NameID`, in the clear or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NameIdentifier {
    /// `NameID`, its characters and attributes.
    Clear(Name),
    /// `EncryptedID`, not opened, as a document of its own.
    Encrypted(String),
    /// `BaseID` or a `NameID` with elements inside: nothing we read.
    Other,
}

/// The content of a `NameID` (SAML Core 2.2.3). The value is not trimmed: it is compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the attributes keep the names that SAML gives them"
)]
pub(crate) struct Name {
    pub(crate) value: String,
    pub(crate) format: Option<String>,
    pub(crate) name_qualifier: Option<String>,
    pub(crate) sp_name_qualifier: Option<String>,
}

/// `SubjectConfirmation` with its data (SAML Core 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) method: Option<String>,
    /// `None` without `SubjectConfirmationData`.
    pub(crate) data: Option<ConfirmationData>,
}

/// `SubjectConfirmationData` (SAML Core 2.4.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfirmationData {
    pub(crate) not_before: Stated,
    pub(crate) not_on_or_after: Stated,
    pub(crate) recipient: Option<String>,
    pub(crate) in_response_to: Option<String>,
}

impl Subject {
    pub(super) fn read(element: ElementRef<'_, '_>) -> Self {
        let confirmations = element.children_named(ASSERTION, "SubjectConfirmation");
        Self {
            identifiers: element.children().filter_map(NameIdentifier::read).collect(),
            confirmations: confirmations.map(Confirmation::read).collect(),
        }
    }
}

impl NameIdentifier {
    /// Reads one of the three elements that name somebody; `None` for any other.
    pub(in crate::protocol::saml) fn read(element: ElementRef<'_, '_>) -> Option<Self> {
        if element.namespace() != ASSERTION {
            return None;
        }
        match element.local() {
            "NameID" if element.children().next().is_none() => Some(Self::Clear(Name::read(element))),
            "EncryptedID" => Some(Self::Encrypted(crate::protocol::saml::xml::write_document(
                element,
            ))),
            "NameID" | "BaseID" => Some(Self::Other),
            _ => None,
        }
    }

    /// True for an `EncryptedID` whose content is encrypted with CBC.
    pub(crate) fn is_sealed_with_cbc(&self) -> bool {
        let Self::Encrypted(document) = self else {
            return false;
        };
        let method_is_cbc = |tree: Tree<'_>| {
            let method = Container::at(tree.root()?).content_method()?;
            Some(ContentAlgorithm::from_uri(method)?.is_cbc())
        };
        let tree = read(document.as_bytes(), &Reading::MESSAGE).ok();
        tree.and_then(method_is_cbc).unwrap_or(false)
    }

    /// The name, an `EncryptedID` opened with one of our keys.
    pub(crate) fn opened(&self, keys: &[DecryptionKey]) -> Option<Name> {
        match self {
            Self::Clear(name) => Some(name.clone()),
            Self::Encrypted(document) => open(document, keys),
            Self::Other => None,
        }
    }
}

fn open(document: &str, keys: &[DecryptionKey]) -> Option<Name> {
    let tree = read(document.as_bytes(), &Reading::MESSAGE).ok()?;
    let container = tree.root()?;
    let around = container.surroundings();
    let plain = Container::at(container).open(keys).ok()?;
    let reading = Reading {
        around: &around,
        ..Reading::MESSAGE
    };
    let inner = read(plain.as_bytes(), &reading).ok()?;
    let name = inner
        .root()
        .filter(|root| root.is(ASSERTION, "NameID") && root.children().next().is_none())?;
    Some(Name::read(name))
}

impl Name {
    fn read(element: ElementRef<'_, '_>) -> Self {
        Self {
            value: element.text().into_owned(),
            format: owned(element.attribute("Format")),
            name_qualifier: owned(element.attribute("NameQualifier")),
            sp_name_qualifier: owned(element.attribute("SPNameQualifier")),
        }
    }
}

impl Confirmation {
    fn read(element: ElementRef<'_, '_>) -> Self {
        let data = element
            .child(ASSERTION, "SubjectConfirmationData")
            .map(|data| ConfirmationData {
                not_before: Stated::read(data.attribute("NotBefore")),
                not_on_or_after: Stated::read(data.attribute("NotOnOrAfter")),
                recipient: owned(data.attribute("Recipient")),
                in_response_to: owned(data.attribute("InResponseTo")),
            });
        Self {
            method: owned(element.attribute("Method")),
            data,
        }
    }
}
