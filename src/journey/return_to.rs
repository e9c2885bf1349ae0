//! `ReturnTo`: where it is safe to send the browser.
//!
//! A link that leaves through us lends its target our good name. So a target is a path here, or an address at an
//! origin on the list, in the one spelling that every browser reads the same way; whatever two readers might read
//! differently is refused.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::platform::origin::Origin;

/// The longest target, in octets.
const LONGEST: usize = 2048;
/// A target that is still encoded after so many decodings hides something.
const MOST_DECODINGS: usize = 3;

/// A place to send the browser, already judged safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

/// Why a target is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeTarget {
    /// Longer than 2048 octets.
    #[error("the target is too long")]
    TooLong,
    /// Characters that do not belong in an address as it is sent (RFC 3986 2): blanks, controls, backslashes,
    /// quotes, anything but ASCII, or a broken percent-encoding.
    #[error("the target has characters that do not belong in an address")]
    Characters,
    /// Neither a path here nor at an origin on the list.
    #[error("the target is neither here nor at an origin on the list")]
    Elsewhere,
    /// A path that some reader takes for an address elsewhere: an empty segment, a dot segment, a scheme, or one of
    /// these under percent-encoding.
    #[error("the path of the target can be read in two ways")]
    Ambiguous,
}

impl ReturnTo {
    /// The page at the root, for who came from nowhere in particular.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// Takes `text` if it is a path at `own`, or an address at `own` or at one of `allowed`.
    pub fn parse(text: &str, allowed: &[Origin], own: &Origin) -> Result<Self, UnsafeTarget> {
        if text.len() > LONGEST {
            return Err(UnsafeTarget::TooLong);
        }
        if !text.bytes().all(belongs_in_an_address) || has_broken_encoding(text) {
            return Err(UnsafeTarget::Characters);
        }
        if text.starts_with('/') {
            rest_is_plain(text)?;
        } else {
            let mut origins = allowed.iter().chain([own]);
            let rest = origins.find_map(|origin| rest_at(origin, text));
            rest_is_plain(rest.ok_or(UnsafeTarget::Elsewhere)?)?;
        }
        Ok(Self(text.to_owned()))
    }

    /// The target, for a `Location` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What follows `origin` in `text`, if the text names exactly this origin: `https://a.test` is not the beginning of
/// `https://a.test.evil` nor of `https://a.test@evil`.
fn rest_at<'a>(origin: &Origin, text: &'a str) -> Option<&'a str> {
    let rest = text.strip_prefix(origin.as_str())?;
    (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
}

/// The rest of an address after its origin: a path read the same way by everybody, then a query and a fragment.
fn rest_is_plain(rest: &str) -> Result<(), UnsafeTarget> {
    let (path, after) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    for reading in readings(path)? {
        if reading.contains(['\\']) || has_two_meanings(&reading) {
            return Err(UnsafeTarget::Ambiguous);
        }
    }
    readings(after).map(|_| ())
}

/// `text`, and what it says decoded once, twice and so on until nothing changes. None says a control character.
fn readings(text: &str) -> Result<Vec<String>, UnsafeTarget> {
    let mut readings = vec![text.to_owned()];
    let mut last = text.to_owned();
    for _ in 0..MOST_DECODINGS {
        let next = percent_decode_str(&last)
            .decode_utf8()
            .map(Cow::into_owned)
            .map_err(|_cause| UnsafeTarget::Characters)?;
        if next.chars().any(char::is_control) {
            return Err(UnsafeTarget::Characters);
        }
        if next == last {
            return Ok(readings);
        }
        readings.push(next.clone());
        last = next;
    }
    Err(UnsafeTarget::Ambiguous)
}

/// True of a path that some reader takes for another path or another origin.
fn has_two_meanings(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    let is_address_like = segments.clone().next().is_some_and(|first| first.contains(':'));
    let has_dots = segments.any(|segment| matches!(segment, "." | ".."));
    is_address_like || has_dots || path.contains("//")
}

fn belongs_in_an_address(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&octet)
}

fn has_broken_encoding(text: &str) -> bool {
    let mut parts = text.split('%').skip(1);
    parts.any(|part| {
        !part
            .as_bytes()
            .get(..2)
            .is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    })
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
