//! What is believed. Each of these is made by the judge alone, after every rule held.

use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::rules::{AUTHENTICATION, IDENTITY};
use crate::upstream::oidc_rp::stated::{Stated, instant, level, text};

/// An ID token that every rule let through. Prints nothing of the person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdToken {
    /// `sub`: who, in the words of this issuer only.
    pub subject: String,
    /// `sid`: the session there, to be ended by a logout token.
    pub sid: Option<String>,
    /// `auth_time`: when the person proved themselves; never later than the judgement.
    pub auth_time: Option<OffsetDateTime>,
    /// `iat`.
    pub issued_at: OffsetDateTime,
    /// `exp`.
    pub expires_at: OffsetDateTime,
    /// `acr` as stated: often only what was asked for.
    pub acr: Option<String>,
    /// `amr` as stated, one text or several.
    pub amr: Vec<String>,
    /// `authentication_assurance_level`.
    pub aal: Option<u8>,
    /// `id_assurance_level`.
    pub ial: Option<u8>,
    /// `selected_roleid`; blank where it is blank there.
    pub selected_role_id: Option<String>,
    /// Every claim.
    pub claims: Map<String, Value>,
}

/// An answer of the UserInfo endpoint about the person of the ID token. Prints nothing of them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserInfo {
    /// Every claim.
    pub claims: Map<String, Value>,
}

/// A logout token that every rule let through. Whether it was seen before is still to be asked of the store.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogoutToken {
    /// `sub`: every session of this person, where no `sid` is stated.
    pub subject: Option<String>,
    /// `sid`: one session.
    pub sid: Option<String>,
    /// `iat`: sessions that began later are not meant.
    pub issued_at: OffsetDateTime,
    /// `jti`: a second use must be noticed.
    pub jti: String,
}

impl IdToken {
    pub(super) fn of(case: &Case<'_>) -> Option<Self> {
        let claims = signed(case)?;
        let now = case.terms().now;
        Some(Self {
            subject: owned(claims, "sub")?,
            sid: owned(claims, "sid"),
            auth_time: instant(claims, "auth_time").value().map(|at| at.min(now)),
            issued_at: instant(claims, "iat").value()?,
            expires_at: instant(claims, "exp").value()?,
            acr: owned(claims, "acr"),
            amr: texts(claims, "amr"),
            aal: level(claims, AUTHENTICATION).value(),
            ial: level(claims, IDENTITY).value(),
            selected_role_id: owned(claims, "selected_roleid"),
            claims: claims.clone(),
        })
    }
}

impl UserInfo {
    pub(super) fn of(case: &Case<'_>) -> Option<Self> {
        let claims = if case.is_plain() {
            case.claims()?
        } else {
            signed(case)?
        };
        Some(Self {
            claims: claims.clone(),
        })
    }
}

impl LogoutToken {
    pub(super) fn of(case: &Case<'_>) -> Option<Self> {
        let claims = signed(case)?;
        Some(Self {
            subject: owned(claims, "sub"),
            sid: owned(claims, "sid"),
            issued_at: instant(claims, "iat").value()?,
            jti: owned(claims, "jti")?,
        })
    }
}

/// The claims, if somebody whom we know signed them.
pub(super) fn signed<'c>(case: &'c Case<'_>) -> Option<&'c Map<String, Value>> {
    (case.is_signed() == Some(true)).then(|| case.claims()).flatten()
}

fn owned(claims: &Map<String, Value>, name: &str) -> Option<String> {
    match text(claims, name) {
        Stated::Is(text) => Some(text.to_owned()),
        Stated::Absent | Stated::Unreadable => None,
    }
}

/// One text or a list of texts; what is no text in it says nothing.
pub(super) fn texts(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    match claims.get(name) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            let texts = all.iter().filter_map(Value::as_str);
            texts.map(ToOwned::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdToken")
            .field("issued_at", &self.issued_at)
            .field("aal", &self.aal)
            .field("ial", &self.ial)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfo").finish_non_exhaustive()
    }
}

impl fmt::Debug for LogoutToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutToken")
            .field("issued_at", &self.issued_at)
            .finish_non_exhaustive()
    }
}
