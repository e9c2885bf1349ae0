//! The authentication request (OpenID Connect Core 3.1.2.1), heard as strictly as the real one hears it.

use crate::fakes::cis2::Shape;
use crate::fakes::cis2::acr::AcrRequest;
use crate::fakes::cis2::client::Client;
use crate::fakes::cis2::form::Fields;
use crate::fakes::fence;

/// The scopes of CIS2; any other is refused.
pub(super) const SCOPES: [&str; 10] = [
    "openid",
    "profile",
    "email",
    "nhsperson",
    "nationalrbacaccess",
    "associatedorgs",
    "professionalmemberships",
    "organisationalmemberships",
    "selectedrole",
    "changedrole",
];

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) acr: AcrRequest,
    pub(super) prompt: Prompt,
    /// In seconds.
    pub(super) max_age: Option<i64>,
    /// Of PKCE, by S256.
    pub(super) code_challenge: Option<String>,
}

/// What `prompt` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Prompt {
    /// Nothing: somebody who has signed in already is not asked again.
    #[default]
    AsNeeded,
    /// Everybody signs in.
    Login,
    /// Nobody is asked anything.
    Nothing,
}

/// Why a request is not heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Objection {
    /// There is nowhere safe to send an answer, so the provider's own page says it.
    OnPage(String),
    /// The client is told.
    ToClient(ErrorAnswer),
}

/// An error on its way to the client (RFC 6749 4.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorAnswer {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) error: &'static str,
    pub(super) description: String,
}

impl Asked {
    pub(super) fn needs_role(&self) -> bool {
        self.has_scope("selectedrole") || self.has_scope("changedrole")
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }

    /// An error as the answer to this.
    pub(super) fn refused(&self, error: &'static str, description: &str) -> ErrorAnswer {
        ErrorAnswer {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            error,
            description: description.to_owned(),
        }
    }
}

/// Hears a request. Without any client known, everybody may ask but live services.
pub(super) fn hear(shape: Shape, fields: &Fields, clients: &[Client]) -> Result<Asked, Objection> {
    let (client_id, redirect_uri) = whom(fields, clients)?;
    let told = |(error, description): (&'static str, String)| {
        Objection::ToClient(ErrorAnswer {
            redirect_uri: redirect_uri.clone(),
            state: fields.owned("state"),
            error,
            description,
        })
    };
    form(fields).map_err(told)?;
    let asked = Asked {
        scopes: scopes(shape, fields).map_err(told)?,
        acr: acr(shape, fields).map_err(told)?,
        prompt: prompt(shape, fields).map_err(told)?,
        max_age: max_age(fields).map_err(told)?,
        code_challenge: code_challenge(fields).map_err(told)?,
        state: fields.owned("state"),
        nonce: fields.owned("nonce"),
        client_id,
        redirect_uri: redirect_uri.clone(),
    };
    Ok(asked)
}

/// The client and where its answer goes. Until both are known, nobody is redirected.
fn whom(fields: &Fields, clients: &[Client]) -> Result<(String, String), Objection> {
    let missing = |name: &str| Objection::OnPage(format!("Request is missing {name}."));
    let client_id = fields.get("client_id").ok_or_else(|| missing("client_id"))?;
    let redirect_uri = fields
        .get("redirect_uri")
        .ok_or_else(|| missing("redirect_uri"))?;
    let on_page = |why: &str| Err(Objection::OnPage(why.to_owned()));
    if let Err(cause) = fence::within(&[redirect_uri]) {
        return on_page(&cause.to_string());
    }
    let url = url::Url::parse(redirect_uri);
    if !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none()) {
        return on_page("The redirection URI is no http or https address without a fragment.");
    }
    if clients.is_empty() {
        return Ok((client_id.to_owned(), redirect_uri.to_owned()));
    }
    let Some(client) = clients.iter().find(|client| client.client_id == client_id) else {
        return on_page("invalid_client: Client authentication failed.");
    };
    if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
        return on_page(
            "redirect_uri_mismatch: The redirection URI provided does not match a pre-registered value.",
        );
    }
    Ok((client_id.to_owned(), redirect_uri.to_owned()))
}

type Told<T> = Result<T, (&'static str, String)>;

fn told<T>(error: &'static str, description: impl Into<String>) -> Told<T> {
    Err((error, description.into()))
}

fn form(fields: &Fields) -> Told<()> {
    if fields.get("request").is_some() {
        return told("request_not_supported", "Request objects are not supported.");
    }
    if fields.get("request_uri").is_some() {
        return told("request_uri_not_supported", "Request objects are not supported.");
    }
    match fields.get("response_type") {
        Some("code") => {}
        Some(_) => {
            return told(
                "unsupported_response_type",
                "Only the response type code is supported.",
            );
        }
        None => return told("invalid_request", "Missing parameter: response_type"),
    }
    match fields.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => told("invalid_request", "Only the response mode query is supported."),
    }
}

fn scopes(shape: Shape, fields: &Fields) -> Told<Vec<String>> {
    let scopes: Vec<_> = fields.get("scope").unwrap_or_default().split(' ').collect();
    let known = |scope: &str| !shape.is_cis2() || scope.is_empty() || SCOPES.contains(&scope);
    if let Some(unknown) = scopes.iter().find(|scope| !known(scope)) {
        return told("invalid_scope", format!("Unknown/invalid scope(s): [{unknown}]"));
    }
    if !scopes.contains(&"openid") {
        return told("invalid_scope", "The scope openid is missing.");
    }
    Ok(scopes.into_iter().map(str::to_owned).collect())
}

fn acr(shape: Shape, fields: &Fields) -> Told<AcrRequest> {
    if !shape.is_cis2() {
        return Ok(AcrRequest::anything());
    }
    AcrRequest::read(fields.get("acr_values"))
        .or_else(|_unknown| told("invalid_request", "No value of acr_values is known."))
}

fn prompt(shape: Shape, fields: &Fields) -> Told<Prompt> {
    match fields.get("prompt") {
        None => Ok(Prompt::AsNeeded),
        Some("login") => Ok(Prompt::Login),
        Some("none") => Ok(Prompt::Nothing),
        Some("select_account" | "consent") if !shape.is_cis2() => Ok(Prompt::Login),
        Some(_) => told("invalid_request", "Invalid value for prompt"),
    }
}

fn max_age(fields: &Fields) -> Told<Option<i64>> {
    let Some(text) = fields.get("max_age") else {
        return Ok(None);
    };
    match text.parse::<u32>() {
        Ok(seconds) => Ok(Some(i64::from(seconds))),
        Err(_cause) => told("invalid_request", "Invalid value for max_age"),
    }
}

/// PKCE is not asked for; when it is used it must be S256 (RFC 7636 4.3).
fn code_challenge(fields: &Fields) -> Told<Option<String>> {
    let challenge = fields.owned("code_challenge");
    match (&challenge, fields.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (Some(text), Some("S256")) if text.len() == 43 => Ok(challenge),
        _ => told(
            "invalid_request",
            "code_challenge must be 43 characters and its method S256.",
        ),
    }
}
