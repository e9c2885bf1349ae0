//! Rules on `AttributeStatement`. Any name and any number of values will do; what cannot be read is refused.

use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "attributes-readable",
    clause: "SAML Core 2.7.3.2; SP-23",
    who: Who::IdentityProvider,
    remedy: "Encrypt the whole assertion, not single attributes.",
    check: readable,
}];

/// An attribute that cannot be read is never taken for one that is absent.
fn readable<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let place = "AttributeStatement/EncryptedAttribute";
    Note::on(place, "none", assertion.encrypted_attributes.to_string())
        .holds_if(assertion.encrypted_attributes == 0)
}
