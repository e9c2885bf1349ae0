//! A client proves itself by its own method, and by nothing else.

mod assertions;

use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;
use crate::downstream::application::{DpopUse, Login, PushedUse, Simulated};
use crate::platform::clock::SettableClock;
use crate::platform::store::MemoryStore;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::signer::Signer;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);
const ISSUER: &str = "https://bridge.example.test";
const ENDPOINT: &str = "https://bridge.example.test/oauth2/introspect";
/// What must be encoded stands in it.
const SECRET: &str = "a+b c%d:é/0123456789";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

struct Bench {
    clients: Clients,
    applications: Applications,
    clock: SettableClock,
    key: Signer,
}

fn bench() -> Bench {
    bench_with_room_for(1000)
}

fn bench_with_room_for(records: usize) -> Bench {
    let key = Signer::generate_rsa(Algorithm::RS256, None).unwrap();
    let document = json!({ "keys": [key.public_jwk().unwrap()] });
    let keys = KeySet::of(document.as_object().unwrap()).unwrap();
    let clock = SettableClock::at(NOW);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let store = Arc::new(MemoryStore::new(records, Arc::clone(&shared)));
    let secret = || Secret::new(SECRET.into());
    let registered = [
        application("public app", Some(ClientAuthentication::None)),
        application("basic app", Some(ClientAuthentication::SecretBasic(secret()))),
        application("post app", Some(ClientAuthentication::SecretPost(secret()))),
        application("key app", Some(ClientAuthentication::PrivateKeyJwt(keys))),
        application("proxied app", None),
    ];
    Bench {
        clients: Clients::new(ISSUER, store, shared),
        applications: Applications::new(registered, application("default", None)),
        clock,
        key,
    }
}

