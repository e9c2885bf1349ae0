//! Where the provider is: by its discovery document, or address by address.

use serde::Deserialize;

use crate::upstream::oidc_rp::settings::{Preset, Settings};

/// What is appended to an issuer (OpenID Connect Discovery 4.1).
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// The addresses of a provider without a discovery document, byte for byte: `[oidc.NAME.endpoints]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// `authorization_endpoint`.
    pub authorization: String,
    /// `token_endpoint`.
    pub token: String,
    /// `jwks_uri`.
    pub jwks: String,
    /// `userinfo_endpoint`.
    #[serde(default)]
    pub userinfo: Option<String>,
    /// `end_session_endpoint`.
    #[serde(default)]
    pub end_session: Option<String>,
}

impl Endpoints {
    /// Every address that is stated, with its key.
    pub fn stated(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("authorization", Some(&self.authorization)),
            ("token", Some(&self.token)),
            ("jwks", Some(&self.jwks)),
            ("userinfo", self.userinfo.as_ref()),
            ("end_session", self.end_session.as_ref()),
        ];
        all.into_iter()
            .filter_map(|(key, address)| Some((key, address?.as_str())))
    }
}

impl Settings {
    /// Where the discovery document is: as set, else at the provider's usual place; `None` where the endpoints are
    /// stated instead. The document must name [`Settings::issuer`] byte for byte, wherever it was fetched.
    pub fn discovery_url(&self) -> Option<String> {
        if self.endpoints.is_some() {
            return None;
        }
        let usual = || match (self.preset, &self.tenant) {
            // Tokens of version 1 name an issuer that has no document of its own.
            (Preset::EntraOidc, Some(tenant)) if self.issuer == issuer_v1(tenant) => {
                format!("https://login.microsoftonline.com/{tenant}{WELL_KNOWN}")
            }
            _ => document_of(&self.issuer),
        };
        Some(self.discovery_url.clone().unwrap_or_else(usual))
    }
}

/// The name that Entra puts into tokens of version 1, with a slash at its end.
pub(super) fn issuer_v1(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

/// The usual place of the document: below the issuer, without its `:443`, as CIS2 documents it.
fn document_of(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    let without_port = issuer.strip_prefix("https://").and_then(|rest| {
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, format!("/{path}")),
            None => (rest, String::new()),
        };
        Some(format!("https://{}{path}", host.strip_suffix(":443")?))
    });
    format!("{}{WELL_KNOWN}", without_port.as_deref().unwrap_or(issuer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::oidc_rp::settings::{NHSMAIL_TENANT, examples};

    #[test]
    fn oi_03_the_documents_address_loses_the_port_and_the_issuer_keeps_it() {
        let settings = examples::cis2();
        assert!(settings.issuer.contains(":443/"));
        assert_eq!(
            settings.discovery_url().unwrap(),
            "https://am.nhsint.auth-ptl.cis2.spineservices.nhs.uk/openam/oauth2/realms/root/realms/NHSIdentity\
             /realms/Healthcare/.well-known/openid-configuration"
        );
    }

    #[test]
    fn only_the_default_port_of_https_is_left_out() {
        for (issuer, document) in [
            ("https://a.example:443", "https://a.example"),
            ("https://a.example:443/", "https://a.example"),
            ("https://a.example:4430/x", "https://a.example:4430/x"),
            ("https://a.example/x:443", "https://a.example/x:443"),
            ("http://127.0.0.1:443/x", "http://127.0.0.1:443/x"),
        ] {
            assert_eq!(document_of(issuer), format!("{document}{WELL_KNOWN}"), "{issuer}");
        }
    }

    #[test]
    fn entra_keeps_the_document_of_version_1_under_another_host() {
        let mut settings = examples::entra();
        let host = "https://login.microsoftonline.com";
        assert_eq!(
            settings.discovery_url().unwrap(),
            format!("{host}/{NHSMAIL_TENANT}/v2.0{WELL_KNOWN}")
        );
        settings.issuer = issuer_v1(NHSMAIL_TENANT);
        assert_eq!(
            settings.discovery_url().unwrap(),
            format!("{host}/{NHSMAIL_TENANT}{WELL_KNOWN}")
        );
    }

    #[test]
    fn a_stated_address_wins_and_stated_endpoints_need_no_document() {
        let mut settings = examples::cis2();
        settings.discovery_url = Some("https://elsewhere.example/doc".to_owned());
        assert_eq!(settings.discovery_url().unwrap(), "https://elsewhere.example/doc");
        settings.endpoints = Some(examples::endpoints());
        assert_eq!(settings.discovery_url(), None);
    }
}
