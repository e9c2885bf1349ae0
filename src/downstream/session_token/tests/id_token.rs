//! What an ID token says, and that neither kind of token is taken for the other.

use std::collections::BTreeSet;

use super::*;
use crate::downstream::grants::GrantId;
use crate::downstream::session_token::{Bound, CLAIMS, ID_TOKEN_TYPE, NotOurs};
use crate::protocol::jose::compact::Compact;

fn everything() -> Application {
    Application {
        scopes: Scope::ALL.into_iter().collect(),
        simulated: Simulated::Accept,
        ..rota()
    }
}

async fn id_token(bench: &Bench, person: Person) -> (SessionToken, String) {
    let session = bench.session(person).await;
    let application = everything();
    let grant = GrantId::parse(&"a".repeat(32)).unwrap();
    let bound = Bound {
        grant: &grant,
        dpop_jkt: Some("key"),
    };
    let access = bench.tokens.mint_bound(&session, &application, &bound).unwrap();
    let id = bench.tokens.id_token(&access, &application, Some("n")).unwrap();
    (access, id)
}

#[tokio::test]
async fn ap_08_every_claim_of_an_id_token_is_advertised_and_every_one_advertised_is_given() {
    let bench = bench();
    let mut seen = BTreeSet::new();
    for person in [examples::entra(), examples::cis2(), examples::simulated()] {
        let (_access, id) = id_token(&bench, person).await;
        let token = Compact::read(&id).unwrap();
        assert_eq!(token.typ(), Some(ID_TOKEN_TYPE));
        seen.extend(token.claims().keys().cloned());
    }
    let advertised: BTreeSet<String> = CLAIMS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(seen, advertised);
}

#[tokio::test]
async fn ap_03_an_id_token_is_no_access_token_and_neither_is_one_of_another_bridge() {
    let (bench, other) = (bench(), bench());
    let (access, id) = id_token(&bench, examples::entra()).await;
    let read = bench.tokens.read(&access.compact).unwrap();
    assert_eq!(read, access.claims);
    assert_eq!(bench.tokens.read(&id), Err(NotOurs::Type));
    assert!(
        other
            .tokens
            .keys()
            .rotate(other.clock.now(), &SeededRandom::from_seed(9))
            .is_ok()
    );
    other
        .tokens
        .keys()
        .rotate(other.clock.now(), &SeededRandom::from_seed(10))
        .unwrap();
    other.clock.advance(Duration::minutes(20));
    assert_eq!(other.tokens.read(&access.compact), Err(NotOurs::Signature));
    let mut forged = access.compact.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'Q' } else { 'A' });
    assert!(bench.tokens.read(&forged).is_err());
    bench.clock.advance(Duration::minutes(5));
    assert_eq!(bench.tokens.read(&access.compact), Err(NotOurs::Expired));
    assert!(bench.tokens.read_expired_or_not(&access.compact).is_ok());
}
