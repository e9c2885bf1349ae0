//! Every key of `[saml.NAME.person]`, described.

use crate::platform::setting::{Setting, Shape};

/// Every key of `[saml.NAME.person]`.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("account_key", Shape::Texts, "as the preset")
        .such_as("[\"http://schemas.microsoft.com/identity/claims/objectidentifier\"]")
        .about(
            "Where the stable key of an account is: attribute names, `name-id`, `name-id:persistent`, `sub` of an \
             ID token; the first that is there. Never an e-mail address",
        )
        .given_by("The NHSmail team; changing it makes every person a new person"),
    Setting::optional("required", Shape::Texts, "[]")
        .such_as("[\"email\"]")
        .about("Fields without which nobody is signed in: `email`, `display_name`, `given_name`, `family_name`, `org_code`")
        .given_by("The developers of the applications"),
    Setting::optional("attributes", Shape::Table(&[ATTRIBUTES]), "as the preset")
        .about("Which attribute names feed which field, best first; a field left out is as the preset has it")
        .given_by("The NHSmail team, when it releases an attribute under another name"),
];

const ATTRIBUTES: &[Setting] = &[
    names(
        "email",
        "[\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress\"]",
    )
    .about("The e-mail address: for display and letters, never as a key"),
    names(
        "display_name",
        "[\"http://schemas.microsoft.com/identity/claims/displayname\"]",
    )
    .about("The name to show"),
    names(
        "given_name",
        "[\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname\"]",
    )
    .about("The given name"),
    names(
        "family_name",
        "[\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname\"]",
    )
    .about("The family name"),
    names("org_code", "[\"ODS\"]").about("The ODS code of the person's organisation"),
];

const fn names(key: &'static str, example: &'static str) -> Setting {
    Setting::optional(key, Shape::Texts, "as the preset")
        .such_as(example)
        .given_by("The NHSmail team")
}
