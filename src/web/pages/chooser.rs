//! The page on which a person chooses how to sign in.

use askama::Template;
use url::form_urlencoded::Serializer;

use crate::upstream::verified::Door;
use crate::web::pages::said::said;
use crate::web::pages::{Frame, Heading, LoggedOut};

/// `GET /`: every way in that is switched on.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "chooser.html")]
pub struct Chooser<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The ways in, in the order of the settings.
    pub doors: &'a [DoorChoice],
    /// Where the person wants to be afterwards; checked again when it comes back.
    pub return_to: Option<&'a str>,
    /// For people whose session is over without their doing.
    pub logged_out: Option<LoggedOut>,
    /// The application that sent the person here; it goes before `return_to`.
    pub on_behalf: Option<OnBehalf<'a>>,
}

/// An application that sent a person to log in.
#[derive(Debug, Clone, Copy)]
pub struct OnBehalf<'a> {
    /// What people call it.
    pub label: &'a str,
    /// The handle of its request.
    pub handle: &'a str,
}

/// One way in.
#[derive(Debug, Clone)]
pub struct DoorChoice {
    /// What `/sign-in?door=` calls it: the name of the connection.
    pub name: String,
    /// The kind of account it takes.
    pub door: Door,
    /// The words on the button: "Log in with NHSmail". They must differ between doors.
    pub label: String,
    /// One sentence that says whose account it takes.
    pub hint: Option<String>,
}

impl DoorChoice {
    /// A way in under the words that are usual for its kind. `label` is what the account is called, "NHSmail" or
    /// "Care Identity".
    pub fn usual(name: &str, door: Door, label: &str) -> Self {
        let (words, hint) = match door {
            Door::Nhsmail => (
                format!("Log in with {label}"),
                "The email account that your organisation gave you. Its address usually ends in @nhs.net.",
            ),
            Door::Cis2 => (
                format!("Log in with my {label}"),
                "The account you use with your smartcard, or with a security key, passkey or app instead of it.",
            ),
        };
        Self {
            name: name.to_owned(),
            door,
            label: words,
            hint: Some(hint.to_owned()),
        }
    }
}

impl Heading for Chooser<'_> {
    fn heading(&self) -> &'static str {
        if self.doors.len() > 1 {
            "Choose how to log in"
        } else {
            "Log in"
        }
    }
}

impl Chooser<'_> {
    fn application_in_words(&self) -> Option<String> {
        self.on_behalf.map(|application| said(application.label))
    }

    fn takes(&self, door: Door) -> bool {
        self.doors.iter().any(|choice| choice.door == door)
    }

    /// A link, not a form: a form's redirect to the identity provider would need its address in `form-action`.
    fn way_out(&self, door: &DoorChoice) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("door", &door.name);
        match (self.on_behalf, self.return_to) {
            (Some(application), _) => query.append_pair("request", application.handle),
            (None, Some(return_to)) => query.append_pair("return_to", return_to),
            (None, None) => &mut query,
        };
        format!("/sign-in?{}", query.finish())
    }
}
