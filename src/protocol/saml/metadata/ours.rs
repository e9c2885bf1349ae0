//! Our own metadata: what an identity provider is to know about us (SAML Metadata 2.4.4).

use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, DSIG, METADATA, PROTOCOL};
use crate::protocol::saml::xml::{escape_attribute, escape_text};

/// What may be used to encrypt for us. ADFS and Entra choose from this list.
const ENCRYPTION_METHODS: [&str; 4] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2009/xmlenc11#rsa-oaep",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

/// Us, as one identity provider is to see us.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OurMetadata<'m> {
    /// Our entity ID at this identity provider, whatever its form.
    pub(crate) entity_id: &'m str,
    /// Where answers are posted.
    pub(crate) acs_url: &'m str,
    /// Where messages of single logout go, by either binding; `None`: single logout is off.
    pub(crate) slo_url: Option<&'m str>,
    /// The format of names that we ask for, if we ask for one.
    pub(crate) name_id_format: Option<&'m str>,
    /// The certificate of the key that signs our requests and messages of single logout, base64 of DER; `None`: they are unsigned.
    pub(crate) signing_certificate: Option<&'m str>,
    /// The certificate to encrypt for, base64 of DER; `None`: decryption is off. ADFS encrypts as soon as it has
    /// seen one.
    pub(crate) encryption_certificate: Option<&'m str>,
}

impl OurMetadata<'_> {
    /// The document, unsigned: it is fetched from us over TLS or handed over.
    pub(crate) fn to_xml(self) -> String {
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor xmlns:md=\"{METADATA}\""
        );
        push_attribute("entityID", self.entity_id, &mut xml);
        xml.push_str(">\n  <md:SPSSODescriptor");
        push_attribute("protocolSupportEnumeration", PROTOCOL, &mut xml);
        let signed = self.signing_certificate.is_some().to_string();
        push_attribute("AuthnRequestsSigned", &signed, &mut xml);
        push_attribute("WantAssertionsSigned", "true", &mut xml);
        xml.push_str(">\n");
        if let Some(certificate) = self.signing_certificate {
            push_key("signing", certificate, &[], &mut xml);
        }
        if let Some(certificate) = self.encryption_certificate {
            push_key("encryption", certificate, &ENCRYPTION_METHODS, &mut xml);
        }
        if let Some(slo_url) = self.slo_url {
            push_logout(slo_url, &mut xml);
        }
        if let Some(format) = self.name_id_format {
            xml.push_str("    <md:NameIDFormat>");
            escape_text(format, &mut xml);
            xml.push_str("</md:NameIDFormat>\n");
        }
        xml.push_str("    <md:AssertionConsumerService");
        push_attribute("Binding", BINDING_POST, &mut xml);
        push_attribute("Location", self.acs_url, &mut xml);
        push_attribute("index", "0", &mut xml);
        push_attribute("isDefault", "true", &mut xml);
        xml.push_str("/>\n  </md:SPSSODescriptor>\n</md:EntityDescriptor>\n");
        xml
    }
}

fn push_logout(slo_url: &str, out: &mut String) {
    for binding in [BINDING_REDIRECT, BINDING_POST] {
        out.push_str("    <md:SingleLogoutService");
        push_attribute("Binding", binding, out);
        push_attribute("Location", slo_url, out);
        out.push_str("/>\n");
    }
}

fn push_key(purpose: &str, certificate: &str, methods: &[&str], out: &mut String) {
    out.push_str("    <md:KeyDescriptor");
    push_attribute("use", purpose, out);
    out.push_str(">\n      <ds:KeyInfo");
    push_attribute("xmlns:ds", DSIG, out);
    out.push_str("><ds:X509Data><ds:X509Certificate>");
    escape_text(certificate, out);
    out.push_str("</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\n");
    for method in methods {
        out.push_str("      <md:EncryptionMethod");
        push_attribute("Algorithm", method, out);
        out.push_str("/>\n");
    }
    out.push_str("    </md:KeyDescriptor>\n");
}

fn push_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_attribute(value, out);
    out.push('"');
}
