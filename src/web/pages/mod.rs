//! The pages: plain models that become HTML. Templates sit beside, and escape everything they are given.
//!
//! Structure, components and words follow the NHS service manual, without the NHS logo and typeface, which are
//! not ours to use. In its words a person "logs in". Every page stands in the same [`Frame`], works without
//! script and asks no other host for anything.

mod chooser;
mod farewell;
mod frame;
mod job_roles;
mod microsoft_codes;
mod oauth_errors;
mod problem;
mod provider;
mod provider_words;
mod repost;
mod role_choice;
mod said;
mod session_ended;
mod sign_out;
mod signed_in;
mod trouble;
mod words;

pub use chooser::{Chooser, DoorChoice, OnBehalf};
pub use farewell::Farewell;
pub use frame::Frame;
pub use problem::ProblemPage;
pub use provider::Provider;
pub use provider_words::{ProviderStatus, microsoft_code};
pub use repost::{AGAIN_FIELD, Repost, Reposted};
pub use role_choice::{HANDLE_FIELD, ROLE_FIELD, RoleChoice, RoleChoiceError, RoleOption, RoleQuestion};
pub use said::NamedOrganisation;
pub use session_ended::{LoggedOut, SessionEnded, WhyEnded};
pub use sign_out::{OnlyHere, SignOut, SignedOut};
pub use signed_in::{SignedIn, WorkingAs};
pub use trouble::{Detail, Lack, Trouble};
pub use words::{Code, Link, Listing, Who, Words};

use askama::Template;

/// The name of the hidden field with the token that proves a form came from our own page.
pub const CSRF_FIELD: &str = "csrf_token";

/// Every page has one heading, and the same words open its title.
pub(crate) trait Heading {
    /// Plain text.
    fn heading(&self) -> &str;
}

/// A page that can be written as HTML.
pub trait Page: Template {
    /// The whole document, UTF-8, to be served as `text/html; charset=utf-8` with [`crate::web::headers`].
    fn html(&self) -> String {
        // Writing to a String fails only if a value's own Display does; none of ours can.
        self.render().unwrap_or_else(|_cause| UNWRITABLE.to_owned())
    }
}

impl<T: Template> Page for T {}

const UNWRITABLE: &str = "<!DOCTYPE html><html lang=\"en-GB\"><title>Problem</title>\
    <h1>Sorry, there is a problem with the service</h1><p>Try again later.</p></html>";
