//! One SAML sign-in, judged and its token minted: a library call on one core, against what its arithmetic costs.
//!
//! `cargo bench` prints, after criterion's own lines, the ratio of each judgement to the reference at each size, and
//! whether the time grows with the octets and not faster. The reference is the work nobody can leave out: base64, one
//! pass of a tokeniser, SHA-256 of the message, one verification with RSA-2048, one signature with ES256.
#![expect(
    clippy::expect_used,
    reason = "a measurement may stop where its ground is missing"
)]

#[path = "../../tests/bridge/issuer.rs"]
mod issuer;
mod measure;
mod reference;
mod sign_in;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nhsmail_bridge::upstream::saml_sp::settings::SecondJudge;

use issuer::Issuer;
use measure::Table;
use reference::Reference;
use sign_in::SignIn;

/// In octets of XML: an ordinary answer of ADFS with few groups, with many, with 300 and more, with too many.
const SIZES: [usize; 4] = [6_800, 12_000, 33_000, 100_000];

fn sign_in(criterion: &mut Criterion) {
    let issuer = Issuer::new();
    let mut table = Table::default();
    for size in SIZES {
        let strict = SignIn::prepare(&issuer, size, SecondJudge::Off);
        let both = SignIn::prepare(&issuer, size, SecondJudge::Always);
        let reference = Reference::prepare(strict.message(), &issuer);
        let octets = strict.message().len();
        let mut group = criterion.benchmark_group(format!("sign_in/{octets}"));
        table.add(
            octets,
            [
                measure::least(&mut group, "reference", || black_box(reference.run())),
                measure::least(&mut group, "strict", || black_box(strict.run())),
                measure::least(&mut group, "both", || black_box(both.run())),
            ],
        );
        group.finish();
    }
    table.print();
}

criterion_group! {
    name = benches;
    config = measure::settings();
    targets = sign_in
}
criterion_main!(benches);
