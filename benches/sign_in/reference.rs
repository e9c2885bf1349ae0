//! The work nobody can leave out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::sha::sha256;
use openssl::sign::{Signer, Verifier};
use openssl::x509::X509;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::issuer::Issuer;

/// As long as the signed part of a session token.
const TOKEN_OCTETS: usize = 900;

/// One message and the keys for the raw arithmetic.
pub(crate) struct Reference {
    field: String,
    rsa: PKey<Public>,
    signed_info: Vec<u8>,
    value: Vec<u8>,
    ec: PKey<Private>,
    token: Vec<u8>,
}

impl Reference {
    /// The arithmetic of signing in with `message`.
    pub(crate) fn prepare(message: &str, issuer: &Issuer) -> Self {
        let signed_info = vec![b'x'; 800];
        let certificate = X509::from_der(&issuer.certificate_der()).expect("DER");
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("it is known");
        Self {
            field: STANDARD.encode(message),
            rsa: certificate.public_key().expect("a key"),
            value: issuer.sign(&signed_info),
            signed_info,
            ec: PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key"),
            token: vec![b'x'; TOKEN_OCTETS],
        }
    }

    /// Does it once.
    pub(crate) fn run(&self) -> usize {
        let octets = STANDARD.decode(&self.field).expect("base64");
        let text = std::str::from_utf8(&octets).expect("UTF-8");
        let digest = sha256(&octets);
        assert!(self.verifies(), "it was signed with this key");
        tokens(text) + usize::from(digest[0]) + self.signature().len()
    }

    fn verifies(&self) -> bool {
        let mut verifier = Verifier::new(MessageDigest::sha256(), &self.rsa).expect("a verifier");
        verifier
            .verify_oneshot(&self.value, &self.signed_info)
            .expect("a verdict")
    }

    /// ES256, as r and s.
    fn signature(&self) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.ec).expect("a signer");
        let der = signer.sign_oneshot_to_vec(&self.token).expect("a signature");
        let pair = EcdsaSig::from_der(&der).expect("r and s");
        [pair.r().to_vec_padded(32), pair.s().to_vec_padded(32)]
            .into_iter()
            .flat_map(|half| half.expect("32 octets"))
            .collect()
    }
}

/// One pass of the tokeniser over the message.
fn tokens(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    while !matches!(reader.read_event().expect("well-formed"), Event::Eof) {
        count += 1;
    }
    count
}
