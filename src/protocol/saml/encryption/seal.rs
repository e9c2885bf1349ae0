//! Encrypting for a service provider: what the fakes do when its metadata asks for it.

use openssl::encrypt::Encrypter;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::symm::{encrypt, encrypt_aead};

use crate::platform::random::Random;
use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::protocol::saml::names::{ASSERTION, DSIG, XENC};
use crate::protocol::saml::signature::certificate;

/// Why something could not be sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSealed {
    /// The certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] crate::protocol::saml::signature::KeyFlaw),
    /// OpenSSL would not.
    #[error("OpenSSL could not encrypt: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] crate::platform::random::NoRandomness),
}

/// `assertion` as an `EncryptedAssertion` for the RSA key of `recipient` (a certificate, PEM or DER), the content
/// key wrapped with RSA-OAEP (SHA-1, as ADFS writes it).
pub(crate) fn seal(
    assertion: &str,
    recipient: &[u8],
    algorithm: ContentAlgorithm,
    random: &dyn Random,
) -> Result<String, NotSealed> {
    let cipher = algorithm.cipher();
    let mut key = vec![0; cipher.key_len()];
    let mut content = vec![0; cipher.iv_len().unwrap_or(0)];
    random.fill(&mut key)?;
    random.fill(&mut content)?;
    let iv = content.clone();
    if algorithm.is_cbc() {
        content.extend(encrypt(cipher, &key, Some(&iv), assertion.as_bytes())?);
    } else {
        let mut tag = [0; 16];
        content.extend(encrypt_aead(
            cipher,
            &key,
            Some(&iv),
            &[],
            assertion.as_bytes(),
            &mut tag,
        )?);
        content.extend(tag);
    }
    let wrapped = wrap(&key, recipient)?;
    let encode = openssl::base64::encode_block;
    Ok(format!(
        "<EncryptedAssertion xmlns=\"{ASSERTION}\"><xenc:EncryptedData xmlns:xenc=\"{XENC}\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{}\"/>\
         <KeyInfo xmlns=\"{DSIG}\"><e:EncryptedKey xmlns:e=\"{XENC}\"><e:EncryptionMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"><DigestMethod \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/></e:EncryptionMethod><e:CipherData><e:CipherValue>{}\
         </e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo><xenc:CipherData><xenc:CipherValue>{}\
         </xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></EncryptedAssertion>",
        algorithm.uri(),
        encode(&wrapped),
        encode(&content)
    ))
}

fn wrap(key: &[u8], recipient: &[u8]) -> Result<Vec<u8>, NotSealed> {
    let public = certificate(recipient)?.public_key()?;
    let mut encrypter = Encrypter::new(&public)?;
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    encrypter.set_rsa_oaep_md(MessageDigest::sha1())?;
    encrypter.set_rsa_mgf1_md(MessageDigest::sha1())?;
    let mut wrapped = vec![0; encrypter.encrypt_len(key)?];
    let length = encrypter.encrypt(key, &mut wrapped)?;
    wrapped.truncate(length);
    Ok(wrapped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SystemRandom;
    use crate::protocol::saml::encryption::{Container, DecryptionKey, NotOpened};
    use crate::protocol::saml::signature::SelfSigned;
    use crate::protocol::saml::xml::{Reading, read};

    fn open(sealed: &str, keys: &[DecryptionKey]) -> Result<String, NotOpened> {
        let tree = read(sealed.as_bytes(), &Reading::MESSAGE).unwrap();
        Container::at(tree.root().unwrap()).open(keys)
    }

    #[test]
    fn what_is_sealed_is_opened_by_either_of_two_keys_and_by_no_other() {
        let make = || SelfSigned::example().make().unwrap();
        let (old, new, other) = (make(), make(), make());
        let key = |k: &crate::protocol::saml::signature::SigningKey| {
            DecryptionKey::read(&k.private().private_key_to_der().unwrap()).unwrap()
        };
        for algorithm in [
            ContentAlgorithm::Aes128Gcm,
            ContentAlgorithm::Aes256Gcm,
            ContentAlgorithm::Aes256Cbc,
        ] {
            let sealed = seal("<a/>", &old.certificate_pem().unwrap(), algorithm, &SystemRandom).unwrap();
            assert_eq!(open(&sealed, &[key(&new), key(&old)]).as_deref(), Ok("<a/>"));
            assert_eq!(open(&sealed, &[key(&other)]), Err(NotOpened));
            assert_eq!(open(&sealed, &[]), Err(NotOpened));
        }
    }
}
