//! A bridge on real sockets, a fake NHSmail and an application beside it, all by one clock.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::response::Html;
use nhsmail_bridge::app::listener::{Current, Listener, Stop};
use nhsmail_bridge::app::{App, Foundations};
use nhsmail_bridge::config::{Config, Connection};
use nhsmail_bridge::fakes::cis2::{Client, FakeCis2};
use nhsmail_bridge::fakes::saml_idp::{
    FakeSamlIdp, Keys, Personality, ServiceProvider, Settings as FakeSettings,
};
use nhsmail_bridge::platform::clock::{Clock, SettableClock, SystemClock};
use nhsmail_bridge::platform::environment::Environment;
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::saml_sp::entity_id::EntityId;
use nhsmail_bridge::upstream::saml_sp::settings::{Essentials, Preset, Settings};
use nhsmail_bridge::web;
use time::OffsetDateTime;
use time::macros::datetime;
use url::Url;

use super::cis2::{self, CIS2};
use super::log;
use super::page::{Form, Page};
use super::visitor::Visitor;

/// When every test begins.
pub(crate) const START: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);
/// The door whose fake speaks as Entra.
pub(crate) const ENTRA: &str = "nhsmail-entra";
/// The door whose fake speaks as ADFS.
pub(crate) const ADFS: &str = "nhsmail-adfs";

/// A bridge of a test's own. Everything ends with the test's runtime.
#[derive(Debug)]
pub(crate) struct TestBridge {
    pub(crate) clock: SettableClock,
    pub(crate) fake: FakeSamlIdp,
    cis2: Option<FakeCis2>,
    foundations: Foundations,
    config: Config,
    current: Current,
    stop: Stop,
    public: Origin,
    management: Origin,
    application: Origin,
}

impl TestBridge {
    /// Two doors, everything else at its default.
    pub(crate) async fn start() -> Self {
        Self::configured(|_config| {}).await
    }

