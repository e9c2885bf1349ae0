//! Reads a question as each personality would, and objects as it would.

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::answer::{Asked, Status};
use crate::fakes::saml_idp::received::{Received, RequestSignature};
use crate::fakes::saml_idp::service::ServiceProvider;
use crate::protocol::saml::authn_request::ReceivedAuthnRequest;
use crate::protocol::saml::binding::ReceivedRedirect;
use crate::protocol::saml::names::{
    BINDING_POST, FORMAT_EMAIL, FORMAT_PERSISTENT, FORMAT_TRANSIENT, FORMAT_UNSPECIFIED,
};
use time::OffsetDateTime;

/// An error that the identity provider shows on its own page and never sends to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Objection {
    /// `AADSTS50011` or `MSIS3200`.
    pub(super) code: &'static str,
    /// What it says, in the manner of the real one.
    pub(super) words: String,
}

impl Objection {
    fn new(code: &'static str, words: impl Into<String>) -> Self {
        Self {
            code,
            words: words.into(),
        }
    }
}

/// A question, and perhaps the refusal that it must be answered with.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) asked: Asked,
    pub(super) refusal: Option<Status>,
}

/// Who hears a question, and where.
pub(super) struct Hearing<'h> {
    pub(super) personality: Personality,
    /// The address of the single sign-on service that was asked.
    pub(super) sso: &'h str,
    /// Who may ask; empty: everybody.
    pub(super) services: &'h [ServiceProvider],
    pub(super) at: OffsetDateTime,
}

/// What arrived: the message, and the query that carried it if it came by HTTP-Redirect.
pub(super) struct Arrived<'a> {
    pub(super) message: &'a [u8],
    pub(super) redirect: Option<&'a ReceivedRedirect>,
    pub(super) relay_state: Option<&'a str>,
}

impl Hearing<'_> {
    /// Reads the question and writes down what was asked, whatever becomes of it.
    pub(super) fn hear(&self, arrived: &Arrived<'_>) -> (Option<Received>, Result<Heard, Objection>) {
        let request = match ReceivedAuthnRequest::read(arrived.message) {
            Ok(request) => request,
            Err(flaw) => return (None, Err(self.unreadable(&flaw.to_string()))),
        };
        let service = self
            .services
            .iter()
            .find(|known| known.entity_id == request.issuer);
        let signature = signature(arrived, service);
        let received = Received::of(self, arrived, &request, signature);
        let heard = self.weigh(request, service, signature);
        (Some(received), heard)
    }

    /// What cannot be read at all.
    pub(super) fn unreadable(&self, why: &str) -> Objection {
        match self.personality {
            Personality::Entra => Objection::new(
                "AADSTS75005",
                format!("The request is not a valid SAML 2.0 protocol message: {why}."),
            ),
            Personality::Adfs => Objection::new(
                "MSIS0018",
                format!("The SAML protocol message cannot be read: {why}."),
            ),
        }
    }

    fn weigh(
        &self,
        request: ReceivedAuthnRequest,
        service: Option<&ServiceProvider>,
        signature: RequestSignature,
    ) -> Result<Heard, Objection> {
        match self.personality {
            Personality::Entra => entra_objects(&request, self.sso)?,
            Personality::Adfs => adfs_objects(&request)?,
        }
        self.knows(&request, service, signature)?;
        let default_acs = service.and_then(|service| service.acs_urls.first());
        let acs_url = request.acs_url.clone().or_else(|| default_acs.cloned());
        let refusal = self.refusal(&request);
        Ok(Heard {
            asked: Asked {
                acs_url: acs_url.ok_or_else(|| self.unreadable("it names no AssertionConsumerServiceURL"))?,
                request_id: Some(request.id),
                audience: request.issuer,
                name_id_format: request.name_id_format,
                force_authn: request.force_authn,
                encryption_certificate: service.and_then(|service| service.encryption_certificate.clone()),
            },
            refusal,
        })
    }

    /// Whether the one who asks is registered, with this address and this signature.
    fn knows(
        &self,
        request: &ReceivedAuthnRequest,
        service: Option<&ServiceProvider>,
        signature: RequestSignature,
    ) -> Result<(), Objection> {
        let Some(service) = service else {
            let anybody_may_ask = self.services.is_empty();
            return anybody_may_ask
                .then_some(())
                .ok_or_else(|| self.unknown(&request.issuer));
        };
        if let Some(acs_url) = &request.acs_url
            && !service.acs_urls.contains(acs_url)
        {
            return Err(self.unregistered(acs_url, &service.entity_id));
        }
        let must_sign = !service.request_certificates.is_empty();
        if must_sign && signature != RequestSignature::Verified {
            return Err(self.unsigned(signature));
        }
        Ok(())
    }

    fn unknown(&self, issuer: &str) -> Objection {
        match self.personality {
            Personality::Entra => Objection::new(
                "AADSTS700016",
                format!(
                    "Application with identifier '{issuer}' was not found in the directory 'FAKE NHS Tenant'."
                ),
            ),
            Personality::Adfs => Objection::new(
                "MSIS7007",
                format!("The requested relying party trust '{issuer}' is unspecified or unsupported."),
            ),
        }
    }

    fn unregistered(&self, acs_url: &str, entity_id: &str) -> Objection {
        match self.personality {
            Personality::Entra => Objection::new(
                "AADSTS50011",
                format!(
                    "The reply URL '{acs_url}' specified in the request does not match the reply URLs configured for \
                     the application '{entity_id}'."
                ),
            ),
            Personality::Adfs => Objection::new(
                "MSIS3200",
                format!(
                    "No AssertionConsumerService is configured on the relying party trust '{entity_id}' that is a \
                     prefix match of the AssertionConsumerService URL '{acs_url}'."
                ),
            ),
        }
    }

    fn unsigned(&self, signature: RequestSignature) -> Objection {
        match (self.personality, signature) {
            (Personality::Entra, RequestSignature::Unsigned) => Objection::new(
                "AADSTS76021",
                "The request sent by client is not signed while the application requires signed requests.",
            ),
            (Personality::Entra, _) => Objection::new(
                "AADSTS76020",
                "The signature of the request is not by a certificate of the application.",
            ),
            (Personality::Adfs, _) => Objection::new("MSIS0038", "SAML Message has wrong signature."),
        }
    }

    /// What both can only say to the service provider.
    fn refusal(&self, request: &ReceivedAuthnRequest) -> Option<Status> {
        if request.is_passive {
            return Some(Status::NO_PASSIVE);
        }
        let asked_for = request.requested_context.as_ref();
        let ours = self.personality.authn_context();
        if asked_for.is_some_and(|(_, classes)| !classes.iter().any(|class| class == ours)) {
            return Some(Status::no_authn_context(self.at));
        }
        let issued = [FORMAT_PERSISTENT, FORMAT_UNSPECIFIED];
        let format = request.name_id_format.as_deref();
        let unmet =
            self.personality == Personality::Adfs && format.is_some_and(|format| !issued.contains(&format));
        unmet.then_some(Status::INVALID_NAME_ID_POLICY)
    }
}

