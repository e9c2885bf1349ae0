//! Hostile targets that others have collected, each kind beside a good neighbour.

use super::*;

const HOSTILE: &str = include_str!("../../../fixtures/redirects/hostile.txt");
const GOOD: &str = include_str!("../../../fixtures/redirects/good.txt");

fn parse(text: &str) -> Result<ReturnTo, UnsafeTarget> {
    let origin = |text: &str| Origin::parse(text).unwrap();
    let allowed = [
        origin("https://www.whitelisteddomain.tld"),
        origin("https://rota.example.test:8443"),
    ];
    ReturnTo::parse(text, &allowed, &origin("https://bridge.example.test"))
}

#[test]
fn ap_13_every_target_on_the_hostile_list_is_refused() {
    let targets: Vec<&str> = HOSTILE.split('\n').filter(|line| !line.is_empty()).collect();
    assert!(targets.len() > 800, "the list is whole");
    let taken: Vec<_> = targets.iter().filter(|target| parse(target).is_ok()).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn ap_13_their_good_neighbours_are_taken_as_they_are() {
    for target in GOOD.lines() {
        assert_eq!(parse(target).map(|to| to.to_string()), Ok(target.to_owned()));
    }
}

#[test]
fn ap_13_each_kind_of_hostile_target_is_refused_for_its_reason() {
    let long = format!("/{}", "a".repeat(LONGEST));
    let cases = [
        ("", UnsafeTarget::Elsewhere),
        ("rota", UnsafeTarget::Elsewhere),
        ("javascript:alert(1)", UnsafeTarget::Elsewhere),
        ("https:rota", UnsafeTarget::Elsewhere),
        ("https://elsewhere.example.test/", UnsafeTarget::Elsewhere),
        ("http://bridge.example.test/", UnsafeTarget::Elsewhere),
        ("HTTPS://bridge.example.test/", UnsafeTarget::Elsewhere),
        ("https://bridge.example.test.evil/", UnsafeTarget::Elsewhere),
        ("https://bridge.example.test@evil/", UnsafeTarget::Elsewhere),
        ("https://bridge.example.test:443/", UnsafeTarget::Elsewhere),
        ("https://rota.example.test/", UnsafeTarget::Elsewhere),
        ("https://rota.example.test:84430/", UnsafeTarget::Elsewhere),
        ("//elsewhere.example.test", UnsafeTarget::Ambiguous),
        ("/rota//elsewhere", UnsafeTarget::Ambiguous),
        ("https://bridge.example.test//elsewhere", UnsafeTarget::Ambiguous),
        ("/%2felsewhere", UnsafeTarget::Ambiguous),
        ("/%252felsewhere", UnsafeTarget::Ambiguous),
        ("/%5celsewhere", UnsafeTarget::Ambiguous),
        ("/%25252525252f", UnsafeTarget::Ambiguous),
        ("/rota/../admin", UnsafeTarget::Ambiguous),
        ("/rota/%2e%2E/admin", UnsafeTarget::Ambiguous),
        ("/\\elsewhere", UnsafeTarget::Characters),
        ("\\\\elsewhere", UnsafeTarget::Characters),
        ("/ro\tta", UnsafeTarget::Characters),
        ("/rota\r\nX: y", UnsafeTarget::Characters),
        ("/rota%0d%0aX:%20y", UnsafeTarget::Characters),
        ("/rota?x=%0A", UnsafeTarget::Characters),
        ("/rota%", UnsafeTarget::Characters),
        ("/rota%zz", UnsafeTarget::Characters),
        ("/rota%ff", UnsafeTarget::Characters),
        (" /rota", UnsafeTarget::Characters),
        ("/rotä", UnsafeTarget::Characters),
        ("/\"onload=", UnsafeTarget::Characters),
        (&long, UnsafeTarget::TooLong),
    ];
    for (target, refusal) in cases {
        assert_eq!(parse(target), Err(refusal), "{target:?}");
    }
}

#[test]
fn whatever_is_taken_a_browser_resolves_to_an_origin_on_the_list() {
    let base = url::Url::parse("https://bridge.example.test/sign-in").unwrap();
    let known = [
        "https://bridge.example.test",
        "https://www.whitelisteddomain.tld",
        "https://rota.example.test:8443",
    ];
    for target in GOOD.lines() {
        let resolved = base.join(parse(target).unwrap().as_str()).unwrap();
        let origin = resolved.origin().ascii_serialization();
        assert!(known.contains(&origin.as_str()), "{target}");
    }
}

proptest::proptest! {
    #[test]
    fn ap_13_no_text_at_all_leads_elsewhere(text in "[/\\\\:@.?#%a-f0-9htps \\t-]{0,40}") {
        if let Ok(target) = parse(&text) {
            let base = url::Url::parse("https://bridge.example.test/sign-in").unwrap();
            let origin = base.join(target.as_str()).unwrap().origin().ascii_serialization();
            proptest::prop_assert_eq!(origin, "https://bridge.example.test");
        }
    }
}
