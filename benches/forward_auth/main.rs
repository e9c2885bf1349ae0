//! What a reverse proxy waits for: `/auth/verify` of a live session, against the same server answering an empty 200; what an
//! application waits for: a code exchanged, against the same server signing once; and what it costs to look a session up
//! among a thousand and among a million.
//!
//! `cargo bench --bench forward_auth` prints the tables. Over HTTP the two are asked in turns, so that whatever else the
//! machine does falls on both. `--sessions N` stops the last table at N sessions; `--only verify`, `--only exchange` and
//! `--only sessions` measure one of the three.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints, and may stop where its ground is missing"
)]

mod exchange;
#[path = "../../tests/bridge/issuer.rs"]
#[expect(dead_code, reason = "only its answers are needed here")]
mod issuer;
mod load;
mod lookup;
#[path = "../sign_in/sign_in.rs"]
#[expect(dead_code, reason = "only its person is needed here")]
mod sign_in;
#[path = "../../tests/bridge/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "only a part of the vocabulary is needed here"
)]
mod support;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use nhsmail_bridge::app::listener::{Current, Listener};

use load::{Load, Question};
use mimalloc::MiMalloc;
use support::{ENTRA, TestBridge};

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How often each server is asked for a while.
const TURNS: usize = 5;
/// How long a turn takes.
const TURN: Duration = Duration::from_secs(1);
/// How many connections a proxy keeps open.
const CONNECTIONS: usize = 16;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let only = said("--only");
    let is_wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if is_wanted("verify") {
        runtime.block_on(verify_against_nothing());
    }
    if is_wanted("exchange") {
        runtime.block_on(exchange::print());
    }
    if is_wanted("sessions") {
        let most = said("--sessions").and_then(|number| number.parse().ok());
        lookup::print(most.unwrap_or(1_000_000));
    }
}

/// What the command line says behind `name`.
fn said(name: &str) -> Option<String> {
    std::env::args().skip_while(|word| word != name).nth(1)
}

async fn verify_against_nothing() {
    let bridge = TestBridge::configured(|config| {
        config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    })
    .await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    let address = bridge.url("/");
    let (host, port) = (
        address.host_str().expect("a host"),
        address.port().expect("a port"),
    );
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let asked_by_a_proxy = [
        ("cookie", visitor.cookies_for(address.as_str())),
        ("x-forwarded-proto", "http".to_owned()),
        ("x-forwarded-host", format!("{host}:{port}")),
        ("x-forwarded-uri", "/shifts?day=1".to_owned()),
        ("x-forwarded-method", "GET".to_owned()),
    ];
    let verify = Question::get(here, "/auth/verify", &asked_by_a_proxy);
    let nothing = Question::get(empty_server(), "/", &asked_by_a_proxy);
    let (mut best_verify, mut best_nothing) = (0.0_f64, 0.0_f64);
    for _turn in 0..TURNS {
        best_nothing = best_nothing.max(Load::of(&nothing, CONNECTIONS).run(TURN).await);
        best_verify = best_verify.max(Load::of(&verify, CONNECTIONS).run(TURN).await);
    }
    println!("\n  forward-auth, {CONNECTIONS} connections, best of {TURNS} turns");
    println!("  empty 200    | {best_nothing:9.0} per second");
    println!(
        "  /auth/verify | {best_verify:9.0} per second | {:.2}",
        best_verify / best_nothing
    );
}

/// The same server with nothing behind it.
fn empty_server() -> SocketAddr {
    served(Router::new().route("/", get(|| async {})))
}

/// Serves `router` as the bridge is served.
fn served(router: Router) -> SocketAddr {
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).expect("a free port");
    let address = listener.address().expect("its address");
    let current = Current::new(router);
    tokio::spawn(async move { listener.serve(&current).await });
    address
}
