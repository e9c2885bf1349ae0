//! Who is at the other end, as far as the reverse proxies that we know say it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;

use crate::web::state::WebState;

/// What proxies append: the address each of them was asked from, the newest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who is at the other end of the connection; unknown where there is none.
pub(crate) fn peer(connection: &Extensions) -> Option<IpAddr> {
    connection
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip().to_canonical())
}

/// True if the other end is a reverse proxy that we know.
pub(crate) fn is_trusted(state: &WebState, peer: IpAddr) -> bool {
    is_in(&state.settings.trusted_proxies, peer)
}

/// Who asked first: the other end, or the address nearest to us that no proxy of ours has.
pub(crate) fn client(state: &WebState, connection: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    client_behind(&state.settings.trusted_proxies, peer(connection)?, headers)
}

/// Nearest first, whatever a proxy that we know appended is believed; the first that is none of ours asked. What
/// stands further away was written by anybody.
fn client_behind(proxies: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    if !is_in(proxies, peer) {
        return Some(peer);
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .map(|line| line.to_str().unwrap_or("?"))
        .collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        // One that cannot be read hides whoever asked.
        let address = hop.trim().parse::<IpAddr>().ok()?.to_canonical();
        if !is_in(proxies, address) {
            return Some(address);
        }
    }
    None
}

fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> Option<String> {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let lines = forwarded
            .iter()
            .map(|line| (FORWARDED_FOR.parse().unwrap(), line.parse().unwrap()));
        let headers: HeaderMap = lines.collect();
        client_behind(&proxies, peer.parse().unwrap(), &headers).map(|address| address.to_string())
    }

    #[test]
    fn who_comes_by_no_proxy_of_ours_is_who_they_are() {
        let found = client("192.0.2.7", &["52.142.148.70"]);
        assert_eq!(found.as_deref(), Some("192.0.2.7"));
    }

    #[test]
    fn behind_our_proxies_the_nearest_stranger_asked() {
        assert_eq!(
            client("10.0.0.1", &["52.142.148.70"]).as_deref(),
            Some("52.142.148.70")
        );
        let chain = ["52.142.148.70, 192.0.2.7, 10.0.0.2"];
        assert_eq!(client("10.0.0.1", &chain).as_deref(), Some("192.0.2.7"));
        let lines = ["52.142.148.70", "192.0.2.8"];
        assert_eq!(client("10.0.0.1", &lines).as_deref(), Some("192.0.2.8"));
    }

    #[test]
    fn what_cannot_be_read_hides_whoever_asked() {
        assert_eq!(client("10.0.0.1", &["52.142.148.70, unknown"]), None);
        assert_eq!(client("10.0.0.1", &[]), None);
        assert_eq!(client("10.0.0.1", &["10.0.0.2"]), None);
    }
}
