//! Codes and refresh tokens: a handle that names the grant, and a secret that is spent once.

use std::fmt;

use crate::downstream::grants::GrantId;
use crate::platform::digest::sha256;
use crate::platform::random::{NoRandomness, Random};

/// The characters of a handle: 128 bits in hexadecimal.
const HANDLE: usize = 32;
/// The characters of a secret: 256 bits in hexadecimal.
const SECRET: usize = 64;

/// What all codes and refresh tokens of one grant begin with.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Handle(String);

/// What is spent.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Spent(String);

impl Handle {
    pub(super) fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        Ok(Self(drawn(random, HANDLE)?))
    }

    /// The two parts of a code or a refresh token, if it has the shape of one.
    pub(super) fn apart(text: &str) -> Option<(Self, Spent)> {
        let shaped =
            text.len() == HANDLE + SECRET && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        let (handle, secret) = text.split_at_checked(HANDLE).filter(|_| shaped)?;
        Some((Self(handle.to_owned()), Spent(secret.to_owned())))
    }

    /// The grant's name, from which nobody finds the handle.
    pub(super) fn id(&self) -> GrantId {
        let hash = hex::encode(sha256(format!("grant\0{}", self.0).as_bytes()));
        GrantId(hash.chars().take(HANDLE).collect())
    }

    /// The two parts as one text, for the client.
    pub(super) fn joined(&self, secret: &Spent) -> String {
        format!("{}{}", self.0, secret.0)
    }
}

impl Spent {
    pub(super) fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        Ok(Self(drawn(random, SECRET)?))
    }

    /// What the store keeps of it.
    pub(super) fn hash(&self) -> String {
        hex::encode(sha256(self.0.as_bytes()))
    }
}

fn drawn(random: &dyn Random, characters: usize) -> Result<String, NoRandomness> {
    let mut octets = vec![0; characters / 2];
    random.fill(&mut octets)?;
    Ok(hex::encode(octets))
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}

impl fmt::Debug for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spent(…)")
    }
}
