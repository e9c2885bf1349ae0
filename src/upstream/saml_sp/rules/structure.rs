//! Rules on what stands where: one Response, one assertion, signatures only where they can be verified.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::protocol::saml::names::{ASSERTION, DSIG, PROTOCOL};
use crate::protocol::saml::signature::Signature;
use crate::protocol::saml::xml::{ElementRef, Tree, is_name_token};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};

const WRAPPING: &str = "This is the shape of a wrapping attack. Keep the message and find out who sent it.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "response-root",
        clause: "SAML Core 3.3.3; Bindings 3.5.4",
        who: Who::IdentityProvider,
        remedy: "Post a SAML 2.0 Response to this address: no other message belongs here.",
        check: root_is_response,
    },
    Rule {
        id: "response-version",
        clause: "SAML Core 3.2.2",
        who: Who::IdentityProvider,
        remedy: "Use SAML 2.0.",
        check: response_version,
    },
    Rule {
        id: "response-id",
        clause: "SAML Core 3.2.2, 1.3.4",
        who: Who::IdentityProvider,
        remedy: "Give the Response an ID.",
        check: response_id,
    },
    Rule {
        id: "document-unique-ids",
        clause: "SAML Core 1.3.4; XC-03",
        who: Who::IdentityProvider,
        remedy: WRAPPING,
        check: unique_ids,
    },
    Rule {
        id: "response-parts",
        clause: "SAML Core 3.2.2, 3.3.3",
        who: Who::IdentityProvider,
        remedy: WRAPPING,
        check: response_parts,
    },
];

/// What stands in a Response of success.
pub(super) const SIGNED_PARTS: &[Rule] = &[
    Rule {
        id: "assertion-one",
        clause: "SAML Profiles 4.1.4.2; SP-09",
        who: Who::IdentityProvider,
        remedy: "Send exactly one assertion.",
        check: one_assertion,
    },
    Rule {
        id: "assertion-place",
        clause: "SP-09, SP-10",
        who: Who::IdentityProvider,
        remedy: WRAPPING,
        check: assertions_in_place,
    },
    Rule {
        id: "signature-place",
        clause: "SAML Core 5.4.1; SP-10",
        who: Who::IdentityProvider,
        remedy: WRAPPING,
        check: signatures_in_place,
    },
    Rule {
        id: "signature-present",
        clause: "SAML Profiles 4.1.3.5; SP-07",
        who: Who::IdentityProvider,
        remedy: "Sign the Response or the assertion.",
        check: some_signature,
    },
];

fn root_is_response<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    Note::on("/", "samlp:Response", root.local()).holds_if(root.is(PROTOCOL, "Response"))
}

fn response_version<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let version = response.attribute("Version").unwrap_or("absent");
    Note::on("Response/@Version", "2.0", version).holds_if(version == "2.0")
}

fn response_id<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    names_itself("Response/@ID", response.attribute("ID"))
}

/// An identifier is one word without quotes, brackets or blanks, so that no reference to it means something else.
pub(super) fn names_itself<'c>(place: &'static str, id: Option<&str>) -> Finding<'c> {
    let actual = match id {
        None | Some("") => "absent",
        Some(id) if is_name_token(id) => "a name",
        Some(_) => "with other characters than a name has",
    };
    Note::on(place, "a name", actual).holds_if(actual == "a name")
}

/// Whatever its prefix or case, an identifier names one element: libraries differ in which spelling they follow.
fn unique_ids<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Ok(tree) = case.tree() else {
        return Finding::NotReached;
    };
    let expected = "every identifier once";
    Note::on(
        "//@ID",
        expected,
        if ids_are_unique(tree) {
            expected
        } else {
            "one occurs twice"
        },
    )
    .holds_if(ids_are_unique(tree))
}

pub(super) fn ids_are_unique(tree: &Tree<'_>) -> bool {
    let mut seen = HashSet::new();
    let names_one = |local: &str| local.eq_ignore_ascii_case("id") || local == "AssertionID";
    tree.elements()
        .flat_map(ElementRef::attributes)
        .filter(|attribute| names_one(attribute.local()))
        .all(|attribute| seen.insert(attribute.value()))
}

