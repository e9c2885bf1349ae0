//! What a token says about whom, and that it is one.

mod both_doors;
mod id_token;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::*;
use crate::downstream::application::SubjectKind;
use crate::identity::person::{Person, examples};
use crate::platform::clock::SettableClock;
use crate::platform::environment::Environment;
use crate::platform::random::SeededRandom;
use crate::platform::store::MemoryStore;
use crate::protocol::jose::verify::{Expected, TokenRefusal, verify};
use crate::session::{Sessions, Terms, settings};

const EXPECTED: Expected<'static> = Expected {
    typ: TYPE,
    algorithms: &[Algorithm::ES256],
    issuer: "https://bridge.example.test",
    audience: "rota",
    skew: Duration::ZERO,
};

struct Bench {
    tokens: SessionTokens,
    sessions: Sessions,
    clock: SettableClock,
}

fn bench() -> Bench {
    let clock = SettableClock::at(examples::AT + Duration::milliseconds(500));
    let shared_clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let random: Arc<dyn Random> = Arc::new(SeededRandom::from_seed(7));
    let lifetime = Duration::minutes(5);
    let issuing = Issuing {
        issuer: EXPECTED.issuer.to_owned(),
        lifetime,
    };
    let keys = Arc::new(SigningKeys::in_memory(lifetime, random.as_ref()).unwrap());
    let subject_key = SubjectKey::draw(random.as_ref()).unwrap();
    let store = Arc::new(MemoryStore::new(100, Arc::clone(&shared_clock)));
    Bench {
        sessions: Sessions::new(store, Arc::clone(&shared_clock), Arc::clone(&random)),
        tokens: SessionTokens::new(issuing, keys, subject_key, shared_clock, random),
        clock,
    }
}

fn rota() -> Application {
    Application::of_audience("rota", Simulated::Refuse)
}

impl Bench {
    async fn session(&self, person: Person) -> Session {
        let terms = Terms {
            limits: settings::Settings::default(),
            environment: Environment::Test,
        };
        let (_, session) = self.sessions.begin(person, terms, None).await.unwrap();
        session
    }

    async fn claims(&self, person: Person) -> Value {
        let session = self.session(person).await;
        let token = self.tokens.mint(&session, &rota()).unwrap();
        self.verified(&token.compact).unwrap()
    }

    fn verified(&self, token: &str) -> Result<Value, TokenRefusal> {
        let now = self.clock.now();
        let keys: JwkSet = serde_json::from_value(self.tokens.keys().jwks(now)).unwrap();
        verify(token, &keys, &EXPECTED, now)
    }
}

#[tokio::test]
async fn ap_03_a_token_for_a_header_lists_the_selected_role_alone() {
    let bench = bench();
    let session = bench.session(examples::cis2()).await;
    let told = |application: &Application| {
        let claims = bench.tokens.mint(&session, application).unwrap().claims;
        (claims.role.is_some(), claims.roles.map(|roles| roles.len()))
    };
    assert_eq!(told(&rota()), (true, Some(2)));
    assert_eq!(told(&rota().by_header()), (true, None));
}

#[tokio::test]
async fn ap_03_a_token_says_everything_that_an_access_token_must() {
    let bench = bench();
    let session = bench.session(examples::entra()).await;
    let token = bench.tokens.mint(&session, &rota()).unwrap();
    let header = jsonwebtoken::decode_header(&token.compact).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(header.kid.as_deref(), Some(bench.tokens.keys().current().kid()));

    let claims = bench.verified(&token.compact).unwrap();
    for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "auth_time"] {
        assert!(claims.get(name).is_some(), "{name} is missing");
    }
    assert!(claims["aud"].is_string(), "one audience for each token");
    let read: Claims = serde_json::from_value(claims).unwrap();
    assert_eq!(read, token.claims);
}

#[tokio::test]
async fn ap_03_a_token_lasts_five_minutes_and_no_longer_than_its_session() {
    let bench = bench();
    let session = bench.session(examples::entra()).await;
    let lasts = |session: &Session| {
        let token = bench.tokens.mint(session, &rota());
        token.map(|token| token.claims.exp - token.claims.iat)
    };
    assert_eq!(lasts(&session).unwrap(), 300);

    bench.clock.advance(Duration::minutes(13));
    assert_eq!(lasts(&session).unwrap(), 120, "the idle limit is near");
    bench
        .clock
        .advance(Duration::seconds(119) + Duration::milliseconds(999));
    assert!(matches!(lasts(&session), Err(MintRefusal::SessionIsOver)));

    let ending = examples::ending_at(bench.clock.now() + Duration::seconds(90));
    let ending = bench.session(ending).await;
    assert_eq!(lasts(&ending).unwrap(), 90);
}

