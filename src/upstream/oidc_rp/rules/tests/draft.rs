//! Honest tokens of every kind, to be changed in one thing, with the ground on which they are judged.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::signer::Signer;
use crate::upstream::judgement::explanation::Outcome;
use crate::upstream::oidc_rp::case::{About, Case};
use crate::upstream::oidc_rp::explanation::{
    Explanation, explain_client_assertion, explain_id_token, explain_logout_token, explain_userinfo,
};
use crate::upstream::oidc_rp::finding::Finding;
use crate::upstream::oidc_rp::judge::{
    Refusal, judge_client_assertion, judge_id_token, judge_logout_token, judge_userinfo,
};
use crate::upstream::oidc_rp::rules::{self, CLIENT_ASSERTION, ID_TOKEN, LOGOUT_TOKEN, List, USER_INFO};
use crate::upstream::oidc_rp::terms::{
    ClientAssertionTerms, IdTokenTerms, Keys, LogoutExpiry, LogoutTokenTerms, SecondJudge, Terms,
    UserInfoForm, UserInfoTerms,
};

/// When every token is judged.
pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);
pub(super) const ISSUER: &str = "https://am.example.test:443/openam/oauth2/realms/root/realms/Healthcare";
pub(super) const ENDPOINT: &str =
    "https://am.example.test:443/openam/oauth2/realms/root/realms/Healthcare/access_token";
pub(super) const CLIENT: &str = "000000000000.apps.supplier";
pub(super) const NONCE: &str = "a-nonce-of-this-very-sign-in";
pub(super) const SUBJECT: &str = "555200000001";
pub(super) const SECRET: &[u8] = b"0b9e0f0e-5a0f-4c55-9a2d-1f4b8f6f7a11";
pub(super) const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The issuer's key, and one that says that it is.
pub(super) static ISSUERS: LazyLock<Signer> = LazyLock::new(|| rsa("b/O6OvVv1+y+WgrH5Ui9WTioLt0="));
pub(super) static FORGERS: LazyLock<Signer> = LazyLock::new(|| rsa("b/O6OvVv1+y+WgrH5Ui9WTioLt0="));

fn rsa(kid: &str) -> Signer {
    Signer::generate_rsa(Algorithm::RS256, Some(kid)).unwrap()
}

/// The kinds of token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    IdToken,
    UserInfo,
    LogoutToken,
    ClientAssertion,
}

/// What signatures are verified with.
pub(super) enum Trust {
    Set(KeySet),
    Shared(Secret),
    NotGiven,
    Unreadable,
}

/// What a token is judged by.
pub(super) struct Ground {
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) trust: Trust,
    pub(super) issuer: &'static str,
    pub(super) later: Duration,
    pub(super) access_token: Option<&'static str>,
    pub(super) code: Option<&'static str>,
    pub(super) state: Option<&'static str>,
    pub(super) max_auth_age: Option<Duration>,
    pub(super) minimum: Option<(u8, u8)>,
    pub(super) tenant: Option<&'static str>,
    pub(super) agreed: UserInfoForm,
    pub(super) came: UserInfoForm,
    pub(super) ial: Option<u8>,
    pub(super) expiry: LogoutExpiry,
    pub(super) used: Vec<String>,
}

/// A token in the making.
pub(super) struct Draft {
    kind: Kind,
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) ground: Ground,
    write: fn(&Self) -> String,
}

pub(super) fn id_token() -> Draft {
    draft(
        Kind::IdToken,
        &json!({
            "iss": ISSUER, "sub": SUBJECT, "aud": CLIENT, "azp": CLIENT, "nonce": NONCE,
            "iat": seconds(-5), "exp": seconds(3600), "auth_time": seconds(-10),
            "acr": "AAL2_OR_AAL3_ANY", "amr": ["TOTP"], "sid": "5f0f6e2e-0c51-4a9e-9a53-9ad3f4f9c9e1",
            "id_assurance_level": "3", "authentication_assurance_level": "2", "tokenName": "id_token",
        }),
    )
}

pub(super) fn logout_token() -> Draft {
    let mut events = Map::new();
    events.insert(EVENT.to_owned(), json!({}));
    draft(
        Kind::LogoutToken,
        &json!({
            "iss": ISSUER, "aud": CLIENT, "iat": seconds(-5), "exp": seconds(115), "jti": "b1f0",
            "sub": SUBJECT, "sid": "5f0f6e2e", "events": events,
        }),
    )
}

pub(super) fn userinfo() -> Draft {
    draft(
        Kind::UserInfo,
        &json!({ "iss": ISSUER, "sub": SUBJECT, "idassurancelevel": "3" }),
    )
}

pub(super) fn plain_userinfo() -> Draft {
    userinfo()
        .on(|ground| (ground.agreed, ground.came) = (UserInfoForm::Json, UserInfoForm::Json))
        .written(|draft| Value::Object(draft.claims.clone()).to_string())
}

pub(super) fn client_assertion() -> Draft {
    draft(
        Kind::ClientAssertion,
        &json!({
            "iss": CLIENT, "sub": CLIENT, "aud": ENDPOINT, "jti": "0b9e0f0e", "iat": seconds(0), "exp": seconds(60),
        }),
    )
}

/// An instant in seconds, from now.
pub(super) fn seconds(from_now: i64) -> i64 {
    NOW.unix_timestamp() + from_now
}

/// A key set with these keys.
pub(super) fn published(keys: &[Option<Value>]) -> Trust {
    Trust::Set(KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap())
}

