//! A code exchanged for tokens, against the same server that signs once with ES256 and answers an empty 200.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::protocol::jose::es256::Es256Key;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::support::{ENTRA, TestBridge};
use crate::{CONNECTIONS, served};

/// How many codes are exchanged in one turn.
const CODES: usize = 8_000;
/// How many turns there are.
const TURNS: usize = 3;
/// So many requests of strangers are taken at once; a second of the bridge's clock later as many again.
const AT_ONCE: usize = 250;
const CALLBACK: &str = "http://127.0.0.1:9/callback";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Prints how many are exchanged in a second, and how that compares.
pub(crate) async fn print() {
    let bridge = TestBridge::configured(|config| {
        let mut rota = Settings::new("Rota");
        rota.redirect_uris = vec![CALLBACK.to_owned()];
        rota.client_authentication = Some(AuthenticationMethod::ClientSecretBasic);
        rota.client_secret = Some(Source::held(SECRET));
        rota.simulated = true;
        config.applications.insert("rota".to_owned(), rota);
    })
    .await;
    let port = bridge.url("/").port().expect("a port");
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let signing = signing_server();
    let (mut best_exchange, mut best_signing) = (0.0_f64, 0.0_f64);
    for _turn in 0..TURNS {
        let requests: Vec<String> = codes(&bridge)
            .await
            .iter()
            .map(|code| request(here, code))
            .collect();
        best_signing = best_signing.max(per_second(signing, requests.clone()).await);
        best_exchange = best_exchange.max(per_second(here, requests).await);
    }
    println!("\n  code exchange, {CONNECTIONS} connections, best of {TURNS} turns of {CODES}");
    println!("  ES256 and empty 200 | {best_signing:9.0} per second");
    println!(
        "  /oauth2/token       | {best_exchange:9.0} per second | {:.2}",
        best_exchange / best_signing
    );
}

/// Codes of one person who is logged in, each by a request of the application.
async fn codes(bridge: &TestBridge) -> Vec<String> {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    let all = visitor.cookies_for(bridge.url("/").as_str());
    let ticket = all.split("; ").find(|pair| pair.starts_with("nhsmail-bridge="));
    let ticket = ticket.expect("a ticket").to_owned();
    let client = Client::builder().redirect(Policy::none()).no_proxy().build();
    let client = client.expect("a client");
    let address = bridge.url(&authorize());
    let mut codes = Vec::with_capacity(CODES);
    while codes.len() < CODES {
        if codes.len() % AT_ONCE == 0 {
            bridge.clock.advance(time::Duration::SECOND);
        }
        let asked = client.get(address.clone()).header("cookie", &ticket).send().await;
        let answer = asked.expect("an answer");
        let place = answer
            .headers()
            .get("location")
            .and_then(|place| place.to_str().ok());
        let place = Url::parse(place.expect("a place")).expect("an address");
        let code = place.query_pairs().find(|(name, _)| name == "code");
        codes.push(code.expect("a code").1.into_owned());
    }
    codes
}

fn authorize() -> String {
    let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(VERIFIER.as_bytes()));
    let query = Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", "rota")
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("scope", "openid profile")
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .finish();
    format!("/oauth2/authorize?{query}")
}

fn request(here: SocketAddr, code: &str) -> String {
    let body = Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("code_verifier", VERIFIER)
        .finish();
    let proof = STANDARD.encode(format!("rota:{SECRET}"));
    format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: {here}\r\nauthorization: Basic {proof}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The same server, which reads the form and signs once.
fn signing_server() -> SocketAddr {
    let key = Arc::new(Es256Key::draw(&SystemRandom).expect("a key"));
    let sign = move |body: Bytes| {
        let token = key.token("at+jwt", &body.len());
        async move { token.map(|_token| ()).expect("a signature") }
    };
    served(Router::new().route("/oauth2/token", post(sign)))
}

/// Sends each request once, over as many connections as a busy application keeps open.
#[expect(clippy::disallowed_methods, reason = "this measures the machine's own time")]
async fn per_second(address: SocketAddr, requests: Vec<String>) -> f64 {
    let number = u32::try_from(requests.len()).expect("not so many");
    let left = Arc::new(Mutex::new(requests));
    let start = Instant::now();
    let mut all = JoinSet::new();
    for _connection in 0..CONNECTIONS {
        all.spawn(send_all(address, Arc::clone(&left)));
    }
    all.join_all().await;
    f64::from(number) / start.elapsed().as_secs_f64()
}

async fn send_all(address: SocketAddr, left: Arc<Mutex<Vec<String>>>) {
    let mut stream = TcpStream::connect(address).await.expect("somebody listens");
    stream.set_nodelay(true).expect("a socket");
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut buffer = Vec::with_capacity(16_384);
    while let Some(request) = next() {
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        read_answer(&mut stream, &mut buffer).await;
    }
}

/// Reads one answer with its body.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the server hung up");
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        assert!(head.starts_with("HTTP/1.1 200 "), "{text}");
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
        if body.len() >= length {
            return;
        }
    }
}
