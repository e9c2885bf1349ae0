//! The metadata of each personality, in the shape and order of the real one, signed with its own signing key.

mod claim_types;

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::answer::{NoAnswer, layout};
use crate::fakes::saml_idp::keys::Keys;
use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, DSIG, METADATA, PROTOCOL, XSI};
use crate::protocol::saml::signature::{KeyFlaw, SignatureAlgorithm, SigningKey, sign};

use claim_types::ClaimType;

const FED: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
const MEX: &str = "http://schemas.xmlsoap.org/ws/2004/09/mex";
const BINDING_ARTIFACT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact";
const TRUST_PROTOCOLS: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512 \
     http://schemas.xmlsoap.org/ws/2005/02/trust http://docs.oasis-open.org/wsfed/federation/200706";

/// The document of `personality`, whose services are found under `base` (an origin without a last slash).
pub(super) fn metadata(personality: Personality, base: &str, keys: &Keys) -> Result<String, NoAnswer> {
    let key = keys.signing(personality);
    let sheet = Sheet {
        entity_id: personality.entity_id(),
        sso: format!("{base}{}", personality.sso_path()),
        signing: key_descriptor("signing", key)?,
        encryption: key_descriptor("encryption", keys.adfs_encryption())?,
    };
    let id = sheet.id();
    let document = match personality {
        Personality::Entra => sheet.entra(&id),
        Personality::Adfs => sheet.adfs(&id),
    };
    let algorithm = SignatureAlgorithm::RSA_SHA256;
    Ok(sign(&document, &id, key, algorithm, layout(personality))?)
}

/// What is written into a document.
struct Sheet {
    entity_id: &'static str,
    sso: String,
    signing: String,
    encryption: String,
}

impl Sheet {
    /// The same document has the same ID, so that a copy can be compared with it.
    fn id(&self) -> String {
        let content = [self.entity_id, &self.sso, &self.signing].concat();
        let digest = hex::encode(crate::platform::digest::sha256(content.as_bytes()));
        format!("_{}", digest.get(..40).unwrap_or(&digest))
    }

    /// Signature, the two roles of WS-Federation, then the identity provider: one signing key, no name format.
    fn entra(&self, id: &str) -> String {
        let Self {
            entity_id,
            sso,
            signing,
            ..
        } = self;
        [
            format!("<EntityDescriptor ID=\"{id}\" entityID=\"{entity_id}\" xmlns=\"{METADATA}\">"),
            self.security_token_service(&claim_types::ENTRA, "FAKE Entra ID"),
            self.application_service(&claim_types::ENTRA, signing, "FAKE Entra ID"),
            format!("<IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{signing}"),
            service("SingleLogoutService", BINDING_REDIRECT, sso),
            service("SingleSignOnService", BINDING_REDIRECT, sso),
            service("SingleSignOnService", BINDING_POST, sso),
            "</IDPSSODescriptor></EntityDescriptor>".to_owned(),
        ]
        .concat()
    }

    /// The two roles of WS-Federation, ADFS as a service provider, then as an identity provider. The first key in
    /// the document is an encryption key of another role, and not the first single sign-on address is the right one.
    fn adfs(&self, id: &str) -> String {
        let Self {
            entity_id,
            signing,
            encryption,
            ..
        } = self;
        [
            format!("<EntityDescriptor ID=\"{id}\" entityID=\"{entity_id}\" xmlns=\"{METADATA}\">"),
            self.application_service(&claim_types::ADFS, encryption, "FAKE AD FS"),
            self.security_token_service(&claim_types::ADFS, "FAKE AD FS"),
            self.adfs_service_provider(),
            format!("<IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{encryption}{signing}"),
            self.adfs_logout_and_formats(),
            service("SingleSignOnService", BINDING_REDIRECT, &self.sso),
            service("SingleSignOnService", BINDING_POST, &self.sso),
            claim_types::ADFS.iter().map(ClaimType::as_attribute).collect(),
            "</IDPSSODescriptor><ContactPerson contactType=\"support\"/></EntityDescriptor>".to_owned(),
        ]
        .concat()
    }

    fn adfs_service_provider(&self) -> String {
        let acs = |binding, rest: &str| {
            format!(
                "<AssertionConsumerService Binding=\"{binding}\" Location=\"{}\" {rest}/>",
                self.sso
            )
        };
        [
            format!(
                "<SPSSODescriptor WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"{PROTOCOL}\">"
            ),
            self.encryption.clone(),
            self.signing.clone(),
            self.adfs_logout_and_formats(),
            acs(BINDING_POST, "index=\"0\" isDefault=\"true\""),
            acs(BINDING_ARTIFACT, "index=\"1\""),
            acs(BINDING_REDIRECT, "index=\"2\""),
            "</SPSSODescriptor>".to_owned(),
        ]
        .concat()
    }

    fn adfs_logout_and_formats(&self) -> String {
        let formats = [
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        ];
        [
            service("SingleLogoutService", BINDING_REDIRECT, &self.sso),
            service("SingleLogoutService", BINDING_POST, &self.sso),
            formats
                .map(|format| format!("<NameIDFormat>{format}</NameIDFormat>"))
                .concat(),
        ]
        .concat()
    }

