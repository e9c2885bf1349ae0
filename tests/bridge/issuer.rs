//! An identity provider of our own making: ADFS-shaped answers, signed with OpenSSL alone, as large as one likes.
//!
//! It knows none of the code that judges it. The XML is written in canonical form from the start, so that what is
//! digested and signed is the text itself.

use openssl::asn1::Asn1Time;
use openssl::base64::{decode_block, encode_block};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::sign::Signer;
use openssl::x509::{X509, X509NameBuilder};

const RESPONSE_ID: &str = "_0e1f0a54-55b4-4c3f-9c5c-6a1a70f3d0a1";
const ASSERTION_ID: &str = "_5f1b2c3d-7e8a-4b6c-8d9e-0f1a2b3c4d5e";
const CLAIM: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/// The identity provider's name.
pub(crate) const IDP: &str = "http://fs.example.org/adfs/services/trust";
/// Our own name.
pub(crate) const SP: &str = "urn:example:bridge";
/// The question that every answer answers.
pub(crate) const REQUEST_ID: &str = "_a1b2c3d4e5f60718293a4b5c6d7e8f90";
/// The instant of every answer, RFC 3339.
pub(crate) const INSTANT: &str = "2026-11-21T09:00:00.000Z";

/// A key with its certificate.
pub(crate) struct Issuer {
    key: PKey<Private>,
    certificate: String,
}

impl Issuer {
    /// A new RSA key of 2048 bits with a self-signed certificate.
    pub(crate) fn new() -> Self {
        let key = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
        let der = self_signed(&key).to_der().expect("DER");
        Self {
            key,
            certificate: encode_block(&der),
        }
    }

    /// Its certificate, DER.
    pub(crate) fn certificate_der(&self) -> Vec<u8> {
        decode_block(&self.certificate).expect("base64")
    }

    /// Its metadata.
    pub(crate) fn metadata(&self) -> String {
        let certificate = &self.certificate;
        format!(
            r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{IDP}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://fs.example.org/adfs/ls/"/>
</IDPSSODescriptor></EntityDescriptor>"#
        )
    }

    /// A signed answer to the ACS at `acs`, of at least `octets` octets and at most one group more.
    pub(crate) fn answer(&self, acs: &str, octets: usize) -> String {
        let without_groups = self.answer_with(acs, 0).len();
        let one_group = group(0).len();
        self.answer_with(acs, octets.saturating_sub(without_groups).div_ceil(one_group))
    }

    fn answer_with(&self, acs: &str, groups: usize) -> String {
        let (head, tail) = assertion(acs, groups);
        let signature = self.signature(&sha256(format!("{head}{tail}").as_bytes()));
        format!(
            r#"<samlp:Response ID="{RESPONSE_ID}" Version="2.0" IssueInstant="{INSTANT}" Destination="{acs}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" InResponseTo="{REQUEST_ID}" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">{IDP}</Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success" /></samlp:Status>{head}{signature}{tail}</samlp:Response>"#
        )
    }

    /// `ds:Signature` over an assertion with this digest.
    fn signature(&self, digest: &[u8]) -> String {
        let digest = encode_block(digest);
        let parts = format!(
            r##"<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#{ASSERTION_ID}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"##
        );
        let canonical = format!(r#"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{parts}"#);
        let value = encode_block(&self.sign(canonical.as_bytes()));
        let certificate = &self.certificate;
        format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>{parts}<ds:SignatureValue>{value}</ds:SignatureValue><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></KeyInfo></ds:Signature>"#
        )
    }

    /// RSA with SHA-256.
    pub(crate) fn sign(&self, content: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).expect("a signer");
        signer.sign_oneshot_to_vec(content).expect("a signature")
    }
}

/// The assertion in canonical form: what stands before its signature, and what stands after it.
fn assertion(acs: &str, groups: usize) -> (String, String) {
    let head = format!(
        r#"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ASSERTION_ID}" IssueInstant="{INSTANT}" Version="2.0"><Issuer>{IDP}</Issuer>"#
    );
    let groups: String = (0..groups).map(group).collect();
    let upn = claim("upn", "amara.example@nhs.net.invalid");
    let email = claim("emailaddress", "amara.example@nhs.net.invalid");
    let name = claim("name", "Amara Example");
    let given_name = claim("givenname", "Amara");
    let surname = claim("surname", "Example");
    let tail = format!(
        r#"<Subject><NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">kH8jC2mXo0Yq3b1R</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData InResponseTo="{REQUEST_ID}" NotOnOrAfter="2026-11-21T09:05:00.000Z" Recipient="{acs}"></SubjectConfirmationData></SubjectConfirmation></Subject><Conditions NotBefore="2026-11-21T09:00:00.000Z" NotOnOrAfter="2026-11-21T10:00:00.000Z"><AudienceRestriction><Audience>{SP}</Audience></AudienceRestriction></Conditions><AttributeStatement>{upn}{email}{name}{given_name}{surname}<Attribute Name="http://schemas.xmlsoap.org/claims/Group">{groups}</Attribute></AttributeStatement><AuthnStatement AuthnInstant="2026-11-21T08:59:58.000Z" SessionIndex="{ASSERTION_ID}"><AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>"#
    );
    (head, tail)
}

fn claim(name: &str, value: &str) -> String {
    format!(r#"<Attribute Name="{CLAIM}/{name}"><AttributeValue>{value}</AttributeValue></Attribute>"#)
}

fn group(number: usize) -> String {
    format!("<AttributeValue>NHSMAIL-Rota-Ward-{number:06}-Readers</AttributeValue>")
}

fn self_signed(key: &PKey<Private>) -> X509 {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", "ADFS Signing - fs.example.org")
        .expect("a name");
    let name = name.build();
    let mut certificate = X509::builder().expect("a certificate");
    certificate.set_version(2).expect("a certificate");
    certificate.set_subject_name(&name).expect("a certificate");
    certificate.set_issuer_name(&name).expect("a certificate");
    certificate.set_pubkey(key).expect("a certificate");
    let from = Asn1Time::from_unix(1_767_225_600).expect("a time");
    let until = Asn1Time::from_unix(1_893_456_000).expect("a time");
    certificate.set_not_before(&from).expect("a certificate");
    certificate.set_not_after(&until).expect("a certificate");
    certificate
        .sign(key, MessageDigest::sha256())
        .expect("a certificate");
    certificate.build()
}