fn application(client_id: &str, authentication: Option<ClientAuthentication>) -> Application {
    Application {
        login: authentication.map(|authentication| Login {
            redirect_uris: Vec::new(),
            authentication,
            dpop: DpopUse::Optional,
            pushed: PushedUse::Optional,
        }),
        ..Application::of_audience(client_id, Simulated::Refuse)
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn basic(client_id: &str, secret: &str) -> String {
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

fn asked() -> Brought<'static> {
    Brought {
        endpoint: ENDPOINT,
        source: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
        ..Brought::default()
    }
}

impl Bench {
    async fn judge(&self, brought: &Brought<'_>) -> Result<String, String> {
        let judged = self.clients.authenticate(&self.applications, brought).await;
        judged
            .map(|client| client.client_id().to_owned())
            .map_err(|refusal| refusal.to_string())
    }

    fn claims(&self) -> Map<String, Value> {
        let now = self.clock.now().unix_timestamp();
        let claims = json!({
            "iss": "key app", "sub": "key app", "aud": ISSUER, "jti": "one", "iat": now, "exp": now + 60,
        });
        claims.as_object().unwrap().clone()
    }

    async fn assert(&self, token: &str) -> Result<String, String> {
        let brought = Brought {
            client_assertion_type: Some(ASSERTION_TYPE),
            client_assertion: Some(token),
            ..asked()
        };
        self.judge(&brought).await
    }
}

#[tokio::test]
async fn ap_06_each_client_proves_itself_by_the_method_it_is_registered_for_and_by_no_other() {
    let bench = bench();
    let clients = ["public app", "basic app", "post app", "key app", "proxied app"];
    for (number, client_id) in clients.iter().enumerate() {
        let header = basic(client_id, SECRET);
        let mut claims = bench.claims();
        for name in ["iss", "sub", "jti"] {
            claims.insert(name.to_owned(), (*client_id).into());
        }
        let token = bench.key.sign(None, &claims).unwrap();
        let ways = [
            Brought {
                client_id: Some(client_id),
                ..asked()
            },
            Brought {
                authorization: Some(&header),
                ..asked()
            },
            Brought {
                client_id: Some(client_id),
                client_secret: Some(SECRET),
                ..asked()
            },
            Brought {
                client_assertion_type: Some(ASSERTION_TYPE),
                client_assertion: Some(&token),
                ..asked()
            },
        ];
        for (way, brought) in ways.iter().enumerate() {
            let judged = bench.judge(brought).await;
            assert_eq!(
                judged.is_ok(),
                way == number,
                "{client_id} by way {way}: {judged:?}"
            );
        }
    }
}

#[tokio::test]
async fn ap_06_a_wrong_secret_a_stranger_and_half_a_header_are_refused() {
    let bench = bench();
    let raw = format!("Basic {}", STANDARD.encode(format!("basic app:{SECRET}")));
    let stray = format!("Basic {}", STANDARD.encode("basic+app:%zz"));
    let headers = [
        basic("basic app", ""),
        basic("basic app", "a+b"),
        basic("nobody", SECRET),
        basic("", SECRET),
        basic("default", SECRET),
        raw,
        stray,
        "Basic".to_owned(),
        "Basic !".to_owned(),
        "Bearer abc".to_owned(),
        basic("basic app", SECRET).replace("Basic ", "Digest "),
    ];
    for header in headers {
        let judged = bench
            .judge(&Brought {
                authorization: Some(&header),
                ..asked()
            })
            .await;
        assert!(judged.is_err(), "{header}");
    }
    assert!(bench.judge(&asked()).await.is_err(), "nobody is named");
    let good = basic("basic app", SECRET).replace("Basic ", "bAsIc ");
    let judged = bench
        .judge(&Brought {
            authorization: Some(&good),
            ..asked()
        })
        .await;
    assert_eq!(judged.as_deref(), Ok("basic app"));
}

#[tokio::test]
async fn ap_06_two_methods_or_two_names_in_one_request_are_refused() {
    let bench = bench();
    let header = basic("basic app", SECRET);
    let named_twice = |client_id| Brought {
        authorization: Some(&header),
        client_id: Some(client_id),
        ..asked()
    };
    assert!(bench.judge(&named_twice("basic app")).await.is_ok());
    let token = bench.key.sign(None, &bench.claims()).unwrap();
    let several = [
        named_twice("post app"),
        Brought {
            client_secret: Some(SECRET),
            ..named_twice("basic app")
        },
        Brought {
            client_assertion: Some(&token),
            ..named_twice("basic app")
        },
        Brought {
            client_assertion_type: Some(ASSERTION_TYPE),
            ..named_twice("basic app")
        },
        Brought {
            client_id: Some("post app"),
            client_secret: Some(SECRET),
            client_assertion: Some(&token),
            client_assertion_type: Some(ASSERTION_TYPE),
            ..asked()
        },
    ];
    for brought in &several {
        let judged = bench.clients.authenticate(&bench.applications, brought).await;
        assert!(matches!(judged, Err(NotTheClient::SeveralMethods)), "{judged:?}");
    }
}

#[tokio::test]
async fn ap_15_a_stranger_who_fails_often_keeps_no_client_out() {
    let bench = bench();
    let (wrong, right) = (basic("basic app", "guess"), basic("basic app", SECRET));
    let here = Brought {
        authorization: Some(&wrong),
        ..asked()
    };
    for _ in 0..MOST_FAILURES {
        assert!(bench.judge(&here).await.is_err());
    }
    let held = bench.clients.authenticate(&bench.applications, &here).await;
    assert!(matches!(held, Err(NotTheClient::TooMany)), "{held:?}");
    let elsewhere = Brought {
        authorization: Some(&right),
        source: Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1))),
        ..asked()
    };
    assert!(
        bench.judge(&elsewhere).await.is_ok(),
        "the client itself is elsewhere"
    );
    let other = Brought {
        client_id: Some("public app"),
        ..asked()
    };
    assert!(bench.judge(&other).await.is_ok(), "another client from there");
    bench.clock.advance(PERIOD);
    let here = Brought {
        authorization: Some(&right),
        ..asked()
    };
    assert!(bench.judge(&here).await.is_ok(), "a minute later");
}

#[tokio::test]
async fn ap_15_a_public_client_may_ask_for_a_whole_hospital_and_no_more() {
    let bench = bench();
    let public = Brought {
        client_id: Some("public app"),
        ..asked()
    };
    for _ in 0..MOST_PUBLIC_REQUESTS {
        assert!(bench.judge(&public).await.is_ok());
    }
    let held = bench.clients.authenticate(&bench.applications, &public).await;
    assert!(matches!(held, Err(NotTheClient::TooMany)), "{held:?}");
    let elsewhere = Brought {
        source: Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1))),
        ..public
    };
    assert!(bench.judge(&elsewhere).await.is_ok());
}

#[tokio::test]
async fn ap_15_who_succeeds_often_is_never_held_back() {
    let bench = bench();
    let right = basic("basic app", SECRET);
    for _ in 0..MOST_FAILURES * 3 {
        assert!(
            bench
                .judge(&Brought {
                    authorization: Some(&right),
                    ..asked()
                })
                .await
                .is_ok()
        );
    }
}
