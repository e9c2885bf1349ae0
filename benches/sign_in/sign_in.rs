//! The library call: decode, judge, make a person, mint a token.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nhsmail_bridge::downstream::application::{Application, Simulated};
use nhsmail_bridge::downstream::session_token::{Issuing, SessionTokens};
use nhsmail_bridge::downstream::signing_keys::SigningKeys;
use nhsmail_bridge::downstream::subject::SubjectKey;
use nhsmail_bridge::identity;
use nhsmail_bridge::identity::normalise::{Normalised, normalise};
use nhsmail_bridge::identity::person::Person;
use nhsmail_bridge::platform::clock::{Clock, SettableClock};
use nhsmail_bridge::platform::environment::Environment;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::platform::store::{MemoryStore, Store};
use nhsmail_bridge::session::record::Session;
use nhsmail_bridge::session::{self, Sessions};
use nhsmail_bridge::upstream::replay::UsedAssertions;
use nhsmail_bridge::upstream::saml_sp::entity_id::EntityId;
use nhsmail_bridge::upstream::saml_sp::finish::{Finish, RawPost};
use nhsmail_bridge::upstream::saml_sp::service_provider::ServiceProvider;
use nhsmail_bridge::upstream::saml_sp::settings::{Essentials, Preset, SecondJudge, Settings};
use nhsmail_bridge::upstream::saml_sp::terms::Question;
use nhsmail_bridge::upstream::verified::VerifiedIdentity;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::issuer::{IDP, INSTANT, Issuer, REQUEST_ID, SP};

const ORIGIN: &str = "https://bridge.example.org";

/// One answer and everything that a bridge has at hand when it arrives.
pub(crate) struct SignIn {
    provider: Arc<ServiceProvider>,
    message: String,
    field: String,
    now: OffsetDateTime,
    people: identity::settings::Settings,
    /// What the gate made of this answer once, since it opens only to an answer that was never used.
    identity: Box<VerifiedIdentity>,
    session: Session,
    tokens: SessionTokens,
    application: Application,
}

impl SignIn {
    /// An answer of about `octets` octets from `issuer`, judged by one judge or by both.
    pub(crate) fn prepare(issuer: &Issuer, octets: usize, second_judge: SecondJudge) -> Self {
        let now = OffsetDateTime::parse(INSTANT, &Rfc3339).expect("an instant") + Duration::seconds(1);
        let provider = Arc::new(provider(issuer, second_judge, now));
        let message = issuer.answer(provider.acs_url(), octets);
        let field = STANDARD.encode(&message);
        let people = identity::settings::Settings::adfs();
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(now));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(1000, Arc::clone(&clock)));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let (identity, session) = runtime.block_on(async {
            let post = RawPost::decode(&field).expect("base64");
            let used = UsedAssertions::new(Arc::clone(&store));
            let finish = provider.finish(post, Some(question()), &used, now).await;
            let Finish::Vouched(identity) = finish.expect("it is believed") else {
                unreachable!("it was asked for")
            };
            let sessions = Sessions::new(store, Arc::clone(&clock), Arc::new(SystemRandom));
            let terms = session::Terms {
                limits: session::settings::Settings::default(),
                environment: Environment::Test,
            };
            let person = person_of(&identity, &people);
            let (_ticket, session) = sessions.begin(person, terms, None).await.expect("a session");
            (identity, session)
        });
        Self {
            provider,
            message,
            field,
            now,
            people,
            identity,
            session,
            tokens: tokens(clock),
            application: Application::of_audience("rota", Simulated::Refuse),
        }
    }

    /// The answer.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Who signs in.
    pub(crate) fn person(&self) -> Person {
        person_of(&self.identity, &self.people)
    }

    /// Signs in once; gives the length of the token.
    pub(crate) fn run(&self) -> usize {
        let post = RawPost::decode(&self.field).expect("base64");
        self.provider
            .admits(&post, Some(question()), self.now)
            .expect("it is believed");
        let person = self.person();
        let token = self.tokens.mint(&self.session, &self.application);
        token.expect("a token").compact.len() + usize::from(person.is_guest())
    }
}

fn question() -> Question {
    Question {
        request_id: REQUEST_ID.to_owned(),
        forced_at: None,
    }
}

fn provider(issuer: &Issuer, second_judge: SecondJudge, now: OffsetDateTime) -> ServiceProvider {
    let essentials = Essentials {
        label: "NHSmail".to_owned(),
        entity_id: EntityId::parse(SP).expect("a name"),
        idp_entity_id: EntityId::parse(IDP).expect("a name"),
        metadata: Source::held(issuer.metadata()),
    };
    let mut settings = Settings::new(Preset::Adfs, essentials);
    settings.second_judge = second_judge;
    ServiceProvider::load("nhsmail", ORIGIN, settings, now).expect("it can be trusted")
}

fn tokens(clock: Arc<dyn Clock>) -> SessionTokens {
    let issuing = Issuing {
        issuer: ORIGIN.to_owned(),
        lifetime: Duration::minutes(5),
    };
    let keys = SigningKeys::in_memory(issuing.lifetime, &SystemRandom).expect("keys");
    let subject_key = SubjectKey::draw(&SystemRandom).expect("a key");
    SessionTokens::new(
        issuing,
        Arc::new(keys),
        subject_key,
        clock,
        Arc::new(SystemRandom),
    )
}

fn person_of(identity: &VerifiedIdentity, people: &identity::settings::Settings) -> Person {
    match normalise(identity, people).expect("a person") {
        Normalised::Complete(person) => person,
        Normalised::RoleChoice(_) => unreachable!("a mailbox has no roles"),
    }
}
