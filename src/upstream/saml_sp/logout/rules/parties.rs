//! Rules on who sent the message, and to whom.

use crate::protocol::saml::names::FORMAT_ENTITY;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{Rule, Who, on_believed};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-issuer",
        clause: "SAML Core 3.2.1; Profiles 4.4.4.1; LO-03",
        who: Who::Both,
        remedy: "Compare the issuer with idp_entity_id, letter by letter; set logout_issuer if it is a second name.",
        check: issuer,
    },
    Rule {
        id: "logout-destination",
        clause: "SAML Bindings 3.4.5.2, 3.5.5.2; LO-03",
        who: Who::Both,
        remedy: "Register the address of this single logout service exactly as our metadata gives it.",
        check: destination,
    },
];

/// One `Issuer`: the identity provider, or its second name for logout.
fn issuer<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let expected = case.terms.issuers.join(" or ");
        let [(issuer, format)] = message.issuers.as_slice() else {
            let count = format!("{} of them", message.issuers.len());
            return Finding::Refuses(Note::on("message/Issuer", expected, count));
        };
        let is_entity = format.as_deref().is_none_or(|format| format == FORMAT_ENTITY);
        let is_known = case.terms.issuers.contains(issuer);
        Note::on("message/Issuer", expected, issuer.as_str()).holds_if(is_known && is_entity)
    })
}

/// Always required: every message here is signed.
fn destination<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let stated = message.destination.as_deref().unwrap_or("absent");
        Note::on("message/@Destination", case.terms.slo_url, stated).holds_if(stated == case.terms.slo_url)
    })
}
