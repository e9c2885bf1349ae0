//! What a person is told, for each kind of refusal. A fixed list: nothing that was sent to us is repeated here.
//!
//! Whatever failed in a signature, in decryption or in a rule about an assertion is [`Trouble::NotCompleted`], so
//! that all of them look alike from outside.

use axum::http::StatusCode;

use crate::web::pages::frame::web_address;
use crate::web::pages::{Link, ProviderStatus, Who, Words};

/// The kinds of trouble that a person can tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// The answer was not believed; also anything else about it that is nobody's business.
    NotCompleted,
    /// The question is unknown, too old, or was answered before.
    TookTooLong,
    /// The cookie of the sign-in is missing: blocked, or another browser.
    AnotherBrowser,
    /// A form of ours came back without the right token.
    FormExpired,
    /// The identity provider answered with a status other than success.
    ProviderSaysNo {
        /// The identity provider in words: "NHSmail".
        provider: &'a str,
        /// What it said, as far as it may be repeated.
        status: ProviderStatus,
    },
    /// The identity provider vouched, but did not say something that we need.
    DetailsMissing {
        /// The identity provider in words: "NHSmail".
        provider: &'a str,
        /// What is missing.
        detail: Detail,
        /// The `errorURL` of the identity provider's metadata (SAML Metadata 2.4.1).
        error_url: Option<&'a str>,
    },
    /// A part that we cannot do without is away or full.
    Unavailable,
    /// Too many logins were begun, by this browser or by everybody.
    TooMany,
    /// No page has this address.
    NotFound,
    /// More was sent than we read.
    TooLarge,
    /// The address exists, but not for this method.
    WrongMethod,
    /// This way to sign in is switched off.
    ConnectionDisabled,
    /// The address to return to is not on the list.
    ReturnNotAllowed,
}

/// A kind of detail that an account can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What tells one account from another.
    AccountIdentifier,
    /// Any name for display.
    Name,
    /// An e-mail address.
    EmailAddress,
    /// The organisation the person works for.
    Organisation,
    /// An attribute that only this service asks for.
    Other,
}

impl Trouble<'_> {
    /// What to tell the person.
    pub fn words(&self) -> Words {
        match self {
            Self::ProviderSaysNo { provider, status } => status.words(provider),
            Self::DetailsMissing {
                provider,
                detail,
                error_url,
            } => details_missing(provider, *detail, *error_url),
            Self::NotCompleted => not_completed(),
            Self::TookTooLong => took_too_long(),
            Self::AnotherBrowser => another_browser(),
            Self::FormExpired => form_expired(),
            Self::Unavailable => unavailable(),
            Self::TooMany => too_many(),
            Self::NotFound => not_found(),
            Self::TooLarge => too_large(),
            Self::WrongMethod => wrong_method(),
            Self::ConnectionDisabled => connection_disabled(),
            Self::ReturnNotAllowed => return_not_allowed(),
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TookTooLong | Self::AnotherBrowser | Self::FormExpired | Self::ReturnNotAllowed => {
                StatusCode::BAD_REQUEST
            }
            Self::NotCompleted
            | Self::ProviderSaysNo { .. }
            | Self::DetailsMissing { .. }
            | Self::ConnectionDisabled => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

fn not_completed() -> Words {
    Words::say(
        "We could not log you in",
        "Something went wrong when we checked your login. You have not been logged in.",
        &[
            "Go back to the application you want to use and log in again.",
            "If it happens again, contact support and give the reference on this page.",
        ],
        Who::Support,
    )
}

fn took_too_long() -> Words {
    Words::say(
        "You need to log in again",
        "Your login took too long, or it was used already. You have not been logged in.",
        &[
            "Start again, and finish within a few minutes.",
            "Do not use the Back button while you log in.",
            "If you came from a bookmark of a login page, delete it. Bookmark the application instead.",
        ],
        Who::Yourself,
    )
}

fn another_browser() -> Words {
    Words::say(
        "We could not match your login to this browser",
        "You may have started to log in with another browser or window, or this browser may not keep cookies. \
         Cookies are small files that we need to log you in.",
        &[
            "Allow cookies for this website in the settings of your browser.",
            "Start again, and stay in the same browser and window until you are logged in.",
        ],
        Who::Yourself,
    )
}

fn form_expired() -> Words {
    Words::say(
        "This page has expired",
        "Nothing was changed, because the page was open for too long or was opened in another browser.",
        &["Go back, reload the page and try again."],
        Who::Yourself,
    )
}

fn details_missing(provider: &str, detail: Detail, error_url: Option<&str>) -> Words {
    let (missing, on_account) = match detail {
        Detail::AccountIdentifier => (
            "which account is yours",
            "an identifier that it shares with this service",
        ),
        Detail::Name => ("your name", "your name"),
        Detail::EmailAddress => ("your email address", "your email address"),
        Detail::Organisation => ("which organisation you work for", "your organisation"),
        Detail::Other => (
            "a detail that this service needs",
            "all the details that this service asks for",
        ),
    };
    let mut words = Words::say(
        "Some of your account details are missing",
        &format!("{provider} knows you, but did not tell us {missing}. We need it to log you in."),
        &[
            &format!(
                "Ask the people who look after your {provider} account to check that it has {on_account}."
            ),
            "Give them the reference on this page.",
        ],
        Who::LocalAdministrator,
    );
    words.help_page = error_url.and_then(web_address).map(|address| Link {
        text: format!("What {provider} says about problems with logging in"),
        address,
    });
    words
}

fn unavailable() -> Words {
    Words::say(
        "Sorry, there is a problem with the service",
        "You cannot log in at the moment.",
        &["Wait a few minutes and try again."],
        Who::Support,
    )
}

fn too_many() -> Words {
    Words::say(
        "Try again in a minute",
        "Too many logins were started at once. You have not been logged in.",
        &[
            "Wait a minute, then start again.",
            "Close other tabs in which you are trying to log in.",
        ],
        Who::Yourself,
    )
}

fn not_found() -> Words {
    Words::say(
        "Page not found",
        "There is no page at this web address.",
        &[
            "If you typed the web address, check it is correct.",
            "If you pasted the web address, check you copied the whole of it.",
        ],
        Who::Support,
    )
}

fn too_large() -> Words {
    Words::say(
        "We could not read what was sent",
        "It is larger than this service accepts. You have not been logged in.",
        &[
            "Start again.",
            "If it happens again, contact support. Your account may belong to a very large number of groups.",
        ],
        Who::Support,
    )
}

fn wrong_method() -> Words {
    Words::say(
        "This page cannot be opened by itself",
        "Its web address is one step of logging in. It does not work from a bookmark or a link.",
        &["Go to the application you want to use and log in from there."],
        Who::Yourself,
    )
}

fn connection_disabled() -> Words {
    Words::say(
        "You cannot log in this way",
        "This way to log in has been switched off.",
        &["Start again and choose another way to log in, if there is one."],
        Who::Support,
    )
}

fn return_not_allowed() -> Words {
    Words::say(
        "We cannot send you to that website",
        "The link you followed would have sent you to a website that this service does not know. \
         You have not been sent there.",
        &[
            "Go to the application you want to use from your own bookmark, or type its address.",
            "If the link came in a message you did not expect, report the message to your IT team.",
        ],
        Who::Support,
    )
}
