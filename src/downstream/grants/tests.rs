//! Codes and refresh tokens are spent once, and whoever spends one twice ends the grant.

use time::Duration;
use time::macros::datetime;

use super::*;
use crate::platform::clock::SettableClock;
use crate::platform::random::SeededRandom;
use crate::platform::store::MemoryStore;

const START: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const RIGHT: Redemption<'static> = Redemption {
    client_id: "rota",
    redirect_uri: "https://rota.example/done",
    code_verifier: VERIFIER,
    dpop_jkt: None,
};

fn end() -> OffsetDateTime {
    START + Duration::hours(12)
}

struct Bench {
    grants: Arc<Grants>,
    clock: SettableClock,
}

fn bench() -> Bench {
    let clock = SettableClock::at(START);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let store = Arc::new(MemoryStore::new(100, Arc::clone(&shared)));
    let grants = Grants::new(store, shared, Arc::new(SeededRandom::from_seed(1)));
    Bench {
        grants: Arc::new(grants),
        clock,
    }
}

fn new_grant() -> NewGrant {
    NewGrant {
        client_id: RIGHT.client_id.to_owned(),
        redirect_uri: RIGHT.redirect_uri.to_owned(),
        code_challenge: CHALLENGE.to_owned(),
        nonce: Some("n".to_owned()),
        scopes: BTreeSet::from([Scope::OpenId, Scope::OfflineAccess]),
        sid: Sid::parse(&"a".repeat(32)).unwrap(),
        dpop_jkt: None,
    }
}

fn grant_of(new: &NewGrant) -> Grant {
    Grant {
        client_id: new.client_id.clone(),
        sid: new.sid.clone(),
        scopes: new.scopes.clone(),
        dpop_jkt: None,
    }
}

impl Bench {
    async fn code(&self) -> String {
        self.grants.issue_code(&new_grant()).await.unwrap()
    }

    /// A grant that is open, and its first refresh token.
    async fn opened(&self, code: &str) -> (GrantId, String) {
        let redeemed = self.grants.redeem(code, &RIGHT).await.unwrap();
        let grant = grant_of(&redeemed.new);
        self.grants.open(&redeemed, &grant, end()).await.unwrap();
        let token = self.grants.first_refresh_token(&redeemed, end()).await.unwrap();
        (redeemed.id(), token)
    }

    async fn refresh(&self, token: &str) -> Result<String, GrantError> {
        let refreshing = self.grants.refreshing(token, "rota").await?;
        self.grants.rotate(&refreshing, end()).await
    }

