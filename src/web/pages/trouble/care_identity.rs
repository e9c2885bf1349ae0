//! The words for a Care Identity whose role or level is not enough.

use crate::web::pages::job_roles;
use crate::web::pages::said::said;
use crate::web::pages::{Link, Listing, NamedOrganisation, Who, Words};

/// The login methods of CIS2 that reach level 3, as its own page calls them.
const LEVEL_3: [&str; 4] = ["Smartcard", "Windows Hello", "Security key", "iPad app"];

/// Those that reach level 2 and no more.
const LEVEL_2: [&str; 3] = [
    "Microsoft Authenticator, which the login page may call Authenticator app",
    "NHSmail, now called NHS.net Connect",
    "Passkey, where it is offered",
];

pub(super) fn no_role() -> Words {
    Words::say(
        "Your Care Identity has no role",
        "We know who you are, but your Care Identity has no role in any organisation. This service needs one.",
        &[
            "Ask your registration authority to give you a role in your organisation.",
            "When you have been given it, start again.",
        ],
        Who::RegistrationAuthority,
    )
}

pub(super) fn no_usable_role() -> Words {
    Words::say(
        "We could not tell which role you work in",
        "You logged in with your Care Identity, but we were not told a role that is yours.",
        &[
            "Start again and select a role from the list.",
            "If it happens again, ask your registration authority to check your roles.",
        ],
        Who::RegistrationAuthority,
    )
}

pub(super) fn role_not_accepted(
    organisation: NamedOrganisation<'_>,
    accepted: &[&str],
    change_role: Option<&str>,
) -> Words {
    let place = organisation.in_words();
    let words = Words::say(
        "Your role cannot use this service",
        &format!("The role you selected at {place} is not one that may use this service."),
        &[
            change_role.map_or("", |_| "Change to another of your roles."),
            "If you need one more role for your work, ask your registration authority for it.",
        ],
        Who::RegistrationAuthority,
    );
    let roles = accepted.iter().map(|role| job_roles::in_words(role));
    with_list(
        "Roles that may use it:",
        roles,
        with_change_role(change_role, words),
    )
}

pub(super) fn organisation_not_enabled(
    organisation: NamedOrganisation<'_>,
    change_role: Option<&str>,
) -> Words {
    let place = organisation.in_words();
    let words = Words::say(
        "Your organisation cannot use this service",
        &format!("The role you selected is at {place}. This service has not been switched on there."),
        &[
            change_role.map_or("", |_| "Change to a role at another organisation."),
            "If you work somewhere else now, ask your registration authority to give you a role there.",
            "If your organisation should have this service, contact support and give the reference on this page.",
        ],
        Who::RegistrationAuthority,
    );
    with_change_role(change_role, words)
}

pub(super) fn not_in_workgroup(
    organisation: NamedOrganisation<'_>,
    accepted: &[&str],
    change_role: Option<&str>,
) -> Words {
    let place = organisation.in_words();
    let words = Words::say(
        "You are not in a workgroup that can use this service",
        &format!("The role you selected at {place} is in none of the workgroups that may use this service."),
        &[
            change_role.map_or("", |_| "Change to another of your roles."),
            &format!("Ask the registration authority of {place} to add you to the workgroup."),
        ],
        Who::RegistrationAuthority,
    );
    let groups = accepted.iter().map(|&group| group.to_owned());
    with_list(
        "Workgroups that may use it:",
        groups,
        with_change_role(change_role, words),
    )
}

pub(super) fn assurance_too_low(wanted: u8, start_again: Option<&str>) -> Words {
    let (level, methods) = match wanted {
        ..=2 => ("a more secure", [LEVEL_3.as_slice(), LEVEL_2.as_slice()].concat()),
        3.. => ("the most secure", LEVEL_3.to_vec()),
    };
    let mut words = Words::say(
        "You need a more secure way to log in",
        &format!("This service needs {level} kind of login with your Care Identity. You used another kind."),
        &[
            "Log in again and select one of the methods above, if you have it.",
            "If you have none of them, add one to your Care Identity in Care Identity Management, or ask your \
             registration authority.",
        ],
        Who::RegistrationAuthority,
    );
    words.action = start_again.map(|address| Link {
        text: "Log in another way".to_owned(),
        address: address.to_owned(),
    });
    let methods = methods.into_iter().map(str::to_owned);
    with_list("Login methods that are secure enough:", methods, words)
}

pub(super) fn identity_assurance_too_low() -> Words {
    Words::say(
        "Your identity has not been checked yet",
        "You have a Care Identity, but nobody has checked who you are as thoroughly as this service needs.",
        &[
            "Ask your registration authority to check your identity. Ask which documents to bring, for example your \
             passport.",
            "When it has been done, start again.",
        ],
        Who::RegistrationAuthority,
    )
}

fn with_change_role(address: Option<&str>, mut words: Words) -> Words {
    words.action = address.map(|address| Link {
        text: "Change role".to_owned(),
        address: address.to_owned(),
    });
    words
}

/// Nothing is listed where nothing is known.
fn with_list(lead: &'static str, items: impl Iterator<Item = String>, mut words: Words) -> Words {
    let items: Vec<String> = items.map(|item| said(&item)).collect();
    words.list = Some(Listing { lead, items }).filter(|list| !list.items.is_empty());
    words
}
