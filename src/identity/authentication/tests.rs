//! What a method, a context and an assurance level are worth.

use super::*;
use crate::upstream::verified::Authentication;
use crate::upstream::verified::examples::{self, Example};

#[test]
fn sp_30_an_unknown_context_is_worth_the_lowest_level() {
    let known = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    assert_eq!(level_of(Some(known)), ContextLevel::OneFactor);
    assert_eq!(level_of(Some(SEVERAL_FACTORS)), ContextLevel::SeveralFactors);
    for unknown in [
        None,
        Some(""),
        Some("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"),
        Some("urn:oasis:names:tc:SAML:2.0:ac:classes:passwordprotectedtransport"),
        Some("https://refeds.org/profile/mfa "),
    ] {
        assert_eq!(level_of(unknown), ContextLevel::Lowest, "{unknown:?}");
    }
    assert!(LEVELS.iter().all(|(_, level)| *level > ContextLevel::Lowest));
}

#[test]
fn several_factors_are_believed_only_from_the_list_of_methods() {
    let password = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
    assert_eq!(several_factors(&[password, SEVERAL_FACTORS]), Some(true));
    assert_eq!(several_factors(&[password]), Some(false));
    assert_eq!(several_factors(&["pwd", "mfa"]), Some(true));
    assert_eq!(several_factors(&["pwd", "MFA", "mfa "]), Some(false));
    assert_eq!(several_factors(&[]), None);
}

#[test]
fn oi_12_the_assurance_level_decides_for_a_care_identity_and_for_nobody_else() {
    let proven = |example: Example, aal| {
        let assurance = Some(Assurance { aal, ial: 3 });
        let identity = example.authenticated(|it| it.assurance = assurance).vouch();
        proof(&identity, Stated::by(&identity))
    };
    for (aal, level, several) in [
        (0, ContextLevel::Lowest, false),
        (1, ContextLevel::OneFactor, false),
        (2, ContextLevel::SeveralFactors, true),
        (3, ContextLevel::SeveralFactors, true),
    ] {
        let proof = proven(examples::cis2(), aal);
        assert_eq!((proof.level(), proof.several_factors()), (level, Some(several)));
    }
    let mailbox = proven(examples::adfs(), 3);
    assert_eq!((mailbox.assurance(), mailbox.several_factors()), (None, None));
}

#[test]
fn the_acr_of_an_openid_provider_is_no_method_and_no_level() {
    let asked = |it: &mut Authentication| it.context_class = Some(SEVERAL_FACTORS.to_owned());
    let identity = examples::entra_oidc().authenticated(asked).vouch();
    let proof = proof(&identity, Stated::by(&identity));
    assert_eq!(proof.methods(), ["pwd", "mfa"]);
    assert_eq!(proof.level(), ContextLevel::Lowest);
    assert_eq!(proof.several_factors(), Some(true));
}

#[test]
fn methods_keep_the_word_and_the_upstreams_own_once_each_and_in_bounds() {
    let context = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
    let kept = methods(&[SEVERAL_FACTORS], Some(context));
    assert_eq!(kept, ["mfa", "pwd", SEVERAL_FACTORS, context]);

    let many: Vec<String> = (0..100).map(|n| format!("urn:method:{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(methods(&many, None).len(), MOST_METHODS);
    assert!(methods(&[&"x".repeat(201), "a\nb"], None).is_empty());
}
