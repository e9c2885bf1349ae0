//! `Arrival`: a message of single logout as a browser brought it. Nothing in it is believed.

use crate::protocol::saml::binding::{
    BindingFlaw, MessageKind, PostedMessage, ReceivedRedirect, decode_post,
};
use crate::protocol::saml::logout::LogoutKind;

/// A message of single logout, decoded from its binding and nothing more.
pub struct Arrival {
    pub(super) carried: Carried,
    kind: LogoutKind,
    relay_state: Option<String>,
}

/// How it came, and so where its signature stands.
pub(super) enum Carried {
    /// By HTTP-Redirect: the query is signed (Bindings 3.4.4.1).
    Query(ReceivedRedirect),
    /// By HTTP-POST: the message is signed (Bindings 3.5).
    Form(Vec<u8>),
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The identity provider ends a session and asks us to end ours.
    Theirs,
    /// The identity provider answers a request of ours.
    Answer,
}

impl Arrival {
    /// Reads the query string as it was received, without its `?`.
    pub fn from_query(query: &str) -> Result<Self, BindingFlaw> {
        let redirect = ReceivedRedirect::read(query)?;
        Ok(Self {
            kind: kind_of(redirect.kind),
            relay_state: redirect.relay_state.clone(),
            carried: Carried::Query(redirect),
        })
    }

    /// Decodes what was posted.
    pub(crate) fn from_form(post: &PostedMessage) -> Result<Self, BindingFlaw> {
        Ok(Self {
            carried: Carried::Form(decode_post(&post.message)?),
            kind: kind_of(post.kind),
            relay_state: post.relay_state.clone(),
        })
    }

    /// Which way it goes, by the field it came in. That the message is of this kind is for a rule to see.
    pub fn direction(&self) -> Direction {
        match self.kind {
            LogoutKind::Request => Direction::Theirs,
            LogoutKind::Response => Direction::Answer,
        }
    }

    /// `RelayState`.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    pub(super) fn kind(&self) -> LogoutKind {
        self.kind
    }

    /// The message.
    pub(super) fn octets(&self) -> &[u8] {
        match &self.carried {
            Carried::Query(redirect) => &redirect.message,
            Carried::Form(octets) => octets,
        }
    }
}

fn kind_of(kind: MessageKind) -> LogoutKind {
    match kind {
        MessageKind::Request => LogoutKind::Request,
        MessageKind::Response => LogoutKind::Response,
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Arrival(…)")
    }
}
