//! What a person is told, for each kind of refusal. A fixed list: nothing that was sent to us is repeated here, but
//! an organisation of the person's own that their identity provider vouched for.
//!
//! Whatever failed in a signature, in decryption or in a rule about an assertion is [`Trouble::NotCompleted`], so
//! that all of them look alike from outside.

mod application;
mod at_the_provider;
mod care_identity;
mod ours;

use axum::http::StatusCode;

pub use application::Lack;

use crate::upstream::verified::Door;
use crate::web::pages::oauth_errors::{self, Kind};
use crate::web::pages::{NamedOrganisation, Provider, ProviderStatus, Words};

/// The kinds of trouble that a person can tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// The answer was not believed; also anything else about it that is nobody's business.
    NotCompleted,
    /// The question is unknown, too old, or was answered before.
    TookTooLong,
    /// The cookie of the sign-in is missing: blocked, or another browser.
    AnotherBrowser,
    /// A message about logging out was not believed, or nobody here was waiting for it.
    LogoutNotBelieved,
    /// A form of ours came back without the right token.
    FormExpired,
    /// The identity provider answered with a status other than success.
    ProviderSaysNo {
        /// Who it is.
        provider: Provider<'a>,
        /// What it said, as far as it may be repeated.
        status: ProviderStatus,
    },
    /// The identity provider vouched, but did not say something that we need.
    DetailsMissing {
        /// Who it is.
        provider: Provider<'a>,
        /// What is missing.
        detail: Detail,
        /// The `errorURL` of the identity provider's metadata (SAML Metadata 2.4.1).
        error_url: Option<&'a str>,
    },
    /// The Care Identity has no role in any organisation.
    NoRole,
    /// CIS2 named a role that is blank, or none of the person's.
    NoUsableRole,
    /// The selected role is not one that may come in.
    RoleNotAccepted {
        /// Where the role is.
        organisation: NamedOrganisation<'a>,
        /// The roles that may, from the settings: codes, which are shown with their names, or words.
        accepted: Vec<&'a str>,
        /// Where another role can be chosen; `None` unless the person has one that would do.
        change_role: Option<&'a str>,
    },
    /// The organisation of the selected role may not come in.
    OrganisationNotEnabled {
        /// The organisation.
        organisation: NamedOrganisation<'a>,
        /// Where another role can be chosen; `None` unless the person has one that would do.
        change_role: Option<&'a str>,
    },
    /// The selected role is in none of the workgroups asked for.
    NotInWorkgroup {
        /// Whose registration authority fills the workgroups.
        organisation: NamedOrganisation<'a>,
        /// The workgroups that may come in, from the settings.
        accepted: Vec<&'a str>,
        /// Where another role can be chosen; `None` unless the person has one that would do.
        change_role: Option<&'a str>,
    },
    /// The person proved themselves in too weak a way.
    AssuranceTooLow {
        /// The authentication assurance level asked for: 2 or 3.
        wanted: u8,
        /// Where to log in again and be asked for that level.
        start_again: Option<&'a str>,
    },
    /// Nobody has proved well enough who the person is (identity assurance level).
    IdentityAssuranceTooLow,
    /// The person proved themselves too long ago (`auth_time`).
    LoginTooOld,
    /// The person, or the identity provider, stopped half-way (`access_denied`).
    Cancelled {
        /// Who it is.
        provider: Provider<'a>,
    },
    /// The identity provider says that it is out of order (`server_error`, `temporarily_unavailable`).
    ProviderProblem {
        /// Who it is.
        provider: Provider<'a>,
    },
    /// The identity provider cannot be reached: its discovery document, its keys, its token endpoint.
    ProviderUnavailable {
        /// Who it is.
        provider: Provider<'a>,
    },
    /// The identity provider does not know us as we think it does (`invalid_client` and the like).
    OurRegistration {
        /// Who it is.
        provider: Provider<'a>,
    },
    /// A part that we cannot do without is away or full.
    Unavailable,
    /// Too many logins were begun, by this browser or by everybody.
    TooMany,
    /// No page has this address.
    NotFound,
    /// More was sent than we read.
    TooLarge,
    /// The address exists, but not for this method.
    WrongMethod,
    /// This way to sign in is switched off.
    ConnectionDisabled,
    /// The address to return to is not on the list.
    ReturnNotAllowed,
    /// An application sent the person here in a way that cannot be answered.
    ApplicationRequest {
        /// What its developers need to know: a sentence from a fixed list.
        reason: String,
    },
    /// The person is not as the application needs them.
    Unmet {
        /// What people call it.
        application: &'a str,
        /// What is missing.
        lack: Lack<'a>,
    },
    /// Somebody who is not signed in sent a form to a site behind a proxy.
    FormNotSent,
    /// The proxy of a site asked in a way that we do not answer.
    SiteNotSetUp,
}

