//! What one connection trusts: the identity provider's keys and addresses, read from its metadata once per load.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::platform::environment::Environment;
use crate::platform::problem::Problem;
use crate::platform::secret::NoOctets;
use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::metadata::{Endpoint, IdpMetadata, MetadataFlaw, MetadataWarning};
use crate::protocol::saml::signature::VerificationKey;
use crate::upstream::saml_sp::own_keys::{OwnKeyFlaw, OwnKeys};
use crate::upstream::saml_sp::settings::{Settings, Weakness};

/// The identity provider of one connection and our keys for it. Cheap to clone and to share; a refresh makes a new
/// one and swaps it in whole.
#[derive(Debug, Clone)]
pub struct Trust {
    keys: Arc<[VerificationKey]>,
    sso: Arc<str>,
    slo: Option<Arc<LogoutService>>,
    error_url: Option<Arc<str>>,
    is_simulated: bool,
    valid_until: Option<OffsetDateTime>,
    warnings: Arc<[MetadataWarning]>,
    own: OwnKeys,
}

/// Where the identity provider takes messages of single logout by HTTP-Redirect (SAML Metadata 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutService {
    /// Where requests go.
    pub location: String,
    /// Where our answers to its requests go.
    pub response_location: String,
}

/// Why there is nothing to trust.
#[derive(Debug, thiserror::Error)]
pub enum TrustFlaw {
    /// The document cannot be read.
    #[error(transparent)]
    Unread(#[from] NoOctets),
    /// The document may not be used.
    #[error("the metadata may not be used: {}", sentences(.0))]
    Metadata(Vec<MetadataFlaw>),
    /// Nothing to verify with but weak keys.
    #[error("every signing key in the metadata is below RSA-2048: {0}")]
    WeakKeys(String),
    /// Nowhere to send a person.
    #[error("the metadata has no SingleSignOnService for HTTP-Redirect, by which people are sent")]
    NoRedirect,
    /// A fake in front of real people.
    #[error("the metadata belongs to a fake, which signs in whoever asks")]
    Fake,
    /// Anyone on the way can send people elsewhere.
    #[error("people would be sent to a plain http address: {0}")]
    PlainHttp(String),
    /// A key of ours is of no use.
    #[error(transparent)]
    OwnKey(#[from] OwnKeyFlaw),
}

impl Trust {
    /// Reads the metadata that `settings` names, and our keys. Weak keys are kept if there is a dated exception, even
    /// one that has ended: the judge looks at the date at every use, and no bridge stays down for a date.
    pub fn load(settings: &Settings, now: OffsetDateTime) -> Result<Self, TrustFlaw> {
        let idp = read(settings, now)?;
        let sso = idp.sso().iter().find(|service| service.is_redirect());
        let sso: &Endpoint = sso.ok_or(TrustFlaw::NoRedirect)?;
        Ok(Self {
            keys: strong_keys(&idp, settings)?,
            sso: sso.location.as_str().into(),
            slo: logout_service(&idp).map(Arc::new),
            error_url: idp.error_url().map(Into::into),
            is_simulated: idp.is_fake(),
            valid_until: idp.valid_until(),
            warnings: idp.warnings().into(),
            own: OwnKeys::load(settings)?,
        })
    }

    /// What is wrong with the metadata of the connection at the path `at`. What the settings alone show is left to
    /// [`Settings::problems`] and [`Settings::traces_of_a_fake`]: a file that is not there, our keys, a fake.
    pub fn problems(
        settings: &Settings,
        environment: Environment,
        at: &str,
        now: OffsetDateTime,
    ) -> Vec<Problem> {
        match Self::load(settings, now).and_then(|trust| trust.fit_for(environment)) {
            Ok(()) | Err(TrustFlaw::Unread(_) | TrustFlaw::OwnKey(_) | TrustFlaw::Fake) => Vec::new(),
            Err(flaw) => flaw.problems(at),
        }
    }

    /// What should be seen to in the metadata of the connection at the path `at`, though it may be used.
    pub fn warnings_of(settings: &Settings, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let Ok(trust) = Self::load(settings, now) else {
            return Vec::new();
        };
        let file = format!("{at}.metadata_file");
        let warnings = trust.warnings.iter();
        let to_see_to = warnings.filter_map(|warning| Some((warning, remedy(warning, settings)?)));
        let about_the_file =
            to_see_to.map(|(warning, instead)| Problem::new(&file, warning.to_string(), instead));
        let nowhere_to_log_out = settings.single_logout == Some(true) && trust.slo.is_none();
        let about_logout = nowhere_to_log_out.then(|| {
            Problem::new(
                format!("{at}.single_logout"),
                "the metadata has no SingleLogoutService for HTTP-Redirect, so people stay logged in there",
                "metadata with one, or remove the key",
            )
        });
        about_the_file.chain(about_logout).collect()
    }

    /// Whether it may be used in `environment`: in front of real people no plain http and no fake.
    pub fn fit_for(&self, environment: Environment) -> Result<(), TrustFlaw> {
        if !environment.is_live() {
            return Ok(());
        }
        let slo = self
            .slo
            .iter()
            .flat_map(|slo| [&slo.location, &slo.response_location]);
        let mut addresses = std::iter::once(&*self.sso).chain(slo.map(String::as_str));
        if let Some(plain) = addresses.find(|address| address.starts_with("http://")) {
            return Err(TrustFlaw::PlainHttp(plain.to_owned()));
        }
        if self.is_simulated {
            return Err(TrustFlaw::Fake);
        }
        Ok(())
    }

    /// The identity provider's signing keys, at least one. All are tried.
    pub fn keys(&self) -> &[VerificationKey] {
        &self.keys
    }

    /// Our keys that open what is encrypted for us.
    pub fn decryption(&self) -> &[DecryptionKey] {
        self.own.decryption()
    }

    /// Our keys at this connection.
    pub fn own_keys(&self) -> &OwnKeys {
        &self.own
    }

    /// Where people are sent by HTTP-Redirect.
    pub fn sso(&self) -> &str {
        &self.sso
    }

    /// Where it takes messages of single logout by HTTP-Redirect; `None`: nowhere.
    pub fn slo(&self) -> Option<&LogoutService> {
        self.slo.as_deref()
    }

    /// Where the identity provider explains to people what went wrong.
    pub fn error_url(&self) -> Option<&str> {
        self.error_url.as_deref()
    }

    /// True if the identity provider is a fake: its people are invented.
    pub fn is_simulated(&self) -> bool {
        self.is_simulated
    }

    /// Whether the metadata may still be used at the instant `now` (SAML Metadata 2.3.2). Ask at every sign-in.
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }

    /// What an operator should know, for the log at every load.
    pub fn warnings(&self) -> &[MetadataWarning] {
        &self.warnings
    }
}

impl TrustFlaw {
    /// The same as problems of the connection at the path `at`.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let file = format!("{at}.metadata_file");
        let instead = match self {
            Self::Unread(cause) => return vec![cause.problem(file)],
            Self::OwnKey(flaw) => return vec![flaw.problem(at)],
            Self::Metadata(flaws) => return flaws.iter().map(|flaw| metadata_problem(flaw, at)).collect(),
            Self::WeakKeys(_) => {
                "metadata with an RSA key of at least 2048 bits or an EC key, or a dated exception for rsa-1024"
            }
            Self::NoRedirect => {
                "metadata with a SingleSignOnService for HTTP-Redirect; Entra and ADFS have one"
            }
            Self::Fake => "the metadata that the NHSmail team gave you, or another environment",
            Self::PlainHttp(_) => "metadata with an https address",
        };
        vec![Problem::new(file, self.to_string(), instead)]
    }
}

