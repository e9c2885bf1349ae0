//! Signing an element of a document, as the fakes sign everything they say.

use openssl::error::ErrorStack;

use crate::protocol::saml::names::{DSIG, ENVELOPED, EXCLUSIVE_C14N};
use crate::protocol::saml::signature::algorithms::SignatureAlgorithm;
use crate::protocol::saml::signature::key::SigningKey;
use crate::protocol::saml::signature::sign_octets::sign_octets;
use crate::protocol::saml::xml::{Canonical, Reading, canonicalise, read};

/// How the `Signature` element is written. It makes no difference to anyone who reads XML properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `ds:Signature` with `KeyInfo` in the default namespace, as ADFS writes it.
    Prefixed,
    /// `Signature` in the default namespace, as Entra writes it.
    Unprefixed,
}

/// Why something could not be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignFlaw {
    /// The text is not a document with this ID in it once.
    #[error("no element with this ID to sign")]
    NoElement,
    /// OpenSSL would not.
    #[error("OpenSSL could not sign: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// The certificate could not be written.
    #[error(transparent)]
    Key(#[from] super::KeyFlaw),
}

/// Signs the element whose `ID` is `id`, enveloped, and puts the signature after its first child (the `Issuer`,
/// SAML Core 5.4.1) or, for metadata, which has no `Issuer`, before it.
pub(crate) fn sign(
    document: &str,
    id: &str,
    key: &SigningKey,
    algorithm: SignatureAlgorithm,
    layout: Layout,
) -> Result<String, SignFlaw> {
    let (content, at) = content_and_place(document, id)?;
    let digest = openssl::hash::hash(algorithm.digest.openssl(), content.as_bytes())?;
    let signed_info = signed_info(id, algorithm, &openssl::base64::encode_block(&digest), layout);
    let value = openssl::base64::encode_block(&sign_octets(key, algorithm, &canonical_alone(&signed_info)?)?);
    let signature = envelope(&signed_info, &value, &key.certificate_base64()?, layout);
    let (before, after) = document.split_at_checked(at).ok_or(SignFlaw::NoElement)?;
    Ok([before, &signature, after].concat())
}

/// The canonical content of the element to be signed, and the octet of `document` at which the signature belongs.
fn content_and_place(document: &str, id: &str) -> Result<(String, usize), SignFlaw> {
    let tree = read(document.as_bytes(), &Reading::METADATA).map_err(|_flaw| SignFlaw::NoElement)?;
    let element = tree
        .elements()
        .find(|e| e.attribute("ID") == Some(id))
        .ok_or(SignFlaw::NoElement)?;
    let content = canonicalise(element, Canonical::default());
    let start = document
        .find(&format!("ID=\"{id}\""))
        .ok_or(SignFlaw::NoElement)?;
    let rest = document.get(start..).unwrap_or_default();
    let open_tag_end = start + rest.find('>').ok_or(SignFlaw::NoElement)? + 1;
    let issuer = element
        .children()
        .next()
        .is_some_and(|first| first.local() == "Issuer");
    if !issuer {
        return Ok((content, open_tag_end));
    }
    let rest = document.get(open_tag_end..).unwrap_or_default();
    // An Issuer holds text alone, so the first closing tag is its own.
    let close = rest.find("</").ok_or(SignFlaw::NoElement)?;
    let after = rest
        .get(close..)
        .and_then(|tag| tag.find('>'))
        .ok_or(SignFlaw::NoElement)?;
    Ok((content, open_tag_end + close + after + 1))
}

fn signed_info(id: &str, algorithm: SignatureAlgorithm, digest: &str, layout: Layout) -> String {
    let digest_uri = algorithm.digest.uri();
    let (p, xmlns) = layout.prefix();
    format!(
        "<{p}SignedInfo{xmlns}><{p}CanonicalizationMethod Algorithm=\"{EXCLUSIVE_C14N}\"/>\
         <{p}SignatureMethod Algorithm=\"{}\"/><{p}Reference URI=\"#{id}\"><{p}Transforms>\
         <{p}Transform Algorithm=\"{ENVELOPED}\"/><{p}Transform Algorithm=\"{EXCLUSIVE_C14N}\"/></{p}Transforms>\
         <{p}DigestMethod Algorithm=\"{digest_uri}\"/><{p}DigestValue>{digest}</{p}DigestValue></{p}Reference>\
         </{p}SignedInfo>",
        algorithm.uri()
    )
}

