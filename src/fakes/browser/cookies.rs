//! Cookies, as far as a sign-in depends on their rules (RFC 6265bis).

use url::{Host, Url};

use crate::platform::outbound::Send;

/// Who caused a request.
#[derive(Debug, Clone)]
pub(super) enum Initiator {
    /// A person typed the address.
    Person,
    /// A page at this address.
    Site(Url),
    /// A page of some other site.
    AnotherSite,
}

impl Initiator {
    fn is_same_site(&self, url: &Url) -> bool {
        match self {
            Self::Person => true,
            Self::Site(from) => from.scheme() == url.scheme() && from.host_str() == url.host_str(),
            Self::AnotherSite => false,
        }
    }

    /// The header `Origin`, as a form has it.
    pub(super) fn origin(&self) -> Option<String> {
        match self {
            Self::Person => None,
            Self::Site(from) => Some(from.origin().ascii_serialization()),
            Self::AnotherSite => Some("https://another.fake.nhsmail-bridge.invalid".to_owned()),
        }
    }

    /// The header `Sec-Fetch-Site`.
    pub(super) fn fetch_site(&self, url: &Url) -> &'static str {
        match self {
            Self::Person => "none",
            Self::Site(from) if from.origin() == url.origin() => "same-origin",
            Self::Site(_) if self.is_same_site(url) => "same-site",
            Self::Site(_) | Self::AnotherSite => "cross-site",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SameSite {
    Strict,
    Lax,
    None,
}

#[derive(Debug, Clone)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    path: String,
    secure: bool,
    same_site: SameSite,
}

/// The cookies of one browser. A cookie is for one host; `Domain` is not offered by anything here.
#[derive(Debug, Clone, Default)]
pub(super) struct Jar(Vec<Cookie>);

impl Jar {
    /// Takes one `Set-Cookie` from `url`, if the rules allow it.
    pub(super) fn take(&mut self, url: &Url, set: &str) {
        let Some((cookie, is_over)) = Cookie::read(url, set) else {
            return;
        };
        self.0.retain(|known| {
            (&known.name, &known.host, &known.path) != (&cookie.name, &cookie.host, &cookie.path)
        });
        if !is_over {
            self.0.push(cookie);
        }
    }

    /// The header `Cookie` for a request, if there is anything to say.
    pub(super) fn header_for(&self, url: &Url, send: Send<'_>, initiator: &Initiator) -> Option<String> {
        let is_post = matches!(send, Send::Form(_));
        let same_site = initiator.is_same_site(url);
        let fitting = self.0.iter().filter(|cookie| {
            let allowed = match cookie.same_site {
                SameSite::None => true,
                SameSite::Lax => same_site || !is_post,
                SameSite::Strict => same_site,
            };
            allowed && cookie.fits(url)
        });
        let pairs: Vec<_> = fitting
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

impl Cookie {
    /// The cookie, and whether this takes it away.
    fn read(url: &Url, set: &str) -> Option<(Self, bool)> {
        let mut parts = set.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            host: url.host_str()?.to_owned(),
            path: default_path(url),
            secure: false,
            same_site: SameSite::Lax,
        };
        let (mut is_over, mut has_domain) = (false, false);
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            match attribute.to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "domain" => has_domain = true,
                "samesite" => cookie.same_site = same_site(value),
                "max-age" => is_over = value.parse::<i64>().is_ok_and(|seconds| seconds <= 0),
                // The only past instant that servers write here is the beginning of time.
                "expires" => is_over |= value.contains(" 1970 "),
                _ => {}
            }
        }
        let is_host_cookie = cookie.secure && cookie.path == "/" && !has_domain;
        let prefix_holds = !cookie.name.starts_with("__Host-") || is_host_cookie;
        let secure_holds = !cookie.secure || is_trustworthy(url);
        // SameSite=None without Secure is refused by every present browser.
        let none_holds = cookie.same_site != SameSite::None || cookie.secure;
        (prefix_holds && secure_holds && none_holds).then_some((cookie, is_over))
    }

    fn fits(&self, url: &Url) -> bool {
        let path = url.path();
        let below = path
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        url.host_str() == Some(&self.host) && below && (!self.secure || is_trustworthy(url))
    }
}

fn same_site(value: &str) -> SameSite {
    match value.to_ascii_lowercase().as_str() {
        "strict" => SameSite::Strict,
        "none" => SameSite::None,
        _ => SameSite::Lax,
    }
}

fn default_path(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
        Some(_) | None => "/".to_owned(),
    }
}

/// Browsers treat their own machine like https.
fn is_trustworthy(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() == "https" || is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(set: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for set in set {
            jar.take(&url("http://127.0.0.1:8080/saml/a/acs"), set);
        }
        jar
    }

    #[test]
    fn a_post_from_another_site_carries_no_lax_cookie_and_everything_else_does() {
        let jar = jar(&[
            "a=1; Path=/; SameSite=Lax",
            "b=2; Path=/; SameSite=None; Secure",
            "c=3; Path=/; SameSite=Strict",
        ]);
        let to = url("http://127.0.0.1:8081/");
        let header = |send, initiator| jar.header_for(&to, send, &initiator).unwrap();
        assert_eq!(header(Send::Form(&[]), Initiator::AnotherSite), "b=2");
        assert_eq!(header(Send::Get, Initiator::AnotherSite), "a=1; b=2");
        assert_eq!(
            header(Send::Form(&[]), Initiator::Site(url("http://127.0.0.1:8082/"))),
            "a=1; b=2; c=3"
        );
        assert_eq!(header(Send::Get, Initiator::Person), "a=1; b=2; c=3");
    }

    #[test]
    fn a_cookie_goes_to_its_host_and_below_its_path_alone() {
        let jar = jar(&["a=1; Path=/saml", "b=2"]);
        let header = |to: &str| jar.header_for(&url(to), Send::Get, &Initiator::Person);
        assert_eq!(header("http://127.0.0.1/saml/a/slo").as_deref(), Some("a=1; b=2"));
        assert_eq!(header("http://127.0.0.1/saml").as_deref(), Some("a=1"));
        assert_eq!(header("http://127.0.0.1/samlother"), None);
        assert_eq!(header("http://localhost/saml"), None);
    }

    #[test]
    fn a_cookie_is_replaced_and_taken_away() {
        let to = url("http://127.0.0.1/");
        let held = |set: &[&str]| jar(set).header_for(&to, Send::Get, &Initiator::Person);
        assert_eq!(held(&["a=1; Path=/", "a=2; Path=/"]).as_deref(), Some("a=2"));
        assert_eq!(held(&["a=1; Path=/", "a=; Path=/; Max-Age=0"]), None);
        assert_eq!(
            held(&["a=1; Path=/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]),
            None
        );
    }

    #[test]
    fn a_host_cookie_must_be_secure_and_for_every_path() {
        let to = url("http://127.0.0.1/");
        let held = |set: &str| {
            jar(&[set])
                .header_for(&to, Send::Get, &Initiator::Person)
                .is_some()
        };
        assert!(held("__Host-a=1; Path=/; Secure"));
        assert!(!held("__Host-a=1; Path=/"));
        assert!(!held("__Host-a=1; Path=/; Secure; Domain=127.0.0.1"));
        assert!(!held("a=1; Path=/; SameSite=None"));
    }
}
