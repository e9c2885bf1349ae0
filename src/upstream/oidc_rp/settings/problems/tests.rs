//! Connections with one thing wrong, and what is said of it.

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use crate::upstream::oidc_rp::settings::examples::{cis2, endpoints, entra};
use crate::upstream::oidc_rp::settings::{
    AssertionAudience, ClientAuthentication, Exception, Laxity, Preset, Prompt, Settings, UserInfo, Written,
};
use crate::upstream::verified::{Assurance, Door};

const NOW: OffsetDateTime = datetime!(2026-11-01 12:00 UTC);

/// Where the problems of a connection are once `change` was made to it.
fn wrong(mut settings: Settings, change: impl FnOnce(&mut Settings)) -> Vec<String> {
    change(&mut settings);
    settings.problems("c", NOW).into_iter().map(|it| it.at).collect()
}

fn written(preset: Preset) -> Written {
    Written::new(
        "x".to_owned(),
        preset,
        "client".to_owned(),
        ClientAuthentication::ClientSecretPost,
    )
}

#[test]
fn the_presets_have_no_problems_and_no_warnings() {
    for settings in [cis2(), entra()] {
        assert_eq!(settings.problems("c", NOW), []);
        assert_eq!(settings.warnings("c", NOW), []);
    }
}

#[test]
fn oi_03_an_issuer_is_kept_as_it_is_written() {
    let issuer = "https://AM.example:443/openam//Healthcare";
    let settings = Written {
        issuer: Some(issuer.to_owned()),
        ..written(Preset::Int)
    };
    assert_eq!(settings.settled("c").0.issuer, issuer);
}

#[test]
fn addresses_are_addresses() {
    for bad in [
        "",
        "op.example",
        "ftp://op.example",
        "https://op.example/#x",
        "https://op.example/?x",
        "https://u@op.example/",
        "https://op.example/ ",
    ] {
        assert_eq!(
            wrong(cis2(), |it| it.issuer = bad.to_owned()),
            ["c.issuer"],
            "{bad}"
        );
    }
    let with_query = wrong(cis2(), |it| {
        it.discovery_url = Some("https://op.example/?appid=1".to_owned());
    });
    assert!(with_query.is_empty());
}

#[test]
fn a_tenant_is_one_tenant_and_the_issuer_is_its_name() {
    for everybody in [
        "common",
        "organizations",
        "{tenantid}",
        "37C354B2-85B0-47F5-B222-07B48D774EE3",
    ] {
        assert_eq!(
            wrong(entra(), |it| it.tenant = Some(everybody.to_owned())),
            ["c.tenant"]
        );
    }
    let other = "https://login.microsoftonline.com/00000000-0000-4000-8000-000000000000/v2.0";
    assert_eq!(wrong(entra(), |it| it.issuer = other.to_owned()), ["c.issuer"]);
    let v1 = "https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/";
    assert!(wrong(entra(), |it| it.issuer = v1.to_owned()).is_empty());
}

#[test]
fn stated_endpoints_are_enough_for_what_is_to_be_done() {
    let incomplete = wrong(cis2(), |it| {
        let mut endpoints = endpoints();
        (endpoints.userinfo, endpoints.end_session) = (None, None);
        it.endpoints = Some(endpoints);
        it.discovery_url = Some("https://op.example/doc".to_owned());
        it.sign_out_upstream = true;
    });
    let expected = [
        "c.discovery_url",
        "c.endpoints.userinfo",
        "c.endpoints.end_session",
    ];
    assert_eq!(incomplete, expected);
    assert!(wrong(cis2(), |it| it.endpoints = Some(endpoints())).is_empty());
}

#[test]
fn a_client_id_has_any_form_but_none_and_no_space() {
    for good in [
        "000000000000.apps.supplier",
        "5249385045.ui-spike.0b9e0f0e-5a0f-4c55-9a2d-1f4b8f6f7a11.apps",
    ] {
        assert!(wrong(cis2(), |it| it.client_id = good.to_owned()).is_empty());
    }
    for bad in ["", "a b", "a\n"] {
        assert_eq!(wrong(cis2(), |it| it.client_id = bad.to_owned()), ["c.client_id"]);
    }
}

#[test]
fn oi_08_an_assertion_lives_five_minutes_at_most_and_is_for_somebody() {
    for (seconds, count) in [(0, 1), (9, 1), (10, 0), (300, 0), (301, 1)] {
        let found = wrong(cis2(), |it| it.assertion_lifetime = Duration::seconds(seconds));
        assert_eq!(found.len(), count, "{seconds}");
    }
    let nobody = wrong(cis2(), |it| {
        it.assertion_audience = AssertionAudience::Stated(" ".to_owned());
    });
    assert_eq!(nobody, ["c.assertion_audience"]);
}

#[test]
fn scopes_have_openid_and_leave_the_role_to_who_picks_it() {
    for scopes in [
        ["profile"].as_slice(),
        &["openid profile"],
        &["openid", ""],
        &["openid", "selectedrole"],
        &["openid", "changedrole"],
    ] {
        let scopes = scopes.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(wrong(cis2(), |it| it.scopes = scopes), ["c.scopes"]);
    }
}

