//! The second judge: samael, on libxmlsec1, must find the same octets signed.
//!
//! samael is asked one question only: what was digested, under this certificate? It never sees the sender's
//! octets: it is given our own tree, written out again, after every requirement on the signature's shape has been
//! checked. So none of what libxml2 tolerates, fetches or expands can be reached from outside.

/// How the second judge was unlike the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Disagreement {
    /// It finds no valid signature.
    #[cfg(feature = "second-judge")]
    #[error("the second judge finds no valid signature")]
    Refuses,
    /// It finds other octets signed.
    #[cfg(feature = "second-judge")]
    #[error("the second judge finds other octets signed")]
    OtherOctets,
    /// It has no code for the algorithm.
    #[error("the second judge cannot verify RSA-PSS; RSA PKCS#1 v1.5 and ECDSA it can")]
    Unable,
    /// It is not part of this program.
    #[cfg(not(feature = "second-judge"))]
    #[error("the second judge is not built into this program")]
    Absent,
}

/// True if this program was built with the second judge.
pub(crate) const IS_PRESENT: bool = cfg!(feature = "second-judge");

/// Asks whether `octets` are what `document` has signed by one of `certificates` (DER).
#[cfg(feature = "second-judge")]
pub(crate) fn agrees(document: &str, certificates: &[&[u8]], octets: &str) -> Result<(), Disagreement> {
    use samael::crypto::{CertificateDer, Crypto, CryptoProvider as _, ReduceMode};

    let certificates: Vec<CertificateDer> = certificates.iter().map(|der| der.to_vec().into()).collect();
    // A panic in a library is its refusal, not our end.
    let found = std::panic::catch_unwind(|| {
        Crypto::reduce_xml_to_signed(document, &certificates, ReduceMode::PreDigest)
    });
    match found {
        Ok(Ok(signed)) if signed == octets => Ok(()),
        Ok(Ok(_)) => Err(Disagreement::OtherOctets),
        Ok(Err(_)) | Err(_) => Err(Disagreement::Refuses),
    }
}

/// A program without the second judge never says that it agreed.
#[cfg(not(feature = "second-judge"))]
pub(crate) fn agrees(_document: &str, _certificates: &[&[u8]], _octets: &str) -> Result<(), Disagreement> {
    Err(Disagreement::Absent)
}

#[cfg(test)]
#[cfg(feature = "second-judge")]
mod tests {
    use super::*;
    use crate::protocol::saml::signature::{
        Layout, SelfSigned, SignatureAlgorithm, SigningKey, VerificationKey, sign,
    };

    const CONTENT: &str = "<a ID=\"_1\"><Issuer>me</Issuer><v>text</v></a>";

    fn der(key: &SigningKey) -> Vec<u8> {
        let key = VerificationKey::from_certificate(&key.certificate_pem().unwrap()).unwrap();
        key.certificate_der().to_vec()
    }

    #[test]
    fn it_agrees_only_on_the_octets_that_the_key_signed() {
        let make = || SelfSigned::example().make().unwrap();
        let (key, other) = (make(), make());
        let signed = sign(
            CONTENT,
            "_1",
            &key,
            SignatureAlgorithm::RSA_SHA256,
            Layout::Prefixed,
        )
        .unwrap();
        let (ours, theirs) = (der(&key), der(&other));
        assert_eq!(agrees(&signed, &[&ours], CONTENT), Ok(()));
        assert_eq!(agrees(&signed, &[&theirs, &ours], CONTENT), Ok(()));
        let forged = CONTENT.replace("text", "Text");
        assert_eq!(agrees(&signed, &[&ours], &forged), Err(Disagreement::OtherOctets));
        assert_eq!(agrees(&signed, &[&ours], ""), Err(Disagreement::OtherOctets));
        assert_eq!(agrees(&signed, &[&theirs], CONTENT), Err(Disagreement::Refuses));
        assert_eq!(agrees(&signed, &[], CONTENT), Err(Disagreement::Refuses));
        let changed = signed.replace("text", "Text");
        assert_eq!(agrees(&changed, &[&ours], &forged), Err(Disagreement::Refuses));
        assert_eq!(agrees(CONTENT, &[&ours], CONTENT), Err(Disagreement::Refuses));
        assert_eq!(agrees("<a", &[&ours], "<a"), Err(Disagreement::Refuses));
    }
}
