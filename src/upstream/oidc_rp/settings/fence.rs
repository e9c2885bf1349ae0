//! The fence between the environments (checklist OI-18): people, clients and keys of one never match in another.

use url::{Host, Url};

use crate::platform::environment::Environment;
use crate::platform::problem::Problem;
use crate::protocol::saml::names::FAKE_ENTITY_ID_MARK;
use crate::upstream::oidc_rp::settings::{Endpoints, Preset, Settings};

/// The host of CIS2 for real people.
const LIVE_HOST: &str = "am.nhsidentity.spineservices.nhs.uk";
/// What the hosts of its other environments, and of its mock, end with.
const OTHER_HOSTS: [&str; 2] = [".auth-ptl.cis2.spineservices.nhs.uk", ".ptl.api.platform.nhs.uk"];

impl Settings {
    /// What this connection may not be in `environment`; `at` is the path of its table.
    pub fn environment_problems(&self, at: &str, environment: Environment) -> Vec<Problem> {
        let mut problems = Vec::new();
        let preset = self.preset;
        let is_of_real_people = preset == Preset::Live || self.names_host(|host| host == LIVE_HOST);
        let is_of_nobody = matches!(preset, Preset::Int | Preset::Dep | Preset::Mock)
            || self.names_host(|host| OTHER_HOSTS.iter().any(|end| host.ends_with(end)));
        if environment.is_live() && is_of_nobody {
            problems.push(Problem::new(
                format!("{at}.preset"),
                "the people of this CIS2 are made up; environment is \"live\"",
                "preset = \"live\" with the client of your live registration, or another environment",
            ));
        }
        if !environment.is_live() && is_of_real_people {
            problems.push(Problem::new(
                format!("{at}.preset"),
                format!("real people would sign in; environment is \"{environment}\""),
                "preset = \"int\", or environment = \"live\"",
            ));
        }
        if environment.is_live() && self.minimum_assurance.is_some_and(|it| it.aal < 2) {
            problems.push(Problem::new(
                format!("{at}.minimum_aal"),
                "a password alone is not enough for real people; environment is \"live\"",
                "2 or 3",
            ));
        }
        if environment.is_live() && self.minimum_assurance.is_some_and(|it| it.ial < 3) {
            problems.push(Problem::new(
                format!("{at}.minimum_ial"),
                "nobody would have to be known in person; environment is \"live\"",
                "3",
            ));
        }
        problems.extend(self.plain_http(at, environment));
        problems
    }

    /// Whatever in this connection belongs to a fake: the path of the key, and the words for what it holds. A fake
    /// signs in whoever asks, so real people must never meet one.
    pub fn traces_of_a_fake(&self, at: &str) -> Vec<(String, &'static str)> {
        let addresses = self.addresses();
        let of_fakes = addresses
            .iter()
            .filter(|(_, address)| address.contains(FAKE_ENTITY_ID_MARK) || is_loopback(address));
        let addresses = of_fakes.map(|(key, _)| (format!("{at}.{key}"), "this address"));
        let client = self.client_id.contains(FAKE_ENTITY_ID_MARK);
        let client = client.then(|| (format!("{at}.client_id"), "this client"));
        addresses.chain(client).collect()
    }

    /// Every address of the provider that is in force or written down, with its key.
    pub(super) fn addresses(&self) -> Vec<(String, &str)> {
        let issuer = std::iter::once(("issuer".to_owned(), self.issuer.as_str()));
        let document = self.discovery_url.iter();
        let document = document.map(|url| ("discovery_url".to_owned(), url.as_str()));
        let endpoints = self.endpoints.iter().flat_map(Endpoints::stated);
        let endpoints = endpoints.map(|(key, url)| (format!("endpoints.{key}"), url));
        issuer.chain(document).chain(endpoints).collect()
    }

    fn names_host(&self, is_it: impl Fn(&str) -> bool) -> bool {
        let addresses = self.addresses();
        let mut urls = addresses
            .iter()
            .filter_map(|(_, address)| Url::parse(address).ok());
        urls.any(|url| {
            url.host_str()
                .is_some_and(|host| is_it(host.trim_end_matches('.')))
        })
    }

    fn plain_http(&self, at: &str, environment: Environment) -> Vec<Problem> {
        let is_safe = |address: &str| {
            !address.starts_with("http:") || (environment == Environment::Test && is_loopback(address))
        };
        let addresses = self.addresses().into_iter();
        addresses
            .filter(|(_, address)| !is_safe(address))
            .map(|(key, _)| {
                Problem::new(
                    format!("{at}.{key}"),
                    "plain http: anyone on the way could say who signs in",
                    "an https address (http is for loopback, with environment = \"test\")",
                )
            })
            .collect()
    }
}

/// True if the address is on this machine.
fn is_loopback(address: &str) -> bool {
    let url = Url::parse(address).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::oidc_rp::settings::examples;

    fn of(preset: Preset) -> Settings {
        let mut settings = examples::cis2();
        settings.preset = preset;
        settings.issuer = preset
            .issuer("")
            .unwrap_or_else(|| "https://op.example".to_owned());
        settings
    }

    fn problems(settings: &Settings, environment: Environment) -> Vec<String> {
        let problems = settings.environment_problems("c", environment).into_iter();
        problems.map(|it| it.at).collect()
    }

    #[test]
    fn oi_18_live_has_only_the_live_provider_and_the_others_never_have_it() {
        for preset in [Preset::Int, Preset::Dep, Preset::Mock] {
            assert_eq!(problems(&of(preset), Environment::Live), ["c.preset"]);
            assert!(problems(&of(preset), Environment::Int).is_empty());
        }
        assert!(problems(&of(Preset::Live), Environment::Live).is_empty());
        for environment in [Environment::Int, Environment::Dep, Environment::Test] {
            assert_eq!(problems(&of(Preset::Live), environment), ["c.preset"]);
        }
        for environment in [Environment::Live, Environment::Test] {
            assert!(problems(&examples::entra(), environment).is_empty());
        }
    }

    #[test]
    fn oi_18_an_environment_is_known_by_its_hosts_too() {
        let mut settings = of(Preset::None);
        settings.discovery_url = Some(of(Preset::Mock).issuer);
        assert_eq!(problems(&settings, Environment::Live), ["c.preset"]);
        settings.discovery_url = Some(of(Preset::Live).issuer.to_uppercase());
        assert_eq!(problems(&settings, Environment::Test), ["c.preset"]);
    }

    #[test]
    fn plain_http_stays_on_this_machine_and_in_tests() {
        let mut settings = of(Preset::None);
        settings.issuer = "http://127.0.0.1:8083/openam".to_owned();
        assert!(problems(&settings, Environment::Test).is_empty());
        assert_eq!(problems(&settings, Environment::Int), ["c.issuer"]);
        settings.endpoints = Some(examples::endpoints());
        if let Some(endpoints) = &mut settings.endpoints {
            endpoints.token = "http://op.example/token".to_owned();
        }
        assert_eq!(problems(&settings, Environment::Test), ["c.endpoints.token"]);
    }

    #[test]
    fn gv_07_a_fake_is_known_by_its_addresses() {
        let mut settings = of(Preset::None);
        assert!(settings.traces_of_a_fake("c").is_empty());
        settings.issuer = "https://127.0.0.1:8083/openam".to_owned();
        settings.discovery_url = Some(format!("https://{FAKE_ENTITY_ID_MARK}/doc"));
        let at: Vec<_> = settings
            .traces_of_a_fake("c")
            .into_iter()
            .map(|it| it.0)
            .collect();
        assert_eq!(at, ["c.issuer", "c.discovery_url"]);
    }
}
