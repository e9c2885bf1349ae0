//! Who vouches for people, as a page names them.

use crate::upstream::verified::Door;
use crate::web::pages::Who;

/// An identity provider: what people call it, and the kind of account it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider<'a> {
    /// In words: "NHSmail", "Care Identity".
    pub name: &'a str,
    /// The kind of account.
    pub door: Door,
}

impl Provider<'_> {
    /// Who looks after the accounts.
    pub(crate) fn account_keeper(self) -> Who {
        match self.door {
            Door::Nhsmail => Who::LocalAdministrator,
            Door::Cis2 => Who::RegistrationAuthority,
        }
    }

    /// Those at whose place a fault is that passes by itself.
    pub(crate) fn operator(self) -> Who {
        match self.door {
            Door::Nhsmail => Who::NobodyHere,
            Door::Cis2 => Who::NobodyAtCis2,
        }
    }
}
