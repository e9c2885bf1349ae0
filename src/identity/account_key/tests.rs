//! Which account a vouched-for person has, and who has none.

use super::*;
use crate::identity::person::examples::complete;
use crate::identity::settings::Settings;
use crate::upstream::verified::OpenIdSession;
use crate::upstream::verified::examples::{self, Example};

fn entra_account(example: Example) -> Result<Account, NormaliseRefusal> {
    account(example, &Settings::entra())
}

fn adfs_account(example: Example) -> Result<Account, NormaliseRefusal> {
    account(example, &Settings::adfs())
}

fn account(example: Example, settings: &Settings) -> Result<Account, NormaliseRefusal> {
    complete(example, settings).map(|person| person.account().clone())
}

fn keyed_by(keys: &[&str]) -> Settings {
    let keys = keys.iter().map(|key| AccountKey::from((*key).to_owned()));
    Settings {
        account_key: keys.collect(),
        ..Settings::bare()
    }
}

fn absent(field: &str) -> NormaliseRefusal {
    NormaliseRefusal::AccountAbsent {
        field: field.to_owned(),
    }
}

fn ambiguous(field: &str) -> NormaliseRefusal {
    NormaliseRefusal::AccountAmbiguous {
        field: field.to_owned(),
    }
}

#[test]
fn entra_is_keyed_on_tenant_and_object_never_on_the_address() {
    let account = entra_account(examples::entra()).unwrap();
    assert_eq!(account.issuer(), examples::ENTRA);
    assert_eq!(account.subject(), "aaaaaaaa-0000-4000-8000-000000000001");

    let renamed = examples::entra()
        .without(examples::EMAIL)
        .without(examples::NAME)
        .stating(examples::EMAIL, &["ada.newname@nhs.example"]);
    assert_eq!(entra_account(renamed).unwrap(), account);
}

#[test]
fn a_tenant_that_is_not_the_issuers_is_refused_whatever_the_key() {
    let stating = |tenant: &str| {
        let example = examples::entra().without(examples::TENANT_ID);
        example.stating(examples::TENANT_ID, &[tenant])
    };
    for settings in [Settings::entra(), Settings::adfs(), Settings::bare()] {
        let refusal = account(stating("99999999-1111-4222-8333-444444444444"), &settings);
        assert_eq!(refusal, Err(NormaliseRefusal::ForeignTenant));
    }
    let second = examples::entra().stating("tid", &["99999999-1111-4222-8333-444444444444"]);
    assert_eq!(entra_account(second), Err(NormaliseRefusal::ForeignTenant));

    assert!(entra_account(stating(&examples::TENANT.to_uppercase())).is_ok());
    assert!(entra_account(examples::entra().without(examples::TENANT_ID)).is_ok());
}

#[test]
fn sp_24_a_person_without_a_name_id_is_keyed_on_the_configured_attribute() {
    let adfs = adfs_account(examples::adfs()).unwrap();
    assert_eq!(adfs.subject(), "ben.tester@nhs.example");

    let staff_number = keyed_by(&["urn:example:staff-number"]);
    let numbered = examples::adfs().stating("urn:example:staff-number", &["S-100"]);
    assert_eq!(account(numbered, &staff_number).unwrap().subject(), "S-100");
    assert_eq!(
        account(examples::adfs(), &staff_number),
        Err(absent("urn:example:staff-number"))
    );
}

#[test]
fn sp_26_an_absent_account_is_refused_by_name() {
    let without = || examples::entra().without(examples::OBJECT_ID);
    let both_names = absent(&format!("{}, oid", examples::OBJECT_ID));
    assert_eq!(entra_account(without()), Err(both_names.clone()));
    let blank = without().stating(examples::OBJECT_ID, &[" "]);
    assert_eq!(entra_account(blank), Err(both_names));
    assert_eq!(
        account(examples::adfs(), &keyed_by(&["name-id", "badge"])),
        Err(absent("name-id, badge"))
    );
}

