//! `Way`: one way in, whichever language its upstream speaks.

use std::sync::Arc;

use crate::identity;
use crate::session;
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::verified::Door;

/// One way in: a connection with how its people are read and how long they stay.
#[derive(Debug)]
pub struct Way {
    /// The connection.
    pub upstream: Upstream,
    /// How its people are read.
    pub person: identity::settings::Settings,
    /// How long its sessions live.
    pub session: session::settings::Settings,
}

/// A connection, by the language it speaks.
#[derive(Debug)]
pub enum Upstream {
    /// SAML 2.0.
    Saml(Arc<ServiceProvider>),
    /// OpenID Connect.
    OpenId(Arc<RelyingParty>),
}

impl Way {
    /// Its name in the configuration and in addresses.
    pub fn name(&self) -> &str {
        match &self.upstream {
            Upstream::Saml(provider) => provider.name(),
            Upstream::OpenId(party) => party.name(),
        }
    }

    /// Whose account it takes, in words: "NHSmail".
    pub fn label(&self) -> &str {
        match &self.upstream {
            Upstream::Saml(provider) => &provider.settings().label,
            Upstream::OpenId(party) => &party.settings().label,
        }
    }

    /// The door it is.
    pub fn door(&self) -> Door {
        match &self.upstream {
            Upstream::Saml(_) => Door::Nhsmail,
            Upstream::OpenId(party) => party.settings().door,
        }
    }

    /// False if it is switched off.
    pub fn is_enabled(&self) -> bool {
        match &self.upstream {
            Upstream::Saml(provider) => provider.settings().enabled,
            Upstream::OpenId(party) => party.settings().enabled,
        }
    }

    /// True if its people are known to be invented before anybody has come.
    pub fn is_simulated(&self) -> bool {
        match &self.upstream {
            Upstream::Saml(provider) => provider.trust().is_simulated(),
            Upstream::OpenId(party) => party.is_on_this_machine(),
        }
    }

    /// Its relying party, if it speaks OpenID Connect.
    pub fn open_id(&self) -> Option<&Arc<RelyingParty>> {
        match &self.upstream {
            Upstream::OpenId(party) => Some(party),
            Upstream::Saml(_) => None,
        }
    }

    /// Its service provider, if it speaks SAML.
    pub fn saml(&self) -> Option<&Arc<ServiceProvider>> {
        match &self.upstream {
            Upstream::Saml(provider) => Some(provider),
            Upstream::OpenId(_) => None,
        }
    }
}
