//! The authorization request of an application: read, judged by a list of rules, kept while its person signs in, and
//! answered (RFC 6749 4.1, OpenID Connect Core 3.1.2).
//!
//! Text becomes [`Parameters`], where each counts once. [`AnswerPlace`] says who asks and where the answer may go; without
//! one nobody is sent anywhere. Then [`rules`] make an [`AuthorizationRequest`] of the rest.

pub mod answer_place;
pub mod judgement;
pub mod kept;
pub mod parameters;
pub mod pushed;
pub mod refusal;
pub mod rules;
pub mod waiting;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::downstream::application::Application;
use crate::downstream::application::scope::Scope;
use crate::downstream::authorization::answer_place::AnswerPlace;
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::refusal::Refusal;
use crate::downstream::authorization::rules::RULES;

/// What an application asks for, by the rules. Prints nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: String,
    /// Where the answer goes.
    pub place: AnswerPlace,
    /// What it asks to be told, and is registered for.
    pub scopes: BTreeSet<Scope>,
    /// `nonce`, which the ID token repeats.
    pub nonce: Option<String>,
    /// `code_challenge`: the SHA-256 of the verifier, in base64url (RFC 7636 4.2).
    pub code_challenge: String,
    /// Whether the person may and must be asked.
    pub prompt: Prompt,
    /// How many seconds ago the person may have proved themselves.
    pub max_age: Option<u32>,
    /// The least of the assurance levels that `acr_values` names.
    pub least_aal: Option<u8>,
    /// The thumbprint of the key that the token request will prove (RFC 9449 10).
    pub dpop_jkt: Option<String>,
    /// Whom the application expects, by the name it knows them by (`id_token_hint`). Nobody else's code is given.
    pub expected: Option<String>,
}

/// `prompt` (OpenID Connect Core 3.1.2.1). Consent is the operator's, given by registering the application: `consent` asks
/// for nothing more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// The person is asked what is needed.
    #[default]
    AsNeeded,
    /// The person is asked nothing.
    None,
    /// The person proves themselves anew.
    Login,
    /// The person chooses how to sign in.
    SelectAccount,
}

impl AuthorizationRequest {
    /// Judges what `application` asks for by every rule. The answer, also that of a refusal, may go to `place`.
    pub fn read(
        parameters: &Parameters,
        application: &Application,
        place: AnswerPlace,
    ) -> Result<Self, Refusal> {
        let mut request = Self {
            client_id: application.client_id.clone(),
            place,
            scopes: BTreeSet::new(),
            nonce: None,
            code_challenge: String::new(),
            prompt: Prompt::AsNeeded,
            max_age: None,
            least_aal: None,
            dpop_jkt: None,
            expected: None,
        };
        for (_, rule) in RULES {
            rule(&mut request, parameters, application)?;
        }
        Ok(request)
    }

    /// True if the person must prove themselves after this was asked. `max_age=0` asks the same as `prompt=login`, and so
    /// does `select_account`: an upstream that knows somebody already would choose for them.
    pub fn wants_fresh_login(&self) -> bool {
        matches!(self.prompt, Prompt::Login | Prompt::SelectAccount) || self.max_age == Some(0)
    }
}

impl std::fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