#[test]
fn sp_26_an_account_stated_twice_is_refused_even_if_both_agree() {
    let object = "aaaaaaaa-0000-4000-8000-000000000001";
    let twice = examples::entra().stating(examples::OBJECT_ID, &[object]);
    let with_two_values = examples::entra()
        .without(examples::OBJECT_ID)
        .stating(examples::OBJECT_ID, &[object, ""]);
    let disguised = examples::entra().stating(&format!(" {}", examples::OBJECT_ID), &[object]);
    let and_empty = examples::entra().stating(examples::OBJECT_ID, &[]);
    for example in [twice, with_two_values, disguised, and_empty] {
        assert_eq!(entra_account(example), Err(ambiguous(examples::OBJECT_ID)));
    }
    let upn = examples::adfs().stating(examples::UPN, &["someone.else@nhs.example"]);
    assert_eq!(adfs_account(upn), Err(ambiguous(examples::UPN)));
}

#[test]
fn a_persistent_name_wins_over_the_upn_and_a_transient_one_never_counts() {
    let persistent = examples::name_id("opaque-1", Some(examples::PERSISTENT));
    let account_of = |name_id| adfs_account(examples::adfs().named(Some(name_id)));
    assert_eq!(account_of(persistent.clone()).unwrap().subject(), "opaque-1");

    let transient = examples::name_id("fleeting-1", Some(examples::TRANSIENT));
    assert_eq!(
        account_of(transient.clone()).unwrap().subject(),
        "ben.tester@nhs.example"
    );

    let by_name = |id| account(examples::adfs().named(Some(id)), &keyed_by(&["name-id"]));
    let email_format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    assert_eq!(by_name(transient), Err(absent("name-id")));
    assert_eq!(
        by_name(examples::name_id("a@b.test", Some(email_format))),
        Err(absent("name-id"))
    );
    assert_eq!(by_name(persistent).unwrap().subject(), "opaque-1");
    let unstated_format = examples::name_id("plain", None);
    assert_eq!(by_name(unstated_format).unwrap().subject(), "plain");
}

#[test]
fn a_persistent_name_of_another_maker_is_another_account() {
    let account_by = |maker: Option<&str>| {
        let mut id = examples::name_id("opaque-1", Some(examples::PERSISTENT));
        id.name_qualifier = maker.map(str::to_owned);
        adfs_account(examples::adfs().named(Some(id))).unwrap()
    };
    assert_eq!(account_by(None), account_by(Some(examples::ADFS)));
    assert_ne!(account_by(None), account_by(Some("https://other.example.test")));
}

#[test]
fn an_email_address_is_no_account_even_where_nobody_checked_the_settings() {
    for name in [examples::EMAIL, "Email Address", "mail"] {
        let example = examples::adfs().stating(name, &["ben@nhs.example"]);
        let refusal = account(example, &keyed_by(&[name])).unwrap_err();
        assert_eq!(refusal.rule(), "account-is-fit-for-a-key");
        assert_eq!(refusal.field(), Some(name));
    }
}

#[test]
fn only_ascii_letters_lose_their_case_and_nothing_is_composed() {
    let account = |upn: &str| {
        let example = examples::adfs().without(examples::UPN);
        adfs_account(example.stating(examples::UPN, &[upn])).unwrap()
    };
    assert_eq!(account("KIM@nhs.example"), account("kim@NHS.example"));
    let kim = account("kim@nhs.example");
    for lookalike in [
        "\u{212a}im@nhs.example",
        "kim@nhs.example.",
        "ｋim@nhs.example",
        "k\u{200b}im@nhs.example",
    ] {
        assert_ne!(account(lookalike), kim, "{lookalike:?}");
    }
    assert_ne!(account("zo\u{eb}@x.test"), account("zoe\u{308}@x.test"));
}

#[test]
fn an_account_of_control_characters_or_without_end_is_refused() {
    for hostile in ["a\r\nb", "a\u{0}b", "a\u{7f}", &"x".repeat(1025)] {
        let example = examples::entra()
            .without(examples::OBJECT_ID)
            .stating(examples::OBJECT_ID, &[hostile]);
        let refusal = entra_account(example).unwrap_err();
        assert_eq!(refusal.rule(), "account-is-fit-for-a-key");
    }
}

