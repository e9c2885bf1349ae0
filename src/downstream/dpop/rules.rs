//! The rules by which a proof is believed (RFC 9449 4.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::downstream::dpop::Request;
use crate::platform::digest::sha256;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::VerificationKey;

/// The algorithms that are taken; discovery lists the same.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::ES256, Algorithm::RS256, Algorithm::PS256];
/// How far a proof without a nonce may be from now.
const FRESH: Duration = Duration::minutes(2);
/// The longest `jti`.
const LONGEST_ID: usize = 255;

/// A proof, and what it must fit.
pub(super) struct Proof<'a> {
    pub(super) token: &'a Compact,
    pub(super) keys: &'a KeySet,
    pub(super) request: Request<'a>,
    pub(super) now: OffsetDateTime,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name in the log.
    pub id: &'static str,
    /// Where it stands.
    pub clause: &'static str,
    pub(super) holds: fn(&Proof<'_>) -> bool,
}

/// Cheap before dear. After them all come its moment, for which a nonce will do, and that it was not seen before:
/// `dpop-id-unused`.
pub const RULES: &[Rule] = &[
    Rule {
        id: "dpop-type",
        clause: "RFC 9449 4.3 (4), RFC 8725 3.11",
        holds: |it| it.token.typ() == Some("dpop+jwt"),
    },
    Rule {
        id: "dpop-no-extension",
        clause: "RFC 7515 4.1.11, RFC 7797, RFC 7516 4.1.3",
        holds: |it| it.token.crit().is_none() && it.token.b64().is_none() && it.token.zip().is_none(),
    },
    Rule {
        id: "dpop-algorithm",
        clause: "RFC 9449 4.3 (5)",
        holds: |it| it.algorithm().is_some(),
    },
    Rule {
        id: "dpop-id",
        clause: "RFC 9449 4.3 (3)",
        holds: |it| (1..=LONGEST_ID).contains(&it.id().len()),
    },
    Rule {
        id: "dpop-moment",
        clause: "RFC 9449 4.3 (3)",
        holds: |it| it.moment().is_some(),
    },
    Rule {
        id: "dpop-method",
        clause: "RFC 9449 4.3 (8)",
        holds: |it| it.text("htm") == Some(it.request.method),
    },
    Rule {
        id: "dpop-address",
        clause: "RFC 9449 4.3 (9)",
        holds: |it| it.is_for_the_address(),
    },
    Rule {
        id: "dpop-access-token",
        clause: "RFC 9449 4.3 (12)",
        holds: |it| it.is_for_the_access_token(),
    },
    Rule {
        id: "dpop-signature",
        clause: "RFC 9449 4.3 (6)",
        holds: |it| it.is_signed(),
    },
];

impl Proof<'_> {
    pub(super) fn id(&self) -> &str {
        self.text("jti").unwrap_or_default()
    }

    pub(super) fn is_of_now(&self) -> bool {
        let now = self.now.unix_timestamp();
        self.moment()
            .is_some_and(|at| at.abs_diff(now) <= FRESH.whole_seconds().unsigned_abs())
    }

    fn moment(&self) -> Option<i64> {
        self.token.claims().get("iat")?.as_i64()
    }

    fn algorithm(&self) -> Option<Algorithm> {
        self.token.algorithm().filter(|named| ALGORITHMS.contains(named))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.token.claims().get(name)?.as_str()
    }

    /// Query and fragment are left aside, and so is how the address is spelt.
    fn is_for_the_address(&self) -> bool {
        let plain = |text: &str| {
            let mut url = Url::parse(text).ok()?;
            url.set_query(None);
            url.set_fragment(None);
            Some(url)
        };
        let stated = self.text("htu").and_then(plain);
        stated.is_some() && stated == plain(self.request.address)
    }

    fn is_for_the_access_token(&self) -> bool {
        match self.request.access_token {
            None => true,
            Some(token) => {
                let hash = URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()));
                self.text("ath") == Some(&hash)
            }
        }
    }

    fn is_signed(&self) -> bool {
        let Some(algorithm) = self.algorithm() else {
            return false;
        };
        let key = self.keys.find(None, algorithm);
        key.is_ok_and(|key| self.token.is_signed_by(VerificationKey::Public(key), algorithm))
    }
}
