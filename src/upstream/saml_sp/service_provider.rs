//! `ServiceProvider`: one connection to one identity provider, ready to ask and to judge.

use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;
use tokio::sync::Semaphore;

use crate::protocol::saml::second_judge;
use crate::upstream::saml_sp::addresses;
use crate::upstream::saml_sp::settings::{SecondJudge, Settings, Unsolicited, Weakness};
use crate::upstream::saml_sp::terms::{Grant, Grants, Question, Terms};
use crate::upstream::saml_sp::trust::{Trust, TrustFlaw};

/// One connection. Keys and metadata are parsed when it is made or when its trust is replaced, never at sign-in.
#[derive(Debug)]
pub struct ServiceProvider {
    name: String,
    origin: String,
    acs_url: String,
    slo_url: String,
    settings: Settings,
    trust: RwLock<Arc<Trust>>,
    /// As many judgements at once as there are cores: a flood waits at the door, not inside.
    pub(super) judging: Semaphore,
}

impl ServiceProvider {
    /// Reads all that the connection `name` needs, under our public address `origin`.
    pub fn load(
        name: &str,
        origin: &str,
        settings: Settings,
        now: OffsetDateTime,
    ) -> Result<Self, TrustFlaw> {
        let trust = Trust::load(&settings, now)?;
        Ok(Self {
            name: name.to_owned(),
            origin: origin.to_owned(),
            acs_url: addresses::acs_url(origin, name),
            slo_url: addresses::slo_url(origin, name),
            settings,
            trust: RwLock::new(Arc::new(trust)),
            judging: Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)),
        })
    }

    /// Its name in the configuration and in addresses.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the operator set for it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address to which the identity provider posts its answers.
    pub fn acs_url(&self) -> &str {
        &self.acs_url
    }

    /// The address to which messages of single logout come.
    pub fn slo_url(&self) -> &str {
        &self.slo_url
    }

    /// What it trusts at the moment.
    pub fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Trusts something else from now on. Judgements that have begun end with what they began with.
    pub fn trust_instead(&self, trust: Trust) {
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trust);
    }

    /// What the identity provider is to know about us (SAML Metadata 2.4.4).
    pub fn metadata(&self) -> String {
        let trust = self.trust();
        trust
            .own_keys()
            .metadata(&self.settings, &self.origin, &self.name)
    }

    /// The terms on which an answer is judged at `now`.
    pub(super) fn terms<'t>(
        &'t self,
        trust: &'t Trust,
        question: Option<Question>,
        now: OffsetDateTime,
    ) -> Terms<'t> {
        Terms {
            idp_entity_id: self.settings.idp_entity_id.as_str(),
            sp_entity_id: self.settings.entity_id.as_str(),
            acs_url: &self.acs_url,
            keys: trust.keys(),
            decryption: trust.decryption(),
            question,
            now,
            skew: self.settings.clock_skew,
            max_response_age: Some(self.settings.max_response_age),
            grants: self.grants(now),
            second_judge: self.settings.second_judge == SecondJudge::Always && second_judge::IS_PRESENT,
        }
    }

    pub(super) fn grants(&self, now: OffsetDateTime) -> Grants {
        let weak = |weakness| self.settings.permits(weakness, now);
        let granted = [
            (Grant::Sha1, weak(Weakness::Sha1)),
            (Grant::Rsa1024, weak(Weakness::Rsa1024)),
            (Grant::Cbc, weak(Weakness::Cbc)),
            (Grant::NoNameId, self.settings.allows_no_nameid()),
            (
                Grant::Unsolicited,
                self.settings.unsolicited != Unsolicited::Refuse,
            ),
            (
                Grant::MissingResponseInResponseTo,
                self.settings.allow_missing_response_in_response_to,
            ),
            (
                Grant::MissingScdInResponseTo,
                self.settings.allow_missing_scd_in_response_to,
            ),
        ];
        granted
            .into_iter()
            .filter(|(_, is_granted)| *is_granted)
            .map(|(grant, _)| grant)
            .collect()
    }
}
