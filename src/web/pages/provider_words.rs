//! What an identity provider means when it says no: the status codes of SAML, the errors of OAuth and the numbers of
//! Entra, in plain words.
//!
//! These can come from anybody who can reach the address for answers, because they need not be signed. So none of its text is shown: only names from a fixed list and the digits of an error number.

use crate::web::pages::microsoft_codes;
use crate::web::pages::oauth_errors::{self, Kind};
use crate::web::pages::{Code, Provider, Who, Words};

/// What may be repeated of a SAML status (SAML Core 3.2.2) or an OAuth error (RFC 6749 4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderStatus {
    code: StandardCode,
    microsoft: Option<u32>,
}

/// Names from the lists of a standard; `None` for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StandardCode {
    Saml {
        top: Option<&'static str>,
        second: Option<&'static str>,
    },
    OAuth(Option<&'static str>),
}

/// The codes of SAML Core 3.2.2.2 without their common beginning, the four top-level ones first.
const KNOWN: [&str; 23] = [
    "Success",
    "Requester",
    "Responder",
    "VersionMismatch",
    "AuthnFailed",
    "InvalidAttrNameOrValue",
    "InvalidNameIDPolicy",
    "NoAuthnContext",
    "NoAvailableIDP",
    "NoPassive",
    "NoSupportedIDP",
    "PartialLogout",
    "ProxyCountExceeded",
    "RequestDenied",
    "RequestUnsupported",
    "RequestVersionDeprecated",
    "RequestVersionTooHigh",
    "RequestVersionTooLow",
    "ResourceNotRecognized",
    "TooManyResponses",
    "UnknownAttrProfile",
    "UnknownPrincipal",
    "UnsupportedBinding",
];

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

impl ProviderStatus {
    /// Keeps what may be shown of the top-level code, the second-level code and the status message.
    pub fn read(top: &str, second: Option<&str>, message: Option<&str>) -> Self {
        Self {
            code: StandardCode::Saml {
                top: known(top),
                second: second.and_then(known),
            },
            microsoft: message.and_then(microsoft_code),
        }
    }

    /// Keeps what may be shown of the `error` and the `error_description` of OAuth.
    pub fn read_oauth(error: &str, description: Option<&str>) -> Self {
        Self {
            code: StandardCode::OAuth(oauth_errors::known(error)),
            microsoft: description.and_then(microsoft_code),
        }
    }

    /// The number after `AADSTS`, if the message had one.
    pub fn microsoft(&self) -> Option<u32> {
        self.microsoft
    }

    /// True if there is a number of Microsoft's that we have words for.
    pub(crate) fn is_explained_by_microsoft(self) -> bool {
        self.microsoft.and_then(microsoft_codes::meaning).is_some()
    }

    /// What to tell the person.
    pub(crate) fn words(self, provider: Provider<'_>) -> Words {
        let meaning = self
            .microsoft
            .and_then(microsoft_codes::meaning)
            .unwrap_or_else(|| self.code.meaning());
        let heading = format!("{} did not log you in", provider.name);
        let mut words = Words::say(&heading, meaning.what, meaning.steps, meaning.who);
        words.codes = self.codes();
        words
    }

    fn codes(self) -> Vec<Code> {
        let named = |label, name: Option<&str>| Code {
            label,
            value: name.unwrap_or("not a standard code").to_owned(),
        };
        let mut codes = match self.code {
            StandardCode::Saml { top, second: None } => vec![named("SAML status", top)],
            StandardCode::Saml { top, second } => {
                vec![named("SAML status", top), named("Second-level status", second)]
            }
            StandardCode::OAuth(error) => vec![named("Error", error)],
        };
        if let Some(number) = self.microsoft {
            codes.push(Code {
                label: "Microsoft code",
                value: format!("AADSTS{number}"),
            });
        }
        codes
    }
}

impl StandardCode {
    fn meaning(self) -> Meaning {
        match self {
            Self::Saml { second, .. } => saml_meaning(second),
            Self::OAuth(error) => oauth_meaning(error),
        }
    }
}

fn saml_meaning(second: Option<&str>) -> Meaning {
    match second {
        Some("AuthnFailed" | "UnknownPrincipal") => WRONG_ACCOUNT,
        Some("RequestDenied") => NO_ACCESS,
        Some("NoPassive") => START_AGAIN,
        Some(
            "InvalidNameIDPolicy"
            | "NoAuthnContext"
            | "RequestUnsupported"
            | "UnsupportedBinding"
            | "InvalidAttrNameOrValue",
        ) => OUR_QUESTION,
        Some(_) | None => SOMETHING,
    }
}

