//! The two messages as they are read. Nothing is believed for being read.

use crate::protocol::saml::names::PROTOCOL;
use crate::protocol::saml::response::{Issuer, NameIdentifier, Stated, owned, status_codes, trimmed};
use crate::protocol::saml::xml::ElementRef;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogoutKind {
    /// `LogoutRequest`.
    Request,
    /// `LogoutResponse`.
    Response,
}

/// Everything that rules need of either message. What the other kind has is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceivedLogout {
    pub(crate) id: Option<String>,
    pub(crate) issue_instant: Stated,
    pub(crate) destination: Option<String>,
    /// Entity ID and format of each `Issuer`: there should be one.
    pub(crate) issuers: Vec<(String, Option<String>)>,
    /// Of a request: when it is no longer of use.
    pub(crate) not_on_or_after: Stated,
    /// Of a request: whose session. There should be one.
    pub(crate) identifiers: Vec<NameIdentifier>,
    /// Of a request: which of theirs, those that are not blank.
    pub(crate) session_indexes: Vec<String>,
    /// Of a response: the `ID` of the request.
    pub(crate) in_response_to: Option<String>,
    /// Of a response: the status codes, outermost first.
    pub(crate) status_codes: Vec<String>,
}

impl LogoutKind {
    /// The name of the element.
    pub(crate) fn local(self) -> &'static str {
        match self {
            Self::Request => "LogoutRequest",
            Self::Response => "LogoutResponse",
        }
    }
}

impl ReceivedLogout {
    /// Reads the element as a message of this kind, if it is one by name.
    pub(crate) fn read(element: ElementRef<'_, '_>, kind: LogoutKind) -> Option<Self> {
        if !element.is(PROTOCOL, kind.local()) {
            return None;
        }
        let issuers = Issuer::children_of(element);
        let indexes = element.children_named(PROTOCOL, "SessionIndex");
        let indexes = indexes.map(|index| trimmed(index.text()).into_owned());
        Some(Self {
            id: owned(element.attribute("ID")),
            issue_instant: Stated::read(element.attribute("IssueInstant")),
            destination: owned(element.attribute("Destination")),
            issuers: issuers
                .map(|issuer| (issuer.value.into_owned(), owned(issuer.format)))
                .collect(),
            not_on_or_after: Stated::read(element.attribute("NotOnOrAfter")),
            identifiers: element.children().filter_map(NameIdentifier::read).collect(),
            session_indexes: indexes.filter(|index| !index.is_empty()).collect(),
            in_response_to: owned(element.attribute("InResponseTo")),
            status_codes: status_codes(element).into_iter().map(str::to_owned).collect(),
        })
    }
}
