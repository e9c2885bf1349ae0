//! The ground of every case: the parties, their keys, and one honest message in two halves.

use std::sync::LazyLock;

use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::names::{ASSERTION, BEARER, FORMAT_PERSISTENT, PROTOCOL, STATUS_SUCCESS};
use crate::protocol::saml::signature::{KeyKind, SelfSigned, SigningKey, VerificationKey};

/// When every message is judged.
pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);
pub(super) const IDP: &str = "https://idp.example.test/";
pub(super) const SP: &str = "https://bridge.example.test/saml/nhsmail/metadata";
pub(super) const ACS: &str = "https://bridge.example.test/saml/nhsmail/acs";
pub(super) const QUESTION: &str = "_question";
/// The person whom the identity provider vouches for.
pub(super) const ANNA: &str = "anna@example.test";
/// Whom an attacker would like to be.
pub(super) const EVE: &str = "eve@example.test";

/// Whose keys there are. Each is made once, when it is first used.
pub(super) struct Keys {
    /// The identity provider's.
    pub(super) idp: LazyLock<SigningKey>,
    /// The identity provider's on P-256.
    pub(super) idp_ec: LazyLock<SigningKey>,
    /// Of another identity provider, also configured, but for another connection.
    pub(super) another_idp: LazyLock<SigningKey>,
    /// An RSA key of 1024 bits.
    pub(super) weak: LazyLock<SigningKey>,
    /// Ours, to open what is encrypted.
    pub(super) ours: LazyLock<SigningKey>,
    /// Ours, the next one.
    pub(super) ours_next: LazyLock<SigningKey>,
}

pub(super) static KEYS: Keys = Keys {
    idp: LazyLock::new(rsa),
    idp_ec: LazyLock::new(ec),
    another_idp: LazyLock::new(rsa),
    weak: LazyLock::new(rsa_1024),
    ours: LazyLock::new(rsa),
    ours_next: LazyLock::new(rsa),
};

fn rsa() -> SigningKey {
    SelfSigned::example().make().unwrap()
}

fn ec() -> SigningKey {
    SelfSigned {
        kind: KeyKind::P256,
        ..SelfSigned::example()
    }
    .make()
    .unwrap()
}

fn rsa_1024() -> SigningKey {
    let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let certificate = bare_certificate(&key);
    SigningKey::read(
        &key.private_key_to_pem_pkcs8().unwrap(),
        &certificate.to_pem().unwrap(),
    )
    .unwrap()
}

fn bare_certificate(key: &PKey<Private>) -> X509 {
    let name = X509NameBuilder::new().unwrap().build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder
        .set_not_after(&Asn1Time::from_unix(4_000_000_000).unwrap())
        .unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}

/// The key as metadata would give it.
pub(super) fn trusted(key: &SigningKey) -> VerificationKey {
    VerificationKey::from_certificate(&key.certificate_pem().unwrap()).unwrap()
}

/// The key as one that opens.
pub(super) fn opening(key: &SigningKey) -> DecryptionKey {
    DecryptionKey::read(&key.private_pem().unwrap()).unwrap()
}

/// The Response up to its assertion, unsigned.
pub(super) fn head() -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"_response\" Version=\"2.0\" \
         IssueInstant=\"2026-11-21T08:59:58Z\" Destination=\"{ACS}\" InResponseTo=\"{QUESTION}\">\
         <saml:Issuer>{IDP}</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"{STATUS_SUCCESS}\"/></samlp:Status>"
    )
}

/// The assertion, unsigned.
pub(super) fn assertion() -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"{ASSERTION}\" ID=\"_assertion\" Version=\"2.0\" \
         IssueInstant=\"2026-11-21T08:59:58Z\"><saml:Issuer>{IDP}</saml:Issuer>\
         <saml:Subject><saml:NameID Format=\"{FORMAT_PERSISTENT}\">{ANNA}</saml:NameID>{}</saml:Subject>\
         <saml:Conditions NotBefore=\"2026-11-21T08:55:00Z\" NotOnOrAfter=\"2026-11-21T10:00:00Z\">\
         <saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2026-11-21T08:58:00Z\" SessionIndex=\"_session\" \
         SessionNotOnOrAfter=\"2026-11-21T17:00:00Z\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name=\"role\">\
         <saml:AttributeValue>nurse</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>",
        confirmation(BEARER, QUESTION, "2026-11-21T09:05:00Z", ACS)
    )
}

/// One `SubjectConfirmation`.
pub(super) fn confirmation(method: &str, answers: &str, until: &str, recipient: &str) -> String {
    format!(
        "<saml:SubjectConfirmation Method=\"{method}\"><saml:SubjectConfirmationData InResponseTo=\"{answers}\" \
         NotOnOrAfter=\"{until}\" Recipient=\"{recipient}\"/></saml:SubjectConfirmation>"
    )
}
