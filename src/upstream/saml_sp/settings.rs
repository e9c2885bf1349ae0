//! What an operator sets for one SAML connection: `[saml.NAME]`.

mod catalogue;
#[cfg(test)]
pub(crate) mod examples;
mod exceptions;
mod files;
mod problems;
mod refused;
mod traces;

pub use catalogue::SETTINGS;
pub use exceptions::{Exception, Weakness};
pub use refused::refused;

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::platform::durations;
use crate::platform::secret::{Source, file};
use crate::upstream::saml_sp::entity_id::EntityId;

/// One connection to one identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The words on the chooser: `Log in with {label}`.
    pub label: String,
    /// Which kind of identity provider it is; decides the defaults of the settings that differ between them.
    pub preset: Preset,
    /// A connection that is switched off refuses every step of a sign-in.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Our own name at this identity provider.
    pub entity_id: EntityId,
    /// The identity provider's name.
    pub idp_entity_id: EntityId,
    /// The identity provider's metadata document.
    #[serde(rename = "metadata_file", deserialize_with = "file")]
    pub metadata: Source,
    /// The key that signs our `AuthnRequest`s and messages of single logout; absent: they are unsigned.
    #[serde(default)]
    pub request_signing: Option<RequestSigning>,
    /// The keys that open an `EncryptedAssertion`, newest first. Empty: encryption is off, and our metadata
    /// offers no encryption key.
    #[serde(default)]
    pub decryption: Vec<Decryption>,
    /// How far the identity provider's clock may be off.
    #[serde(
        default = "default_clock_skew",
        rename = "clock_skew_seconds",
        deserialize_with = "durations::seconds"
    )]
    pub clock_skew: Duration,
    /// How old a Response may be when it arrives, before skew.
    #[serde(
        default = "default_max_response_age",
        rename = "max_response_age_seconds",
        deserialize_with = "durations::seconds"
    )]
    pub max_response_age: Duration,
    /// What becomes of a Response that answers no question of ours.
    #[serde(default)]
    pub unsolicited: Unsolicited,
    /// The only `RelayState` values an unsolicited Response may carry.
    #[serde(default)]
    pub unsolicited_relay_states: Vec<String>,
    /// Whether the subject may lack a `NameID`; absent: as the preset says. Ask [`Settings::allows_no_nameid`].
    #[serde(default)]
    pub allow_no_nameid: Option<bool>,
    /// Whether the Response may lack `InResponseTo` although it answers a question.
    #[serde(default)]
    pub allow_missing_response_in_response_to: bool,
    /// Whether `SubjectConfirmationData` may lack `InResponseTo` although the Response answers a question.
    #[serde(default)]
    pub allow_missing_scd_in_response_to: bool,
    /// Whether samael must agree with our verifier.
    #[serde(default)]
    pub second_judge: SecondJudge,
    /// `NameIDPolicy/@Format` of our `AuthnRequest`; absent: no `NameIDPolicy`.
    #[serde(default)]
    pub name_id_policy_format: Option<String>,
    /// The `AuthnContextClassRef`s our `AuthnRequest` demands, exactly; empty: none.
    #[serde(default)]
    pub requested_authn_context: Vec<String>,
    /// Whether every sign-in asks the person to prove themselves again.
    #[serde(default)]
    pub force_authn: bool,
    /// Whether logging out here logs out at the identity provider too, and our metadata has the address for its own
    /// logouts; absent: as the preset and our keys say. Ask [`Settings::logs_out_upstream`].
    #[serde(default)]
    pub single_logout: Option<bool>,
    /// Another name by which the identity provider signs messages of single logout, beside its own; absent: as the
    /// preset says. Ask [`Settings::logout_issuers`].
    #[serde(default)]
    pub logout_issuer: Option<EntityId>,
    /// Dated permissions for weak algorithms.
    #[serde(default, rename = "exception")]
    pub exceptions: Vec<Exception>,
}

/// The kind of identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Microsoft Entra ID, as NHSmail runs it.
    Entra,
    /// Active Directory Federation Services: often without `NameID`.
    Adfs,
    /// Anything else: no assumption is made.
    None,
}

/// What becomes of a Response that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unsolicited {
    /// It is refused.
    #[default]
    Refuse,
    /// It is thrown away, and the browser is sent to the identity provider with a question of ours.
    Restart,
    /// It begins a session, if its `RelayState` is on the list.
    Accept,
}

/// Whether samael's verdict is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondJudge {
    /// Every signature is judged twice.
    #[default]
    Always,
    /// Our verifier judges alone.
    Off,
}

