//! Opening what was encrypted for us.

use std::fmt;

use openssl::encrypt::Decrypter;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Padding;
use openssl::symm::{Crypter, Mode, decrypt_aead};
use zeroize::Zeroizing;

use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::protocol::saml::names::{DSIG, XENC, XENC11};
use crate::protocol::saml::signature::{DigestAlgorithm, KeyFlaw, base64, private_key};
use crate::protocol::saml::xml::ElementRef;

/// Wrapped keys that are tried. A message for two services with two keys each has four.
const WRAPPED_KEYS: usize = 8;
/// The authentication tag of AES-GCM, in octets (XML Encryption 1.1 section 5.2.4).
const TAG: usize = 16;

const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

/// One of our keys that open what is encrypted for us.
#[derive(Clone)]
pub struct DecryptionKey(PKey<Private>);

impl DecryptionKey {
    /// Reads an RSA key, PEM or DER.
    pub fn read(octets: &[u8]) -> Result<Self, KeyFlaw> {
        let key = private_key(octets)?;
        if key.id() == Id::RSA {
            Ok(Self(key))
        } else {
            Err(KeyFlaw::Kind)
        }
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey(…)")
    }
}

/// It could not be opened. There is one reason, whatever the reason was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the content could not be opened with any of our keys")]
pub(crate) struct NotOpened;

/// An element that holds encrypted content: `EncryptedAssertion` or `EncryptedID` (SAML Core 2.2.4, 2.3.4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Container<'t, 'a>(ElementRef<'t, 'a>);

impl<'t, 'a> Container<'t, 'a> {
    /// Takes the element as a container.
    pub(crate) fn at(element: ElementRef<'t, 'a>) -> Self {
        Self(element)
    }

    /// True if it holds one `EncryptedData` and nothing but wrapped keys beside it, and each of them the parts of
    /// the schema once and in order, so that nobody reads another method or value than we do.
    pub(crate) fn has_the_usual_parts(self) -> bool {
        let only_known = self
            .0
            .children()
            .all(|c| c.is(XENC, "EncryptedData") || c.is(XENC, "EncryptedKey"));
        let keys = self.wrapped_keys().count();
        only_known
            && self.0.children_named(XENC, "EncryptedData").count() == 1
            && (1..=WRAPPED_KEYS).contains(&keys)
            && self.data().is_some_and(has_the_parts_of_the_schema)
            && self.wrapped_keys().all(has_the_parts_of_the_schema)
    }

    /// The name of the algorithm of the content.
    pub(crate) fn content_method(self) -> Option<&'t str> {
        self.data()?
            .child(XENC, "EncryptionMethod")?
            .attribute("Algorithm")
    }

    /// The names of the algorithms by which the wrapped keys are wrapped.
    pub(crate) fn transport_methods(self) -> impl Iterator<Item = &'t str> {
        let methods = self.wrapped_keys().map(|key| key.child(XENC, "EncryptionMethod"));
        methods.map(|method| method.and_then(|m| m.attribute("Algorithm")).unwrap_or("none"))
    }

    /// True if there is code for the algorithm that wraps a key.
    pub(crate) fn unwraps(transport: &str) -> bool {
        transport == RSA_OAEP_MGF1P || transport == RSA_OAEP
    }

    /// Tries each of our keys on each wrapped key, then the content.
    pub(crate) fn open(self, keys: &[DecryptionKey]) -> Result<String, NotOpened> {
        let algorithm = self
            .content_method()
            .and_then(ContentAlgorithm::from_uri)
            .ok_or(NotOpened)?;
        let content = self
            .cipher_value()
            .and_then(|value| base64(&value))
            .ok_or(NotOpened)?;
        for wrapped in self.wrapped_keys().take(WRAPPED_KEYS) {
            for key in keys {
                let Some(content_key) = unwrap_key(wrapped, key) else {
                    continue;
                };
                if let Some(plain) = decrypt(algorithm, &content_key, &content) {
                    return String::from_utf8(plain).map_err(|_cause| NotOpened);
                }
            }
        }
        Err(NotOpened)
    }

    fn data(self) -> Option<ElementRef<'t, 'a>> {
        self.0.child(XENC, "EncryptedData")
    }

    fn cipher_value(self) -> Option<std::borrow::Cow<'t, str>> {
        Some(
            self.data()?
                .child(XENC, "CipherData")?
                .child(XENC, "CipherValue")?
                .text(),
        )
    }

    /// Wrapped keys in the `KeyInfo` of the data and beside the data; nothing else is followed.
    fn wrapped_keys(self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        let inside = self.data().and_then(|data| data.child(DSIG, "KeyInfo"));
        let inside = inside
            .into_iter()
            .flat_map(|info| info.children_named(XENC, "EncryptedKey"));
        inside.chain(self.0.children_named(XENC, "EncryptedKey"))
    }
}

