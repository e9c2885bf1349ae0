//! The answers that go through the browser: a code or an error, with `state`, `iss` and `client_id`.

use url::Url;

use crate::fakes::cis2::memory::Grant;
use crate::fakes::cis2::request::ErrorAnswer;
use crate::fakes::cis2::{Mischief, Shape};

/// Another issuer, for the mischief that names one.
pub(super) const OTHER_ISSUER: &str = "https://another.example.test:443/openam/oauth2/realms/root";
/// Another client, for the mischief that names one.
pub(super) const OTHER_CLIENT: &str = "000000000000.apps.another";
/// Another value, for the mischief that changes one.
pub(super) const OTHER_VALUE: &str = "another-value-0000000000000000000000";

/// The address with a code.
pub(super) fn code_url(shape: Shape, issuer: &str, grant: &Grant, code: &str) -> String {
    let asked = &grant.asked;
    let mischief = grant.mischief;
    let state = if mischief == Mischief::NoState {
        None
    } else if mischief == Mischief::WrongState {
        Some(OTHER_VALUE)
    } else {
        asked.state.as_deref()
    };
    let iss = if mischief == Mischief::WrongIssParameter {
        OTHER_ISSUER
    } else {
        issuer
    };
    let mut fields = vec![("code", code)];
    if shape.is_cis2() {
        fields.extend([("iss", iss), ("client_id", asked.client_id.as_str())]);
    } else {
        fields.push(("session_state", &grant.session.sid));
    }
    if mischief == Mischief::ErrorAndCode {
        fields.push(("error", "access_denied"));
    }
    fields.extend(state.map(|state| ("state", state)));
    with_fields(&asked.redirect_uri, &fields)
}

/// The address with an error.
pub(super) fn error_url(shape: Shape, issuer: &str, answer: &ErrorAnswer) -> String {
    let mut fields = vec![
        ("error", answer.error),
        ("error_description", answer.description.as_str()),
    ];
    fields.extend(shape.is_cis2().then_some(("iss", issuer)));
    fields.extend(answer.state.as_deref().map(|state| ("state", state)));
    with_fields(&answer.redirect_uri, &fields)
}

/// `address` with these fields added to its query.
pub(super) fn with_fields(address: &str, fields: &[(&str, &str)]) -> String {
    match Url::parse(address) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(fields);
            url.into()
        }
        Err(_no_address) => address.to_owned(),
    }
}
