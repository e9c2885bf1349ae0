//! Applications that know people by names of their own, and those whose libraries know RSA alone.

use nhsmail_bridge::downstream::application::TokenAlgorithm;
use nhsmail_bridge::downstream::application::settings::SubjectType;
use nhsmail_bridge::protocol::jose::Algorithm;

use super::scene::{ROTA, ROTA_SECRET, asked, bridge_with_rota};
use super::token_scene::{
    Client, Tokens, basic, claims, code, header, is_signed, sign_out, signed_in, tokens,
};
use crate::support::TestBridge;

async fn two_sectors() -> TestBridge {
    let mut bridge = bridge_with_rota(|rota| {
        rota.subject_type = SubjectType::Pairwise;
        rota.sector = Some("rota.example".to_owned());
    })
    .await;
    let change = |config: &mut nhsmail_bridge::config::Config| {
        let mut ward = config.applications[ROTA].clone();
        ward.sector = Some("ward.example".to_owned());
        config.applications.insert("ward".to_owned(), ward);
    };
    bridge.reload(change).await;
    bridge
}

#[tokio::test]
async fn ap_14_two_sectors_find_no_name_of_a_person_or_session_in_common() {
    let bridge = two_sectors().await;
    let mut visitor = signed_in(&bridge).await;
    let rotas = tokens(&bridge, &mut visitor).await;
    let asked = asked(&bridge)
        .with("client_id", "ward")
        .with("scope", "openid offline_access");
    let code = code(&mut visitor, &asked).await;
    let mut ward = Client::anybody(&bridge).with_header("authorization", &basic("ward", ROTA_SECRET));
    let wards = Tokens::of(&ward.redeem(&bridge, &code).await);
    for name in ["sub", "sid", "jti", "grant"] {
        let (one, other) = (claims(rotas.access()), claims(wards.access()));
        assert!(one[name].is_string(), "{name}");
        assert_ne!(one[name], other[name], "{name}");
    }
    for name in ["sub", "sid"] {
        assert_eq!(claims(rotas.id())[name], claims(rotas.access())[name], "{name}");
    }
    let again = tokens(&bridge, &mut visitor).await;
    assert_eq!(claims(again.id())["sub"], claims(rotas.id())["sub"]);

    let mut rota = Client::rota(&bridge);
    assert_eq!(
        rota.userinfo(rotas.access()).await.json()["sub"],
        claims(rotas.id())["sub"]
    );
    assert!(rota.is_active(rotas.access()).await && ward.is_active(wards.access()).await);
    sign_out(&mut visitor).await;
    assert!(!rota.is_active(rotas.access()).await && !ward.is_active(wards.access()).await);
}

#[tokio::test]
async fn ap_14_whoever_is_not_pairwise_knows_the_name_that_all_others_know() {
    let mut bridge = two_sectors().await;
    let mut visitor = signed_in(&bridge).await;
    let pairwise = claims(tokens(&bridge, &mut visitor).await.id());
    let public = |config: &mut nhsmail_bridge::config::Config| {
        let rota = config.applications.get_mut(ROTA).expect("the application");
        rota.subject_type = SubjectType::Public;
    };
    bridge.reload(public).await;
    let public = claims(tokens(&bridge, &mut visitor).await.id());
    assert_ne!(pairwise["sub"], public["sub"]);
    assert_ne!(pairwise["sid"], public["sid"]);
}

#[tokio::test]
async fn ap_03_an_application_that_asked_for_rsa_gets_it_and_nobody_else_does() {
    let mut bridge = bridge_with_rota(|rota| rota.signing_algorithm = TokenAlgorithm::Rs256).await;
    let change = |config: &mut nhsmail_bridge::config::Config| {
        let mut ward = config.applications[ROTA].clone();
        ward.signing_algorithm = TokenAlgorithm::Es256;
        config.applications.insert("ward".to_owned(), ward);
    };
    bridge.reload(change).await;
    let mut visitor = signed_in(&bridge).await;
    let rotas = tokens(&bridge, &mut visitor).await;
    for token in [rotas.id(), rotas.access()] {
        assert_eq!(header(token)["alg"], "RS256");
        assert!(is_signed(&bridge, token, Algorithm::RS256).await);
    }
    let mut rota = Client::rota(&bridge);
    assert_eq!(rota.userinfo(rotas.access()).await.status, 200);
    assert!(rota.is_active(rotas.access()).await);
    let code = code(&mut visitor, &asked(&bridge).with("client_id", "ward")).await;
    let mut ward = Client::anybody(&bridge).with_header("authorization", &basic("ward", ROTA_SECRET));
    let wards = Tokens::of(&ward.redeem(&bridge, &code).await);
    assert_eq!(header(wards.id())["alg"], "ES256");
}