/// What an operator can do; `None` where there is nothing to be done.
fn remedy(warning: &MetadataWarning, settings: &Settings) -> Option<&'static str> {
    match warning {
        MetadataWarning::CertificateExpired { .. } | MetadataWarning::CertificateExpires { .. } => {
            Some("the document with the next certificate, as soon as the identity provider has one")
        }
        MetadataWarning::WeakKey { .. } | MetadataWarning::Sha1Signature { .. } => {
            Some("the document with a stronger key, when the identity provider has one")
        }
        MetadataWarning::UnreadableCertificate { .. } | MetadataWarning::NoCertificate { .. } => {
            Some("the document as the identity provider publishes it, whole")
        }
        MetadataWarning::WantsSignedRequests if settings.request_signing.is_none() => {
            Some("the table request_signing with a key, whose certificate the identity provider is given")
        }
        MetadataWarning::WantsSignedRequests
        | MetadataWarning::UnknownUse { .. }
        | MetadataWarning::PlainHttp { .. }
        | MetadataWarning::UnusableEndpoint { .. }
        | MetadataWarning::NoRedirect
        | MetadataWarning::InnerSignature
        | MetadataWarning::NoValidUntil
        | MetadataWarning::FarValidUntil(_)
        | MetadataWarning::Fake
        | MetadataWarning::Several(_)
        | MetadataWarning::UnusableProvider { .. } => None,
    }
}

fn metadata_problem(flaw: &MetadataFlaw, at: &str) -> Problem {
    let is_about_the_name = matches!(flaw, MetadataFlaw::OtherEntity { .. } | MetadataFlaw::NotHere(_));
    let key = if is_about_the_name {
        "idp_entity_id"
    } else {
        "metadata_file"
    };
    Problem::new(format!("{at}.{key}"), flaw.to_string(), flaw.remedy())
}

fn read(settings: &Settings, now: OffsetDateTime) -> Result<IdpMetadata, TrustFlaw> {
    let document = settings.metadata.read()?;
    let entity_id = Some(settings.idp_entity_id.as_str());
    IdpMetadata::read(document.expose(), entity_id, now).map_err(TrustFlaw::Metadata)
}

fn strong_keys(idp: &IdpMetadata, settings: &Settings) -> Result<Arc<[VerificationKey]>, TrustFlaw> {
    let weak_is_permitted = settings
        .exceptions
        .iter()
        .any(|exception| exception.allow == Weakness::Rsa1024);
    let kept = idp
        .keys()
        .iter()
        .filter(|key| key.is_strong() || weak_is_permitted);
    let kept: Arc<[VerificationKey]> = kept.cloned().collect();
    if kept.is_empty() {
        let all: Vec<String> = idp.keys().iter().map(VerificationKey::description).collect();
        return Err(TrustFlaw::WeakKeys(all.join(", ")));
    }
    Ok(kept)
}

/// The first that a browser can be sent to by HTTP-Redirect, as it is sent to sign in.
fn logout_service(idp: &IdpMetadata) -> Option<LogoutService> {
    let service = idp.slo().iter().find(|service| service.is_redirect())?;
    let response_location = service.response_location.as_ref();
    Some(LogoutService {
        location: service.location.clone(),
        response_location: response_location.unwrap_or(&service.location).clone(),
    })
}

fn sentences(flaws: &[MetadataFlaw]) -> String {
    let all: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    all.join("; ")
}

#[cfg(test)]
mod tests;