fn oauth_meaning(error: Option<&str>) -> Meaning {
    match error.map(oauth_errors::kind) {
        Some(Kind::StartAgain) => START_AGAIN,
        Some(Kind::OurRegistration) => OUR_QUESTION,
        Some(Kind::Cancelled | Kind::OutOfOrder | Kind::Unknown) | None => SOMETHING,
    }
}

/// The number of an Entra error in a status message or a pasted text: the digits after `AADSTS`.
pub fn microsoft_code(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("AADSTS")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).take(9).collect();
    digits.parse().ok()
}

/// What a code means to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) what: &'static str,
    pub(crate) steps: &'static [&'static str],
    pub(crate) who: Who,
}

pub(crate) const WRONG_ACCOUNT: Meaning = Meaning {
    what: "The account you used is not known there. It may be a personal account, or an account of another organisation.",
    steps: &[
        "Log out of Microsoft, or open a private browser window.",
        "Start again and choose the NHSmail account that your organisation gave you.",
        "If you have no NHSmail account, ask your organisation for one.",
    ],
    who: Who::LocalAdministrator,
};

pub(crate) const NO_ACCESS: Meaning = Meaning {
    what: "Your account is fine, but it has not been given access to this service.",
    steps: &["Ask for access, and say the name of this service and the reference on this page."],
    who: Who::Support,
};

pub(crate) const START_AGAIN: Meaning = Meaning {
    what: "The login there took too long, was interrupted or was used already.",
    steps: &["Start again.", "Do not use the Back button while you log in."],
    who: Who::Yourself,
};

/// Something in our request or registration: the person can do nothing about it.
pub(crate) const OUR_QUESTION: Meaning = Meaning {
    what: "The login page did not accept the way in which this service asked. You have done nothing wrong.",
    steps: &["Contact support and give the reference on this page."],
    who: Who::Support,
};

/// ADFS says no more than "Responder": the reason is in its own event log.
const SOMETHING: Meaning = Meaning {
    what: "The login page could not finish, and did not say why.",
    steps: &[
        "Start again.",
        "If it happens again, contact support. Give the reference on this page and say when it happened.",
    ],
    who: Who::Support,
};

fn known(code: &str) -> Option<&'static str> {
    let name = code.strip_prefix(STATUS)?;
    KNOWN.into_iter().find(|&known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::verified::Door;

    const NHSMAIL: Provider<'_> = Provider {
        name: "NHSmail",
        door: Door::Nhsmail,
    };

    fn status(top: &str, second: &str, message: &str) -> ProviderStatus {
        ProviderStatus::read(
            &format!("{STATUS}{top}"),
            Some(&format!("{STATUS}{second}")),
            Some(message),
        )
    }

    #[test]
    fn sp_15_a_refusing_status_names_both_levels_and_the_microsoft_number() {
        let words = status(
            "Requester",
            "RequestUnsupported",
            "AADSTS75011: Authentication method …",
        )
        .words(NHSMAIL);
        let shown: Vec<_> = words.codes.iter().map(|code| code.value.as_str()).collect();
        assert_eq!(shown, ["Requester", "RequestUnsupported", "AADSTS75011"]);
        assert_eq!(words.heading, "NHSmail did not log you in");
    }

    #[test]
    fn gv_05_the_words_of_a_status_are_never_repeated() {
        let hostile = "Call 0900 123 now";
        let words = ProviderStatus::read(hostile, Some(hostile), Some(hostile)).words(NHSMAIL);
        assert!(!format!("{words:?}").contains("0900"));
        assert_eq!(words.codes[0].value, "not a standard code");
    }

    #[test]
    fn the_number_is_found_wherever_it_stands_and_only_where_digits_follow() {
        assert_eq!(microsoft_code("AADSTS90072: User account"), Some(90072));
        assert_eq!(microsoft_code("Sorry… AADSTS7500529: The value"), Some(7_500_529));
        assert_eq!(microsoft_code("AADSTS: none"), None);
        assert_eq!(microsoft_code("MSIS7070"), None);
        assert_eq!(microsoft_code("AADSTS99999999999999999999"), Some(999_999_999));
    }

    #[test]
    fn the_number_says_more_than_the_status_and_is_preferred() {
        let with_number = status("Requester", "RequestUnsupported", "AADSTS90072: …").words(NHSMAIL);
        assert_eq!(with_number.what_happened, WRONG_ACCOUNT.what);
        let without = status("Responder", "NoAuthnContext", "").words(NHSMAIL);
        assert_eq!(without.what_happened, OUR_QUESTION.what);
    }
}
