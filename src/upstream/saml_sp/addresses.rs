//! The addresses of one connection, which an identity provider is told once and for all.

/// Where the identity provider of the connection `name` posts its answers, under our public address.
pub fn acs_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/saml/{name}/acs")
}

/// Where messages of single logout of the connection `name` go, in both directions, under our public address.
pub fn slo_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/saml/{name}/slo")
}

/// Where our metadata for the connection `name` is, under our public address.
pub fn metadata_url(public_url: &str, name: &str) -> String {
    format!("{public_url}/saml/{name}/metadata")
}
