//! Traces of a fake in one connection: a fake signs in whoever asks, so real people must never meet one.

use crate::platform::secret::Source;
use crate::protocol::saml::names::DSIG;
use crate::protocol::saml::signature::VerificationKey;
use crate::protocol::saml::xml::{Reading, read};
use crate::upstream::saml_sp::entity_id::EntityId;
use crate::upstream::saml_sp::settings::Settings;

impl Settings {
    /// Whatever in this connection belongs to a fake: the path of the key, and the words for what it holds.
    pub fn traces_of_a_fake(&self, at: &str) -> Vec<(String, &'static str)> {
        let mut traces = Vec::new();
        for (key, entity_id) in [
            ("entity_id", &self.entity_id),
            ("idp_entity_id", &self.idp_entity_id),
        ] {
            if entity_id.is_of_a_fake() {
                traces.push((format!("{at}.{key}"), "this entity ID"));
            }
        }
        if self.logout_issuer.as_ref().is_some_and(EntityId::is_of_a_fake) {
            traces.push((format!("{at}.logout_issuer"), "this entity ID"));
        }
        if certificates_in(&self.metadata)
            .iter()
            .any(VerificationKey::is_fake)
        {
            traces.push((format!("{at}.metadata_file"), "a certificate in this document"));
        }
        for (key, certificate) in self.own_certificates() {
            if certificate_in(certificate).is_some_and(|it| it.is_fake()) {
                traces.push((format!("{at}.{key}.certificate_file"), "this certificate"));
            }
        }
        traces
    }

    pub(super) fn own_certificates(&self) -> Vec<(String, &Source)> {
        let signing = self.request_signing.iter();
        let signing = signing.map(|it| ("request_signing".to_owned(), &it.certificate));
        let decryption = self.decryption.iter().enumerate();
        let decryption = decryption.map(|(index, it)| (format!("decryption[{index}]"), &it.certificate));
        signing.chain(decryption).collect()
    }
}

pub(super) fn certificate_in(source: &Source) -> Option<VerificationKey> {
    VerificationKey::from_certificate(source.read().ok()?.expose()).ok()
}

/// Every certificate of a metadata document, whatever its role: nothing of a fake may be near. What cannot be read
/// here is not trusted anywhere else either.
fn certificates_in(metadata: &Source) -> Vec<VerificationKey> {
    let Ok(octets) = metadata.read() else {
        return Vec::new();
    };
    let Ok(tree) = read(octets.expose(), &Reading::METADATA) else {
        return Vec::new();
    };
    let elements = tree
        .elements()
        .filter(|element| element.is(DSIG, "X509Certificate"));
    let octets = elements.filter_map(|element| {
        let base64: String = element.text().split_ascii_whitespace().collect();
        openssl::base64::decode_block(&base64).ok()
    });
    octets
        .filter_map(|der| VerificationKey::from_certificate(&der).ok())
        .collect()
}
