//! The signing keys of the fake, their roll-over, and keys that nothing verifies with.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fakes::cis2::manner::SignatureAlgorithm;
use crate::platform::digest::sha256;
use crate::platform::private_file::{self, PrivateFileError};
use crate::protocol::jose::Algorithm;
pub use crate::protocol::jose::FAKE_KID_MARK;
use crate::protocol::jose::signer::{Signer, SignerError};

const FILE: &str = "fake-cis2-signing.pem";
const BITS: u32 = 2048;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// OpenSSL would not make one.
    #[error("OpenSSL could not make a key: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// The key file cannot be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// The key file holds something else.
    #[error("the key file {} holds no RSA key of {BITS} bits", .0.display())]
    Content(PathBuf),
    /// It signs nothing.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

/// A step of a roll-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStep {
    /// A new key is published and not yet used.
    Announce,
    /// The newest published key signs from now on.
    SignWithNewest,
    /// Only the key that signs stays published.
    DropOthers,
    /// A new key signs from now on and the others are gone, without a word before.
    Surprise,
}

/// One RSA key, for two algorithms under a `kid` each.
#[derive(Debug, Clone)]
pub(super) struct Key {
    rs256: Signer,
    rs512: Signer,
    /// The public key in PEM, as an attacker would take it for a secret.
    pub(super) public_pem: Vec<u8>,
}

/// The published keys, and which of them signs.
#[derive(Debug, Clone)]
pub(super) struct KeyRing {
    published: Vec<Arc<Key>>,
    signing: Arc<Key>,
    stranger: Arc<OnceLock<Arc<Key>>>,
}

impl Key {
    fn make() -> Result<(Self, Vec<u8>), NoKey> {
        let private = PKey::from_rsa(Rsa::generate(BITS)?)?;
        let pem = private.private_key_to_pem_pkcs8()?;
        Ok((Self::of(&private, &pem)?, pem))
    }

    fn of(private: &PKey<Private>, pem: &[u8]) -> Result<Self, NoKey> {
        let public = private.public_key_to_der()?;
        let signer = |algorithm| Signer::from_pem(pem, algorithm, Some(&kid(&public, algorithm)));
        Ok(Self {
            rs256: signer(Algorithm::RS256)?,
            rs512: signer(Algorithm::RS512)?,
            public_pem: private.public_key_to_pem()?,
        })
    }

    pub(super) fn signer(&self, algorithm: SignatureAlgorithm) -> &Signer {
        match algorithm {
            SignatureAlgorithm::Rs256 => &self.rs256,
            SignatureAlgorithm::Rs512 => &self.rs512,
        }
    }
}

/// As ForgeRock's: base64 with `/`, `+` and `=` in it.
fn kid(public: &[u8], algorithm: Algorithm) -> String {
    let name = format!("{algorithm:?}");
    let digest = sha256(&[public, name.as_bytes()].concat());
    let text = STANDARD.encode(digest);
    let mut parts = text.chars();
    let (first, second): (String, String) = (parts.by_ref().take(9).collect(), parts.take(12).collect());
    format!("{FAKE_KID_MARK}{first}+{second}=")
}

impl KeyRing {
    /// A fresh key, for this process alone.
    pub(super) fn make() -> Result<Self, NoKey> {
        Ok(Self::with(Key::make()?.0))
    }

