//! The session ends, there or here, and the other one with it.

use nhsmail_bridge::upstream::oidc_rp::settings::Algorithm;
use url::Url;

use super::scene::{CLIENT, Requests, Scene};
use crate::support::{Page, Visitor};

async fn signed_in(scene: &Scene) -> Visitor {
    let mut visitor = scene.bridge.visitor();
    scene.sign_in(&mut visitor).await;
    assert!(visitor.is_signed_in().await, "{:?}", scene.seen().await);
    visitor
}

/// How often the provider saw this.
async fn times(scene: &Scene, event: &str) -> usize {
    let seen = scene.seen().await;
    seen.iter().filter(|known| *known == event).count()
}

/// Asks here to be signed out, and ends at the provider's own question.
async fn leave(scene: &Scene, visitor: &mut Visitor) -> (Page, Url) {
    let back = scene.bridge.application_url("/shifts/7");
    let question = visitor.open(&format!("/sign-out?return_to={back}")).await;
    (visitor.press(&question, "Log out").await, back)
}

fn value(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
}

#[tokio::test]
async fn oi_14_a_provider_of_others_ends_its_session_and_ours_ends_with_it() {
    let scene = Scene::set(Algorithm::Es256, Requests::InTheAddress).await;
    let (mut here, mut elsewhere) = (signed_in(&scene).await, signed_in(&scene).await);

    let question = here.open(&scene.there("/session/end")).await;
    here.press(&question, "End it").await;

    assert_eq!(
        times(&scene, "backchannel.success").await,
        1,
        "{:?}",
        scene.seen().await
    );
    assert!(!here.is_signed_in().await);
    assert!(
        elsewhere.is_signed_in().await,
        "the same person's session in another browser, whose sid is another"
    );
}

#[tokio::test]
async fn oi_15_who_signs_out_here_is_signed_out_there_and_comes_back() {
    let scene = Scene::set(Algorithm::Es256, Requests::InTheAddress).await;
    let mut olwen = signed_in(&scene).await;

    let (there, back) = leave(&scene, &mut olwen).await;
    assert!(!olwen.is_signed_in().await, "before anything is asked there");
    assert!(there.url.as_str().starts_with(&scene.there("/session/end?")));
    assert_eq!(value(&there.url, "client_id").as_deref(), Some(CLIENT));
    assert!(value(&there.url, "id_token_hint").is_some());

    let page = olwen.press(&there, "End it").await;
    assert_eq!((page.status, &page.url), (200, &back));
    let first = page.sent_to.first().expect("an address");
    assert_eq!(first.path(), "/signed-out");
    assert_eq!(value(first, "state"), value(&there.url, "state"));
    // It tells us of the end of a session that has ended already, and is content with the answer.
    assert_eq!(times(&scene, "backchannel.success").await, 1);
    assert_eq!(times(&scene, "end_session.success").await, 1);
}

#[tokio::test]
async fn oi_15_an_address_that_is_not_registered_keeps_nobody_signed_in() {
    let scene = Scene::changed(Algorithm::Es256, Requests::InTheAddress, |client| {
        client["post_logout_redirect_uris"] = serde_json::json!([]);
    })
    .await;
    let mut olwen = signed_in(&scene).await;

    let (there, _back) = leave(&scene, &mut olwen).await;
    assert_eq!(
        (there.status, there.says("post_logout_redirect_uri")),
        (400, true)
    );
    assert!(!olwen.is_signed_in().await);
}
