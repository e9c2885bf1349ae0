//! What a problem page says, and who can help.

/// Everything a problem page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The heading and title, without a full stop.
    pub heading: String,
    /// What happened, in a sentence or two.
    pub what_happened: String,
    /// What the person can do, a sentence each.
    pub what_to_do: Vec<String>,
    /// Who can help.
    pub who: Who,
    /// A page of the identity provider's own about such problems: an http or https address.
    pub help_page: Option<Link>,
    /// Words for the helpdesk.
    pub codes: Vec<Code>,
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
    /// The identity provider's own people; to wait is all there is.
    NobodyHere,
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
            Self::NobodyHere => Some("The fault is at Microsoft and usually passes by itself."),
        }
    }
}

impl Words {
    /// Words without a link and without codes.
    pub(crate) fn say(heading: &str, what_happened: &str, what_to_do: &[&str], who: Who) -> Self {
        Self {
            heading: heading.to_owned(),
            what_happened: what_happened.to_owned(),
            what_to_do: what_to_do.iter().map(|&step| step.to_owned()).collect(),
            who,
            help_page: None,
            codes: Vec::new(),
        }
    }
}
