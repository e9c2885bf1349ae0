//! The words for what stands between a person and the application that sent them here.

use super::care_identity;
use crate::upstream::verified::Door;
use crate::web::pages::job_roles;
use crate::web::pages::said::said;
use crate::web::pages::{Code, Listing, NamedOrganisation, Who, Words};

/// What somebody lacks for an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack<'a> {
    /// Any login that this browser kept.
    Login,
    /// A login of just now.
    FreshLogin,
    /// A stronger login.
    Assurance {
        /// The authentication assurance level that is needed: 2 or 3.
        wanted: u8,
        /// The door they came through.
        door: Door,
    },
    /// A login with several factors.
    Factors {
        /// The door they came through.
        door: Door,
    },
    /// To be a person at all: a fake vouched for them.
    RealPerson,
    /// Another kind of account.
    Door {
        /// What the account they used is called.
        used: &'a str,
    },
    /// Another organisation.
    Organisation {
        /// Theirs, if it is known.
        organisation: Option<NamedOrganisation<'a>>,
        /// The door they came through.
        door: Door,
    },
    /// Another role.
    Role {
        /// What their role is called, if they have one.
        role: Option<&'a str>,
        /// The roles that may come in: codes, which are shown with their names.
        accepted: Vec<&'a str>,
        /// The door they came through.
        door: Door,
    },
}

impl Lack<'_> {
    pub(super) fn words(&self, application: &str) -> Words {
        let application = said(application);
        match self {
            Self::Login => login(&application),
            Self::FreshLogin => fresh_login(&application),
            Self::Assurance { wanted, door } => assurance(&application, *wanted, *door),
            Self::Factors { door } => factors(&application, *door),
            Self::RealPerson => real_person(&application),
            Self::Door { used } => door(&application, &said(used)),
            Self::Organisation { organisation, door } => of_organisation(&application, *organisation, *door),
            Self::Role { role, accepted, door } => of_role(&application, *role, accepted, *door),
        }
    }
}

pub(super) fn cannot_be_answered(reason: &str) -> Words {
    let mut words = Words::say(
        "The application you came from has a problem",
        "It sent you here in a way that this service does not accept. You have not been logged in, and we cannot send \
         you back safely.",
        &[
            "Go back to the application and log in from its own start page.",
            "If it happens again, tell the people who run the application and give them the reference on this page.",
        ],
        Who::Support,
    );
    words.codes = vec![Code {
        label: "For the developers of the application",
        value: reason.to_owned(),
    }];
    words
}

fn login(application: &str) -> Words {
    Words::say(
        &format!("We could not log you in to {application}"),
        "There is no login that we can use. This browser may not keep cookies, or there is no way to log in to this \
         application at the moment.",
        &[
            "Allow cookies for this website in the settings of your browser.",
            "Go back to the application and log in again.",
        ],
        Who::Yourself,
    )
}

fn fresh_login(application: &str) -> Words {
    Words::say(
        &format!("You need to log in again for {application}"),
        "It needs to know that it is still you, and the login we were told about is too old.",
        &[
            "Log in again, and prove who you are when the login page asks for it.",
            "If the login page does not ask, close every browser window and start again from the application.",
        ],
        Who::Yourself,
    )
}

fn assurance(application: &str, wanted: u8, door: Door) -> Words {
    let heading = format!("You need a more secure login for {application}");
    if door == Door::Nhsmail {
        return Words::say(
            &heading,
            "It needs a login with a Care Identity. An NHSmail account does not prove well enough who you are.",
            &[
                "Log in with your Care Identity, if you have one.",
                "If you have none, ask the registration authority of your organisation.",
            ],
            Who::RegistrationAuthority,
        );
    }
    let mut words = care_identity::assurance_too_low(wanted, None);
    words.heading = heading;
    words
}

fn factors(application: &str, door: Door) -> Words {
    let heading = format!("You need a more secure login for {application}");
    let happened = "It needs a login with more than a password, such as a code from an app or a security key. We were \
                    not told that you used one.";
    match door {
        Door::Nhsmail => Words::say(
            &heading,
            happened,
            &[
                "Set up multi-factor authentication for your NHSmail account, if you have not.",
                "Then log in again.",
                "If you used a code or a key just now, ask your NHSmail local administrator to check that \
                 multi-factor authentication is on for this service.",
            ],
            Who::LocalAdministrator,
        ),
        Door::Cis2 => Words::say(
            &heading,
            happened,
            &[
                "Log in again and select a smartcard, security key, passkey or authenticator app.",
                "If you have none of them, ask the registration authority of your organisation.",
            ],
            Who::RegistrationAuthority,
        ),
    }
}

fn real_person(application: &str) -> Words {
    Words::say(
        &format!("Invented people cannot use {application}"),
        "You logged in as one of the invented people of a test service. This application takes real people only.",
        &[
            "Log in with your own account.",
            "If this application is there for tests, ask the people who run it to let invented people in.",
        ],
        Who::Support,
    )
}

fn door(application: &str, used: &str) -> Words {
    Words::say(
        &format!("You need another account for {application}"),
        &format!("You are logged in with {used}, which this application does not take."),
        &[
            "Log in with an account that it takes. You will be logged out of the other one here.",
            "If you have no such account, ask the people who run the application.",
        ],
        Who::Support,
    )
}

fn of_organisation(application: &str, organisation: Option<NamedOrganisation<'_>>, door: Door) -> Words {
    let happened = match organisation {
        Some(place) => format!(
            "You are logged in for {}. The application is not open to it.",
            place.in_words()
        ),
        None => "The application is open to some organisations only, and we were not told yours.".to_owned(),
    };
    let heading = format!("Your organisation cannot use {application}");
    match door {
        Door::Nhsmail => Words::say(
            &heading,
            &happened,
            &[
                "If you work somewhere else now, ask your NHSmail local administrator to check your account.",
                "If your organisation should have this application, ask the people who run it.",
            ],
            Who::LocalAdministrator,
        ),
        Door::Cis2 => Words::say(
            &heading,
            &happened,
            &[
                "If you have a role at another organisation, change to it.",
                "If your organisation should have this application, ask the people who run it.",
            ],
            Who::RegistrationAuthority,
        ),
    }
}

fn of_role(application: &str, role: Option<&str>, accepted: &[&str], door: Door) -> Words {
    let heading = format!("Your role cannot use {application}");
    let mut words = match (role, door) {
        (_, Door::Nhsmail) => Words::say(
            &heading,
            "It needs a role from a Care Identity. An NHSmail account has none.",
            &["Go back to the application and log in with your Care Identity, if it offers that."],
            Who::Support,
        ),
        (Some(role), Door::Cis2) => Words::say(
            &heading,
            &format!(
                "You are working as {}, and that is not a role that may use it.",
                said(role)
            ),
            &[
                "If you have another role that may use it, change to it.",
                "If you need one more role for your work, ask your registration authority for it.",
            ],
            Who::RegistrationAuthority,
        ),
        (None, Door::Cis2) => Words::say(
            &heading,
            "You have not selected a role, and it needs one.",
            &["Ask your registration authority to check your roles."],
            Who::RegistrationAuthority,
        ),
    };
    let items: Vec<String> = accepted
        .iter()
        .map(|code| said(&job_roles::in_words(code)))
        .collect();
    words.list = Some(Listing {
        lead: "Roles that may use it:",
        items,
    })
    .filter(|list| !list.items.is_empty());
    words
}
