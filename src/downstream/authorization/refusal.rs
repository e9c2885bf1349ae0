//! Why an application gets no code, in the words of the standards.

/// What an application is told, by a redirect to its own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", error.as_str())]
pub struct Refusal {
    /// The word for programs.
    pub error: AuthorizationError,
    /// One sentence for its developers, from a fixed list.
    pub description: &'static str,
}

/// `error` of an authorization answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationError {
    /// Something is missing, comes twice or is misshapen (RFC 6749 4.1.2.1).
    InvalidRequest,
    /// The application may not ask in this way (RFC 6749 4.1.2.1).
    UnauthorizedClient,
    /// The person may not use the application (RFC 6749 4.1.2.1).
    AccessDenied,
    /// Another answer than a code is asked for (RFC 6749 4.1.2.1).
    UnsupportedResponseType,
    /// The scope is unknown or misshapen (RFC 6749 4.1.2.1).
    InvalidScope,
    /// A part of ours is away (RFC 6749 4.1.2.1).
    TemporarilyUnavailable,
    /// The person would have to sign in, and may not be asked (OpenID Connect Core 3.1.2.6).
    LoginRequired,
    /// The person would have to choose something, and may not be asked (OpenID Connect Core 3.1.2.6).
    InteractionRequired,
    /// `request` is not taken (OpenID Connect Core 3.1.2.6).
    RequestNotSupported,
    /// `request_uri` is not taken, but one that we gave (OpenID Connect Core 3.1.2.6).
    RequestUriNotSupported,
    /// `registration` is not taken (OpenID Connect Core 3.1.2.6).
    RegistrationNotSupported,
    /// The person did not prove themselves in the way that was asked (OpenID Connect Core Unmet Authentication
    /// Requirements 1.0).
    UnmetAuthenticationRequirements,
}

impl AuthorizationError {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
        }
    }

    /// The refusal with this sentence.
    pub fn because(self, description: &'static str) -> Refusal {
        Refusal {
            error: self,
            description,
        }
    }
}

/// Why nobody can be sent back: there is nowhere safe to send them. It is told to the person (RFC 6749 4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Nowhere {
    /// `client_id` is missing or comes twice.
    #[error("client_id is missing or comes twice")]
    NoClient,
    /// No application that sends people here has this `client_id`.
    #[error("no application that sends people here has this client_id")]
    UnknownClient,
    /// `redirect_uri` is missing or comes twice.
    #[error("redirect_uri is missing or comes twice")]
    NoRedirectUri,
    /// `redirect_uri` is not registered, letter for letter.
    #[error("redirect_uri is not registered for this application, letter for letter")]
    RedirectUri,
    /// The request was longer than any that is read.
    #[error("the request is too long; push it instead")]
    TooLong,
    /// `request_uri` was used, is too old or another application's.
    #[error("the pushed request was used, is too old or belongs to another application")]
    PushedRequest,
}
