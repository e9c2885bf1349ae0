//! The words a person is made of, each with its rule.

use serde::{Deserialize, Serialize};

/// The longest text kept about a person, in characters.
const LONGEST_TEXT: usize = 256;
/// The longest code kept, in octets.
const LONGEST_CODE: usize = 100;
/// The longest e-mail address kept, in characters (RFC 5321 4.5.3.1: 64 + 1 + 255).
const LONGEST_EMAIL: usize = 320;

/// A text to show: a name as the upstream wrote it, code point for code point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DisplayText(String);

impl DisplayText {
    /// Keeps `text` unchanged if it says something and is at most 256 characters long.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !is_blank(text) && text.chars().nth(LONGEST_TEXT).is_none();
        fits.then(|| Self(text.to_owned()))
    }

    /// The text. Whoever shows it escapes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address to show. Addresses change and are given to somebody else, so none is ever an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Keeps `text` unchanged if it looks like one address: something, one `@`, something; no blanks or controls.
    pub fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.split_once('@')?;
        let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let shaped = !before.is_empty() && !after.is_empty() && !after.contains('@');
        let fits = text.chars().nth(LONGEST_EMAIL).is_none();
        (plain && shaped && fits).then(|| Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The code the Organisation Data Service gave an organisation: ASCII letters and digits, such as `RR8`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OdsCode(String);

impl OdsCode {
    /// Keeps `text` unchanged if it is 3 to 10 ASCII letters and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = (3..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        shaped.then(|| Self(text.to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A code that decisions go by, such as `R8001`, `B0401` or a role's id. Text always: it may begin with a zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// Keeps `text` unchanged if it is 1 to 100 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = (1..=LONGEST_CODE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        shaped.then(|| Self(text.to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True if `text` says nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_code_is_letters_and_digits_only() {
        for good in ["RR8", "A9A5A", "8HJ48", "a82Q"] {
            assert!(OdsCode::parse(good).is_some(), "{good}");
        }
        for bad in ["", "R8", "RR8 ", "RR-8", "ＲＲ８", "RR8\n", "ABCDEFGHIJK"] {
            assert!(OdsCode::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_code_is_visible_ascii_without_blanks() {
        for good in ["R8001", "093895563513", "S8000:G8000:R8001"] {
            assert_eq!(Code::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " ", " R8001", "R80 01", "R\u{0}", "Ｒ8001", &"1".repeat(101)] {
            assert!(Code::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_has_one_at_sign_and_no_blanks() {
        for good in ["a.b@nhs.net", "zoë@example.test"] {
            assert_eq!(Email::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "@nhs.net", "a@", "a@b@c", "a b@nhs.net", "a@nhs.net\r\nX: y"] {
            assert!(Email::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_text_is_kept_as_written_or_not_at_all() {
        let decomposed = "Zoe\u{308} O\u{2019}Neill";
        assert_eq!(DisplayText::parse(decomposed).unwrap().as_str(), decomposed);
        assert!(DisplayText::parse(" \u{a0}").is_none());
        assert!(DisplayText::parse(&"é".repeat(256)).is_some());
        assert!(DisplayText::parse(&"é".repeat(257)).is_none());
    }
}
