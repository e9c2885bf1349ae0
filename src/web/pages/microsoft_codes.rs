//! The error numbers of Entra (`AADSTS…`) that people meet, by what a person can do about them.

use crate::web::pages::Who;
use crate::web::pages::provider_words::{Meaning, NO_ACCESS, OUR_QUESTION, START_AGAIN, WRONG_ACCOUNT};

/// What the number means; `None` for a number that we have no words for.
pub(crate) fn meaning(number: u32) -> Option<Meaning> {
    TABLE
        .iter()
        .find(|(numbers, _)| numbers.contains(&number))
        .map(|(_, meaning)| *meaning)
}

/// The numbers as Microsoft publishes them, each in one row only.
const TABLE: &[(&[u32], Meaning)] = &[
    (
        &[90072, 50020, 16000, 50034, 50014, 16003, 500_212, 500_213],
        WRONG_ACCOUNT,
    ),
    (&[500_208], PERSONAL_ACCOUNT),
    (&[50105], NO_ACCESS),
    (
        // The request: its identifiers, its signature, the policies it asks for.
        &[
            700_016, 650_056, 50011, 75003, 75005, 75008, 75016, 900_236, 7_500_529, 76021, 50012, 700_027,
            7_000_215, 7_000_222, 50058,
        ],
        OUR_QUESTION,
    ),
    (&[75011], ANOTHER_METHOD),
    (&[750_054, 54005, 70008, 50089, 76026, 90012], START_AGAIN),
    (&[50126], WRONG_PASSWORD),
    (&[50053], LOCKED),
    (&[50055, 50144], PASSWORD_EXPIRED),
    (&[50057], DISABLED),
    (&[50072, 50074, 50076, 50078, 50079], MORE_PROOF),
    (&[53000, 53003, 530_032, 50131], BLOCKED),
    (
        &[65001, 90094, 90095, 50003, 50146, 7_000_112, 1_000_031],
        NOT_SET_UP,
    ),
    (&[65004], DECLINED),
    (&[20012, 50008, 5_000_819, 50107], FEDERATION),
    (&[50196], LOOP),
    (&[50068, 50070, 50071], LOGOUT),
    (&[90033, 90006, 90024, 50033, 50000], MICROSOFT_FAULT),
];

const PERSONAL_ACCOUNT: Meaning = Meaning {
    what: "You used a personal Microsoft account. Only accounts for work are accepted.",
    ..WRONG_ACCOUNT
};

const ANOTHER_METHOD: Meaning = Meaning {
    what: "You were logged in there already, in another way than this service asked for.",
    steps: &[
        "Log out of Microsoft, or open a private browser window, and start again.",
        "If it happens again, contact support and give the reference on this page.",
    ],
    who: Who::Support,
};

const WRONG_PASSWORD: Meaning = Meaning {
    what: "The user name or password was wrong.",
    steps: &[
        "Start again and check that you use your NHSmail address.",
        "If you forgot your password, reset it in the NHSmail portal.",
    ],
    who: Who::NhsmailHelpdesk,
};

const LOCKED: Meaning = Meaning {
    what: "Your account is locked, because of too many wrong tries or an unusual place.",
    steps: &[
        "Wait a few minutes and start again.",
        "If it is still locked, contact the NHSmail helpdesk.",
    ],
    who: Who::NhsmailHelpdesk,
};

const PASSWORD_EXPIRED: Meaning = Meaning {
    what: "Your password has expired.",
    steps: &[
        "Change your password in the NHSmail portal.",
        "Start again with the new password.",
    ],
    who: Who::NhsmailHelpdesk,
};

const DISABLED: Meaning = Meaning {
    what: "Your account has been switched off.",
    steps: &["Ask for it to be switched on again."],
    who: Who::LocalAdministrator,
};

const MORE_PROOF: Meaning = Meaning {
    what: "You need to confirm that it is you, for example with an app on your phone (multi-factor authentication).",
    steps: &[
        "Start again and follow the steps on the login page.",
        "If you have a new phone, ask for multi-factor authentication to be set up again.",
    ],
    who: Who::LocalAdministrator,
};

const BLOCKED: Meaning = Meaning {
    what: "A security rule of your organisation does not allow you to log in from this computer or network.",
    steps: &[
        "Use a computer that your organisation manages, on its network.",
        "Ask your IT team if you should have access from here.",
    ],
    who: Who::ItTeam,
};

const NOT_SET_UP: Meaning = Meaning {
    what: "This service has not been fully set up there. You have done nothing wrong.",
    steps: &["Contact support and give the reference on this page. They will ask the NHSmail team."],
    who: Who::Support,
};

const DECLINED: Meaning = Meaning {
    what: "You chose not to let this service know who you are.",
    steps: &["Start again and select Accept if you want to log in."],
    who: Who::Yourself,
};

const FEDERATION: Meaning = Meaning {
    what: "Two of the computers that check NHSmail passwords did not understand each other.",
    steps: &[
        "Wait a few minutes and start again.",
        "If it happens again, contact support and give the reference on this page.",
    ],
    who: Who::NhsmailHelpdesk,
};

const LOOP: Meaning = Meaning {
    what: "Your browser was sent round in a circle.",
    steps: &[
        "Close every browser window.",
        "Delete the cookies of this website, then start again.",
    ],
    who: Who::Support,
};

const LOGOUT: Meaning = Meaning {
    what: "You may still be logged in to NHSmail.",
    steps: &["Close every browser window. On a shared computer, log out of the computer too."],
    who: Who::Yourself,
};

const MICROSOFT_FAULT: Meaning = Meaning {
    what: "The login page is out of order or too busy.",
    steps: &["Wait a few minutes and start again."],
    who: Who::NobodyHere,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_one_meaning_with_something_to_do() {
        let mut numbers: Vec<u32> = TABLE
            .iter()
            .flat_map(|(numbers, _)| numbers.iter().copied())
            .collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a number stands in two rows");
        assert!(TABLE.iter().all(|(_, meaning)| !meaning.steps.is_empty()));
    }

    #[test]
    fn an_unknown_number_has_no_meaning_of_its_own() {
        assert_eq!(meaning(1), None);
        assert_eq!(meaning(90072), Some(WRONG_ACCOUNT));
    }
}
