//! `Provider`: the addresses of an OpenID provider, from its discovery document or from the configuration.
//!
//! Addresses are kept as they are written, `:443` included: one of them is the audience of our client assertions, and
//! is compared octet for octet (OpenID Connect Discovery 4.3).

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use serde::{Deserialize, Serialize};

use crate::platform::environment::Environment;
use crate::protocol::jose::json::strict_object;

type Document = ProviderMetadata<
    Beyond,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What the document says beyond OpenID Connect Discovery.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Beyond {
    /// RP-Initiated Logout 2.1.
    end_session_endpoint: Option<String>,
    /// RFC 8414.
    code_challenge_methods_supported: Option<Vec<String>>,
    /// RFC 9207.
    authorization_response_iss_parameter_supported: Option<bool>,
    /// RFC 9126.
    pushed_authorization_request_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for Beyond {}

/// The addresses of one provider, and what it can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where a code is exchanged; also the usual audience of a client assertion.
    pub token_endpoint: String,
    /// Where the person's details are.
    pub userinfo_endpoint: Option<String>,
    /// Where the provider's keys are.
    pub jwks_uri: String,
    /// Where a browser is sent to end the provider's session.
    pub end_session_endpoint: Option<String>,
    /// Where a request is pushed before the browser leaves (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Whether it lists PKCE with S256; `None`: it does not say.
    pub lists_s256: Option<bool>,
    /// Whether it names itself in every answer (RFC 9207).
    pub names_itself: bool,
}

/// Why a discovery document is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryFlaw {
    /// It is no JSON object, or one with a member twice.
    #[error("it is not one JSON object")]
    NotJson,
    /// A member is missing or of another type.
    #[error("a member is missing or of another type: {0}")]
    Shape(String),
    /// It is the document of another issuer, or not octet for octet of ours.
    #[error("its issuer is not the configured one")]
    OtherIssuer,
    /// An address is not https, or none at all.
    #[error("{0} is no https address")]
    Unsafe(&'static str),
    /// It has no token endpoint, without which there is no code flow.
    #[error("it names no token_endpoint")]
    NoTokenEndpoint,
    /// The code flow is not offered.
    #[error("it does not offer the response type code")]
    NoCodeFlow,
}

impl Provider {
    /// Reads the discovery document of `issuer`, as seen from `environment`.
    pub fn read(octets: &[u8], issuer: &str, environment: Environment) -> Result<Self, DiscoveryFlaw> {
        let object = strict_object(octets).map_err(|_flaw| DiscoveryFlaw::NotJson)?;
        if object.get("issuer").and_then(serde_json::Value::as_str) != Some(issuer) {
            return Err(DiscoveryFlaw::OtherIssuer);
        }
        let document: Document = serde_json::from_value(object.into())
            .map_err(|cause: serde_json::Error| DiscoveryFlaw::Shape(cause.to_string()))?;
        let offers_code = document
            .response_types_supported()
            .iter()
            .any(|types| types.as_slice() == [CoreResponseType::Code]);
        if !offers_code {
            return Err(DiscoveryFlaw::NoCodeFlow);
        }
        let token_endpoint = document.token_endpoint().ok_or(DiscoveryFlaw::NoTokenEndpoint)?;
        let beyond = document.additional_metadata().clone();
        let methods = beyond.code_challenge_methods_supported;
        let provider = Self {
            authorization_endpoint: document.authorization_endpoint().as_str().to_owned(),
            token_endpoint: token_endpoint.as_str().to_owned(),
            userinfo_endpoint: document.userinfo_endpoint().map(|url| url.as_str().to_owned()),
            jwks_uri: document.jwks_uri().as_str().to_owned(),
            end_session_endpoint: beyond.end_session_endpoint,
            pushed_authorization_request_endpoint: beyond.pushed_authorization_request_endpoint,
            lists_s256: methods.map(|methods| methods.iter().any(|method| method == "S256")),
            names_itself: beyond.authorization_response_iss_parameter_supported == Some(true),
        };
        provider.is_safe_in(environment)?;
        Ok(provider)
    }

    /// True if it speaks plain http, as only a test on this machine may.
    pub fn is_on_this_machine(&self) -> bool {
        self.token_endpoint.starts_with("http://")
    }

    /// Refuses an address that is not https. In a test, one on this machine will do.
    fn is_safe_in(&self, environment: Environment) -> Result<(), DiscoveryFlaw> {
        let optional = |name, url: &Option<String>| url.clone().map(|url| (name, url));
        let addresses = [
            Some(("authorization_endpoint", self.authorization_endpoint.clone())),
            Some(("token_endpoint", self.token_endpoint.clone())),
            Some(("jwks_uri", self.jwks_uri.clone())),
            optional("userinfo_endpoint", &self.userinfo_endpoint),
            optional("end_session_endpoint", &self.end_session_endpoint),
            optional(
                "pushed_authorization_request_endpoint",
                &self.pushed_authorization_request_endpoint,
            ),
        ];
        let mut unsafe_ones = addresses
            .into_iter()
            .flatten()
            .filter(|(_, url)| !is_safe(url, environment));
        match unsafe_ones.next() {
            Some((name, _)) => Err(DiscoveryFlaw::Unsafe(name)),
            None => Ok(()),
        }
    }
}

