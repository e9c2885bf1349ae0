//! The error codes of OAuth 2.0 and OpenID Connect, by what a person can do about them.

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The person, or the provider in their place, said no.
    Cancelled,
    /// The provider is out of order.
    OutOfOrder,
    /// Something that has to be put right between the provider and us.
    OurRegistration,
    /// What was begun cannot be finished; a new beginning can.
    StartAgain,
    /// A code of nobody's standard.
    Unknown,
}

/// RFC 6749 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6.
const KNOWN: [(&str, Kind); 19] = [
    ("access_denied", Kind::Cancelled),
    ("server_error", Kind::OutOfOrder),
    ("temporarily_unavailable", Kind::OutOfOrder),
    ("login_required", Kind::StartAgain),
    ("interaction_required", Kind::StartAgain),
    ("account_selection_required", Kind::StartAgain),
    ("consent_required", Kind::StartAgain),
    ("invalid_grant", Kind::StartAgain),
    ("invalid_request", Kind::OurRegistration),
    ("invalid_client", Kind::OurRegistration),
    ("unauthorized_client", Kind::OurRegistration),
    ("unsupported_response_type", Kind::OurRegistration),
    ("unsupported_grant_type", Kind::OurRegistration),
    ("invalid_scope", Kind::OurRegistration),
    ("invalid_request_uri", Kind::OurRegistration),
    ("invalid_request_object", Kind::OurRegistration),
    ("request_not_supported", Kind::OurRegistration),
    ("request_uri_not_supported", Kind::OurRegistration),
    ("registration_not_supported", Kind::OurRegistration),
];

/// What `error` is about.
pub(crate) fn kind(error: &str) -> Kind {
    let found = KNOWN.iter().find(|(code, _)| *code == error);
    found.map_or(Kind::Unknown, |(_, kind)| *kind)
}

/// The code as it may be repeated: one of a fixed list.
pub(crate) fn known(error: &str) -> Option<&'static str> {
    KNOWN.iter().map(|(code, _)| *code).find(|code| *code == error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_what_is_not_exactly_one_is_unknown() {
        let mut codes: Vec<_> = KNOWN.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), KNOWN.len());
        assert_eq!(kind("invalid_client"), Kind::OurRegistration);
        assert_eq!(kind("ACCESS_DENIED"), Kind::Unknown);
        assert_eq!(known("server_error<b>"), None);
    }
}
