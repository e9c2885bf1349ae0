//! Dated permissions: `[[saml.NAME.exception]]`, `[[oidc.NAME.exception]]`.
//!
//! What is otherwise refused is permitted for one connection, for a reason, until a day. Nobody has to remember to
//! take it away.

use serde::{Deserialize, Deserializer};
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Iso8601};

use crate::platform::problem::Problem;

/// The furthest end of an exception: a year, and a day for the leap.
const LONGEST_EXCEPTION: Duration = Duration::days(366);

/// Something that a connection may permit until a day.
pub trait Permissible: Copy + PartialEq {
    /// The word in the configuration.
    fn as_str(self) -> &'static str;
}

/// Permission for one thing until the end of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception<P> {
    /// What is permitted.
    pub allow: P,
    /// The last day on which it is.
    #[serde(deserialize_with = "day")]
    pub until: Date,
    /// Why, and who promised to mend it; written to the log at every use.
    pub reason: String,
}

impl<P: Permissible> Exception<P> {
    /// Whether this exception permits `wanted` at the instant `now`.
    pub fn permits(&self, wanted: P, now: OffsetDateTime) -> bool {
        self.allow == wanted && !self.is_over_at(now)
    }

    /// Whether its last day has passed.
    pub fn is_over_at(&self, now: OffsetDateTime) -> bool {
        now.to_offset(time::UtcOffset::UTC).date() > self.until
    }

    /// A permission that has ended permits nothing, which is no reason not to start.
    pub(in crate::upstream) fn ended(&self, at: &str, now: OffsetDateTime) -> Option<Problem> {
        let word = self.allow.as_str();
        self.is_over_at(now).then(|| {
            Problem::new(
                format!("{at}.until"),
                format!(
                    "the permission for {word} ended on {}; {word} is refused again",
                    self.until
                ),
                "remove the exception; a later date only if the identity provider still cannot do without",
            )
        })
    }

    /// What is wrong with this exception at the instant `now`; `at` is the path of its table.
    pub(in crate::upstream) fn problems(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = Vec::new();
        let word = self.allow.as_str();
        if self.until > (now + LONGEST_EXCEPTION).date() {
            problems.push(Problem::new(
                format!("{at}.until"),
                format!(
                    "a permission for {word} until {} is no exception any more",
                    self.until
                ),
                "a day within a year; look again then",
            ));
        }
        if self.reason.trim().is_empty() {
            problems.push(Problem::new(
                format!("{at}.reason"),
                format!("nobody will know why {word} is permitted"),
                "a sentence: what is weak, who mends it, by when",
            ));
        }
        problems
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

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Thing {
        One,
        Other,
    }

    impl Permissible for Thing {
        fn as_str(self) -> &'static str {
            "it"
        }
    }

    fn until(day: Date) -> Exception<Thing> {
        Exception {
            allow: Thing::One,
            until: day,
            reason: "the trust's ADFS is renewed in January".to_owned(),
        }
    }

    #[test]
    fn an_exception_holds_to_the_end_of_its_day_and_not_longer() {
        let it = until(date!(2027 - 01 - 31));
        assert!(it.permits(Thing::One, datetime!(2027-01-31 23:59:59 UTC)));
        assert!(!it.permits(Thing::One, datetime!(2027-02-01 00:00:00 UTC)));
    }

    #[test]
    fn an_exception_for_one_thing_permits_no_other() {
        let it = until(date!(2027 - 01 - 31));
        assert!(!it.permits(Thing::Other, datetime!(2027-01-01 0:00 UTC)));
    }
}
