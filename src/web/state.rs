//! What handlers may reach.

use std::sync::Arc;

use crate::downstream::active::Books;
use crate::downstream::application::registry::Applications;
use crate::downstream::authorization::pushed::PushedRequests;
use crate::downstream::authorization::waiting::WaitingRequests;
use crate::downstream::client_authentication::Clients;
use crate::downstream::dpop::Proofs;
use crate::downstream::grants::Grants;
use crate::downstream::hand_over::HandOvers;
use crate::downstream::logout::BackChannel;
use crate::downstream::session_token::SessionTokens;
use crate::downstream::site_ticket::SiteKey;
use crate::journey::return_to::ReturnTo;
use crate::journey::sign_in::SignIns;
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::random::Random;
use crate::platform::store::Store;
use crate::session::Sessions;
use crate::web::forward_auth::RecentAnswers;
use crate::web::headers::Transport;
use crate::web::management::token::ManagementToken;
use crate::web::pages::Frame;
use crate::web::settings::Settings;

/// What handlers may reach; cheap to clone.
#[derive(Debug, Clone)]
pub struct WebState(Arc<Parts>);

/// The parts, joined once at start-up.
#[derive(Debug)]
pub struct Parts {
    /// Listeners, proxies, places to return to.
    pub settings: Settings,
    /// Our address as browsers see it.
    pub origin: Origin,
    /// The world this bridge stands in.
    pub environment: Environment,
    /// What stands around every page.
    pub frame: Frame,
    /// Leaving and arriving.
    pub sign_ins: SignIns,
    /// What an administrator shows at the management listener; absent: nobody is one.
    pub management_token: Option<ManagementToken>,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// What applications are told.
    pub tokens: SessionTokens,
    /// The applications that are told.
    pub applications: Applications,
    /// Which of them asks.
    pub clients: Clients,
    /// Which key it holds.
    pub proofs: Proofs,
    /// What people let them have.
    pub grants: Grants,
    /// How applications are told that sessions are over.
    pub back_channel: Arc<BackChannel>,
    /// Their requests that were pushed.
    pub pushed: PushedRequests,
    /// Their requests that wait while somebody signs in.
    pub waiting: WaitingRequests,
    /// Under which browsers are known at sites behind a proxy.
    pub site_key: SiteKey,
    /// Who is on the way to such a site.
    pub hand_overs: HandOvers,
    /// What proxies were told a moment ago.
    pub recent: RecentAnswers,
    /// Small expiring things, for the question whether we are ready.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl WebState {
    /// Hands the parts to the handlers.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Where tokens, grants, sessions and applications are looked up.
    pub(crate) fn books(&self) -> Books<'_> {
        Books {
            tokens: &self.tokens,
            grants: &self.grants,
            sessions: &self.sessions,
            applications: &self.applications,
        }
    }

    /// How browsers reach us.
    pub(crate) fn transport(&self) -> Transport {
        if self.origin.is_https() {
            Transport::Https
        } else {
            Transport::PlainHttp
        }
    }

    /// A place to return to, if it is one of ours, on the list, or at a site of an application.
    pub(crate) fn return_to(&self, text: &str) -> Option<ReturnTo> {
        let listed: Vec<Origin> = self.sites().cloned().collect();
        ReturnTo::parse(text, &listed, &self.origin).ok()
    }

    /// Every other origin to which a browser may be sent afterwards.
    pub(crate) fn sites(&self) -> impl Iterator<Item = &Origin> {
        let of_applications = self
            .applications
            .all()
            .flat_map(|application| &application.origins);
        self.settings.return_to.iter().chain(of_applications)
    }

    /// Where a browser goes that named no place.
    pub(crate) fn default_return_to(&self) -> &str {
        &self.settings.default_return_to
    }
}

impl std::ops::Deref for WebState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
