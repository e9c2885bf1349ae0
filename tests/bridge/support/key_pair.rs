//! Keys of the bridge's own, made for one test.

use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::saml_sp::settings::{Decryption, RequestAlgorithm, RequestSigning};
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};

/// A key that opens what is encrypted for the bridge, with its certificate.
pub(crate) fn decryption() -> Decryption {
    let (key, certificate) = pair(&rsa());
    Decryption { key, certificate }
}

/// A key that signs what the bridge says, with its certificate.
pub(crate) fn request_signing() -> RequestSigning {
    let (key, certificate) = pair(&rsa());
    RequestSigning {
        key,
        certificate,
        algorithm: RequestAlgorithm::RsaSha256,
    }
}

/// The same on an elliptic curve.
pub(crate) fn request_signing_by_curve() -> RequestSigning {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    let key = EcKey::generate(&group)
        .and_then(PKey::from_ec_key)
        .expect("a key");
    let (key, certificate) = pair(&key);
    RequestSigning {
        key,
        certificate,
        algorithm: RequestAlgorithm::EcdsaSha256,
    }
}

fn rsa() -> PKey<Private> {
    Rsa::generate(2048).and_then(PKey::from_rsa).expect("a key")
}

/// The key and a certificate that it signs itself.
fn pair(key: &PKey<Private>) -> (Source, Source) {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", "test only").expect("a name");
    let name = name.build();
    let mut builder = X509::builder().expect("a certificate");
    let (begin, end) = (Asn1Time::from_unix(0), Asn1Time::days_from_now(3650));
    builder.set_version(2).expect("a version");
    builder.set_subject_name(&name).expect("a subject");
    builder.set_issuer_name(&name).expect("an issuer");
    builder
        .set_not_before(&begin.expect("an instant"))
        .expect("a beginning");
    builder.set_not_after(&end.expect("an instant")).expect("an end");
    builder.set_pubkey(key).expect("a key");
    builder.sign(key, MessageDigest::sha256()).expect("a signature");
    (
        Source::held(key.private_key_to_pem_pkcs8().expect("PEM")),
        Source::held(builder.build().to_pem().expect("PEM")),
    )
}
