//! The inside of a start tag after its name: attributes as they are written, values normalised.

use std::borrow::Cow;

use crate::protocol::saml::xml::chars::{is_blank, is_xml_char};
use crate::protocol::saml::xml::read::Flaw;

/// An attribute before its name is resolved.
#[derive(Debug)]
pub(super) struct RawAttribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// Splits the inside of a tag into at most `limit` attributes (XML 1.0 productions 40 and 41: white space before
/// each, a quoted value without `<`).
pub(super) fn raw_attributes(mut rest: &str, limit: usize) -> Result<Vec<RawAttribute<'_>>, Flaw> {
    let mut found = Vec::new();
    loop {
        let trimmed = rest.trim_start_matches(is_blank);
        if trimmed.is_empty() {
            return Ok(found);
        }
        if trimmed.len() == rest.len() {
            return Err(malformed("no white space before an attribute"));
        }
        if found.len() >= limit {
            return Err(Flaw::Bound("attributes"));
        }
        let (name, after) = trimmed
            .split_once('=')
            .ok_or_else(|| malformed("an attribute without a value"))?;
        let after = after.trim_start_matches(is_blank);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or_else(|| malformed("an attribute value without quotes"))?;
        let (value, after) = after
            .get(1..)
            .and_then(|v| v.split_once(quote))
            .ok_or_else(|| malformed("an attribute value that does not end"))?;
        found.push(RawAttribute {
            name: name.trim_end_matches(is_blank),
            value: normalise(value)?,
        });
        rest = after;
    }
}

/// XML 1.0 section 3.3.3 for attributes of type CDATA: white space characters become blanks, references are
/// replaced by what they stand for.
fn normalise(value: &str) -> Result<Cow<'_, str>, Flaw> {
    if !value.contains(['&', '<', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(value));
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['&', '<', '\t', '\n', '\r']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        rest = if let Some(after) = special.strip_prefix("\r\n") {
            out.push(' ');
            after
        } else if let Some(after) = special.strip_prefix(['\t', '\n', '\r']) {
            out.push(' ');
            after
        } else {
            let reference = special
                .strip_prefix('&')
                .ok_or_else(|| malformed("`<` inside an attribute value"))?;
            let (name, after) = reference
                .split_once(';')
                .ok_or_else(|| malformed("a reference without its end"))?;
            out.push(referenced(name).ok_or_else(|| malformed("a reference to something unknown"))?);
            after
        };
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// What `&name;` stands for: one of the five built-in entities, or a character reference.
pub(super) fn referenced(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => character(name.strip_prefix('#')?),
    }
}

fn character(digits: &str) -> Option<char> {
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
    // `from_str_radix` would take a sign.
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
        .filter(|c| is_xml_char(*c))
}

fn malformed(what: &'static str) -> Flaw {
    Flaw::Malformed { at: 0, what }
}
