//! `Applications`: everybody who is registered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::downstream::application::Application;
use crate::platform::origin::Origin;

/// Every application that is registered, and the one that is told where none is named.
#[derive(Debug, Clone)]
pub struct Applications {
    registered: BTreeMap<String, Arc<Application>>,
    by_default: Arc<Application>,
}

impl Applications {
    /// Those that are `registered`; whoever asks with a cookie or through a proxy, at an origin that is none of theirs,
    /// is `by_default`.
    pub fn new(registered: impl IntoIterator<Item = Application>, by_default: Application) -> Self {
        let registered = registered.into_iter();
        Self {
            registered: registered
                .map(|application| (application.client_id.clone(), Arc::new(application)))
                .collect(),
            by_default: Arc::new(by_default),
        }
    }

    /// The application registered by this name.
    pub fn find(&self, client_id: &str) -> Option<&Arc<Application>> {
        self.registered.get(client_id)
    }

    /// The application registered by this name, or the one that is told where none is named.
    pub fn find_or_default(&self, client_id: &str) -> Option<&Arc<Application>> {
        let by_default = Some(&self.by_default).filter(|application| application.client_id == client_id);
        self.find(client_id).or(by_default)
    }

    /// The application that stands at `origin`.
    pub fn at(&self, origin: &Origin) -> Option<&Arc<Application>> {
        self.all()
            .find(|application| application.origins.contains(origin))
    }

    /// Everybody who is registered.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Application>> {
        self.registered.values()
    }

    /// Whoever asks with a cookie or through a proxy and is not registered.
    pub fn by_default(&self) -> &Arc<Application> {
        &self.by_default
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::downstream::application::Simulated;

    #[test]
    fn an_application_is_found_by_its_name_and_by_where_it_stands() {
        let here = Origin::parse("https://rota.example").unwrap();
        let mut rota = Application::of_audience("rota", Simulated::Refuse);
        rota.origins = vec![here.clone()];
        let all = Applications::new([rota], Application::of_audience("bridge", Simulated::Refuse));
        assert_eq!(all.find("rota").unwrap().client_id, "rota");
        assert_eq!(all.at(&here).unwrap().client_id, "rota");
        let elsewhere = Origin::parse("https://rota.example:8443").unwrap();
        assert!(all.find("bridge").is_none() && all.at(&elsewhere).is_none());
        assert!(all.find_or_default("bridge").is_some() && all.find_or_default("other").is_none());
    }
}
