//! Somebody opens a page behind Apache, is sent here, and Apache knows who it is.

use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use url::form_urlencoded::byte_serialize;

use super::apache::Apache;
use super::scene::{CLIENT, SECRET, application, bridge_with, log_in, register};
use crate::support::{Page, TestBridge, Visitor};

/// What `docs/add-log-in.md` tells people to write, by plain http on this machine.
pub(super) fn lines(bridge: &str, here: &str) -> String {
    format!(
        "OIDCProviderMetadataURL {bridge}/.well-known/openid-configuration\n\
         OIDCClientID {CLIENT}\n\
         OIDCClientSecret \"{SECRET}\"\n\
         OIDCRedirectURI {here}/redirect_uri\n\
         OIDCCryptoPassphrase \"an invented passphrase\"\n\
         OIDCScope \"openid profile email nhs.organisation nhs.assurance\"\n\
         OIDCProviderTokenEndpointAuth client_secret_basic\n\
         OIDCPKCEMethod S256\n\
         OIDCSessionType server-cache\n\
         OIDCPassClaimsAs environment\n\
         <Location />\n\
         AuthType openid-connect\n\
         Require valid-user\n\
         Header always set X-Seen-Name \"expr=%{{reqenv:OIDC_CLAIM_name}}\"\n\
         Header always set X-Seen-Door \"expr=%{{reqenv:OIDC_CLAIM_door}}\"\n\
         Header always set X-Seen-Subject \"expr=%{{reqenv:OIDC_CLAIM_sub}}\"\n\
         </Location>\n\
         <Location /nhsmail-only>\n\
         Require claim door:nhsmail\n\
         </Location>\n\
         <Location /cis2-only>\n\
         Require claim door:cis2\n\
         </Location>\n"
    )
}

fn behind(here: &str) -> Settings {
    let mut settings = application(AuthenticationMethod::ClientSecretBasic);
    settings.redirect_uris = vec![format!("{here}/redirect_uri")];
    settings.post_logout_redirect_uris = vec![format!("{here}/goodbye")];
    settings.backchannel_logout_uri = Some(format!("{here}/redirect_uri?logout=backchannel"));
    settings
}

async fn scene() -> (TestBridge, Apache, Visitor) {
    let mut bridge = bridge_with(|_config| {}).await;
    let address = bridge.origin().as_str().to_owned();
    let apache = Apache::start(|here| lines(&address, here));
    bridge
        .reload(|config| register(config, behind(&apache.url(""))))
        .await;
    let visitor = bridge.visitor();
    (bridge, apache, visitor)
}

async fn logged_in(apache: &Apache, visitor: &mut Visitor) -> Page {
    let page = log_in(visitor, &apache.url("/")).await;
    assert_eq!(
        (page.status, page.heading().as_str()),
        (200, "Rota behind Apache"),
        "{}",
        page.body
    );
    page
}

#[tokio::test]
async fn ap_08_mod_auth_openidc_logs_somebody_in_and_tells_the_page_who_it_is() {
    let (_bridge, apache, mut visitor) = scene().await;
    let page = logged_in(&apache, &mut visitor).await;
    assert_eq!(page.header("x-seen-name"), "Amara Example");
    assert_eq!(page.header("x-seen-door"), "nhsmail");
    assert!(!page.header("x-seen-subject").is_empty());
    assert_eq!(
        visitor.open(&apache.url("/nhsmail-only/")).await.status,
        404,
        "allowed, and not there"
    );
    assert_eq!(visitor.open(&apache.url("/cis2-only/")).await.status, 401);
}

#[tokio::test]
async fn ap_09_who_logs_out_here_is_logged_out_behind_apache_by_the_back_channel() {
    let (_bridge, apache, mut visitor) = scene().await;
    logged_in(&apache, &mut visitor).await;
    let question = visitor.open("/sign-out").await;
    visitor.press(&question, "Log out").await;
    let page = visitor.open(&apache.url("/")).await;
    assert!(
        page.body.contains("id=\"people\""),
        "somebody must log in again: {}",
        page.body
    );
}

#[tokio::test]
async fn oi_15_who_logs_out_behind_apache_is_logged_out_here() {
    let (_bridge, apache, mut visitor) = scene().await;
    logged_in(&apache, &mut visitor).await;
    assert!(visitor.is_signed_in().await);
    let goodbye: String = byte_serialize(apache.url("/goodbye").as_bytes()).collect();
    let page = visitor
        .open(&apache.url(&format!("/redirect_uri?logout={goodbye}")))
        .await;
    assert!(!visitor.is_signed_in().await, "{}", page.body);
    let back = apache.url("/goodbye");
    assert!(
        page.sent_to.iter().any(|place| place.as_str() == back),
        "{:?}",
        page.sent_to
    );
}
