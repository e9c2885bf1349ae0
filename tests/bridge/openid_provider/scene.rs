//! An application that is registered, and what it sends and gets.

use std::collections::BTreeMap;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::scope::Scope;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use nhsmail_bridge::fakes::cis2::Endpoint;
use nhsmail_bridge::platform::secret::Source;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::support::{Page, TestBridge, Visitor};

/// The application of most stories: a server with a shared secret.
pub(crate) const ROTA: &str = "rota";
/// What people call it.
pub(crate) const ROTA_LABEL: &str = "Northfield Rota";
/// Its secret.
pub(crate) const ROTA_SECRET: &str = "a shared secret of more than thirty-two characters";
/// What its requests carry as `state`.
pub(crate) const STATE: &str = "af0ifjsldkj & co";
/// What its requests carry as `nonce`.
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
/// `code_verifier` (RFC 7636 appendix B).
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// `code_challenge` of a verifier.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(openssl::sha::sha256(verifier.as_bytes()))
}

/// Registers the application of most stories, changed like this. It takes invented people and is told everything.
pub(crate) fn with_rota(config: &mut Config, change: impl FnOnce(&mut Settings)) {
    let origin = config.web.return_to[0].clone();
    let mut rota = Settings::new(ROTA_LABEL);
    rota.redirect_uris = vec![origin.at("/callback"), origin.at("/other?kept=1")];
    rota.client_authentication = Some(AuthenticationMethod::ClientSecretBasic);
    rota.client_secret = Some(Source::held(ROTA_SECRET));
    rota.scopes = Scope::ALL.to_vec();
    rota.simulated = true;
    change(&mut rota);
    config.applications.insert(ROTA.to_owned(), rota);
}

/// A bridge with two NHSmail doors and the application.
pub(crate) async fn bridge_with_rota(change: impl FnOnce(&mut Settings)) -> TestBridge {
    TestBridge::configured(|config| with_rota(config, change)).await
}

/// The same with a door to CIS2.
pub(crate) async fn bridge_with_rota_and_cis2(change: impl FnOnce(&mut Settings)) -> TestBridge {
    TestBridge::with_cis2(|config| with_rota(config, change)).await
}

/// What an application asks for. Begin with [`asked`].
#[derive(Debug, Clone)]
pub(crate) struct Asked(Vec<(String, String)>);

/// A request of the application that nothing is wrong with.
pub(crate) fn asked(bridge: &TestBridge) -> Asked {
    let redirect_uri = callback(bridge);
    let challenge = challenge(VERIFIER);
    let fields = [
        ("response_type", "code"),
        ("client_id", ROTA),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "openid profile"),
        ("state", STATE),
        ("nonce", NONCE),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Asked(fields.into_iter().map(owned).collect())
}

/// Where the application takes answers.
pub(crate) fn callback(bridge: &TestBridge) -> String {
    bridge.application_url("/callback").into()
}

impl Asked {
    /// With another value, or one more parameter.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// With one parameter more, though it may be there already.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// The parameters, for a form.
    pub(crate) fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// The address that carries it.
    pub(crate) fn address(&self) -> String {
        let query = Serializer::new(String::new()).extend_pairs(&self.0).finish();
        format!("/oauth2/authorize?{query}")
    }
}

/// What an application gets back.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// Where it was sent, without the query.
    pub(crate) place: String,
    fields: BTreeMap<String, String>,
}

impl Answered {
    /// What the address says.
    pub(crate) fn of(address: &Url) -> Self {
        let mut place = address.clone();
        place.set_query(None);
        Self {
            place: place.into(),
            fields: address.query_pairs().into_owned().collect(),
        }
    }

    /// One value; empty if it is not there.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The code.
    pub(crate) fn code(&self) -> &str {
        let code = self.value("code");
        assert!(!code.is_empty(), "no code: {self:?}");
        code
    }

    /// The refusal.
    pub(crate) fn error(&self) -> &str {
        self.value("error")
    }
}

/// Sends a browser with a request, and follows it wherever that leads.
pub(crate) async fn authorize(visitor: &mut Visitor, asked: &Asked) -> Page {
    visitor.open(&asked.address()).await
}

/// What the application gets at once, without anybody being asked.
pub(crate) async fn answer_at_once(visitor: &mut Visitor, asked: &Asked) -> Answered {
    let answer = visitor.ask(Method::GET, &asked.address(), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Answered::of(&Url::parse(answer.header("location")).expect("an address"))
}

/// What the application got on whose page the browser ended.
pub(crate) fn answered(bridge: &TestBridge, page: &Page) -> Answered {
    assert_eq!(
        page.url.authority(),
        bridge.application_url("/").authority(),
        "{}",
        page.body
    );
    Answered::of(&page.url)
}

/// Says at NHSmail who signs in, from its page that asks; ends wherever that leads.
pub(crate) async fn sign_in_at_nhsmail(visitor: &mut Visitor, question: &Page, person: &str) -> Page {
    let answer = visitor.pick(question, person).await;
    visitor.bring(&answer).await
}

/// Signs in at CIS2 with this method, from its page that asks for one; ends wherever that leads.
pub(crate) async fn sign_in_at_cis2(
    visitor: &mut Visitor,
    methods: &Page,
    method: &str,
    person: &str,
) -> Page {
    let mut form = methods.form("Continue");
    form.fields.retain(|(name, _)| name != "method");
    let people = visitor.submit(methods, &form.with("method", method)).await;
    visitor.press(&people, person).await
}

/// What CIS2 was asked last, by the name of the parameter.
pub(crate) fn asked_of_cis2(bridge: &TestBridge, parameter: &str) -> String {
    let received = bridge.cis2().received();
    let mut questions = received.iter().rev();
    let last = questions.find(|asked| asked.endpoint == Endpoint::Authorize);
    let value = last.and_then(|asked| asked.parameter(parameter));
    value.unwrap_or_default().to_owned()
}

/// `Authorization` of a client with a secret (RFC 6749 2.3.1).
pub(crate) fn basic(client_id: &str, secret: &str) -> String {
    use base64::engine::general_purpose::STANDARD;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
