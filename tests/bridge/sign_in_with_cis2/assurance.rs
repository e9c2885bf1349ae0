//! How well somebody proved who they are, and how long ago.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::{
    Assurance as Proven, Audience, AuthTime, Authenticator, Endpoint, IdentityLevel, Levels, Manner,
    NextAnswer, SignatureAlgorithm,
};
use nhsmail_bridge::upstream::oidc_rp::settings::Prompt;
use nhsmail_bridge::upstream::verified::Assurance;
use time::Duration;

use super::{ZOE, arrives, assert_kept_out, bridge_where, claims, signs_in};
use crate::support::{CIS2, TestBridge};

const WEAK_LOGIN: (u16, &str) = (403, "You need a more secure way to log in");
const WEAK_IDENTITY: (u16, &str) = (403, "Your identity has not been checked yet");
const OLD_LOGIN: (u16, &str) = (403, "You need to log in once more");
const NOT_BELIEVED: (u16, &str) = (403, "We could not log you in");

async fn bridge_from(aal: u8) -> TestBridge {
    bridge_where(|cis2| {
        cis2.oidc.minimum_assurance = Some(Assurance { aal, ial: 3 });
        cis2.oidc.acr_values = vec![if aal == 3 { "AAL3_ANY" } else { "AAL2_OR_AAL3_ANY" }.to_owned()];
    })
    .await
}

/// Somebody who proved themselves with this, whatever was asked for.
fn with(person: &str, authenticator: Authenticator) -> NextAnswer {
    NextAnswer {
        authenticator: Some(authenticator),
        ..NextAnswer::about(person)
    }
}

#[tokio::test]
async fn oi_10_where_aal_2_is_asked_1_is_kept_out_and_2_and_3_come_in() {
    let bridge = bridge_from(2).await;
    let mut pat = bridge.visitor();
    let page = arrives(
        &bridge,
        &mut pat,
        with("pat-password", Authenticator::UserPassword),
    )
    .await;
    assert_kept_out(&mut pat, &page, WEAK_LOGIN).await;
    for method in ["Smartcard", "Security key", "Microsoft Authenticator", "Passkey"] {
        assert!(page.says(method), "{method}: {}", page.body);
    }
    for (authenticator, aal) in [
        (Authenticator::MicrosoftAuthenticator, 2),
        (Authenticator::SecurityKey, 3),
    ] {
        let mut zoe = bridge.visitor();
        arrives(&bridge, &mut zoe, with(ZOE, authenticator)).await;
        assert_eq!(claims(&mut zoe).await["aal"], aal);
    }
}

#[tokio::test]
async fn oi_10_where_aal_3_is_asked_2_is_kept_out_and_told_what_would_do() {
    let bridge = bridge_from(3).await;
    let mut tess = bridge.visitor();
    let page = arrives(
        &bridge,
        &mut tess,
        with("tess-totp", Authenticator::MicrosoftAuthenticator),
    )
    .await;
    assert_kept_out(&mut tess, &page, WEAK_LOGIN).await;
    for method in ["Smartcard", "Windows Hello", "Security key", "iPad app"] {
        assert!(page.says(method), "{method}: {}", page.body);
    }
    assert!(!page.says("Microsoft Authenticator") && !page.says("Passkey"));
    let again = tess.open(page.link("Log in another way").as_str()).await;
    assert!(again.says("Select your login method") && !again.says("Authenticator app"));
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    assert_eq!(claims(&mut zoe).await["aal"], 3);
    let asked = bridge.cis2().received();
    let asked = asked.iter().find(|asked| asked.endpoint == Endpoint::Authorize);
    let told = asked.map(|asked| (asked.parameter("acr_values"), asked.parameter("prompt")));
    assert_eq!(told, Some((Some("AAL3_ANY"), Some("login"))));
}

#[tokio::test]
async fn oi_10_what_was_asked_for_is_not_what_was_proven() {
    let bridge = bridge_from(3).await;
    let mut zoe = bridge.visitor();
    let next = NextAnswer {
        manner: Some(Manner {
            assurance: Proven::OneLower,
            ..Manner::default()
        }),
        ..NextAnswer::about(ZOE)
    };
    let page = arrives(&bridge, &mut zoe, next).await;
    // `acr` says AAL3_ANY all the same.
    assert_kept_out(&mut zoe, &page, WEAK_LOGIN).await;
    signs_in(&bridge, &mut zoe, ZOE).await;
}

