//! `RedirectUri`: an address to which an answer may be sent.

use url::{Host, Url};

/// An address to which an answer may be sent, as it was registered. It is compared octet for octet, never as an address:
/// two readers may read one address in two ways (RFC 9700 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    port: Port,
}

/// Whether the port belongs to the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    Exact,
    /// A native application listens on whatever port is free on loopback (RFC 8252 7.3).
    Free,
}

/// Why an address is none to which an answer may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRedirectUri {
    /// Not an absolute http or https address in the spelling of browsers.
    #[error("this is not an absolute http or https address as browsers spell it")]
    NotAnAddress,
    /// A fragment (RFC 6749 3.1.2), a user name, or a wildcard.
    #[error("a fragment, a user name or a wildcard has no place here")]
    TooMuch,
    /// Plain http to another machine: anyone on the way could take the code.
    #[error("plain http is for loopback only")]
    PlainHttp,
}

impl RedirectUri {
    /// An address of a web application.
    ///
    /// # Errors
    /// [`NoRedirectUri`].
    pub fn of_web(text: &str) -> Result<Self, NoRedirectUri> {
        judge(text).map(|_url| Self {
            text: text.to_owned(),
            port: Port::Exact,
        })
    }

    /// An address of an application on somebody's machine: on loopback, by number, its port is free.
    ///
    /// # Errors
    /// [`NoRedirectUri`].
    pub fn of_native(text: &str) -> Result<Self, NoRedirectUri> {
        let url = judge(text)?;
        let port = if is_loopback_by_number(&url) {
            Port::Free
        } else {
            Port::Exact
        };
        Ok(Self {
            text: text.to_owned(),
            port,
        })
    }

    /// As it was registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if `asked` is this address.
    pub fn is(&self, asked: &str) -> bool {
        match self.port {
            Port::Exact => asked == self.text,
            Port::Free => is_but_for_the_port(&self.text, asked),
        }
    }

    /// True if whichever program of the machine has the port gets the answer.
    pub fn has_free_port(&self) -> bool {
        self.port == Port::Free
    }

    /// What a content security policy must allow where a form may end here: its origin, with any port where that is free.
    pub fn form_action(&self) -> String {
        match self.port {
            Port::Exact => self.origin(),
            Port::Free => {
                let host = without_port(&self.text).map_or(self.text.as_str(), |(host, _)| host);
                format!("http://{host}:*")
            }
        }
    }

    /// Its origin, as browsers write it.
    pub fn origin(&self) -> String {
        Url::parse(&self.text).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
    }

    /// Its host.
    pub fn host(&self) -> Option<String> {
        Some(Url::parse(&self.text).ok()?.host_str()?.to_owned())
    }
}

fn judge(text: &str) -> Result<Url, NoRedirectUri> {
    let url = Url::parse(text).map_err(|_cause| NoRedirectUri::NotAnAddress)?;
    let is_as_browsers_spell_it = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    if !matches!(url.scheme(), "http" | "https") || !is_as_browsers_spell_it {
        return Err(NoRedirectUri::NotAnAddress);
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.fragment().is_some() || has_user || text.contains('*') {
        return Err(NoRedirectUri::TooMuch);
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(NoRedirectUri::PlainHttp);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    is_loopback_by_number(url) || url.host_str() == Some("localhost")
}

fn is_loopback_by_number(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() && url.scheme() == "http",
        Some(Host::Ipv6(address)) => address.is_loopback() && url.scheme() == "http",
        Some(Host::Domain(_)) | None => false,
    }
}

/// Octet for octet but for a port of digits, which both, either or none may have.
fn is_but_for_the_port(registered: &str, asked: &str) -> bool {
    match (without_port(registered), without_port(asked)) {
        (Some(registered), Some(asked)) => registered == asked,
        _ => false,
    }
}

/// The host with its scheme, and what follows the port.
fn without_port(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("http://")?;
    let authority = rest.split(['/', '?']).next()?;
    let after = rest.get(authority.len()..)?;
    let host_ends = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at_checked(host_ends)?;
    let digits = port.strip_prefix(':');
    let is_port = port.is_empty()
        || digits.is_some_and(|digits| {
            digits.parse::<u16>().is_ok_and(|n| n > 0) && !digits.starts_with(['+', '0'])
        });
    is_port.then_some((host, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ap_01_a_redirect_address_is_compared_octet_for_octet() {
        let registered = RedirectUri::of_web("https://rota.example.nhs.uk/callback").unwrap();
        assert!(registered.is("https://rota.example.nhs.uk/callback"));
        for other in [
            "https://rota.example.nhs.uk/callback/",
            "https://rota.example.nhs.uk/callback?x=1",
            "https://rota.example.nhs.uk/callback#x",
            "https://rota.example.nhs.uk:443/callback",
            "https://ROTA.example.nhs.uk/callback",
            "https://rota.example.nhs.uk/%63allback",
            "https://rota.example.nhs.uk/x/../callback",
            "https://rota.example.nhs.uk.evil.example/callback",
            "http://rota.example.nhs.uk/callback",
            "https://rota.example.nhs.uk/callback ",
            "",
        ] {
            assert!(!registered.is(other), "{other}");
        }
    }

    #[test]
    fn ap_01_only_a_native_application_may_choose_its_port_and_only_on_loopback() {
        let native = RedirectUri::of_native("http://127.0.0.1/done").unwrap();
        for good in ["http://127.0.0.1/done", "http://127.0.0.1:49152/done"] {
            assert!(native.is(good), "{good}");
        }
        for bad in [
            "http://127.0.0.1:49152/other",
            "http://127.0.0.2:49152/done",
            "http://localhost:49152/done",
            "http://127.0.0.1:49152@evil.example/done",
            "http://127.0.0.1:/done",
            "http://127.0.0.1:0/done",
            "http://127.0.0.1:99999/done",
            "http://127.0.0.1.evil.example/done",
            "https://127.0.0.1:49152/done",
        ] {
            assert!(!native.is(bad), "{bad}");
        }
        let six = RedirectUri::of_native("http://[::1]/done").unwrap();
        assert!(six.is("http://[::1]:5000/done") && !six.is("http://[::2]:5000/done"));
        let claimed = RedirectUri::of_native("https://app.example/done").unwrap();
        assert!(!claimed.is("https://app.example:8443/done"));
        let web = RedirectUri::of_web("http://127.0.0.1:8081/done").unwrap();
        assert!(!web.is("http://127.0.0.1:8082/done"));
    }

    #[test]
    fn ap_01_what_could_be_read_in_two_ways_is_not_registered() {
        for (text, why) in [
            ("rota", NoRedirectUri::NotAnAddress),
            ("com.example.app:/done", NoRedirectUri::NotAnAddress),
            ("javascript:alert(1)", NoRedirectUri::NotAnAddress),
            ("https://ROTA.example/", NoRedirectUri::NotAnAddress),
            ("https://rota.example/a/../b", NoRedirectUri::NotAnAddress),
            ("https://rota.example/a b", NoRedirectUri::NotAnAddress),
            ("https://rota.example/#top", NoRedirectUri::TooMuch),
            ("https://me@rota.example/", NoRedirectUri::TooMuch),
            ("https://*.rota.example/", NoRedirectUri::TooMuch),
            ("http://rota.example/", NoRedirectUri::PlainHttp),
        ] {
            assert_eq!(RedirectUri::of_web(text), Err(why), "{text}");
            assert_eq!(RedirectUri::of_native(text), Err(why), "{text}");
        }
        assert!(RedirectUri::of_web("https://rota.example").is_ok());
    }
}
