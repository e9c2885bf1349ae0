//! Rules on `Conditions`: for whom, from when and until when the assertion speaks.

use crate::protocol::saml::response::{Conditions, Stated};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};

const CLOCKS: &str = "Start again. If it happens every time, check both clocks.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "conditions-present",
        clause: "SAML Profiles 4.1.4.2; SP-19",
        who: Who::IdentityProvider,
        remedy: "Send one Conditions.",
        check: present,
    },
    Rule {
        id: "conditions-not-before",
        clause: "SAML Core 2.5.1.2; SP-20",
        who: Who::Both,
        remedy: CLOCKS,
        check: not_before,
    },
    Rule {
        id: "conditions-not-on-or-after",
        clause: "SAML Core 2.5.1.2; SP-20",
        who: Who::Person,
        remedy: CLOCKS,
        check: not_on_or_after,
    },
    Rule {
        id: "conditions-known",
        clause: "SAML Core 2.5.1.1; attack A21",
        who: Who::IdentityProvider,
        remedy: "Leave out conditions that this service cannot understand.",
        check: known,
    },
    Rule {
        id: "audience-present",
        clause: "SAML Profiles 4.1.4.2; SP-19",
        who: Who::IdentityProvider,
        remedy: "Name our entity ID as the audience.",
        check: audience_present,
    },
    Rule {
        id: "audience-names-us",
        clause: "SAML Core 2.5.1.4; SP-19",
        who: Who::Both,
        remedy: "Compare the registered identifier with our entity ID, letter by letter.",
        check: audience_names_us,
    },
];

fn only<'c>(case: &'c Case<'_>) -> Option<&'c Conditions> {
    match case.stated()?.conditions.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn present<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let count = assertion.conditions.len();
    Note::on("Assertion/Conditions", "one", count.to_string()).holds_if(count == 1)
}

fn not_before<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(conditions) = only(case) else {
        return Finding::NotReached;
    };
    let expected = format!(
        "absent or not later than {}",
        Stated::At(case.terms.now).describe()
    );
    let holds = match conditions.not_before {
        Stated::Absent => true,
        Stated::Unreadable => false,
        Stated::At(begin) => begin <= case.terms.now + case.terms.skew,
    };
    Note::on(
        "Conditions/@NotBefore",
        expected,
        conditions.not_before.describe(),
    )
    .holds_if(holds)
}

/// On or after means that the very instant is too late, skew apart.
fn not_on_or_after<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(conditions) = only(case) else {
        return Finding::NotReached;
    };
    let expected = format!("absent or later than {}", Stated::At(case.terms.now).describe());
    let holds = match conditions.not_on_or_after {
        Stated::Absent => true,
        Stated::Unreadable => false,
        // Skew is taken from now: the last instant there is, which .NET writes for "never", has no later one.
        Stated::At(end) => case.terms.now - case.terms.skew < end,
    };
    Note::on(
        "Conditions/@NotOnOrAfter",
        expected,
        conditions.not_on_or_after.describe(),
    )
    .holds_if(holds)
}

fn known<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(conditions) = only(case) else {
        return Finding::NotReached;
    };
    let expected = "AudienceRestriction, OneTimeUse, ProxyRestriction";
    let actual = conditions.unknown.first().map_or("these", String::as_str);
    Note::on("Conditions/*", expected, actual).holds_if(conditions.unknown.is_empty())
}

fn audience_present<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(conditions) = only(case) else {
        return Finding::NotReached;
    };
    let present = !conditions.audience_restrictions.is_empty();
    Note::on(
        "Conditions/AudienceRestriction",
        "present",
        if present { "present" } else { "absent" },
    )
    .holds_if(present)
}

/// An audience that does not name us means that the assertion was made for someone else. Every restriction must
/// be met, not merely one.
fn audience_names_us<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(conditions) = only(case) else {
        return Finding::NotReached;
    };
    let us = case.terms.sp_entity_id;
    let other = conditions
        .audience_restrictions
        .iter()
        .find(|audiences| !audiences.iter().any(|a| a == us));
    match (conditions.audience_restrictions.is_empty(), other) {
        (true, _) => Finding::NotReached,
        (false, None) => Finding::Holds(Note::on("AudienceRestriction/Audience", us, us)),
        (false, Some(other)) => {
            Finding::Refuses(Note::on("AudienceRestriction/Audience", us, other.join(", ")))
        }
    }
}
