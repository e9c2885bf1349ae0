//! Somebody at the fake's page: a Care Identity, or the owner of an NHSmail mailbox.

use crate::fakes::cast::{CAST, CastMember};
use crate::fakes::cis2::Authenticator;
use crate::fakes::cis2::cast::{CARE_IDENTITIES, CareIdentity, Role, Selection};
use crate::platform::digest::sha256;

/// Somebody who may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person {
    /// At CIS2.
    Care(CareIdentity),
    /// At Entra or ADFS.
    Mailbox(CastMember),
}

impl Person {
    pub(super) fn care_identities() -> Vec<Self> {
        CARE_IDENTITIES.into_iter().map(Self::Care).collect()
    }

    pub(super) fn mailboxes() -> Vec<Self> {
        CAST.into_iter().map(Self::Mailbox).collect()
    }

    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Care(person) => person.key,
            Self::Mailbox(member) => member.key,
        }
    }

    pub(super) fn note(&self) -> &'static str {
        match self {
            Self::Care(person) => person.note,
            Self::Mailbox(member) => member.note,
        }
    }

    pub(super) fn display_name(&self) -> String {
        match self {
            Self::Care(person) => person.display_name(),
            Self::Mailbox(member) => member.display_name.to_owned(),
        }
    }

    /// `sub`: at CIS2 the UUID for everybody; at Microsoft's another for every client.
    pub(super) fn subject(&self, client_id: &str) -> String {
        match self {
            Self::Care(person) => person.uid.to_owned(),
            Self::Mailbox(member) => {
                let pair = format!("{}\n{client_id}", member.object_id);
                hex::encode(sha256(pair.as_bytes()))
            }
        }
    }

    /// How the person can sign in.
    pub(super) fn authenticators(&self) -> &'static [Authenticator] {
        match self {
            Self::Care(person) => person.authenticators,
            Self::Mailbox(_) => &[Authenticator::Nhsmail],
        }
    }

    pub(super) fn roles(&self) -> Vec<Role> {
        match self {
            Self::Care(person) => person.roles.list(),
            Self::Mailbox(_) => Vec::new(),
        }
    }

    pub(super) fn selection(&self) -> Selection {
        match self {
            Self::Care(person) => person.selection,
            Self::Mailbox(_) => Selection::Chosen,
        }
    }
}
