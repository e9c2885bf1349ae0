//! Metadata for tests of other rooms, which may not make keys themselves.

use crate::protocol::saml::signature::SelfSigned;

/// The metadata of an identity provider of that name, with a signing key nobody keeps.
pub(crate) fn metadata_of(entity_id: &str) -> String {
    let key = SelfSigned::example().make().expect("a key");
    let certificate = key.certificate_base64().expect("a certificate");
    format!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/saml2"/>
</IDPSSODescriptor></EntityDescriptor>"#
    )
}
