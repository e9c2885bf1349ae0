//! The programs of `docs/add-log-in.md`, run as they are printed: somebody logs in, logs out there, is logged out here, and is
//! refused.

use nhsmail_bridge::downstream::application::scope::Scope;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use serde_json::Value;
use url::Url;

use super::block;
use super::program::{Language, Program};
use crate::other_relying_parties::scene::{application, bridge_with, free_port, log_in, register};
use crate::support::{TestBridge, Visitor};

/// A program of the guide, registered as the guide says, and somebody with a browser.
struct Scene {
    bridge: TestBridge,
    _program: Program,
    here: String,
    visitor: Visitor,
}

/// What the guide prints in this language; where its library refuses plain http, with the word that allows it.
fn text(language: Language) -> String {
    match language {
        Language::Node => {
            let printed = "openid.ClientSecretBasic(process.env.ROTA_SECRET));";
            let by_plain_http = "openid.ClientSecretBasic(process.env.ROTA_SECRET), { execute: [openid.allowInsecureRequests] });";
            let text = block("js");
            assert!(text.contains(printed), "the guide prints it otherwise");
            text.replace(printed, by_plain_http)
        }
        Language::Python => block("python").to_owned(),
    }
}

fn registered(here: &str) -> Settings {
    let mut settings = application(AuthenticationMethod::ClientSecretBasic);
    settings.scopes = vec![Scope::OpenId, Scope::Profile, Scope::Organisation];
    settings.redirect_uris = vec![format!("{here}/callback")];
    settings.post_logout_redirect_uris = vec![format!("{here}/goodbye")];
    settings.backchannel_logout_uri = Some(format!("{here}/backchannel-logout"));
    settings
}

async fn scene(language: Language, change: impl FnOnce(&mut Settings)) -> Scene {
    let port = free_port();
    let here = format!("http://127.0.0.1:{port}");
    let mut settings = registered(&here);
    change(&mut settings);
    let bridge = bridge_with(|config| register(config, settings)).await;
    let program = Program::start(language, &text(language), bridge.origin().as_str(), port).await;
    let visitor = bridge.visitor();
    Scene {
        bridge,
        _program: program,
        here,
        visitor,
    }
}

impl Scene {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.here)
    }

    async fn logs_in(&mut self) {
        let page = log_in(&mut self.visitor, &format!("{}/", self.here)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let person: Value = serde_json::from_str(&page.body).expect(&page.body);
        assert_eq!(person["name"], "Amara Example");
        assert!(person["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
        assert!(person["org"].is_object(), "{person}");
    }

    /// True if the program sends whoever opens it to the bridge, which does not know them either.
    async fn is_logged_out(&mut self) -> bool {
        let page = self.visitor.open(&format!("{}/", self.here)).await;
        page.body.contains("id=\"people\"")
    }
}

async fn somebody_logs_in_and_out(language: Language) {
    let mut scene = scene(language, |_settings| {}).await;
    scene.logs_in().await;
    let page = scene.visitor.open(&format!("{}/logout", scene.here)).await;
    assert_eq!(page.url.as_str(), scene.at("/goodbye"), "{}", page.body);
    assert!(page.body.contains("You have logged out of Rota."));
    assert!(!scene.visitor.is_signed_in().await, "at the bridge");
    assert!(scene.is_logged_out().await);
}

async fn whoever_logs_out_here_is_logged_out_there(language: Language) {
    let mut scene = scene(language, |_settings| {}).await;
    scene.logs_in().await;
    let question = scene.visitor.open("/sign-out").await;
    scene.visitor.press(&question, "Log out").await;
    assert!(scene.is_logged_out().await);
}

async fn what_is_no_logout_token_is_refused(language: Language) {
    let mut scene = scene(language, |_settings| {}).await;
    scene.logs_in().await;
    let mut leaving = scene.visitor.clone();
    let page = leaving.open(&scene.at("/logout")).await;
    let mut hints = page.sent_to.iter().flat_map(Url::query_pairs);
    let id_token = hints.find(|(name, _)| name == "id_token_hint").expect("a hint").1;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for forged in [
        format!("logout_token={id_token}"),
        "logout_token=e30.e30.e30".to_owned(),
        "logout_token=".to_owned(),
        "nothing=1".to_owned(),
    ] {
        let answer = scene
            .visitor
            .post(&scene.at("/backchannel-logout"), &form, forged.clone())
            .await;
        assert_eq!(answer.status, 400, "{forged}");
    }
}

async fn whoever_may_not_come_in_reads_so(language: Language) {
    let of_another = |settings: &mut Settings| settings.requires.organisations = vec!["Z99Z9".to_owned()];
    let mut scene = scene(language, of_another).await;
    let page = log_in(&mut scene.visitor, &format!("{}/", scene.here)).await;
    assert_eq!(page.url.host_str(), scene.bridge.url("/").host_str());
    let back = page.link("Go back to Rota");
    let page = scene.visitor.open(back.as_str()).await;
    assert!(page.url.as_str().starts_with(&scene.here), "{}", page.url);
    assert_eq!(page.status, 403, "{}", page.body);
    assert!(page.body.contains("You are not logged in."), "{}", page.body);
}

macro_rules! stories {
    ($($name:ident: $language:expr,)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn ap_08_what_the_guide_prints_logs_somebody_in_and_out() {
                somebody_logs_in_and_out($language).await;
            }

            #[tokio::test]
            async fn ap_09_whoever_logs_out_here_is_logged_out_of_what_the_guide_prints() {
                whoever_logs_out_here_is_logged_out_there($language).await;
            }

            #[tokio::test]
            async fn ap_09_what_is_no_logout_token_is_refused_by_what_the_guide_prints() {
                what_is_no_logout_token_is_refused($language).await;
            }

            #[tokio::test]
            async fn ap_08_who_may_not_come_in_reads_so_in_what_the_guide_prints() {
                whoever_may_not_come_in_reads_so($language).await;
            }
        }
    )*};
}

stories! {
    node: Language::Node,
    python: Language::Python,
}
