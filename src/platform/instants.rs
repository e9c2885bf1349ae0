//! Instants in records: whole seconds since 1970 and the nanoseconds beyond them, a third as long as in words.
//!
//! For `#[serde(with = "…")]`; [`option`] is the same for an instant that may be absent.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

/// Writes an instant. It is read in UTC, whatever its offset was.
pub fn serialize<S: Serializer>(instant: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    parts(*instant).serialize(serializer)
}

/// Reads an instant.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
    joined(Deserialize::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(NO_INSTANT))
}

const NO_INSTANT: &str = "these numbers are no instant";

fn parts(instant: OffsetDateTime) -> (i64, u32) {
    (instant.unix_timestamp(), instant.nanosecond())
}

fn joined((seconds, nanoseconds): (i64, u32)) -> Option<OffsetDateTime> {
    let instant = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    instant.replace_nanosecond(nanoseconds).ok()
}

/// An instant that may be absent.
pub mod option {
    use super::{
        Deserialize, Deserializer, NO_INSTANT, OffsetDateTime, Serialize, Serializer, joined, parts,
    };
    use serde::de::Error as _;

    /// Writes it.
    pub fn serialize<S: Serializer>(
        instant: &Option<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        instant.map(parts).serialize(serializer)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        let found: Option<(i64, u32)> = Deserialize::deserialize(deserializer)?;
        let Some(numbers) = found else {
            return Ok(None);
        };
        let instant = joined(numbers);
        instant.map(Some).ok_or_else(|| D::Error::custom(NO_INSTANT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Both(
        #[serde(with = "crate::platform::instants")] OffsetDateTime,
        #[serde(with = "crate::platform::instants::option")] Option<OffsetDateTime>,
    );

    #[test]
    fn an_instant_is_read_as_it_was_written_to_the_nanosecond_and_at_the_ends_of_time() {
        for instant in [
            datetime!(2026-05-01 09:00:00 UTC),
            datetime!(2026-05-01 09:00:00.123456789 +01:00),
            datetime!(1969-12-31 23:59:59.5 UTC),
            datetime!(-9999-01-01 00:00 UTC),
            datetime!(9999-12-31 23:59:59.999999999 UTC),
        ] {
            for other in [None, Some(instant)] {
                let both = Both(instant, other);
                let json = serde_json::to_string(&both).unwrap();
                assert_eq!(serde_json::from_str::<Both>(&json).unwrap(), both);
            }
        }
    }

    #[test]
    fn numbers_that_are_no_instant_are_refused() {
        for text in [
            "[[0,1000000000],null]",
            "[[999999999999999,0],null]",
            "[[0,0],[0,1000000000]]",
            "[null,null]",
        ] {
            assert!(serde_json::from_str::<Both>(text).is_err(), "{text}");
        }
    }
}
