//! Every discovery document of the corpus: the usable ones are read with their issuer, and with no other.

use nhsmail_bridge::platform::environment::Environment;
use nhsmail_bridge::upstream::oidc_rp::discovery::{DiscoveryFlaw, Provider};

use super::index::{INDEX, read};

#[test]
fn oi_04_usable_documents_are_read_and_the_others_refused() {
    let (mut usable, mut refused) = (0, 0);
    for case in INDEX.of_kind("discovery") {
        let octets = read(&case.file);
        let issuer = case.issuer.as_ref().and_then(serde_json::Value::as_str);
        let verdict = Provider::read(
            &octets,
            issuer.unwrap_or("https://op.example.com"),
            Environment::Live,
        );
        match case.expected.as_str() {
            "usable" => {
                assert!(verdict.is_ok(), "{}: {verdict:?}", case.file);
                let other = format!("{}x", issuer.unwrap_or_default());
                let refused = Provider::read(&octets, &other, Environment::Live);
                assert_eq!(refused, Err(DiscoveryFlaw::OtherIssuer), "{}", case.file);
                usable += 1;
            }
            // A member that Discovery 3 requires is missing; we need not read such a document.
            "not usable" | "usable, with missing REQUIRED members" => {
                assert!(verdict.is_err(), "{}", case.file);
                refused += 1;
            }
            other => panic!("{}: {other}", case.file),
        }
    }
    println!("discovery: {usable} usable, {refused} refused");
    assert!(usable > 0 && refused > 0);
}
