//! What we say: our own request, and the answer to theirs. By HTTP-Redirect, signed with our key if there is one.

use time::{Duration, OffsetDateTime};

use crate::platform::random::{Random, xml_id};
use crate::protocol::saml::binding::{MessageKind, Redirect, redirect_address};
use crate::protocol::saml::logout::{LogoutHead, LogoutRequest, LogoutResponse};
use crate::protocol::saml::names::{
    STATUS_REQUEST_DENIED, STATUS_REQUESTER, STATUS_RESPONDER, STATUS_SUCCESS,
};
use crate::protocol::saml::response::Name;
use crate::upstream::saml_sp::logout::judge::Request;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::start::NoDeparture;
use crate::upstream::saml_sp::trust::Trust;
use crate::upstream::verified::NameId;

/// How long our request is good for: the browser brings it at once.
const GOOD_FOR: Duration = Duration::minutes(5);

/// A request that is written but not sent, since its `RelayState` is not known yet.
#[derive(Debug, Clone)]
pub struct LogoutDeparture {
    /// The `ID` that the answer must name.
    pub request_id: String,
    xml: String,
    destination: String,
}

/// What we say became of a request of the identity provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Every session that it names is over.
    Success,
    /// The request is not one that we obey.
    Refused,
    /// We could not; it may ask again.
    Failed,
}

impl Answer {
    fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Success => &[STATUS_SUCCESS],
            Self::Refused => &[STATUS_REQUESTER, STATUS_REQUEST_DENIED],
            Self::Failed => &[STATUS_RESPONDER],
        }
    }
}

impl ServiceProvider {
    /// Where the browser goes to log out at the identity provider, if this connection does that.
    pub fn logout_destination(&self) -> Option<String> {
        let trust = self.trust();
        let slo = trust.slo().filter(|_| self.settings().logs_out_upstream())?;
        Some(slo.location.clone())
    }

    /// Writes a `LogoutRequest` (SAML Core 3.7.1) that names the person and the session in every part as they were named
    /// to us. `None`: this connection does not log out upstream.
    pub fn log_out(
        &self,
        name_id: &NameId,
        session_index: Option<&str>,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Option<LogoutDeparture>, NoDeparture> {
        let Some(destination) = self.logout_destination() else {
            return Ok(None);
        };
        let request_id = xml_id(random)?;
        let indexes: Vec<String> = session_index.map(str::to_owned).into_iter().collect();
        let request = LogoutRequest {
            head: LogoutHead {
                id: &request_id,
                issued_at: now,
                destination: &destination,
                issuer: self.settings().entity_id.as_str(),
            },
            not_on_or_after: Some(now + GOOD_FOR),
            name: &name(name_id),
            session_indexes: &indexes,
        };
        let xml = request.to_xml();
        Ok(Some(LogoutDeparture {
            request_id,
            xml,
            destination,
        }))
    }

    /// The address that carries the request, with our handle for what comes back.
    pub fn logout_address(
        &self,
        departure: &LogoutDeparture,
        relay_state: &str,
    ) -> Result<String, NoDeparture> {
        let redirect = Redirect::of(MessageKind::Request, &departure.xml).with_relay_state(Some(relay_state));
        signed_address(&self.trust(), &departure.destination, &redirect)
    }

    /// The address that carries our `LogoutResponse` (SAML Core 3.7.2) to the identity provider, with its own
    /// `RelayState`. `None`: its metadata names no address for it.
    pub fn logout_answer(
        &self,
        request: &Request,
        answer: Answer,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Option<String>, NoDeparture> {
        let trust = self.trust();
        let Some(slo) = trust.slo() else {
            return Ok(None);
        };
        let id = xml_id(random)?;
        let xml = LogoutResponse {
            head: LogoutHead {
                id: &id,
                issued_at: now,
                destination: &slo.response_location,
                issuer: self.settings().entity_id.as_str(),
            },
            in_response_to: &request.id,
            status: answer.codes(),
        }
        .to_xml();
        let redirect =
            Redirect::of(MessageKind::Response, &xml).with_relay_state(request.relay_state.as_deref());
        signed_address(&trust, &slo.response_location, &redirect).map(Some)
    }
}

fn signed_address(trust: &Trust, destination: &str, redirect: &Redirect<'_>) -> Result<String, NoDeparture> {
    let query = match trust.own_keys().request() {
        Some(signing) => redirect.signed_query(&signing.key, signing.algorithm)?,
        None => redirect.query(),
    };
    Ok(redirect_address(destination, &query))
}

fn name(name_id: &NameId) -> Name {
    let NameId {
        value,
        format,
        name_qualifier,
        sp_name_qualifier,
    } = name_id.clone();
    Name {
        value,
        format,
        name_qualifier,
        sp_name_qualifier,
    }
}
