//! From a failure to what the person is told. Everything about the message itself looks alike.

use crate::identity::normalise::NormaliseRefusal;
use crate::identity::role::RoleOrganisation;
use crate::identity::role_refusal::RoleRefusal;
use crate::identity::settings::Field;
use crate::identity::values::DisplayText;
use crate::journey::failure::SignInFailure;
use crate::protocol::saml::binding::BindingFlaw;
use crate::upstream::oidc_rp::finish::NotVouched as OpenIdRefusal;
use crate::upstream::oidc_rp::start::NoDeparture;
use crate::upstream::saml_sp::finish::NotVouched as SamlRefusal;
use crate::web::pages::{Detail, NamedOrganisation, Provider, ProviderStatus, Trouble};

/// What surrounds a failure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// Who was to vouch.
    pub(crate) provider: Provider<'a>,
    /// The identity provider's own page about problems.
    pub(crate) error_url: Option<&'a str>,
    /// Where another role can be chosen.
    pub(crate) change_role: Option<&'a str>,
    /// Where to log in again by the same way.
    pub(crate) start_again: Option<&'a str>,
    /// The assurance level that the connection asks for.
    pub(crate) wanted_aal: u8,
}

impl<'a> Told<'a> {
    /// The trouble that `failure` is to the person.
    pub(crate) fn trouble(self, failure: &'a SignInFailure) -> Trouble<'a> {
        match failure {
            SignInFailure::NoSuchDoor => Trouble::NotFound,
            SignInFailure::TooMany => Trouble::TooMany,
            SignInFailure::NothingPending | SignInFailure::EndedUpstream => Trouble::TookTooLong,
            SignInFailure::AnotherBrowser => Trouble::AnotherBrowser,
            SignInFailure::Disabled => Trouble::ConnectionDisabled,
            SignInFailure::Answer(_) => Trouble::NotCompleted,
            SignInFailure::NotVouched(refusal) => self.of_saml(refusal),
            SignInFailure::OpenId(refusal) => self.of_open_id(refusal),
            SignInFailure::NoDeparture(cause) => self.of_departure(cause),
            SignInFailure::Details(refusal) => self.of_details(refusal),
            SignInFailure::Unavailable(_) => Trouble::Unavailable,
        }
    }

    fn of_saml(self, refusal: &SamlRefusal) -> Trouble<'a> {
        match refusal {
            SamlRefusal::Undecodable(BindingFlaw::TooLarge) => Trouble::TooLarge,
            SamlRefusal::Disabled => Trouble::ConnectionDisabled,
            SamlRefusal::Store(_) | SamlRefusal::MetadataExpired => Trouble::Unavailable,
            SamlRefusal::Refused(refused) => match &refused.status {
                Some(status) => {
                    let code = |at: usize| status.codes.get(at).map(String::as_str);
                    let (top, below) = (code(0).unwrap_or_default(), code(1));
                    Trouble::ProviderSaysNo {
                        provider: self.provider,
                        status: ProviderStatus::read(top, below, status.message.as_deref()),
                    }
                }
                None => Trouble::NotCompleted,
            },
            SamlRefusal::Undecodable(_) | SamlRefusal::Replayed | SamlRefusal::BrokenOff => {
                Trouble::NotCompleted
            }
        }
    }

