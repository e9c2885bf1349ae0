//! Dated permissions for weak algorithms: `[[saml.NAME.exception]]`.
//!
//! A weakness is permitted for one connection, for a reason, until a day. Nobody has to remember to take it away.

use serde::{Deserialize, Deserializer};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

/// A weak algorithm that an identity provider may still need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// SHA-1 in a signature or a digest.
    Sha1,
    /// RSA signing keys from 1024 to 2047 bits.
    #[serde(rename = "rsa-1024")]
    Rsa1024,
    /// AES in CBC mode in an `EncryptedAssertion`.
    Cbc,
}

/// Permission for one weakness until the end of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// What is permitted.
    pub allow: Weakness,
    /// The last day on which it is.
    #[serde(deserialize_with = "day")]
    pub until: Date,
    /// Why, and who promised to mend it; written to the log at every use.
    pub reason: String,
}

impl Weakness {
    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Rsa1024 => "rsa-1024",
            Self::Cbc => "cbc",
        }
    }
}

impl Exception {
    /// Whether this exception permits `weakness` at the instant `now`.
    pub fn permits(&self, weakness: Weakness, now: OffsetDateTime) -> bool {
        self.allow == weakness && !self.is_over_at(now)
    }

    /// Whether its last day has passed.
    pub fn is_over_at(&self, now: OffsetDateTime) -> bool {
        now.to_offset(time::UtcOffset::UTC).date() > self.until
    }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    Date::parse(&text, &Iso8601::DATE)
        .map_err(|_cause| serde::de::Error::custom("this is not a day such as 2027-01-31"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn until(day: Date) -> Exception {
        Exception {
            allow: Weakness::Sha1,
            until: day,
            reason: "the trust's ADFS is renewed in January".to_owned(),
        }
    }

    #[test]
    fn an_exception_holds_to_the_end_of_its_day_and_not_longer() {
        let it = until(date!(2027 - 01 - 31));
        assert!(it.permits(Weakness::Sha1, datetime!(2027-01-31 23:59:59 UTC)));
        assert!(!it.permits(Weakness::Sha1, datetime!(2027-02-01 00:00:00 UTC)));
    }

    #[test]
    fn an_exception_for_one_weakness_permits_no_other() {
        let it = until(date!(2027 - 01 - 31));
        assert!(!it.permits(Weakness::Cbc, datetime!(2027-01-01 0:00 UTC)));
    }
}
