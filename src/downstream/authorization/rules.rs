//! The rules of an authorization request, one function each, in the order in which they are asked. Each reads its
//! parameter, refuses it or writes it down. Parameters that no rule names are ignored (RFC 6749 3.1), and so are
//! `display`, `ui_locales`, `login_hint`, `id_token_hint` and `claims`: the last asks for what our scopes already say, and
//! whoever does not support it answers with what it has (OpenID Connect Core 5.5).

use crate::downstream::application::Application;
use crate::downstream::application::scope::Scope;
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::refusal::{AuthorizationError, Refusal};
use crate::downstream::authorization::{AuthorizationRequest, Prompt};

/// A rule.
pub type Rule = fn(&mut AuthorizationRequest, &Parameters, &Application) -> Result<(), Refusal>;

/// Every rule by its name.
pub const RULES: &[(&str, Rule)] = &[
    ("each-parameter-once", each_parameter_once),
    ("state-can-be-repeated", state_can_be_repeated),
    ("no-request-object", no_request_object),
    ("no-registration", no_registration),
    ("response-type-code", response_type_code),
    ("response-mode-query", response_mode_query),
    ("scope-openid", scope_openid),
    ("proof-key-s256", proof_key_s256),
    ("nonce", nonce),
    ("prompt", prompt),
    ("free-port-asks-the-person", free_port_asks_the_person),
    ("max-age", max_age),
    ("acr-values", acr_values),
    ("dpop-key", dpop_key),
];

/// The parameters that some rule or the answer reads.
pub const KNOWN: [&str; 19] = [
    "client_id",
    "redirect_uri",
    "state",
    "request",
    "request_uri",
    "registration",
    "response_type",
    "response_mode",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "prompt",
    "max_age",
    "acr_values",
    "dpop_jkt",
    "login_hint",
    "id_token_hint",
    "ui_locales",
];

/// The longest `nonce`, in octets.
const LONGEST_NONCE: usize = 1024;
/// The characters of a SHA-256 in base64url: a challenge (RFC 7636 4.2), a thumbprint (RFC 7638 3).
const DIGEST_CHARACTERS: usize = 43;
/// What `acr_values` calls the assurance levels.
const AAL: &str = "urn:nhs:aal:";

fn invalid(description: &'static str) -> Refusal {
    AuthorizationError::InvalidRequest.because(description)
}

/// RFC 6749 3.1.
fn each_parameter_once(
    _: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let comes_twice = |name: &&str| parameters.once(name).is_err();
    if KNOWN.iter().any(comes_twice) {
        return Err(invalid("a parameter comes twice"));
    }
    Ok(())
}

/// A state that is not repeated would leave the application without its protection (RFC 6749 10.12).
fn state_can_be_repeated(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    if request.place.repeats_state_of(parameters) {
        Ok(())
    } else {
        Err(invalid("state is too long"))
    }
}

/// A request inside a token or at an address: neither is read, and no address is ever fetched (OpenID Connect Core 6). A
/// request that was pushed here has been put in the place of its `request_uri` before.
fn no_request_object(
    _: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    if parameters.value("request").is_some() {
        return Err(AuthorizationError::RequestNotSupported.because("request is not supported"));
    }
    if parameters.value("request_uri").is_some() {
        let error = AuthorizationError::RequestUriNotSupported;
        return Err(error.because("only a request_uri from our pushed request endpoint is taken, once"));
    }
    Ok(())
}

/// OpenID Connect Core 7.2.1: only for providers that people run themselves.
fn no_registration(
    _: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    if parameters.value("registration").is_some() {
        let error = AuthorizationError::RegistrationNotSupported;
        return Err(error.because("registration is not supported"));
    }
    Ok(())
}

/// The implicit and the hybrid flow put tokens into addresses (RFC 9700 2.1.2).
fn response_type_code(
    _: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    match parameters.value("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(AuthorizationError::UnsupportedResponseType.because("response_type must be code")),
        None => Err(invalid("response_type is missing")),
    }
}

/// OAuth 2.0 Multiple Response Types 2.1.
fn response_mode_query(
    _: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    match parameters.value("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(invalid("response_mode must be query")),
    }
}

