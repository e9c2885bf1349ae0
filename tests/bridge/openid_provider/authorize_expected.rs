//! Whom an application expects: `id_token_hint`, at a computer that two people share.

use nhsmail_bridge::identity::person::Door;

use super::scene::{answer_at_once, answered, asked, authorize, bridge_with_rota, sign_in_at_nhsmail};
use super::token_scene::{claims, code, signed_in, tokens};
use crate::support::ENTRA;

#[tokio::test]
async fn an_application_that_expects_somebody_is_told_of_nobody_else() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut computer = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut computer).await;
    let renewal = asked(&bridge)
        .with("prompt", "none")
        .with("id_token_hint", first.id());
    assert!(
        !answer_at_once(&mut computer, &renewal).await.code().is_empty(),
        "still her"
    );

    computer.sign_in(ENTRA, "nell-nomail").await;
    let second = tokens(&bridge, &mut computer).await;
    assert_ne!(claims(first.id())["sub"], claims(second.id())["sub"]);
    let renewed = answer_at_once(&mut computer, &renewal).await;
    assert_eq!((renewed.error(), renewed.value("code")), ("login_required", ""));
    let hers = asked(&bridge)
        .with("prompt", "none")
        .with("id_token_hint", second.id());
    assert!(!answer_at_once(&mut computer, &hers).await.code().is_empty());
}

#[tokio::test]
async fn whoever_logs_in_instead_of_whom_is_expected_is_told_so() {
    let bridge = bridge_with_rota(|rota| rota.requires.doors = vec![Door::Nhsmail]).await;
    let mut computer = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut computer).await;
    let mut other = bridge.visitor();
    let chooser = authorize(&mut other, &asked(&bridge).with("id_token_hint", first.id())).await;
    let question = other.open(chooser.link("Log in with NHSmail").as_str()).await;
    let page = sign_in_at_nhsmail(&mut other, &question, "nell-nomail").await;
    assert_eq!(
        page.url.path(),
        "/oauth2/authorize/continue",
        "no code: {}",
        page.body
    );

    let mut herself = bridge.visitor();
    let chooser = authorize(&mut herself, &asked(&bridge).with("id_token_hint", first.id())).await;
    let question = herself.open(chooser.link("Log in with NHSmail").as_str()).await;
    let page = sign_in_at_nhsmail(&mut herself, &question, "amara-example").await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn a_hint_that_is_none_of_ours_names_nobody() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut computer = signed_in(&bridge).await;
    let access = tokens(&bridge, &mut computer).await.access().to_owned();
    for hint in ["x", access.as_str()] {
        let silent = asked(&bridge).with("prompt", "none").with("id_token_hint", hint);
        assert_eq!(
            answer_at_once(&mut computer, &silent).await.error(),
            "login_required"
        );
        let page = authorize(&mut computer, &asked(&bridge).with("id_token_hint", hint)).await;
        assert_eq!(page.heading(), "Who signs in?", "they prove themselves anew");
    }
    assert!(!code(&mut computer, &asked(&bridge)).await.is_empty());
}
