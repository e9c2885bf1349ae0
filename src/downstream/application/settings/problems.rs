//! What can be wrong with `[applications.NAME]`, each problem with what to write instead.

use url::Url;

use crate::downstream::application::redirect_uri::NoRedirectUri;
use crate::downstream::application::scope::Scope;
use crate::downstream::application::settings::{AuthenticationMethod, Required, Settings, SubjectType};
use crate::identity::person::Door;
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::problem::Problem;

/// A shorter secret could be guessed.
pub(super) const SHORTEST_SECRET: usize = 32;

impl Settings {
    /// What is wrong with these settings; `at` is the path of their table. Reads the files that they name.
    pub fn problems(&self, at: &str, client_id: &str, environment: Environment) -> Vec<Problem> {
        let mut problems = self.shape_problems(at);
        problems.extend(self.login_problems(at));
        problems.extend(self.logout_problems(at, environment));
        problems.extend(self.fence_problems(at, environment));
        problems.extend(self.requires.problems(&format!("{at}.requires")));
        problems.extend(self.path_problems(at));
        if problems.is_empty() {
            problems.extend(self.application(client_id).err());
        }
        problems
    }

    fn shape_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.label.trim().is_empty() {
            problems.push(Problem::new(
                format!("{at}.label"),
                "people would not know for what they log in",
                "what they call it: label = \"Rota\"",
            ));
        }
        if self.redirect_uris.is_empty() && self.origins.is_empty() {
            problems.push(Problem::new(
                at,
                "it neither lets people log in (redirect_uris) nor stands behind a proxy (origins), so it is told nothing",
                "redirect_uris for OpenID Connect, origins for forward-auth",
            ));
        }
        if self
            .audience
            .as_ref()
            .is_some_and(|audience| audience.trim().is_empty())
        {
            problems.push(Problem::new(
                format!("{at}.audience"),
                "a token without an audience would be good for anyone",
                "the address of its API; or remove the key, and the audience is the client id",
            ));
        }
        problems
    }

    fn login_problems(&self, at: &str) -> Vec<Problem> {
        if self.redirect_uris.is_empty() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for (index, uri) in self.redirect_uris.iter().enumerate() {
            problems.extend(
                self.redirect_uri(uri)
                    .err()
                    .map(|flaw| no_redirect_uri(at, index, flaw)),
            );
        }
        if !self.scopes.contains(&Scope::OpenId) {
            problems.push(Problem::new(
                format!("{at}.scopes"),
                "without openid nobody can log in by OpenID Connect",
                "scopes = [\"openid\", …]",
            ));
        }
        if self.client_authentication.is_none() {
            problems.push(no_authentication(at));
        }
        if self.subject_type == SubjectType::Pairwise && self.sector.is_none() && self.only_host().is_none() {
            problems.push(no_sector(at));
        }
        problems.extend(self.idle_credentials(at));
        problems
    }

    /// A secret or keys that the chosen method never looks at: whoever wrote them expects something else.
    fn idle_credentials(&self, at: &str) -> Vec<Problem> {
        use AuthenticationMethod as Method;
        let method = self.client_authentication;
        let by_secret = matches!(method, Some(Method::ClientSecretBasic | Method::ClientSecretPost));
        let unread = |key: &str| {
            let instead = "remove it, or name the method that uses it in client_authentication";
            Problem::new(
                format!("{at}.{key}"),
                "nothing reads this with the chosen client_authentication",
                instead,
            )
        };
        let secret = self.client_secret.is_some() && !by_secret;
        let keys = self.jwks.is_some() && method != Some(Method::PrivateKeyJwt);
        let found = [(secret, "client_secret"), (keys, "jwks")];
        found
            .into_iter()
            .filter(|(is_idle, _)| *is_idle)
            .map(|(_, key)| unread(key))
            .collect()
    }

    fn logout_problems(&self, at: &str, environment: Environment) -> Vec<Problem> {
        let listed = self.post_logout_redirect_uris.iter().enumerate();
        let listed = listed.map(|(index, uri)| (format!("{at}.post_logout_redirect_uris[{index}]"), uri));
        let back = self
            .backchannel_logout_uri
            .iter()
            .map(|uri| (format!("{at}.backchannel_logout_uri"), uri));
        let front = self
            .frontchannel_logout_uri
            .iter()
            .map(|uri| (format!("{at}.frontchannel_logout_uri"), uri));
        let mut problems: Vec<_> = listed
            .chain(back)
            .chain(front)
            .filter(|(_, uri)| !is_plain_address(uri, environment))
            .map(|(at, uri)| {
                let what = format!(
                    "`{uri}` is not an absolute https address as browsers spell it, without fragment"
                );
                Problem::new(
                    at,
                    what,
                    "https://…, byte for byte (http is for loopback, with environment = \"test\")",
                )
            })
            .collect();
        problems.extend(self.front_channel_elsewhere(at));
        problems
    }

    /// Front-Channel Logout 2: the page stands where a redirect address stands.
    fn front_channel_elsewhere(&self, at: &str) -> Option<Problem> {
        let uri = self.frontchannel_logout_uri.as_ref()?;
        let origin = Url::parse(uri).ok()?.origin().ascii_serialization();
        let mut own = self
            .redirect_uris
            .iter()
            .filter_map(|uri| Some(self.redirect_uri(uri).ok()?.origin()));
        if own.any(|own| own == origin) {
            return None;
        }
        let instead = "an address with the scheme, host and port of one of its redirect_uris";
        let at = format!("{at}.frontchannel_logout_uri");
        Some(Problem::new(
            at,
            format!("{origin} is no origin of its redirect_uris"),
            instead,
        ))
    }

    fn fence_problems(&self, at: &str, environment: Environment) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.simulated && environment.is_live() {
            problems.push(Problem::new(
                format!("{at}.simulated"),
                "environment is \"live\": there are no simulated people here",
                "remove the key",
            ));
        }
        let unsafe_origins = self
            .origins
            .iter()
            .filter(|origin| !origin.is_safe_in(environment));
        problems.extend(unsafe_origins.map(|origin| {
            Problem::new(
                format!("{at}.origins"),
                format!("{origin} is plain http; anyone on the way could take a session over"),
                "an https origin (plain http is for loopback, with environment = \"test\")",
            )
        }));
        let by_http = |uri: &&String| uri.starts_with("http:") && environment != Environment::Test;
        if self.application_type == super::ApplicationType::Web {
            problems.extend(self.redirect_uris.iter().filter(by_http).map(|uri| {
                Problem::new(
                    format!("{at}.redirect_uris"),
                    format!("`{uri}` is plain http"),
                    "an https address (plain http is for loopback, with environment = \"test\", or for a native application)",
                )
            }));
        }
        problems
    }

    fn path_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, path) in self.paths.iter().enumerate() {
            let at = format!("{at}.paths[{index}]");
            problems.extend(path.requires.problems(&format!("{at}.requires")));
            if !is_plain_path(&path.prefix) {
                problems.push(Problem::new(
                    format!("{at}.prefix"),
                    format!("`{}` is not the beginning of a path as it is sent", path.prefix),
                    "a path with a slash in front, without `..`, `//`, `%`, `?` or `#`: \"/admin/\"",
                ));
            }
            if path.public && path.requires != Required::default() {
                problems.push(Problem::new(
                    format!("{at}.public"),
                    "a path for anybody cannot require anything",
                    "public, or requires",
                ));
            }
            let before = self.paths.get(..index).unwrap_or_default();
            if before.iter().any(|other| other.prefix == path.prefix) {
                problems.push(Problem::new(
                    format!("{at}.prefix"),
                    "this prefix is listed twice",
                    "one entry for each",
                ));
            }
        }
        if !self.paths.is_empty() && self.origins.is_empty() {
            problems.push(Problem::new(
                format!("{at}.paths"),
                "only an application behind a proxy has paths that we see",
                "origins = [\"https://…\"], or remove the paths",
            ));
        }
        problems
    }
}

