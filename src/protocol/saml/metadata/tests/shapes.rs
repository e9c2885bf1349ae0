//! The shapes that identity providers publish, and those that are none.

use super::*;
use crate::protocol::saml::names::{BINDING_REDIRECT, METADATA};

#[test]
fn md_05_a_single_entity_says_who_it_is_and_where_people_are_sent() {
    let idp = read(&document()).unwrap();
    assert_eq!(idp.entity_id(), IDP);
    let redirect = idp.sso().iter().find(|service| service.is_redirect());
    assert_eq!(redirect.unwrap().location, SSO);
    assert_eq!(idp.slo(), []);
}

#[test]
fn md_05_entity_ids_are_compared_byte_for_byte_and_may_be_256_characters_long() {
    let long = format!("https://idp.example.test/{}", "x".repeat(231));
    for id in [
        "https://idp.example.test:443/",
        "https://idp.example.test",
        "urn:example:idp",
        &long,
    ] {
        let document = document_of(id, &certificate());
        assert!(judge(document.as_bytes(), Some(id), NOW).usable, "{id}");
        let other = MetadataFlaw::OtherEntity {
            wanted: IDP.to_owned(),
            found: id.to_owned(),
        };
        assert_eq!(flaws(&document), [other]);
    }
}

#[test]
fn md_11_roles_of_unknown_kinds_and_elements_out_of_order_are_passed_over() {
    let certificate = certificate();
    let theirs = key_descriptor("use=\"encryption\"", &super::certificate());
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:fed=\"urn:fed\"";
    let unknown = |kind: &str| {
        format!("<md:RoleDescriptor {xsi} xsi:type=\"fed:{kind}\"><fed:Odd/>{theirs}</md:RoleDescriptor>")
    };
    // The schema wants KeyDescriptor first and SingleSignOnService after NameIDFormat.
    let role = role(&format!(
        "{}<o:Odd xmlns:o=\"urn:o\"/><md:NameIDFormat> urn:a </md:NameIDFormat>{}",
        services(),
        key_descriptor("use=\"signing\"", &certificate)
    ));
    let document = entity(
        &format!("entityID=\"{IDP}\""),
        &[
            "<md:ContactPerson contactType=\"support\"/>",
            &unknown("SecurityTokenServiceType"),
            &role,
            &unknown("ApplicationServiceType"),
        ]
        .concat(),
    );
    assert_eq!(fingerprints(&document), [fingerprint(&certificate)]);
    assert_eq!(read(&document).unwrap().name_id_formats(), ["urn:a"]);
}

#[test]
fn md_11_looseness_of_order_makes_nothing_else_loose() {
    let inside = services() + &key_descriptor("use=\"signing\"", &certificate());
    let elsewhere = format!("<md:Extensions>{}</md:Extensions>", role(&inside));
    let document = entity(&format!("entityID=\"{IDP}\""), &elsewhere);
    assert_eq!(flaws(&document), [MetadataFlaw::NoProvider]);
    let other_namespace = super::document().replace(METADATA, "urn:other");
    assert!(matches!(
        flaws(&other_namespace).as_slice(),
        [MetadataFlaw::Root(_)]
    ));
}

#[test]
fn a_role_must_be_for_saml_2_and_be_the_only_one() {
    let inside = key_descriptor("use=\"signing\"", &certificate()) + &services();
    let id = format!("entityID=\"{IDP}\"");
    let twice = entity(&id, &role(&inside).repeat(2));
    assert_eq!(flaws(&twice), [MetadataFlaw::SeveralRoles(2)]);
    let old = document().replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    assert_eq!(flaws(&old), [MetadataFlaw::Protocol]);
    let both = document().replace(
        "\"urn:oasis:names:tc:SAML:2.0:protocol\"",
        "\"urn:x\n urn:oasis:names:tc:SAML:2.0:protocol \"",
    );
    assert!(read(&both).is_ok());
}

#[test]
fn an_address_must_be_one_that_a_browser_can_be_sent_to() {
    let bad = [
        "/saml2",
        "javascript:alert(1)",
        "https://login.example/{tenantid}/saml2",
        "",
    ];
    for location in bad {
        let document = document().replace(SSO, location);
        assert_eq!(flaws(&document), [MetadataFlaw::NoEndpoint], "{location}");
    }
    let unknown = document().replace(
        "urn:oasis:names:tc:SAML:2.0:bindings:",
        "urn:mace:shibboleth:1.0:",
    );
    assert_eq!(flaws(&unknown), [MetadataFlaw::NoEndpoint]);
    let plain =
        verdict(&document().replace("https://idp.example.test/saml2", "http://idp.example.test/saml2"));
    assert!(plain.usable && plain.warnings.iter().any(|it| it.contains("plain http")));
}

#[test]
fn what_the_role_says_of_itself_is_read() {
    let slo = format!(
        "<md:SingleLogoutService Binding=\"{BINDING_REDIRECT}\" Location=\"https://idp.example.test/slo\" ResponseLocation=\"https://idp.example.test/done\"/>"
    );
    let attributes =
        "<md:IDPSSODescriptor errorURL=\"https://idp.example.test/help\" WantAuthnRequestsSigned=\"1\"";
    let document = document()
        .replace(
            "<md:SingleSignOnService",
            &format!("{slo}<md:SingleSignOnService"),
        )
        .replacen("<md:IDPSSODescriptor", attributes, 1);
    let idp = read(&document).unwrap();
    assert_eq!(idp.error_url(), Some("https://idp.example.test/help"));
    assert!(idp.wants_signed_requests());
    assert_eq!(
        idp.slo()[0].response_location.as_deref(),
        Some("https://idp.example.test/done")
    );
    let scripted = document.replace("https://idp.example.test/help", "javascript:alert(1)");
    assert_eq!(read(&scripted).unwrap().error_url(), None);
}

#[test]
fn a_template_and_a_nameless_entity_are_refused() {
    let template = "https://sts.windows.net/{tenantid}/";
    let verdict = verdict(&document_of(template, &certificate()));
    assert!(!verdict.usable);
    assert!(verdict.reasons[0].contains("is a template"));
    let nameless = document().replace("entityID=", "entityId=");
    assert_eq!(flaws(&nameless), [MetadataFlaw::NoEntityId]);
}

#[test]
fn what_is_no_document_is_refused_with_its_line() {
    let late = format!("\n<?xml version=\"1.0\"?>{}", document());
    assert_eq!(flaws(&late), [MetadataFlaw::LateDeclaration(2)]);
    let broken = document().replace("</md:IDPSSODescriptor>", "\n\n</md:Odd>");
    assert!(
        verdict(&broken).reasons[0].contains("(line 3)"),
        "{:?}",
        verdict(&broken).reasons
    );
    let bomb = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", document());
    assert!(verdict(&bomb).reasons[0].contains("document type declaration"));
    let html = verdict("<html><body>Sign in</body></html>");
    assert_eq!(html.reasons.len(), 1);
    assert!(!verdict("").usable && !verdict("not XML").usable);
}

#[test]
fn a_document_of_sixteen_mebibytes_is_read_and_a_larger_one_is_not() {
    let one = document();
    let filler = "<md:EntityDescriptor entityID=\"urn:filler\"/>".repeat(300_000);
    let whole = aggregate("", &(filler + &one));
    assert!(whole.len() > 12 * 1024 * 1024);
    assert!(read(&whole).is_ok());
    let larger = aggregate(
        "",
        &"<md:EntityDescriptor entityID=\"urn:filler\"/>".repeat(400_000),
    );
    assert!(verdict(&larger).reasons[0].contains("octets"));
}
