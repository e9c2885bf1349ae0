//! A signature made by hand, for what no honest signer would write.

use crate::protocol::saml::names::{DSIG, ENVELOPED, EXCLUSIVE_C14N};
use crate::protocol::saml::signature::{DigestAlgorithm, SignatureAlgorithm, SigningKey, sign_octets};
use crate::protocol::saml::xml::{Canonical, Reading, canonicalise, read};

/// Every part of a signature that a case may want otherwise.
pub(super) struct Craft {
    /// The name of the signature algorithm.
    pub(super) method: String,
    /// The name of the digest algorithm.
    pub(super) digest: String,
    /// What the digest is really made with.
    pub(super) hash: DigestAlgorithm,
    /// Inside `CanonicalizationMethod`, and the prefixes it lists.
    pub(super) info_list: &'static [&'static str],
    /// The prefixes that the second transform lists, and those by which the content is really canonicalised.
    pub(super) listed: &'static [&'static str],
    pub(super) obeyed: &'static [&'static str],
    /// Makes the value of the signature over the canonical `SignedInfo`.
    pub(super) value: fn(&SigningKey, &[u8]) -> Vec<u8>,
}

impl Default for Craft {
    fn default() -> Self {
        Self {
            method: SignatureAlgorithm::RSA_SHA256.uri().to_owned(),
            digest: DigestAlgorithm::Sha256.uri().to_owned(),
            hash: DigestAlgorithm::Sha256,
            info_list: &[],
            listed: &[],
            obeyed: &[],
            value: |key, info| sign_octets(key, SignatureAlgorithm::RSA_SHA256, info).unwrap(),
        }
    }
}

impl Craft {
    /// Lists these prefixes, and obeys the list.
    pub(super) fn lists(&mut self, prefixes: &'static [&'static str]) {
        self.listed = prefixes;
        self.obeyed = prefixes;
    }

    /// Signs the element with this ID, behind its `Issuer`.
    pub(super) fn sign(&self, document: &str, id: &str, key: &SigningKey) -> String {
        let info = self.signed_info(&self.content_digest(document, id), id);
        let value = (self.value)(key, self.canonical(&info).as_bytes());
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{DSIG}\">{}<ds:SignatureValue>{}</ds:SignatureValue></ds:Signature>",
            info.replacen(&format!(" xmlns:ds=\"{DSIG}\""), "", 1),
            openssl::base64::encode_block(&value)
        );
        let start = document.find(&format!("ID=\"{id}\"")).unwrap();
        let issuer = "</saml:Issuer>";
        let at = start + document[start..].find(issuer).unwrap() + issuer.len();
        [&document[..at], &signature, &document[at..]].concat()
    }

    fn content_digest(&self, document: &str, id: &str) -> String {
        let tree = read(document.as_bytes(), &Reading::MESSAGE).unwrap();
        let element = tree.elements().find(|e| e.attribute("ID") == Some(id)).unwrap();
        let how = Canonical {
            without: None,
            inclusive: self.obeyed,
        };
        let content = canonicalise(element, how);
        let digest = openssl::hash::hash(self.hash.openssl(), content.as_bytes()).unwrap();
        openssl::base64::encode_block(&digest)
    }

    fn signed_info(&self, digest: &str, id: &str) -> String {
        format!(
            "<ds:SignedInfo xmlns:ds=\"{DSIG}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE_C14N}\">{}\
             </ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>\
             <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
             <ds:Transform Algorithm=\"{EXCLUSIVE_C14N}\">{}</ds:Transform></ds:Transforms><ds:DigestMethod \
             Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            list(self.info_list),
            self.method,
            list(self.listed),
            self.digest
        )
    }

    /// `SignedInfo` as it is signed. A listed prefix would have to be in force here, which only `ds` is.
    fn canonical(&self, info: &str) -> String {
        let tree = read(info.as_bytes(), &Reading::MESSAGE).unwrap();
        let how = Canonical {
            without: None,
            inclusive: self.info_list,
        };
        canonicalise(tree.root().unwrap(), how)
    }
}

fn list(prefixes: &[&str]) -> String {
    if prefixes.is_empty() {
        return String::new();
    }
    format!(
        "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE_C14N}\" PrefixList=\"{}\"></ec:InclusiveNamespaces>",
        prefixes.join(" ")
    )
}
