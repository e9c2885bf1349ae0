//! What can be wrong with `[web]`, each problem with what to write instead.

use std::path::Path;

use crate::journey::return_to::ReturnTo;
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::problem::Problem;
use crate::platform::secret::{Secret, Source, Variables};
use crate::protocol::saml::signature::SigningKey;
use crate::web::management::token::ManagementToken;
use crate::web::settings::{Settings, Tls};

impl Settings {
    /// Makes every source independent of its surroundings; see [`Source::settle`]. Returns those that hold nothing.
    pub fn settle(&mut self, at: &str, base: &Path, variable: Variables<'_>) -> Vec<Problem> {
        let tls = self.tls.iter_mut().flat_map(|tls| {
            [
                (format!("{at}.tls.certificate_file"), &mut tls.certificate),
                (format!("{at}.tls.key"), &mut tls.key),
            ]
        });
        let token = self.management_token.iter_mut();
        let token = token.map(|token| (format!("{at}.management_token"), token));
        tls.chain(token)
            .filter_map(|(at, source)| Some(source.settle(base, variable).err()?.problem(at)))
            .collect()
    }

    /// What is wrong with these settings; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.listen == self.management_listen && self.listen.port() != 0 {
            problems.push(Problem::new(
                format!("{at}.management_listen"),
                "it is the address of the public pages too",
                "another port; health and readiness are never public",
            ));
        }
        problems.extend(self.tls.iter().flat_map(|tls| tls.problems(&format!("{at}.tls"))));
        if self.support.name.trim().is_empty() {
            problems.push(Problem::new(
                format!("{at}.support.name"),
                "pages would send people to nobody",
                "the name of the desk as it stands in a sentence: name = \"the IT service desk\"",
            ));
        }
        problems.extend(self.management_token_problem(format!("{at}.management_token")));
        problems
    }

    fn management_token_problem(&self, at: String) -> Option<Problem> {
        match self.management_token.as_ref()?.read() {
            Err(cause) => Some(cause.problem(at)),
            Ok(token) => ManagementToken::read(&token).is_none().then(|| {
                Problem::new(
                    at,
                    "it could be guessed, and whoever guesses it ends everybody's sessions",
                    "at least 32 random characters without blanks, such as `openssl rand -hex 32` gives",
                )
            }),
        }
    }

    /// What is wrong with the places a browser may be sent to, seen from `ours`.
    pub fn return_to_problems(&self, at: &str, ours: &Origin, environment: Environment) -> Vec<Problem> {
        let mut problems: Vec<_> = self
            .return_to
            .iter()
            .filter(|origin| !origin.is_safe_in(environment))
            .map(|origin| {
                Problem::new(
                    format!("{at}.return_to"),
                    format!(
                        "{origin} is plain http; anyone on the way could read and change what is sent there"
                    ),
                    "an https origin (plain http is for loopback, with environment = \"test\")",
                )
            })
            .collect();
        if let Err(flaw) = ReturnTo::parse(&self.default_return_to, &self.return_to, ours) {
            problems.push(Problem::new(
                format!("{at}.default_return_to"),
                format!("no browser may be sent to `{}`: {flaw}", self.default_return_to),
                format!("a path such as \"/\", or an address on {ours} or on an origin listed in return_to"),
            ));
        }
        problems
    }
}

impl Tls {
    fn problems(&self, at: &str) -> Vec<Problem> {
        let certificate = read(&self.certificate, format!("{at}.certificate_file"));
        let key = read(&self.key, format!("{at}.key"));
        let (certificate, key) = match (certificate, key) {
            (Ok(certificate), Ok(key)) => (certificate, key),
            (certificate, key) => return certificate.err().into_iter().chain(key.err()).collect(),
        };
        let flaw = SigningKey::read(key.expose(), certificate.expose()).err();
        let problem = flaw.map(|flaw| {
            let instead = "an RSA or EC private key and the certificate made for it, both PEM";
            Problem::new(
                at,
                format!("the key and the certificate are of no use together: {flaw}"),
                instead,
            )
        });
        problem.into_iter().collect()
    }
}

fn read(source: &Source, at: String) -> Result<Secret, Problem> {
    source.read().map_err(|cause| cause.problem(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let listen = "127.0.0.1:8080".parse().unwrap();
        let mut settings = Settings::listening(listen, "127.0.0.1:9090".parse().unwrap());
        settings.return_to = vec![Origin::parse("https://rota.example.nhs.uk").unwrap()];
        settings
    }

    fn problems_of(default_return_to: &str) -> usize {
        let mut settings = settings();
        settings.default_return_to = default_return_to.to_owned();
        let ours = Origin::parse("https://bridge.example.nhs.uk").unwrap();
        settings.return_to_problems("web", &ours, Environment::Live).len()
    }

    #[test]
    fn the_default_place_is_a_path_here_or_on_an_allowed_origin() {
        for good in [
            "/",
            "/start?x=1",
            "https://rota.example.nhs.uk/today",
            "https://bridge.example.nhs.uk",
        ] {
            assert_eq!(problems_of(good), 0, "{good}");
        }
    }

    #[test]
    fn ap_13_a_default_place_that_leaves_the_allowed_origins_is_a_problem() {
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "https://rota.example.nhs.uk@evil.example/",
            "https://x@rota.example.nhs.uk/",
            "/a/../b",
            "/%2F/evil.example",
            "/start page",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(problems_of(bad), 1, "{bad}");
        }
    }

    #[test]
    fn lo_05_a_management_token_that_could_be_guessed_is_a_problem() {
        let mut settings = settings();
        settings.management_token = Some(Source::held(*b"letmein"));
        assert_eq!(settings.problems("web")[0].at, "web.management_token");
        settings.management_token = Some(Source::held("0123456789abcdef".repeat(2)));
        assert!(settings.problems("web").is_empty());
    }

    #[test]
    fn one_address_for_two_listeners_is_a_problem() {
        let mut settings = settings();
        settings.management_listen = settings.listen;
        assert_eq!(settings.problems("web")[0].at, "web.management_listen");
    }
}
