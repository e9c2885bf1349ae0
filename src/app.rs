//! Where the rooms are joined: a configuration, a clock and chance in; an application that answers HTTP out.

pub mod listener;
mod logout;

use std::sync::Arc;

use axum::Router;

use crate::config::{Config, Connection, OidcConnection};
use crate::downstream::application::registry::Applications;
use crate::downstream::application::{Application, Simulated};
use crate::downstream::authorization::pushed::PushedRequests;
use crate::downstream::authorization::waiting::WaitingRequests;
use crate::downstream::client_authentication::Clients;
use crate::downstream::dpop::Proofs;
use crate::downstream::grants::Grants;
use crate::downstream::hand_over::HandOvers;
use crate::downstream::logout::{BackChannel, LogoutRecord};
use crate::downstream::session_token::{Issuing, SessionTokens};
use crate::downstream::signing_keys::{SigningKeys, SigningKeysError};
use crate::downstream::site_ticket::{SiteKey, SiteKeyError};
use crate::downstream::subject::{SubjectKey, SubjectKeyError};
use crate::identity::settings::roles::Picker;
use crate::journey::limits::Limits;
use crate::journey::role_choice::RoleChoices;
use crate::journey::sign_in::SignIns;
use crate::journey::way::{Upstream, Way};
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::outbound::Unreached;
use crate::platform::problem::Problem;
use crate::platform::random::Random;
use crate::platform::store::{MemoryStore, Store};
use crate::protocol::saml::second_judge;
use crate::session::{Sessions, ended};
use crate::upstream::oidc_rp::relying_party::{NoClient, RelyingParty, RolePicker, Surroundings};
use crate::upstream::pending::PendingSignIns;
use crate::upstream::replay::UsedAssertions;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::trust::TrustFlaw;
use crate::web::forward_auth::RecentAnswers;
use crate::web::management::token::ManagementToken;
use crate::web::pages::Frame;
use crate::web::routes;
use crate::web::state::{Parts, WebState};

