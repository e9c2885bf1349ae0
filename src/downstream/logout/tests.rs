//! Applications on real sockets, that hear at once, later or never; by a clock that is moved by hand.

mod delivery;
mod frames;
mod hints;
mod tokens;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::downstream::application::registry::Applications;
use crate::downstream::application::{Application, Simulated};
use crate::downstream::signing_keys::SigningKeys;
use crate::downstream::subject::SubjectKey;
use crate::identity::person::examples;
use crate::platform::clock::{Clock, SettableClock};
use crate::platform::outbound::Outbound;
use crate::platform::random::{Random, SeededRandom};
use crate::session::ended::{Cause, Ended, Listener};
use crate::session::examples::session_shared_with;
use crate::session::record::Session;

const ISSUER: &str = "https://bridge.example.test";

struct Bench {
    back_channel: BackChannel,
    clock: SettableClock,
}

impl Bench {
    fn of(applications: impl IntoIterator<Item = Application>) -> Self {
        let clock = SettableClock::at(examples::AT);
        let tokens = tokens(&clock);
        let by_default = Application::of_audience("bridge", Simulated::Accept);
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let back_channel = BackChannel::new(Surroundings {
            applications: Applications::new(applications, by_default),
            tokens,
            outbound: Outbound::new().unwrap(),
            record: Arc::new(LogoutRecord::default()),
            clock: shared,
        });
        Self { back_channel, clock }
    }

    fn end(&self, session: &Session) {
        self.back_channel.ended(&Ended {
            session: session.clone(),
            cause: Cause::SignedOut,
        });
    }
}

fn tokens(clock: &SettableClock) -> LogoutTokens {
    let random = SeededRandom::from_seed(1);
    LogoutTokens {
        issuer: ISSUER.to_owned(),
        keys: Arc::new(SigningKeys::in_memory(time::Duration::minutes(5), &random).unwrap()),
        subject_key: SubjectKey::draw(&random).unwrap(),
        clock: Arc::new(clock.clone()),
        random: Arc::new(random) as Arc<dyn Random>,
    }
}

fn application(client_id: &str, back_channel: Option<&str>) -> Application {
    let mut application = Application::of_audience(client_id, Simulated::Accept);
    application.label = format!("The {client_id}");
    application.logout.back_channel = back_channel.map(str::to_owned);
    application
}

fn session(client_ids: &[&str]) -> Session {
    session_shared_with(examples::cis2(), client_ids)
}

/// An application that answers with these statuses in turn and then no more; gives its address and what it is sent.
fn hearing(statuses: &'static [&'static str]) -> (String, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/logout", listener.local_addr().unwrap());
    let (sent, received) = unbounded_channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let asked = read(&mut stream);
            // Answered before it is told, so that whoever was told knows that it will be noted.
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            if sent.send(asked).is_err() {
                return;
            }
        }
    });
    (address, received)
}

fn read(stream: &mut impl Read) -> String {
    let mut asked = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let octets = stream.read(&mut buffer).unwrap();
        asked.extend_from_slice(&buffer[..octets]);
        let text = String::from_utf8_lossy(&asked);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase();
            let length = length.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            if body.len() >= length {
                return text.into_owned();
            }
        }
    }
}

/// The claims of the token that a request carries.
fn claims(asked: &str) -> serde_json::Value {
    use base64::Engine as _;
    let (_, token) = asked.split_once("\r\n\r\nlogout_token=").expect("a form");
    let payload = token.split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    serde_json::from_slice(&payload).unwrap()
}
