//! Rules on the assertion itself and on its subject.

use crate::protocol::saml::names::{BEARER, FORMAT_ENTITY};
use crate::protocol::saml::response::{
    Assertion, Confirmation, ConfirmationData, Name, NameIdentifier, Stated,
};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who, response, structure};
use crate::upstream::saml_sp::terms::Grant;

const MISDIRECTED: &str =
    "The assertion was made for another service or address. Compare what is registered.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "assertion-version",
        clause: "SAML Core 2.3.3",
        who: Who::IdentityProvider,
        remedy: "Use SAML 2.0.",
        check: version,
    },
    Rule {
        id: "assertion-id",
        clause: "SAML Core 2.3.3",
        who: Who::IdentityProvider,
        remedy: "Give the assertion an ID.",
        check: id,
    },
    Rule {
        id: "assertion-issuer",
        clause: "SAML Core 2.3.3; Profiles 4.1.4.2; SP-13",
        who: Who::Both,
        remedy: "Compare the identity provider's entity ID with the configured one, letter by letter.",
        check: issuer,
    },
    Rule {
        id: "assertion-issue-instant",
        clause: "SAML Core 2.3.3; SP-21",
        who: Who::Both,
        remedy: "Check both clocks; an answer that is kept for long is not taken.",
        check: issue_instant,
    },
    Rule {
        id: "subject-present",
        clause: "SAML Profiles 4.1.4.2; SP-18",
        who: Who::IdentityProvider,
        remedy: "Send one Subject.",
        check: subject,
    },
    Rule {
        id: "name-id-present",
        clause: "SAML Core 2.4.1; SP-24",
        who: Who::Both,
        remedy: "Issue a NameID, or name an attribute as the account key and allow its absence.",
        check: name_id,
    },
    Rule {
        id: "name-id-not-empty",
        clause: "SAML Core 2.2.3; attack A18",
        who: Who::IdentityProvider,
        remedy: "Send the person's name in NameID.",
        check: name_id_not_empty,
    },
    Rule {
        id: "name-id-qualifier",
        clause: "SAML Core 8.3.7; attack A19",
        who: Who::Both,
        remedy: MISDIRECTED,
        check: name_id_qualifier,
    },
    Rule {
        id: "confirmation-bearer",
        clause: "SAML Profiles 4.1.4.2; SP-18",
        who: Who::IdentityProvider,
        remedy: "Send a SubjectConfirmation with the bearer method.",
        check: bearer,
    },
    Rule {
        id: "confirmation-data",
        clause: "SAML Profiles 4.1.4.2; SP-18",
        who: Who::IdentityProvider,
        remedy: "Send SubjectConfirmationData with Recipient and NotOnOrAfter.",
        check: data,
    },
    Rule {
        id: "confirmation-recipient",
        clause: "SAML Profiles 4.1.4.2; SP-18",
        who: Who::Both,
        remedy: MISDIRECTED,
        check: recipient,
    },
    Rule {
        id: "confirmation-not-on-or-after",
        clause: "SAML Profiles 4.1.4.2; SP-18, SP-20",
        who: Who::Person,
        remedy: "Start again. If it happens every time, check both clocks.",
        check: not_on_or_after,
    },
    Rule {
        id: "confirmation-not-before",
        clause: "SAML Profiles 4.1.4.2; SP-18",
        who: Who::IdentityProvider,
        remedy: "Leave NotBefore out of a bearer confirmation.",
        check: not_before,
    },
    Rule {
        id: "confirmation-in-response-to",
        clause: "SAML Profiles 4.1.4.2; SP-16, SP-18",
        who: Who::Person,
        remedy: "Start again from the application, in one tab, and do not press Back.",
        check: in_response_to,
    },
];

fn version<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let stated = assertion.version.as_deref().unwrap_or("absent");
    Note::on("Assertion/@Version", "2.0", stated).holds_if(stated == "2.0")
}

/// Without an ID a second use could not be noticed.
fn id<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    structure::names_itself("Assertion/@ID", assertion.id.as_deref())
}

fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let expected = case.terms.idp_entity_id;
    match assertion.issuers.as_slice() {
        [] => Finding::Refuses(Note::on("Assertion/Issuer", expected, "absent")),
        [(issuer, format)] => {
            let good = issuer == expected && format.as_deref().is_none_or(|format| format == FORMAT_ENTITY);
            Note::on("Assertion/Issuer", expected, issuer).holds_if(good)
        }
        [..] => Finding::Refuses(Note::on("Assertion/Issuer", expected, "more than one")),
    }
}

fn issue_instant<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    response::fresh("Assertion/@IssueInstant", assertion.issue_instant, case)
}

fn subject<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let count = assertion.subjects.len();
    Note::on("Assertion/Subject", "one", count.to_string()).holds_if(count == 1)
}

fn identifiers(assertion: &Assertion) -> Option<&[NameIdentifier]> {
    Some(&assertion.subjects.first()?.identifiers)
}

fn name_id<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(identifiers) = case.stated().and_then(identifiers) else {
        return Finding::NotReached;
    };
    let place = "Subject/NameID";
    match identifiers {
        [] => Note::on(place, "one", "absent").refuses_unless(&case.terms.grants, Grant::NoNameId),
        [only] if only.opened(case.terms.decryption).is_none() => {
            Finding::Refuses(Note::on(place, "one that can be read", "one that cannot be read"))
        }
        [only] if only.is_sealed_with_cbc() => {
            Note::on(place, "AES-GCM", "AES-CBC").refuses_unless(&case.terms.grants, Grant::Cbc)
        }
        [_] => Finding::Holds(Note::on(place, "one", "one")),
        [..] => Finding::Refuses(Note::on(place, "one", "more than one")),
    }
}

