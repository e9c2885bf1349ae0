//! `SiteTicket`: what a browser holds at a site behind a proxy that stands at another host than we do.
//!
//! Our own cookie never leaves our host. Such a site therefore gets a ticket of its own: the name of the session and
//! a keyed hash of it together with the origin of the site. It is kept nowhere, ends with the session, and is worth
//! nothing at any other site, nor with us.

use std::fmt;
use std::path::Path;

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use zeroize::Zeroizing;

use crate::platform::origin::Origin;
use crate::platform::private_file::{self, PrivateFileError};
use crate::platform::random::{self, NoRandomness, Random};
use crate::session::sid::Sid;

/// The file that holds the key, as 64 hexadecimal digits.
const FILE: &str = "site.key";
/// How many characters name the session.
const NAME: usize = 32;

/// The key under which tickets of sites are made. With another key every browser passes by here once more.
#[derive(Clone)]
pub struct SiteKey(PKey<Private>);

/// The name of a session, and the proof that this browser may use it at one site. Prints as `SiteTicket(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteTicket(Zeroizing<String>);

/// Why there is no key for sites.
#[derive(Debug, thiserror::Error)]
pub enum SiteKeyError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// The file holds something else.
    #[error("{FILE} does not hold 64 hexadecimal digits; remove it, and a new one is made")]
    NotAKey,
    /// No octets to make one of.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// OpenSSL could not compute.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
}

impl SiteKey {
    /// The key in `folder`, made at the first start.
    pub fn load_or_make(folder: &Path, random: &dyn Random) -> Result<Self, SiteKeyError> {
        private_file::folder(folder)?;
        let path = folder.join(FILE);
        if let Some(text) = private_file::read(&path)? {
            return Self::parse(text.expose());
        }
        let text = Zeroizing::new(random::token(random)?);
        private_file::write_new(&path, text.as_bytes())?;
        // Whoever made the file, we or another start at the same time: what is in it counts.
        match private_file::read(&path)? {
            Some(text) => Self::parse(text.expose()),
            None => Err(SiteKeyError::NotAKey),
        }
    }

    /// A key that lives as long as this process.
    pub fn draw(random: &dyn Random) -> Result<Self, SiteKeyError> {
        Self::parse(Zeroizing::new(random::token(random)?).as_bytes())
    }

    /// The ticket to the session `sid` at `site`.
    pub fn ticket(&self, sid: &Sid, site: &Origin) -> Result<SiteTicket, ErrorStack> {
        let proof = Zeroizing::new(hex::encode(self.proof(sid, site)?));
        Ok(SiteTicket(Zeroizing::new([sid.as_str(), &proof].concat())))
    }

    /// The session that `text` opens at `site`: none, if it is a ticket to another site, or no ticket.
    pub fn opens(&self, text: &str, site: &Origin) -> Option<Sid> {
        let (name, proof) = text.split_at_checked(NAME)?;
        let sid = Sid::parse(name)?;
        let wanted = hex::encode(self.proof(&sid, site).ok()?);
        let is_right = proof.len() == wanted.len() && memcmp::eq(proof.as_bytes(), wanted.as_bytes());
        is_right.then_some(sid)
    }

    /// The name has one length, so the two parts cannot run into each other.
    fn proof(&self, sid: &Sid, site: &Origin) -> Result<Vec<u8>, ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        signer.update(sid.as_str().as_bytes())?;
        signer.update(site.as_str().as_bytes())?;
        signer.sign_to_vec()
    }

    fn parse(text: &[u8]) -> Result<Self, SiteKeyError> {
        let octets = hex::decode(text.trim_ascii()).map(Zeroizing::new);
        match octets {
            Ok(octets) if octets.len() == 32 => Ok(Self(PKey::hmac(&octets)?)),
            Ok(_) | Err(_) => Err(SiteKeyError::NotAKey),
        }
    }
}

impl SiteTicket {
    /// The text for the cookie. Every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKey(…)")
    }
}

impl fmt::Debug for SiteTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteTicket(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    fn site(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    fn key(seed: u64) -> SiteKey {
        SiteKey::draw(&SeededRandom::from_seed(seed)).unwrap()
    }

    fn sid() -> Sid {
        Sid::parse(&"0a".repeat(16)).unwrap()
    }

    #[test]
    fn ap_12_a_ticket_opens_its_session_at_its_site_and_nowhere_else() {
        let rota = site("https://rota.example.nhs.uk");
        let ticket = key(1).ticket(&sid(), &rota).unwrap();
        assert_eq!(key(1).opens(ticket.expose(), &rota), Some(sid()));
        for other in [
            "https://rota.example.nhs.uk:8443",
            "http://rota.example.nhs.uk",
            "https://stores.example.nhs.uk",
        ] {
            assert_eq!(key(1).opens(ticket.expose(), &site(other)), None, "{other}");
        }
        assert_eq!(key(2).opens(ticket.expose(), &rota), None, "another key");
    }

    #[test]
    fn what_is_changed_or_cut_short_opens_nothing() {
        let rota = site("https://rota.example.nhs.uk");
        let ticket = key(1).ticket(&sid(), &rota).unwrap();
        let another = ticket.expose().replacen("0a", "0b", 1);
        let shorter = ticket.expose().split_at(95).0;
        for bad in [
            another.as_str(),
            shorter,
            sid().as_str(),
            "",
            "é",
            &"é".repeat(48),
        ] {
            assert_eq!(key(1).opens(bad, &rota), None, "{bad}");
        }
    }

    #[test]
    fn the_key_is_made_once_and_neither_it_nor_a_ticket_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let made = SiteKey::load_or_make(&keys, &SeededRandom::from_seed(1)).unwrap();
        let found = SiteKey::load_or_make(&keys, &SeededRandom::from_seed(2)).unwrap();
        let rota = site("https://rota.example.nhs.uk");
        let ticket = made.ticket(&sid(), &rota).unwrap();
        assert_eq!(found.opens(ticket.expose(), &rota), Some(sid()));
        assert_eq!(format!("{made:?}{ticket:?}"), "SiteKey(…)SiteTicket(…)");
        for bad in [
            "nonsense".to_owned(),
            String::new(),
            "0a".repeat(31),
            "0a".repeat(33),
        ] {
            std::fs::write(keys.join(FILE), &bad).unwrap();
            let refused = SiteKey::load_or_make(&keys, &SeededRandom::from_seed(1));
            assert!(matches!(refused, Err(SiteKeyError::NotAKey)), "{bad}");
        }
    }
}