    async fn lives(&self, id: &GrantId) -> bool {
        self.grants.find(id).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn ap_02_a_code_is_good_once_and_its_second_use_ends_the_grant() {
    let bench = bench();
    let code = bench.code().await;
    let (id, refresh) = bench.opened(&code).await;
    let again = bench.grants.redeem(&code, &RIGHT).await;
    assert!(matches!(again, Err(GrantError::Reused)), "{again:?}");
    assert!(!bench.lives(&id).await);
    assert!(bench.refresh(&refresh).await.is_err());
}

#[tokio::test]
async fn ap_02_who_comes_while_a_code_is_being_redeemed_is_refused_and_ends_nothing() {
    let bench = bench();
    let code = bench.code().await;
    let redeemed = bench.grants.redeem(&code, &RIGHT).await.unwrap();
    let at_once = bench.grants.redeem(&code, &RIGHT).await;
    assert!(matches!(at_once, Err(GrantError::Unknown)), "{at_once:?}");
    let grant = grant_of(&redeemed.new);
    bench.grants.open(&redeemed, &grant, end()).await.unwrap();
    assert!(bench.lives(&redeemed.id()).await);
    let later = bench.grants.redeem(&code, &RIGHT).await;
    assert!(matches!(later, Err(GrantError::Reused)), "{later:?}");
    assert!(!bench.lives(&redeemed.id()).await);
}

#[tokio::test]
async fn ap_02_a_code_lives_sixty_seconds() {
    let bench = bench();
    let (in_time, late) = (bench.code().await, bench.code().await);
    bench.clock.advance(Duration::seconds(59));
    assert!(bench.grants.redeem(&in_time, &RIGHT).await.is_ok());
    bench.clock.advance(Duration::SECOND);
    let late = bench.grants.redeem(&late, &RIGHT).await;
    assert!(matches!(late, Err(GrantError::Unknown)), "{late:?}");
}

#[tokio::test]
async fn o18_a_code_is_spent_by_whoever_tries_it_with_something_wrong() {
    let wrong = [
        Redemption {
            client_id: "other",
            ..RIGHT
        },
        Redemption {
            redirect_uri: "https://rota.example/done/",
            ..RIGHT
        },
        Redemption {
            code_verifier: CHALLENGE,
            ..RIGHT
        },
        Redemption {
            code_verifier: "",
            ..RIGHT
        },
    ];
    for redemption in wrong {
        let bench = bench();
        let code = bench.code().await;
        let refused = bench.grants.redeem(&code, &redemption).await;
        assert!(refused.is_err(), "{redemption:?}");
        let right = bench.grants.redeem(&code, &RIGHT).await;
        assert!(matches!(right, Err(GrantError::Unknown)), "{right:?}");
    }
}

#[tokio::test]
async fn ap_02_a_stranger_with_an_old_code_ends_nothing() {
    let bench = bench();
    let code = bench.code().await;
    let (id, _refresh) = bench.opened(&code).await;
    let stranger = Redemption {
        client_id: "other",
        ..RIGHT
    };
    let refused = bench.grants.redeem(&code, &stranger).await;
    assert!(matches!(refused, Err(GrantError::Unknown)), "{refused:?}");
    assert!(bench.lives(&id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ap_02_of_many_uses_of_one_code_at_once_one_wins() {
    let bench = bench();
    let code = bench.code().await;
    let uses: Vec<_> = (0..32)
        .map(|_| {
            let (grants, code) = (Arc::clone(&bench.grants), code.clone());
            tokio::spawn(async move { grants.redeem(&code, &RIGHT).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for one in uses {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn ap_05_a_refresh_token_is_spent_at_every_use_and_an_old_one_ends_the_family() {
    let bench = bench();
    let code = bench.code().await;
    let (id, first) = bench.opened(&code).await;
    let second = bench.refresh(&first).await.unwrap();
    let third = bench.refresh(&second).await.unwrap();
    assert!(bench.lives(&id).await);
    let stolen = bench.refresh(&first).await;
    assert!(matches!(stolen, Err(GrantError::Reused)), "{stolen:?}");
    assert!(!bench.lives(&id).await);
    assert!(bench.refresh(&third).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ap_05_of_many_uses_of_one_refresh_token_at_once_one_wins() {
    let bench = bench();
    let code = bench.code().await;
    let (_id, token) = bench.opened(&code).await;
    let uses: Vec<_> = (0..32)
        .map(|_| {
            let (grants, token) = (Arc::clone(&bench.grants), token.clone());
            tokio::spawn(async move {
                let refreshing = grants.refreshing(&token, "rota").await.ok()?;
                grants.rotate(&refreshing, end()).await.ok()
            })
        })
        .collect();
    let mut won = 0;
    for one in uses {
        won += usize::from(one.await.unwrap().is_some());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn ap_05_of_two_who_refresh_at_once_the_first_wins_and_nothing_ends() {
    let bench = bench();
    let code = bench.code().await;
    let (id, token) = bench.opened(&code).await;
    let one = bench.grants.refreshing(&token, "rota").await.unwrap();
    let two = bench.grants.refreshing(&token, "rota").await.unwrap();
    let next = bench.grants.rotate(&one, end()).await.unwrap();
    let second = bench.grants.rotate(&two, end()).await;
    assert!(matches!(second, Err(GrantError::Unknown)), "{second:?}");
    assert!(bench.lives(&id).await);
    assert!(bench.refresh(&next).await.is_ok());
}

#[tokio::test]
async fn ap_05_a_grant_that_is_revoked_while_it_is_refreshed_stays_revoked() {
    let bench = bench();
    let code = bench.code().await;
    let (id, token) = bench.opened(&code).await;
    let refreshing = bench.grants.refreshing(&token, "rota").await.unwrap();
    bench.grants.revoke(&id).await.unwrap();
    let refused = bench.grants.rotate(&refreshing, end()).await;
    assert!(matches!(refused, Err(GrantError::Revoked)), "{refused:?}");
    assert!(!bench.lives(&id).await);
}

#[tokio::test]
async fn ap_05_a_refresh_token_is_its_clients_and_ends_when_it_was_said() {
    let bench = bench();
    let code = bench.code().await;
    let (id, token) = bench.opened(&code).await;
    let other = bench.grants.refreshing(&token, "other").await;
    assert!(matches!(other, Err(GrantError::OtherClient)), "{other:?}");
    assert!(bench.lives(&id).await, "a stranger ends nothing");
    bench.clock.set(end());
    assert!(bench.refresh(&token).await.is_err());
}

#[tokio::test]
async fn ap_05_a_code_and_a_revoked_grant_refresh_nothing() {
    let bench = bench();
    let code = bench.code().await;
    let (id, token) = bench.opened(&code).await;
    bench.grants.revoke(&id).await.unwrap();
    assert!(bench.refresh(&token).await.is_err());
    assert!(
        bench
            .grants
            .refreshing(&bench.code().await, "rota")
            .await
            .is_err()
    );
    for text in ["", "a", &"a".repeat(96), &"A".repeat(96), &"é".repeat(48)] {
        assert!(bench.grants.refreshing(text, "rota").await.is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_code_that_names_a_key_is_redeemed_with_that_key_alone() {
    for (shown, good) in [(Some("key"), true), (Some("other"), false), (None, false)] {
        let bench = bench();
        let new = NewGrant {
            dpop_jkt: Some("key".to_owned()),
            ..new_grant()
        };
        let code = bench.grants.issue_code(&new).await.unwrap();
        let redemption = Redemption {
            dpop_jkt: shown,
            ..RIGHT
        };
        assert_eq!(
            bench.grants.redeem(&code, &redemption).await.is_ok(),
            good,
            "{shown:?}"
        );
    }
}

#[test]
fn the_name_of_a_grant_is_sixteen_octets_in_small_letters() {
    let good = "0123456789abcdef".repeat(2);
    assert!(GrantId::parse(&good).is_some());
    for bad in [
        String::new(),
        "ab".to_owned(),
        good.to_uppercase(),
        good.replace('f', "g"),
        format!("{good}00"),
        good.replace("01", "é"),
    ] {
        assert!(GrantId::parse(&bad).is_none(), "{bad}");
    }
}