/// The name, if there is one that can be read.
fn name(case: &Case<'_>) -> Option<Name> {
    identifiers(case.stated()?)?
        .first()?
        .opened(case.terms.decryption)
}

fn name_id_not_empty<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(name) = name(case) else {
        return Finding::NotReached;
    };
    let empty = name.value.trim().is_empty();
    Note::on(
        "Subject/NameID",
        "not empty",
        if empty { "empty" } else { "not empty" },
    )
    .holds_if(!empty)
}

/// A name that was made for another service says nothing about who it is here.
fn name_id_qualifier<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(name) = name(case) else {
        return Finding::NotReached;
    };
    match name.sp_name_qualifier {
        None => Finding::Holds(Note::on(
            "NameID/@SPNameQualifier",
            case.terms.sp_entity_id,
            "absent",
        )),
        Some(stated) => {
            let ours = stated == case.terms.sp_entity_id;
            Note::on("NameID/@SPNameQualifier", case.terms.sp_entity_id, stated).holds_if(ours)
        }
    }
}

/// The bearer confirmation that is judged: the first that holds in full, else the first. Parts of two are never
/// mixed (SAML Core 2.4.1.1).
fn confirmation<'c>(case: &'c Case<'_>) -> Option<&'c Confirmation> {
    let all = &case.stated()?.subjects.first()?.confirmations;
    let mut bearers = all.iter().filter(|c| c.method.as_deref() == Some(BEARER));
    let whole = bearers
        .clone()
        .find(|c| c.data.as_ref().is_some_and(|data| holds_in_full(data, case)));
    whole.or_else(|| bearers.next())
}

fn holds_in_full(data: &ConfirmationData, case: &Case<'_>) -> bool {
    recipient_is_ours(data, case)
        && is_in_time(data, case)
        && data.not_before == Stated::Absent
        && matches!(answers(data, case), Finding::Holds(_))
}

fn bearer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(subject) = case.stated().and_then(|a| a.subjects.first()) else {
        return Finding::NotReached;
    };
    let first = subject
        .confirmations
        .first()
        .map_or("absent", |c| c.method.as_deref().unwrap_or("no method"));
    let note = Note::on("SubjectConfirmation/@Method", BEARER, first);
    note.holds_if(confirmation(case).is_some())
}

fn data<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(confirmation) = confirmation(case) else {
        return Finding::NotReached;
    };
    let actual = if confirmation.data.is_some() {
        "present"
    } else {
        "absent"
    };
    Note::on("SubjectConfirmation/SubjectConfirmationData", "present", actual)
        .holds_if(confirmation.data.is_some())
}

fn confirmation_data<'c>(case: &'c Case<'_>) -> Option<&'c ConfirmationData> {
    confirmation(case)?.data.as_ref()
}

fn recipient<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(data) = confirmation_data(case) else {
        return Finding::NotReached;
    };
    let stated = data.recipient.as_deref().unwrap_or("absent");
    Note::on("SubjectConfirmationData/@Recipient", case.terms.acs_url, stated)
        .holds_if(recipient_is_ours(data, case))
}

fn recipient_is_ours(data: &ConfirmationData, case: &Case<'_>) -> bool {
    data.recipient.as_deref() == Some(case.terms.acs_url)
}

fn not_on_or_after<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(data) = confirmation_data(case) else {
        return Finding::NotReached;
    };
    let expected = format!("later than {}", Stated::At(case.terms.now).describe());
    Note::on(
        "SubjectConfirmationData/@NotOnOrAfter",
        expected,
        data.not_on_or_after.describe(),
    )
    .holds_if(is_in_time(data, case))
}

fn is_in_time(data: &ConfirmationData, case: &Case<'_>) -> bool {
    data.not_on_or_after
        .at()
        .is_some_and(|end| case.terms.now - case.terms.skew < end)
}

fn not_before<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(data) = confirmation_data(case) else {
        return Finding::NotReached;
    };
    Note::on(
        "SubjectConfirmationData/@NotBefore",
        "absent",
        data.not_before.describe(),
    )
    .holds_if(data.not_before == Stated::Absent)
}

fn in_response_to<'c>(case: &'c Case<'_>) -> Finding<'c> {
    confirmation_data(case).map_or(Finding::NotReached, |data| answers(data, case))
}

fn answers<'c>(data: &'c ConfirmationData, case: &'c Case<'_>) -> Finding<'c> {
    let place = "SubjectConfirmationData/@InResponseTo";
    match (&case.terms.question, &data.in_response_to) {
        (Some(asked), Some(stated)) => {
            Note::on(place, &asked.request_id, stated).holds_if(*stated == asked.request_id)
        }
        (Some(asked), None) => {
            let grant = Grant::MissingScdInResponseTo;
            let note = Note::on(place, &asked.request_id, "absent");
            // With both absent nothing would tie the answer to our question, whatever is granted.
            let said_above = case
                .response()
                .is_some_and(|response| response.attribute("InResponseTo").is_some());
            if said_above {
                note.refuses_unless(&case.terms.grants, grant)
            } else {
                Finding::Refuses(note)
            }
        }
        (None, Some(stated)) => Finding::Refuses(Note::on(place, "absent", stated)),
        (None, None) => Finding::Holds(Note::on(place, "absent", "absent")),
    }
}
