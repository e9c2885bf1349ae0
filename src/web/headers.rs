//! The security headers of every answer.
//!
//! A page may load our stylesheet and post to us; anything else needs a reason that is visible here. Pages are
//! never stored, never framed and tell no site where the person came from. A form of theirs therefore arrives with
//! `Origin: null` (Fetch 3.2), so whoever judges where a form came from reads `Sec-Fetch-Site` and the form's token.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::platform::random::{NoRandomness, Random};

/// 128 random bits that let one script of one answer run (CSP 3, 2.3.1).
#[derive(Debug, Clone)]
pub struct Nonce(String);

/// Whether the browser reaches us over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `https`: the browser is told never to use anything else.
    Https,
    /// Plain `http`, for loopback only.
    PlainHttp,
}

/// What one page is allowed beyond our stylesheet and forms that stay with us.
#[derive(Debug, Clone, Copy)]
pub struct PagePolicy<'a> {
    /// How the browser reaches us.
    pub transport: Transport,
    /// The nonce of the page's script; `None` where it has none.
    pub script: Option<&'a Nonce>,
    /// Other origins to which a form's answer may redirect. Chromium holds redirects after a form's POST against
    /// `form-action`, so a page whose form ends at an application must name the application's origin.
    pub form_action: &'a [&'a str],
}

impl Nonce {
    /// A fresh nonce.
    ///
    /// # Errors
    /// When the machine has no randomness to give; the page must not be sent then.
    pub fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut octets = [0; 16];
        random.fill(&mut octets)?;
        Ok(Self(STANDARD.encode(octets)))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PagePolicy<'_> {
    /// The policy of a page without script, all of whose forms stay with us.
    pub fn plain(transport: Transport) -> Self {
        PagePolicy {
            transport,
            script: None,
            form_action: &[],
        }
    }

    /// The headers of a page under this policy, its `Content-Type` among them.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = no_store(self.transport);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content_security_policy());
        headers
    }

    /// The same for a page whose script asks us: about the session, say.
    pub fn headers_of_asking(&self) -> HeaderMap {
        let mut headers = self.headers();
        let policy = headers.get(header::CONTENT_SECURITY_POLICY);
        let policy = policy.and_then(|policy| policy.to_str().ok()).unwrap_or_default();
        if let Ok(policy) = HeaderValue::from_str(&format!("{policy}; connect-src 'self'")) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers
    }

    /// The same for a page that holds frames with these addresses, and no other.
    pub fn headers_with_frames(&self, addresses: &[&str]) -> HeaderMap {
        let mut headers = self.headers();
        let mut origins: Vec<String> = addresses
            .iter()
            .filter_map(|address| origin_of(address))
            .collect();
        origins.dedup();
        let policy = headers.get(header::CONTENT_SECURITY_POLICY);
        let policy = policy.and_then(|policy| policy.to_str().ok()).unwrap_or_default();
        let policy = format!("{policy}; frame-src {}", origins.join(" "));
        if let Some(policy) = HeaderValue::from_str(&policy)
            .ok()
            .filter(|_| !origins.is_empty())
        {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers
    }

    fn content_security_policy(&self) -> HeaderValue {
        let mut policy = String::from(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; \
             form-action 'self'",
        );
        for origin in self.form_action.iter().filter_map(|address| origin_of(address)) {
            policy.push(' ');
            policy.push_str(&origin);
        }
        if let Some(Nonce(nonce)) = self.script {
            policy.push_str("; script-src 'nonce-");
            policy.push_str(nonce);
            policy.push('\'');
        }
        // Every part is printable ASCII; a policy that were not must forbid everything, not nothing.
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// The headers of an answer that is neither a page nor kept: JSON, redirects, plain words.
pub fn no_store(transport: Transport) -> HeaderMap {
    let mut headers = common(transport);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    );
    headers
}

/// The headers of a file whose address names its content: it may be kept for a year.
pub fn for_ever(transport: Transport) -> HeaderMap {
    let mut headers = common(transport);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers
}

fn common(transport: Transport) -> HeaderMap {
    const SAME_FOR_ALL: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    let mut headers: HeaderMap = SAME_FOR_ALL
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
    if transport == Transport::Https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000"),
        );
    }
    headers
}

