//! The discovery document (OpenID Connect Discovery 3).

use serde_json::{Map, Value, json};

use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::request::SCOPES;

const ACR_VALUES: [&str; 11] = [
    "AAL3_ANY",
    "AAL2_ANY",
    "AAL2_OR_AAL3_ANY",
    "AAL3_SMARTCARD",
    "AAL3_N3_SMARTCARD",
    "AAL3_CIS2_SMARTCARD",
    "AAL3_FIDO2",
    "AAL3_IOS",
    "AAL2_TOTP",
    "AAL2_NHSMAIL",
    "AAL1_USERPASS",
];

impl Provider {
    /// What the discovery document says.
    pub(super) fn discovery(&self) -> Value {
        let paths = self.shape.paths();
        let mut document = json!({
            "issuer": self.issuer(),
            "authorization_endpoint": self.endpoint(paths.authorize),
            "token_endpoint": self.endpoint(paths.token),
            "userinfo_endpoint": self.endpoint(paths.user_info),
            "jwks_uri": self.endpoint(paths.keys),
            "end_session_endpoint": self.endpoint(paths.end_session),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": [if self.shape.is_cis2() { "public" } else { "pairwise" }],
            "id_token_signing_alg_values_supported": ["RS256", "RS512"],
            "userinfo_signing_alg_values_supported": ["RS256", "RS512"],
            "token_endpoint_auth_methods_supported": [
                "private_key_jwt", "client_secret_jwt", "client_secret_post", "client_secret_basic"
            ],
            "token_endpoint_auth_signing_alg_values_supported": [
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "HS256", "HS384", "HS512"
            ],
            "code_challenge_methods_supported": ["S256"],
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": self.shape.is_cis2(),
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true
        });
        if let Some(document) = document.as_object_mut() {
            document.extend(self.of_the_shape());
        }
        document
    }

    fn of_the_shape(&self) -> Map<String, Value> {
        let more = if self.shape.is_cis2() {
            json!({ "scopes_supported": SCOPES, "acr_values_supported": ACR_VALUES })
        } else {
            json!({ "scopes_supported": ["openid", "profile", "email", "offline_access", "allatclaims"] })
        };
        more.as_object().cloned().unwrap_or_default()
    }
}
