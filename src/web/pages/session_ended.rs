//! The page for a person whose session is over without their doing.

use askama::Template;
use time::Duration;

use crate::web::pages::{Frame, Heading};

/// `GET /session/ended`: says why, and leads back.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "session_ended.html")]
pub struct SessionEnded<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// Why it is over.
    pub why: WhyEnded,
    /// How long a session lasts without use; `None` where that differs from door to door.
    pub idle: Option<Duration>,
    /// Where to sign in again: a path of ours.
    pub start_again: &'a str,
}

/// What is said, before they choose how to sign in, to people whose browser still holds the ticket of a session that is
/// over: nobody knows any more why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedOut {
    /// How long a session lasts without use; `None` where that differs from door to door.
    pub idle: Option<Duration>,
}

impl LoggedOut {
    pub(crate) fn sentence(self) -> String {
        let after = self.idle.map_or("a while".to_owned(), minutes);
        format!(
            "You have been logged out. This happens when you do nothing for {after}, and protects patient information."
        )
    }
}

/// Why a session is over, as the page that the person was on knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyEnded {
    /// Nobody did anything.
    Idle,
    /// It lasted as long as any session may.
    Limit,
    /// It was ended: in another window, by the upstream, by an administrator.
    Elsewhere,
}

impl WhyEnded {
    /// The word of `?why=`; any other word is no time-out.
    pub(crate) fn read(word: &str) -> Self {
        match word {
            "idle" => Self::Idle,
            "limit" => Self::Limit,
            _ => Self::Elsewhere,
        }
    }
}

impl Heading for SessionEnded<'_> {
    fn heading(&self) -> &'static str {
        match self.why {
            WhyEnded::Idle | WhyEnded::Limit => "We logged you out",
            WhyEnded::Elsewhere => "You are no longer logged in",
        }
    }
}

impl SessionEnded<'_> {
    fn what_happened(&self) -> String {
        match (self.why, self.idle) {
            (WhyEnded::Idle, Some(idle)) => format!(
                "We logged you out because you did nothing for {}. This protects patient information.",
                minutes(idle)
            ),
            (WhyEnded::Idle, None) => {
                "We logged you out because you did nothing for a while. This protects patient information."
                    .to_owned()
            }
            (WhyEnded::Limit, _) => "We logged you out because you had been logged in for as long as one login \
                                     can last. This protects patient information."
                .to_owned(),
            (WhyEnded::Elsewhere, _) => "You or somebody else logged out in another window or application, or your \
                                         login ended where you started it. With a smartcard, this happens when the \
                                         card is taken out."
                .to_owned(),
        }
    }
}

fn minutes(idle: Duration) -> String {
    match idle.whole_minutes() {
        1 => "1 minute".to_owned(),
        number => format!("{number} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_knows_is_not_called_a_time_out() {
        assert_eq!(WhyEnded::read("idle"), WhyEnded::Idle);
        assert_eq!(WhyEnded::read("limit"), WhyEnded::Limit);
        assert_eq!(WhyEnded::read("<b>"), WhyEnded::Elsewhere);
    }

    #[test]
    fn one_minute_is_one() {
        assert_eq!(minutes(Duration::minutes(1)), "1 minute");
        assert_eq!(minutes(Duration::minutes(15)), "15 minutes");
    }
}