    /// The key in `folder`, where it is made on first use, readable by the owner alone.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, NoKey> {
        private_file::folder(folder)?;
        let path = folder.join(FILE);
        if let Some(pem) = private_file::read(&path)? {
            return read(&path, pem.expose()).map(Self::with);
        }
        let (made, pem) = Key::make()?;
        // Of two fakes that start at once, one makes the file and the other finds it.
        if private_file::write_new(&path, &pem)? {
            return Ok(Self::with(made));
        }
        let pem = private_file::read(&path)?.ok_or_else(|| NoKey::Content(path.clone()))?;
        read(&path, pem.expose()).map(Self::with)
    }

    fn with(key: Key) -> Self {
        let key = Arc::new(key);
        Self {
            published: vec![Arc::clone(&key)],
            signing: key,
            stranger: Arc::default(),
        }
    }

    /// The key that signs.
    pub(super) fn signing(&self) -> &Arc<Key> {
        &self.signing
    }

    /// A key that is not published, made when it is first needed.
    pub(super) fn stranger(&self) -> Result<Arc<Key>, NoKey> {
        if let Some(stranger) = self.stranger.get() {
            return Ok(Arc::clone(stranger));
        }
        let made = Arc::new(Key::make()?.0);
        Ok(Arc::clone(self.stranger.get_or_init(|| made)))
    }

    /// One step of a roll-over.
    pub(super) fn step(&mut self, step: KeyStep) -> Result<(), NoKey> {
        match step {
            KeyStep::Announce => self.published.push(Arc::new(Key::make()?.0)),
            KeyStep::SignWithNewest => {
                if let Some(newest) = self.published.last() {
                    self.signing = Arc::clone(newest);
                }
            }
            KeyStep::DropOthers => self.published = vec![Arc::clone(&self.signing)],
            KeyStep::Surprise => {
                self.signing = Arc::new(Key::make()?.0);
                self.published = vec![Arc::clone(&self.signing)];
            }
        }
        Ok(())
    }

    /// The key set as it is published, oldest key first.
    pub(super) fn document(&self) -> Value {
        let keys = self.published.iter();
        let both = keys.flat_map(|key| [key.rs256.public_jwk(), key.rs512.public_jwk()]);
        json!({ "keys": both.flatten().collect::<Vec<_>>() })
    }
}

fn read(path: &Path, pem: &[u8]) -> Result<Key, NoKey> {
    let private = PKey::private_key_from_pem(pem).map_err(|_cause| NoKey::Content(path.to_owned()))?;
    Key::of(&private, pem).map_err(|_cause| NoKey::Content(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids(ring: &KeyRing) -> Vec<String> {
        let document = ring.document();
        let keys = document["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    fn signs(ring: &KeyRing) -> String {
        let signer = ring.signing().signer(SignatureAlgorithm::Rs256);
        signer.kid().unwrap().to_owned()
    }

    #[test]
    fn a_kid_is_base64_with_every_awkward_character_and_says_that_it_is_a_fakes() {
        let ring = KeyRing::make().unwrap();
        for kid in kids(&ring) {
            assert!(
                kid.starts_with(FAKE_KID_MARK) && kid.contains('+') && kid.ends_with('='),
                "{kid}"
            );
            assert_eq!(kid.len(), 28, "as long as one of ForgeRock's");
        }
    }

    #[test]
    fn a_roll_over_announces_then_signs_then_drops() {
        let mut ring = KeyRing::make().unwrap();
        let (old, first) = (kids(&ring), signs(&ring));
        ring.step(KeyStep::Announce).unwrap();
        assert_eq!((kids(&ring).len(), signs(&ring)), (4, first.clone()));
        ring.step(KeyStep::SignWithNewest).unwrap();
        assert_eq!(kids(&ring).len(), 4);
        assert_ne!(signs(&ring), first);
        ring.step(KeyStep::DropOthers).unwrap();
        assert!(kids(&ring).len() == 2 && kids(&ring).contains(&signs(&ring)));
        assert!(old.iter().all(|kid| !kids(&ring).contains(kid)));
        let before = kids(&ring);
        ring.step(KeyStep::Surprise).unwrap();
        assert!(before.iter().all(|kid| !kids(&ring).contains(kid)));
    }

    #[test]
    fn the_key_in_a_folder_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("keys");
        let first = KeyRing::in_folder(&inside).unwrap();
        let again = KeyRing::in_folder(&inside).unwrap();
        assert_eq!(kids(&first), kids(&again));
        let bad = inside.join(FILE);
        std::fs::remove_file(&bad).unwrap();
        private_file::write_new(&bad, b"nonsense").unwrap();
        assert!(matches!(KeyRing::in_folder(&inside), Err(NoKey::Content(_))));
    }
}