#[tokio::test]
async fn a_person_has_the_same_sub_in_every_session_and_every_token_its_own_jti() {
    let bench = bench();
    let one = bench.claims(examples::entra()).await;
    let two = bench.claims(examples::entra()).await;
    assert_eq!(one["sub"], two["sub"]);
    assert_ne!(one["jti"], two["jti"]);
    assert_ne!(one["sid"], two["sid"]);
    assert_ne!(one["sub"], bench.claims(examples::adfs()).await["sub"]);
}

#[tokio::test]
async fn a_simulated_person_is_marked_and_shown_only_to_who_opted_in() {
    let bench = bench();
    let session = bench.session(examples::simulated()).await;
    let refused = bench.tokens.mint(&session, &rota());
    assert!(matches!(refused, Err(MintRefusal::Simulated)));

    let demo = Application::of_audience("rota", Simulated::Accept);
    let token = bench.tokens.mint(&session, &demo).unwrap();
    let claims = bench.verified(&token.compact).unwrap();
    assert_eq!(claims["simulated"], true);
    assert!(bench.claims(examples::entra()).await.get("simulated").is_none());
}

#[tokio::test]
async fn gv_02_an_application_is_told_only_what_its_scopes_allow() {
    let bench = bench();
    let session = bench.session(examples::entra()).await;
    let told = |scopes: &[Scope]| {
        let application = Application {
            scopes: scopes.iter().copied().collect(),
            ..rota()
        };
        let token = bench.tokens.mint(&session, &application).unwrap();
        bench.verified(&token.compact).unwrap()
    };
    let least = told(&[Scope::OpenId]);
    let names: Vec<&str> = least.as_object().unwrap().keys().map(String::as_str).collect();
    let always = [
        "aud",
        "auth_time",
        "client_id",
        "connection",
        "door",
        "environment",
        "exp",
        "iat",
        "iss",
        "jti",
        "scope",
        "sid",
        "sub",
    ];
    assert_eq!(names, always);
    assert_eq!(told(&[Scope::Email])["email"], "ada.okafor@nhs.example");
    assert!(told(&[Scope::Profile]).get("email").is_none());
    let upstream = told(&[Scope::Upstream])["upstream"].clone();
    let account = session.person().account();
    assert_eq!(
        upstream,
        json!({ "issuer": account.issuer(), "subject": account.subject() })
    );
}

#[tokio::test]
async fn a_mailbox_proves_no_identity() {
    let claims = bench().claims(examples::entra()).await;
    for name in ["acr", "aal", "ial", "role"] {
        assert!(claims.get(name).is_none(), "{name}");
    }
    assert_eq!(claims["email_verified"], false);
    let without = bench().claims(examples::no_email()).await;
    assert!(without.get("email").is_none() && without.get("email_verified").is_none());
}

#[tokio::test]
async fn a_token_does_not_print() {
    let bench = bench();
    let session = bench.session(examples::entra()).await;
    let token = bench.tokens.mint(&session, &rota()).unwrap();
    assert_eq!(format!("{token:?}"), "SessionToken(…)");
}

#[tokio::test]
async fn a_token_signed_before_a_rotation_is_good_until_it_expires() {
    let bench = bench();
    let session = bench.session(examples::entra()).await;
    let before = bench.tokens.mint(&session, &rota()).unwrap();
    let random = SeededRandom::from_seed(8);
    bench.tokens.keys().rotate(bench.clock.now(), &random).unwrap();
    let after = bench.tokens.mint(&session, &rota()).unwrap();
    for token in [&before, &after] {
        assert!(bench.verified(&token.compact).is_ok());
    }
    let kid = |token: &SessionToken| jsonwebtoken::decode_header(&token.compact).unwrap().kid;
    assert_ne!(kid(&before), kid(&after));
    bench.clock.advance(Duration::minutes(5));
    assert_eq!(bench.verified(&before.compact), Err(TokenRefusal::Expired));
}

#[tokio::test]
async fn ap_14_the_id_of_a_role_names_its_person_in_one_sector_alone() {
    let bench = bench();
    let session = bench.session(examples::cis2()).await;
    let told = |sector: Option<&str>| {
        let mut application = rota();
        application.scopes = Scope::ALL.into_iter().collect();
        application.subject = sector.map_or(SubjectKind::Public, |sector| SubjectKind::Pairwise {
            sector: sector.to_owned(),
        });
        let claims = bench.tokens.mint(&session, &application).unwrap().claims;
        let listed = claims.roles.unwrap().remove(0).role;
        let role = claims.role.unwrap();
        assert_eq!(role, listed, "the selected role is in the list");
        (role.id, role.code)
    };
    let (public, rotas, wards) = (told(None), told(Some("rota.example")), told(Some("ward.example")));
    assert_eq!(public.0, "555200000011");
    assert!(rotas.0 != public.0 && rotas.0 != wards.0 && wards.0 != public.0);
    assert_eq!(rotas, told(Some("rota.example")), "always the same");
    assert_eq!((&public.1, &public.1), (&rotas.1, &wards.1), "the job is no name");
}
