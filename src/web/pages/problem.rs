//! The page that says what went wrong, what to do, and who can help.

use askama::Template;

use crate::web::pages::{Frame, Heading, Link, Trouble, Who, Words};

/// Any refusal, in public words. The private reason is in the log under the same reference.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "problem.html")]
pub struct ProblemPage<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// What is said.
    pub words: Words,
    /// What a person reads out to the helpdesk; `None` where nothing was logged.
    pub reference: Option<&'a str>,
    /// Where "Start again" leads; without it there is no such button.
    pub start_again: Option<&'a str>,
    /// Other ways on, best first: addresses of ours.
    pub ways: Vec<Link>,
    /// The way back to the application that sent the person here: its registered address.
    pub back: Option<Link>,
}

impl<'a> ProblemPage<'a> {
    /// The page for `trouble`, without a reference and without a way to start again.
    pub fn new(frame: &'a Frame, trouble: &Trouble<'_>) -> Self {
        Self {
            frame,
            words: trouble.words(),
            reference: None,
            start_again: None,
            ways: Vec::new(),
            back: None,
        }
    }

    /// Shows the reference under which the private reason was logged.
    #[must_use]
    pub fn with_reference(mut self, reference: &'a str) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Offers to start again at `address`, a path of ours or an address that was judged safe.
    #[must_use]
    pub fn with_start_again(mut self, address: &'a str) -> Self {
        self.start_again = Some(address);
        self
    }

    /// Offers other ways on.
    #[must_use]
    pub fn with_ways(mut self, ways: Vec<Link>) -> Self {
        self.ways = ways;
        self
    }

    /// Offers the way back to the application that sent the person here.
    #[must_use]
    pub fn with_back(mut self, back: Link) -> Self {
        self.back = Some(back);
        self
    }
}

impl Heading for ProblemPage<'_> {
    fn heading(&self) -> &str {
        &self.words.heading
    }
}

impl ProblemPage<'_> {
    /// Who can help besides support, where there is somebody. Test identities have a team of their own.
    fn who(&self) -> Option<&'static str> {
        let is_for_tests = self.frame.environment.is_some() && !self.frame.simulated;
        if is_for_tests && self.words.who == Who::RegistrationAuthority {
            return Some(
                "This is not the live service. The ITOC team, which sets up test identities, can help.",
            );
        }
        self.words.who.sentence()
    }
}