    /// The same with `change` made to the configuration.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::with(FakeSettings::listening(loopback()), change).await
    }

    /// Two doors to a fake with these settings, but for its clock.
    pub(crate) async fn start_with_fake(fake: FakeSettings) -> Self {
        Self::with(fake, |_config| {}).await
    }

    /// The same with a door to a fake CIS2; `change` may change the connection too.
    pub(crate) async fn with_cis2(change: impl FnOnce(&mut Config)) -> Self {
        let clock = SettableClock::at(START);
        let fake = cis2::start(&clock, 0).await;
        let (issuer, discovery) = (fake.issuer(), fake.discovery_url());
        let doors = |config: &mut Config| {
            config
                .oidc
                .insert(CIS2.to_owned(), cis2::connection(&issuer, &discovery));
            change(config);
        };
        let by = Arc::new(clock.clone());
        let mut bridge = Self::by_clock(by, clock, FakeSettings::listening(loopback()), doors).await;
        cis2::introduce(&fake, &bridge.public, &bridge.config);
        bridge.cis2 = Some(fake);
        bridge
    }

    /// What the bridge was configured with.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Tells CIS2 in writing what it shall know of our connection, changed like this.
    pub(crate) fn tell_cis2(&self, change: impl FnOnce(&mut Client)) {
        let connection = self.config.oidc.get(CIS2).expect("a door");
        let mut client = cis2::client(CIS2, &connection.oidc, &self.public);
        change(&mut client);
        self.cis2().register(client);
    }

    /// CIS2 is away: nobody answers there.
    pub(crate) async fn lose_cis2(&mut self) -> u16 {
        let fake = self.cis2.take().expect("a bridge with CIS2");
        let port = fake.address().port();
        fake.shutdown().await;
        port
    }

    /// CIS2 is away, and nothing that it said before is remembered, as after a restart.
    pub(crate) async fn lose_cis2_and_forget(&mut self) {
        self.lose_cis2().await;
        self.reload(|_config| {}).await;
    }

    /// CIS2 is back where it was. It has forgotten who is signed in, and knows us and its key.
    pub(crate) async fn find_cis2(&mut self, port: u16) {
        let fake = cis2::start(&self.clock, port).await;
        cis2::introduce(&fake, &self.public, &self.config);
        self.cis2 = Some(fake);
    }

    /// The fake CIS2 of this bridge.
    pub(crate) fn cis2(&self) -> &FakeCis2 {
        self.cis2.as_ref().expect("a bridge with CIS2")
    }

    /// Doors of the test's own, by the clock of the machine: for a provider that has no other.
    pub(crate) async fn by_the_machines_clock(change: impl FnOnce(&mut Config)) -> Self {
        Self::at_the_machines_time(|config| {
            config.saml.clear();
            change(config);
        })
        .await
    }

    /// Two doors, by the clock of the machine: for an application that has no other. The fakes stay at its start.
    pub(crate) async fn at_the_machines_time(change: impl FnOnce(&mut Config)) -> Self {
        let clock = SettableClock::at(SystemClock.now());
        let fake = FakeSettings::listening(loopback());
        Self::by_clock(Arc::new(SystemClock), clock, fake, change).await
    }

    async fn with(fake: FakeSettings, change: impl FnOnce(&mut Config)) -> Self {
        let clock = SettableClock::at(START);
        Self::by_clock(Arc::new(clock.clone()), clock, fake, change).await
    }

    /// The bridge goes by the first clock, its fakes by the second.
    async fn by_clock(
        clock_of_all: Arc<dyn Clock>,
        clock: SettableClock,
        fake: FakeSettings,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        log::listen_from_the_start();
        let (public, management) = (bind(), bind());
        let fake = FakeSamlIdp::start(FakeSettings {
            clock: Arc::new(clock.clone()),
            key_folder: fake.key_folder.clone().or(Some(keys_of_the_fake())),
            ..fake
        })
        .await
        .expect("the fake starts");
        let origins = Origins {
            public: origin("localhost", &public),
            management: origin("127.0.0.1", &management),
            application: application().await,
        };
        let mut config = two_doors(&origins, &fake);
        change(&mut config);
        let foundations =
            Foundations::in_memory(&config, clock_of_all, Arc::new(SystemRandom)).expect("keys");
        let app = App::build(&config, &foundations).expect("an application");
        let stop = public.stop();
        let current = serve(public, app.public());
        serve(management, app.management());
        let bridge = Self {
            clock,
            fake,
            cis2: None,
            foundations,
            config,
            current,
            stop,
            public: origins.public,
            management: origins.management,
            application: origins.application,
        };
        bridge.introduce().await;
        bridge
    }

    /// The configuration changes while the bridge runs, as at SIGHUP.
    pub(crate) async fn reload(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        let app = App::build(&self.config, &self.foundations).expect("an application");
        self.current.replace(app.public());
        self.introduce().await;
        if let Some(fake) = &self.cis2 {
            cis2::introduce(fake, &self.public, &self.config);
        }
    }

    /// The bridge is away: nobody answers there.
    pub(crate) async fn stop_answering(&self) {
        self.stop.drain();
        let address = self.public.as_str().trim_start_matches("http://").to_owned();
        while tokio::net::TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Somebody with an empty browser.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::of(self)
    }

    /// A sign-in that nobody asked for begins at the identity provider; ends at its page that will bring the answer.
    pub(crate) async fn begin_at_the_idp(&self, visitor: &mut Visitor, unasked: &Unasked<'_>) -> Page {
        let begin = format!("{}{}/start", self.fake.page(), unasked.personality.word());
        let page = visitor.open(&begin).await;
        let form = Form {
            action: page.url.clone(),
            fields: Vec::new(),
        };
        let door = unasked.door;
        let form = form
            .with("audience", self.url(&format!("/saml/{door}/metadata")).as_str())
            .with("acs_url", self.url(&format!("/saml/{door}/acs")).as_str())
            .with("relay_state", unasked.relay_state);
        let who = visitor.submit(&page, &form).await;
        visitor.pick(&who, "amara-example").await
    }

    /// An address of the bridge.
    pub(crate) fn url(&self, path: &str) -> Url {
        address(&self.public, path)
    }

    /// An address of the listener that is not published.
    pub(crate) fn management_url(&self, path: &str) -> Url {
        address(&self.management, path)
    }

    /// An address of the application that people want to use.
    pub(crate) fn application_url(&self, path: &str) -> Url {
        address(&self.application, path)
    }

    /// The bridge as everybody names it.
    pub(crate) fn origin(&self) -> &Origin {
        &self.public
    }

    /// The fake learns of us what our metadata says, as an identity provider would.
    async fn introduce(&self) {
        for door in self.config.saml.keys() {
            let metadata = self.url(&format!("/saml/{door}/metadata"));
            let page = self.visitor().open(metadata.as_str()).await;
            let service = ServiceProvider::from_metadata(page.body.as_bytes()).expect("our metadata");
            self.fake.register(service);
        }
    }
}

