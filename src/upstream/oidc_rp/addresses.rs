//! The addresses of one connection, which an OpenID provider is told once and for all.

/// The redirect URI of the connection `name`, under our public address.
pub fn callback_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/oidc/{name}/callback")
}

/// Where the provider fetches the public halves of our client keys (`jwks_uri` of RFC 7591 2).
pub fn jwks_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/oidc/{name}/jwks.json")
}

/// Where the provider posts its logout tokens (`backchannel_logout_uri` of Back-Channel Logout 1.0, 2.2).
pub fn backchannel_logout_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/oidc/{name}/backchannel-logout")
}
