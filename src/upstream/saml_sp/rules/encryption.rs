//! Rules on an encrypted assertion. They do not concern a message without one.

use crate::protocol::saml::encryption::{Container, ContentAlgorithm};
use crate::protocol::saml::names::{ASSERTION, DSIG};
use crate::protocol::saml::signature::{SHAPE, Signature};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who, signature, structure};
use crate::upstream::saml_sp::terms::Grant;

const INSIDE: &str = "Encrypt one signed assertion and nothing else.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "encryption-parts",
        clause: "SAML Core 2.3.4",
        who: Who::IdentityProvider,
        remedy: "Send one EncryptedData with its wrapped key.",
        check: parts,
    },
    Rule {
        id: "encryption-key-transport",
        clause: "XML Encryption 1.1 5.5; XC-08",
        who: Who::IdentityProvider,
        remedy: "Wrap the key with RSA-OAEP. RSA PKCS#1 v1.5 is never taken.",
        check: key_transport,
    },
    Rule {
        id: "encryption-algorithm-known",
        clause: "XML Encryption 1.1 5.2; XC-08",
        who: Who::IdentityProvider,
        remedy: "Encrypt with AES-GCM. 3DES is never taken.",
        check: algorithm_known,
    },
    Rule {
        id: "encryption-algorithm",
        clause: "XML Encryption 1.1 5.2; XC-08",
        who: Who::IdentityProvider,
        remedy: "Encrypt with AES-GCM.",
        check: algorithm,
    },
    Rule {
        id: "assertion-opens",
        clause: "SAML Core 2.3.4; SP-23",
        who: Who::Both,
        remedy: "Compare the encryption certificate that the identity provider uses with our metadata.",
        check: opens,
    },
    Rule {
        id: "opened-assertion",
        clause: "SAML Core 2.3.4; SP-23",
        who: Who::IdentityProvider,
        remedy: INSIDE,
        check: opened_is_one_assertion,
    },
    Rule {
        id: "opened-signature-present",
        clause: "SP-23; attack E1",
        who: Who::IdentityProvider,
        remedy: "Sign the Response or the assertion: encryption proves nothing about the sender.",
        check: opened_is_signed,
    },
    Rule {
        id: "opened-signature-shape",
        clause: "SAML Core 5.4; XC-03, XC-04",
        who: Who::IdentityProvider,
        remedy: INSIDE,
        check: opened_signature_shape,
    },
    Rule {
        id: "opened-signature-algorithm",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Sign with RSA-SHA256 or better and hash with SHA-256 or better.",
        check: opened_signature_algorithm,
    },
];

fn parts<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(container) = case.container() else {
        return Finding::NotReached;
    };
    let good = container.has_the_usual_parts();
    Note::on(
        "EncryptedAssertion",
        "one EncryptedData with its wrapped key",
        if good { "that" } else { "other parts" },
    )
    .holds_if(good)
}

fn key_transport<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(container) = case.container() else {
        return Finding::NotReached;
    };
    let Some(first) = container.transport_methods().next() else {
        return Finding::NotReached;
    };
    let refused = container
        .transport_methods()
        .find(|method| !Container::unwraps(method));
    Note::on(
        "EncryptedKey/EncryptionMethod",
        "RSA-OAEP",
        refused.unwrap_or(first),
    )
    .holds_if(refused.is_none())
}

fn algorithm_known<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(method) = case.container().and_then(Container::content_method) else {
        return Finding::NotReached;
    };
    Note::on("EncryptedData/EncryptionMethod", "AES", method)
        .holds_if(ContentAlgorithm::from_uri(method).is_some())
}

fn algorithm<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(method) = case.container().and_then(Container::content_method) else {
        return Finding::NotReached;
    };
    let Some(algorithm) = ContentAlgorithm::from_uri(method) else {
        return Finding::NotReached;
    };
    let note = Note::on("EncryptedData/EncryptionMethod", "AES-GCM", method);
    if algorithm.is_cbc() {
        note.refuses_unless(&case.terms.grants, Grant::Cbc)
    } else {
        Finding::Holds(note)
    }
}

/// One refusal for every reason, so that nobody can ask questions of our key.
fn opens<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(container) = case.container() else {
        return Finding::NotReached;
    };
    let known = container
        .content_method()
        .and_then(ContentAlgorithm::from_uri)
        .is_some();
    if !known || !container.transport_methods().all(Container::unwraps) {
        return Finding::NotReached;
    }
    match case.opening() {
        None => Finding::NotReached,
        Some(Ok(())) => Finding::Holds(Note::on(
            "EncryptedAssertion",
            "opens with one of our keys",
            "it does",
        )),
        Some(Err(flaw)) => Finding::Refuses(Note::on(
            "EncryptedAssertion",
            "opens with one of our keys",
            flaw.to_string(),
        )),
    }
}

/// All that holds for a document holds for what was inside: one assertion, unique identifiers, a signature only
/// in its place.
fn opened_is_one_assertion<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let expected = "one assertion";
    let place = "EncryptedAssertion, opened";
    let tree = match case.inner() {
        None => return Finding::NotReached,
        Some(Err(flaw)) => return Finding::Refuses(Note::on(place, expected, flaw.to_string())),
        Some(Ok(tree)) => tree,
    };
    let Some(root) = tree.root().filter(|root| root.is(ASSERTION, "Assertion")) else {
        return Finding::Refuses(Note::on(place, expected, "something else"));
    };
    let in_advice = |e: crate::protocol::saml::xml::ElementRef<'_, '_>| {
        std::iter::successors(e.parent(), |p| p.parent())
            .any(|p| p.is(ASSERTION, "Advice") && p.parent() == Some(root))
    };
    let stray = root.descendants().any(|inside| {
        let signature = inside.is(DSIG, "Signature") && inside.parent() != Some(root);
        (signature || matches!(inside.local(), "Assertion" | "EncryptedAssertion")) && !in_advice(inside)
    });
    let crowded = Signature::children_of(root).nth(1).is_some();
    let good = !stray && !crowded && structure::ids_are_unique(tree);
    Note::on(place, expected, if good { expected } else { "more than that" }).holds_if(good)
}

fn opened_is_signed<'c>(case: &'c Case<'_>) -> Finding<'c> {
    if case.container().is_none() || case.assertion_element().is_none() {
        return Finding::NotReached;
    }
    let signed = case.response_signature().is_some() || case.assertion_signature().is_some();
    Note::on(
        "Response, Assertion",
        "one of them signed",
        if signed { "signed" } else { "neither is signed" },
    )
    .holds_if(signed)
}

fn opened_signature_shape<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(signature) = opened_signature(case) else {
        return Finding::NotReached;
    };
    for (_, requirement) in SHAPE {
        if let Err(flaw) = requirement(&signature) {
            return Finding::Refuses(Note::on("Assertion/Signature", flaw.expected, flaw.actual));
        }
    }
    Finding::Holds(Note::on(
        "Assertion/Signature",
        "as it should be",
        "as it should be",
    ))
}

fn opened_signature_algorithm<'c>(case: &'c Case<'_>) -> Finding<'c> {
    signature::weakest(
        case,
        opened_signature(case)
            .map(|s| ("Assertion/Signature", s))
            .into_iter(),
    )
}

fn opened_signature<'c, 'a>(case: &'c Case<'a>) -> Option<Signature<'c, 'a>> {
    case.container()?;
    case.assertion_signature()
}
