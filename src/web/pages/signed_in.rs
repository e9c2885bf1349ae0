//! The page for a person who is signed in and wanted nowhere else.

use askama::Template;
use time::Duration;

use crate::web::headers::Nonce;
use crate::web::pages::said::said;
use crate::web::pages::{Frame, Heading};

/// Who is signed in, through which door, and for how long.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "signed_in.html")]
pub struct SignedIn<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The person's name for display, or failing that another word the person knows themselves by.
    pub person: &'a str,
    /// The door in words: "NHSmail".
    pub door: &'a str,
    /// The organisation's name or code, if one was stated.
    pub organisation: Option<&'a str>,
    /// True if the person is one of the invented people of a fake.
    pub simulated: bool,
    /// Until the session ends by itself.
    pub time_left: Duration,
    /// The token for the page's form.
    pub csrf_token: &'a str,
    /// Where the form goes to sign out: a path that takes POST.
    pub sign_out: &'a str,
    /// Where the form goes to stay signed in: a path that takes POST. `None` where that makes nothing longer.
    pub extend: Option<&'a str>,
    /// What only a Care Identity has.
    pub care_identity: Option<WorkingAs<'a>>,
    /// What lets the script run that warns before the session ends.
    pub nonce: &'a Nonce,
}

/// The role somebody works in, and how they proved themselves to CIS2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkingAs<'a> {
    /// What the job is called: "Nurse Access Role".
    pub role: Option<&'a str>,
    /// The authentication assurance level: 1, 2 or 3.
    pub aal: Option<u8>,
    /// Where another role can be chosen: a link, since it may lead on to CIS2. `None` where there is no other.
    pub change_role: Option<&'a str>,
}

impl Heading for SignedIn<'_> {
    fn heading(&self) -> &'static str {
        "You are logged in"
    }
}

impl<'a> SignedIn<'a> {
    fn organisation_in_words(&self) -> Option<String> {
        self.organisation.map(said)
    }

    fn role_in_words(&self) -> Option<String> {
        self.care_identity?.role.map(said)
    }

    fn level_in_words(&self) -> Option<&'static str> {
        self.care_identity?.aal.map(level)
    }

    fn change_role(&self) -> Option<&'a str> {
        self.care_identity?.change_role
    }

    /// True from two minutes before the end: said to everybody, with a script or without.
    fn is_nearly_over(&self) -> bool {
        self.time_left <= Duration::minutes(2)
    }

    fn time_left_in_words(&self) -> String {
        in_words(self.time_left)
    }
}

/// The levels of CIS2 (GPG 44 calls 2 "high" and 3 "very high").
fn level(aal: u8) -> &'static str {
    match aal {
        3.. => "Very high (level 3)",
        2 => "High (level 2)",
        ..=1 => "Low (level 1), for tests only",
    }
}

/// Rounded down to the minute, so that nobody is promised time they have not got.
fn in_words(time: Duration) -> String {
    let of = |number: i64, unit: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {unit}{plural}")
    };
    let (hours, minutes) = (time.whole_hours(), time.whole_minutes() % 60);
    match (hours, minutes) {
        (..=0, ..=0) => "Less than a minute".to_owned(),
        (..=0, _) => of(minutes, "minute"),
        (_, 0) => of(hours, "hour"),
        (_, _) => format!("{} {}", of(hours, "hour"), of(minutes, "minute")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_said_in_words_and_never_rounded_up() {
        for (seconds, words) in [
            (-5, "Less than a minute"),
            (59, "Less than a minute"),
            (60, "1 minute"),
            (119, "1 minute"),
            (14 * 60 + 59, "14 minutes"),
            (3600, "1 hour"),
            (3660, "1 hour 1 minute"),
            (12 * 3600 - 1, "11 hours 59 minutes"),
        ] {
            assert_eq!(in_words(Duration::seconds(seconds)), words, "{seconds} s");
        }
    }
}
