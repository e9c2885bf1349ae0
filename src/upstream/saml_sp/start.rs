//! Leaving for the identity provider: the question, and the address that carries it.

use openssl::error::ErrorStack;
use time::OffsetDateTime;

use crate::platform::random::{NoRandomness, Random};
use crate::protocol::saml::authn_request::Question;
use crate::protocol::saml::binding::{MessageKind, Redirect, redirect_address};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::wish::{ProofWish, Wish};

/// A question that is written but not sent, since its `RelayState` is not known yet.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The `ID` that the answer must name.
    pub request_id: String,
    /// Whether it asks that the person prove themselves again.
    pub forced: bool,
    xml: String,
    destination: String,
}

/// Why nobody could be sent anywhere.
#[derive(Debug, thiserror::Error)]
pub enum NoDeparture {
    /// No identifier could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The request could not be signed.
    #[error("the AuthnRequest could not be signed: {0}")]
    Signature(#[from] ErrorStack),
}

impl ServiceProvider {
    /// Writes the `AuthnRequest` (SAML Core 3.4.1). Its address for the answer is the configured one and no other.
    ///
    /// Of a wish only a fresh proof can be asked for: a demanded context (`RequestedAuthnContext`) locks out whoever signs
    /// in to Entra with a passkey or Windows Hello (AADSTS75011).
    pub fn depart(
        &self,
        wish: Wish,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Departure, NoDeparture> {
        let settings = self.settings();
        let question = Question {
            destination: self.trust().sso().to_owned(),
            acs_url: self.acs_url().to_owned(),
            issuer: settings.entity_id.as_str().to_owned(),
            name_id_format: settings.name_id_policy_format.clone(),
            authn_contexts: settings.requested_authn_context.clone(),
            force_authn: settings.force_authn || wish.proof == ProofWish::Fresh,
            is_passive: false,
        };
        let request = question.ask(now, random)?;
        Ok(Departure {
            request_id: request.id().to_owned(),
            forced: question.force_authn,
            xml: request.to_xml(),
            destination: question.destination.clone(),
        })
    }

    /// The address at the identity provider, by HTTP-Redirect (Bindings 3.4), signed if the connection signs.
    pub fn address(&self, departure: &Departure, relay_state: &str) -> Result<String, NoDeparture> {
        let redirect = Redirect::of(MessageKind::Request, &departure.xml).with_relay_state(Some(relay_state));
        let trust = self.trust();
        let query = match trust.own_keys().request() {
            Some(signing) => redirect.signed_query(&signing.key, signing.algorithm)?,
            None => redirect.query(),
        };
        Ok(redirect_address(&departure.destination, &query))
    }
}
