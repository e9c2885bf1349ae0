//! The terms on which a connection judges tokens: its settings and this sign-in, none of it taken from a token.

use time::{Duration, OffsetDateTime};

use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::oidc_rp::accepted::IdToken;
use crate::upstream::oidc_rp::cached::{Asker, Renewed, Unfetched};
use crate::upstream::oidc_rp::judge::{Ground, Refusal};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::settings::{self, Laxity};
use crate::upstream::oidc_rp::terms::{
    IdTokenTerms, Keys, LogoutExpiry, LogoutTokenTerms, SecondJudge, Terms, UserInfoForm, UserInfoTerms,
};
use crate::upstream::verified::Door;
use crate::upstream::wish::ProofWish;

/// How old a logout token may be on receipt; national services use the same.
const MAX_LOGOUT_AGE: Duration = Duration::seconds(300);

/// What this sign-in sent and received, beside the ID token itself.
#[derive(Clone, Copy)]
pub(super) struct Flow<'f> {
    pub(super) nonce: &'f str,
    pub(super) code: &'f str,
    pub(super) state: &'f str,
    pub(super) access_token: &'f str,
    pub(super) asked_at: OffsetDateTime,
    pub(super) wish: ProofWish,
}

/// What a token is signed with, if it is good.
#[derive(Clone, Copy)]
pub(super) struct Signature<'s> {
    pub(super) keys: &'s KeySet,
    pub(super) algorithms: &'s [Algorithm],
    pub(super) now: OffsetDateTime,
}

impl RelyingParty {
    /// Judges with the provider's keys; once more with new ones, if the first do not have the one that is named
    /// (checklist OI-07).
    ///
    /// # Errors
    /// Where nothing is known about a logout token, since its key is unknown and the provider could not be asked.
    pub(super) async fn judged<T>(
        &self,
        asker: Asker,
        now: OffsetDateTime,
        judge: impl Fn(&KeySet) -> Result<T, Box<Refusal>>,
    ) -> Result<Result<T, Box<Refusal>>, Unfetched> {
        let known = self.keys(now).await?;
        match judge(&known) {
            Err(refusal) if refusal.ground == Ground::UnknownKey => {
                match self.keys_anew(asker, now).await? {
                    // A logout that might be genuine is not called false: the provider sends it again.
                    Renewed::Held(_) if asker == Asker::Logout => Err(Unfetched {
                        what: "the key set",
                        why: "a key is named that it lacks, and it was not fetched again so soon".to_owned(),
                    }),
                    Renewed::Anew(keys) | Renewed::Held(keys) => Ok(judge(&keys)),
                }
            }
            verdict => Ok(verdict),
        }
    }

    pub(super) fn id_token_terms<'t>(&'t self, signature: Signature<'t>, flow: Flow<'t>) -> IdTokenTerms<'t> {
        let settings = self.settings();
        IdTokenTerms {
            token: self.terms(signature),
            nonce: Some(flow.nonce),
            access_token: Some(flow.access_token),
            code: Some(flow.code),
            state: Some(flow.state),
            max_auth_age: self.max_auth_age(flow.wish, signature.now - flow.asked_at),
            minimum_aal: settings.minimum_assurance.map(|least| least.aal),
            minimum_ial: settings.minimum_assurance.map(|least| least.ial),
            tenant: settings.tenant.as_deref(),
            second_judge: match settings.second_judge {
                settings::SecondJudge::Always => SecondJudge::WHERE_PRESENT,
                settings::SecondJudge::Off => SecondJudge::Off,
            },
        }
    }

    /// Where people were to prove themselves anew, nobody may have done so before we asked: the parameter is in the
    /// browser's hands, and whoever takes it out comes back with the login of somebody who sat there before.
    fn max_auth_age(&self, wish: ProofWish, since_we_asked: Duration) -> Option<Duration> {
        let judged = self.settings().max_auth_age;
        match (wish, self.prompt(wish)) {
            // Whoever wished it must be told, also where the connection itself does not judge it.
            (ProofWish::Fresh, _) => Some(judged.unwrap_or(since_we_asked).min(since_we_asked)),
            (ProofWish::AsUsual, settings::Prompt::Login) => Some(judged?.min(since_we_asked)),
            (ProofWish::AsUsual, settings::Prompt::SelectAccount | settings::Prompt::Omit) => judged,
        }
    }

    pub(super) fn userinfo_terms<'t>(
        &'t self,
        signature: Signature<'t>,
        came: UserInfoForm,
        id_token: &'t IdToken,
    ) -> UserInfoTerms<'t> {
        UserInfoTerms {
            token: self.terms(signature),
            agreed: match self.settings().userinfo {
                settings::UserInfo::Signed => UserInfoForm::Signed,
                settings::UserInfo::Json | settings::UserInfo::None => UserInfoForm::Json,
            },
            came,
            subject: &id_token.subject,
            ial: id_token.ial,
        }
    }

    pub(super) fn logout_token_terms<'t>(&'t self, signature: Signature<'t>) -> LogoutTokenTerms<'t> {
        // CIS2 leaves `exp` out, and a logout that is not heard is worse than one that is heard late: there the age
        // of the token alone bounds it. Any other provider needs a dated exception.
        let settings = self.settings();
        let permitted =
            settings.door == Door::Cis2 || settings.permits(Laxity::LogoutTokenWithoutExp, signature.now);
        LogoutTokenTerms {
            token: self.terms(signature),
            max_age: MAX_LOGOUT_AGE,
            expiry: if permitted {
                LogoutExpiry::MayBeAbsent
            } else {
                LogoutExpiry::Required
            },
        }
    }

    fn terms<'t>(&'t self, signature: Signature<'t>) -> Terms<'t> {
        Terms {
            issuer: &self.settings().issuer,
            client_id: &self.settings().client_id,
            algorithms: signature.algorithms,
            keys: Keys::Published(signature.keys),
            now: signature.now,
            skew: self.settings().clock_skew,
        }
    }
}

/// The configuration's algorithms in the words of the JOSE room.
pub(super) fn algorithms(configured: &[settings::Algorithm]) -> Vec<Algorithm> {
    configured.iter().map(|algorithm| (*algorithm).into()).collect()
}
