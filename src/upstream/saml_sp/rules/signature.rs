//! Rules on signatures: their shape, their algorithms, their mathematics, and that both judges agree.

use std::borrow::Cow;

use crate::protocol::saml::response::ResponseView;
use crate::protocol::saml::second_judge::{self, Disagreement};
use crate::protocol::saml::signature::{
    Broken, DigestAlgorithm, Family, SHAPE, Signature, SignatureAlgorithm, SignedOctets,
};
use crate::protocol::saml::xml::{ElementRef, write_document};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};
use crate::upstream::saml_sp::terms::Grant;

const SHAPE_REMEDY: &str =
    "Sign with one enveloped signature over the Response or the assertion, as SAML Core 5.4 says.";

/// The shape of the signatures that can be seen without opening anything.
pub(super) const SHAPE_RULES: &[Rule] = &[
    shape_rule(0, "XML Signature 4.1; SP-10", seen::<0>),
    shape_rule(1, "XML Signature 4.3, 4.4.3.6", seen::<1>),
    shape_rule(2, "SAML Core 5.4.2; XC-03", seen::<2>),
    shape_rule(3, "SAML Core 5.4.2; XC-03", seen::<3>),
    shape_rule(4, "SAML Core 5.4.3; XC-04", seen::<4>),
    shape_rule(5, "SAML Core 5.4.4; XC-04", seen::<5>),
    shape_rule(6, "SAML Core 5.4.1; XC-07", seen::<6>),
    Rule {
        id: "signature-algorithm",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Sign with RSA-SHA256 or better and hash with SHA-256 or better.",
        check: seen_algorithm,
    },
];

const fn shape_rule(
    at: usize,
    clause: &'static str,
    check: for<'c, 'a> fn(&'c Case<'a>) -> Finding<'c>,
) -> Rule {
    let id = match at {
        0 => "signature-parts",
        1 => "signature-values-plain",
        2 => "signature-one-reference",
        3 => "signature-reference-parent",
        4 => "signature-canonicalisation",
        5 => "signature-transforms",
        _ => "signature-algorithm-known",
    };
    Rule {
        id,
        clause,
        who: Who::IdentityProvider,
        remedy: SHAPE_REMEDY,
        check,
    }
}

/// The Response's signature is verified before anything is opened (attack E2).
pub(super) const RESPONSE_RULES: &[Rule] = &[
    Rule {
        id: "trusted-key-known",
        clause: "SP-12",
        who: Who::BridgeAdmin,
        remedy: "Load the identity provider's metadata: without a signing key nobody is believed.",
        check: some_key,
    },
    Rule {
        id: "response-signature-verifies",
        clause: "XML Signature 3.2; SP-11",
        who: Who::Both,
        remedy: "Compare the signing certificate with the identity provider's metadata, and load its newest.",
        check: response_verifies,
    },
];

/// The assertion's signature, in the clear or opened, and what both judges make of all of it.
pub(super) const ASSERTION_RULES: &[Rule] = &[
    Rule {
        id: "assertion-signature-verifies",
        clause: "XML Signature 3.2; SP-11",
        who: Who::Both,
        remedy: "Compare the signing certificate with the identity provider's metadata, and load its newest.",
        check: assertion_verifies,
    },
    Rule {
        id: "signing-key-strength",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Sign with an RSA key of 2048 bits or more, or with an EC key.",
        check: key_is_strong,
    },
    Rule {
        id: "second-judge-agrees",
        clause: "design 5a",
        who: Who::BridgeAdmin,
        remedy: "Keep the message and report it: the two judges should never differ.",
        check: judges_agree,
    },
];

/// The signatures that can be seen without opening anything, each with its place.
fn seen_signatures<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = (&'static str, Signature<'c, 'a>)> {
    let response = case.response_signature().map(|s| ("Response/Signature", s));
    let assertion = case
        .clear_assertion_signature()
        .map(|s| ("Assertion/Signature", s));
    response.into_iter().chain(assertion)
}

fn seen<'c, const AT: usize>(case: &'c Case<'_>) -> Finding<'c> {
    let Some((_, requirement)) = SHAPE.get(AT) else {
        return Finding::NotReached;
    };
    let mut finding = Finding::NotReached;
    for (place, signature) in seen_signatures(case) {
        match requirement(&signature) {
            Err(flaw) => return Finding::Refuses(Note::on(place, flaw.expected, flaw.actual)),
            Ok(()) => finding = Finding::Holds(Note::on(place, "as it should be", "as it should be")),
        }
    }
    finding
}

fn seen_algorithm<'c>(case: &'c Case<'_>) -> Finding<'c> {
    weakest(case, seen_signatures(case))
}