    /// `fed:ApplicationServiceType`: what it would like to be told.
    fn application_service(&self, claims: &[ClaimType], key: &str, display_name: &str) -> String {
        let claims: String = claims.iter().map(ClaimType::as_claim_type).collect();
        let target = endpoint(&self.sso, "");
        [
            role_head("ApplicationServiceType", display_name),
            key.to_owned(),
            format!("<fed:ClaimTypesRequested>{claims}</fed:ClaimTypesRequested>"),
            format!("<fed:TargetScopes>{target}</fed:TargetScopes>"),
            format!("<fed:ApplicationServiceEndpoint>{target}</fed:ApplicationServiceEndpoint>"),
            format!("<fed:PassiveRequestorEndpoint>{target}</fed:PassiveRequestorEndpoint></RoleDescriptor>"),
        ]
        .concat()
    }

    /// `fed:SecurityTokenServiceType`: what it can tell.
    fn security_token_service(&self, claims: &[ClaimType], display_name: &str) -> String {
        let claims: String = claims.iter().map(ClaimType::as_claim_type).collect();
        // The real documents undeclare the default namespace here.
        let exchange = format!(
            "<Metadata><Metadata xmlns=\"{MEX}\" xmlns:wsx=\"{MEX}\"><wsx:MetadataSection Dialect=\"{MEX}\" xmlns=\"\">\
             <wsx:MetadataReference><Address xmlns=\"{ADDRESSING}\">{}</Address></wsx:MetadataReference>\
             </wsx:MetadataSection></Metadata></Metadata>",
            self.sso
        );
        [
            role_head("SecurityTokenServiceType", display_name),
            self.signing.clone(),
            "<fed:TokenTypesOffered><fed:TokenType Uri=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>\
             <fed:TokenType Uri=\"urn:oasis:names:tc:SAML:1.0:assertion\"/></fed:TokenTypesOffered>"
                .to_owned(),
            format!("<fed:ClaimTypesOffered>{claims}</fed:ClaimTypesOffered>"),
            format!(
                "<fed:SecurityTokenServiceEndpoint>{}</fed:SecurityTokenServiceEndpoint>",
                endpoint(&self.sso, &exchange)
            ),
            format!(
                "<fed:PassiveRequestorEndpoint>{}</fed:PassiveRequestorEndpoint></RoleDescriptor>",
                endpoint(&self.sso, "")
            ),
        ]
        .concat()
    }
}

fn role_head(kind: &str, display_name: &str) -> String {
    format!(
        "<RoleDescriptor xsi:type=\"fed:{kind}\" protocolSupportEnumeration=\"{TRUST_PROTOCOLS}\" \
         ServiceDisplayName=\"{display_name}\" xmlns:xsi=\"{XSI}\" xmlns:fed=\"{FED}\">"
    )
}

fn endpoint(address: &str, more: &str) -> String {
    format!(
        "<EndpointReference xmlns=\"{ADDRESSING}\"><Address>{address}</Address>{more}</EndpointReference>"
    )
}

fn service(name: &str, binding: &str, location: &str) -> String {
    format!("<{name} Binding=\"{binding}\" Location=\"{location}\"/>")
}

fn key_descriptor(purpose: &str, key: &SigningKey) -> Result<String, NoAnswer> {
    let certificate = key
        .certificate_base64()
        .map_err(|cause: KeyFlaw| NoAnswer::Signing(cause.to_string()))?;
    Ok(format!(
        "<KeyDescriptor use=\"{purpose}\"><KeyInfo xmlns=\"{DSIG}\"><X509Data><X509Certificate>{certificate}\
         </X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::signature::{Signature, VerificationKey};
    use crate::protocol::saml::xml::{Reading, read};
    use time::macros::datetime;

    #[test]
    fn each_document_is_signed_by_the_key_its_identity_provider_descriptor_names() {
        let keys = Keys::make(datetime!(2026-05-01 9:00 UTC)).unwrap();
        for personality in Personality::ALL {
            let document = metadata(personality, "http://127.0.0.1:8082", &keys).unwrap();
            let tree = read(document.as_bytes(), &Reading::METADATA).unwrap();
            let root = tree.root().unwrap();
            let key =
                VerificationKey::from_certificate(&keys.signing(personality).certificate_pem().unwrap())
                    .unwrap();
            let signature = Signature::at(root.children().next().unwrap()).unwrap();
            assert!(signature.provable().unwrap().verify(&[key]).is_ok());
            assert_eq!(root.attribute("entityID"), Some(personality.entity_id()));
            let idp = root.child(METADATA, "IDPSSODescriptor").unwrap();
            let sso = idp.child(METADATA, "SingleSignOnService").unwrap();
            let address = format!("http://127.0.0.1:8082{}", personality.sso_path());
            assert_eq!(sso.attribute("Location"), Some(address.as_str()));
            assert_eq!(root.children_named(METADATA, "RoleDescriptor").count(), 2);
        }
    }

    #[test]
    fn adfs_puts_another_roles_encryption_key_first_and_lists_its_attributes() {
        let keys = Keys::make(datetime!(2026-05-01 9:00 UTC)).unwrap();
        let document = metadata(Personality::Adfs, "http://127.0.0.1:8082", &keys).unwrap();
        let tree = read(document.as_bytes(), &Reading::METADATA).unwrap();
        let first_key = tree.elements().find(|e| e.is(METADATA, "KeyDescriptor")).unwrap();
        assert_eq!(first_key.attribute("use"), Some("encryption"));
        assert!(first_key.parent().unwrap().local() == "RoleDescriptor");
        let attributes = tree.elements().filter(|e| e.local() == "Attribute");
        assert!(attributes.count() >= 21);
        assert!((25_000..80_000).contains(&document.len()), "{}", document.len());
    }
}
