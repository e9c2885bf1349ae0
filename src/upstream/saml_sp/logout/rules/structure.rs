//! Rules on what the message is: one request or response, with the parts of the schema and nothing hidden.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::protocol::saml::logout::LogoutKind;
use crate::protocol::saml::names::{ASSERTION, DSIG, PROTOCOL};
use crate::protocol::saml::xml::{ElementRef, is_name_token};
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{Rule, Who, is_so};

const ODD: &str = "No identity provider sends this. Keep the message and find out who did.";

const PARTS_OF_A_REQUEST: &[(&str, &str)] = &[
    (ASSERTION, "Issuer"),
    (DSIG, "Signature"),
    (PROTOCOL, "Extensions"),
    (ASSERTION, "NameID"),
    (ASSERTION, "EncryptedID"),
    (ASSERTION, "BaseID"),
];

const PARTS_OF_A_RESPONSE: &[(&str, &str)] = &[
    (ASSERTION, "Issuer"),
    (DSIG, "Signature"),
    (PROTOCOL, "Extensions"),
    (PROTOCOL, "Status"),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-document",
        clause: "design 6; XC-01, XC-05; XML 1.0 2.1",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: document,
    },
    Rule {
        id: "logout-root",
        clause: "SAML Core 3.7.1, 3.7.2",
        who: Who::IdentityProvider,
        remedy: "Send a LogoutRequest as SAMLRequest and a LogoutResponse as SAMLResponse.",
        check: root,
    },
    Rule {
        id: "logout-version",
        clause: "SAML Core 3.2.1, 3.2.2",
        who: Who::IdentityProvider,
        remedy: "Use SAML 2.0.",
        check: version,
    },
    Rule {
        id: "logout-id",
        clause: "SAML Core 3.2.1, 1.3.4",
        who: Who::IdentityProvider,
        remedy: "Give the message an ID.",
        check: id,
    },
    Rule {
        id: "logout-unique-ids",
        clause: "SAML Core 1.3.4; XC-03",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: unique_ids,
    },
    Rule {
        id: "logout-parts",
        clause: "SAML Core 3.7.1, 3.7.2",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: parts,
    },
];

/// Bounds, encoding, no document type, no processing instruction, no comment, well-formed.
fn document<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let expected = "a document of the shape that is read";
    match case.tree() {
        Ok(_) => Finding::Holds(Note::on("the document", expected, expected)),
        Err(flaw) => Finding::Refuses(Note::on("the document", expected, flaw.to_string())),
    }
}

fn root<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    let expected = case.kind().local();
    Note::on("/", expected, root.local()).holds_if(root.is(PROTOCOL, expected))
}

fn version<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    let version = root.attribute("Version").unwrap_or("absent");
    Note::on("message/@Version", "2.0", version).holds_if(version == "2.0")
}

fn id<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    let actual = match root.attribute("ID") {
        None | Some("") => "absent",
        Some(id) if is_name_token(id) => "a name",
        Some(_) => "with other characters than a name has",
    };
    is_so("message/@ID", "a name", actual)
}

fn unique_ids<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Ok(tree) = case.tree() else {
        return Finding::NotReached;
    };
    let mut seen = HashSet::new();
    let attributes = tree.elements().flat_map(ElementRef::attributes);
    let mut ids = attributes.filter(|attribute| attribute.local().eq_ignore_ascii_case("id"));
    let expected = "every identifier once";
    let actual = if ids.all(|id| seen.insert(id.value())) {
        expected
    } else {
        "one occurs twice"
    };
    is_so("//@ID", expected, actual)
}

/// The children are those of the schema, each once but for `SessionIndex`, and no message hides inside.
fn parts<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    let once = match case.kind() {
        LogoutKind::Request => PARTS_OF_A_REQUEST,
        LogoutKind::Response => PARTS_OF_A_RESPONSE,
    };
    let may_recur =
        |child: ElementRef<'_, '_>| case.kind() == LogoutKind::Request && child.is(PROTOCOL, "SessionIndex");
    let expected = "the elements of the schema, once each";
    let is_known =
        |child: ElementRef<'_, '_>| may_recur(child) || once.iter().any(|(ns, name)| child.is(ns, name));
    let stranger = root.children().find(|child| !is_known(*child));
    let twice = once
        .iter()
        .find(|(ns, name)| root.children_named(ns, name).nth(1).is_some());
    let is_message =
        |inside: &ElementRef<'_, '_>| matches!(inside.local(), "LogoutRequest" | "LogoutResponse");
    let actual = match (stranger, twice, root.descendants().find(is_message)) {
        (Some(stranger), _, _) => Cow::Borrowed(stranger.local()),
        (None, Some((_, name)), _) => Cow::Owned(format!("more than one {name}")),
        (None, None, Some(_)) => Cow::Borrowed("a message inside the message"),
        (None, None, None) => return Finding::Holds(Note::on("message/*", expected, expected)),
    };
    Finding::Refuses(Note::on("message/*", expected, actual))
}
