//! The fake CIS2 from outside: a relying party written by hand logs in against it over real HTTP.

mod assertions;
mod leaving;
mod microsoft;
mod mischief;
mod requests;
mod signing_in;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cis2::{Authentication, Client, ClientKeys, FakeCis2, NextAnswer, Settings};
use nhsmail_bridge::platform::clock::SettableClock;
use nhsmail_bridge::platform::outbound::{Outbound, Reply, Send};
use nhsmail_bridge::platform::random::SeededRandom;
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::compact::Compact;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Map, Value, json};
use url::Url;

use super::loopback;
use crate::support::{START, keys_of_the_fake};

const CLIENT: &str = "000000000000.apps.supplier";
const CALLBACK: &str = "http://127.0.0.1:9/callback";
const SCOPE: &str = "openid profile email nhsperson nationalrbacaccess associatedorgs selectedrole";

/// A relying party beside a fake CIS2.
pub(crate) struct Party {
    pub(crate) fake: FakeCis2,
    pub(crate) clock: SettableClock,
    pub(crate) signer: Signer,
    outbound: Outbound,
}

pub(crate) fn settings(clock: &SettableClock) -> Settings {
    Settings {
        clock: Arc::new(clock.clone()),
        random: Arc::new(SeededRandom::from_seed(7)),
        key_folder: Some(keys_of_the_fake()),
        ..Settings::listening(loopback())
    }
}

/// The client as it is registered in most of the tests.
pub(crate) fn client(signer: &Signer) -> Client {
    let jwks = json!({ "keys": [signer.public_jwk()] });
    Client::new(
        CLIENT,
        CALLBACK,
        Authentication::PrivateKeyJwt(ClientKeys::Jwks(jwks)),
    )
}

impl Party {
    pub(crate) async fn start() -> Self {
        let signer = Signer::generate_rsa(Algorithm::RS512, Some("party/1+=")).expect("a key");
        let registered = client(&signer);
        Self::start_as(registered, signer).await
    }

    pub(crate) async fn start_as(client: Client, signer: Signer) -> Self {
        let clock = SettableClock::at(START);
        let fake = FakeCis2::start(settings(&clock)).await.expect("the fake starts");
        fake.register(client);
        Self::beside(fake, clock, signer)
    }

    pub(crate) fn beside(fake: FakeCis2, clock: SettableClock, signer: Signer) -> Self {
        Self {
            fake,
            clock,
            signer,
            outbound: Outbound::new().expect("a client"),
        }
    }

    /// The address of an authentication request; later fields replace earlier ones, an empty one takes it away.
    pub(crate) fn request(&self, changes: &[(&str, &str)]) -> String {
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("redirect_uri", CALLBACK),
            ("scope", SCOPE),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("acr_values", "AAL2_OR_AAL3_ANY"),
            ("prompt", "login"),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            if !value.is_empty() {
                fields.push((name, value));
            }
        }
        let mut url = Url::parse(&format!("{}/authorize", self.fake.issuer())).expect("an address");
        url.query_pairs_mut().extend_pairs(fields);
        url.into()
    }

    /// The parameters with which a browser comes back.
    pub(crate) async fn answer_in(&self, browser: &mut Browser, address: &str) -> Map<String, Value> {
        let page = browser.open_once(address).await.expect("an answer");
        let back = page.redirect().unwrap_or_else(|| panic!("{}", page.words()));
        assert!(back.as_str().starts_with(CALLBACK), "{back}");
        back.query_pairs()
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect()
    }

    /// The answer about what is scripted next, in a fresh browser.
    pub(crate) async fn scripted(&self, next: NextAnswer) -> Map<String, Value> {
        self.fake.script(next);
        let mut browser = Browser::new().expect("a browser");
        self.answer_in(&mut browser, &self.request(&[])).await
    }

    /// A code about somebody.
    pub(crate) async fn code(&self, person: &str) -> String {
        let answer = self.scripted(NextAnswer::about(person)).await;
        answer["code"].as_str().expect("a code").to_owned()
    }

    /// The claims of a client assertion that is right.
    pub(crate) fn assertion_claims(&self, jti: &str) -> Map<String, Value> {
        let now = self.clock_seconds();
        let claims = json!({
            "iss": CLIENT, "sub": CLIENT, "aud": self.fake.token_endpoint(),
            "jti": jti, "iat": now, "exp": now + 180,
        });
        claims.as_object().expect("an object").clone()
    }

    pub(crate) fn clock_seconds(&self) -> i64 {
        use nhsmail_bridge::platform::clock::Clock;
        self.clock.now().unix_timestamp()
    }

    /// Brings a code with an assertion.
    pub(crate) async fn bring(&self, code: &str, assertion: &str) -> Reply {
        self.token_request(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
        ])
        .await
    }

    pub(crate) async fn token_request(&self, fields: &[(&str, &str)]) -> Reply {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let endpoint = self.fake.token_endpoint();
        let asked = self.outbound.ask(&endpoint, Send::Form(&fields), &[]).await;
        asked.expect("an answer")
    }

    /// The tokens for a code, with an assertion that is right.
    pub(crate) async fn tokens(&self, code: &str) -> Value {
        let assertion = self.signer.sign(Some("JWT"), &self.assertion_claims(code));
        let reply = self.bring(code, &assertion.expect("an assertion")).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        body(&reply)
    }

    /// Everything that comes of a scripted sign-in: the token response.
    pub(crate) async fn sign_in(&self, next: NextAnswer) -> Value {
        let answer = self.scripted(next).await;
        self.tokens(answer["code"].as_str().expect("a code")).await
    }

    pub(crate) async fn user_info(&self, tokens: &Value) -> Reply {
        let bearer = format!(
            "Bearer {}",
            tokens["access_token"].as_str().expect("an access token")
        );
        let endpoint = format!("{}/userinfo", self.fake.issuer());
        let headers = [("authorization", bearer.as_str())];
        let asked = self.outbound.ask(&endpoint, Send::Get, &headers).await;
        asked.expect("an answer")
    }

    pub(crate) async fn get(&self, address: &str) -> Reply {
        let asked = self.outbound.ask(address, Send::Get, &[]).await;
        asked.expect("an answer")
    }
}

pub(crate) fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("no JSON: {}", reply.text()))
}

/// The claims of a token, unverified.
pub(crate) fn claims(tokens: &Value) -> Map<String, Value> {
    let token = tokens["id_token"].as_str().expect("an ID token");
    Compact::read(token).expect("a token").claims().clone()
}

/// The left half of a hash, as in `at_hash`.
pub(crate) fn half_hash(text: &str) -> String {
    let digest = openssl::sha::sha256(text.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..16])
}

/// A program's POST of JSON, written out by hand: status and body.
pub(crate) async fn post_json(address: &str, json: &str) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let url = Url::parse(address).expect("an address");
    let host = url.authority();
    let mut stream = tokio::net::TcpStream::connect(host)
        .await
        .expect("the fake listens");
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{json}",
        url.path(),
        json.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let status = answer.split(' ').nth(1).expect("a status");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    (status.parse().expect("a number"), body.to_owned())
}
