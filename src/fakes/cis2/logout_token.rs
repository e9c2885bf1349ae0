//! The logout token (OpenID Connect Back-Channel Logout 1.0, 2.4), and the ways in which one can be wrong.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::fakes::cis2::id_token::unsigned;
use crate::fakes::cis2::memory::Session;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::response::{OTHER_CLIENT, OTHER_ISSUER};

/// The member of `events`.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const TEN_MINUTES: i64 = 600;

/// What a logout token is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutKind {
    /// As it should be, with `sub` and `sid`.
    #[default]
    Good,
    /// Good, and sent twice.
    Replayed,
    /// Good, with an array for an audience.
    AudArray,
    /// Good, with `sub` and no `sid`.
    SubOnly,
    /// Good, with `sid` and no `sub`.
    SidOnly,
    /// Good, with an `exp` in two minutes.
    WithExpiry,
    /// For another client.
    WrongAud,
    /// From another issuer.
    WrongIss,
    /// With a nonce, as only an ID token has one.
    WithNonce,
    /// Expired ten minutes ago.
    Expired,
    /// Issued in ten minutes.
    FutureIat,
    /// Issued ten minutes ago.
    OldIat,
    /// Without `events`.
    NoEvents,
    /// With `events` about something else.
    OtherEvent,
    /// With neither `sub` nor `sid`.
    Neither,
    /// Without `jti`.
    NoJti,
    /// About a session that nobody has, of a person whom nobody knows.
    UnknownSession,
    /// Not signed.
    AlgNone,
    /// Signed with another key under the published `kid`.
    WrongKey,
    /// An ID token in its place.
    IdTokenAsLogout,
}

impl LogoutKind {
    /// All of them, the good one first.
    pub const ALL: [Self; 20] = [
        Self::Good,
        Self::Replayed,
        Self::AudArray,
        Self::SubOnly,
        Self::SidOnly,
        Self::WithExpiry,
        Self::WrongAud,
        Self::WrongIss,
        Self::WithNonce,
        Self::Expired,
        Self::FutureIat,
        Self::OldIat,
        Self::NoEvents,
        Self::OtherEvent,
        Self::Neither,
        Self::NoJti,
        Self::UnknownSession,
        Self::AlgNone,
        Self::WrongKey,
        Self::IdTokenAsLogout,
    ];

    /// The word in JSON and in forms: `wrong-aud`.
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).unwrap_or_default();
        word.as_str().unwrap_or_default().to_owned()
    }
}

impl Provider {
    /// A logout token for `client_id` about `session`.
    pub(super) fn logout_token(
        &self,
        kind: LogoutKind,
        client_id: &str,
        session: &Session,
    ) -> Result<String, NoAnswer> {
        let mut claims = Map::new();
        let now = self.now().unix_timestamp();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("iss", self.issuer().into());
        put("aud", client_id.into());
        put("iat", now.into());
        put("jti", self.fresh_guid()?.into());
        put("sub", session.person.subject(client_id).into());
        put("sid", session.sid.clone().into());
        put("events", json!({ EVENT: {} }));
        for (name, value) in changes(kind, client_id, now) {
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.to_owned(), value);
            }
        }
        let algorithm = self.memory().manner.signature;
        let key = self.signing();
        let signer = key.signer(algorithm);
        if kind == LogoutKind::AlgNone {
            return Ok(unsigned(&claims));
        }
        if kind == LogoutKind::WrongKey {
            return self.under_kid(signer.kid(), algorithm, &claims);
        }
        Ok(signer.sign(Some("JWT"), &claims)?)
    }
}

/// What differs from a good one; null: the claim is missing.
fn changes(kind: LogoutKind, client_id: &str, now: i64) -> Vec<(&'static str, Value)> {
    let gone = Value::Null;
    match kind {
        LogoutKind::Good | LogoutKind::Replayed | LogoutKind::AlgNone | LogoutKind::WrongKey => Vec::new(),
        LogoutKind::AudArray => vec![("aud", json!([client_id]))],
        LogoutKind::SubOnly => vec![("sid", gone)],
        LogoutKind::SidOnly => vec![("sub", gone)],
        LogoutKind::WithExpiry => vec![("exp", (now + 120).into())],
        LogoutKind::WrongAud => vec![("aud", OTHER_CLIENT.into())],
        LogoutKind::WrongIss => vec![("iss", OTHER_ISSUER.into())],
        LogoutKind::WithNonce => vec![("nonce", "n-0S6_WzA2Mj".into())],
        LogoutKind::Expired => vec![("exp", (now - TEN_MINUTES).into())],
        LogoutKind::FutureIat => vec![("iat", (now + TEN_MINUTES).into())],
        LogoutKind::OldIat => vec![("iat", (now - TEN_MINUTES).into())],
        LogoutKind::NoEvents => vec![("events", gone)],
        LogoutKind::OtherEvent => vec![("events", json!({ "urn:example:another-event": {} }))],
        LogoutKind::Neither => vec![("sub", gone.clone()), ("sid", gone)],
        LogoutKind::NoJti => vec![("jti", gone)],
        LogoutKind::UnknownSession => vec![
            ("sub", "555399999999".into()),
            ("sid", "00000000-0000-4000-8000-000000000000".into()),
        ],
        LogoutKind::IdTokenAsLogout => vec![
            ("events", gone),
            ("nonce", "n-0S6_WzA2Mj".into()),
            ("exp", (now + 3600).into()),
            ("auth_time", now.into()),
            ("azp", client_id.into()),
            ("acr", "AAL3_ANY".into()),
            ("tokenName", "id_token".into()),
        ],
    }
}