fn signature(arrived: &Arrived<'_>, service: Option<&ServiceProvider>) -> RequestSignature {
    let Some(redirect) = arrived.redirect.filter(|redirect| redirect.is_signed()) else {
        return RequestSignature::Unsigned;
    };
    let keys = service.map(ServiceProvider::request_keys).unwrap_or_default();
    match (keys.is_empty(), redirect.verify(&keys)) {
        (true, _) => RequestSignature::Unchecked,
        (false, Ok(())) => RequestSignature::Verified,
        (false, Err(_)) => RequestSignature::Broken,
    }
}

fn entra_objects(request: &ReceivedAuthnRequest, sso: &str) -> Result<(), Objection> {
    if request.id.starts_with(|c: char| c.is_ascii_digit()) {
        let words = format!("The value '{}' is not a valid SAML ID.", request.id);
        return Err(Objection::new("AADSTS7500529", words));
    }
    if request.has_subject {
        return Err(Objection::new(
            "AADSTS900236",
            "The SAML authentication request property 'Subject' is not supported and must not be set.",
        ));
    }
    if request
        .protocol_binding
        .as_deref()
        .is_some_and(|binding| binding != BINDING_POST)
    {
        return Err(Objection::new(
            "AADSTS75003",
            "Only POST is supported as the binding of the response.",
        ));
    }
    if let Some(destination) = request.destination.as_deref().filter(|stated| *stated != sso) {
        let words =
            format!("The request for the application has the unexpected destination '{destination}'.");
        return Err(Objection::new("AADSTS75008", words));
    }
    let known = [
        FORMAT_EMAIL,
        FORMAT_PERSISTENT,
        FORMAT_TRANSIENT,
        FORMAT_UNSPECIFIED,
    ];
    if let Some(format) = request
        .name_id_format
        .as_deref()
        .filter(|format| !known.contains(format))
    {
        let words = format!("The NameIDPolicy '{format}' is not supported.");
        return Err(Objection::new("AADSTS75016", words));
    }
    if let Some((comparison, _)) = request
        .requested_context
        .as_ref()
        .filter(|(how, _)| how != "exact")
    {
        let words = format!("RequestedAuthnContext with the comparison '{comparison}' is not supported.");
        return Err(Objection::new("AADSTS900236", words));
    }
    Ok(())
}

fn adfs_objects(request: &ReceivedAuthnRequest) -> Result<(), Objection> {
    if request.issuer_is_qualified {
        return Err(Objection::new(
            "MSIS7074",
            "The Issuer of the request has a Format, NameQualifier, SPNameQualifier or SPProvidedID, which is not allowed.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
