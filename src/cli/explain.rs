//! `explain`: judges a saved SAML message offline, every rule in order.

use std::borrow::Cow;

use time::{Duration, OffsetDateTime};

use crate::protocol::saml::binding::{BindingFlaw, PostedResponse, decode_post};
use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::limits::FORM_BODY_OCTETS;
use crate::protocol::saml::signature::{KeyFlaw, VerificationKey};
use crate::upstream::saml_sp::explanation::{self, Explanation};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::terms::{Grant, Grants, Question, Terms};

/// A message and all that it is to be judged by.
#[derive(Debug, Clone)]
pub struct ExplainRequest {
    /// The message: XML, its base64, or the whole form body.
    pub message: Vec<u8>,
    /// The identity provider's entity ID.
    pub idp_entity_id: String,
    /// The identity provider's signing certificates, each PEM or DER.
    pub idp_certs: Vec<Vec<u8>>,
    /// Our entity ID.
    pub sp_entity_id: String,
    /// The address of our assertion consumer service.
    pub acs_url: String,
    /// The `ID` of our `AuthnRequest`; `None`: nothing was asked.
    pub request_id: Option<String>,
    /// Whether an answer to no question is taken.
    pub unsolicited: bool,
    /// Our decryption keys, each PEM or DER.
    pub sp_keys: Vec<Vec<u8>>,
    /// The instant of the judgement.
    pub at: OffsetDateTime,
    /// How far the clocks may differ.
    pub skew: Duration,
    /// What is relaxed, by the words of [`Grant`]; `allow_` before them and `_` in them are taken too.
    pub allow: Vec<String>,
}

/// Why nothing could be judged.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The message is neither XML, nor base64, nor a form body with one `SAMLResponse`.
    #[error("the message cannot be read: {0}")]
    Message(#[from] BindingFlaw),
    /// A certificate or key file cannot be read.
    #[error("{what} {number} cannot be read: {flaw}")]
    Key {
        /// Which kind of file.
        what: &'static str,
        /// Which of them, from 1.
        number: usize,
        /// What is wrong with it.
        flaw: KeyFlaw,
    },
    /// An unknown word after `--allow`.
    #[error("`{0}` is nothing that can be allowed; write one of {known}", known = known_words())]
    Allow(String),
}

/// A message for a configured connection, and what the configuration cannot say.
#[derive(Debug, Clone)]
pub struct ExplainFor {
    /// The message: XML, its base64, or the whole form body.
    pub message: Vec<u8>,
    /// The `ID` of our `AuthnRequest`; `None`: nothing was asked.
    pub request_id: Option<String>,
    /// What is relaxed beyond the configuration, by the words of [`Grant`].
    pub allow: Vec<String>,
    /// The instant of the judgement.
    pub at: OffsetDateTime,
}

/// Judges the message as `connection` would, every rule in order.
pub fn explain_for(connection: &ServiceProvider, request: &ExplainFor) -> Result<Explanation, Unreadable> {
    let octets = decode(&request.message)?;
    let more: Grants = relaxed(&request.allow)?.into_iter().collect();
    let question = question(request.request_id.as_deref());
    Ok(connection.explain(&octets, question, more, request.at))
}

/// Judges the message, every rule in order. Values of a person are in the result: see
/// [`Explanation::without_values`].
pub fn explain(request: &ExplainRequest) -> Result<Explanation, Unreadable> {
    let octets = decode(&request.message)?;
    let keys = read_all(
        "certificate",
        &request.idp_certs,
        VerificationKey::from_certificate,
    )?;
    let decryption = read_all("key", &request.sp_keys, DecryptionKey::read)?;
    let terms = Terms {
        idp_entity_id: &request.idp_entity_id,
        sp_entity_id: &request.sp_entity_id,
        acs_url: &request.acs_url,
        keys: &keys,
        decryption: &decryption,
        question: question(request.request_id.as_deref()),
        now: request.at,
        skew: request.skew,
        max_response_age: None,
        grants: grants(request)?,
        second_judge: crate::protocol::saml::second_judge::IS_PRESENT,
    };
    Ok(explanation::explain(&octets, &terms))
}

/// The relaxations of `design` 6a that no connection may have. Asking for one is no mistake of usage: the rule
/// refuses all the same.
const NEVER: &[&str] = &[
    "no-audience",
    "scd-notbefore",
    "inclusive-c14n",
    "3des",
    "rsa-1-5-key-transport",
    "ignore-spnamequalifier",
];

/// Granted without being asked for: they relax nothing here.
const ALWAYS: &[&str] = &[
    "signing-cert-outside-validity",
    "rsa-pss",
    "duplicate-attribute-names",
    "missing-destination",
    "no-response-issuer",
    "encrypted-id",
];

fn grants(request: &ExplainRequest) -> Result<Grants, Unreadable> {
    let unsolicited = request.unsolicited.then_some(Grant::Unsolicited);
    let given = [Grant::NoNameId].into_iter().chain(unsolicited);
    Ok(given.chain(relaxed(&request.allow)?).collect())
}

/// The grants that the words after `--allow` name.
fn relaxed(words: &[String]) -> Result<Vec<Grant>, Unreadable> {
    let mut granted = Vec::new();
    for word in words {
        let plain = word.strip_prefix("allow_").unwrap_or(word).replace('_', "-");
        match Grant::parse(&plain) {
            Some(grant) => granted.push(grant),
            None if NEVER.contains(&plain.as_str()) || ALWAYS.contains(&plain.as_str()) => {}
            None => return Err(Unreadable::Allow(word.clone())),
        }
    }
    Ok(granted)
}

fn question(request_id: Option<&str>) -> Option<Question> {
    request_id.map(|request_id| Question {
        request_id: request_id.to_owned(),
        forced_at: None,
    })
}

fn known_words() -> String {
    Grant::ALL.map(|(_, word)| word).join(", ")
}

/// XML as it is, a form body by its field, anything else as base64. What is larger than any form body is not
/// looked into: it is judged as the document that it would be, which is too large.
fn decode(message: &[u8]) -> Result<Cow<'_, [u8]>, BindingFlaw> {
    if message.len() > FORM_BODY_OCTETS {
        return Ok(message.into());
    }
    let start = message
        .strip_prefix("\u{FEFF}".as_bytes())
        .unwrap_or(message)
        .trim_ascii_start();
    if start.starts_with(b"<") {
        return Ok(message.into());
    }
    if message
        .windows(b"SAMLResponse=".len())
        .any(|window| window == b"SAMLResponse=")
    {
        return decode_post(&PostedResponse::read(message.trim_ascii_end())?.message).map(Cow::Owned);
    }
    // Octets that are no text are no base64 either; they are judged as the document they claim to be.
    std::str::from_utf8(message).map_or_else(
        |_cause| Ok(message.into()),
        |text| decode_post(text).map(Cow::Owned),
    )
}

fn read_all<T>(
    what: &'static str,
    files: &[Vec<u8>],
    read: impl Fn(&[u8]) -> Result<T, KeyFlaw>,
) -> Result<Vec<T>, Unreadable> {
    let numbered = files.iter().zip(1..);
    numbered
        .map(|(file, number)| read(file).map_err(|flaw| Unreadable::Key { what, number, flaw }))
        .collect()
}
