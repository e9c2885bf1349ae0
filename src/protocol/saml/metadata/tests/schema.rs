//! Our own metadata before a judge that others made: the SAML metadata schema, as xmllint reads it.

use std::path::Path;
use std::process::Command;

use super::certificate;
use crate::protocol::saml::metadata::OurMetadata;

const SCHEMA: &str = "/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd";

/// Where the schemas that [`SCHEMA`] imports lie on Debian (package `xmltooling-schemas`), by the addresses it uses.
const CATALOG: &str = r#"<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
<system systemId="http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd" uri="file:///usr/share/xml/xmltooling/xmldsig-core-schema.xsd"/>
<system systemId="http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd" uri="file:///usr/share/xml/xmltooling/xenc-schema.xsd"/>
<system systemId="http://www.w3.org/2001/xml.xsd" uri="file:///usr/share/xml/xmltooling/xml.xsd"/>
</catalog>"#;

/// What xmllint says of a document: nothing if it is valid.
fn complaints(folder: &Path, document: &str) -> String {
    let (catalog, file) = (folder.join("catalog.xml"), folder.join("document.xml"));
    std::fs::write(&catalog, CATALOG).unwrap();
    std::fs::write(&file, document).unwrap();
    let said = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", SCHEMA])
        .arg(&file)
        .env("XML_CATALOG_FILES", &catalog)
        .output()
        .expect("xmllint is there: bash .ci/setup test");
    if said.status.success() {
        return String::new();
    }
    String::from_utf8(said.stderr).unwrap()
}

#[test]
fn md_09_our_metadata_is_valid_against_the_schema() {
    let (signing, encryption) = (certificate(), certificate());
    let bare = OurMetadata {
        entity_id: "urn:example:rota?a=1&b=<\"é\">",
        acs_url: "https://rota.example.test/saml/nhsmail/acs",
        slo_url: None,
        name_id_format: None,
        signing_certificate: None,
        encryption_certificate: None,
    };
    let full = OurMetadata {
        slo_url: Some("https://rota.example.test/saml/nhsmail/slo?a=1&b=2"),
        name_id_format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        signing_certificate: Some(&signing),
        encryption_certificate: Some(&encryption),
        ..bare
    };
    let folder = tempfile::tempdir().unwrap();
    for ours in [bare, full] {
        assert_eq!(complaints(folder.path(), &ours.to_xml()), "");
    }
    let invalid = full.to_xml().replace("isDefault=\"true\"", "isDefault=\"yes\"");
    assert!(
        complaints(folder.path(), &invalid).contains("isDefault"),
        "the judge judges"
    );
}
