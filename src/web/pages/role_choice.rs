//! The page on which somebody with several roles says in which one they work now.

use askama::Template;

use crate::web::pages::said::said;
use crate::web::pages::{Frame, Heading, NamedOrganisation};

/// The name of the field that carries the id of the chosen role.
pub const ROLE_FIELD: &str = "role";

/// The name of the hidden field that carries the handle of the pending choice.
pub const HANDLE_FIELD: &str = "handle";

/// More roles than this, in more than one organisation, stand under the names of their organisations.
const MOST_IN_ONE_LIST: usize = 5;

/// Asks which role to use: while logging in, or later to change it.
///
/// A form whose answer redirects to an application needs the application's origin in
/// [`crate::web::headers::PagePolicy::form_action`].
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "role_choice.html")]
pub struct RoleChoice<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The person's name for display.
    pub person: &'a str,
    /// Why it is asked.
    pub question: RoleQuestion<'a>,
    /// The roles, in the order stated; their ids differ.
    pub roles: &'a [RoleOption<'a>],
    /// What was wrong with the answer, if this is not the first time.
    pub error: Option<RoleChoiceError>,
    /// Where the form goes: a path of ours that takes POST.
    pub action: &'a str,
    /// The token for the page's form.
    pub csrf_token: &'a str,
    /// What finds the pending choice again, in [`HANDLE_FIELD`]; `None` where the session is enough.
    pub handle: Option<&'a str>,
}

/// Why a role is asked for, and where else the person may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleQuestion<'a> {
    /// The person is logging in.
    LogIn {
        /// Where "Log in as somebody else" leads.
        somebody_else: &'a str,
    },
    /// The person is logged in and wants another role.
    Change {
        /// The id of the role they have now.
        current: Option<&'a str>,
        /// Where "Keep your current role" leads.
        keep: &'a str,
    },
}

/// One role that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleOption<'a> {
    /// The value of [`ROLE_FIELD`]: `person_roleid`.
    pub id: &'a str,
    /// What the job is called: "Nurse Access Role". Where CIS2 names none, its code.
    pub name: &'a str,
    /// Where the job is done.
    pub organisation: NamedOrganisation<'a>,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleChoiceError {
    /// No role was selected, or one that was not offered.
    NotSelected,
}

/// Roles under one legend. The legend is empty where one list holds all.
struct Group<'a> {
    legend: String,
    choices: Vec<Choice<'a>>,
}

/// A role as it is shown.
struct Choice<'a> {
    /// Its place on the page, from 1.
    number: usize,
    id: &'a str,
    label: String,
    /// What the label alone does not tell.
    hints: Vec<String>,
}

impl Heading for RoleChoice<'_> {
    fn heading(&self) -> &'static str {
        match self.question {
            RoleQuestion::LogIn { .. } => "Select your role",
            RoleQuestion::Change { .. } => "Change your role",
        }
    }
}

impl RoleChoiceError {
    fn message(self) -> &'static str {
        match self {
            Self::NotSelected => "Select a role",
        }
    }
}

impl<'a> RoleChoice<'a> {
    fn person_in_words(&self) -> String {
        said(self.person)
    }

    fn groups(&self) -> Vec<Group<'a>> {
        let is_grouped = self.roles.len() > MOST_IN_ONE_LIST && self.organisations().len() > 1;
        if !is_grouped {
            let choices = self.choices(|_| true, |role| Some(role.organisation.in_words()));
            return vec![Group {
                legend: String::new(),
                choices,
            }];
        }
        let of = |code: &str| self.choices(|role| role.organisation.code == code, |_| None);
        self.organisations()
            .into_iter()
            .map(|organisation| Group {
                legend: organisation.in_words(),
                choices: of(organisation.code),
            })
            .collect()
    }

    /// Every organisation once, in the order of its first role.
    fn organisations(&self) -> Vec<NamedOrganisation<'a>> {
        let mut seen: Vec<NamedOrganisation<'a>> = Vec::new();
        for role in self.roles {
            if !seen.iter().any(|known| known.code == role.organisation.code) {
                seen.push(role.organisation);
            }
        }
        seen
    }

    fn choices(
        &self,
        belongs: impl Fn(&RoleOption<'a>) -> bool,
        place: impl Fn(&RoleOption<'a>) -> Option<String>,
    ) -> Vec<Choice<'a>> {
        let numbered = self.roles.iter().enumerate();
        numbered
            .filter(|(_, role)| belongs(role))
            .map(|(at, role)| Choice {
                number: at + 1,
                id: role.id,
                label: said(role.name),
                hints: place(role).into_iter().chain(self.distinctions(role)).collect(),
            })
            .collect()
    }

    /// The number of a role that has a namesake at the same place, and a mark at the one in use.
    fn distinctions(&self, role: &RoleOption<'a>) -> Vec<String> {
        let is_namesake = |other: &&RoleOption<'_>| {
            other.name == role.name && other.organisation.code == role.organisation.code
        };
        let mut hints = Vec::new();
        if self.roles.iter().filter(is_namesake).count() > 1 {
            hints.push(format!("Role number {}", said(role.id)));
        }
        if let RoleQuestion::Change { current, .. } = self.question
            && current == Some(role.id)
        {
            hints.push("You use this role now".to_owned());
        }
        hints
    }
}
