//! Logout tokens from the provider: `[oidc.NAME.backchannel_logout]`.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;

/// From where CIS2 (live) sends logout tokens, as its onboarding page prints it. It may change.
const CIS2_LIVE: [(Ipv4Addr, u8); 2] = [
    (Ipv4Addr::new(52, 142, 148, 70), 31),
    (Ipv4Addr::new(51, 143, 231, 182), 31),
];
/// The word that stands for these two.
const CIS2_LIVE_WORD: &str = "cis2-live";

/// Whether logout tokens are taken, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackchannelLogout {
    /// Whether the endpoint is there at all.
    pub enabled: bool,
    /// The networks a token may come from; empty: any. The signature decides in either case.
    pub allowed_sources: Vec<SourceRange>,
}

/// What the file says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenBackchannelLogout {
    /// Absent: as the door.
    pub enabled: Option<bool>,
    /// The networks.
    pub allowed_sources: Vec<SourceRange>,
}

/// A network, or a word for several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SourceRange {
    /// The two ranges of CIS2 live. Written `cis2-live`.
    Cis2Live,
    /// One network or one address.
    Network(IpNet),
}

/// Why a text is no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is neither a network such as 192.0.2.0/24 nor an address nor {CIS2_LIVE_WORD}")]
pub struct NoSourceRange;

impl BackchannelLogout {
    /// Whether a logout token may come from `address`.
    pub fn admits(&self, address: IpAddr) -> bool {
        self.allowed_sources.is_empty() || self.allowed_sources.iter().any(|it| it.contains(address))
    }
}

impl SourceRange {
    /// Whether `address` is in it. An IPv4 address written as IPv6 (`::ffff:…`) counts as itself.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Network(network) => network.contains(&address),
            Self::Cis2Live => CIS2_LIVE
                .iter()
                .filter_map(|&(first, length)| Ipv4Net::new(first, length).ok())
                .any(|network| IpNet::V4(network).contains(&address)),
        }
    }
}

impl TryFrom<String> for SourceRange {
    type Error = NoSourceRange;

    fn try_from(text: String) -> Result<Self, NoSourceRange> {
        if text == CIS2_LIVE_WORD {
            return Ok(Self::Cis2Live);
        }
        let network = text.parse::<IpNet>().ok();
        let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
        network.or_else(address).map(Self::Network).ok_or(NoSourceRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(ranges: &[&str]) -> BackchannelLogout {
        let ranges = ranges
            .iter()
            .map(|&it| SourceRange::try_from(it.to_owned()).expect("a range"));
        BackchannelLogout {
            enabled: true,
            allowed_sources: ranges.collect(),
        }
    }

    fn admitted(logout: &BackchannelLogout, address: &str) -> bool {
        logout.admits(address.parse().expect("an address"))
    }

    #[test]
    fn without_a_list_a_token_may_come_from_anywhere() {
        assert!(admitted(&from(&[]), "203.0.113.9"));
    }

    #[test]
    fn oi_14_cis2_live_is_its_four_addresses_and_no_other() {
        let cis2 = from(&["cis2-live"]);
        for inside in [
            "52.142.148.70",
            "52.142.148.71",
            "51.143.231.182",
            "51.143.231.183",
            "::ffff:52.142.148.70",
        ] {
            assert!(admitted(&cis2, inside), "{inside}");
        }
        for outside in [
            "52.142.148.69",
            "52.142.148.72",
            "51.143.231.181",
            "51.143.231.184",
            "::1",
        ] {
            assert!(!admitted(&cis2, outside), "{outside}");
        }
    }

    #[test]
    fn a_network_and_an_address_admit_themselves() {
        let both = from(&["192.0.2.0/24", "2001:db8::1"]);
        assert!(admitted(&both, "192.0.2.200") && admitted(&both, "2001:db8::1"));
        assert!(!admitted(&both, "192.0.3.1") && !admitted(&both, "2001:db8::2"));
        assert!(SourceRange::try_from("cis2".to_owned()).is_err());
    }
}
