//! The same through the front door: hostile answers posted at the assertion consumer service by a browser that has
//! a question pending, so that the judge is reached.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nhsmail_bridge::protocol::saml::limits::MESSAGE_OCTETS;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::documents::markups;
use crate::support::{ADFS, TestBridge};

/// How much longer than an honest answer of 300 groups a hostile one may take, which is ten times as large.
const SLOWER: u32 = 30;

#[tokio::test]
async fn xc_02_hostile_answers_posted_at_the_acs_take_no_longer_than_an_honest_one() {
    let bridge = TestBridge::start().await;
    let honest = quickest(&bridge, "").await;
    let room = MESSAGE_OCTETS - 32 * 1024;
    let mut slowest = (Duration::ZERO, String::new());
    for (name, markup) in markups(room) {
        let mut taken = bring(&bridge, &markup).await;
        if taken > honest * SLOWER {
            taken = quickest(&bridge, &markup).await;
        }
        assert!(
            taken < honest * SLOWER,
            "{name} took {taken:?}, an honest answer {honest:?}"
        );
        slowest = slowest.max((taken, name));
    }
    println!(
        "bombs: posted, {} took longest: {:?}; an honest answer took {honest:?}",
        slowest.1, slowest.0
    );
    assert!(
        quickest(&bridge, "").await < honest * SLOWER,
        "the bridge still signs people in"
    );
}

#[tokio::test]
async fn xc_02_a_body_of_100_megabytes_is_refused_before_it_has_arrived() {
    let bridge = TestBridge::start().await;
    let address = bridge.url(&format!("/saml/{ADFS}/acs"));
    let authority = format!(
        "{}:{}",
        address.host_str().expect("a host"),
        address.port().expect("a port")
    );
    let mut connection = TcpStream::connect(&authority).await.expect("the bridge listens");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 100000000\r\n\r\nSAMLResponse=",
        address.path()
    );
    connection
        .write_all(head.as_bytes())
        .await
        .expect("the head is taken");
    let (mut sent, some) = (0, vec![b'A'; 65536]);
    // The bridge may close before it was told everything: that is the point.
    while sent < 100_000_000 && connection.write_all(&some).await.is_ok() {
        sent += some.len();
    }
    let mut answer = Vec::new();
    let _reset_after_the_answer = connection.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
    println!("bombs: of 100 MB the bridge let {sent} octets be sent");
    assert!(sent < 50_000_000, "{sent} octets were taken");
}

/// The shortest of three.
async fn quickest(bridge: &TestBridge, markup: &str) -> Duration {
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        quickest = quickest.min(bring(bridge, markup).await);
    }
    quickest
}

/// How long it takes when a new visitor brings an answer with this markup in it. Without any they are signed in,
/// with it they are not.
#[expect(
    clippy::disallowed_methods,
    reason = "this measures time and judges nothing by it"
)]
async fn bring(bridge: &TestBridge, markup: &str) -> Duration {
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ADFS).await;
    let answer = visitor.pick(&question, "gill-groups").await;
    let form = answer.form("Continue");
    let message = STANDARD
        .decode(form.field("SAMLResponse").expect("the answer"))
        .expect("it is base64");
    let mut message = String::from_utf8(message).expect("it is UTF-8");
    message.insert_str(message.rfind("</").expect("an end tag"), markup);
    let form = form.with("SAMLResponse", &STANDARD.encode(message));
    let start = Instant::now();
    visitor.bring_form(&answer, &form).await;
    let taken = start.elapsed();
    assert_eq!(visitor.is_signed_in().await, markup.is_empty());
    taken
}
