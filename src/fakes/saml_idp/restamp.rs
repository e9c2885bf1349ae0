//! Gives a saved answer a new stamp: other identifiers, other instants, a new signature, perhaps another question.
//!
//! The answer is the fake's own, so its spelling is known: attributes in double quotes, no character references in
//! instants and identifiers. What was wrong with it on purpose stays wrong, but for the signature.

use time::{Duration, OffsetDateTime};

use crate::fakes::fence;
use crate::fakes::saml_idp::answer::layout;
use crate::fakes::saml_idp::saved::{NoSavedAnswer, SavedAnswer, Unsealed};
use crate::fakes::saml_idp::{Keys, NoAnswer, Personality};
use crate::platform::random::{Random, xml_id};
use crate::protocol::saml::encryption::{ContentAlgorithm, seal};
use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, DSIG, PROTOCOL};
use crate::protocol::saml::signature::{SignatureAlgorithm, sign};
use crate::protocol::saml::xml::{ElementRef, Reading, escape_attribute, escape_text, read};

/// The attributes that hold an instant.
const INSTANTS: [&str; 5] = [
    "IssueInstant",
    "NotBefore",
    "NotOnOrAfter",
    "AuthnInstant",
    "SessionNotOnOrAfter",
];

/// The new stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fakes) struct Stamp {
    /// The new instant of the answer; all others keep their distance from it.
    pub(in crate::fakes) at: OffsetDateTime,
    /// Where it goes now.
    pub(in crate::fakes) acs_url: String,
    /// A question that was asked just now: its ID and who asked. Absent: it answers what it answered.
    pub(in crate::fakes) question: Option<(String, String)>,
}

