//! The keys of the fake. Every certificate says that it is one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use openssl::error::ErrorStack;
use time::{Duration, OffsetDateTime};

use crate::fakes::saml_idp::Personality;
use crate::platform::private_file::{self, PrivateFileError};
use crate::protocol::saml::names::FAKE_CERTIFICATE_ORGANISATION;
use crate::protocol::saml::signature::{KeyFlaw, KeyKind, SelfSigned, SigningKey};

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// OpenSSL would not make one.
    #[error("OpenSSL could not make a key: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// A key file cannot be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// There is no key file, and none is to be made.
    #[error("there is no key file {}; the fake makes it when it is given the folder", .0.display())]
    Absent(PathBuf),
    /// A key file holds something else.
    #[error("the key file {} is {cause}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    EntraSigning,
    AdfsSigning,
    /// ADFS offers it for what is sent to it. It signs nothing, and stands first in the metadata.
    AdfsEncryption,
    /// In no metadata.
    Stranger,
}

/// One signing key for each personality, and two that nothing verifies with.
#[derive(Debug, Clone)]
pub struct Keys {
    entra: SigningKey,
    adfs: SigningKey,
    adfs_encryption: SigningKey,
    stranger: Arc<OnceLock<SigningKey>>,
    born: OffsetDateTime,
}

impl Keys {
    /// Makes fresh keys, for this process alone.
    pub fn make(now: OffsetDateTime) -> Result<Self, NoKeys> {
        Self::each(now, |purpose| Ok(purpose.make(now)?))
    }

    /// Reads the keys from `folder`, where they are made on first use, readable by the owner alone.
    pub fn in_folder(folder: &Path, now: OffsetDateTime) -> Result<Self, NoKeys> {
        private_file::folder(folder)?;
        Self::each(now, |purpose| {
            let path = folder.join(purpose.file_name());
            match read(&path)? {
                Some(key) => Ok(key),
                None => make_file(&path, purpose, now),
            }
        })
    }

    /// Reads the keys that a fake left in `folder`.
    pub fn kept_in(folder: &Path, now: OffsetDateTime) -> Result<Self, NoKeys> {
        Self::each(now, |purpose| {
            let path = folder.join(purpose.file_name());
            read(&path)?.ok_or(NoKeys::Absent(path))
        })
    }

    fn each(
        now: OffsetDateTime,
        key: impl Fn(Purpose) -> Result<SigningKey, NoKeys>,
    ) -> Result<Self, NoKeys> {
        Ok(Self {
            entra: key(Purpose::EntraSigning)?,
            adfs: key(Purpose::AdfsSigning)?,
            adfs_encryption: key(Purpose::AdfsEncryption)?,
            stranger: Arc::default(),
            born: now,
        })
    }

    /// The key that signs for `personality`.
    pub(in crate::fakes) fn signing(&self, personality: Personality) -> &SigningKey {
        match personality {
            Personality::Entra => &self.entra,
            Personality::Adfs => &self.adfs,
        }
    }

    /// The key that ADFS offers for encryption.
    pub(super) fn adfs_encryption(&self) -> &SigningKey {
        &self.adfs_encryption
    }

    /// A key that stands in no metadata, made when it is first needed.
    pub(super) fn stranger(&self) -> Result<&SigningKey, NoKeys> {
        if let Some(stranger) = self.stranger.get() {
            return Ok(stranger);
        }
        let made = Purpose::Stranger.make(self.born)?;
        Ok(self.stranger.get_or_init(|| made))
    }
}

impl Purpose {
    fn file_name(self) -> &'static str {
        match self {
            Self::EntraSigning => "fake-entra-signing.pem",
            Self::AdfsSigning => "fake-adfs-signing.pem",
            Self::AdfsEncryption => "fake-adfs-encryption.pem",
            Self::Stranger => "fake-stranger.pem",
        }
    }

    /// ADFS renews every year, an Entra certificate lasts three.
    fn make(self, now: OffsetDateTime) -> Result<SigningKey, ErrorStack> {
        let (common_name, days) = match self {
            Self::EntraSigning | Self::Stranger => ("Microsoft Azure Federated SSO Certificate", 3 * 365),
            Self::AdfsSigning => ("ADFS Signing - fake.nhsmail-bridge.invalid", 365),
            Self::AdfsEncryption => ("ADFS Encryption - fake.nhsmail-bridge.invalid", 365),
        };
        SelfSigned {
            kind: KeyKind::Rsa2048,
            common_name,
            organisation: FAKE_CERTIFICATE_ORGANISATION,
            // A fake whose clock is moved back a little must not be younger than its answers.
            not_before: now - Duration::days(30),
            days,
        }
        .make()
    }
}

fn read(path: &Path) -> Result<Option<SigningKey>, NoKeys> {
    let Some(pem) = private_file::read(path)? else {
        return Ok(None);
    };
    let key = SigningKey::read(pem.expose(), pem.expose());
    key.map(Some).map_err(|cause| content(path, &cause))
}

/// Of two fakes that start at once, one makes the file and the other finds it.
fn make_file(path: &Path, purpose: Purpose, now: OffsetDateTime) -> Result<SigningKey, NoKeys> {
    let made = purpose.make(now)?;
    let pem = made
        .private_pem()
        .and_then(|private| Ok([private, made.certificate_pem()?].concat()));
    if private_file::write_new(path, &pem.map_err(|cause| content(path, &cause))?)? {
        return Ok(made);
    }
    read(path)?.ok_or_else(|| NoKeys::Absent(path.to_owned()))
}

fn content(path: &Path, cause: &KeyFlaw) -> NoKeys {
    NoKeys::Content {
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::signature::VerificationKey;
    use std::os::unix::fs::PermissionsExt;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-01 9:00 UTC);

    #[test]
    fn every_certificate_carries_the_mark_of_the_fakes() {
        let keys = Keys::make(NOW).unwrap();
        for key in [
            keys.signing(Personality::Entra),
            keys.signing(Personality::Adfs),
            keys.adfs_encryption(),
            keys.stranger().unwrap(),
        ] {
            let read = VerificationKey::from_certificate(&key.certificate_pem().unwrap()).unwrap();
            assert!(read.is_fake());
        }
    }

    #[test]
    fn keys_in_a_folder_are_made_once_and_only_their_owner_may_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("keys");
        let first = Keys::in_folder(&inside, NOW).unwrap();
        let again = Keys::in_folder(&inside, NOW + Duration::days(1)).unwrap();
        let pem = |keys: &Keys| keys.signing(Personality::Adfs).certificate_pem().unwrap();
        assert_eq!(pem(&first), pem(&again));
        assert_eq!(pem(&first), pem(&Keys::kept_in(&inside, NOW).unwrap()));
        assert!(matches!(
            Keys::kept_in(folder.path(), NOW),
            Err(NoKeys::Absent(_))
        ));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inside.join("fake-adfs-signing.pem")), 0o600);
        assert_eq!(mode(&inside), 0o700);
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("keys");
        private_file::folder(&inside).unwrap();
        private_file::write_new(&inside.join("fake-entra-signing.pem"), b"nonsense").unwrap();
        let said = Keys::in_folder(&inside, NOW).unwrap_err().to_string();
        assert!(said.contains("fake-entra-signing.pem"), "{said}");
    }
}
