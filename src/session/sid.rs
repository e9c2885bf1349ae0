//! `Sid`: the name of a session.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::platform::random::{NoRandomness, Random};

/// How many octets of chance make one.
const OCTETS: usize = 16;

/// The name by which everybody but the browser knows a session: 128 random bits in 32 lower-case hexadecimal digits.
/// Applications and the log may see it, for it opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Sid(String);

impl Sid {
    /// How many characters it has.
    pub(in crate::session) const LENGTH: usize = OCTETS * 2;

    /// A name that no session has had before.
    pub(in crate::session) fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut octets = [0; OCTETS];
        random.fill(&mut octets)?;
        Ok(Self(hex::encode(octets)))
    }

    /// The name that somebody states: 32 lower-case hexadecimal digits, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped =
            text.len() == Self::LENGTH && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        shaped.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the record is kept.
    pub(in crate::session) fn key(&self) -> String {
        format!("session/{}", self.0)
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("this is not the name of a session"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    #[test]
    fn a_name_is_128_bits_and_comes_back_from_its_text_and_from_json() {
        let sid = Sid::draw(&SeededRandom::from_seed(1)).unwrap();
        assert_eq!(hex::decode(sid.as_str()).unwrap().len(), 16);
        assert_eq!(Sid::parse(sid.as_str()), Some(sid.clone()));
        let json = serde_json::to_string(&sid).unwrap();
        assert_eq!(serde_json::from_str::<Sid>(&json).unwrap(), sid);
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in [
            "",
            "x",
            &"a".repeat(31),
            &"A".repeat(32),
            &"g".repeat(32),
            &"a".repeat(64),
        ] {
            assert_eq!(Sid::parse(text), None, "{text:?}");
            assert!(serde_json::from_value::<Sid>(text.into()).is_err(), "{text:?}");
        }
    }
}