impl Required {
    fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.minimum_aal.is_some_and(|aal| !(1..=3).contains(&aal)) {
            problems.push(Problem::new(
                format!("{at}.minimum_aal"),
                "there is no such level",
                "1, 2 or 3",
            ));
        }
        let without_care_identity = !self.doors.is_empty() && !self.doors.contains(&Door::Cis2);
        if without_care_identity && (self.minimum_aal.is_some() || !self.roles.is_empty()) {
            problems.push(Problem::new(
                format!("{at}.doors"),
                "an NHSmail account has neither a level nor roles, so nobody could come in",
                "doors = [\"cis2\"], or neither minimum_aal nor roles",
            ));
        }
        if self.max_age_minutes == Some(0) {
            problems.push(Problem::new(
                format!("{at}.max_age_minutes"),
                "nobody can have proven themselves so short a time ago",
                "a number of minutes from 1",
            ));
        }
        problems
    }
}

/// Addresses that end up in a `Location`, a frame or a request of ours.
fn is_plain_address(text: &str, environment: Environment) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_as_browsers_spell_it = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    let origin = Origin::parse(&url.origin().ascii_serialization());
    is_as_browsers_spell_it
        && url.fragment().is_none()
        && url.username().is_empty()
        && origin.is_ok_and(|origin| origin.is_safe_in(environment))
}

fn is_plain_path(prefix: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@".contains(c);
    prefix.starts_with('/')
        && prefix.chars().all(fits)
        && !prefix.contains("//")
        && !prefix.split('/').any(|segment| matches!(segment, "." | ".."))
}

pub(super) fn no_redirect_uri(at: &str, index: usize, flaw: NoRedirectUri) -> Problem {
    let instead =
        "the absolute https address as the application sends it: \"https://rota.example.nhs.uk/callback\"";
    Problem::new(format!("{at}.redirect_uris[{index}]"), flaw.to_string(), instead)
}

pub(super) fn no_authentication(at: &str) -> Problem {
    Problem::new(
        format!("{at}.client_authentication"),
        "how the application proves that it is itself is missing",
        "\"private_key_jwt\", \"client_secret_basic\" or \"client_secret_post\"; \"none\" only for what runs in a browser or on somebody's machine",
    )
}

pub(super) fn no_sector(at: &str) -> Problem {
    Problem::new(
        format!("{at}.sector"),
        "the redirect addresses have several hosts or none, so nothing says who shares the pairwise names",
        "sector = \"example.nhs.uk\"",
    )
}

pub(super) fn no_secret(at: String) -> Problem {
    Problem::new(
        at,
        "the secret is missing",
        "client_secret = { file = \"../keys/rota.secret\" }, made with: openssl rand -hex 32",
    )
}

pub(super) fn short_secret(at: String, length: usize) -> Problem {
    Problem::new(
        at,
        format!("a secret of {length} characters could be guessed"),
        format!("at least {SHORTEST_SECRET} random characters: openssl rand -hex 32"),
    )
}

pub(super) fn no_keys(at: String) -> Problem {
    Problem::new(
        at,
        "the public keys of the application are missing",
        "jwks = { file = \"../keys/rota.jwks.json\" }, from its developers",
    )
}

pub(super) fn bad_keys(at: impl Into<String>, what: &str) -> Problem {
    Problem::new(
        at,
        format!("this is not a key set that can be used: {what}"),
        "a JSON web key set with a public RSA key of 2048 bits or more, or one on P-256",
    )
}