/// A kind of detail that an account can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What tells one account from another.
    AccountIdentifier,
    /// Any name for display.
    Name,
    /// An e-mail address.
    EmailAddress,
    /// The organisation the person works for.
    Organisation,
    /// An attribute that only this service asks for.
    Other,
}

impl<'a> Trouble<'a> {
    /// What an error that `provider` sent back by the browser or from its token endpoint means to the person
    /// (RFC 6749 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6). Of what was sent only known codes are ever shown.
    pub fn of_oauth_error(provider: Provider<'a>, error: &str, description: Option<&str>) -> Self {
        // Only Microsoft writes such numbers; at another provider they can only be somebody's joke.
        let description = description.filter(|_| provider.door == Door::Nhsmail);
        let status = ProviderStatus::read_oauth(error, description);
        match oauth_errors::kind(error) {
            _ if status.is_explained_by_microsoft() => Self::ProviderSaysNo { provider, status },
            Kind::Cancelled => Self::Cancelled { provider },
            Kind::OutOfOrder => Self::ProviderProblem { provider },
            Kind::OurRegistration => Self::OurRegistration { provider },
            Kind::StartAgain | Kind::Unknown => Self::ProviderSaysNo { provider, status },
        }
    }

    /// What to tell the person.
    pub fn words(&self) -> Words {
        match self {
            Self::ProviderSaysNo { provider, status } => status.words(*provider),
            Self::DetailsMissing {
                provider,
                detail,
                error_url,
            } => at_the_provider::details_missing(*provider, *detail, *error_url),
            Self::Cancelled { provider } => at_the_provider::cancelled(*provider),
            Self::ProviderProblem { provider } => at_the_provider::out_of_order(*provider),
            Self::ProviderUnavailable { provider } => at_the_provider::unreachable(*provider),
            Self::OurRegistration { provider } => at_the_provider::our_registration(*provider),
            Self::NoRole => care_identity::no_role(),
            Self::NoUsableRole => care_identity::no_usable_role(),
            Self::RoleNotAccepted {
                organisation,
                accepted,
                change_role,
            } => care_identity::role_not_accepted(*organisation, accepted, *change_role),
            Self::OrganisationNotEnabled {
                organisation,
                change_role,
            } => care_identity::organisation_not_enabled(*organisation, *change_role),
            Self::NotInWorkgroup {
                organisation,
                accepted,
                change_role,
            } => care_identity::not_in_workgroup(*organisation, accepted, *change_role),
            Self::AssuranceTooLow { wanted, start_again } => {
                care_identity::assurance_too_low(*wanted, *start_again)
            }
            Self::IdentityAssuranceTooLow => care_identity::identity_assurance_too_low(),
            Self::LoginTooOld => ours::login_too_old(),
            Self::NotCompleted => ours::not_completed(),
            Self::TookTooLong => ours::took_too_long(),
            Self::AnotherBrowser => ours::another_browser(),
            Self::LogoutNotBelieved => ours::logout_not_believed(),
            Self::FormExpired => ours::form_expired(),
            Self::Unavailable => ours::unavailable(),
            Self::TooMany => ours::too_many(),
            Self::NotFound => ours::not_found(),
            Self::TooLarge => ours::too_large(),
            Self::WrongMethod => ours::wrong_method(),
            Self::ConnectionDisabled => ours::connection_disabled(),
            Self::ReturnNotAllowed => ours::return_not_allowed(),
            Self::ApplicationRequest { reason } => application::cannot_be_answered(reason),
            Self::Unmet { application, lack } => lack.words(application),
            Self::FormNotSent => ours::form_not_sent(),
            Self::SiteNotSetUp => ours::site_not_set_up(),
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TookTooLong
            | Self::AnotherBrowser
            | Self::LogoutNotBelieved
            | Self::FormExpired
            | Self::ReturnNotAllowed
            | Self::ApplicationRequest { .. } => StatusCode::BAD_REQUEST,
            Self::NotCompleted
            | Self::ProviderSaysNo { .. }
            | Self::DetailsMissing { .. }
            | Self::NoRole
            | Self::NoUsableRole
            | Self::RoleNotAccepted { .. }
            | Self::OrganisationNotEnabled { .. }
            | Self::NotInWorkgroup { .. }
            | Self::AssuranceTooLow { .. }
            | Self::IdentityAssuranceTooLow
            | Self::LoginTooOld
            | Self::Cancelled { .. }
            | Self::ConnectionDisabled
            | Self::Unmet { .. }
            | Self::SiteNotSetUp => StatusCode::FORBIDDEN,
            Self::FormNotSent => StatusCode::UNAUTHORIZED,
            Self::OurRegistration { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable | Self::ProviderProblem { .. } | Self::ProviderUnavailable { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}