/// The children of a Response are those of the schema, one each but for the assertions, and no Response hides
/// anywhere inside.
fn response_parts<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let expected = "Issuer, Signature, Extensions, Status and assertions, and no Response inside";
    let element = response.element();
    let once = [
        (ASSERTION, "Issuer"),
        (DSIG, "Signature"),
        (PROTOCOL, "Extensions"),
        (PROTOCOL, "Status"),
    ];
    let assertions = [(ASSERTION, "Assertion"), (ASSERTION, "EncryptedAssertion")];
    let stranger = element.children().find(|child| {
        !once
            .iter()
            .chain(&assertions)
            .any(|(ns, name)| child.is(ns, name))
    });
    let twice = once
        .iter()
        .find(|(ns, name)| element.children_named(ns, name).nth(1).is_some());
    let nested = element
        .descendants()
        .find(|inside| inside.is(PROTOCOL, "Response"));
    let actual = match (stranger, twice, nested) {
        (Some(stranger), _, _) => Cow::Borrowed(stranger.local()),
        (None, Some((_, name)), _) => Cow::Owned(format!("more than one {name}")),
        (None, None, Some(_)) => Cow::Borrowed("a Response inside the Response"),
        (None, None, None) => return Finding::Holds(Note::on("Response/*", expected, "these")),
    };
    Finding::Refuses(Note::on("Response/*", expected, actual))
}

fn one_assertion<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let count = response.assertions().count() + response.encrypted_assertions().count();
    Note::on("Response/Assertion", "one", count.to_string()).holds_if(count == 1)
}

/// No assertion stands anywhere but as a child of the Response; what stands in its `Advice` is never read.
fn assertions_in_place<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let misplaced = misplaced(response.element(), |inside| {
        is_assertion(inside) && inside.parent() != Some(response.element()) && !is_in_advice(inside)
    });
    place_finding("//Assertion", "only as a child of Response", misplaced)
}

/// A signature stands in the Response or in its assertion, at most one in each, and nowhere else but in `Advice`.
fn signatures_in_place<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let root = response.element();
    let may_carry = |parent: ElementRef<'_, '_>| {
        parent == root || (parent.is(ASSERTION, "Assertion") && parent.parent() == Some(root))
    };
    let misplaced = misplaced(root, |inside| {
        inside.is(DSIG, "Signature") && !inside.parent().is_some_and(may_carry) && !is_in_advice(inside)
    });
    let crowded = std::iter::once(root)
        .chain(response.assertions())
        .find(|e| Signature::children_of(*e).nth(1).is_some());
    match crowded {
        Some(parent) => place_finding("//Signature", "one in an element", Some(parent.local())),
        None => place_finding("//Signature", "only in Response and its Assertion", misplaced),
    }
}

fn some_signature<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let signed = case.response_signature().is_some() || case.clear_assertion_signature().is_some();
    if !signed && response.encrypted_assertions().next().is_some() {
        // Whether the assertion inside is signed is seen when it has been opened.
        return Finding::NotReached;
    }
    if !signed && case.clear_assertion().is_none() {
        return Finding::NotReached;
    }
    let actual = if signed { "signed" } else { "neither is signed" };
    Note::on("Response, Assertion", "one of them signed", actual).holds_if(signed)
}

fn is_assertion(element: ElementRef<'_, '_>) -> bool {
    matches!(element.local(), "Assertion" | "EncryptedAssertion")
}

/// True inside the `Advice` of the assertion that is a child of the Response.
fn is_in_advice(element: ElementRef<'_, '_>) -> bool {
    let mut here = element.parent();
    while let Some(parent) = here {
        let advises = parent.is(ASSERTION, "Advice")
            && parent.parent().is_some_and(|assertion| {
                assertion.is(ASSERTION, "Assertion")
                    && assertion.parent().is_some_and(|root| root.parent().is_none())
            });
        if advises {
            return true;
        }
        here = parent.parent();
    }
    false
}

fn misplaced<'t>(root: ElementRef<'t, '_>, is_wrong: impl Fn(ElementRef<'t, '_>) -> bool) -> Option<&'t str> {
    root.descendants()
        .find(|inside| is_wrong(*inside))
        .map(|inside| inside.parent().map_or("nowhere", ElementRef::local))
}

fn place_finding<'c>(path: &'static str, expected: &'static str, misplaced: Option<&'c str>) -> Finding<'c> {
    match misplaced {
        None => Finding::Holds(Note::on(path, expected, expected)),
        Some(parent) => Finding::Refuses(Note::on(path, expected, format!("one in {parent}"))),
    }
}
