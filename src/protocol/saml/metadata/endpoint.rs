//! The services of an identity provider: a binding and an address each.

use serde::Serialize;
use url::Url;

use crate::protocol::saml::metadata::{Findings, MetadataWarning};
use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, METADATA};
use crate::protocol::saml::xml::ElementRef;

/// One `SingleSignOnService` or `SingleLogoutService` (SAML Metadata 2.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// `Binding`, the whole name.
    pub binding: String,
    /// `Location`, byte for byte.
    pub location: String,
    /// `ResponseLocation`: where responses go, if not to `Location`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_location: Option<String>,
    /// Whether a browser can be sent there.
    pub usable: bool,
}

impl Endpoint {
    /// True if a browser can be sent there by HTTP-Redirect.
    pub fn is_redirect(&self) -> bool {
        self.usable && self.binding == BINDING_REDIRECT
    }
}

/// The services named `local` of a role, in order.
pub(super) fn read(role: ElementRef<'_, '_>, local: &str, findings: &mut Findings) -> Vec<Endpoint> {
    let services = role.children_named(METADATA, local);
    services.map(|service| read_one(service, findings)).collect()
}

fn read_one(service: ElementRef<'_, '_>, findings: &mut Findings) -> Endpoint {
    let binding = service.attribute("Binding").unwrap_or_default();
    let location = service.attribute("Location").unwrap_or_default();
    let response_location = service.attribute("ResponseLocation");
    let trouble = trouble_of(binding, location, response_location);
    if let Some(trouble) = trouble {
        let why = format!("{}: {trouble}", service.local());
        findings.warn(MetadataWarning::UnusableEndpoint { why });
    } else if is_plain(location) {
        findings.warn(MetadataWarning::PlainHttp {
            location: location.to_owned(),
        });
    }
    Endpoint {
        binding: binding.to_owned(),
        location: location.to_owned(),
        response_location: response_location.map(ToOwned::to_owned),
        usable: trouble.is_none(),
    }
}

fn trouble_of(binding: &str, location: &str, response_location: Option<&str>) -> Option<&'static str> {
    if binding != BINDING_REDIRECT && binding != BINDING_POST {
        return Some("its binding is neither HTTP-Redirect nor HTTP-POST");
    }
    let good = is_web_address(location) && response_location.is_none_or(is_web_address);
    (!good).then_some("its address is not an absolute http or https address")
}

/// True for an absolute http or https address that every reader takes for the same: nothing relative, nothing
/// with another scheme (`javascript:`), no template, no fragment, no white space, no name and password.
pub(super) fn is_web_address(text: &str) -> bool {
    let odd = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '#' | '{' | '}' | '\\' | '<' | '>' | '"')
    };
    let begins = text.starts_with("https://") || text.starts_with("http://");
    begins
        && !text.contains(odd)
        && Url::parse(text)
            .is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
}

fn is_plain(location: &str) -> bool {
    location.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_web_addresses_are_taken() {
        for good in ["https://idp.example/sso?a=1", "http://idp.example:8080/"] {
            assert!(is_web_address(good), "{good}");
        }
        let bad = [
            "",
            "/sso",
            "//idp.example/sso",
            "javascript:alert(1)",
            "https:idp.example",
            "https://",
            "https://idp.example/{tenantid}/saml2",
            "https://idp.example\\@evil.example/",
            "https://user@idp.example/",
            " https://idp.example/",
            "ftp://idp.example/",
            "https://idp.example/#sso",
        ];
        for bad in bad {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
