//! Which application asks, at every endpoint that applications ask themselves.

use axum::http::{Extensions, HeaderMap, header};
use axum::response::Response;

use crate::downstream::client_authentication::{AuthenticatedClient, Brought, NotTheClient};
use crate::web::oauth2::parameters::Parameters;
use crate::web::oauth2::refusal::Refusal;
use crate::web::proxies;
use crate::web::state::WebState;

/// A request of an application.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What handlers may reach.
    pub(crate) state: &'a WebState,
    /// The path that was asked.
    pub(crate) path: &'a str,
    /// Where the connection comes from.
    pub(crate) connection: &'a Extensions,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The parameters of the form.
    pub(crate) parameters: &'a Parameters,
}

impl Asked<'_> {
    /// The client that has proven to be it, or the answer that says that none has.
    pub(crate) async fn client(&self) -> Result<AuthenticatedClient, Box<Response>> {
        let refused =
            |refusal: Refusal, reason: &dyn std::fmt::Display| Box::new(refusal.answer(self.state, reason));
        let mut headers = self.headers.get_all(header::AUTHORIZATION).iter();
        let (first, second) = (headers.next(), headers.next());
        if second.is_some() {
            let refusal = Refusal::invalid_request("the Authorization header stands twice");
            return Err(Box::new(refusal.answer_plainly(self.state)));
        }
        // What is no text is no proof either.
        let authorization = first.map(|header| header.to_str().unwrap_or_default());
        let endpoint = format!("{}{}", self.state.origin.as_str(), self.path);
        let brought = Brought {
            authorization,
            client_id: self.parameters.get("client_id"),
            client_secret: self.parameters.get("client_secret"),
            client_assertion_type: self.parameters.get("client_assertion_type"),
            client_assertion: self.parameters.get("client_assertion"),
            endpoint: &endpoint,
            source: proxies::client(self.state, self.connection, self.headers),
        };
        let judged = self
            .state
            .clients
            .authenticate(&self.state.applications, &brought)
            .await;
        judged.map_err(|cause| refused(refusal(&cause), &cause))
    }
}

fn refusal(cause: &NotTheClient) -> Refusal {
    match cause {
        NotTheClient::SeveralMethods => {
            Refusal::invalid_request("one method of client authentication is used in one request")
        }
        NotTheClient::TooMany => Refusal::too_many(),
        NotTheClient::Assertion(flaw) if flaw.is_ours() => Refusal::unavailable(),
        NotTheClient::Unreadable(_)
        | NotTheClient::Unnamed
        | NotTheClient::Unknown
        | NotTheClient::OtherMethod
        | NotTheClient::WrongSecret
        | NotTheClient::Assertion(_) => Refusal::invalid_client(),
    }
}