/// `openid` must be among the scopes, since this provider speaks OpenID Connect alone. Scopes that are unknown, or that
/// the application is not registered for, are left out (OpenID Connect Core 3.1.2.1, RFC 6749 3.3): the token answer says
/// which are given.
fn scope_openid(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    application: &Application,
) -> Result<(), Refusal> {
    let asked = parameters.value("scope").unwrap_or_default();
    let is_asked = |scope: &Scope| asked.split(' ').any(|word| word == scope.as_str());
    request.scopes = application.scopes.iter().copied().filter(is_asked).collect();
    if request.scopes.contains(&Scope::OpenId) {
        Ok(())
    } else {
        Err(AuthorizationError::InvalidScope.because("scope must contain openid"))
    }
}

/// RFC 7636 4.3, RFC 9700 2.1.1: everybody proves that the code is theirs, and never in plain.
fn proof_key_s256(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let challenge = parameters.value("code_challenge");
    let challenge = challenge.ok_or(invalid("code_challenge is missing"))?;
    // Without the method the standard means `plain`.
    if parameters.value("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256"));
    }
    if !is_digest(challenge) {
        return Err(invalid("code_challenge is no SHA-256 in base64url"));
    }
    challenge.clone_into(&mut request.code_challenge);
    Ok(())
}

/// It goes into every ID token of the grant, so it is not endless.
fn nonce(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let nonce = parameters.value("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > LONGEST_NONCE || nonce.chars().any(char::is_control)) {
        return Err(invalid("nonce is too long or cannot be printed"));
    }
    request.nonce = nonce.map(str::to_owned);
    Ok(())
}

/// OpenID Connect Core 3.1.2.1. A word that we do not know is refused: nothing in the answer would tell the application
/// that it was ignored.
fn prompt(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let words = parameters.value("prompt").unwrap_or_default();
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    if words
        .iter()
        .any(|word| !matches!(*word, "none" | "login" | "consent" | "select_account"))
    {
        return Err(invalid("prompt has a word that is not supported"));
    }
    let has = |word| words.contains(&word);
    request.prompt = match words.as_slice() {
        ["none"] => Prompt::None,
        _ if has("none") => return Err(invalid("prompt none stands alone")),
        _ if has("login") => Prompt::Login,
        _ if has("select_account") => Prompt::SelectAccount,
        _ => Prompt::AsNeeded,
    };
    Ok(())
}

/// Whatever program of the machine has the port gets the answer, and on a terminal server that may be somebody else's. So
/// nobody's login is given there without their doing anything (RFC 8252 8.6).
fn free_port_asks_the_person(
    request: &mut AuthorizationRequest,
    _: &Parameters,
    application: &Application,
) -> Result<(), Refusal> {
    let registered = application.login.iter().flat_map(|login| &login.redirect_uris);
    let mut free = registered.filter(|uri| uri.has_free_port());
    if !free.any(|uri| uri.is(request.place.redirect_uri())) {
        return Ok(());
    }
    match request.prompt {
        Prompt::None => {
            Err(AuthorizationError::InteractionRequired
                .because("a native application may not ask in silence"))
        }
        Prompt::AsNeeded => {
            request.prompt = Prompt::Login;
            Ok(())
        }
        Prompt::Login | Prompt::SelectAccount => Ok(()),
    }
}

/// Seconds, as digits alone (OpenID Connect Core 3.1.2.1).
fn max_age(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let Some(text) = parameters.value("max_age") else {
        return Ok(());
    };
    let is_number = text.bytes().all(|c| c.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_number);
    request.max_age = Some(seconds.ok_or(invalid("max_age is no number of seconds"))?);
    Ok(())
}

/// The least of the levels that are named would do, whatever their order. Contexts that we do not know are passed over:
/// the parameter names wishes (OpenID Connect Core 5.5.1.1).
#[expect(clippy::unnecessary_wraps, reason = "every rule has the same shape")]
fn acr_values(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let named = parameters.value("acr_values").unwrap_or_default().split(' ');
    let level = |word: &str| match word.strip_prefix(AAL)? {
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        _ => None,
    };
    request.least_aal = named.filter_map(level).min();
    Ok(())
}

/// RFC 9449 10.
fn dpop_key(
    request: &mut AuthorizationRequest,
    parameters: &Parameters,
    _: &Application,
) -> Result<(), Refusal> {
    let thumbprint = parameters.value("dpop_jkt");
    if thumbprint.is_some_and(|thumbprint| !is_digest(thumbprint)) {
        return Err(invalid("dpop_jkt is no thumbprint"));
    }
    request.dpop_jkt = thumbprint.map(str::to_owned);
    Ok(())
}

fn is_digest(text: &str) -> bool {
    let is_base64url = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    text.len() == DIGEST_CHARACTERS && text.bytes().all(is_base64url)
}

#[cfg(test)]
mod tests;