#[test]
fn oi_10_what_is_asked_for_can_satisfy_what_is_let_in() {
    for (minimum, acr, fits) in [
        (2, "AAL2_OR_AAL3_ANY", true),
        (3, "AAL2_OR_AAL3_ANY", true),
        (3, "AAL3_FIDO2", true),
        (3, "AAL2_TOTP", false),
        (2, "AAL1_USERPASS", false),
        (3, "urn:of:somebody:else", true),
    ] {
        let found = wrong(cis2(), |it| {
            it.minimum_assurance = Some(Assurance { aal: minimum, ial: 3 });
            it.acr_values = vec![acr.to_owned()];
        });
        assert_eq!(found.is_empty(), fits, "{minimum} {acr}: {found:?}");
    }
    let levels = wrong(cis2(), |it| {
        it.minimum_assurance = Some(Assurance { aal: 4, ial: 5 });
    });
    assert_eq!(levels, ["c.minimum_aal", "c.minimum_ial", "c.acr_values"]);
}

#[test]
fn oi_10_cis2_is_asked_for_a_fresh_sign_in_one_way_or_the_other() {
    assert_eq!(wrong(cis2(), |it| it.prompt = Prompt::Omit), ["c.prompt"]);
    let by_age = wrong(cis2(), |it| {
        it.prompt = Prompt::Omit;
        it.send_max_age = true;
    });
    assert!(by_age.is_empty());
    assert_eq!(wrong(entra(), |it| it.send_max_age = true), ["c.send_max_age"]);
    for seconds in [0, 29, 43_201] {
        let found = wrong(cis2(), |it| it.max_auth_age = Some(Duration::seconds(seconds)));
        assert_eq!(found, ["c.max_auth_age_seconds"]);
    }
}

#[test]
fn the_minimum_decides_what_is_asked_for_unless_that_is_said() {
    for (minimum, acr) in [
        (None, "AAL2_OR_AAL3_ANY"),
        (Some(2), "AAL2_OR_AAL3_ANY"),
        (Some(3), "AAL3_ANY"),
    ] {
        let settings = Written {
            minimum_aal: minimum,
            ..written(Preset::Live)
        };
        assert_eq!(settings.settled("c").0.acr_values, [acr]);
    }
    assert!(entra().acr_values.is_empty() && entra().minimum_assurance.is_none());
}

#[test]
fn what_nobody_but_the_operator_knows_is_asked_for() {
    let at = |written: Written| -> Vec<String> {
        let (_, problems) = written.settled("c");
        problems.into_iter().map(|it| it.at).collect()
    };
    assert_eq!(at(written(Preset::None)), ["c.issuer", "c.door"]);
    let contrary = Written {
        door: Some(Door::Nhsmail),
        tenant: Some("37c354b2-85b0-47f5-b222-07b48d774ee3".to_owned()),
        ..written(Preset::Live)
    };
    assert_eq!(at(contrary), ["c.door", "c.tenant"]);
    let mailbox = Written {
        minimum_aal: Some(2),
        minimum_ial: Some(3),
        ..written(Preset::AdfsOidc)
    };
    assert_eq!(at(mailbox), ["c.minimum_aal", "c.minimum_ial"]);
}

#[test]
fn the_rest_of_what_can_be_wrong() {
    assert_eq!(wrong(cis2(), |it| it.label = " ".to_owned()), ["c.label"]);
    let skew = wrong(cis2(), |it| it.clock_skew = Duration::seconds(301));
    assert_eq!(skew, ["c.clock_skew_seconds"]);
    assert_eq!(
        wrong(cis2(), |it| it.id_token_algorithms.clear()),
        ["c.id_token_algorithms"]
    );
    let idle = wrong(cis2(), |it| {
        it.post_logout_redirect_uri = Some("https://bridge.example/".to_owned());
    });
    assert_eq!(idle, ["c.post_logout_redirect_uri"]);
    assert_eq!(entra().userinfo, UserInfo::None);
}

#[test]
fn oi_13_a_logout_token_without_exp_is_permitted_until_a_day() {
    let mut settings = cis2();
    let laxity = Laxity::LogoutTokenWithoutExp;
    assert!(!settings.permits(laxity, NOW));
    settings.exceptions.push(Exception {
        allow: laxity,
        until: date!(2026 - 11 - 30),
        reason: "CIS2 leaves it out".to_owned(),
    });
    assert!(settings.permits(laxity, NOW) && settings.warnings("c", NOW).is_empty());
    let later = NOW + Duration::days(30);
    assert!(!settings.permits(laxity, later));
    assert_eq!(settings.warnings("c", later)[0].at, "c.exception[0].until");
    assert_eq!(
        wrong(settings, |it| {
            it.exceptions[0].until = date!(2028 - 01 - 01);
            it.exceptions[0].reason.clear();
        }),
        ["c.exception[0].until", "c.exception[0].reason"]
    );
}
