//! Rules on the signature: of the query by HTTP-Redirect, of the message by HTTP-POST.

use crate::protocol::saml::names::DSIG;
use crate::protocol::saml::second_judge::{self, Disagreement};
use crate::protocol::saml::signature::{DigestAlgorithm, Family, SHAPE, Signature, SignatureAlgorithm};
use crate::protocol::saml::xml::write_document;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::{LogoutCase, Proof};
use crate::upstream::saml_sp::logout::rules::{Rule, Who, is_so};
use crate::upstream::saml_sp::terms::Grant;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-signature-place",
        clause: "SAML Bindings 3.4.4.1; Core 5.4.1",
        who: Who::IdentityProvider,
        remedy: "Sign the query by HTTP-Redirect, and the message itself by HTTP-POST.",
        check: place,
    },
    Rule {
        id: "logout-signed",
        clause: "SAML Profiles 4.4.4.1, 4.4.4.2; LO-03",
        who: Who::IdentityProvider,
        remedy: "Sign logout messages.",
        check: signed,
    },
    Rule {
        id: "logout-signature-shape",
        clause: "SAML Core 5.4; XC-03, XC-04",
        who: Who::IdentityProvider,
        remedy: "Sign with one enveloped signature over the message, as SAML Core 5.4 says.",
        check: shape,
    },
    Rule {
        id: "logout-signature-algorithm",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Sign with RSA-SHA256 or better and hash with SHA-256 or better.",
        check: algorithm,
    },
    Rule {
        id: "logout-trusted-key",
        clause: "SP-12",
        who: Who::BridgeAdmin,
        remedy: "Load the identity provider's metadata: without a signing key nobody is believed.",
        check: some_key,
    },
    Rule {
        id: "logout-signature-verifies",
        clause: "SAML Bindings 3.4.4.1; XML Signature 3.2; LO-03",
        who: Who::Both,
        remedy: "Load the identity provider's newest metadata, and let no proxy rewrite the query.",
        check: verifies,
    },
    Rule {
        id: "logout-key-strength",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Sign with an RSA key of 2048 bits or more, or with an EC key.",
        check: key_is_strong,
    },
    Rule {
        id: "logout-second-judge-agrees",
        clause: "design 5a",
        who: Who::BridgeAdmin,
        remedy: "Keep the message and report it: the two judges should never differ.",
        check: judges_agree,
    },
];

/// By HTTP-POST at most one, a child of the message; by HTTP-Redirect none, since the query is signed.
fn place<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some(root) = case.root() else {
        return Finding::NotReached;
    };
    let inside = root.descendants().filter(|inside| inside.is(DSIG, "Signature"));
    let misplaced = inside
        .filter(|found| !case.is_posted() || found.parent() != Some(root))
        .count();
    let crowded = Signature::children_of(root).nth(1).is_some();
    let expected = "where this binding has it";
    let actual = if misplaced > 0 || crowded {
        "elsewhere"
    } else {
        expected
    };
    is_so("//Signature", expected, actual)
}

fn signed<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let actual = if case.is_signed() { "signed" } else { "not signed" };
    is_so("Signature", "signed", actual)
}

fn shape<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    if !case.is_posted() {
        return Finding::NotReached;
    }
    let Some(signature) = case.element_signature() else {
        return Finding::NotReached;
    };
    let flaw = SHAPE
        .iter()
        .find_map(|(_, requirement)| requirement(&signature).err());
    match flaw {
        Some(flaw) => Finding::Refuses(Note::on("message/Signature", flaw.expected, flaw.actual)),
        None => is_so("message/Signature", "as it should be", "as it should be"),
    }
}

/// Known, and no SHA-1 but by exception.
fn algorithm<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let Some((uri, digest)) = case.algorithms() else {
        return Finding::NotReached;
    };
    let expected = "RSA, RSA-PSS or ECDSA with a SHA-2 digest";
    let note = Note::on("SigAlg", expected, uri);
    let Some(known) = SignatureAlgorithm::from_uri(uri) else {
        return Finding::Refuses(note);
    };
    let is_sha1 = |digest| digest == DigestAlgorithm::Sha1;
    if is_sha1(known.digest) || digest.and_then(DigestAlgorithm::from_uri).is_some_and(is_sha1) {
        return note.refuses_unless(&case.terms.grants, Grant::Sha1);
    }
    Finding::Holds(note)
}

fn some_key<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let count = case.terms.keys.len();
    Note::on("the trusted keys", "one or more", count.to_string()).holds_if(count > 0)
}

fn verifies<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let expected = "made by a trusted key over this content";
    match case.proof() {
        None => Finding::NotReached,
        Some(Ok(_)) => Finding::Holds(Note::on("Signature", expected, expected)),
        Some(Err(why)) => Finding::Refuses(Note::on("Signature", expected, why.as_str())),
    }
}

fn key_is_strong<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let place = match case.proof() {
        Some(Ok(Proof::Query(key))) => *key,
        Some(Ok(Proof::Element(signed))) => signed.key(),
        Some(Err(_)) | None => return Finding::NotReached,
    };
    let Some(key) = case.terms.keys.get(place) else {
        return Finding::NotReached;
    };
    let note = Note::on("the signing key", "RSA 2048 or more, or EC", key.description());
    if key.is_strong() {
        Finding::Holds(note)
    } else {
        note.refuses_unless(&case.terms.grants, Grant::Rsa1024)
    }
}

/// Both judges find the same octets signed. A query has no XML that two could read differently.
fn judges_agree<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    let (Some(Ok(Proof::Element(signed))), Some(root)) = (case.proof(), case.root()) else {
        return Finding::NotReached;
    };
    let expected = "the same octets, byte for byte";
    if !case.terms.second_judge {
        return Finding::Holds(Note::on(
            "Signature",
            expected,
            "switched off for this connection",
        ));
    }
    let algorithm = case
        .algorithms()
        .and_then(|(uri, _)| SignatureAlgorithm::from_uri(uri));
    let opinion = if algorithm.is_some_and(|algorithm| algorithm.family == Family::RsaPss) {
        Err(Disagreement::Unable)
    } else {
        let key = case.terms.keys.get(signed.key());
        let certificates: Vec<&[u8]> = key.iter().map(|key| key.certificate_der()).collect();
        second_judge::agrees(&write_document(root), &certificates, signed.as_str())
    };
    match opinion {
        Ok(()) => Finding::Holds(Note::on("Signature", expected, expected)),
        Err(disagreement) => Finding::Refuses(Note::on("Signature", expected, disagreement.to_string())),
    }
}
