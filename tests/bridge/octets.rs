//! Finding octets in octets, quick also where nothing is optimised: tests look through many megabytes.

/// The place of the first `wanted` in `octets`.
pub(crate) fn find(wanted: &[u8], octets: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = 0;
    loop {
        let rest = octets.get(at..)?;
        at += rest.iter().position(|octet| *octet == first)?;
        if octets[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

/// The places of every `wanted` in `octets`.
pub(crate) fn find_all(wanted: &[u8], octets: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = octets.get(at..).and_then(|rest| find(wanted, rest)) {
        found.push(at + next);
        at += next + wanted.len();
    }
    found
}

#[test]
fn what_is_there_is_found_and_nothing_else() {
    assert_eq!(find(b"ab", b"aab"), Some(1));
    assert_eq!(find(b"ab", b"aa"), None);
    assert_eq!(find_all(b"--", b"--a---"), [0, 3]);
}
