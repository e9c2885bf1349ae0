//! `Origin`: a scheme, a host and perhaps a port, written exactly as a browser writes it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

use crate::platform::environment::Environment;

/// The origin of a web site (RFC 6454), kept byte for byte: `https://rota.example.nhs.uk`.
///
/// Only the one spelling a browser would send is accepted, so that comparing the text is comparing the origin.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    text: String,
    is_loopback: bool,
}

/// Why a text is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoOrigin {
    /// Not an absolute http or https address.
    #[error("this is not an http or https address")]
    NotAnAddress,
    /// It is one, but says more than an origin or says it in another spelling.
    #[error("only scheme, host and port belong here: write {0}")]
    OtherSpelling(String),
}

impl Origin {
    /// Reads an origin from `text`.
    pub fn parse(text: &str) -> Result<Self, NoOrigin> {
        let url = Url::parse(text).map_err(|_cause| NoOrigin::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NoOrigin::NotAnAddress);
        }
        let written = url.origin().ascii_serialization();
        if written != text {
            return Err(NoOrigin::OtherSpelling(written));
        }
        let is_loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        };
        Ok(Self {
            text: written,
            is_loopback,
        })
    }

    /// The text, byte for byte as it was configured.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone, as it stands in the text.
    pub fn host(&self) -> &str {
        let authority = self.text.split_once("://").map_or("", |(_, authority)| authority);
        let end = if authority.starts_with('[') {
            authority.find(']').map(|at| at + 1)
        } else {
            authority.find(':')
        };
        authority
            .split_at_checked(end.unwrap_or(authority.len()))
            .map_or(authority, |(host, _)| host)
    }

    /// True for `https`.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// True if the host is this machine: `127.0.0.0/8`, `::1`, `localhost` or a name under it.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// True if a session may travel there: https, or plain http that stays on this machine, in `test` only.
    pub fn is_safe_in(&self, environment: Environment) -> bool {
        self.is_https() || (self.is_loopback && environment == Environment::Test)
    }

    /// The absolute address of `path`, which starts with `/`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.text)
    }
}

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_byte_for_byte() {
        for text in [
            "https://bridge.example.nhs.uk",
            "http://127.0.0.1:8080",
            "https://[::1]:8443",
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn another_spelling_is_refused_with_the_one_to_write() {
        let right = NoOrigin::OtherSpelling("https://bridge.example.nhs.uk".to_owned());
        for text in [
            "https://bridge.example.nhs.uk/",
            "https://bridge.example.nhs.uk/path",
            "https://bridge.example.nhs.uk:443",
            "https://Bridge.example.nhs.uk",
            "https://someone@bridge.example.nhs.uk",
            "https:\\\\bridge.example.nhs.uk",
        ] {
            assert_eq!(Origin::parse(text).unwrap_err(), right, "{text}");
        }
    }

    #[test]
    fn what_is_not_http_is_no_origin() {
        for text in [
            "",
            "bridge.example.nhs.uk",
            "urn:a:b",
            "javascript:alert(1)",
            "null",
        ] {
            assert_eq!(Origin::parse(text).unwrap_err(), NoOrigin::NotAnAddress, "{text}");
        }
    }

    #[test]
    fn the_host_is_what_stands_before_the_port() {
        for (text, host) in [
            ("https://bridge.example.nhs.uk", "bridge.example.nhs.uk"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("https://[::1]:8443", "[::1]"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().host(), host);
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let loopback = |text: &str| Origin::parse(text).unwrap().is_loopback();
        assert!(
            loopback("http://127.0.0.1:8080") && loopback("http://localhost") && loopback("http://[::1]")
        );
        assert!(!loopback("http://127.0.0.1.example.org") && !loopback("http://10.0.0.1"));
    }
}