fn draft(kind: Kind, claims: &Value) -> Draft {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": ISSUERS.kid() });
    Draft {
        kind,
        header: header.as_object().unwrap().clone(),
        claims: claims.as_object().unwrap().clone(),
        ground: Ground {
            algorithms: vec![Algorithm::RS256, Algorithm::RS512],
            trust: published(&[ISSUERS.public_jwk()]),
            issuer: ISSUER,
            later: Duration::ZERO,
            access_token: None,
            code: None,
            state: None,
            max_auth_age: Some(Duration::seconds(300)),
            minimum: Some((2, 3)),
            tenant: None,
            agreed: UserInfoForm::Signed,
            came: UserInfoForm::Signed,
            ial: Some(3),
            expiry: LogoutExpiry::Required,
            used: Vec::new(),
        },
        write: |draft| draft.signed_by(&ISSUERS),
    }
}

impl Draft {
    pub(super) fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    pub(super) fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn headless(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    pub(super) fn on(mut self, change: impl FnOnce(&mut Ground)) -> Self {
        change(&mut self.ground);
        self
    }

    /// Another way to write it than to have the issuer sign it.
    pub(super) fn written(mut self, write: fn(&Self) -> String) -> Self {
        self.write = write;
        self
    }

    pub(super) fn signed_by(&self, signer: &Signer) -> String {
        let payload = Value::Object(self.claims.clone()).to_string();
        signer.sign_with_header(&self.header, payload.as_bytes()).unwrap()
    }

    pub(super) fn list(&self) -> List {
        match self.kind {
            Kind::IdToken => ID_TOKEN,
            Kind::UserInfo => USER_INFO,
            Kind::LogoutToken => LOGOUT_TOKEN,
            Kind::ClientAssertion => CLIENT_ASSERTION,
        }
    }

    fn terms(&self) -> Terms<'_> {
        Terms {
            issuer: self.ground.issuer,
            client_id: CLIENT,
            algorithms: &self.ground.algorithms,
            keys: match &self.ground.trust {
                Trust::Set(set) => Keys::Published(set),
                Trust::Shared(secret) => Keys::Shared(secret),
                Trust::NotGiven => Keys::NotGiven,
                Trust::Unreadable => Keys::Unreadable,
            },
            now: NOW + self.ground.later,
            skew: Duration::seconds(60),
        }
    }

    pub(super) fn id_token_terms(&self) -> IdTokenTerms<'_> {
        IdTokenTerms {
            token: self.terms(),
            nonce: Some(NONCE),
            access_token: self.ground.access_token,
            code: self.ground.code,
            state: self.ground.state,
            max_auth_age: self.ground.max_auth_age,
            minimum_aal: self.ground.minimum.map(|(aal, _)| aal),
            minimum_ial: self.ground.minimum.map(|(_, ial)| ial),
            tenant: self.ground.tenant,
            second_judge: SecondJudge::WHERE_PRESENT,
        }
    }

    pub(super) fn userinfo_terms(&self) -> UserInfoTerms<'_> {
        UserInfoTerms {
            token: self.terms(),
            agreed: self.ground.agreed,
            came: self.ground.came,
            subject: SUBJECT,
            ial: self.ground.ial,
        }
    }

    pub(super) fn logout_terms(&self) -> LogoutTokenTerms<'_> {
        LogoutTokenTerms {
            token: self.terms(),
            max_age: Duration::seconds(300),
            expiry: self.ground.expiry,
        }
    }

    fn assertion_terms(&self) -> ClientAssertionTerms<'_> {
        ClientAssertionTerms {
            token: self.terms(),
            token_endpoint: ENDPOINT,
            max_life: Duration::seconds(300),
            used: &self.ground.used,
        }
    }

    pub(super) fn text(&self) -> String {
        (self.write)(self)
    }

    /// As the judge decides, up to the first refusal.
    pub(super) fn judged(&self) -> Result<(), Box<Refusal>> {
        let text = self.text();
        match self.kind {
            Kind::IdToken => judge_id_token(&text, &self.id_token_terms()).map(drop),
            Kind::UserInfo => judge_userinfo(text.as_bytes(), &self.userinfo_terms()).map(drop),
            Kind::LogoutToken => judge_logout_token(&text, &self.logout_terms()).map(drop),
            Kind::ClientAssertion => judge_client_assertion(&text, &self.assertion_terms()),
        }
    }

    /// The whole explanation.
    pub(super) fn explanation(&self) -> Explanation {
        let text = self.text();
        let octets = text.as_bytes();
        match self.kind {
            Kind::IdToken => explain_id_token(octets, &self.id_token_terms()),
            Kind::UserInfo => explain_userinfo(octets, &self.userinfo_terms()),
            Kind::LogoutToken => explain_logout_token(octets, &self.logout_terms()),
            Kind::ClientAssertion => explain_client_assertion(octets, &self.assertion_terms()),
        }
    }

    /// As `explain` says: the verdict and every rule that refuses.
    pub(super) fn explained(&self) -> (Outcome, Vec<&'static str>) {
        let explanation = self.explanation();
        (explanation.verdict, explanation.refusing().collect())
    }

    /// True if the judge verified a signature before it refused.
    pub(super) fn costs_mathematics(&self) -> bool {
        let text = self.text();
        let (id_token, userinfo) = (self.id_token_terms(), self.userinfo_terms());
        let (logout, assertion) = (self.logout_terms(), self.assertion_terms());
        let about = match self.kind {
            Kind::IdToken => About::IdToken(&id_token),
            Kind::UserInfo => About::UserInfo(&userinfo),
            Kind::LogoutToken => About::LogoutToken(&logout),
            Kind::ClientAssertion => About::ClientAssertion(&assertion),
        };
        let case = Case::new(text.as_bytes(), about);
        let refuses = |rule: &&rules::Rule| matches!((rule.check)(&case), Finding::Refuses(_));
        assert!(rules::all(self.list()).any(|rule| refuses(&rule)));
        case.has_used_a_key()
    }
}
