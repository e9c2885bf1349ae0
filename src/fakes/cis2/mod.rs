//! The fake CIS2: an OpenID provider in the shape of NHS CIS2 Authentication, which is a ForgeRock product.
//!
//! It asks how and as which of the invented people one signs in, is as strict with its clients as the real one, tells
//! a tester the true reason for every no, and can be told to do the next thing wrong.

mod acr;
mod assertion;
mod authenticator;
mod cast;
mod client;
mod client_check;
mod discovery;
mod end_session;
mod exchange;
mod form;
mod id_token;
mod keys;
mod logout;
mod logout_token;
mod manner;
mod memory;
mod microsoft;
mod mischief;
mod person;
mod provider;
mod received;
mod request;
mod response;
mod server;
mod settings;
mod shape;
mod sign_in;
mod user_info;
mod web;

pub use authenticator::Authenticator;
pub use cast::{CARE_IDENTITIES, CareIdentity, Malformed, Role, Roles, Selection, care_identity};
pub use client::{Authentication, Client, ClientKeys, ClientSecret};
pub use keys::{FAKE_KID_MARK, KeyStep, NoKey};
pub use logout::{Delivered, LogoutOrder, NoLogout};
pub use logout_token::LogoutKind;
pub use manner::{
    Assurance, Audience, AuthTime, IdentityLevel, Levels, Manner, SelectedRole, SignatureAlgorithm, Single,
    UserInfoAudience,
};
pub use mischief::Mischief;
pub use provider::NoAnswer;
pub use received::{AssertionSeen, AuthenticationSeen, Endpoint, Received, Verdict};
pub use server::{FakeCis2, NotStarted};
pub use settings::{NextAnswer, Settings};
pub use shape::Shape;
