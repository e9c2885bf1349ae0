//! The ID token with the claims that ForgeRock puts in, and what mischief makes of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::sha::{sha256, sha512};
use serde_json::{Map, Value, json};

use crate::fakes::cis2::cast::{CareIdentity, UNLISTED_ROLE};
use crate::fakes::cis2::keys::Key;
use crate::fakes::cis2::manner::{
    Assurance, Audience, AuthTime, IdentityLevel, Levels, Manner, SelectedRole, SignatureAlgorithm,
};
use crate::fakes::cis2::memory::Grant;
use crate::fakes::cis2::microsoft::identity;
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::response::{OTHER_CLIENT, OTHER_ISSUER, OTHER_VALUE};
use crate::fakes::cis2::{LogoutKind, Mischief};
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::signer::{Signer, SignerError};

/// How long an ID token is good for, in seconds.
const LIFE: i64 = 3600;
const TEN_MINUTES: i64 = 600;
const DAY: i64 = 86_400;

/// The tokens that an ID token goes with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) code: &'a str,
    pub(super) access_token: &'a str,
}

impl Provider {
    /// The ID token of a grant; `None` if the mischief is that there is none.
    pub(super) fn id_token(&self, grant: &Grant, beside: Beside<'_>) -> Result<Option<String>, NoAnswer> {
        if grant.mischief == Mischief::NoIdToken {
            return Ok(None);
        }
        if grant.mischief == Mischief::LogoutTokenAsIdToken {
            let token = self.logout_token(LogoutKind::Good, &grant.asked.client_id, &grant.session)?;
            return Ok(Some(token));
        }
        let mut claims = self.claims(grant, beside)?;
        bend(&mut claims, grant);
        self.signed(grant.mischief, grant.manner.signature, &claims)
            .map(Some)
    }

    fn claims(&self, grant: &Grant, beside: Beside<'_>) -> Result<Map<String, Value>, NoAnswer> {
        let mut claims = self.common(grant, beside);
        match &grant.session.person {
            Person::Care(person) => {
                forgerock(&mut claims, grant, beside);
                let tracked = format!("{}-{}", self.fresh_guid()?, grant.issued.unix_timestamp());
                claims.insert("auditTrackingId".to_owned(), tracked.into());
                assurance(&mut claims, grant, person);
            }
            Person::Mailbox(member) => claims.extend(identity(self.shape, member, grant)),
        }
        Ok(claims)
    }

    /// What every ID token has.
    fn common(&self, grant: &Grant, beside: Beside<'_>) -> Map<String, Value> {
        let now = self.now().unix_timestamp();
        let (asked, session, manner) = (&grant.asked, &grant.session, &grant.manner);
        let audience = match manner.audience {
            Audience::Text => Value::from(asked.client_id.clone()),
            Audience::Array => json!([asked.client_id]),
        };
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("iss", self.issuer().into());
        put("sub", session.person.subject(&asked.client_id).into());
        put("aud", audience);
        put("iat", now.into());
        put("exp", (now + LIFE).into());
        put("sid", session.sid.clone().into());
        put("at_hash", half_hash(beside.access_token, manner.signature).into());
        if let Some(nonce) = &asked.nonce {
            put("nonce", nonce.clone().into());
        }
        if manner.auth_time == AuthTime::Present {
            put("auth_time", session.since.unix_timestamp().into());
        }
        claims
    }

    /// Signs as the mischief wants it.
    fn signed(
        &self,
        mischief: Mischief,
        algorithm: SignatureAlgorithm,
        claims: &Map<String, Value>,
    ) -> Result<String, NoAnswer> {
        let key = self.signing();
        let honest = key.signer(algorithm);
        if mischief == Mischief::AlgNone {
            return Ok(unsigned(claims));
        }
        if mischief == Mischief::Hs256WithPublicKey {
            return by_hmac(&key, honest.kid(), claims);
        }
        if mischief == Mischief::WrongKeySameKid {
            return self.under_kid(honest.kid(), algorithm, claims);
        }
        if mischief == Mischief::UnknownKid {
            let stranger = self.keys().stranger()?;
            return Ok(stranger.signer(algorithm).sign(Some("JWT"), claims)?);
        }
        let token = honest.sign(Some("JWT"), claims)?;
        if mischief == Mischief::ChangedAfterSigning {
            return Ok(changed(&token, claims));
        }
        Ok(token)
    }

    /// Signed with a key that nobody knows, under a `kid` that everybody knows.
    pub(super) fn under_kid(
        &self,
        kid: Option<&str>,
        algorithm: SignatureAlgorithm,
        claims: &Map<String, Value>,
    ) -> Result<String, NoAnswer> {
        let stranger = self.keys().stranger()?;
        let payload = serde_json::to_vec(claims).map_err(SignerError::from)?;
        let header = header(algorithm.name(), kid);
        Ok(stranger.signer(algorithm).sign_with_header(&header, &payload)?)
    }
}

/// What ForgeRock adds.
fn forgerock(claims: &mut Map<String, Value>, grant: &Grant, beside: Beside<'_>) {
    let (asked, session) = (&grant.asked, &grant.session);
    let half = |text: &str| half_hash(text, grant.manner.signature);
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("subname", session.person.subject(&asked.client_id).into());
    put("tokenName", "id_token".into());
    put("tokenType", "JWTToken".into());
    put("realm", "/NHSIdentity/Healthcare".into());
    put("azp", asked.client_id.clone().into());
    put("acr", asked.acr.value.clone().into());
    put("amr", json!([session.authenticator.amr()]));
    put("c_hash", half(beside.code).into());
    put("org.forgerock.openidconnect.ops", half(&session.sid).into());
    if let Some(state) = &asked.state {
        put("s_hash", half(state).into());
    }
}