/// `EncryptedType` of XML Encryption 1.1 section 3.1 with its method, and one value in it.
fn has_the_parts_of_the_schema(element: ElementRef<'_, '_>) -> bool {
    let names: Vec<&str> = element.children().map(ElementRef::local).collect();
    let (["EncryptionMethod", "KeyInfo", "CipherData", rest @ ..]
    | ["EncryptionMethod", "CipherData", rest @ ..]) = names.as_slice()
    else {
        return false;
    };
    let is_key = element.local() == "EncryptedKey";
    // `Type` is that of an element where it is stated (SAML Core 2.3.4); a key has none or that of a key.
    let known_type = match element.attribute("Type") {
        None => true,
        Some(stated) if is_key => stated == "http://www.w3.org/2001/04/xmlenc#EncryptedKey",
        Some(stated) => stated == "http://www.w3.org/2001/04/xmlenc#Element",
    };
    let known_rest = match rest {
        [] => true,
        ["ReferenceList" | "CarriedKeyName"] | ["ReferenceList", "CarriedKeyName"] => is_key,
        _ => false,
    };
    let in_namespace = element
        .children()
        .all(|c| c.is(DSIG, "KeyInfo") || c.namespace() == XENC);
    let data = element.child(XENC, "CipherData");
    let values: Vec<_> = data.into_iter().flat_map(ElementRef::children).collect();
    let plain =
        |value: &ElementRef<'_, '_>| value.is(XENC, "CipherValue") && value.children().next().is_none();
    known_type && known_rest && in_namespace && matches!(values.as_slice(), [only] if plain(only))
}

fn unwrap_key(wrapped: ElementRef<'_, '_>, key: &DecryptionKey) -> Option<Zeroizing<Vec<u8>>> {
    let method = wrapped.child(XENC, "EncryptionMethod")?;
    let (digest, mask) = oaep(method)?;
    let value = base64(
        &wrapped
            .child(XENC, "CipherData")?
            .child(XENC, "CipherValue")?
            .text(),
    )?;
    let mut decrypter = Decrypter::new(&key.0).ok()?;
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP).ok()?;
    decrypter.set_rsa_oaep_md(digest).ok()?;
    decrypter.set_rsa_mgf1_md(mask).ok()?;
    let mut out = Zeroizing::new(vec![0; decrypter.decrypt_len(&value).ok()?]);
    let length = decrypter.decrypt(&value, &mut out).ok()?;
    out.truncate(length);
    Some(out)
}

/// The hash and the mask's hash of an OAEP method: SHA-1 for both unless stated (XML Encryption 1.1 section
/// 5.5.2). A label is not supported, and what else could be stated is not known.
fn oaep(method: ElementRef<'_, '_>) -> Option<(MessageDigest, MessageDigest)> {
    let known = |c: ElementRef<'_, '_>| c.is(DSIG, "DigestMethod") || c.is(XENC11, "MGF");
    if !method.children().all(known) {
        return None;
    }
    let digest = match method.child(DSIG, "DigestMethod") {
        Some(stated) => DigestAlgorithm::from_uri(stated.attribute("Algorithm")?)?,
        None => DigestAlgorithm::Sha1,
    };
    let mask = match (method.attribute("Algorithm")?, method.child(XENC11, "MGF")) {
        (RSA_OAEP_MGF1P, _) | (RSA_OAEP, None) => DigestAlgorithm::Sha1,
        (RSA_OAEP, Some(stated)) => mask_of(stated.attribute("Algorithm")?)?,
        _ => return None,
    };
    Some((digest.openssl(), mask.openssl()))
}

fn mask_of(uri: &str) -> Option<DigestAlgorithm> {
    match uri {
        "http://www.w3.org/2009/xmlenc11#mgf1sha1" => Some(DigestAlgorithm::Sha1),
        "http://www.w3.org/2009/xmlenc11#mgf1sha256" => Some(DigestAlgorithm::Sha256),
        "http://www.w3.org/2009/xmlenc11#mgf1sha384" => Some(DigestAlgorithm::Sha384),
        "http://www.w3.org/2009/xmlenc11#mgf1sha512" => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

fn decrypt(algorithm: ContentAlgorithm, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    let cipher = algorithm.cipher();
    let (iv, rest) = content.split_at_checked(cipher.iv_len()?)?;
    if key.len() != cipher.key_len() {
        return None;
    }
    if !algorithm.is_cbc() {
        let (sealed, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        return decrypt_aead(cipher, key, Some(iv), &[], sealed, tag).ok();
    }
    let mut crypter = Crypter::new(cipher, Mode::Decrypt, key, Some(iv)).ok()?;
    // XML Encryption pads with any octets and the count in the last, which is not what OpenSSL checks.
    crypter.pad(false);
    let mut plain = vec![0; rest.len() + cipher.block_size()];
    let mut length = crypter.update(rest, &mut plain).ok()?;
    length += crypter.finalize(plain.get_mut(length..)?).ok()?;
    plain.truncate(length);
    let padding = usize::from(*plain.last()?);
    if !(1..=cipher.block_size()).contains(&padding) {
        return None;
    }
    plain.truncate(length.checked_sub(padding)?);
    Some(plain)
}
