//! The places at which a form of ours may end. Chromium holds every redirect after a form's POST against `form-action`, so a
//! page with a form must name them all.

use crate::downstream::application::redirect_uri::RedirectUri;
use crate::journey::way::{Upstream, Way};
use crate::platform::origin::Origin;
use crate::web::state::WebState;

/// Every application: where people may return to, where it takes codes, where they go who logged out.
pub(crate) fn of_applications(state: &WebState) -> Vec<String> {
    let listed = state.settings.return_to.iter().map(origin);
    let mut places: Vec<String> = listed.collect();
    for application in state.applications.all() {
        places.extend(application.origins.iter().map(origin));
        let login = application.login.iter();
        places.extend(login.flat_map(|login| login.redirect_uris.iter().map(RedirectUri::form_action)));
        places.extend(application.logout.post_logout_redirect_uris.iter().cloned());
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The same, and the upstream of `way`: who signs in there may have to go there once more, for what an application needs.
pub(crate) async fn on_the_way_in(state: &WebState, way: Option<&Way>) -> Vec<String> {
    let mut places = of_applications(state);
    if let Some(way) = way {
        places.extend(upstream(state, way).await);
    }
    places
}

async fn upstream(state: &WebState, way: &Way) -> Option<String> {
    match &way.upstream {
        Upstream::Saml(provider) => Some(provider.trust().sso().to_owned()),
        Upstream::OpenId(party) => {
            let provider = party.provider(state.clock.now()).await.ok()?;
            Some(provider.authorization_endpoint.clone())
        }
    }
}

fn origin(origin: &Origin) -> String {
    origin.as_str().to_owned()
}