fn canonical_alone(signed_info: &str) -> Result<Vec<u8>, SignFlaw> {
    let tree = read(signed_info.as_bytes(), &Reading::MESSAGE).map_err(|_flaw| SignFlaw::NoElement)?;
    let root = tree.root().ok_or(SignFlaw::NoElement)?;
    Ok(canonicalise(root, Canonical::default()).into_bytes())
}

fn envelope(signed_info: &str, value: &str, certificate: &str, layout: Layout) -> String {
    let (p, xmlns) = layout.prefix();
    // The declaration stands on Signature; SignedInfo needs it only while it is canonicalised alone.
    let signed_info = signed_info.replacen(xmlns, "", 1);
    let key_info = format!("<X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>");
    let key_info = match layout {
        Layout::Prefixed => format!("<KeyInfo xmlns=\"{DSIG}\">{key_info}</KeyInfo>"),
        Layout::Unprefixed => format!("<KeyInfo>{key_info}</KeyInfo>"),
    };
    format!(
        "<{p}Signature{xmlns}>{signed_info}<{p}SignatureValue>{value}</{p}SignatureValue>{key_info}</{p}Signature>"
    )
}

impl Layout {
    /// The prefix with its colon, and the declaration that goes with it.
    fn prefix(self) -> (&'static str, &'static str) {
        match self {
            Self::Prefixed => ("ds:", " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""),
            Self::Unprefixed => ("", " xmlns=\"http://www.w3.org/2000/09/xmldsig#\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::signature::{Broken, Signature, VerificationKey};
    use crate::protocol::saml::signature::{Family, KeyKind, SelfSigned};

    const DOCUMENT: &str =
        "<r xmlns='urn:r'><a ID=\"_1\"><i:Issuer xmlns:i='urn:i'>me</i:Issuer><v>text</v></a></r>";

    fn key(kind: KeyKind) -> (SigningKey, VerificationKey) {
        let key = SelfSigned {
            kind,
            ..SelfSigned::example()
        }
        .make()
        .unwrap();
        let trusted = VerificationKey::from_certificate(&key.certificate.to_der().unwrap()).unwrap();
        (key, trusted)
    }

    fn verify(document: &str, keys: &[VerificationKey]) -> Result<String, Broken> {
        let tree = read(document.as_bytes(), &Reading::MESSAGE).unwrap();
        let signature = tree.elements().find_map(Signature::at).expect("a signature");
        let provable = signature.provable().expect("the shape we verify");
        provable.verify(keys).map(|octets| octets.as_str().to_owned())
    }

    #[test]
    fn what_is_signed_verifies_and_gives_back_the_signed_octets_alone() {
        for (kind, family) in [(KeyKind::Rsa2048, Family::Rsa), (KeyKind::P256, Family::Ecdsa)] {
            let (key, trusted) = key(kind);
            for layout in [Layout::Prefixed, Layout::Unprefixed] {
                let algorithm = SignatureAlgorithm {
                    family,
                    ..SignatureAlgorithm::RSA_SHA256
                };
                let signed = sign(DOCUMENT, "_1", &key, algorithm, layout).unwrap();
                let octets = verify(&signed, std::slice::from_ref(&trusted)).unwrap();
                assert_eq!(
                    octets,
                    "<a xmlns=\"urn:r\" ID=\"_1\"><i:Issuer xmlns:i=\"urn:i\">me</i:Issuer><v>text</v></a>"
                );
            }
        }
    }

    #[test]
    fn a_changed_letter_and_a_strange_key_are_each_refused() {
        let (key, trusted) = key(KeyKind::Rsa2048);
        let signed = sign(
            DOCUMENT,
            "_1",
            &key,
            SignatureAlgorithm::RSA_SHA256,
            Layout::Prefixed,
        )
        .unwrap();
        let changed = signed.replace(">text<", ">Text<");
        assert_eq!(
            verify(&changed, std::slice::from_ref(&trusted)),
            Err(Broken::Digest)
        );
        let (_, stranger) = self::key(KeyKind::Rsa2048);
        assert_eq!(
            verify(&signed, std::slice::from_ref(&stranger)),
            Err(Broken::Signature)
        );
        assert_eq!(
            verify(&signed, &[]),
            Err(Broken::Signature),
            "no key is no reason to believe"
        );
        assert!(
            verify(&signed, &[stranger, trusted]).is_ok(),
            "every key is tried"
        );
    }
}
