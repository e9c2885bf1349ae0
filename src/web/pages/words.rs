//! What a problem page says, and who can help.

/// Everything a problem page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The heading and title, without a full stop.
    pub heading: String,
    /// What happened, in a sentence or two.
    pub what_happened: String,
    /// What would have been accepted.
    pub list: Option<Listing>,
    /// What the person can do, a sentence each.
    pub what_to_do: Vec<String>,
    /// Who can help.
    pub who: Who,
    /// What helps more than to start again: an address of ours.
    pub action: Option<Link>,
    /// A page of the identity provider's own about such problems: an http or https address.
    pub help_page: Option<Link>,
    /// Words for the helpdesk.
    pub codes: Vec<Code>,
}

/// A few things under a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The sentence, with a colon at its end.
    pub lead: &'static str,
    /// The things: one at least.
    pub items: Vec<String>,
}

/// A link whose address was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub address: String,
}

/// One technical detail for the helpdesk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What it is.
    pub label: &'static str,
    /// Its value, from a fixed list or digits.
    pub value: String,
}

/// Who can put something right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The person, with the service's support behind them.
    Yourself,
    /// The service's own support.
    Support,
    /// The organisation's NHSmail local administrator.
    LocalAdministrator,
    /// The IT team that looks after the computer or network.
    ItTeam,
    /// The national NHSmail helpdesk.
    NhsmailHelpdesk,
    /// The team of the organisation that issues smartcards and gives roles to Care Identities.
    RegistrationAuthority,
    /// Microsoft's own people; to wait is all there is.
    NobodyHere,
    /// The people of NHS CIS2; to wait is all there is.
    NobodyAtCis2,
}

impl Who {
    /// Who it is, in a sentence; `None` where the service's support is all there is to say.
    pub(crate) fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Support => None,
            Self::Yourself => Some("You can usually put this right yourself."),
            Self::LocalAdministrator => {
                Some("The NHSmail local administrator of your organisation can help.")
            }
            Self::ItTeam => Some("The IT team of your organisation can help."),
            Self::NhsmailHelpdesk => Some("The NHSmail helpdesk can help: helpdesk@nhs.net."),
            Self::RegistrationAuthority => Some(
                "The registration authority of your organisation can help. It is the team that issues smartcards.",
            ),
            Self::NobodyHere => Some("The fault is at Microsoft and usually passes by itself."),
            Self::NobodyAtCis2 => Some("The fault is at NHS CIS2 and usually passes by itself."),
        }
    }
}

impl Words {
    /// Words without a list, a link or codes. A step that is empty is left out.
    pub(crate) fn say(heading: &str, what_happened: &str, what_to_do: &[&str], who: Who) -> Self {
        Self {
            heading: heading.to_owned(),
            what_happened: what_happened.to_owned(),
            list: None,
            what_to_do: what_to_do
                .iter()
                .filter(|step| !step.is_empty())
                .map(|&step| step.to_owned())
                .collect(),
            who,
            action: None,
            help_page: None,
            codes: Vec::new(),
        }
    }
}
