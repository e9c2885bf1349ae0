//! An application at the endpoints that it asks itself.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::compact::Compact;
use nhsmail_bridge::protocol::jose::key_set::KeySet;
use nhsmail_bridge::protocol::jose::public_key::VerificationKey;
use serde_json::Value;
use url::form_urlencoded::Serializer;

pub(crate) use super::scene::basic;
use super::scene::{Asked, ROTA, ROTA_SECRET, VERIFIER, answer_at_once, asked, callback};
use crate::support::{ENTRA, Page, TestBridge, Visitor};

/// Fields of a form.
pub(crate) type Fields<'a> = &'a [(&'a str, &'a str)];

/// An application without a browser.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Visitor,
    headers: Vec<(String, String)>,
    fields: Vec<(String, String)>,
}

/// Tokens as an application gets them.
#[derive(Debug, Clone)]
pub(crate) struct Tokens(pub(crate) Value);

impl Client {
    /// The application of most stories, with its secret.
    pub(crate) fn rota(bridge: &TestBridge) -> Self {
        Self::anybody(bridge).with_header("authorization", &basic(ROTA, ROTA_SECRET))
    }

    /// A public client, which names itself and proves nothing.
    pub(crate) fn public(bridge: &TestBridge, client_id: &str) -> Self {
        Self::anybody(bridge).with_field("client_id", client_id)
    }

    /// Somebody who proves nothing at all.
    pub(crate) fn anybody(bridge: &TestBridge) -> Self {
        Self {
            agent: bridge.visitor(),
            headers: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// With one more header on every request.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With one more field in every form.
    pub(crate) fn with_field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, fields: Fields<'_>) -> Page {
        let body = Serializer::new(String::new())
            .extend_pairs(fields)
            .extend_pairs(&self.fields)
            .finish();
        self.post_octets(path, body).await
    }

    /// Posts a form as it is written.
    pub(crate) async fn post_octets(&mut self, path: &str, body: String) -> Page {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<(&str, &str)> = own.chain([form]).collect();
        self.agent.post(path, &headers, body).await
    }

    /// Redeems a code of [`asked`].
    pub(crate) async fn redeem(&mut self, bridge: &TestBridge, code: &str) -> Page {
        let redirect_uri = callback(bridge);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth2/token", &fields).await
    }

    /// Refreshes.
    pub(crate) async fn refresh(&mut self, token: &str) -> Page {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth2/token", &fields).await
    }

    /// Asks about a token.
    pub(crate) async fn introspect(&mut self, token: &str) -> Value {
        let page = self.post("/oauth2/introspect", &[("token", token)]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.json()
    }

    /// True if a token is worth something.
    pub(crate) async fn is_active(&mut self, token: &str) -> bool {
        self.introspect(token).await["active"] == true
    }

    /// Gives a token back.
    pub(crate) async fn revoke(&mut self, token: &str) -> Page {
        self.post("/oauth2/revoke", &[("token", token)]).await
    }

    /// Asks who the person is.
    pub(crate) async fn userinfo(&mut self, token: &str) -> Page {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        self.agent.ask(Method::GET, "/oauth2/userinfo", &headers).await
    }
}

impl Tokens {
    /// Those of an answer that gives some.
    pub(crate) fn of(page: &Page) -> Self {
        assert_eq!(page.status, 200, "{}", page.body);
        Self(page.json())
    }

    /// One of them; it must be there.
    pub(crate) fn token(&self, name: &str) -> &str {
        self.0[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    pub(crate) fn access(&self) -> &str {
        self.token("access_token")
    }

    pub(crate) fn refresh(&self) -> &str {
        self.token("refresh_token")
    }

    pub(crate) fn id(&self) -> &str {
        self.token("id_token")
    }
}

/// Somebody who is signed in through the newer NHSmail door.
pub(crate) async fn signed_in(bridge: &TestBridge) -> Visitor {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    visitor
}

/// A code for whoever is signed in.
pub(crate) async fn code(visitor: &mut Visitor, asked: &Asked) -> String {
    answer_at_once(visitor, asked).await.code().to_owned()
}

/// Tokens of the application of most stories for whoever is signed in, a refresh token among them.
pub(crate) async fn tokens(bridge: &TestBridge, visitor: &mut Visitor) -> Tokens {
    let asked = asked(bridge).with("scope", "openid profile offline_access");
    let code = code(visitor, &asked).await;
    Tokens::of(&Client::rota(bridge).redeem(bridge, &code).await)
}

/// Logs out here.
pub(crate) async fn sign_out(visitor: &mut Visitor) {
    let question = visitor.open("/sign-out").await;
    visitor.press(&question, "Log out").await;
    assert!(!visitor.is_signed_in().await);
}

/// The header of a token.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

/// What a token says, believed by whoever asks nobody.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).expect("a part");
    let octets = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&octets).expect("JSON")
}

/// True if a key that the bridge publishes signed `token` with `algorithm`.
pub(crate) async fn is_signed(bridge: &TestBridge, token: &str, algorithm: Algorithm) -> bool {
    let page = bridge.visitor().open("/oauth2/jwks.json").await;
    let keys = KeySet::read(page.body.as_bytes()).expect("a key set");
    let token = Compact::read(token).expect("a token");
    let key = keys.find(token.kid(), algorithm);
    key.is_ok_and(|key| token.is_signed_by(VerificationKey::Public(key), algorithm))
}

/// The error of an answer, as RFC 6749 5.2 wants it.
pub(crate) fn error(page: &Page) -> String {
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        page.header("content-type").starts_with("application/json"),
        "{}",
        page.body
    );
    let said = page.json();
    assert!(
        said["error_description"]
            .as_str()
            .is_some_and(|text| text.contains("(reference ")),
        "{said}"
    );
    format!("{} {}", page.status, said["error"].as_str().expect("an error"))
}
