//! Who ends what: every way in with every way out, played through, as the table in `docs/logout-matrix.md`.

mod ways_in;
mod ways_out;
mod world;

use std::fmt::Write as _;
use std::path::Path;

use ways_in::WayIn;
use ways_out::WayOut;
use world::{Ended, World};

const DOCUMENT: &str = "docs/logout-matrix.md";

const INTRODUCTION: &str = "\
# Who ends what

Made by `UPDATE_DOCS=1 cargo test --test bridge logout::matrix`: somebody logs in by each door in two browsers and uses two
applications in the first, the Rota and the Ward Board. Then the session of the first browser ends in each way, and this is what
is found. Both applications take logout tokens; the identity providers are told where the connection can (`sign_out_upstream`,
single logout signed by our key).

- *Session*: whoever has the cookie is nobody.
- *Tokens*: introspection, UserInfo and refresh say no at once. A token that an application checks by itself is good for five
  minutes more.
- *Told*: the application was sent a logout token behind the browser's back.
- *Provider*: the identity provider's own session ended.
- *Other browser*: the same person's session there, in use all the while; after 12 hours it is as old as the first.

What runs out of time is told to nobody: the application asks for a token again within five minutes and gets none. An
administrator reaches no browser, so the identity provider is not told; a logout token is the identity provider's word that
its own session is over already.
";

/// Two applications that took part.
struct Found {
    session: Ended,
    tokens: [Ended; 2],
    told: [Ended; 2],
    provider: Ended,
    other_browser: Ended,
}

async fn found(way_in: WayIn, way_out: WayOut) -> Option<Found> {
    if !way_out.can_end(way_in) {
        return None;
    }
    let world = World::of(way_in).await;
    let mut other = world.somebody().await;
    let mut browser = world.somebody().await;
    let holds = world.uses_both(&mut browser).await;
    let (mut before, sessions_before) = (browser.clone(), world.provider_sessions());
    way_out.end(&world, &mut browser, &mut other, &holds).await;
    let told = world.told().await;
    let ended = |is_there: bool| if is_there { Ended::No } else { Ended::Yes };
    Some(Found {
        session: ended(before.is_signed_in().await),
        tokens: [
            ended(world.is_active(&holds[0], 0).await),
            ended(world.is_active(&holds[1], 1).await),
        ],
        told,
        // The fake sends a logout token and does nothing else; its session is over by what it says.
        provider: ended(way_out != WayOut::LogoutToken && world.provider_sessions() >= sessions_before),
        other_browser: ended(other.is_signed_in().await),
    })
}

async fn table(way_in: WayIn) -> String {
    let mut table = format!("\n## Logged in with {}\n\n", way_in.label());
    table.push_str("| who ends the session | session | tokens: Rota, Ward Board | told: Rota, Ward Board | provider | other browser |\n");
    table.push_str("|---|---|---|---|---|---|\n");
    for way_out in WayOut::ALL {
        let Some(found) = found(way_in, way_out).await else {
            continue;
        };
        let [session, provider, other] =
            [found.session, found.provider, found.other_browser].map(Ended::word);
        let [rota, ward] = found.tokens.map(Ended::word);
        let [rota_told, ward_told] = found.told.map(Ended::told);
        let who = way_out.label();
        writeln!(
            table,
            "| {who} | {session} | {rota}, {ward} | {rota_told}, {ward_told} | {provider} | {other} |"
        )
        .expect("text");
    }
    table
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_09_who_ends_what_is_as_the_document_says() {
    let mut document = INTRODUCTION.to_owned();
    let tables = WayIn::ALL.map(|way_in| tokio::spawn(table(way_in)));
    for table in tables {
        document.push_str(&table.await.expect("a table"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &document).expect("it is ours");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, document,
        "{DOCUMENT} is not what happens; UPDATE_DOCS=1 writes it anew"
    );
}
