//! What becomes of what an upstream states.

use super::*;
use crate::identity::authentication::ContextLevel;
use crate::identity::person::examples::{self as people, complete};
use crate::upstream::verified::Assurance;
use crate::upstream::verified::examples::{self, Example};

fn entra(example: Example) -> Person {
    complete(example, &Settings::entra()).unwrap()
}

fn adfs(example: Example) -> Person {
    complete(example, &Settings::adfs()).unwrap()
}

#[test]
fn a_clinician_of_entra_becomes_a_person() {
    let person = entra(examples::entra());
    assert_eq!(person.name().as_deref(), Some("OKAFOR, Ada (EXAMPLE TRUST)"));
    assert_eq!(
        (person.given_name(), person.family_name()),
        (Some("Ada"), Some("Okafor"))
    );
    assert_eq!(person.email(), Some("ada.okafor@nhs.example"));
    assert_eq!(person.organisation().unwrap().code.as_str(), "RR8");
    assert_eq!(person.proof().several_factors(), Some(true));
    assert_eq!(person.proof().level(), ContextLevel::OneFactor);
    assert_eq!(person.proof().instant(), examples::AT);
    assert!(!person.is_guest() && !person.is_simulated() && !person.has_groups_withheld());
    let index = person.upstream_session().session_index.as_deref();
    assert_eq!(index, Some("_entra-session"));
}

#[test]
fn a_pharmacist_of_adfs_becomes_a_person_of_unknown_factors() {
    let person = adfs(examples::adfs());
    assert_eq!(person.name().as_deref(), Some("Ben Tester"));
    assert_eq!(person.email(), Some("Ben.Tester@nhs.example"));
    assert_eq!(person.proof().several_factors(), None);
    assert_eq!(person.organisation(), None);
    assert_eq!(person.upstream_session().name_id, None);
}

#[test]
fn one_factor_is_false_and_not_unknown() {
    assert_eq!(
        entra(examples::one_factor()).proof().several_factors(),
        Some(false)
    );
}

#[test]
fn a_guest_is_recognised_and_shown_no_made_up_address() {
    let person = entra(examples::guest());
    assert!(person.is_guest());
    assert_eq!(person.email(), None);

    let by_name_id = examples::entra().named(Some(examples::name_id("x#ext#@t.test", None)));
    assert!(entra(by_name_id).is_guest());
    let by_second_name = examples::entra().stating(examples::UPN, &["x_y.test#EXT#@t.test"]);
    assert!(entra(by_second_name).is_guest());
}

#[test]
fn without_an_address_the_upn_is_shown_and_without_both_nothing() {
    let by_upn = examples::entra().without(examples::EMAIL);
    assert_eq!(entra(by_upn).email(), Some("ada.okafor@nhs.example"));
    assert_eq!(entra(examples::no_email()).email(), None);
}

#[test]
fn a_name_in_unicode_is_kept_code_point_for_code_point() {
    let name = entra(examples::unicode()).name().unwrap();
    assert_eq!(name, "Zoe\u{308} Nı\u{301} Bhriain 李");
}

#[test]
fn gv_02_what_is_not_mapped_is_dropped_at_the_edge() {
    let person = entra(examples::many_groups().stating("urn:example:salary", &["the-secret-salary"]));
    let kept = serde_json::to_string(&person).unwrap();
    assert!(!kept.contains("group-") && !kept.contains("the-secret-salary"));
    assert_eq!(person, entra(examples::entra()), "groups change nothing");
}

#[test]
fn gv_02_a_person_is_not_printed() {
    let printed = format!("{:?}", entra(examples::entra()));
    for word in ["Ada", "Okafor", "aaaaaaaa", "nhs.example", "_entra-session"] {
        assert!(!printed.contains(word), "{printed}");
    }
    assert!(printed.contains("nhsmail"), "{printed}");
}

#[test]
fn a_link_instead_of_groups_is_recognised() {
    let linked = examples::entra().stating(
        examples::GROUPS_LINK,
        &["https://graph.example.test/users/1/getMemberObjects"],
    );
    assert!(entra(linked).has_groups_withheld());
}

#[test]
fn sp_26_the_first_name_with_something_under_it_wins_and_order_of_values_is_kept() {
    let mut settings = Settings::entra();
    let names = vec!["urn:first".to_owned(), "urn:second".to_owned()];
    settings.attributes.insert(Field::DisplayName, names);
    let example = examples::entra()
        .stating("urn:second", &["second"])
        .stating(" urn:first\n", &["", "one", "two"]);
    let person = complete(example, &settings).unwrap();
    assert_eq!(person.name().as_deref(), Some("one"));

    let shouted = examples::entra().stating("URN:FIRST", &["no"]);
    let person = complete(shouted, &settings).unwrap();
    assert_eq!(person.name().as_deref(), Some("Ada Okafor"), "matching is exact");
}

