//! Telling applications in the browser: each ends its own session in a frame on our page (Front-Channel Logout 1.0).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::downstream::logout::back_channel::BackChannel;
use crate::session::record::Session;

/// The page of one application that ends its session in this browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framed {
    /// What people call the application.
    pub label: String,
    /// Its page, with `iss` and `sid` in the query (3).
    pub address: String,
}

impl BackChannel {
    /// The pages of the applications that took part in `session`; not that of `asked_by`, which has logged out itself.
    pub fn frames(&self, session: &Session, asked_by: Option<&str>) -> Vec<Framed> {
        let others = session.shared_with().iter();
        let others = others.filter(|client_id| Some(client_id.as_str()) != asked_by);
        others
            .filter_map(|client_id| self.frame(session, client_id))
            .collect()
    }

    /// An application for which no name or address can be written gets no frame; the back channel tells it.
    fn frame(&self, session: &Session, client_id: &str) -> Option<Framed> {
        let with = self.surroundings();
        let application = with.applications.find(client_id)?;
        let mut address = Url::parse(application.logout.front_channel.as_ref()?).ok()?;
        let sid = with
            .tokens
            .subject_key
            .session_name(session.sid(), &application.subject)
            .ok()?;
        address
            .query_pairs_mut()
            .append_pair("iss", &with.tokens.issuer)
            .append_pair("sid", &sid);
        Some(Framed {
            label: application.label.clone(),
            address: address.into(),
        })
    }
}
