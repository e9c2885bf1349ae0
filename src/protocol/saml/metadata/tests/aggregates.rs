//! Documents with several entities.

use super::*;

const OTHER: &str = "https://other.example.test/";

fn service() -> String {
    entity(
        "entityID=\"urn:service\"",
        "<md:SPSSODescriptor protocolSupportEnumeration=\"urn:x\"/>",
    )
}

#[test]
fn md_05_an_entity_is_chosen_from_nested_aggregates_by_its_name() {
    let (mine, theirs) = (certificate(), certificate());
    let inner = aggregate("", &(document_of(IDP, &mine) + &service()));
    let document = aggregate("", &(document_of(OTHER, &theirs) + &inner));
    let keys = |id| {
        let verdict = judge(document.as_bytes(), Some(id), NOW);
        verdict
            .signing_certs
            .into_iter()
            .map(|it| it.sha256)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(IDP), [fingerprint(&mine)]);
    assert_eq!(keys(OTHER), [fingerprint(&theirs)]);
    assert_eq!(
        keys("https://idp.example.test"),
        Vec::<String>::new(),
        "byte for byte"
    );
}

#[test]
fn md_05_the_only_identity_provider_of_an_aggregate_needs_no_name() {
    let verdict = verdict(&aggregate("", &(service() + &document())));
    assert!(verdict.usable);
    assert_eq!(verdict.entity_id.as_deref(), Some(IDP));
}

#[test]
fn several_identity_providers_are_usable_only_one_at_a_time() {
    let broken = entity("entityID=\"urn:broken\"", &role(""));
    let document = aggregate("", &(document() + &document_of(OTHER, &certificate()) + &broken));
    let all = verdict(&document);
    assert!(all.usable && all.entity_id.is_none() && all.signing_certs.is_empty());
    assert!(
        all.warnings
            .iter()
            .any(|it| it.ends_with(&format!("{IDP}, {OTHER}")))
    );
    assert!(
        all.warnings
            .iter()
            .any(|it| it.starts_with("urn:broken is of no use"))
    );
    let nobody = IdpMetadata::read(document.as_bytes(), None, NOW);
    assert_eq!(nobody.unwrap_err(), [MetadataFlaw::Several(3)]);
}

#[test]
fn an_entity_whose_name_occurs_twice_is_refused() {
    let twice = aggregate("", &(document() + &aggregate("", &document())));
    let flaw = MetadataFlaw::Twice {
        entity_id: IDP.to_owned(),
        count: 2,
    };
    assert_eq!(flaws(&twice), [flaw]);
    assert!(!verdict(&twice).usable);
    // Another role under the same name is somebody else, too.
    let service = entity(&format!("entityID=\"{IDP}\""), "");
    assert!(verdict(&aggregate("", &(document() + &service))).reasons[0].contains("2 entities"));
}

#[test]
fn an_aggregate_without_an_identity_provider_or_without_this_one_is_refused() {
    assert_eq!(
        flaws(&aggregate("", &service())),
        [MetadataFlaw::NotHere(IDP.to_owned())]
    );
    assert!(verdict(&aggregate("", &service())).reasons[0].contains("no entity of the aggregate"));
    assert!(!verdict(&aggregate("", "")).usable);
    let hidden = format!("<md:Extensions>{}</md:Extensions>", document());
    assert_eq!(
        flaws(&aggregate("", &hidden)),
        [MetadataFlaw::NotHere(IDP.to_owned())]
    );
}
