//! Names that only the applications of one sector know (OpenID Connect Core 8.1), for people and for their sessions.
//!
//! Two applications of different sectors that lay their tokens side by side find no name in common, neither of the
//! person nor of the session. A person's name is a hash under our key. A session's name must lead us back to the
//! session, so it is the session's own, enciphered: sixteen octets, one block of AES under a key of the sector.
//!
//! A name belongs to one account: a person with a mailbox and a Care Identity is two until accounts can be linked.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sign::Signer;
use openssl::symm::{Cipher, Crypter, Mode};
use zeroize::Zeroizing;

use crate::downstream::application::SubjectKind;
use crate::downstream::subject::{SubjectKey, encoded};
use crate::identity::person::Account;
use crate::session::sid::Sid;

/// The octets of a block of AES, and of a session's name.
const BLOCK: usize = 16;

impl SubjectKey {
    /// The name of `account` for an application that knows people as `kind` says.
    pub fn name(&self, account: &Account, kind: &SubjectKind) -> Result<String, ErrorStack> {
        match kind {
            SubjectKind::Public => self.opaque(account),
            SubjectKind::Pairwise { sector } => {
                let parts = ["person", sector, account.issuer(), account.subject()];
                Ok(encoded(&self.keyed(&parts)?))
            }
        }
    }

    /// The name of the role `id`, which one person has and nobody else, for such an application.
    pub fn role_name(&self, id: &str, kind: &SubjectKind) -> Result<String, ErrorStack> {
        match kind {
            SubjectKind::Public => Ok(id.to_owned()),
            SubjectKind::Pairwise { sector } => Ok(encoded(&self.keyed(&["role", sector, id])?)),
        }
    }

    /// The name of the session `sid` for such an application.
    pub fn session_name(&self, sid: &Sid, kind: &SubjectKind) -> Result<String, ErrorStack> {
        match kind {
            SubjectKind::Public => Ok(sid.to_string()),
            SubjectKind::Pairwise { sector } => {
                // A name of another shape leads nowhere; there is none.
                let octets = hex::decode(sid.as_str()).unwrap_or_default();
                Ok(hex::encode(self.block(Mode::Encrypt, sector, &octets)?))
            }
        }
    }

    /// The session that such an application calls `name`.
    pub fn session_named(&self, name: &str, kind: &SubjectKind) -> Option<Sid> {
        let stated = Sid::parse(name)?;
        match kind {
            SubjectKind::Public => Some(stated),
            SubjectKind::Pairwise { sector } => {
                let octets = hex::decode(stated.as_str()).ok()?;
                let sid = self.block(Mode::Decrypt, sector, &octets).ok()?;
                Sid::parse(&hex::encode(sid))
            }
        }
    }

    /// A mark that we alone can make of `text`, for `purpose` alone.
    pub fn stamp(&self, purpose: &str, text: &str) -> Result<String, ErrorStack> {
        Ok(encoded(&self.keyed(&["stamp", purpose, text])?))
    }

    /// One block, so nothing is chained and nothing is padded; the same name always becomes the same.
    fn block(&self, mode: Mode, sector: &str, octets: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let key = Zeroizing::new(self.keyed(&["session", sector])?);
        let mut crypter = Crypter::new(Cipher::aes_256_ecb(), mode, &key, None)?;
        crypter.pad(false);
        let mut out = vec![0; BLOCK * 2];
        let mut written = crypter.update(octets, &mut out)?;
        written += crypter.finalize(out.get_mut(written..).unwrap_or_default())?;
        out.truncate(written);
        Ok(out)
    }

    /// A hash under our key that no other use of it gives: a public name begins with a length, this with a word.
    fn keyed(&self, parts: &[&str]) -> Result<Vec<u8>, ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        signer.update(b"pairwise")?;
        for part in parts {
            signer.update(&(part.len() as u64).to_be_bytes())?;
            signer.update(part.as_bytes())?;
        }
        signer.sign_to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::person::examples;
    use crate::platform::random::SeededRandom;

    fn key() -> SubjectKey {
        SubjectKey::draw(&SeededRandom::from_seed(1)).unwrap()
    }

    fn sector(name: &str) -> SubjectKind {
        SubjectKind::Pairwise {
            sector: name.to_owned(),
        }
    }

    #[test]
    fn ap_14_a_person_has_one_name_in_a_sector_and_another_in_every_other() {
        let (key, ada, ben) = (key(), examples::entra(), examples::adfs());
        let name = |kind: &SubjectKind| key.name(ada.account(), kind).unwrap();
        let (here, there) = (sector("rota.example"), sector("ward.example"));
        assert_eq!(name(&here), name(&here));
        assert_ne!(name(&here), name(&there));
        assert_ne!(name(&here), name(&SubjectKind::Public));
        assert_ne!(name(&here), key.name(ben.account(), &here).unwrap());
        assert_eq!(name(&SubjectKind::Public), key.opaque(ada.account()).unwrap());
    }

    #[test]
    fn ap_14_a_sessions_name_leads_back_in_its_sector_alone() {
        let (key, sid) = (key(), Sid::parse(&"0f".repeat(16)).unwrap());
        let (here, there) = (sector("rota.example"), sector("ward.example"));
        let name = key.session_name(&sid, &here).unwrap();
        assert_ne!(name, sid.as_str());
        assert_ne!(name, key.session_name(&sid, &there).unwrap());
        assert_eq!(key.session_named(&name, &here).as_ref(), Some(&sid));
        assert_ne!(key.session_named(&name, &there).as_ref(), Some(&sid));
        assert_eq!(
            key.session_named(sid.as_str(), &SubjectKind::Public),
            Some(sid.clone())
        );
        for text in ["", "x", &"A".repeat(32), &"a".repeat(31)] {
            assert_eq!(key.session_named(text, &here), None, "{text}");
        }
    }
}
