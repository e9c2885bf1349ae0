//! Attacks, each beside the genuine message it was made from: under one configuration the one is refused and the
//! other accepted, so that nothing but the attack can be the reason.

use super::index::{Case, INDEX};
use super::judge::{Grants, judge, signed_in};

#[test]
fn every_attack_is_refused_where_the_message_it_was_made_from_is_accepted() {
    let made = INDEX
        .of_kind("response")
        .filter_map(|case| Some((case, case.derived_from.as_ref()?)));
    let (mut refused, mut live) = (0, 0);
    for (attack, base) in made.filter(|(case, _)| case.expected == "reject") {
        let base = INDEX
            .cases
            .iter()
            .find(|case| case.file == *base)
            .expect("the base is in the index");
        let sp = attack.sp.as_ref().expect("an attack has a configuration");
        assert!(
            judge(base.message(), sp, Grants::Everything).accepted,
            "{} is genuine",
            base.file
        );
        let verdict = judge(attack.message(), sp, Grants::Everything);
        assert!(!verdict.accepted, "{} ({:?})", attack.file, attack.attack);
        refused += 1;
        live += usize::from(attack.live);
    }
    println!("corpus: {refused} attacks refused beside their genuine message, {live} of them live");
    assert!(live > 30, "the corpus has more live attacks than {live}");
}

/// What the standard lets anyone do to a message changes nothing that is believed.
#[test]
fn a_harmless_change_is_refused_or_says_what_the_genuine_message_says() {
    let made = INDEX
        .of_kind("response")
        .filter(|case| case.derived_from.is_some() && case.expected != "reject");
    let mut accepted = 0;
    for case in made {
        let sp = case.sp.as_ref().expect("a derived message has a configuration");
        let request = super::judge::request(case.message(), sp, Grants::Everything);
        let identity = signed_in(&request);
        assert!(
            identity.is_none() || identity == case.result,
            "{}: {identity:?}",
            case.file
        );
        accepted += usize::from(identity.is_some());
        assert!(
            identity.is_some() || case.expected == "either",
            "{} must be accepted",
            case.file
        );
    }
    println!("corpus: {accepted} harmless changes accepted with the same person");
}

/// Products that look at the person only: whoever an attack names must not come out, whatever the verdict.
#[test]
fn nobody_whom_only_an_unsigned_part_names_is_ever_identified() {
    let mut looked_at = 0;
    for case in INDEX.of_kind("response").filter(|case| is_a_forgery(case)) {
        let Some(forbidden) = case
            .must_not_yield
            .as_ref()
            .and_then(|forbidden| forbidden.name_id.as_ref())
        else {
            continue;
        };
        let sp = case.sp.as_ref().expect("a forgery has a configuration");
        let identity = judge(case.message(), sp, Grants::Everything).identity;
        let name = identity.and_then(|identity| identity.name_id);
        assert_ne!(name.as_ref(), Some(forbidden), "{}", case.file);
        looked_at += 1;
    }
    println!("corpus: {looked_at} forgeries identify nobody");
    assert!(looked_at > 30, "the corpus has more forgeries than {looked_at}");
}

/// A reject whose reasons are in the signature: nothing that it names was ever signed for.
fn is_a_forgery(case: &Case) -> bool {
    let unsigned = [
        "neither Response nor Assertion is signed",
        "signature does not verify",
        "does not name the element",
    ];
    case.expected == "reject"
        && case
            .reasons
            .iter()
            .any(|reason| unsigned.iter().any(|words| reason.contains(words)))
}
