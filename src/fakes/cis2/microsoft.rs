//! What Entra and ADFS state about the owner of a mailbox, in the spellings that NHSmail has used.

use serde_json::{Map, Value, json};

use crate::fakes::cast::{CastMember, TENANT};
use crate::fakes::cis2::Shape;
use crate::fakes::cis2::memory::Grant;

const PASSWORD: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
const SECOND_FACTOR: &str = "http://schemas.microsoft.com/claims/multipleauthn";

/// The claims of the ID token that say who it is.
pub(super) fn identity(shape: Shape, member: &CastMember, grant: &Grant) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            claims.insert(name.to_owned(), value);
        }
    };
    put("upn", member.upn.into());
    put("amr", amr(shape, member));
    // Names that the helpdesk gave to claims that were asked for on the form.
    put("Email", member.email.into());
    put("ODS", member.ods.into());
    put("DisplayName", member.display_name.into());
    if shape == Shape::Entra {
        put("oid", member.object_id.into());
        put("tid", TENANT.into());
        put("ver", "2.0".into());
        if grant.asked.has_scope("profile") {
            put("name", member.display_name.into());
            put("preferred_username", member.upn.into());
        }
    } else {
        put("unique_name", member.upn.into());
        put("appid", grant.asked.client_id.clone().into());
    }
    if grant.asked.has_scope("email") {
        put("email", member.email.into());
    }
    claims
}

/// The claims of the user info: at Entra a few, at ADFS none but `sub`.
pub(super) fn user_info(shape: Shape, member: &CastMember) -> Map<String, Value> {
    let shown = match (shape, member.email) {
        (Shape::Cis2 | Shape::Adfs, _) => json!({}),
        (Shape::Entra, None) => json!({
            "name": member.display_name, "given_name": member.given_name, "family_name": member.surname,
        }),
        (Shape::Entra, Some(email)) => json!({
            "name": member.display_name, "given_name": member.given_name, "family_name": member.surname,
            "email": email,
        }),
    };
    shown.as_object().cloned().unwrap_or_default()
}

fn amr(shape: Shape, member: &CastMember) -> Value {
    match (shape, member.mfa) {
        (Shape::Cis2 | Shape::Entra, true) => json!(["pwd", "mfa"]),
        (Shape::Cis2 | Shape::Entra, false) => json!(["pwd"]),
        (Shape::Adfs, true) => json!([PASSWORD, SECOND_FACTOR]),
        (Shape::Adfs, false) => json!([PASSWORD]),
    }
}
