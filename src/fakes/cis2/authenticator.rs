//! The ways to prove oneself at CIS2, each with its level, its `acr` and its `amr`.

use serde::{Deserialize, Serialize};

/// What somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authenticator {
    /// A smartcard on the health network, with the Identity Agent.
    HscnSmartcard,
    /// A smartcard over the internet.
    InternetSmartcard,
    /// Windows Hello.
    WindowsHello,
    /// A FIDO2 security key.
    SecurityKey,
    /// The iPad app.
    Ipad,
    /// Microsoft Authenticator beside e-mail address and password.
    MicrosoftAuthenticator,
    /// NHS.net Connect, which was `NHSmail`.
    Nhsmail,
    /// A passkey.
    Passkey,
    /// A user name and a password, which live services refuse.
    UserPassword,
}

/// A line of the page that asks how somebody wants to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Method {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) authenticators: &'static [Authenticator],
}

/// The lines in the order of the real page. The last one is not there: it is shown only to who asks for it.
pub(super) const METHODS: [Method; 8] = [
    method(
        "smartcard",
        "Smartcard",
        &[Authenticator::HscnSmartcard, Authenticator::InternetSmartcard],
    ),
    method("windows-hello", "Windows Hello", &[Authenticator::WindowsHello]),
    method("security-key", "Security key", &[Authenticator::SecurityKey]),
    method("ipad", "iPad app", &[Authenticator::Ipad]),
    method(
        "authenticator-app",
        "Authenticator app",
        &[Authenticator::MicrosoftAuthenticator],
    ),
    method("nhsmail", "NHSmail", &[Authenticator::Nhsmail]),
    method("passkey", "Passkey (private beta)", &[Authenticator::Passkey]),
    method(
        "user-password",
        "User name and password",
        &[Authenticator::UserPassword],
    ),
];

const fn method(word: &'static str, label: &'static str, authenticators: &'static [Authenticator]) -> Method {
    Method {
        word,
        label,
        authenticators,
    }
}

impl Method {
    pub(super) fn from_word(word: &str) -> Option<Self> {
        METHODS.into_iter().find(|method| method.word == word)
    }
}

impl Authenticator {
    /// All of them, the strong ones first.
    pub const ALL: [Self; 9] = [
        Self::HscnSmartcard,
        Self::InternetSmartcard,
        Self::WindowsHello,
        Self::SecurityKey,
        Self::Ipad,
        Self::MicrosoftAuthenticator,
        Self::Nhsmail,
        Self::Passkey,
        Self::UserPassword,
    ];

    /// The authentication assurance level: 1, 2 or 3.
    pub fn level(self) -> u8 {
        match self {
            Self::HscnSmartcard
            | Self::InternetSmartcard
            | Self::WindowsHello
            | Self::SecurityKey
            | Self::Ipad => 3,
            Self::MicrosoftAuthenticator | Self::Nhsmail | Self::Passkey => 2,
            Self::UserPassword => 1,
        }
    }

    /// The value of `acr_values` that asks for this and nothing else.
    pub fn acr(self) -> &'static str {
        match self {
            Self::HscnSmartcard => "AAL3_N3_SMARTCARD",
            Self::InternetSmartcard => "AAL3_CIS2_SMARTCARD",
            Self::WindowsHello | Self::SecurityKey => "AAL3_FIDO2",
            Self::Ipad => "AAL3_IOS",
            Self::MicrosoftAuthenticator => "AAL2_TOTP",
            Self::Nhsmail => "AAL2_NHSMAIL",
            // Not published while it is a beta.
            Self::Passkey => "AAL2_PASSKEY",
            Self::UserPassword => "AAL1_USERPASS",
        }
    }

    /// The one member of `amr`.
    pub fn amr(self) -> &'static str {
        let acr = self.acr();
        acr.split_once('_').map_or(acr, |(_, kind)| kind)
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::HscnSmartcard => "smartcard (HSCN)",
            Self::InternetSmartcard => "smartcard (internet)",
            Self::WindowsHello => "Windows Hello",
            Self::SecurityKey => "security key",
            Self::Ipad => "iPad app",
            Self::MicrosoftAuthenticator => "Microsoft Authenticator",
            Self::Nhsmail => "NHS.net Connect (NHSmail)",
            Self::Passkey => "passkey",
            Self::UserPassword => "user name and password",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_an_authenticator_is_the_one_its_acr_begins_with() {
        for authenticator in Authenticator::ALL {
            let begins = format!("AAL{}_", authenticator.level());
            assert!(authenticator.acr().starts_with(&begins), "{authenticator:?}");
        }
        assert_eq!(Authenticator::HscnSmartcard.amr(), "N3_SMARTCARD");
    }

    #[test]
    fn every_authenticator_stands_behind_one_line_of_the_page() {
        for authenticator in Authenticator::ALL {
            let lines = METHODS
                .iter()
                .filter(|method| method.authenticators.contains(&authenticator));
            assert_eq!(lines.count(), 1, "{authenticator:?}");
        }
    }
}
