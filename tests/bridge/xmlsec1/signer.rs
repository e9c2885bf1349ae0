//! An identity provider whose signatures are made by xmlsec1: for messages that no corpus holds.

use std::io::Write;
use std::process::Command;

use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use tempfile::NamedTempFile;

use super::{IDENTIFIERS, run};

/// A key of this test run with its certificate.
pub(crate) struct ForeignSigner {
    key: PKey<Private>,
    certificate: X509,
}

impl ForeignSigner {
    /// A new RSA-2048 key and a certificate for it.
    pub(crate) fn new() -> Self {
        let key =
            PKey::from_rsa(Rsa::generate(2048).expect("OpenSSL makes keys")).expect("an RSA key is a key");
        let certificate = certificate(&key).expect("OpenSSL makes certificates");
        Self { key, certificate }
    }

    /// The certificate, DER.
    pub(crate) fn certificate_der(&self) -> Vec<u8> {
        self.certificate.to_der().expect("a certificate can be written")
    }

    /// Signs the element with `id`, in which [`template`] stands, with RSA-SHA256.
    pub(crate) fn sign(&self, message: &str) -> Vec<u8> {
        let unsigned = written(message.as_bytes());
        let key = written(&self.key.private_key_to_pem_pkcs8().expect("a key can be written"));
        let output = run(Command::new("xmlsec1")
            .arg("--sign")
            .args(IDENTIFIERS.iter().flat_map(|name| ["--id-attr:ID", name]))
            .arg("--privkey-pem")
            .args([key.path(), unsigned.path()]));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }
}

/// A signature over the element with this ID, to be filled in by [`ForeignSigner::sign`].
pub(crate) fn template(id: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
}

fn certificate(key: &PKey<Private>) -> Result<X509, openssl::error::ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "a foreign signer")?;
    let name = name.build();
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(Asn1Time::from_unix(1_700_000_000)?.as_ref())?;
    builder.set_not_after(Asn1Time::from_unix(4_000_000_000)?.as_ref())?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    file
}
