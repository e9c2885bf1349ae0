//! Our own keys at one connection, parsed once: the one that signs requests, those that open assertions.

use std::sync::Arc;

use crate::platform::problem::Problem;
use crate::platform::secret::{NoOctets, Source};
use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::metadata::OurMetadata;
use crate::protocol::saml::signature::{DigestAlgorithm, Family, KeyFlaw, SignatureAlgorithm, SigningKey};
use crate::upstream::saml_sp::addresses;
use crate::upstream::saml_sp::settings::{RequestAlgorithm, Settings};

/// Our keys at one connection. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OwnKeys {
    request: Option<Arc<RequestKey>>,
    decryption: Arc<[DecryptionKey]>,
    /// The certificate that our metadata offers for encryption: base64 of DER, of the newest key.
    encryption_certificate: Option<String>,
}

/// The key that signs our `AuthnRequest`s and messages of single logout.
#[derive(Debug)]
pub(crate) struct RequestKey {
    pub(crate) key: SigningKey,
    pub(crate) algorithm: SignatureAlgorithm,
    certificate: String,
}

/// Why a key of ours is of no use.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {why}")]
pub struct OwnKeyFlaw {
    /// The setting, below the connection's: `decryption[0]`.
    key: String,
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error(transparent)]
    Unread(#[from] NoOctets),
    #[error(transparent)]
    Key(#[from] KeyFlaw),
}

impl OwnKeys {
    /// Reads and parses the keys that `settings` names.
    pub fn load(settings: &Settings) -> Result<Self, OwnKeyFlaw> {
        let mut decryption = Vec::new();
        let mut certificates = Vec::new();
        for (place, pair) in settings.decryption.iter().enumerate() {
            let (key, certificate) =
                read_decryption(&pair.key, &pair.certificate).map_err(|why| OwnKeyFlaw {
                    key: format!("decryption[{place}]"),
                    why,
                })?;
            decryption.push(key);
            certificates.push(certificate);
        }
        Ok(Self {
            request: request_key(settings)?.map(Arc::new),
            decryption: decryption.into(),
            encryption_certificate: certificates.into_iter().next(),
        })
    }

    /// The keys that open what is encrypted for us, newest first.
    pub fn decryption(&self) -> &[DecryptionKey] {
        &self.decryption
    }

    /// The key that signs our requests and messages of single logout; `None`: they are unsigned.
    pub(crate) fn request(&self) -> Option<&RequestKey> {
        self.request.as_deref()
    }

    /// Our metadata for the connection `name` under our public address: what the identity provider is to know about us.
    pub fn metadata(&self, settings: &Settings, public_url: &str, name: &str) -> String {
        let slo_url = settings
            .logs_out_upstream()
            .then(|| addresses::slo_url(public_url, name));
        OurMetadata {
            entity_id: settings.entity_id.as_str(),
            acs_url: &addresses::acs_url(public_url, name),
            slo_url: slo_url.as_deref(),
            name_id_format: settings.name_id_policy_format.as_deref(),
            signing_certificate: self.request.as_ref().map(|request| request.certificate.as_str()),
            encryption_certificate: self.encryption_certificate.as_deref(),
        }
        .to_xml()
    }
}

impl OwnKeyFlaw {
    /// The same as a problem of the connection at `at`.
    pub fn problem(&self, at: &str) -> Problem {
        let at = format!("{at}.{}", self.key);
        match &self.why {
            Why::Unread(cause) => cause.problem(at),
            Why::Key(flaw) => Problem::new(
                at,
                flaw.to_string(),
                "a private key and the certificate made for it, both PEM, without a passphrase",
            ),
        }
    }
}

fn request_key(settings: &Settings) -> Result<Option<RequestKey>, OwnKeyFlaw> {
    let Some(signing) = &settings.request_signing else {
        return Ok(None);
    };
    let read = || -> Result<RequestKey, Why> {
        let key = read_pair(&signing.key, &signing.certificate)?;
        let algorithm = algorithm(signing.algorithm);
        if key.family() != algorithm.family {
            return Err(KeyFlaw::Kind.into());
        }
        let certificate = key.certificate_base64()?;
        Ok(RequestKey {
            key,
            algorithm,
            certificate,
        })
    };
    let key = "request_signing".to_owned();
    read().map(Some).map_err(|why| OwnKeyFlaw { key, why })
}

fn read_decryption(key: &Source, certificate: &Source) -> Result<(DecryptionKey, String), Why> {
    // An identity provider encrypts for the certificate, so it must be the key's own.
    let certificate = read_pair(key, certificate)?.certificate_base64()?;
    Ok((DecryptionKey::read(key.read()?.expose())?, certificate))
}

fn read_pair(key: &Source, certificate: &Source) -> Result<SigningKey, Why> {
    Ok(SigningKey::read(
        key.read()?.expose(),
        certificate.read()?.expose(),
    )?)
}

fn algorithm(chosen: RequestAlgorithm) -> SignatureAlgorithm {
    let (family, digest) = match chosen {
        RequestAlgorithm::RsaSha256 => (Family::Rsa, DigestAlgorithm::Sha256),
        RequestAlgorithm::RsaSha384 => (Family::Rsa, DigestAlgorithm::Sha384),
        RequestAlgorithm::RsaSha512 => (Family::Rsa, DigestAlgorithm::Sha512),
        RequestAlgorithm::EcdsaSha256 => (Family::Ecdsa, DigestAlgorithm::Sha256),
    };
    SignatureAlgorithm { family, digest }
}
