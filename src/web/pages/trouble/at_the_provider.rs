//! The words for what went wrong where the person logs in: it was cancelled there, is out of order, or says too little.

use crate::web::pages::frame::web_address;
use crate::web::pages::{Detail, Link, Provider, Who, Words};

const ANOTHER_WAY: &str = "If you can log in another way, start again and choose that one.";

pub(super) fn cancelled(provider: Provider<'_>) -> Words {
    let name = provider.name;
    Words::say(
        &format!("Your login with {name} was not finished"),
        &format!("It was cancelled, or {name} did not let you go on. You have not been logged in."),
        &[
            "Start again if you want to log in.",
            "If you did not cancel, check that you use the account that your organisation gave you.",
        ],
        Who::Yourself,
    )
}

pub(super) fn out_of_order(provider: Provider<'_>) -> Words {
    let name = provider.name;
    Words::say(
        &format!("Sorry, there is a problem with {name}"),
        &format!("{name} could not finish your login. You have done nothing wrong."),
        &["Wait a few minutes and start again.", ANOTHER_WAY],
        provider.operator(),
    )
}

pub(super) fn unreachable(provider: Provider<'_>) -> Words {
    let name = provider.name;
    Words::say(
        &format!("Sorry, you cannot log in with {name} at the moment"),
        &format!("This service cannot reach {name}. Nothing is wrong with your account."),
        &[ANOTHER_WAY, "If you cannot, wait a few minutes and start again."],
        Who::Support,
    )
}

pub(super) fn our_registration(provider: Provider<'_>) -> Words {
    let name = provider.name;
    Words::say(
        &format!("Sorry, logging in with {name} is not set up correctly"),
        &format!(
            "{name} does not accept this service at the moment. You have done nothing wrong, and there is \
             nothing that you can do about it."
        ),
        &[
            "Contact support and give the reference on this page.",
            ANOTHER_WAY,
        ],
        Who::Support,
    )
}

pub(super) fn details_missing(provider: Provider<'_>, detail: Detail, error_url: Option<&str>) -> Words {
    let name = provider.name;
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
        &format!("{name} knows you, but did not tell us {missing}. We need it to log you in."),
        &[
            &format!("Ask the people who look after your {name} account to check that it has {on_account}."),
            "Give them the reference on this page.",
        ],
        provider.account_keeper(),
    );
    words.help_page = error_url.and_then(web_address).map(|address| Link {
        text: format!("What {name} says about problems with logging in"),
        address,
    });
    words
}
