//! `sub`: the opaque name by which applications know a person.

mod pairwise;

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use zeroize::Zeroizing;

use crate::identity::person::{Account, Person};
use crate::platform::private_file::{self, PrivateFileError};
use crate::platform::random::{NoRandomness, Random};
use crate::session::public_name::PublicName;

/// The file that holds the key, as 64 hexadecimal digits.
const FILE: &str = "subject.key";

/// The key under which accounts become opaque. It is never changed: with another key everybody is somebody new.
#[derive(Clone)]
pub struct SubjectKey(PKey<Private>);

/// Why there is no subject key.
#[derive(Debug, thiserror::Error)]
pub enum SubjectKeyError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// The file holds something else.
    #[error(
        "{FILE} does not hold 64 hexadecimal digits; bring back the file from a backup, for a new key makes \
         everybody somebody new to the applications"
    )]
    NotAKey,
    /// No octets to make one of.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// OpenSSL could not compute.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
}

impl SubjectKey {
    /// The key in `folder`, made at the first start.
    pub fn load_or_make(folder: &Path, random: &dyn Random) -> Result<Self, SubjectKeyError> {
        private_file::folder(folder)?;
        let path = folder.join(FILE);
        if let Some(text) = private_file::read(&path)? {
            return Self::parse(text.expose());
        }
        let text = Zeroizing::new(hex::encode(draw_octets(random)?.as_slice()));
        private_file::write_new(&path, text.as_bytes())?;
        // Whoever made the file, we or another start at the same time: what is in it counts.
        match private_file::read(&path)? {
            Some(text) => Self::parse(text.expose()),
            None => Err(SubjectKeyError::NotAKey),
        }
    }

    /// A key that lives as long as this process.
    pub fn draw(random: &dyn Random) -> Result<Self, SubjectKeyError> {
        Self::of(draw_octets(random)?.as_slice())
    }

    /// The name of `account`: always the same, saying nothing, and of no two accounts alike.
    pub fn opaque(&self, account: &Account) -> Result<String, ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        for part in [account.issuer(), account.subject()] {
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            signer.update(&(part.len() as u64).to_be_bytes())?;
            signer.update(part.as_bytes())?;
        }
        Ok(encoded(&signer.sign_to_vec()?))
    }

    fn parse(text: &[u8]) -> Result<Self, SubjectKeyError> {
        let octets = hex::decode(text.trim_ascii()).map(Zeroizing::new);
        match octets {
            Ok(octets) if octets.len() == 32 => Self::of(&octets),
            Ok(_) | Err(_) => Err(SubjectKeyError::NotAKey),
        }
    }

    fn of(octets: &[u8]) -> Result<Self, SubjectKeyError> {
        Ok(Self(PKey::hmac(octets)?))
    }
}

fn encoded(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

fn draw_octets(random: &dyn Random) -> Result<Zeroizing<[u8; 32]>, NoRandomness> {
    let mut octets = Zeroizing::new([0; 32]);
    random.fill(octets.as_mut_slice())?;
    Ok(octets)
}

impl PublicName for SubjectKey {
    /// The name that applications read which are not given one of their own.
    fn of(&self, person: &Person) -> Option<String> {
        self.opaque(person.account()).ok()
    }
}

impl std::fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubjectKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::person::examples;
    use crate::platform::random::SeededRandom;

    #[test]
    fn a_name_is_stable_opaque_and_different_for_everybody() {
        let key = SubjectKey::draw(&SeededRandom::from_seed(1)).unwrap();
        let (ada, ben) = (examples::entra(), examples::adfs());
        let name = key.opaque(ada.account()).unwrap();
        assert_eq!(name, key.opaque(ada.account()).unwrap());
        assert_eq!(URL_SAFE_NO_PAD.decode(&name).unwrap().len(), 32);
        assert_ne!(name, key.opaque(ben.account()).unwrap());
        let other_bridge = SubjectKey::draw(&SeededRandom::from_seed(2)).unwrap();
        assert_ne!(name, other_bridge.opaque(ada.account()).unwrap());
    }

    #[test]
    fn one_subject_of_two_issuers_is_two_people() {
        let key = SubjectKey::draw(&SeededRandom::from_seed(1)).unwrap();
        let here = examples::of_adfs("http://fs.example.test/adfs/services/trust");
        let there = examples::of_adfs("http://fs.example.tes");
        assert_eq!(here.account().subject(), there.account().subject());
        let names = [here, there].map(|person| key.opaque(person.account()).unwrap());
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn the_key_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let account = examples::entra();
        let name = |seed| {
            let key = SubjectKey::load_or_make(&keys, &SeededRandom::from_seed(seed)).unwrap();
            key.opaque(account.account()).unwrap()
        };
        assert_eq!(name(1), name(2));
    }

    #[test]
    fn a_broken_key_is_an_error_and_is_left_as_it_is() {
        let top = tempfile::tempdir().unwrap();
        let folder = top.path().join("keys");
        private_file::folder(&folder).unwrap();
        for broken in ["", "abc", &"a".repeat(63), &"g".repeat(64)] {
            let path = folder.join(FILE);
            private_file::replace(&path, broken.as_bytes()).unwrap();
            let error = SubjectKey::load_or_make(&folder, &SeededRandom::from_seed(1));
            assert!(matches!(error, Err(SubjectKeyError::NotAKey)), "{broken:?}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
    }
}