#[test]
fn sp_26_a_missing_required_attribute_is_refused_by_name() {
    let mut settings = Settings::entra();
    settings.required.extend([Field::OrgCode, Field::Email]);
    let refusal = |example: Example| normalise(&example.vouch(), &settings).unwrap_err();
    assert_eq!(
        refusal(examples::no_email()),
        NormaliseRefusal::RequiredAbsent { field: Field::Email }
    );
    let absent = examples::entra().without("ODS");
    assert_eq!(
        refusal(absent),
        NormaliseRefusal::RequiredAbsent {
            field: Field::OrgCode
        }
    );
    let malformed = examples::entra().without("ODS").stating("ODS", &["RR8; DROP"]);
    assert_eq!(
        refusal(malformed),
        NormaliseRefusal::RequiredMalformed {
            field: Field::OrgCode
        }
    );
    assert!(normalise(&examples::entra().vouch(), &settings).is_ok());
}

#[test]
fn a_malformed_organisation_that_nobody_requires_is_no_organisation() {
    let person = entra(examples::entra().without("ODS").stating("ODS", &["RR 8"]));
    assert_eq!(person.organisation(), None);
}

#[test]
fn the_upstreams_bound_and_simulation_are_carried_on() {
    let bound = examples::AT + time::Duration::HOUR;
    let example = examples::entra()
        .simulated()
        .authenticated(|authentication| authentication.session_not_on_or_after = Some(bound));
    let person = entra(example);
    assert!(person.is_simulated());
    assert_eq!(person.proof().session_not_on_or_after(), Some(bound));
}

#[test]
fn a_clinician_is_the_same_person_over_saml_and_over_openid_connect() {
    let saml = entra(examples::entra());
    let oidc = people::entra_oidc();
    assert_eq!((oidc.account(), oidc.door()), (saml.account(), saml.door()));
    assert_eq!((oidc.name(), oidc.email()), (saml.name(), saml.email()));
    assert_eq!(oidc.organisation(), saml.organisation());
    assert_eq!(oidc.proof().several_factors(), saml.proof().several_factors());
    assert_eq!(
        oidc.upstream_session().issuer,
        examples::ENTRA_V2,
        "logout names it so"
    );
}

#[test]
fn sp_26_every_name_nhsmail_has_been_seen_to_use_is_read() {
    let bare = || {
        let names = ["name", "Email Address", "upn", "ODS"];
        names.into_iter().fold(examples::entra_oidc(), Example::without)
    };
    let read =
        |name: &str, value: &str| complete(bare().stating(name, &[value]), &Settings::entra_oidc()).unwrap();
    for name in ["email", "Email", "Email Address", "EmailAddress", "upn"] {
        assert_eq!(
            read(name, "a@nhs.example").email(),
            Some("a@nhs.example"),
            "{name}"
        );
    }
    for name in ["name", "DisplayName"] {
        assert_eq!(read(name, "Ada").name().as_deref(), Some("Ada"), "{name}");
    }
    assert_eq!(read("ODS", "RR8").organisation().unwrap().code.as_str(), "RR8");
}

#[test]
fn oi_10_a_care_identity_without_assurance_levels_is_refused() {
    let example = examples::cis2().authenticated(|it| it.assurance = None);
    let refused = complete(example, &Settings::cis2());
    assert_eq!(refused, Err(NormaliseRefusal::AssuranceAbsent));
}

#[test]
fn a_nurse_with_a_care_identity_becomes_a_person() {
    let person = people::cis2();
    assert_eq!(person.name().as_deref(), Some("Priya Tester"));
    assert_eq!(person.assurance(), Some(Assurance { aal: 3, ial: 3 }));
    assert_eq!(person.proof().methods(), ["sc", "N3_SMARTCARD"]);
    assert_eq!(person.proof().several_factors(), Some(true));
    let organisation = person.organisation().unwrap();
    assert_eq!(
        (organisation.code.as_str(), organisation.source),
        ("A9A5A", OrganisationSource::SelectedRole)
    );
    let [registration] = person.professional_ids() else {
        panic!("one registration");
    };
    assert_eq!(registration.kind.as_str(), "nmc_id");
    assert_eq!(format!("{person:?} {registration:?}").matches("Priya").count(), 0);
}

#[test]
fn a_mailbox_brings_no_role_whatever_it_states() {
    let stating_roles = examples::entra_oidc().caring(|care| *care = examples::care_identity());
    let person = complete(stating_roles, &Settings::entra_oidc()).unwrap();
    assert_eq!(person, people::entra_oidc());
}

#[test]
fn an_address_is_not_needed_and_an_ods_attribute_gives_a_care_identity_no_organisation() {
    let example = examples::cis2().without("email").stating("ODS", &["RR8"]);
    let person = complete(example, &Settings::cis2()).unwrap();
    assert_eq!(person.email(), None);
    assert_eq!(person.organisation().unwrap().code.as_str(), "A9A5A");
}
