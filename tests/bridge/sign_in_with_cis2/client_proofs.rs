//! How we prove to CIS2 that we are its client: by every method and algorithm, and what a person reads when it fails.

use nhsmail_bridge::config::OidcConnection;
use nhsmail_bridge::fakes::cis2::{
    Authentication, AuthenticationSeen, ClientKeys, ClientSecret, Endpoint, NextAnswer, Verdict,
};
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::settings::{Algorithm, ClientAuthentication, ClientKey};
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use super::{ZOE, arrives, assert_kept_out, assert_logged_once, bridge_where, signs_in};
use crate::support::log::logged;
use crate::support::{CLIENT, TestBridge, client_key};

const NOT_SET_UP: (u16, &str) = (
    500,
    "Sorry, logging in with Care Identity is not set up correctly",
);
const SECRET: &str = "a secret of more than 32 octets, + and & and : in it";

fn rsa_key(algorithm: Algorithm) -> ClientKey {
    let key = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    ClientKey {
        key: Source::held(key.private_key_to_pem_pkcs8().expect("PEM")),
        algorithm,
        kid: None,
    }
}

fn by_secret(cis2: &mut OidcConnection, method: ClientAuthentication) {
    cis2.oidc.client_authentication = method;
    cis2.oidc.client_keys.clear();
    cis2.oidc.client_secret = Some(Source::held(SECRET));
}

/// How we proved ourselves each time.
fn seen(bridge: &TestBridge) -> Vec<AuthenticationSeen> {
    let all = bridge.cis2().received().into_iter();
    let at_token = all.filter(|asked| asked.endpoint == Endpoint::Token);
    at_token.filter_map(|asked| asked.authentication).collect()
}

#[tokio::test]
async fn oi_08_by_private_key_jwt_every_algorithm_signs_in() {
    for (key, name) in [
        (rsa_key(Algorithm::Rs256), "RS256"),
        (rsa_key(Algorithm::Rs512), "RS512"),
        (rsa_key(Algorithm::Ps256), "PS256"),
        (client_key(), "ES256"),
    ] {
        let bridge = bridge_where(|cis2| cis2.oidc.client_keys = vec![key]).await;
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
        let seen = seen(&bridge);
        let assertion = seen[0].assertion.as_ref().expect("an assertion");
        assert_eq!(assertion.header["alg"], name);
        assert!(assertion.header["kid"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn oi_08_an_assertion_is_short_lived_ours_and_never_sent_twice() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for _ in 0..3 {
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    }
    let seen = seen(&bridge);
    let claims = seen
        .iter()
        .map(|seen| &seen.assertion.as_ref().expect("one").claims);
    let mut names = Vec::new();
    for claims in claims {
        assert_eq!((&claims["iss"], &claims["sub"]), (&CLIENT.into(), &CLIENT.into()));
        let life = claims["exp"].as_i64().zip(claims["iat"].as_i64());
        assert_eq!(life.map(|(exp, iat)| exp - iat), Some(60));
        assert_eq!(claims["aud"], bridge.cis2().token_endpoint().as_str(), "OI-09");
        names.push(claims["jti"].as_str().expect("a name").to_owned());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn oi_08_by_a_shared_secret_every_method_signs_in() {
    for (method, seen_as) in [
        (ClientAuthentication::ClientSecretJwt, "client_assertion"),
        (ClientAuthentication::ClientSecretPost, "client_secret_post"),
        (ClientAuthentication::ClientSecretBasic, "client_secret_basic"),
    ] {
        let bridge = bridge_where(|cis2| by_secret(cis2, method)).await;
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
        let seen = seen(&bridge);
        assert_eq!(
            seen.iter()
                .map(|seen| (seen.method, seen.verdict))
                .collect::<Vec<_>>(),
            [(seen_as, Verdict::Accepted)]
        );
    }
}

#[test]
fn oi_08_where_cis2_knows_another_key_the_person_is_told_that_it_is_not_their_fault() {
    logged(async |log| {
        let bridge = TestBridge::with_cis2(|_config| {}).await;
        let other = TestBridge::with_cis2(|_config| {}).await;
        let its_keys = other.visitor().open("/oidc/cis2/jwks.json").await.json();
        bridge.tell_cis2(|client| {
            client.authentication = Authentication::PrivateKeyJwt(ClientKeys::Jwks(its_keys));
        });
        let mut visitor = bridge.visitor();
        let page = arrives(&bridge, &mut visitor, NextAnswer::about(ZOE)).await;
        assert_kept_out(&mut visitor, &page, NOT_SET_UP).await;
        assert_logged_once(&log, &page, "invalid_client");
        assert_eq!(seen(&bridge)[0].verdict, Verdict::Refused);
        bridge.tell_cis2(|_client| {});
        signs_in(&bridge, &mut visitor, ZOE).await;
    });
}

#[test]
fn oi_08_where_cis2_knows_another_secret_it_is_never_in_the_log() {
    logged(async |log| {
        for method in [
            ClientAuthentication::ClientSecretJwt,
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
        ] {
            let bridge = bridge_where(|cis2| by_secret(cis2, method)).await;
            let another = ClientSecret::new("another secret of more than 32 octets, 0123456789");
            let authentication = match method {
                ClientAuthentication::ClientSecretJwt => Authentication::ClientSecretJwt(another),
                ClientAuthentication::ClientSecretPost => Authentication::ClientSecretPost(another),
                ClientAuthentication::ClientSecretBasic | ClientAuthentication::PrivateKeyJwt => {
                    Authentication::ClientSecretBasic(another)
                }
            };
            bridge.tell_cis2(|client| client.authentication = authentication);
            let mut visitor = bridge.visitor();
            let page = arrives(&bridge, &mut visitor, NextAnswer::about(ZOE)).await;
            assert_kept_out(&mut visitor, &page, NOT_SET_UP).await;
            assert_logged_once(&log, &page, "invalid_client");
        }
        assert!(log.lines_with("a secret of more").is_empty());
    });
}