/// The origin of an http or https address, whose port may be any (`:*`). Anything else is left out: a policy must not be
/// written by its values.
fn origin_of(address: &str) -> Option<String> {
    if let Some(any_port) = address.strip_suffix(":*") {
        return origin_of(any_port).map(|origin| format!("{origin}:*"));
    }
    let url = Url::parse(address).ok()?;
    // A host may have a star in it, and a policy would take it for every host.
    let is_one_host = url.host_str().is_some_and(|host| !host.contains('*'));
    (is_one_host && matches!(url.scheme(), "http" | "https")).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    fn policy_of(policy: PagePolicy<'_>) -> String {
        let headers = policy.headers();
        headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn ap_10_a_page_carries_a_policy_no_store_no_referrer_and_frame_denial() {
        let headers = PagePolicy::plain(Transport::Https).headers();
        let value = |name: &str| headers[name].to_str().unwrap();
        assert_eq!(
            value("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; \
             form-action 'self'"
        );
        assert_eq!(value("cache-control"), "no-store");
        assert_eq!(value("referrer-policy"), "no-referrer");
        assert_eq!(value("x-frame-options"), "DENY");
        assert_eq!(value("x-content-type-options"), "nosniff");
        assert_eq!(value("cross-origin-opener-policy"), "same-origin");
        assert_eq!(value("strict-transport-security"), "max-age=63072000");
    }

    #[test]
    fn ap_10_only_a_script_with_this_answers_nonce_may_run() {
        let random = SeededRandom::from_seed(1);
        let (one, two) = (Nonce::draw(&random).unwrap(), Nonce::draw(&random).unwrap());
        assert_ne!(one.to_string(), two.to_string());
        let plain = PagePolicy::plain(Transport::Https);
        assert!(!policy_of(plain).contains("script-src"));
        let with_script = policy_of(PagePolicy {
            script: Some(&one),
            ..plain
        });
        assert!(
            with_script.contains(&format!("script-src 'nonce-{one}'")),
            "{with_script}"
        );
        assert!(!with_script.contains("unsafe"));
    }

    #[test]
    fn only_a_page_that_asks_us_may_connect_and_only_to_us() {
        let plain = PagePolicy::plain(Transport::Https);
        assert!(!policy_of(plain).contains("connect-src"));
        let asking = plain.headers_of_asking();
        let policy = asking[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert_eq!(policy, format!("{}; connect-src 'self'", policy_of(plain)));
    }

    #[test]
    fn a_form_may_end_at_a_named_origin_and_a_name_cannot_write_the_policy() {
        let form_action = [
            "https://rota.example:8443/shift?x=1",
            "x'; script-src *",
            "javascript:1",
            "http://[::1]:81",
            "http://127.0.0.1:*",
            "https://*:*",
        ];
        let policy = policy_of(PagePolicy {
            form_action: &form_action,
            ..PagePolicy::plain(Transport::Https)
        });
        assert!(
            policy
                .ends_with("form-action 'self' https://rota.example:8443 http://[::1]:81 http://127.0.0.1:*"),
            "{policy}"
        );
    }

    #[test]
    fn a_page_with_frames_names_their_origins_and_no_other() {
        let policy = |addresses: &[&str]| {
            let headers = PagePolicy::plain(Transport::Https).headers_with_frames(addresses);
            headers[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .to_owned()
        };
        let framed = policy(&[
            "https://rota.example/out?a=1",
            "javascript:1",
            "https://ward.example:8443/",
        ]);
        assert!(
            framed.ends_with("; frame-src https://rota.example https://ward.example:8443"),
            "{framed}"
        );
        assert!(!policy(&[]).contains("frame-src"));
    }

    #[test]
    fn plain_http_is_not_told_to_insist_on_tls() {
        let headers = PagePolicy::plain(Transport::PlainHttp).headers();
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn what_is_not_a_page_is_not_kept_and_what_never_changes_is() {
        assert_eq!(no_store(Transport::Https)[header::CACHE_CONTROL], "no-store");
        assert!(
            for_ever(Transport::Https)[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
    }
}
