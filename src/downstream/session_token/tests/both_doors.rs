//! One token for both doors: the same claims, told apart only by what they say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;

/// One row for each claim, one column for each person. A dot is a claim that is absent.
fn side_by_side(people: &[(&str, Value)]) -> String {
    let claims: BTreeSet<&String> = people
        .iter()
        .flat_map(|(_, claims)| claims.as_object().unwrap().keys())
        .collect();
    let mut table = String::new();
    for claim in claims {
        table.push_str(claim);
        table.push('\n');
        for (who, claims) in people {
            let value = claims.get(claim).map_or_else(|| ".".to_owned(), Value::to_string);
            writeln!(table, "    {who:<11}{value}").unwrap();
        }
    }
    table
}

#[tokio::test]
async fn ap_03_the_claims_of_both_doors_side_by_side() {
    let bench = bench();
    let mut people = Vec::new();
    for (who, person) in [
        ("entra-saml", examples::entra()),
        ("adfs-saml", examples::adfs()),
        ("entra-oidc", examples::entra_oidc()),
        ("cis2", examples::cis2()),
    ] {
        let everything = Application {
            scopes: Scope::ALL.into_iter().collect(),
            ..rota()
        };
        let session = bench.session(person).await;
        let token = bench.tokens.mint(&session, &everything).unwrap();
        people.push((who, bench.verified(&token.compact).unwrap()));
    }
    insta::assert_snapshot!(side_by_side(&people));
}

#[tokio::test]
async fn entra_over_saml_and_over_openid_connect_is_one_sub_and_a_care_identity_another() {
    let bench = bench();
    let saml = bench.claims(examples::entra()).await;
    let oidc = bench.claims(examples::entra_oidc()).await;
    assert_eq!(saml["sub"], oidc["sub"]);
    assert_eq!((&saml["mfa"], &saml["org"]), (&oidc["mfa"], &oidc["org"]));
}

#[tokio::test]
async fn gv_03_an_address_in_common_makes_no_common_sub() {
    let bench = bench();
    let mailbox = bench.claims(examples::adfs()).await;
    let care_identity = bench.claims(examples::cis2()).await;
    assert_eq!(mailbox["email"], care_identity["email"]);
    assert_ne!(mailbox["sub"], care_identity["sub"]);
}

#[tokio::test]
async fn oi_12_after_a_change_of_role_the_token_says_the_new_one() {
    let bench = bench();
    let nurse = bench.claims(examples::cis2()).await;
    let support = examples::cis2()
        .with_role("555200000012", &examples::ours())
        .unwrap();
    let support = bench.claims(support).await;
    assert_eq!(
        (&nurse["role"]["code"], &nurse["org"]["code"]),
        (&json!("R8001"), &json!("A9A5A"))
    );
    assert_eq!(
        (&support["role"]["code"], &support["org"]["code"]),
        (&json!("R8015"), &json!("X26"))
    );
    assert_eq!(
        (&support["activities"], &support["workgroups"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        (&nurse["roles"], &nurse["sub"]),
        (&support["roles"], &support["sub"])
    );
}

#[tokio::test]
async fn gv_02_roles_levels_and_registrations_are_told_only_to_who_may_know_them() {
    let bench = bench();
    let session = bench.session(examples::cis2()).await;
    let gated: [(Scope, &[&str]); 4] = [
        (Scope::Role, &["role", "roles", "activities", "workgroups"]),
        (Scope::Assurance, &["acr", "amr", "mfa", "aal", "ial"]),
        (Scope::Professional, &["professional_ids"]),
        (Scope::Organisation, &["org"]),
    ];
    for (scope, names) in gated {
        let told = |scopes: BTreeSet<Scope>| {
            let application = Application { scopes, ..rota() };
            let token = bench.tokens.mint(&session, &application).unwrap();
            bench.verified(&token.compact).unwrap()
        };
        let only = told(BTreeSet::from([scope]));
        let without = told(Scope::ALL.into_iter().filter(|other| *other != scope).collect());
        for name in names {
            assert!(only.get(name).is_some(), "{name} is missing");
            assert!(without.get(name).is_none(), "{name} is told");
        }
    }
}