/// Why there is no new stamp.
#[derive(Debug, thiserror::Error)]
pub enum NoStamp {
    /// The saved answer cannot be read.
    #[error(transparent)]
    Saved(#[from] NoSavedAnswer),
    /// Its message is no Response of the fake.
    #[error("the saved message is no Response that the fake wrote")]
    Message,
    /// It cannot be signed or encrypted again.
    #[error(transparent)]
    Answer(#[from] NoAnswer),
}

/// The message of `saved` with a new stamp.
pub(in crate::fakes) fn restamp(
    saved: &SavedAnswer,
    stamp: &Stamp,
    keys: &Keys,
    random: &dyn Random,
) -> Result<String, NoStamp> {
    let audience = stamp
        .question
        .as_ref()
        .map_or(&saved.question.audience, |(_, asker)| asker);
    fence::within(&[&stamp.acs_url, audience]).map_err(NoAnswer::from)?;
    let unsealed = saved.before_encryption.as_ref();
    let sent = saved.xml()?;
    let original = unsealed.map_or(Ok(sent.clone()), Unsealed::xml)?;
    // The Response is signed after encryption, so only what was sent shows whether it was.
    let outline = Outline {
        response_is_signed: Outline::of(&sent).ok_or(NoStamp::Message)?.response_is_signed,
        ..Outline::of(&original).ok_or(NoStamp::Message)?
    };
    let (xml, fresh) = outline.with_fresh_ids(&without_signatures(&original), random)?;
    let xml = shifted(&xml, stamp.at - saved.at);
    let mut xml = readdressed(&xml, saved, stamp);
    for id in &fresh.signed_assertions {
        xml = signed(&xml, id, keys, saved.personality)?;
    }
    if let Some(unsealed) = unsealed {
        xml = resealed(&xml, &unsealed.certificate()?, random)?;
    }
    if fresh.response_is_signed {
        xml = signed(&xml, &fresh.response, keys, saved.personality)?;
    }
    Ok(xml)
}

/// The identifiers of a Response, and what was signed in it.
#[derive(Debug)]
struct Outline {
    response: String,
    response_is_signed: bool,
    assertions: Vec<String>,
    signed_assertions: Vec<String>,
}

impl Outline {
    fn of(xml: &str) -> Option<Self> {
        // One mischief is a comment, which a reader of messages refuses.
        let tree = read(xml.as_bytes(), &Reading::METADATA).ok()?;
        let root = tree.root().filter(|root| root.is(PROTOCOL, "Response"))?;
        let id = |element: ElementRef<'_, '_>| element.attribute("ID").map(str::to_owned);
        let is_signed = |element: &ElementRef<'_, '_>| element.child(DSIG, "Signature").is_some();
        let assertions = || root.children_named(ASSERTION, "Assertion");
        Some(Self {
            response: id(root)?,
            response_is_signed: is_signed(&root),
            assertions: assertions().filter_map(id).collect(),
            signed_assertions: assertions().filter(is_signed).filter_map(id).collect(),
        })
    }

    /// Every identifier anew, wherever it stands: `SessionIndex` often repeats the assertion's.
    fn with_fresh_ids(&self, xml: &str, random: &dyn Random) -> Result<(String, Self), NoAnswer> {
        let mut xml = xml.to_owned();
        let mut fresh = Self {
            response: xml_id(random)?,
            response_is_signed: self.response_is_signed,
            assertions: Vec::new(),
            signed_assertions: Vec::new(),
        };
        xml = xml.replace(&quoted(&self.response), &quoted(&fresh.response));
        for old in &self.assertions {
            let new = xml_id(random)?;
            xml = xml.replace(&quoted(old), &quoted(&new));
            if self.signed_assertions.contains(old) {
                fresh.signed_assertions.push(new.clone());
            }
            fresh.assertions.push(new);
        }
        Ok((xml, fresh))
    }
}

fn without_signatures(xml: &str) -> String {
    let mut xml = xml.to_owned();
    for (open, close) in [
        ("<ds:Signature ", "</ds:Signature>"),
        ("<Signature ", "</Signature>"),
    ] {
        while let Some((before, inside)) = xml.split_once(open) {
            let after = inside.split_once(close).map_or("", |(_, after)| after);
            xml = [before, after].concat();
        }
    }
    xml
}

/// Every instant later by `step`.
fn shifted(xml: &str, step: Duration) -> String {
    let mut xml = xml.to_owned();
    for name in INSTANTS {
        let start = format!(" {name}=\"");
        let mut out = String::with_capacity(xml.len());
        let mut rest = xml.as_str();
        while let Some((before, from)) = rest.split_once(&start) {
            let (old, after) = from.split_once('"').unwrap_or((from, ""));
            let new = instant::parse(old).map(|at| instant::write(at + step));
            out.push_str(&[before, &start, new.as_deref().unwrap_or(old), "\""].concat());
            rest = after;
        }
        out.push_str(rest);
        xml = out;
    }
    xml
}

/// Sent to another address and in answer to another question. Values that were wrong on purpose stay.
fn readdressed(xml: &str, saved: &SavedAnswer, stamp: &Stamp) -> String {
    let mut xml = xml.to_owned();
    let (old, new) = (attribute(&saved.question.acs_url), attribute(&stamp.acs_url));
    for name in ["Destination", "Recipient"] {
        xml = xml.replace(&format!(" {name}=\"{old}\""), &format!(" {name}=\"{new}\""));
    }
    let Some((id, asker)) = &stamp.question else {
        return xml;
    };
    if let Some(old) = &saved.question.request_id {
        let (old, new) = (attribute(old), attribute(id));
        xml = xml.replace(
            &format!(" InResponseTo=\"{old}\""),
            &format!(" InResponseTo=\"{new}\""),
        );
    }
    let (old, new) = (text(&saved.question.audience), text(asker));
    xml.replace(
        &format!("<Audience>{old}</Audience>"),
        &format!("<Audience>{new}</Audience>"),
    )
}

fn signed(xml: &str, id: &str, keys: &Keys, personality: Personality) -> Result<String, NoAnswer> {
    let algorithm = SignatureAlgorithm::RSA_SHA256;
    Ok(sign(
        xml,
        id,
        keys.signing(personality),
        algorithm,
        layout(personality),
    )?)
}

fn resealed(xml: &str, certificate: &[u8], random: &dyn Random) -> Result<String, NoStamp> {
    let close = "</Assertion>";
    let (before, inside) = xml.split_once("<Assertion ").ok_or(NoStamp::Message)?;
    let (inside, after) = inside.split_once(close).ok_or(NoStamp::Message)?;
    let assertion = ["<Assertion ", inside, close].concat();
    let sealed =
        seal(&assertion, certificate, ContentAlgorithm::Aes256Gcm, random).map_err(NoAnswer::from)?;
    Ok([before, &sealed, after].concat())
}

fn quoted(value: &str) -> String {
    format!("\"{value}\"")
}

fn attribute(value: &str) -> String {
    let mut out = String::new();
    escape_attribute(value, &mut out);
    out
}

fn text(value: &str) -> String {
    let mut out = String::new();
    escape_text(value, &mut out);
    out
}

#[cfg(test)]
mod tests;
