//! The files one connection names: are they there, are they what they should be, are they a fake's.

use std::path::Path;

use openssl::pkey::Id;
use time::{Duration, OffsetDateTime};

use crate::platform::problem::Problem;
use crate::platform::secret::{Source, Variables};
use crate::protocol::saml::signature::{KeyFlaw, SigningKey, VerificationKey};
use crate::upstream::saml_sp::settings::traces::certificate_in;
use crate::upstream::saml_sp::settings::{RequestAlgorithm, Settings};

/// How many decryption keys may be live: the new one and the one before.
const MOST_DECRYPTION_KEYS: usize = 2;
/// How long before its end a certificate should be replaced.
const SOON: Duration = Duration::days(60);

impl Settings {
    /// Makes every source independent of its surroundings: paths are joined to `base`, environment variables are
    /// replaced by what `variable` says they hold. Returns those that hold nothing.
    pub fn settle(&mut self, at: &str, base: &Path, variable: Variables<'_>) -> Vec<Problem> {
        let signing = self.request_signing.iter_mut().flat_map(|it| {
            let at = format!("{at}.request_signing");
            [
                (format!("{at}.key"), &mut it.key),
                (format!("{at}.certificate_file"), &mut it.certificate),
            ]
        });
        let decryption = self.decryption.iter_mut().enumerate().flat_map(|(index, it)| {
            let at = format!("{at}.decryption[{index}]");
            [
                (format!("{at}.key"), &mut it.key),
                (format!("{at}.certificate_file"), &mut it.certificate),
            ]
        });
        std::iter::once((format!("{at}.metadata_file"), &mut self.metadata))
            .chain(signing)
            .chain(decryption)
            .filter_map(|(at, source)| Some(source.settle(base, variable).err()?.problem(at)))
            .collect()
    }

    pub(super) fn file_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Err(cause) = self.metadata.read() {
            problems.push(cause.problem(format!("{at}.metadata_file")));
        }
        problems.extend(self.request_key_problems(&format!("{at}.request_signing")));
        if self.decryption.len() > MOST_DECRYPTION_KEYS {
            problems.push(Problem::new(
                format!("{at}.decryption"),
                format!("{} keys are live", self.decryption.len()),
                "at most two: the new one first, then the one before it",
            ));
        }
        for (index, pair) in self.decryption.iter().enumerate() {
            let at = format!("{at}.decryption[{index}]");
            match key_pair(&at, &pair.key, &pair.certificate) {
                Ok(key) if key.is_rsa && key.is_strong => {}
                Ok(_) => problems.push(weak_key(&at, "an RSA key of at least 2048 bits")),
                Err(flaws) => problems.extend(flaws),
            }
        }
        problems
    }

    /// Certificates of ours that end within two months. Their dates decide nothing here; an identity provider may
    /// mind them.
    pub(super) fn ageing_certificates(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let ageing = |(key, source): (String, &Source)| {
            let until = certificate_in(source)?.not_after();
            (until < now + SOON).then(|| {
                Problem::new(
                    format!("{at}.{key}.certificate_file"),
                    format!("this certificate ends on {}", until.date()),
                    "a new key and certificate, which the identity provider must be given before",
                )
            })
        };
        self.own_certificates().into_iter().filter_map(ageing).collect()
    }

    fn request_key_problems(&self, at: &str) -> Vec<Problem> {
        let Some(signing) = &self.request_signing else {
            return Vec::new();
        };
        let needs_rsa = signing.algorithm != RequestAlgorithm::EcdsaSha256;
        match key_pair(at, &signing.key, &signing.certificate) {
            Ok(key) if !key.is_strong => vec![weak_key(at, "an RSA key of at least 2048 bits or an EC key")],
            Ok(key) if key.is_rsa != needs_rsa => vec![Problem::new(
                format!("{at}.algorithm"),
                format!("the key is {}, which this algorithm cannot use", key.description),
                "rsa-sha256 for an RSA key, ecdsa-sha256 for an EC key",
            )],
            Ok(_) => Vec::new(),
            Err(flaws) => flaws,
        }
    }
}

/// What matters of a private key that belongs to its certificate.
struct KeyPair {
    is_rsa: bool,
    is_strong: bool,
    description: String,
}

fn key_pair(at: &str, key: &Source, certificate: &Source) -> Result<KeyPair, Vec<Problem>> {
    let key = key.read().map_err(|cause| cause.problem(format!("{at}.key")));
    let certificate = certificate
        .read()
        .map_err(|cause| cause.problem(format!("{at}.certificate_file")));
    let (key, certificate) = match (key, certificate) {
        (Ok(key), Ok(certificate)) => (key, certificate),
        (key, certificate) => return Err(key.err().into_iter().chain(certificate.err()).collect()),
    };
    read_pair(key.expose(), certificate.expose()).map_err(|flaw| {
        let what = format!("the key and the certificate are of no use together: {flaw}");
        let instead = "a private key and the certificate made for it, both PEM, without a passphrase";
        vec![Problem::new(at, what, instead)]
    })
}

fn read_pair(key: &[u8], certificate: &[u8]) -> Result<KeyPair, KeyFlaw> {
    let private = SigningKey::read(key, certificate)?;
    let public = VerificationKey::from_certificate(certificate)?;
    Ok(KeyPair {
        is_rsa: private.private().id() == Id::RSA,
        is_strong: public.is_strong(),
        description: public.description(),
    })
}

fn weak_key(at: &str, instead: &str) -> Problem {
    Problem::new(
        format!("{at}.key"),
        "the key is too weak or of the wrong kind",
        instead,
    )
}
