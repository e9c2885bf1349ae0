//! The service providers that the fake knows, as somebody registered them or as their metadata says.

use crate::protocol::saml::names::{BINDING_POST, DSIG, METADATA};
use crate::protocol::saml::signature::{VerificationKey, base64};
use crate::protocol::saml::xml::{ElementRef, Reading, read};

/// A service provider that may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Its entity ID, byte for byte.
    pub entity_id: String,
    /// The addresses answers may go to; the first is meant when a question names none.
    pub acs_urls: Vec<String>,
    /// Where messages of single logout go, by HTTP-Redirect or HTTP-POST; absent: it is told nothing.
    pub logout_url: Option<String>,
    /// The certificate for which assertions are encrypted, PEM or DER.
    pub encryption_certificate: Option<Vec<u8>>,
    /// The certificates that may have signed its questions, PEM or DER. With any, unsigned questions are refused.
    pub request_certificates: Vec<Vec<u8>>,
}

/// Why a document is no service provider's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoServiceProvider {
    /// It cannot be read as XML.
    #[error("the metadata cannot be read as XML")]
    Unreadable,
    /// It describes something else.
    #[error("there is no {0} in the metadata")]
    Missing(&'static str),
}

impl ServiceProvider {
    /// A service provider without keys.
    pub fn new(entity_id: impl Into<String>, acs_url: impl Into<String>) -> Self {
        Self {
            entity_id: entity_id.into(),
            acs_urls: vec![acs_url.into()],
            logout_url: None,
            encryption_certificate: None,
            request_certificates: Vec::new(),
        }
    }

    /// What an `EntityDescriptor` with an `SPSSODescriptor` says, as ADFS imports it: an encryption key is used as
    /// soon as there is one.
    pub fn from_metadata(document: &[u8]) -> Result<Self, NoServiceProvider> {
        let tree = read(document, &Reading::METADATA).map_err(|_flaw| NoServiceProvider::Unreadable)?;
        let root = tree
            .root()
            .filter(|root| root.is(METADATA, "EntityDescriptor"))
            .ok_or(NoServiceProvider::Missing("EntityDescriptor"))?;
        let entity_id = root
            .attribute("entityID")
            .ok_or(NoServiceProvider::Missing("entityID"))?;
        let role = root
            .child(METADATA, "SPSSODescriptor")
            .ok_or(NoServiceProvider::Missing("SPSSODescriptor"))?;
        let acs_urls = acs_urls(role);
        if acs_urls.is_empty() {
            return Err(NoServiceProvider::Missing(
                "AssertionConsumerService by HTTP-POST",
            ));
        }
        let signs = matches!(role.attribute("AuthnRequestsSigned"), Some("true" | "1"));
        Ok(Self {
            entity_id: entity_id.to_owned(),
            acs_urls,
            logout_url: role
                .child(METADATA, "SingleLogoutService")
                .and_then(|service| service.attribute("Location"))
                .map(str::to_owned),
            encryption_certificate: certificates(role, "encryption").into_iter().next(),
            request_certificates: if signs {
                certificates(role, "signing")
            } else {
                Vec::new()
            },
        })
    }

    pub(super) fn request_keys(&self) -> Vec<VerificationKey> {
        let read = self.request_certificates.iter();
        read.filter_map(|certificate| VerificationKey::from_certificate(certificate).ok())
            .collect()
    }
}

/// The default one first, then by index.
fn acs_urls(role: ElementRef<'_, '_>) -> Vec<String> {
    let services = role.children_named(METADATA, "AssertionConsumerService");
    let mut found: Vec<(bool, u32, String)> = services
        .filter(|service| service.attribute("Binding") == Some(BINDING_POST))
        .filter_map(|service| {
            let index = service.attribute("index").and_then(|index| index.parse().ok());
            let is_default = matches!(service.attribute("isDefault"), Some("true" | "1"));
            let location = service.attribute("Location")?.to_owned();
            Some((!is_default, index.unwrap_or(u32::MAX), location))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, _, location)| location).collect()
}

/// A key without `use` serves both purposes.
fn certificates(role: ElementRef<'_, '_>, purpose: &str) -> Vec<Vec<u8>> {
    let keys = role.children_named(METADATA, "KeyDescriptor");
    keys.filter(|key| key.attribute("use").is_none_or(|stated| stated == purpose))
        .flat_map(ElementRef::descendants)
        .filter(|element| element.is(DSIG, "X509Certificate"))
        .filter_map(|element| base64(&element.text()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::signature::SelfSigned;

    fn document(signed: &str) -> (String, Vec<u8>) {
        let key = SelfSigned::example().make().unwrap();
        let text = key.certificate_base64().unwrap();
        let key = |purpose: &str| {
            format!(
                "<KeyDescriptor{purpose}><KeyInfo xmlns=\"{DSIG}\"><X509Data><X509Certificate>\n{text}\n\
                 </X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
            )
        };
        let xml = format!(
            "<EntityDescriptor xmlns=\"{METADATA}\" entityID=\"urn:rota\"><SPSSODescriptor{signed}>{}{}\
             <AssertionConsumerService Binding=\"{BINDING_POST}\" Location=\"https://a/2\" index=\"2\"/>\
             <AssertionConsumerService Binding=\"urn:other\" Location=\"https://a/0\" index=\"0\"/>\
             <AssertionConsumerService Binding=\"{BINDING_POST}\" Location=\"https://a/3\" index=\"3\" isDefault=\"true\"/>\
             </SPSSODescriptor></EntityDescriptor>",
            key(" use=\"signing\""),
            key(" use=\"encryption\""),
        );
        (xml, base64(&text).unwrap())
    }

    #[test]
    fn metadata_gives_the_addresses_for_post_and_the_keys() {
        let (xml, der) = document(" AuthnRequestsSigned=\"true\"");
        let read = ServiceProvider::from_metadata(xml.as_bytes()).unwrap();
        assert_eq!(read.entity_id, "urn:rota");
        assert_eq!(read.acs_urls, ["https://a/3", "https://a/2"]);
        assert_eq!(read.encryption_certificate, Some(der.clone()));
        assert_eq!(read.request_certificates, [der]);
        assert_eq!(read.request_keys().len(), 1);
        let (unsigned, _) = document("");
        let read = ServiceProvider::from_metadata(unsigned.as_bytes()).unwrap();
        assert!(read.request_certificates.is_empty());
    }

    #[test]
    fn other_documents_are_refused() {
        let refused = |xml: &str| ServiceProvider::from_metadata(xml.as_bytes()).unwrap_err();
        assert_eq!(refused("nonsense"), NoServiceProvider::Unreadable);
        assert_eq!(refused("<a/>"), NoServiceProvider::Missing("EntityDescriptor"));
        let idp = format!(
            "<EntityDescriptor xmlns=\"{METADATA}\" entityID=\"a\"><IDPSSODescriptor/></EntityDescriptor>"
        );
        assert_eq!(refused(&idp), NoServiceProvider::Missing("SPSSODescriptor"));
    }
}