/// What outlives a change of the configuration: the records, our own keys, the time and chance.
#[derive(Debug, Clone)]
pub struct Foundations {
    store: Arc<dyn Store>,
    signing_keys: Arc<SigningKeys>,
    subject_key: SubjectKey,
    logouts: Arc<LogoutRecord>,
    site_key: SiteKey,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// Our own keys.
struct Keys {
    signing: SigningKeys,
    subject: SubjectKey,
    site: SiteKey,
}

/// The bridge, ready to answer.
#[derive(Debug, Clone)]
pub struct App {
    state: WebState,
}

/// Why there is no bridge.
#[derive(Debug, thiserror::Error)]
pub enum NoApp {
    /// The token-signing keys.
    #[error(transparent)]
    SigningKeys(#[from] SigningKeysError),
    /// The key under which people become opaque.
    #[error(transparent)]
    SubjectKey(#[from] SubjectKeyError),
    /// The key under which browsers are known at sites.
    #[error(transparent)]
    SiteKey(#[from] SiteKeyError),
    /// An application.
    #[error("{0}")]
    Application(Box<Problem>),
    /// The HTTP client by which applications are told of logouts.
    #[error(transparent)]
    Outbound(#[from] Unreached),
    /// The token of the administrators.
    #[error("web.management_token: {0}")]
    ManagementToken(String),
    /// A connection.
    #[error("{section}.{name}: {cause}")]
    Connection {
        /// The section of the configuration: `saml` or `oidc`.
        section: &'static str,
        /// Its name.
        name: String,
        /// What is wrong with it.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Foundations {
    /// Keys in the data directory, made at the first start; records in this process.
    pub fn lay(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, NoApp> {
        let folder = config.data_dir.join("keys");
        let keys = Keys {
            signing: SigningKeys::load_or_make(&folder, config.token.lifetime, random.as_ref())?,
            subject: SubjectKey::load_or_make(&folder, random.as_ref())?,
            site: SiteKey::load_or_make(&folder, random.as_ref())?,
        };
        Ok(Self::on(config, keys, clock, random))
    }

    /// Everything in memory, for demonstrations and tests.
    pub fn in_memory(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, NoApp> {
        let keys = Keys {
            signing: SigningKeys::in_memory(config.token.lifetime, random.as_ref())?,
            subject: SubjectKey::draw(random.as_ref())?,
            site: SiteKey::draw(random.as_ref())?,
        };
        Ok(Self::on(config, keys, clock, random))
    }

    fn on(config: &Config, keys: Keys, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let limit = usize::try_from(config.store.max_records).unwrap_or(usize::MAX);
        let store = Arc::new(MemoryStore::new(limit, Arc::clone(&clock)));
        Self {
            store,
            signing_keys: Arc::new(keys.signing),
            subject_key: keys.subject,
            site_key: keys.site,
            logouts: Arc::new(LogoutRecord::default()),
            clock,
            random,
        }
    }

    /// The token-signing keys, for rotation.
    pub fn signing_keys(&self) -> &SigningKeys {
        &self.signing_keys
    }
}

impl App {
    /// Joins the rooms as `config` says.
    pub fn build(config: &Config, foundations: &Foundations) -> Result<Self, NoApp> {
        let Foundations {
            store,
            subject_key,
            site_key,
            clock,
            random,
            ..
        } = foundations.clone();
        let ways = ways(config, clock.as_ref())?;
        let applications = applications(config)?;
        prepare(&applications, foundations)?;
        let back_channel = Arc::new(logout::back_channel(config, &applications, foundations)?);
        let sessions = Arc::new(sessions(foundations, &ways, &back_channel));
        let proofs = Proofs::new(Arc::clone(&store), Arc::clone(&clock), subject_key);
        let parts = Parts {
            settings: config.web.clone(),
            origin: config.public_url.clone(),
            environment: config.environment,
            frame: frame(config, &ways),
            sign_ins: sign_ins(config, foundations, ways, &sessions),
            management_token: management_token(config)?,
            sessions,
            tokens: tokens(config, foundations),
            clients: Clients::new(config.public_url.as_str(), Arc::clone(&store), Arc::clone(&clock)),
            proofs,
            grants: Grants::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&random)),
            applications,
            back_channel,
            pushed: PushedRequests::new(Arc::clone(&store), Arc::clone(&random)),
            waiting: WaitingRequests::new(Arc::clone(&store), Arc::clone(&random)),
            site_key,
            hand_overs: HandOvers::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&random)),
            recent: RecentAnswers::default(),
            store,
            clock,
            random,
        };
        if !second_judge::IS_PRESENT {
            tracing::warn!("this program is built without the second judge: one judge decides alone");
        }
        Ok(Self {
            state: WebState::new(parts),
        })
    }

    /// What the public listener answers.
    pub fn public(&self) -> Router {
        routes::public(self.state.clone())
    }

    /// What the management listener answers.
    pub fn management(&self) -> Router {
        routes::management(self.state.clone())
    }
}

/// Who is signed in, by the doors that are open. Every end is told to `back_channel`.
fn sessions(foundations: &Foundations, ways: &[Way], back_channel: &Arc<BackChannel>) -> Sessions {
    let Foundations {
        store,
        subject_key,
        clock,
        random,
        ..
    } = foundations.clone();
    let open = ways.iter().filter(|way| way.is_enabled());
    let open = open.map(|way| way.name().to_owned()).collect();
    let listener: Arc<dyn ended::Listener> = Arc::<BackChannel>::clone(back_channel);
    Sessions::new(store, clock, random)
        .of_connections(open)
        .known_by(Arc::new(subject_key))
        .told_to(listener)
}

fn sign_ins(config: &Config, foundations: &Foundations, ways: Vec<Way>, sessions: &Arc<Sessions>) -> SignIns {
    let Foundations {
        store, clock, random, ..
    } = foundations.clone();
    let open = ways.iter().filter(|way| way.is_enabled()).count();
    SignIns {
        ways,
        environment: config.environment,
        pending: PendingSignIns::new(Arc::clone(&store), Arc::clone(&random)),
        used: UsedAssertions::new(Arc::clone(&store)),
        choices: RoleChoices::new(Arc::clone(&store), Arc::clone(&random)),
        sessions: Arc::clone(sessions),
        limits: Limits::new(&clock, config.store.max_records, open),
        store,
        clock,
        random,
    }
}

fn management_token(config: &Config) -> Result<Option<ManagementToken>, NoApp> {
    let Some(source) = &config.web.management_token else {
        return Ok(None);
    };
    let no_token = |why: String| NoApp::ManagementToken(why);
    let secret = source.read().map_err(|cause| no_token(cause.to_string()))?;
    let token = ManagementToken::read(&secret);
    let token =
        token.ok_or_else(|| no_token("it could be guessed, or cannot stand in a header".to_owned()))?;
    Ok(Some(token))
}

/// Makes the signing keys that the applications need, before anybody asks for the key set.
fn prepare(applications: &Applications, foundations: &Foundations) -> Result<(), NoApp> {
    for application in applications.all() {
        let keys = &foundations.signing_keys;
        keys.prepare(application.algorithm, foundations.random.as_ref())?;
    }
    Ok(())
}

fn tokens(config: &Config, foundations: &Foundations) -> SessionTokens {
    let issuing = Issuing {
        issuer: config.public_url.as_str().to_owned(),
        lifetime: config.token.lifetime,
    };
    SessionTokens::new(
        issuing,
        Arc::clone(&foundations.signing_keys),
        foundations.subject_key.clone(),
        Arc::clone(&foundations.clock),
        Arc::clone(&foundations.random),
    )
}

fn ways(config: &Config, clock: &dyn Clock) -> Result<Vec<Way>, NoApp> {
    let no_app = |section, name: &str, cause| NoApp::Connection {
        section,
        name: name.to_owned(),
        cause,
    };
    let saml = config.saml.iter().map(|(name, connection)| {
        let provider = provider(config, name, connection, clock);
        let provider = provider.map_err(|cause| no_app("saml", name, Box::new(cause)))?;
        Ok(Way {
            upstream: Upstream::Saml(Arc::new(provider)),
            person: connection.person.clone(),
            session: connection.session,
        })
    });
    let open_id = config.oidc.iter().map(|(name, connection)| {
        let party = relying_party(config, name, connection);
        let party = party.map_err(|cause| no_app("oidc", name, Box::new(cause)))?;
        Ok(Way {
            upstream: Upstream::OpenId(Arc::new(party)),
            person: connection.person.clone(),
            session: connection.session,
        })
    });
    saml.chain(open_id).collect()
}

/// The OpenID Connect connection `name`, as `config` says.
pub fn relying_party(
    config: &Config,
    name: &str,
    connection: &OidcConnection,
) -> Result<RelyingParty, NoClient> {
    let around = Surroundings {
        origin: config.public_url.as_str(),
        environment: config.environment,
        picker: match connection.person.roles.picker {
            Picker::Cis2 => RolePicker::Provider,
            Picker::Ours | Picker::None => RolePicker::Ourselves,
        },
    };
    RelyingParty::load(name, connection.oidc.clone(), around)
}

/// One connection, if what it trusts is fit for this environment. What will need somebody soon is logged.
fn provider(
    config: &Config,
    name: &str,
    connection: &Connection,
    clock: &dyn Clock,
) -> Result<ServiceProvider, TrustFlaw> {
    let origin = config.public_url.as_str();
    let provider = ServiceProvider::load(name, origin, connection.saml.clone(), clock.now())?;
    let trust = provider.trust();
    trust.fit_for(config.environment)?;
    for warning in trust.warnings() {
        tracing::warn!(connection = name, %warning, "metadata");
    }
    Ok(provider)
}

/// Whoever is not registered is one application together. It takes invented people in tests alone.
fn applications(config: &Config) -> Result<Applications, NoApp> {
    let simulated = match config.environment {
        Environment::Test => Simulated::Accept,
        Environment::Live | Environment::Int | Environment::Dep => Simulated::Refuse,
    };
    let by_default = Application::of_audience(&config.token.audience, simulated);
    let registered = config.applications.iter().map(|(name, settings)| {
        let application = settings.application(name);
        application.map_err(|problem| NoApp::Application(Box::new(problem)))
    });
    let registered = registered.collect::<Result<Vec<_>, _>>()?;
    Ok(Applications::new(registered, by_default))
}

fn frame(config: &Config, ways: &[Way]) -> Frame {
    let environment = match config.environment {
        Environment::Live => None,
        Environment::Int => Some("integration".to_owned()),
        Environment::Dep => Some("deployment".to_owned()),
        Environment::Test => Some("test".to_owned()),
    };
    Frame {
        service_name: "NHSmail sign-in".to_owned(),
        below: "",
        environment,
        simulated: ways.iter().any(Way::is_simulated),
        support: config.web.support.clone(),
    }
}