/// Levels and role: what an application decides by.
fn assurance(claims: &mut Map<String, Value>, grant: &Grant, person: &CareIdentity) {
    let (session, manner) = (&grant.session, &grant.manner);
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    let proven = session.authenticator.level();
    let stated = match manner.assurance {
        Assurance::AsProven => proven,
        Assurance::OneLower => proven.saturating_sub(1),
    };
    put("authentication_assurance_level", level(stated, manner));
    let identity = match manner.identity_level {
        IdentityLevel::Usual => "id_assurance_level",
        IdentityLevel::AsInUserInfo => "idassurancelevel",
    };
    put(identity, level(person.identity_level, manner));
    if let Some(role) = selected_role(grant).filter(|_| manner.selected_role != SelectedRole::UserInfo) {
        put("selected_roleid", role.into());
    }
}

/// The selected role as it is stated, if it is.
pub(super) fn selected_role(grant: &Grant) -> Option<String> {
    if grant.mischief == Mischief::UnknownSelectedRole {
        return Some(UNLISTED_ROLE.to_owned());
    }
    if grant.mischief == Mischief::BlankSelectedRole {
        return Some(String::new());
    }
    grant.selected_role.clone()
}

/// A level of assurance, as a text or as a number.
pub(super) fn level(level: u8, manner: &Manner) -> Value {
    match manner.levels {
        Levels::Text => level.to_string().into(),
        Levels::Numbers => level.into(),
    }
}

fn bend(claims: &mut Map<String, Value>, grant: &Grant) {
    let now = claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
    let (mischief, client) = (grant.mischief, &grant.asked.client_id);
    let nothing = || Value::Null;
    let changes = [
        (Mischief::WrongIssuer, "iss", OTHER_ISSUER.into()),
        (Mischief::WrongAudience, "aud", OTHER_CLIENT.into()),
        (Mischief::StrangerInAudience, "aud", json!([client, OTHER_CLIENT])),
        (Mischief::WrongAzp, "azp", OTHER_CLIENT.into()),
        (Mischief::WrongNonce, "nonce", OTHER_VALUE.into()),
        (Mischief::NoNonce, "nonce", nothing()),
        (Mischief::Expired, "exp", (now - TEN_MINUTES).into()),
        (Mischief::NoExpiry, "exp", nothing()),
        (Mischief::FutureIat, "iat", (now + TEN_MINUTES).into()),
        (
            Mischief::AtHashWrong,
            "at_hash",
            left_half(&sha256(OTHER_VALUE.as_bytes())).into(),
        ),
        (Mischief::NoSubject, "sub", nothing()),
        (
            Mischief::WrongTenant,
            "tid",
            "fa4e0000-0000-4000-8000-00000000fa4f".into(),
        ),
        (Mischief::NoObjectId, "oid", nothing()),
        (Mischief::OldAuthTime, "auth_time", (now - DAY).into()),
        (Mischief::NoAuthTime, "auth_time", nothing()),
        (Mischief::FutureAuthTime, "auth_time", (now + TEN_MINUTES).into()),
        (Mischief::LowAal, "authentication_assurance_level", "1".into()),
        (Mischief::NoAal, "authentication_assurance_level", nothing()),
        (Mischief::LowIal, "id_assurance_level", "1".into()),
        (Mischief::NoIal, "id_assurance_level", nothing()),
    ];
    let Some((_, name, value)) = changes.into_iter().find(|(known, ..)| *known == mischief) else {
        return;
    };
    if value.is_null() {
        claims.remove(name);
    } else {
        claims.insert(name.to_owned(), value);
    }
}

fn header(algorithm: &str, kid: Option<&str>) -> Map<String, Value> {
    let mut header = Map::new();
    header.insert("typ".to_owned(), "JWT".into());
    header.insert("kid".to_owned(), kid.into());
    header.insert("alg".to_owned(), algorithm.into());
    header
}

pub(super) fn unsigned(claims: &Map<String, Value>) -> String {
    let head = URL_SAFE_NO_PAD.encode(json!({ "typ": "JWT", "alg": "none" }).to_string());
    let body = URL_SAFE_NO_PAD.encode(Value::Object(claims.clone()).to_string());
    format!("{head}.{body}.")
}

fn by_hmac(key: &Key, kid: Option<&str>, claims: &Map<String, Value>) -> Result<String, NoAnswer> {
    let payload = Value::Object(claims.clone()).to_string();
    let signer = Signer::from_secret(&key.public_pem, Algorithm::HS256)?;
    Ok(signer.sign_with_header(&header("HS256", kid), payload.as_bytes())?)
}

/// The signature of these claims under others.
fn changed(token: &str, claims: &Map<String, Value>) -> String {
    let mut others = claims.clone();
    others.insert("amr".to_owned(), json!(["CHANGED"]));
    let body = URL_SAFE_NO_PAD.encode(Value::Object(others).to_string());
    let mut parts = token.split('.');
    let (head, signature) = (
        parts.next().unwrap_or_default(),
        parts.next_back().unwrap_or_default(),
    );
    format!("{head}.{body}.{signature}")
}

/// The left half of the hash that goes with the algorithm (OpenID Connect Core 3.1.3.6).
fn half_hash(text: &str, algorithm: SignatureAlgorithm) -> String {
    match algorithm {
        SignatureAlgorithm::Rs256 => left_half(&sha256(text.as_bytes())),
        SignatureAlgorithm::Rs512 => left_half(&sha512(text.as_bytes())),
    }
}

fn left_half(digest: &[u8]) -> String {
    let (left, _right) = digest.split_at(digest.len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}