#[test]
fn entra_over_saml_and_over_openid_connect_is_one_account() {
    let saml = entra_account(examples::entra()).unwrap();
    let oidc = |example: Example| account(example, &Settings::entra_oidc());
    assert_eq!(oidc(examples::entra_oidc()), Ok(saml.clone()));
    let version_1 = examples::entra_oidc().issued_by(examples::ENTRA);
    assert_eq!(oidc(version_1), Ok(saml.clone()));
    let shouted = examples::ENTRA_V2.replace(examples::TENANT, &examples::TENANT.to_uppercase());
    assert_eq!(oidc(examples::entra_oidc().issued_by(&shouted)), Ok(saml));
}

#[test]
fn only_the_exact_shape_of_an_entra_issuer_is_another_name_for_the_tenant() {
    let issuer_of = |issuer: &str| {
        let example = examples::entra_oidc().issued_by(issuer);
        account(example, &Settings::entra_oidc()).map(|account| account.issuer().to_owned())
    };
    for other in [
        format!("{}/", examples::ENTRA_V2),
        examples::ENTRA_V2.replace("https:", "http:"),
        examples::ENTRA_V2.replace("/v2.0", "/v1.0"),
        examples::ENTRA_V2.replace("online.com/", "online.com/x/"),
        examples::ENTRA_V2.replace("microsoftonline.com", "microsoftonline.com.example.test"),
    ] {
        assert_eq!(issuer_of(&other).as_ref(), Ok(&other));
    }
}

#[test]
fn a_token_of_another_tenant_or_of_none_is_refused() {
    let oidc = |example: Example| account(example, &Settings::entra_oidc());
    let without = || examples::entra_oidc().without("tid");
    for issuer in [examples::ENTRA, examples::ENTRA_V2] {
        assert_eq!(
            oidc(without().issued_by(issuer)),
            Err(NormaliseRefusal::TenantAbsent)
        );
        let foreign = without().stating("tid", &["99999999-1111-4222-8333-444444444444"]);
        assert_eq!(
            oidc(foreign.issued_by(issuer)),
            Err(NormaliseRefusal::ForeignTenant)
        );
    }
}

#[test]
fn adfs_over_openid_connect_is_keyed_on_the_upn_and_on_sub_only_where_that_is_configured() {
    let adfs = || {
        examples::entra_oidc()
            .issued_by("https://fs.example.test/adfs")
            .without("oid")
    };
    let by_upn = account(adfs(), &Settings::adfs_oidc()).unwrap();
    assert_eq!(by_upn.subject(), "ada.okafor@nhs.example");
    let refusal = account(adfs().without("upn"), &Settings::adfs_oidc()).unwrap_err();
    assert_eq!(refusal.rule(), "account-is-stated");
    let by_subject = account(adfs().without("upn"), &keyed_by(&["sub"])).unwrap();
    assert_eq!(by_subject.subject(), "pairwise-subject-of-ada");
}

#[test]
fn a_care_identity_is_keyed_on_issuer_and_sub_whatever_is_configured() {
    for settings in [Settings::cis2(), keyed_by(&["email", "oid"])] {
        let account = account(examples::cis2(), &settings).unwrap();
        assert_eq!(
            (account.issuer(), account.subject()),
            (examples::CIS2, "555200000001")
        );
    }
    let blank = examples::cis2().vouch().open_id().map(|open_id| OpenIdSession {
        subject: " ".to_owned(),
        ..open_id.clone()
    });
    for subject in [blank, None] {
        let refused = account(examples::cis2().known_as(subject), &Settings::cis2());
        assert_eq!(refused, Err(absent("sub")));
    }
}

#[test]
fn gv_03_a_mailbox_and_a_care_identity_with_one_address_are_two_people() {
    let mailbox = complete(examples::adfs(), &Settings::adfs()).unwrap();
    let care_identity = complete(examples::cis2(), &Settings::cis2()).unwrap();
    assert_eq!(mailbox.email(), care_identity.email());
    assert_ne!(mailbox.account(), care_identity.account());
}