    fn of_open_id(self, refusal: &OpenIdRefusal) -> Trouble<'a> {
        let provider = self.provider;
        match refusal {
            OpenIdRefusal::Disabled => Trouble::ConnectionDisabled,
            OpenIdRefusal::ProviderSays(said) => {
                Trouble::of_oauth_error(provider, &said.error, said.description.as_deref())
            }
            OpenIdRefusal::Unfetched(_) | OpenIdRefusal::Unreached(_) => {
                Trouble::ProviderUnavailable { provider }
            }
            OpenIdRefusal::ProviderFailed { .. } => Trouble::ProviderProblem { provider },
            OpenIdRefusal::InvalidClient => Trouble::OurRegistration { provider },
            OpenIdRefusal::InvalidGrant => Trouble::TookTooLong,
            OpenIdRefusal::Refused(refused) => self.of_rule(refused.rule),
            OpenIdRefusal::Proof(_) => Trouble::Unavailable,
            OpenIdRefusal::OtherQuestion
            | OpenIdRefusal::MixUp
            | OpenIdRefusal::Misshapen(_)
            | OpenIdRefusal::TwoSelections => Trouble::NotCompleted,
        }
    }

    /// Three rules about the person's own login say more than that it was not believed: it is theirs to mend.
    fn of_rule(self, rule: &str) -> Trouble<'a> {
        match rule {
            "id-token-authentication-assurance" => Trouble::AssuranceTooLow {
                wanted: self.wanted_aal,
                start_again: self.start_again,
            },
            "id-token-identity-assurance" => Trouble::IdentityAssuranceTooLow,
            "id-token-auth-age" => Trouble::LoginTooOld,
            _ => Trouble::NotCompleted,
        }
    }

    fn of_departure(self, cause: &NoDeparture) -> Trouble<'a> {
        let provider = self.provider;
        match cause {
            NoDeparture::Random(_) | NoDeparture::Proof(_) => Trouble::Unavailable,
            NoDeparture::Unfetched(_) | NoDeparture::Unreached(_) => {
                Trouble::ProviderUnavailable { provider }
            }
            NoDeparture::NotPushed(_) => Trouble::OurRegistration { provider },
        }
    }

    fn of_details(self, refusal: &'a NormaliseRefusal) -> Trouble<'a> {
        let detail = match refusal {
            NormaliseRefusal::AccountAbsent { .. } => Detail::AccountIdentifier,
            NormaliseRefusal::RequiredAbsent { field } | NormaliseRefusal::RequiredMalformed { field } => {
                match field {
                    Field::Email => Detail::EmailAddress,
                    Field::DisplayName | Field::GivenName | Field::FamilyName => Detail::Name,
                    Field::OrgCode => Detail::Organisation,
                }
            }
            NormaliseRefusal::Role(refusal) => return self.of_role(refusal),
            NormaliseRefusal::AccountAmbiguous { .. }
            | NormaliseRefusal::AccountUnfit { .. }
            | NormaliseRefusal::TenantAbsent
            | NormaliseRefusal::AssuranceAbsent
            | NormaliseRefusal::ForeignTenant => return Trouble::NotCompleted,
        };
        Trouble::DetailsMissing {
            provider: self.provider,
            detail,
            error_url: self.error_url,
        }
    }

    fn of_role(self, refusal: &'a RoleRefusal) -> Trouble<'a> {
        let texts = |list: &'a [String]| list.iter().map(String::as_str).collect();
        // Offered only to somebody who has another role that would do.
        let another = |would_do: &bool| self.change_role.filter(|_| *would_do);
        match refusal {
            RoleRefusal::NoRole => Trouble::NoRole,
            RoleRefusal::NoUsableRole | RoleRefusal::NotSelected | RoleRefusal::NoSuchRole => {
                Trouble::NoUsableRole
            }
            RoleRefusal::OrganisationNotEnabled {
                organisation,
                other_roles_would_do,
            } => Trouble::OrganisationNotEnabled {
                organisation: named(organisation),
                change_role: another(other_roles_would_do),
            },
            RoleRefusal::RoleNotAccepted {
                role,
                accepted_codes,
                other_roles_would_do,
            } => Trouble::RoleNotAccepted {
                organisation: named(role.organisation()),
                accepted: texts(accepted_codes),
                change_role: another(other_roles_would_do),
            },
            RoleRefusal::NotInWorkgroup {
                organisation,
                workgroups,
                other_roles_would_do,
            } => Trouble::NotInWorkgroup {
                organisation: named(organisation),
                accepted: texts(workgroups),
                change_role: another(other_roles_would_do),
            },
        }
    }
}

fn named(organisation: &RoleOrganisation) -> NamedOrganisation<'_> {
    NamedOrganisation {
        code: organisation.code.as_str(),
        name: organisation.name.as_ref().map(DisplayText::as_str),
    }
}
