//! Client assertions: the rules by which one is believed (RFC 7523 3, RFC 8725).

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::platform::digest::sha256;
use crate::platform::store::{Store, StoreError};
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::VerificationKey;

/// The algorithms that are taken; discovery lists the same.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::ES256, Algorithm::RS256, Algorithm::PS256];
/// How far from now one may end.
const LONGEST_LIFE: Duration = Duration::minutes(5);
/// How far the client's clock may be off.
const SKEW: Duration = Duration::MINUTE;
/// The longest `jti`.
const LONGEST_ID: usize = 255;

/// An assertion, and what it must fit.
pub(super) struct Assertion<'a> {
    pub(super) token: &'a Compact,
    pub(super) client_id: &'a str,
    pub(super) audiences: &'a [&'a str],
    pub(super) keys: &'a KeySet,
    pub(super) now: OffsetDateTime,
}

/// Why an assertion is not believed.
#[derive(Debug, thiserror::Error)]
pub enum AssertionFlaw {
    /// A rule does not hold.
    #[error("the rule {0} does not hold")]
    Rule(&'static str),
    /// The replay memory gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AssertionFlaw {
    /// True if it is no flaw of the assertion: we could not judge it.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Store(_))
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name in the log.
    pub id: &'static str,
    /// Where it stands.
    pub clause: &'static str,
    holds: fn(&Assertion<'_>) -> bool,
}

/// Cheap before dear. After them all, `jti` is remembered: `client-assertion-id-unused`.
pub const RULES: &[Rule] = &[
    Rule {
        id: "client-assertion-type",
        clause: "RFC 8725 3.11",
        holds: |it| {
            let typ = it.token.typ().map(str::to_ascii_lowercase);
            matches!(typ.as_deref(), None | Some("jwt" | "client-authentication+jwt"))
        },
    },
    Rule {
        id: "client-assertion-no-extension",
        clause: "RFC 7515 4.1.11, RFC 7797, RFC 7516 4.1.3",
        holds: |it| it.token.crit().is_none() && it.token.b64().is_none() && it.token.zip().is_none(),
    },
    Rule {
        id: "client-assertion-algorithm",
        clause: "RFC 8725 3.1",
        holds: |it| it.algorithm().is_some(),
    },
    Rule {
        id: "client-assertion-issuer",
        clause: "RFC 7523 3 (1)",
        holds: |it| it.text("iss") == Some(it.client_id),
    },
    Rule {
        id: "client-assertion-subject",
        clause: "RFC 7523 3 (2)",
        holds: |it| it.text("sub") == Some(it.client_id),
    },
    Rule {
        // One alone: an assertion that is meant for others too could be brought to us by one of them.
        id: "client-assertion-audience",
        clause: "RFC 7523 3 (3), CVE-2025-27370",
        holds: |it| it.audience().is_some_and(|aud| it.audiences.contains(&aud)),
    },
    Rule {
        id: "client-assertion-expiry",
        clause: "RFC 7523 3 (4)",
        holds: |it| {
            it.expiry()
                .is_some_and(|exp| exp > it.now.unix_timestamp() - SKEW.whole_seconds())
        },
    },
    Rule {
        id: "client-assertion-life",
        clause: "RFC 7523 3 (4), attack O31",
        holds: |it| {
            let latest = it.now.saturating_add(LONGEST_LIFE).saturating_add(SKEW);
            it.expiry().is_some_and(|exp| exp <= latest.unix_timestamp())
        },
    },
    Rule {
        id: "client-assertion-not-before",
        clause: "RFC 7523 3 (5, 6)",
        holds: |it| it.has_begun("nbf") && it.has_begun("iat"),
    },
    Rule {
        id: "client-assertion-id",
        clause: "RFC 7523 3 (7)",
        holds: |it| {
            it.text("jti")
                .is_some_and(|id| (1..=LONGEST_ID).contains(&id.len()))
        },
    },
    Rule {
        id: "client-assertion-signature",
        clause: "RFC 7523 3 (9)",
        holds: |it| it.is_signed(),
    },
];

impl Assertion<'_> {
    /// Believes it once.
    pub(super) async fn judge(&self, store: &dyn Store) -> Result<(), AssertionFlaw> {
        if let Some(broken) = RULES.iter().find(|rule| !(rule.holds)(self)) {
            return Err(AssertionFlaw::Rule(broken.id));
        }
        let id = self.text("jti").unwrap_or_default();
        let key = hex::encode(sha256(format!("{}\0{id}", self.client_id).as_bytes()));
        // It would be believed until its end by our clock and the skew.
        let until = self.now.saturating_add(LONGEST_LIFE).saturating_add(SKEW * 2);
        let is_new = store
            .put_new(&format!("client-assertion/{key}"), &[], until)
            .await?;
        if is_new {
            Ok(())
        } else {
            Err(AssertionFlaw::Rule("client-assertion-id-unused"))
        }
    }

    fn algorithm(&self) -> Option<Algorithm> {
        self.token.algorithm().filter(|named| ALGORITHMS.contains(named))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.token.claims().get(name)?.as_str()
    }

    fn audience(&self) -> Option<&str> {
        match self.token.claims().get("aud")? {
            Value::String(one) => Some(one),
            Value::Array(all) => match all.as_slice() {
                [one] => one.as_str(),
                _ => None,
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        }
    }

    fn expiry(&self) -> Option<i64> {
        self.token.claims().get("exp")?.as_i64()
    }

    fn has_begun(&self, name: &str) -> bool {
        let latest = self.now.saturating_add(SKEW).unix_timestamp();
        match self.token.claims().get(name) {
            None => true,
            Some(from) => from.as_i64().is_some_and(|from| from <= latest),
        }
    }

    fn is_signed(&self) -> bool {
        let Some(algorithm) = self.algorithm() else {
            return false;
        };
        let key = self.keys.find(self.token.kid(), algorithm);
        key.is_ok_and(|key| self.token.is_signed_by(VerificationKey::Public(key), algorithm))
    }
}
