//! What must hold of any octets at all. The suite asks with generated octets, the fuzz targets with found ones.
//!
//! Somebody's identity provider answered once; its key is gone, so nothing but that answer can ever be accepted here.

use std::sync::LazyLock;

use nhsmail_bridge::cli::explain::{ExplainRequest, explain};
use nhsmail_bridge::cli::metadata::show;
use nhsmail_bridge::upstream::saml_sp::explanation::{Explanation, Outcome};
use nhsmail_bridge::upstream::saml_sp::finish::RawPost;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// The answer, signed in its assertion.
pub(crate) const ANSWER: &[u8] = include_bytes!("../../fuzz/seeds/response/answer.xml");
/// The metadata of the identity provider.
pub(crate) const METADATA: &[u8] = include_bytes!("../../fuzz/seeds/metadata/idp.xml");
const CERTIFICATE: &[u8] = include_bytes!("../../fuzz/idp.crt");
const NOW: OffsetDateTime = datetime!(2026-11-21 09:00:30 UTC);
/// The largest message (design 6).
const LARGEST: usize = 256 * 1024;
/// How much an explanation may say for each octet that was read, and for none.
const AMPLIFICATION: usize = 64;
const SMALL_TALK: usize = 64 * 1024;

/// What the answer says, which nothing else may say.
static TRUTH: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let explanation = judged(ANSWER).expect("it can be read");
    assert_eq!(explanation.verdict, Outcome::Accept, "{explanation:#?}");
    serde_json::to_value(explanation.identity).expect("it is JSON")
});

/// A field is decoded, or refused, and never to more than a message may have.
pub(crate) fn binding(octets: &[u8]) {
    if let Ok(field) = std::str::from_utf8(octets) {
        let _decoded_or_not = RawPost::decode(field);
    }
    if let Some(explanation) = judged(octets) {
        honest(octets, &explanation);
    }
}

/// A message is judged, or cannot be read; if it is accepted, it says what was signed and nothing else; and the
/// judgement is no longer than the message can make it.
pub(crate) fn response(octets: &[u8]) {
    if let Some(explanation) = judged(octets) {
        honest(octets, &explanation);
    }
}

/// A document is judged: there is a reason whenever it may not be used, and a key and an address whenever it may.
pub(crate) fn metadata(octets: &[u8]) {
    let Ok(verdict) = show(octets, None, NOW) else {
        return;
    };
    assert_eq!(verdict.usable, verdict.reasons.is_empty(), "{verdict:?}");
    if verdict.usable && verdict.entity_id.is_some() {
        assert!(
            !verdict.signing_certs.is_empty() && !verdict.sso.is_empty(),
            "{verdict:?}"
        );
    }
    let said = serde_json::to_string(&verdict).expect("it is JSON");
    assert!(
        said.len() <= AMPLIFICATION * octets.len() + SMALL_TALK,
        "{} octets",
        said.len()
    );
}

fn honest(octets: &[u8], explanation: &Explanation) {
    if explanation.verdict == Outcome::Accept {
        let said = serde_json::to_value(&explanation.identity).expect("it is JSON");
        assert_eq!(said, *TRUTH, "something was accepted that nobody signed");
        assert!(
            octets.len() <= 2 * LARGEST,
            "{} octets were accepted",
            octets.len()
        );
    }
    let said = serde_json::to_string(explanation).expect("it is JSON");
    assert!(
        said.len() <= AMPLIFICATION * octets.len() + SMALL_TALK,
        "{} octets",
        said.len()
    );
}

/// The judgement, on the terms of the one answer; `None` if the octets carry no message.
pub(crate) fn judged(octets: &[u8]) -> Option<Explanation> {
    explain(&ExplainRequest {
        message: octets.to_vec(),
        idp_entity_id: "http://fs.example.org/adfs/services/trust".to_owned(),
        idp_certs: vec![CERTIFICATE.to_vec()],
        sp_entity_id: "urn:example:bridge".to_owned(),
        acs_url: "https://bridge.example.org/saml/nhsmail/acs".to_owned(),
        request_id: Some("_a1b2c3d4e5f60718293a4b5c6d7e8f90".to_owned()),
        unsolicited: false,
        sp_keys: Vec::new(),
        at: NOW,
        skew: Duration::seconds(120),
        allow: Vec::new(),
    })
    .ok()
}
