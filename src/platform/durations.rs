//! Durations as an operator writes them: a whole number, the unit in the name of the setting.

use serde::{Deserialize, Deserializer};
use time::Duration;

/// Reads a whole number of seconds.
pub fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Ok(Duration::seconds(i64::from(u32::deserialize(from)?)))
}

/// Reads a whole number of minutes.
pub fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Ok(Duration::minutes(i64::from(u32::deserialize(from)?)))
}

/// Reads a whole number of hours.
pub fn hours<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Ok(Duration::hours(i64::from(u32::deserialize(from)?)))
}
