//! A proof is for one request, at one moment, once.

use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;
use crate::platform::clock::SettableClock;
use crate::platform::random::SeededRandom;
use crate::platform::store::MemoryStore;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::es256::Es256Key;
use crate::protocol::jose::signer::Signer;

const NOW: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);
const ADDRESS: &str = "https://bridge.example.test/oauth2/token";
const REQUEST: Request<'static> = Request {
    method: "POST",
    address: ADDRESS,
    access_token: None,
};

struct Bench {
    proofs: Proofs,
    clock: SettableClock,
    key: Signer,
}

fn key(seed: u64) -> Signer {
    let key = Es256Key::draw(&SeededRandom::from_seed(seed)).unwrap();
    Signer::from_pem(key.to_pem().unwrap().expose(), Algorithm::ES256, None).unwrap()
}

fn bench() -> Bench {
    let clock = SettableClock::at(NOW);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let store = Arc::new(MemoryStore::new(1000, Arc::clone(&shared)));
    let subject = SubjectKey::draw(&SeededRandom::from_seed(1)).unwrap();
    Bench {
        proofs: Proofs::new(store, shared, subject),
        clock,
        key: key(2),
    }
}

impl Bench {
    fn header(&self) -> Map<String, Value> {
        let mut jwk = self.key.public_jwk().unwrap();
        // As applications send it: the numbers alone.
        jwk.as_object_mut()
            .unwrap()
            .retain(|name, _| ["kty", "crv", "x", "y"].contains(&name.as_str()));
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk });
        header.as_object().unwrap().clone()
    }

    fn claims(&self) -> Map<String, Value> {
        let claims = json!({
            "jti": "one", "htm": "POST", "htu": ADDRESS, "iat": self.clock.now().unix_timestamp(),
        });
        claims.as_object().unwrap().clone()
    }

    fn proof(&self, header: &Map<String, Value>, claims: &Map<String, Value>) -> String {
        let payload = serde_json::to_vec(claims).unwrap();
        self.key.sign_with_header(header, &payload).unwrap()
    }

    async fn judge(&self, claims: &Map<String, Value>, request: &Request<'_>) -> Result<String, String> {
        let proof = self.proof(&self.header(), claims);
        self.proofs
            .judge(&proof, request)
            .await
            .map_err(|cause| cause.to_string())
    }
}

#[tokio::test]
async fn ap_07_a_proof_is_good_once_and_names_its_key_by_its_thumbprint() {
    let bench = bench();
    let shown = bench.judge(&bench.claims(), &REQUEST).await.unwrap();
    assert_eq!(
        Some(shown.as_str()),
        bench.key.kid(),
        "the name of a key is its thumbprint"
    );
    let again = bench.judge(&bench.claims(), &REQUEST).await.unwrap_err();
    assert!(again.contains("dpop-id-unused"), "{again}");
}

#[tokio::test]
async fn ap_07_each_rule_on_a_proof_refuses() {
    let bench = bench();
    let changed = [
        ("dpop-method", "htm", json!("GET")),
        ("dpop-method", "htm", Value::Null),
        (
            "dpop-address",
            "htu",
            json!("https://bridge.example.test/oauth2/userinfo"),
        ),
        (
            "dpop-address",
            "htu",
            json!("http://bridge.example.test/oauth2/token"),
        ),
        ("dpop-address", "htu", json!("/oauth2/token")),
        ("dpop-id", "jti", json!("")),
        ("dpop-id", "jti", Value::Null),
        ("dpop-id", "jti", json!("x".repeat(256))),
        ("dpop-moment", "iat", Value::Null),
        ("dpop-moment", "iat", json!("now")),
    ];
    for (rule, name, value) in changed {
        let mut claims = bench.claims();
        claims.insert(name.to_owned(), value.clone());
        let refused = bench.judge(&claims, &REQUEST).await.unwrap_err();
        assert!(refused.contains(rule), "{name} {value}: {refused}");
    }
    let mut spelt = bench.claims();
    spelt.insert(
        "htu".to_owned(),
        json!("HTTPS://Bridge.example.test:443/oauth2/token?x=1#y"),
    );
    assert!(bench.judge(&spelt, &REQUEST).await.is_ok());
}

#[tokio::test]
async fn ap_07_a_proof_of_another_kind_key_or_algorithm_is_refused() {
    let bench = bench();
    let claims = bench.claims();
    let mut private = bench.header();
    private["jwk"]["d"] = json!("AAAA");
    let stranger = key(3).public_jwk().unwrap();
    for (why, name, value) in [
        ("dpop-type", "typ", json!("JWT")),
        ("dpop-algorithm", "alg", json!("none")),
        ("dpop-algorithm", "alg", json!("HS256")),
        ("dpop-signature", "alg", json!("RS256")),
        ("dpop-no-extension", "crit", json!(["x"])),
        ("dpop-signature", "jwk", stranger),
        ("not usable", "jwk", private["jwk"].clone()),
        ("not usable", "jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("not usable", "jwk", json!("key")),
    ] {
        let mut header = bench.header();
        header.insert(name.to_owned(), value.clone());
        let refused = bench.proofs.judge(&bench.proof(&header, &claims), &REQUEST).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(why), "{name} {value}: {refused}");
    }
    assert!(
        bench.judge(&claims, &REQUEST).await.is_ok(),
        "nothing of all that spent the id"
    );
}

#[tokio::test]
async fn ap_07_a_proof_for_an_access_token_is_for_that_one_alone() {
    let bench = bench();
    let request = Request {
        access_token: Some("token"),
        ..REQUEST
    };
    assert!(
        bench
            .judge(&bench.claims(), &request)
            .await
            .unwrap_err()
            .contains("dpop-access-token")
    );
    for (token, good) in [("other", false), ("token", true)] {
        let mut claims = bench.claims();
        claims.insert(
            "ath".to_owned(),
            URL_SAFE_NO_PAD.encode(sha256(token.as_bytes())).into(),
        );
        assert_eq!(bench.judge(&claims, &request).await.is_ok(), good, "{token}");
    }
}

#[tokio::test]
async fn ap_07_whose_clock_is_wrong_needs_a_nonce_of_ours_that_is_fresh() {
    let bench = bench();
    let now = NOW.unix_timestamp();
    for (number, (off, good)) in [(120, true), (-120, true), (121, false), (-121, false)]
        .into_iter()
        .enumerate()
    {
        let mut claims = bench.claims();
        claims.insert("iat".to_owned(), (now + off).into());
        claims.insert("jti".to_owned(), format!("{number}").into());
        assert_eq!(bench.judge(&claims, &REQUEST).await.is_ok(), good, "{off}");
    }
    let mut claims = bench.claims();
    claims.insert("iat".to_owned(), (now - 86_400).into());
    claims.insert("nonce".to_owned(), bench.proofs.nonce().unwrap().into());
    assert!(bench.judge(&claims, &REQUEST).await.is_ok());
    claims.insert("jti".to_owned(), "two".into());
    bench.clock.advance(NONCE_PERIOD);
    assert!(
        bench.judge(&claims, &REQUEST).await.is_ok(),
        "the nonce of just before"
    );
    claims.insert("jti".to_owned(), "three".into());
    bench.clock.advance(NONCE_PERIOD);
    let stale = bench.judge(&claims, &REQUEST).await.unwrap_err();
    assert!(stale.contains("nonce"), "{stale}");
    let mut made_up = bench.claims();
    made_up.insert("nonce".to_owned(), "mine".into());
    assert!(bench.judge(&made_up, &REQUEST).await.is_err());
}
