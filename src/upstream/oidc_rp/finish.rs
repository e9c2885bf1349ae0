//! Coming back: exchange the code, judge the ID token and UserInfo, vouch.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::platform::outbound::{Reply, Send, Unreached};
use crate::platform::random::Random;
use crate::protocol::jose::json::strict_object;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::oidc_rp::accepted::{IdToken, UserInfo};
use crate::upstream::oidc_rp::answer::{Answer, Outcome, ProviderError};
use crate::upstream::oidc_rp::cached::{Asker, Unfetched};
use crate::upstream::oidc_rp::care_identity::Claims;
use crate::upstream::oidc_rp::client_authentication::{Form, NoProof};
use crate::upstream::oidc_rp::conditions::{Flow, Signature, algorithms};
use crate::upstream::oidc_rp::discovery::Provider;
use crate::upstream::oidc_rp::judge::{Refusal, judge_id_token, judge_userinfo};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::settings;
use crate::upstream::oidc_rp::terms::UserInfoForm;
use crate::upstream::pending::{Asked, PendingSignIn};
use crate::upstream::verified::{
    Assurance, Authentication, Door, OpenIdSession, Statement, VerifiedIdentity, Voucher,
};

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotVouched {
    /// The connection is switched off.
    #[error("the connection is switched off")]
    Disabled,
    /// The question behind the answer was asked in another language.
    #[error("the question was no authorization request")]
    OtherQuestion,
    /// The answer names another provider, or none where it must (RFC 9207 2.4).
    #[error("the answer comes from another provider than the one that was asked")]
    MixUp,
    /// The provider refused.
    #[error("the provider answered {}", .0.word())]
    ProviderSays(ProviderError),
    /// The provider's documents are not to be had.
    #[error(transparent)]
    Unfetched(#[from] Unfetched),
    /// The provider was not reached.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// The provider failed.
    #[error("{at} answered with status {status}")]
    ProviderFailed {
        /// Which endpoint.
        at: &'static str,
        /// What it answered.
        status: u16,
    },
    /// The token endpoint does not believe that we are its client.
    #[error("the token endpoint does not accept our proof: invalid_client; `doctor` says what it could be")]
    InvalidClient,
    /// The code was used, is too old, or is somebody else's.
    #[error("the token endpoint does not take the code: invalid_grant")]
    InvalidGrant,
    /// An answer of the provider has not the shape it must have.
    #[error("{0}")]
    Misshapen(&'static str),
    /// A rule refuses a token.
    #[error("refused by the rule {}", .0.rule)]
    Refused(Box<Refusal>),
    /// ID token and UserInfo name different roles as the selected one.
    #[error("the ID token and UserInfo name different selected roles")]
    TwoSelections,
    /// We could not prove who we are.
    #[error(transparent)]
    Proof(#[from] NoProof),
}

/// What the token endpoint gave, unverified. Prints nothing of it.
struct Tokens {
    id_token: String,
    access_token: String,
}

impl RelyingParty {
    /// Judges the answer to what was asked, and exchanges its code.
    pub async fn finish(
        &self,
        answer: Answer,
        pending: &PendingSignIn,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<VerifiedIdentity, NotVouched> {
        if !self.settings().enabled {
            return Err(NotVouched::Disabled);
        }
        let Asked::Authorization { nonce, code_verifier } = &pending.asked else {
            return Err(NotVouched::OtherQuestion);
        };
        let provider = self.provider(now).await?;
        self.comes_from_whom_we_asked(&answer, &provider)?;
        let code = match answer.outcome {
            Outcome::Code(code) => code,
            Outcome::Error(error) => return Err(NotVouched::ProviderSays(error)),
        };
        let mut form = Form::of(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", self.redirect_uri()),
        ]);
        if let Some(verifier) = code_verifier {
            form.fields.push(("code_verifier".to_owned(), verifier.clone()));
        }
        self.prove(&mut form, &provider, now, random)?;
        let reply = self
            .outbound()
            .ask(
                &provider.token_endpoint,
                Send::Form(&form.fields),
                &form.headers(),
            )
            .await?;
        let tokens = tokens(&reply)?;
        let flow = Flow {
            nonce,
            code: &code,
            state: &answer.state,
            access_token: &tokens.access_token,
            asked_at: pending.asked_at,
            wish: pending.wish.proof,
        };
        let id_token = self.judge_id_token(&tokens.id_token, flow, now).await?;
        let userinfo = self.ask_userinfo(&provider, &tokens, &id_token, now).await?;
        let statement = self.statement(&tokens, &id_token, userinfo.as_ref())?;
        let voucher = Voucher {
            door: self.settings().door,
            connection: self.name().to_owned(),
            issuer: self.settings().issuer.clone(),
            simulated: self.is_simulated(&provider, now).await?,
        };
        Ok(VerifiedIdentity::vouch(voucher, statement))
    }

    /// RFC 9207 2.4, and the mix-up attack of RFC 9700 4.4.
    fn comes_from_whom_we_asked(&self, answer: &Answer, provider: &Provider) -> Result<(), NotVouched> {
        let must_name_itself = provider.names_itself || self.settings().require_iss_parameter;
        match &answer.issuer {
            Some(issuer) if *issuer == self.settings().issuer => Ok(()),
            None if !must_name_itself => Ok(()),
            Some(_) | None => Err(NotVouched::MixUp),
        }
    }

    async fn judge_id_token(
        &self,
        token: &str,
        flow: Flow<'_>,
        now: OffsetDateTime,
    ) -> Result<IdToken, NotVouched> {
        let algorithms = &algorithms(&self.settings().id_token_algorithms);
        let judge = |keys: &KeySet| {
            let signature = Signature {
                keys,
                algorithms,
                now,
            };
            judge_id_token(token, &self.id_token_terms(signature, flow))
        };
        self.judged(Asker::SignIn, now, judge)
            .await?
            .map_err(NotVouched::Refused)
    }

    /// The person's details, from where they are at home (OpenID Connect Core 5.3).
    async fn ask_userinfo(
        &self,
        provider: &Provider,
        tokens: &Tokens,
        id_token: &IdToken,
        now: OffsetDateTime,
    ) -> Result<Option<UserInfo>, NotVouched> {
        let accepts = match self.settings().userinfo {
            settings::UserInfo::None => return Ok(None),
            settings::UserInfo::Json => "application/json",
            settings::UserInfo::Signed => "application/jwt",
        };
        let endpoint = provider.userinfo_endpoint.as_deref();
        let endpoint = endpoint.ok_or(NotVouched::Misshapen("the provider has no userinfo_endpoint"))?;
        let bearer = format!("Bearer {}", tokens.access_token);
        let headers = [("accept", accepts), ("authorization", bearer.as_str())];
        let reply = self.outbound().ask(endpoint, Send::Get, &headers).await?;
        if reply.status != 200 {
            return Err(failed("UserInfo", &reply));
        }
        let came = form_of(&reply)?;
        let algorithms = &algorithms(&self.settings().userinfo_algorithms);
        let judge = |keys: &KeySet| {
            let signature = Signature {
                keys,
                algorithms,
                now,
            };
            judge_userinfo(&reply.body, &self.userinfo_terms(signature, came, id_token))
        };
        let userinfo = self
            .judged(Asker::SignIn, now, judge)
            .await?
            .map_err(NotVouched::Refused)?;
        Ok(Some(userinfo))
    }

    fn statement(
        &self,
        tokens: &Tokens,
        id_token: &IdToken,
        userinfo: Option<&UserInfo>,
    ) -> Result<Statement, NotVouched> {
        let claims = Claims {
            id_token: &id_token.claims,
            userinfo: userinfo.map(|userinfo| &userinfo.claims),
        };
        let care_identity = match self.settings().door {
            Door::Nhsmail => None,
            Door::Cis2 => {
                let care = claims.care_identity();
                Some(care.map_err(|_two| NotVouched::TwoSelections)?)
            }
        };
        Ok(Statement {
            name_id: None,
            issued_at: None,
            open_id: Some(OpenIdSession {
                subject: id_token.subject.clone(),
                sid: id_token.sid.clone(),
                id_token: tokens.id_token.clone(),
            }),
            attributes: claims.attributes(),
            authentication: self.authentication(id_token),
            care_identity,
        })
    }

    /// Where the provider does not say when the person proved themselves, it is no later than the ID token.
    fn authentication(&self, id_token: &IdToken) -> Authentication {
        let assurance = match (self.settings().door, id_token.aal, id_token.ial) {
            (Door::Cis2, Some(aal), Some(ial)) => Some(Assurance { aal, ial }),
            (Door::Cis2 | Door::Nhsmail, _, _) => None,
        };
        Authentication {
            instant: id_token.auth_time.unwrap_or(id_token.issued_at),
            is_instant_stated: id_token.auth_time.is_some(),
            context_class: id_token.acr.clone(),
            methods: id_token.amr.clone(),
            assurance,
            session_index: None,
            session_not_on_or_after: None,
        }
    }
}

/// RFC 6749 5.1, OpenID Connect Core 3.1.3.3.
fn tokens(reply: &Reply) -> Result<Tokens, NotVouched> {
    let object = strict_object(&reply.body);
    if reply.status != 200 {
        let error = object.ok().and_then(|object| text(&object, "error"));
        return Err(match error.as_deref() {
            Some("invalid_client" | "unauthorized_client") => NotVouched::InvalidClient,
            Some("invalid_grant") => NotVouched::InvalidGrant,
            _ => failed("the token endpoint", reply),
        });
    }
    let object =
        object.map_err(|_flaw| NotVouched::Misshapen("the token response is not one JSON object"))?;
    let is_bearer = text(&object, "token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer {
        return Err(NotVouched::Misshapen(
            "the token response has no token_type Bearer",
        ));
    }
    let needed = |name, missing| text(&object, name).ok_or(NotVouched::Misshapen(missing));
    Ok(Tokens {
        id_token: needed("id_token", "the token response has no id_token")?,
        access_token: needed("access_token", "the token response has no access_token")?,
    })
}

/// OpenID Connect Core 5.3.2: the media type says which form it is.
fn form_of(reply: &Reply) -> Result<UserInfoForm, NotVouched> {
    let media_type = reply.header("content-type").unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/json" => Ok(UserInfoForm::Json),
        "application/jwt" => Ok(UserInfoForm::Signed),
        _ => Err(NotVouched::Misshapen("UserInfo is neither JSON nor a token")),
    }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

fn failed(at: &'static str, reply: &Reply) -> NotVouched {
    NotVouched::ProviderFailed {
        at,
        status: reply.status,
    }
}
