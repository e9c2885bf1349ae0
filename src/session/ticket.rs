//! `SessionTicket`: what the browser holds, and the only thing it holds.

use std::fmt;

use openssl::sha::sha256;
use zeroize::Zeroizing;

use crate::platform::random::{self, NoRandomness, Random};

/// 256 random bits that open one session. The store knows only their SHA-256, so who reads the store can sign in
/// as nobody. Prints as `SessionTicket(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionTicket(Zeroizing<String>);

impl SessionTicket {
    /// A ticket nobody has had before.
    pub fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        random::token(random).map(|text| Self(Zeroizing::new(text)))
    }

    /// The ticket a browser sent: 64 lower-case hexadecimal digits, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        shaped.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text for the cookie. Every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Where the record is kept.
    pub(in crate::session) fn key(&self) -> String {
        format!("session/{}", hex::encode(sha256(self.0.as_bytes())))
    }
}

impl fmt::Debug for SessionTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionTicket(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    #[test]
    fn ap_10_a_ticket_is_256_bits_and_comes_back_from_its_text() {
        let ticket = SessionTicket::draw(&SeededRandom::from_seed(1)).unwrap();
        assert_eq!(hex::decode(ticket.expose()).unwrap().len(), 32);
        assert_eq!(SessionTicket::parse(ticket.expose()), Some(ticket));
    }

    #[test]
    fn ap_10_the_store_and_the_log_never_see_a_ticket() {
        let ticket = SessionTicket::draw(&SeededRandom::from_seed(1)).unwrap();
        assert!(!ticket.key().contains(ticket.expose()));
        assert_eq!(format!("{ticket:?}"), "SessionTicket(…)");
    }

    #[test]
    fn what_is_not_a_ticket_is_none() {
        for text in ["", "session/x", &"a".repeat(63), &"A".repeat(64), &"g".repeat(64)] {
            assert_eq!(SessionTicket::parse(text), None, "{text:?}");
        }
    }
}
