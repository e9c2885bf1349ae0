//! `AnswerPlace`: where the answer to an authorization request may go.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

use crate::downstream::application::Application;
use crate::downstream::application::registry::Applications;
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::refusal::{Nowhere, Refusal};

/// The longest `state` that is repeated, in octets.
const LONGEST_STATE: usize = 2048;

/// An address that its application registered, with the `state` of one request. Prints neither.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerPlace {
    redirect_uri: String,
    state: Option<String>,
}

impl AnswerPlace {
    /// Who asks, and where the answer may go (RFC 9700 2.1: letter for letter). A `state` that comes twice or is too long
    /// is not repeated; [`rules`](super::rules) refuse it.
    pub fn find<'a>(
        parameters: &Parameters,
        applications: &'a Applications,
    ) -> Result<(&'a Arc<Application>, Self), Nowhere> {
        let client_id = parameters.once("client_id").map_err(|_twice| Nowhere::NoClient)?;
        let application = applications.find(client_id.ok_or(Nowhere::NoClient)?);
        let application = application.ok_or(Nowhere::UnknownClient)?;
        let login = application.login.as_ref().ok_or(Nowhere::UnknownClient)?;
        let redirect_uri = parameters
            .once("redirect_uri")
            .map_err(|_twice| Nowhere::NoRedirectUri)?;
        let redirect_uri = redirect_uri.ok_or(Nowhere::NoRedirectUri)?;
        if !login.redirects_to(redirect_uri) {
            return Err(Nowhere::RedirectUri);
        }
        let state = parameters
            .value("state")
            .filter(|state| state.len() <= LONGEST_STATE);
        let place = Self {
            redirect_uri: redirect_uri.to_owned(),
            state: state.map(str::to_owned),
        };
        Ok((application, place))
    }

    /// The address itself, letter for letter: the token request must repeat it.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// True if `parameters` has a state and it is repeated.
    pub(in crate::downstream::authorization) fn repeats_state_of(&self, parameters: &Parameters) -> bool {
        parameters.value("state") == self.state.as_deref()
    }

    /// The address that brings the code (OpenID Connect Core 3.1.2.5), and says who answers (RFC 9207).
    pub fn with_code(&self, code: &str, issuer: &str) -> String {
        self.with(&[("code", code)], issuer)
    }

    /// The address that brings a refusal (OpenID Connect Core 3.1.2.6), and says who answers (RFC 9207).
    pub fn with_refusal(&self, refusal: Refusal, issuer: &str) -> String {
        let said = [
            ("error", refusal.error.as_str()),
            ("error_description", refusal.description),
        ];
        self.with(&said, issuer)
    }

    /// The query is added to that of the address, which stays as it was registered (RFC 6749 3.1.2).
    fn with(&self, said: &[(&str, &str)], issuer: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(said);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", issuer);
        let joint = if self.redirect_uri.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.redirect_uri, query.finish())
    }
}

impl std::fmt::Debug for AnswerPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnswerPlace(…)")
    }
}

#[cfg(test)]
mod tests;