/// A sign-in that begins at the identity provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unasked<'a> {
    pub(crate) door: &'a str,
    pub(crate) personality: Personality,
    /// Empty: none.
    pub(crate) relay_state: &'a str,
}

impl<'a> Unasked<'a> {
    /// One of Entra's, at the door that is meant for it.
    pub(crate) fn by_entra(relay_state: &'a str) -> Self {
        Self {
            door: ENTRA,
            personality: Personality::Entra,
            relay_state,
        }
    }

    /// One of ADFS's.
    pub(crate) fn by_adfs() -> Self {
        Self {
            door: ADFS,
            personality: Personality::Adfs,
            relay_state: "",
        }
    }
}

/// A connection to `personality` of `fake`, named `name` at the bridge of `public`.
fn connection(name: &str, personality: Personality, fake: &FakeSamlIdp, public: &Origin) -> Connection {
    let entity_id = format!("{}/saml/{name}/metadata", public.as_str());
    let (label, preset) = match personality {
        Personality::Entra => ("NHSmail", Preset::Entra),
        Personality::Adfs => ("NHSmail (older ADFS)", Preset::Adfs),
    };
    let essentials = Essentials {
        label: label.to_owned(),
        entity_id: EntityId::parse(&entity_id).expect("our name"),
        idp_entity_id: EntityId::parse(personality.entity_id()).expect("their name"),
        metadata: Source::held(fake.metadata(personality).expect("their metadata")),
    };
    let mut settings = Settings::new(preset, essentials);
    let logout_issuer = EntityId::parse(personality.logout_issuer());
    settings.logout_issuer = Some(logout_issuer.expect("their other name"));
    Connection::new(settings)
}

struct Origins {
    public: Origin,
    management: Origin,
    application: Origin,
}

fn two_doors(origins: &Origins, fake: &FakeSamlIdp) -> Config {
    let mut web = web::settings::Settings::listening(loopback(), loopback());
    web.return_to = vec![origins.application.clone()];
    let mut config = Config::new(Environment::Test, origins.public.clone(), PathBuf::new(), web);
    for (name, personality) in [(ENTRA, Personality::Entra), (ADFS, Personality::Adfs)] {
        let connection = connection(name, personality, fake, &origins.public);
        config.saml.insert(name.to_owned(), connection);
    }
    config
}

/// An application that says which of its pages was opened.
async fn application() -> Origin {
    let listener = tokio::net::TcpListener::bind(loopback())
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("its address");
    let router = Router::new().fallback(|uri: Uri| async move { Html(format!("<h1>Rota {uri}</h1>")) });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Origin::parse(&format!("http://{address}")).expect("an origin")
}

fn bind() -> Listener {
    Listener::bind(loopback(), None).expect("a free port")
}

fn serve(listener: Listener, router: Router) -> Current {
    let current = Current::new(router);
    let served = current.clone();
    tokio::spawn(async move { listener.serve(&served).await });
    current
}

/// Keys that every test of every run shares, because making them takes longer than most tests. Whoever comes first puts
/// the whole folder in its place at once, so that nobody finds half of it.
pub(crate) fn keys_of_the_fake() -> PathBuf {
    let name = format!("keys-of-the-fake-{}", START.unix_timestamp());
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !place.exists() {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let made = folder.path().join("keys");
        Keys::in_folder(&made, START).expect("keys");
        // It fails where another test was first.
        let _moved = std::fs::rename(made, &place);
    }
    place
}

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

fn origin(host: &str, listener: &Listener) -> Origin {
    let port = listener.address().expect("its address").port();
    Origin::parse(&format!("http://{host}:{port}")).expect("an origin")
}

fn address(origin: &Origin, path: &str) -> Url {
    Url::parse(&format!("{}{path}", origin.as_str())).expect("an address")
}
