//! Our own metadata.

use crate::protocol::saml::metadata::OurMetadata;
use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, METADATA};
use crate::protocol::saml::xml::{Reading, read};

const BARE: OurMetadata<'_> = OurMetadata {
    entity_id: "urn:example:rota",
    acs_url: "https://rota.example.test/saml/nhsmail/acs",
    slo_url: None,
    name_id_format: None,
    signing_certificate: None,
    encryption_certificate: None,
};

#[test]
fn md_09_our_metadata_names_us_and_our_acs() {
    let awkward = OurMetadata {
        entity_id: "https://rota.example.test/?a=1&b=<\"é\">",
        ..BARE
    };
    for ours in [BARE, awkward] {
        let xml = ours.to_xml();
        let tree = read(xml.as_bytes(), &Reading::METADATA).unwrap();
        let root = tree.root().unwrap();
        assert_eq!(root.attribute("entityID"), Some(ours.entity_id));
        let role = root.child(METADATA, "SPSSODescriptor").unwrap();
        assert_eq!(role.attribute("WantAssertionsSigned"), Some("true"));
        let acs: Vec<_> = role
            .children_named(METADATA, "AssertionConsumerService")
            .collect();
        assert_eq!(acs.len(), 1);
        assert_eq!(acs[0].attribute("Binding"), Some(BINDING_POST));
        assert_eq!(acs[0].attribute("Location"), Some(ours.acs_url));
        assert_eq!(acs[0].attribute("index"), Some("0"));
        assert_eq!(acs[0].attribute("isDefault"), Some("true"));
        assert!(!xml.contains("NameIDFormat") && !xml.contains("SingleLogoutService"));
    }
}

#[test]
fn lo_03_a_single_logout_service_is_published_by_both_bindings_where_it_is_on() {
    let on = OurMetadata {
        slo_url: Some("https://rota.example.test/saml/nhsmail/slo"),
        ..BARE
    };
    let xml = on.to_xml();
    let tree = read(xml.as_bytes(), &Reading::METADATA).unwrap();
    let role = tree.root().unwrap().child(METADATA, "SPSSODescriptor").unwrap();
    let services: Vec<_> = role
        .children_named(METADATA, "SingleLogoutService")
        .map(|service| (service.attribute("Binding"), service.attribute("Location")))
        .collect();
    assert_eq!(
        services,
        [
            (Some(BINDING_REDIRECT), on.slo_url),
            (Some(BINDING_POST), on.slo_url)
        ]
    );
}

#[test]
fn md_09_a_key_is_published_only_for_what_is_switched_on() {
    assert!(!BARE.to_xml().contains("KeyDescriptor"));
    assert!(BARE.to_xml().contains("AuthnRequestsSigned=\"false\""));
    let signs = OurMetadata {
        signing_certificate: Some("AAAA"),
        ..BARE
    }
    .to_xml();
    assert!(signs.contains("AuthnRequestsSigned=\"true\"") && signs.contains("use=\"signing\""));
    assert!(
        !signs.contains("encryption"),
        "ADFS encrypts as soon as it sees such a key"
    );
}

#[test]
fn md_09_the_encryption_key_is_flagged_and_lists_what_we_open() {
    let opens = OurMetadata {
        encryption_certificate: Some("AAAA"),
        ..BARE
    }
    .to_xml();
    assert!(opens.contains("use=\"encryption\"") && !opens.contains("use=\"signing\""));
    let tree = read(opens.as_bytes(), &Reading::METADATA).unwrap();
    let methods: Vec<_> = tree
        .elements()
        .filter(|element| element.is(METADATA, "EncryptionMethod"))
        .filter_map(|method| method.attribute("Algorithm"))
        .collect();
    assert_eq!(methods.len(), 4);
    assert!(
        !methods
            .iter()
            .any(|method| method.contains("cbc") || method.contains("1_5"))
    );
}