#[tokio::test]
async fn oi_10_an_identity_that_was_hardly_checked_is_kept_out() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut lou = bridge.visitor();
    let page = arrives(&bridge, &mut lou, NextAnswer::about("lou-lowidentity")).await;
    assert_kept_out(&mut lou, &page, WEAK_IDENTITY).await;
    assert!(page.says("registration authority"));
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    assert_eq!(claims(&mut zoe).await["ial"], 3);
}

#[tokio::test]
async fn oi_10_levels_are_read_however_cis2_writes_them() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let manners = [
        Manner {
            levels: Levels::Numbers,
            ..Manner::default()
        },
        Manner {
            identity_level: IdentityLevel::AsInUserInfo,
            ..Manner::default()
        },
        Manner {
            audience: Audience::Array,
            signature: SignatureAlgorithm::Rs512,
            ..Manner::default()
        },
    ];
    for manner in manners {
        let next = |person: &str| NextAnswer {
            manner: Some(manner),
            ..NextAnswer::about(person)
        };
        let mut zoe = bridge.visitor();
        arrives(&bridge, &mut zoe, next(ZOE)).await;
        let told = claims(&mut zoe).await;
        assert_eq!((&told["aal"], &told["ial"]), (&3.into(), &3.into()), "{manner:?}");
        let mut lou = bridge.visitor();
        let page = arrives(&bridge, &mut lou, next("lou-lowidentity")).await;
        assert_kept_out(&mut lou, &page, WEAK_IDENTITY).await;
    }
}

#[tokio::test]
async fn oi_10_a_login_at_cis2_is_used_again_for_five_minutes_and_no_longer() {
    let bridge = bridge_where(|cis2| cis2.oidc.prompt = Prompt::Omit).await;
    let mut zoe = bridge.visitor();
    zoe.sign_in_at_cis2(CIS2, "security-key", ZOE).await;
    bridge.clock.advance(Duration::minutes(5));
    let ticket = zoe.ticket().map(str::to_owned);
    let again = zoe.leave(CIS2).await;
    assert_eq!((again.status, again.url.path()), (200, "/"), "CIS2 asked nothing");
    assert_ne!(zoe.ticket().map(str::to_owned), ticket);

    let mut later = zoe.clone();
    bridge.clock.advance(Duration::minutes(1) + Duration::seconds(1));
    let page = later.leave(CIS2).await;
    assert_eq!((page.status, page.heading().as_str()), OLD_LOGIN);
    assert!(zoe.is_signed_in().await, "a refusal ends nothing that was before");
}

#[tokio::test]
async fn oi_10_a_login_from_before_we_asked_is_not_taken_by_striking_out_the_prompt() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    zoe.sign_in_at_cis2(CIS2, "security-key", ZOE).await;
    bridge.clock.advance(Duration::minutes(2));
    let honest = zoe.leave(CIS2).await;
    assert!(honest.says("Select your login method"), "{}", honest.body);

    let sent = zoe.ask(Method::GET, &format!("/sign-in?door={CIS2}"), &[]).await;
    let address = sent.header("location").to_owned();
    let struck = address.replace("&prompt=login", "");
    assert_ne!(struck, address);
    let page = zoe.open(&struck).await;
    assert_eq!((page.status, page.heading().as_str()), OLD_LOGIN);
}

#[tokio::test]
async fn oi_10_when_somebody_logged_in_must_be_said_where_it_is_judged() {
    let silent = Manner {
        auth_time: AuthTime::Absent,
        ..Manner::default()
    };
    let next = || NextAnswer {
        manner: Some(silent),
        ..NextAnswer::about(ZOE)
    };
    let strict = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = strict.visitor();
    let page = arrives(&strict, &mut visitor, next()).await;
    assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;

    let easy = bridge_where(|cis2| cis2.oidc.max_auth_age = None).await;
    let mut visitor = easy.visitor();
    arrives(&easy, &mut visitor, next()).await;
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn oi_10_the_clock_of_cis2_may_be_off_by_a_minute_and_not_by_two() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for (ahead, comes_in) in [(50, true), (-50, true), (120, false)] {
        bridge.cis2().set_ahead(Duration::seconds(ahead));
        let mut visitor = bridge.visitor();
        let page = arrives(&bridge, &mut visitor, NextAnswer::about(ZOE)).await;
        assert_eq!(visitor.is_signed_in().await, comes_in, "{ahead}: {}", page.body);
    }
}
