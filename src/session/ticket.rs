//! `SessionTicket`: what the browser holds, and the only thing it holds.

use std::fmt;

use openssl::memcmp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteArray;
use zeroize::Zeroizing;

use crate::platform::digest::sha256;
use crate::platform::random::{self, NoRandomness, Random};
use crate::session::sid::Sid;

/// How many characters the secret has: 256 random bits in hexadecimal digits.
const SECRET: usize = 64;

/// The name of a session and the secret that opens it. The store knows only the SHA-256 of the secret, so who reads the
/// store can sign in as nobody; and a session can be given a new secret while it keeps its name. Prints as
/// `SessionTicket(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionTicket {
    sid: Sid,
    text: Zeroizing<String>,
}

/// SHA-256 of a ticket. The default is of none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::session) struct TicketHash(ByteArray<32>);

impl SessionTicket {
    /// A ticket nobody has had before, to a session nobody has had before.
    pub fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        Self::to(Sid::draw(random)?, random)
    }

    /// A ticket nobody has had before, to the session `sid`.
    pub(in crate::session) fn to(sid: Sid, random: &dyn Random) -> Result<Self, NoRandomness> {
        let secret = Zeroizing::new(random::token(random)?);
        let text = Zeroizing::new([sid.as_str(), &secret].concat());
        Ok(Self { sid, text })
    }

    /// The ticket a browser sent: 96 lower-case hexadecimal digits, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, secret) = text.split_at_checked(Sid::LENGTH)?;
        let shaped = secret.len() == SECRET && secret.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let sid = Sid::parse(name).filter(|_| shaped)?;
        Some(Self {
            sid,
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// The text for the cookie. Every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The session that it opens, if its secret is right.
    pub(in crate::session) fn sid(&self) -> &Sid {
        &self.sid
    }

    /// What the store keeps of the secret.
    pub(in crate::session) fn hash(&self) -> TicketHash {
        TicketHash(ByteArray::new(sha256(self.text.as_bytes())))
    }

    /// True if `hash` is of this ticket. Takes as long whichever octet differs.
    pub(in crate::session) fn is(&self, hash: &TicketHash) -> bool {
        memcmp::eq(self.hash().0.as_slice(), hash.0.as_slice())
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

    fn ticket() -> SessionTicket {
        SessionTicket::draw(&SeededRandom::from_seed(1)).unwrap()
    }

    #[test]
    fn ap_10_a_ticket_has_a_secret_of_256_bits_and_comes_back_from_its_text() {
        let secret = ticket()
            .expose()
            .strip_prefix(ticket().sid().as_str())
            .unwrap()
            .to_owned();
        assert_eq!(hex::decode(secret).unwrap().len(), 32);
        assert_eq!(SessionTicket::parse(ticket().expose()), Some(ticket()));
    }

    #[test]
    fn ap_10_the_store_and_the_log_never_see_a_ticket() {
        let secret = ticket().expose().split_at(Sid::LENGTH).1.to_owned();
        assert!(!ticket().sid().key().contains(&secret));
        let kept = ticket().hash().0;
        assert_eq!(kept.as_slice(), sha256(ticket().expose().as_bytes()));
        assert_ne!(hex::encode(kept.as_slice()), secret);
        assert_eq!(format!("{:?}", ticket()), "SessionTicket(…)");
    }

    #[test]
    fn another_ticket_to_the_same_session_is_another() {
        let again = SessionTicket::to(ticket().sid().clone(), &SeededRandom::from_seed(2)).unwrap();
        assert_eq!(again.sid(), ticket().sid());
        assert!(again.is(&again.hash()) && !again.is(&ticket().hash()));
        assert!(!again.is(&TicketHash::default()));
    }

    #[test]
    fn what_is_not_a_ticket_is_none() {
        let long = "a".repeat(97);
        for text in [
            "",
            "session/x",
            &"a".repeat(64),
            &"a".repeat(95),
            &long,
            &"A".repeat(96),
            &"g".repeat(96),
            &"é".repeat(48),
        ] {
            assert_eq!(SessionTicket::parse(text), None, "{text:?}");
        }
    }
}
