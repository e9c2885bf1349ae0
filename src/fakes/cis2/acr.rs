//! What an application asks for by `acr_values`, and which ways to sign in that leaves.

use crate::fakes::cis2::authenticator::{Authenticator, METHODS, Method};

/// What CIS2 takes a request to mean that does not say.
const DEFAULT: &str = "AAL3_ANY";

/// One value of `acr_values` and the authenticators that meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AcrRequest {
    /// The value as it was asked; it comes back in `acr`.
    pub(super) value: String,
    pub(super) authenticators: Vec<Authenticator>,
}

/// None of the values is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnknownAcr;

impl AcrRequest {
    /// The first value that is known (OpenID Connect Core 3.1.2.1: in order of preference); absent: AAL3.
    pub(super) fn read(acr_values: Option<&str>) -> Result<Self, UnknownAcr> {
        let asked = acr_values.unwrap_or(DEFAULT);
        asked.split(' ').find_map(Self::of).ok_or(UnknownAcr)
    }

    fn of(value: &str) -> Option<Self> {
        let authenticators: Vec<_> = Authenticator::ALL
            .into_iter()
            .filter(|authenticator| meets(*authenticator, value))
            .collect();
        (!authenticators.is_empty()).then(|| Self {
            value: value.to_owned(),
            authenticators,
        })
    }

    /// Whatever somebody has: a provider without levels is asked for none.
    pub(super) fn anything() -> Self {
        Self {
            value: String::new(),
            authenticators: Authenticator::ALL.to_vec(),
        }
    }

    pub(super) fn allows(&self, authenticator: Authenticator) -> bool {
        self.authenticators.contains(&authenticator)
    }

    /// The lines of the page that asks how somebody wants to sign in.
    pub(super) fn methods(&self) -> Vec<Method> {
        let offered = |method: &Method| method.authenticators.iter().any(|one| self.allows(*one));
        METHODS.into_iter().filter(offered).collect()
    }
}

fn meets(authenticator: Authenticator, value: &str) -> bool {
    let level = authenticator.level();
    match value {
        "AAL3_ANY" => level == 3,
        "AAL2_ANY" => level == 2,
        "AAL2_OR_AAL3_ANY" => level >= 2,
        "AAL3_SMARTCARD" => matches!(
            authenticator,
            Authenticator::HscnSmartcard | Authenticator::InternetSmartcard
        ),
        other => authenticator.acr() == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(asked: Option<&str>) -> Vec<&'static str> {
        let request = AcrRequest::read(asked).unwrap();
        request.methods().iter().map(|method| method.label).collect()
    }

    #[test]
    fn an_aal3_request_offers_four_ways_and_an_aal2_request_seven() {
        let strong = ["Smartcard", "Windows Hello", "Security key", "iPad app"];
        assert_eq!(labels(None), strong);
        assert_eq!(labels(Some("AAL3_ANY")), strong);
        let all = labels(Some("AAL2_OR_AAL3_ANY"));
        assert_eq!(all.len(), 7);
        assert!(all.ends_with(&["Authenticator app", "NHSmail", "Passkey (private beta)"]));
    }

    #[test]
    fn one_authenticator_can_be_asked_for() {
        assert_eq!(labels(Some("AAL2_TOTP")), ["Authenticator app"]);
        assert_eq!(labels(Some("AAL3_FIDO2")), ["Windows Hello", "Security key"]);
        assert_eq!(labels(Some("AAL1_USERPASS")), ["User name and password"]);
        let card = AcrRequest::read(Some("AAL3_CIS2_SMARTCARD")).unwrap();
        assert_eq!(card.authenticators, [Authenticator::InternetSmartcard]);
    }

    #[test]
    fn the_first_value_that_is_known_is_meant() {
        let request = AcrRequest::read(Some("urn:x AAL2_ANY AAL3_ANY")).unwrap();
        assert_eq!(request.value, "AAL2_ANY");
        assert_eq!(AcrRequest::read(Some("urn:x")), Err(UnknownAcr));
    }
}