fn is_safe(url: &str, environment: Environment) -> bool {
    let Ok(url) = url::Url::parse(url) else {
        return false;
    };
    let has_host = url.host().is_some() && url.username().is_empty() && url.password().is_none();
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let is_https = url.scheme() == "https";
    let is_test = environment == Environment::Test && url.scheme() == "http" && is_loopback;
    has_host && url.fragment().is_none() && (is_https || is_test)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ISSUER: &str =
        "https://am.example.test:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/authorize"),
            "token_endpoint": format!("{ISSUER}/access_token"),
            "userinfo_endpoint": format!("{ISSUER}/userinfo"),
            "jwks_uri": format!("{ISSUER}/connect/jwk_uri"),
            "end_session_endpoint": format!("{ISSUER}/connect/endSession"),
            "response_types_supported": ["code", "code id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "PS512", "something new"],
            "code_challenge_methods_supported": ["plain", "S256"],
        })
    }

    fn with(name: &str, value: Value) -> Result<Provider, DiscoveryFlaw> {
        let mut document = document();
        document[name] = value;
        Provider::read(document.to_string().as_bytes(), ISSUER, Environment::Int)
    }

    #[test]
    fn oi_03_addresses_are_kept_octet_for_octet_with_the_port_they_print() {
        let provider = Provider::read(document().to_string().as_bytes(), ISSUER, Environment::Int).unwrap();
        assert_eq!(provider.token_endpoint, format!("{ISSUER}/access_token"));
        assert!(provider.token_endpoint.contains(":443/"));
        assert_eq!(provider.lists_s256, Some(true));
        assert!(!provider.names_itself);
    }

    #[test]
    fn oi_04_the_documents_issuer_is_the_configured_one_octet_for_octet() {
        for other in [
            ISSUER.replace(":443", ""),
            format!("{ISSUER}/"),
            ISSUER.to_uppercase(),
            ISSUER.replace("https", "http"),
            ISSUER.replace("am.", "evil."),
        ] {
            assert_eq!(
                with("issuer", other.clone().into()),
                Err(DiscoveryFlaw::OtherIssuer),
                "{other}"
            );
        }
        assert_eq!(with("issuer", json!([ISSUER])), Err(DiscoveryFlaw::OtherIssuer));
        assert_eq!(with("issuer", Value::Null), Err(DiscoveryFlaw::OtherIssuer));
    }

    #[test]
    fn oi_04_every_address_is_https() {
        for (name, bad) in [
            ("token_endpoint", "http://am.example.test/token"),
            ("jwks_uri", "http://127.0.0.1/keys"),
            ("userinfo_endpoint", "https://user:pass@am.example.test/"),
            ("authorization_endpoint", "https://am.example.test/a#b"),
            ("end_session_endpoint", "javascript:alert(1)"),
            ("pushed_authorization_request_endpoint", "file:///etc/passwd"),
        ] {
            assert_eq!(with(name, bad.into()), Err(DiscoveryFlaw::Unsafe(name)), "{bad}");
        }
    }

    #[test]
    fn a_fake_on_this_machine_may_speak_plain_http_and_nobody_else() {
        let read = |issuer: &str, environment| {
            let text = document().to_string().replace(ISSUER, issuer);
            Provider::read(text.as_bytes(), issuer, environment)
        };
        let here = "http://127.0.0.1:8083/openam";
        assert!(read(here, Environment::Test).is_ok());
        for (issuer, environment) in [
            (here, Environment::Int),
            (here, Environment::Live),
            ("http://192.0.2.1/openam", Environment::Test),
        ] {
            let refused = read(issuer, environment);
            assert!(
                matches!(refused, Err(DiscoveryFlaw::Unsafe(_))),
                "{issuer}: {refused:?}"
            );
        }
    }

    #[test]
    fn oi_04_what_is_no_discovery_document_is_refused() {
        let read = |text: &str| Provider::read(text.as_bytes(), ISSUER, Environment::Int);
        assert_eq!(read("<html>"), Err(DiscoveryFlaw::NotJson));
        let twice = document()
            .to_string()
            .replacen('{', &format!("{{\"issuer\":\"{ISSUER}\","), 1);
        assert_eq!(read(&twice), Err(DiscoveryFlaw::NotJson));
        for (name, bad) in [
            ("token_endpoint", json!(7)),
            ("jwks_uri", Value::Null),
            ("response_types_supported", json!("code")),
            ("authorization_endpoint", json!("not an address")),
        ] {
            assert!(matches!(with(name, bad), Err(DiscoveryFlaw::Shape(_))), "{name}");
        }
        assert_eq!(
            with("response_types_supported", json!(["id_token"])),
            Err(DiscoveryFlaw::NoCodeFlow)
        );
    }
}
