//! The addresses of one connection, which an identity provider is told once and for all.

/// Where the identity provider of the connection `name` posts its answers, under our public address.
pub fn acs_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/saml/{name}/acs")
}

/// Where our metadata for the connection `name` is, under our public address.
pub fn metadata_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/saml/{name}/metadata")
}
