//! The fence: a fake signs nothing that a live NHS service could be shown.

use url::Url;

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fake signs nothing for {0}, which may be a live service")]
pub struct OutOfBounds(String);

/// The domains under which live services are found.
const LIVE_DOMAINS: [&str; 2] = ["nhs.uk", "nhs.net"];
/// Live services that are known by a name without a host.
const LIVE_NAMES: [&str; 1] = ["urn:amazon:cognito:sp:eu-west-2_aSGTWdnmj"];

/// Refuses an audience or an address on the live list.
pub(super) fn within(names: &[&str]) -> Result<(), OutOfBounds> {
    match names.iter().find(|name| is_live(name)) {
        Some(name) => Err(OutOfBounds((*name).to_owned())),
        None => Ok(()),
    }
}

fn is_live(name: &str) -> bool {
    if LIVE_NAMES.contains(&name) {
        return true;
    }
    // An entity ID may be a bare host name; as an address it would be this host.
    let url = Url::parse(name).or_else(|_no_scheme| Url::parse(&format!("https://{name}")));
    let host = url
        .ok()
        .and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    host.is_some_and(|host| {
        let host = host.trim_end_matches('.');
        LIVE_DOMAINS.iter().any(|domain| {
            host == *domain || host.strip_suffix(domain).is_some_and(|left| left.ends_with('.'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_hosts_are_out_of_bounds_however_they_are_spelt() {
        for name in [
            "https://rota.example.nhs.uk/saml/acs",
            "https://NHS.NET/",
            "https://fs.nhs.net.:443/adfs/ls/",
            "http://x.nhs.uk",
            "https:\\\\x.nhs.uk",
            "rota.trust.nhs.uk",
            "urn:amazon:cognito:sp:eu-west-2_aSGTWdnmj",
        ] {
            assert_eq!(
                within(&["urn:rota", name]),
                Err(OutOfBounds(name.to_owned())),
                "{name}"
            );
        }
    }

    #[test]
    fn everybody_else_is_within() {
        for name in [
            "http://127.0.0.1:8080/saml/nhsmail/acs",
            "https://nhs.uk.example.test/acs",
            "https://notnhs.uk/",
            "urn:rota",
            "https://fake.nhs.net.invalid/",
        ] {
            assert_eq!(within(&[name]), Ok(()), "{name}");
        }
    }
}
