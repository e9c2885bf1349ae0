//! What a connection trusts, and what it refuses to.

use super::*;
use crate::platform::secret::Source;
use crate::protocol::saml::metadata::examples::{
    IDP, NOW, RSA_1024, SSO, certificate, document, document_of, key_of,
};
use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, FAKE_CERTIFICATE_ORGANISATION};
use crate::protocol::saml::signature::{SelfSigned, SigningKey};
use crate::upstream::saml_sp::entity_id::EntityId;
use crate::upstream::saml_sp::settings::{
    Decryption, Essentials, Exception, Preset, RequestAlgorithm, RequestSigning,
};
use time::Duration;

fn settings(metadata: &str) -> Settings {
    let essentials = Essentials {
        label: "NHSmail".to_owned(),
        entity_id: EntityId::parse("urn:example:rota").unwrap(),
        idp_entity_id: EntityId::parse(IDP).unwrap(),
        metadata: Source::held(metadata),
    };
    Settings::new(Preset::Entra, essentials)
}

fn pair(key: &SigningKey) -> (Source, Source) {
    (
        Source::held(key.private_pem().unwrap()),
        Source::held(key.certificate_pem().unwrap()),
    )
}

fn rsa() -> SigningKey {
    SelfSigned::example().make().unwrap()
}

fn decryption(key: &SigningKey) -> Decryption {
    let (key, certificate) = pair(key);
    Decryption { key, certificate }
}

fn problems(settings: &Settings, environment: Environment) -> Vec<Problem> {
    Trust::problems(settings, environment, "saml.nhsmail", NOW)
}

#[test]
fn a_connection_trusts_the_keys_and_the_address_of_its_metadata() {
    let trust = Trust::load(&settings(&document()), NOW).unwrap();
    assert_eq!(trust.keys().len(), 1);
    assert_eq!(trust.sso(), SSO);
    assert!(!trust.is_simulated() && trust.fit_for(Environment::Live).is_ok());
    assert!(trust.decryption().is_empty() && trust.own_keys().request().is_none());
    let again = trust.clone();
    assert!(
        std::ptr::eq(trust.keys(), again.keys()),
        "keys are shared, never parsed again"
    );
}

#[test]
fn metadata_of_another_entity_is_a_problem_of_the_name() {
    let settings = settings(&document_of("https://other.example.test/", &certificate()));
    let problems = problems(&settings, Environment::Test);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].at, "saml.nhsmail.idp_entity_id");
    assert!(problems[0].what.contains("https://other.example.test/"));
}

#[test]
fn every_reason_against_a_document_is_a_problem_of_its_own() {
    let settings = settings(
        &document()
            .replace(SSO, "/saml2")
            .replace("X509Certificate", "X509Other"),
    );
    let problems = problems(&settings, Environment::Test);
    assert_eq!(problems.len(), 2);
    assert!(
        problems
            .iter()
            .all(|it| it.at == "saml.nhsmail.metadata_file" && !it.instead.is_empty())
    );
}

#[test]
fn a_weak_key_needs_a_dated_exception() {
    let mut settings = settings(&document_of(IDP, RSA_1024));
    assert!(matches!(Trust::load(&settings, NOW), Err(TrustFlaw::WeakKeys(_))));
    settings.exceptions.push(Exception {
        allow: Weakness::Rsa1024,
        until: (NOW + Duration::days(3)).date(),
        reason: "the identity provider renews its key".to_owned(),
    });
    assert_eq!(Trust::load(&settings, NOW).unwrap().keys().len(), 1);
    let later = Trust::load(&settings, NOW + Duration::days(5)).unwrap();
    assert_eq!(later.keys().len(), 1, "the judge looks at the date at every use");
}

#[test]
fn a_weak_key_beside_a_strong_one_is_left_out() {
    let two = format!(
        "{RSA_1024}</ds:X509Certificate><ds:X509Certificate>{}",
        certificate()
    );
    let trust = Trust::load(&settings(&document_of(IDP, &two)), NOW).unwrap();
    assert!(trust.keys().len() == 1 && trust.keys()[0].is_strong());
}

#[test]
fn people_can_only_be_sent_by_redirect() {
    let settings = settings(&document().replace(BINDING_REDIRECT, BINDING_POST));
    assert!(matches!(Trust::load(&settings, NOW), Err(TrustFlaw::NoRedirect)));
}

#[test]
fn gv_07_the_metadata_of_a_fake_is_refused_for_real_people() {
    let fake = key_of(FAKE_CERTIFICATE_ORGANISATION, 36_500);
    let settings = settings(&document_of(IDP, &fake.certificate_base64().unwrap()));
    let trust = Trust::load(&settings, NOW).unwrap();
    assert!(trust.is_simulated() && trust.fit_for(Environment::Test).is_ok());
    assert!(matches!(trust.fit_for(Environment::Live), Err(TrustFlaw::Fake)));
}

#[test]
fn real_people_are_not_sent_to_a_plain_http_address() {
    let settings = settings(&document().replace(SSO, "http://idp.example.test/saml2"));
    assert!(problems(&settings, Environment::Int).is_empty());
    assert!(
        problems(&settings, Environment::Live)[0]
            .what
            .contains("plain http")
    );
}

#[test]
fn md_03_trust_ends_with_the_metadata_while_the_bridge_runs() {
    let document = document().replacen("ID=\"_1\"", "validUntil=\"2026-11-22T00:00:00Z\"", 1);
    let trust = Trust::load(&settings(&document), NOW).unwrap();
    assert!(trust.is_valid_at(NOW));
    assert!(!trust.is_valid_at(NOW + Duration::days(1)));
}

#[test]
fn md_09_our_metadata_offers_the_newest_decryption_key_and_the_signing_key() {
    let mut settings = settings(&document());
    let (new, old, signing) = (rsa(), rsa(), rsa());
    settings.decryption = vec![decryption(&new), decryption(&old)];
    let (key, certificate) = pair(&signing);
    settings.request_signing = Some(RequestSigning {
        key,
        certificate,
        algorithm: RequestAlgorithm::RsaSha256,
    });
    let own = OwnKeys::load(&settings).unwrap();
    let xml = own.metadata(&settings, "https://rota.example.test", "nhsmail");
    let holds = |key: &SigningKey| xml.contains(&key.certificate_base64().unwrap());
    assert!(holds(&new) && holds(&signing) && !holds(&old));
    assert_eq!(own.decryption().len(), 2);
    assert!(
        own.request()
            .is_some_and(|it| it.algorithm.uri().ends_with("rsa-sha256"))
    );
}

#[test]
fn a_key_of_ours_without_its_certificate_is_named() {
    let mut settings = settings(&document());
    let (key, _) = pair(&rsa());
    let (_, certificate) = pair(&rsa());
    settings.decryption = vec![Decryption { key, certificate }];
    let flaw = Trust::load(&settings, NOW).unwrap_err();
    assert_eq!(flaw.problems("saml.nhsmail")[0].at, "saml.nhsmail.decryption[0]");
}
