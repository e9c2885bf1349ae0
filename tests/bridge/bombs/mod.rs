//! Hostile documents: whatever they hold, the judge says no in the time and the memory of an honest message.
//!
//! Time is that of this thread on its processor, as a ratio to an honest message judged in the same run, so that a
//! busy machine changes nothing; memory by a limit on the address
//! space of a process, under which the honest message is judged too.

mod documents;
mod posted;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cpu_time::ThreadTime;
use nhsmail_bridge::cli::explain::{ExplainRequest, explain};
use nhsmail_bridge::upstream::saml_sp::explanation::Outcome;
use time::macros::datetime;

use crate::xmlsec1::signer::ForeignSigner;
use documents::{ACS, IDP, QUESTION, SP, each_bomb, response};

/// How much longer than an honest message of 2 000 groups a hostile one may take.
const SLOWER: f64 = 4.0;
/// Kibibytes of address space in which every message must be judged.
const ADDRESS_SPACE: &str = "262144";

#[test]
fn xc_02_a_hundred_hostile_documents_are_refused_in_the_time_of_an_honest_one() {
    let signer = ForeignSigner::new();
    let (honest, accepted) = fastest(&request(signer.sign(&response(2_000)), &signer));
    assert!(accepted, "the honest message is accepted");
    let mut ratios = Vec::new();
    each_bomb(&signer, |bomb| {
        let (taken, accepted) = fastest(&request(bomb.message, &signer));
        assert!(!accepted || bomb.harmless, "{} was accepted", bomb.name);
        ratios.push((taken.as_secs_f64() / honest.as_secs_f64(), bomb.name));
    });
    ratios.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    println!(
        "bombs: {} hostile documents; the slowest took these parts of an honest one's time:",
        ratios.len()
    );
    ratios
        .iter()
        .take(5)
        .for_each(|(ratio, name)| println!("bombs: {ratio:.2} {name}"));
    assert!(
        ratios[0].0 < SLOWER,
        "{} took {:.2} of the time of an honest message",
        ratios[0].1,
        ratios[0].0
    );
}

#[test]
fn xc_02_the_time_for_a_message_grows_as_its_octets_do() {
    let signer = ForeignSigner::new();
    let [small, large] = [250, 2_000].map(|groups| signer.sign(&response(groups)));
    let times = u32::try_from(large.len() / small.len() + 1).expect("it is a small number");
    let ((short, _), (long, accepted)) = (
        fastest(&request(small, &signer)),
        fastest(&request(large, &signer)),
    );
    println!(
        "bombs: {times} times the octets took {:.1} times as long",
        long.as_secs_f64() / short.as_secs_f64()
    );
    assert!(accepted, "a message with 2 000 groups is honest");
    assert!(
        long < short * times * 3,
        "{times} times the octets took {long:?} after {short:?}"
    );
}

#[test]
fn xc_02_hostile_documents_need_no_more_memory_than_an_honest_one() {
    let signer = ForeignSigner::new();
    let certificate = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    std::fs::write(certificate.path(), signer.certificate_der()).expect("a temporary file can be written");
    let judged = |message: &[u8]| code_under_a_limit(message, certificate.path());
    let honest = signer.sign(&response(2_000));
    assert_eq!(
        judged(&honest),
        Some(0),
        "the limit leaves room for an honest message"
    );
    each_bomb(&signer, |bomb| {
        let code = judged(&bomb.message);
        let harmless = bomb.harmless && code == Some(0);
        assert!(
            harmless || matches!(code, Some(1 | 2)),
            "{} ended the process with {code:?}",
            bomb.name
        );
    });
}

fn request(message: Vec<u8>, signer: &ForeignSigner) -> ExplainRequest {
    ExplainRequest {
        message,
        idp_entity_id: IDP.to_owned(),
        idp_certs: vec![signer.certificate_der()],
        sp_entity_id: SP.to_owned(),
        acs_url: ACS.to_owned(),
        request_id: Some(QUESTION.to_owned()),
        unsolicited: false,
        sp_keys: Vec::new(),
        at: datetime!(2026-01-15 12:00:30 UTC),
        skew: time::Duration::ZERO,
        allow: Vec::new(),
    }
}

/// The shortest of five judgements, and whether the message was accepted.
fn fastest(request: &ExplainRequest) -> (Duration, bool) {
    let judged = || {
        let start = ThreadTime::now();
        let explanation = explain(request);
        let taken = start.elapsed();
        (
            taken,
            explanation.is_ok_and(|explanation| explanation.verdict == Outcome::Accept),
        )
    };
    (0..5)
        .map(|_| judged())
        .min_by_key(|(taken, _)| *taken)
        .expect("five are not none")
}

/// The exit code of `explain` in a process with little address space; none if it was ended from outside.
fn code_under_a_limit(message: &[u8], certificate: &Path) -> Option<i32> {
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {ADDRESS_SPACE}; exec \"$0\" \"$@\"")])
        .args([
            env!("CARGO_BIN_EXE_nhsmail-bridge"),
            "explain",
            "-",
            "--json",
            "--at",
            "2026-01-15T12:00:30Z",
        ])
        .args([
            "--idp-entity-id",
            IDP,
            "--sp-entity-id",
            SP,
            "--acs-url",
            ACS,
            "--request-id",
            QUESTION,
        ])
        .arg("--idp-cert")
        .arg(certificate)
        .args(["--skew", "0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell can be started");
    let mut input = child.stdin.take().expect("it was piped");
    // A process that has read enough may close its end before everything is written.
    let _closed_early = input.write_all(message);
    drop(input);
    child.wait().expect("the process ends").code()
}
