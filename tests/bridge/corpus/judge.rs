//! The judge of the product, asked as the `explain` command asks it.

use std::collections::BTreeSet;

use nhsmail_bridge::cli::explain::{ExplainRequest, explain};
use nhsmail_bridge::upstream::saml_sp::explanation::{Explanation, Outcome};
use serde_json::Value;
use time::Duration;

use super::index::{Change, Identity, ServiceProvider, certificate, instant, read};

/// A certificate that signed none of the messages: for cases that name none, and for those that want another.
pub(crate) const STRANGER: &str = "certs/2b0182d8762d.pem";
/// Stands in where a case leaves a setting open.
const OPEN: &str = "https://nobody.example.net/";

/// How much the connection relaxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grants {
    /// All that a connection could.
    Everything,
    /// Nothing.
    Nothing,
}

/// What the judge said.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) accepted: bool,
    /// The rules that refuse.
    pub(crate) refusing: BTreeSet<String>,
    /// The rules that could not be evaluated, or do not concern this message.
    pub(crate) not_reached: BTreeSet<String>,
    /// Who has signed in, if a signature vouches for it.
    pub(crate) identity: Option<Identity>,
}

impl ServiceProvider {
    /// A configuration for messages that come without one.
    pub(crate) fn any() -> Self {
        Self {
            idp_entity_id: None,
            sp_entity_id: None,
            acs_url: None,
            request_id: None,
            now: "2026-01-15T12:00:00Z".to_owned(),
            idp_certs: Vec::new(),
            sp_keys: Vec::new(),
        }
    }

    /// The same with one setting changed.
    pub(crate) fn changed(&self, change: &Change) -> Self {
        let mut changed = self.clone();
        let replace = |setting: &mut Option<String>, to: &Option<String>| {
            if to.is_some() {
                setting.clone_from(to);
            }
        };
        replace(&mut changed.idp_entity_id, &change.idp);
        replace(&mut changed.sp_entity_id, &change.audience);
        replace(&mut changed.acs_url, &change.acs);
        replace(&mut changed.request_id, &change.request_id);
        if let Some(now) = &change.now {
            changed.now.clone_from(now);
        }
        if change.idp_certs.is_some() {
            changed.idp_certs = vec![STRANGER.to_owned()];
        }
        changed
    }
}

/// Judge one message under one configuration, without clock skew.
pub(crate) fn judge(message: Vec<u8>, sp: &ServiceProvider, grants: Grants) -> Verdict {
    explain(&request(message, sp, grants)).map_or_else(
        |_unreadable| Verdict::unreadable(),
        |explanation| Verdict::of(&explanation),
    )
}

/// Who has signed in, if the message is accepted: what [`judge`] says without the rules, and quicker.
pub(crate) fn signed_in(request: &ExplainRequest) -> Option<Identity> {
    let explanation = explain(request).ok()?;
    (explanation.verdict == Outcome::Accept)
        .then(|| Verdict::of(&explanation))?
        .identity
}

/// The question that the `explain` command would put.
pub(crate) fn request(message: Vec<u8>, sp: &ServiceProvider, grants: Grants) -> ExplainRequest {
    let or_open = |setting: &Option<String>| setting.clone().unwrap_or_else(|| OPEN.to_owned());
    let trusted = if sp.idp_certs.is_empty() {
        vec![STRANGER.to_owned()]
    } else {
        sp.idp_certs.clone()
    };
    let everything = grants == Grants::Everything;
    ExplainRequest {
        message,
        idp_entity_id: or_open(&sp.idp_entity_id),
        idp_certs: trusted.iter().map(|file| certificate(file)).collect(),
        sp_entity_id: or_open(&sp.sp_entity_id),
        acs_url: or_open(&sp.acs_url),
        request_id: sp.request_id.clone(),
        unsolicited: everything && sp.request_id.is_none(),
        sp_keys: sp.sp_keys.iter().map(|file| read(file)).collect(),
        at: instant(&sp.now),
        skew: Duration::ZERO,
        allow: if everything {
            super::needs::granted_on_request()
        } else {
            Vec::new()
        },
    }
}

impl Verdict {
    fn unreadable() -> Self {
        Self {
            accepted: false,
            refusing: BTreeSet::from(["unreadable".to_owned()]),
            not_reached: BTreeSet::new(),
            identity: None,
        }
    }

    /// Read from the JSON of `explain`, so that its shape is tested on the way.
    fn of(explanation: &Explanation) -> Self {
        let json: Value = serde_json::to_value(explanation).expect("an explanation is JSON");
        let with = |verdict: &str| {
            let rules = json["rules"].as_array().expect("explain lists its rules");
            let said = rules.iter().filter(|rule| rule["verdict"] == verdict);
            said.map(|rule| rule["id"].as_str().expect("a rule has an id").to_owned())
                .collect()
        };
        let identity = json.get("identity").filter(|identity| !identity.is_null());
        Self {
            accepted: json["verdict"] == "accept",
            refusing: with("refuses"),
            not_reached: with("not-reached"),
            identity: identity.map(|identity| {
                serde_json::from_value(identity.clone()).expect("an identity has the shape of the index")
            }),
        }
    }
}
