//! Who may end a session from outside, and where the browser may go then (RP-Initiated Logout 1.0).

use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::provider::Provider;
use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::VerificationKey;

/// Which session ends, and where the browser goes; absent: it stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    pub(super) sid: String,
    pub(super) address: Option<String>,
}

/// Why a session does not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum StayHere {
    #[error("id_token_hint is missing")]
    NoHint,
    #[error("id_token_hint is not an ID token of this provider")]
    Hint,
    #[error("client_id is not that of id_token_hint")]
    OtherClient,
    #[error("post_logout_redirect_uri is not registered")]
    Address,
}

impl Provider {
    /// Reads a request to end a session. An ID token that has expired still says whose session it was.
    pub(super) fn leaving(&self, fields: &Fields) -> Result<Leaving, StayHere> {
        let hint = fields.get("id_token_hint").ok_or(StayHere::NoHint)?;
        let token = Compact::read(hint).map_err(|_flaw| StayHere::Hint)?;
        if !self.is_ours(&token) {
            return Err(StayHere::Hint);
        }
        let text = |name: &str| token.claims().get(name).and_then(|value| value.as_str());
        let client_id = text("azp").or_else(|| text("aud")).ok_or(StayHere::Hint)?;
        let sid = text("sid").ok_or(StayHere::Hint)?;
        if fields.get("client_id").is_some_and(|stated| stated != client_id) {
            return Err(StayHere::OtherClient);
        }
        let address = fields.owned("post_logout_redirect_uri");
        if address
            .as_deref()
            .is_some_and(|address| !self.is_registered(client_id, address))
        {
            return Err(StayHere::Address);
        }
        Ok(Leaving {
            sid: sid.to_owned(),
            address,
        })
    }

    fn is_ours(&self, token: &Compact) -> bool {
        let document = self.keys().document().to_string();
        let keys = KeySet::read(document.as_bytes()).unwrap_or_default();
        let key = token
            .algorithm()
            .and_then(|algorithm| Some((keys.find(token.kid(), algorithm).ok()?, algorithm)));
        let signed =
            key.is_some_and(|(key, algorithm)| token.is_signed_by(VerificationKey::Public(key), algorithm));
        signed && token.claims().get("iss").and_then(|iss| iss.as_str()) == Some(&self.issuer())
    }

    fn is_registered(&self, client_id: &str, address: &str) -> bool {
        let memory = self.memory();
        let client = memory.client(client_id);
        client.is_some_and(|client| {
            client
                .post_logout_redirect_uris
                .iter()
                .any(|known| known == address)
        })
    }
}