/// How our `AuthnRequest`s are signed: `[saml.NAME.request_signing]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSigning {
    /// The private key, PEM.
    pub key: Source,
    /// Its certificate, PEM, for our metadata.
    #[serde(rename = "certificate_file", deserialize_with = "file")]
    pub certificate: Source,
    /// The signature algorithm.
    #[serde(default)]
    pub algorithm: RequestAlgorithm,
}

/// The algorithms that sign an `AuthnRequest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestAlgorithm {
    /// `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256`
    #[default]
    RsaSha256,
    /// `http://www.w3.org/2001/04/xmldsig-more#rsa-sha384`
    RsaSha384,
    /// `http://www.w3.org/2001/04/xmldsig-more#rsa-sha512`
    RsaSha512,
    /// `http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256`
    EcdsaSha256,
}

/// A key that opens an `EncryptedAssertion`: `[[saml.NAME.decryption]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decryption {
    /// The private RSA key, PEM.
    pub key: Source,
    /// Its certificate, PEM; that of the first entry is offered in our metadata.
    #[serde(rename = "certificate_file", deserialize_with = "file")]
    pub certificate: Source,
}

/// The four things no connection can be without.
#[derive(Debug, Clone)]
pub struct Essentials {
    /// The words on the chooser.
    pub label: String,
    /// Our own name.
    pub entity_id: EntityId,
    /// The identity provider's name.
    pub idp_entity_id: EntityId,
    /// The identity provider's metadata document.
    pub metadata: Source,
}

impl Settings {
    /// The connection that a file with nothing but the essentials would give.
    pub fn new(preset: Preset, essentials: Essentials) -> Self {
        let Essentials {
            label,
            entity_id,
            idp_entity_id,
            metadata,
        } = essentials;
        Self {
            label,
            preset,
            enabled: true,
            entity_id,
            idp_entity_id,
            metadata,
            request_signing: None,
            decryption: Vec::new(),
            clock_skew: default_clock_skew(),
            max_response_age: default_max_response_age(),
            unsolicited: Unsolicited::Refuse,
            unsolicited_relay_states: Vec::new(),
            allow_no_nameid: None,
            allow_missing_response_in_response_to: false,
            allow_missing_scd_in_response_to: false,
            second_judge: SecondJudge::Always,
            name_id_policy_format: None,
            requested_authn_context: Vec::new(),
            force_authn: false,
            single_logout: None,
            logout_issuer: None,
            exceptions: Vec::new(),
        }
    }

    /// Whether a subject without `NameID` is accepted: as set, else as the preset says. ADFS issues none unless a
    /// claim rule does.
    pub fn allows_no_nameid(&self) -> bool {
        self.allow_no_nameid.unwrap_or(self.preset == Preset::Adfs)
    }

    /// Whether logging out here logs out at the identity provider too: as set, else where its requests would be heard.
    /// Entra takes them unsigned; ADFS takes none but signed ones (MSIS7084).
    pub fn logs_out_upstream(&self) -> bool {
        let would_be_heard = self.preset == Preset::Entra || self.request_signing.is_some();
        self.single_logout.unwrap_or(would_be_heard)
    }

    /// The names by which the identity provider may sign messages of single logout: its own, and the one that is set.
    /// Where none is, Entra's second name is known: it signs answers by the name of its login page.
    pub fn logout_issuers(&self) -> Vec<String> {
        let own = self.idp_entity_id.as_str();
        let set = self
            .logout_issuer
            .as_ref()
            .map(|issuer| issuer.as_str().to_owned());
        let other = set.or_else(|| match self.preset {
            Preset::Entra => login_page_of(own),
            Preset::Adfs | Preset::None => None,
        });
        std::iter::once(own.to_owned()).chain(other).collect()
    }

    /// Whether a dated exception permits `weakness` at the instant `now`. Each use must be logged.
    pub fn permits(&self, weakness: Weakness, now: OffsetDateTime) -> bool {
        self.exceptions.iter().any(|it| it.permits(weakness, now))
    }
}

/// `https://login.microsoftonline.com/TENANT/` for the tenant of `https://sts.windows.net/TENANT/`.
fn login_page_of(entity_id: &str) -> Option<String> {
    let tenant = entity_id
        .strip_prefix("https://sts.windows.net/")?
        .strip_suffix('/')?;
    let is_one_word = !tenant.is_empty() && tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_one_word.then(|| format!("https://login.microsoftonline.com/{tenant}/"))
}

fn default_clock_skew() -> Duration {
    Duration::seconds(120)
}

fn default_max_response_age() -> Duration {
    Duration::seconds(300)
}

fn yes() -> bool {
    true
}
