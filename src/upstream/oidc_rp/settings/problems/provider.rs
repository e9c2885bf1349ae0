//! What can be wrong with where the provider is and what it is called.

use url::Url;

use crate::platform::problem::Problem;
use crate::upstream::oidc_rp::settings::provider::issuer_v1;
use crate::upstream::oidc_rp::settings::{Preset, Settings, UserInfo};

impl Settings {
    /// Each address is read as a URL only to be judged; what is used is the text itself.
    pub(super) fn address_problems(&self, at: &str) -> Vec<Problem> {
        let flaw = |key: &str, address: &str| {
            let Ok(url) = Url::parse(address) else {
                return Some("this is not an address");
            };
            let is_spaced = address.chars().any(|c| c.is_whitespace() || c.is_control());
            if is_spaced || !matches!(url.scheme(), "https" | "http") || !url.has_host() {
                Some("this is not an http or https address")
            } else if url.fragment().is_some() || (key == "issuer" && url.query().is_some()) {
                Some("an issuer has no query, and no address here has a fragment (Discovery 3)")
            } else if !url.username().is_empty() || url.password().is_some() {
                Some("an address of a provider names no user")
            } else {
                None
            }
        };
        let addresses = self.addresses().into_iter();
        addresses
            .filter_map(|(key, address)| {
                let what = flaw(&key, address)?;
                let instead =
                    "the address as the provider's discovery document or team states it, byte for byte";
                Some(Problem::new(format!("{at}.{key}"), what, instead))
            })
            .collect()
    }

    pub(super) fn tenant_problem(&self, at: &str) -> Option<Problem> {
        let tenant = self.tenant.as_deref()?;
        let is_guid = |text: &str| {
            let lengths = text.split('-').map(str::len);
            lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | '-'))
        };
        if !is_guid(tenant) {
            return Some(Problem::new(
                format!("{at}.tenant"),
                "this names no single tenant, so accounts from elsewhere would do",
                "the tenant's identifier, such as \"37c354b2-85b0-47f5-b222-07b48d774ee3\"",
            ));
        }
        let of_preset = Preset::EntraOidc.issuer(tenant);
        let is_of_tenant = of_preset.as_ref() == Some(&self.issuer) || self.issuer == issuer_v1(tenant);
        (!is_of_tenant).then(|| {
            Problem::new(
                format!("{at}.issuer"),
                "this is not how Entra names the tenant, in tokens of version 1 or 2",
                format!(
                    "remove the key, or \"{}\" for tokens of version 1",
                    issuer_v1(tenant)
                ),
            )
        })
    }

    /// Addresses that are needed and not stated, or stated twice.
    pub(super) fn provider_problems(&self, at: &str) -> Vec<Problem> {
        let Some(endpoints) = &self.endpoints else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        if self.discovery_url.is_some() {
            problems.push(Problem::new(
                format!("{at}.discovery_url"),
                "with [endpoints] no discovery document is read",
                "one of the two; the discovery document, if there is one",
            ));
        }
        if self.userinfo != UserInfo::None && endpoints.userinfo.is_none() {
            problems.push(Problem::new(
                format!("{at}.endpoints.userinfo"),
                "is missing, and UserInfo is to be asked",
                "the address of UserInfo, or userinfo = \"none\"",
            ));
        }
        if self.sign_out_upstream && endpoints.end_session.is_none() {
            problems.push(Problem::new(
                format!("{at}.endpoints.end_session"),
                "is missing, and signing out is to end the session there too",
                "the address of RP-initiated logout, or sign_out_upstream = false",
            ));
        }
        problems
    }
}