/// The policy on algorithms, apart from the mathematics: SHA-1 only by exception.
pub(super) fn weakest<'c, 'a>(
    case: &Case<'_>,
    signatures: impl Iterator<Item = (&'static str, Signature<'c, 'a>)>,
) -> Finding<'c>
where
    'a: 'c,
{
    let expected = "no SHA-1 in the signature or the digest";
    let mut finding = Finding::NotReached;
    for (place, signature) in signatures {
        let (Some(algorithm), Some(digest)) = (signature.algorithm_uri(), signature.digest_uri()) else {
            continue;
        };
        let sha1 = SignatureAlgorithm::from_uri(algorithm).map(|a| a.digest) == Some(DigestAlgorithm::Sha1);
        if sha1 || DigestAlgorithm::from_uri(digest) == Some(DigestAlgorithm::Sha1) {
            let actual = format!("{algorithm}, {digest}");
            return Note::on(place, expected, actual).refuses_unless(&case.terms.grants, Grant::Sha1);
        }
        let known =
            SignatureAlgorithm::from_uri(algorithm).is_some() && DigestAlgorithm::from_uri(digest).is_some();
        if known {
            finding = Finding::Holds(Note::on(place, expected, algorithm));
        }
    }
    finding
}

fn some_key<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let count = case.terms.keys.len();
    Note::on("the trusted keys", "one or more", count.to_string()).holds_if(count > 0)
}

fn response_verifies<'c>(case: &'c Case<'_>) -> Finding<'c> {
    verified("Response/Signature", case, case.response_signed())
}

fn assertion_verifies<'c>(case: &'c Case<'_>) -> Finding<'c> {
    verified("Assertion/Signature", case, case.assertion_signed())
}

fn verified<'c>(
    place: &'static str,
    case: &'c Case<'_>,
    proof: Option<&'c Result<SignedOctets, Broken>>,
) -> Finding<'c> {
    match proof {
        None => Finding::NotReached,
        Some(Ok(signed)) => {
            let key = case.terms.keys.get(signed.key());
            let actual = key.map_or(Cow::Borrowed("verified"), |key| Cow::Borrowed(key.fingerprint()));
            Finding::Holds(Note::on(place, "made by a trusted key over this content", actual))
        }
        Some(Err(broken)) => Finding::Refuses(Note::on(
            place,
            "made by a trusted key over this content",
            broken.to_string(),
        )),
    }
}

fn proofs<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c SignedOctets> {
    let proof = |signed: Option<&'c Result<SignedOctets, Broken>>| signed.and_then(|s| s.as_ref().ok());
    [proof(case.response_signed()), proof(case.assertion_signed())]
        .into_iter()
        .flatten()
}

fn key_is_strong<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let keys = proofs(case).filter_map(|signed| case.terms.keys.get(signed.key()));
    let mut finding = Finding::NotReached;
    for key in keys {
        let note = Note::on("the signing key", "RSA 2048 or more, or EC", key.description());
        if !key.is_strong() {
            return note.refuses_unless(&case.terms.grants, Grant::Rsa1024);
        }
        finding = Finding::Holds(note);
    }
    finding
}

/// Both judges find the same octets signed, for each signature; the second is given our tree, not the message.
fn judges_agree<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let expected = "the same octets, byte for byte";
    if !case.terms.second_judge {
        return Finding::Holds(Note::on(
            "Signature",
            expected,
            "switched off for this connection",
        ));
    }
    if case.believed().is_none() {
        return Finding::NotReached;
    }
    let by_pss = [case.response_signature(), case.assertion_signature()]
        .into_iter()
        .flatten()
        .filter_map(|signature| SignatureAlgorithm::from_uri(signature.algorithm_uri()?))
        .any(|algorithm| algorithm.family == Family::RsaPss);
    if by_pss {
        return Finding::Refuses(Note::on("Signature", expected, Disagreement::Unable.to_string()));
    }
    let response = case
        .response()
        .map(ResponseView::element)
        .zip(case.response_signed());
    let assertion = case.assertion_element().zip(case.assertion_signed());
    for (element, signed) in [response, assertion].into_iter().flatten() {
        let Ok(signed) = signed else {
            return Finding::NotReached;
        };
        if let Err(disagreement) = second_opinion(case, element, signed) {
            return Finding::Refuses(Note::on("Signature", expected, disagreement.to_string()));
        }
    }
    Finding::Holds(Note::on("Signature", expected, expected))
}

fn second_opinion(
    case: &Case<'_>,
    element: ElementRef<'_, '_>,
    signed: &SignedOctets,
) -> Result<(), Disagreement> {
    let certificates: Vec<&[u8]> = proofs(case)
        .filter_map(|proof| case.terms.keys.get(proof.key()))
        .map(crate::protocol::saml::signature::VerificationKey::certificate_der)
        .collect();
    second_judge::agrees(&write_document(element), &certificates, signed.as_str())
}
