//! What a `ds:Signature` claims, and the one shape that is ever verified.
//!
//! Each requirement is a function of its own, so that `explain` can say which one a message breaks. They all
//! hold for what ADFS, Entra and every SAML product sends; most have been broken by a published attack.

use crate::protocol::saml::names::{DSIG, ENVELOPED, EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS};
use crate::protocol::saml::signature::algorithms::{DigestAlgorithm, SignatureAlgorithm};
use crate::protocol::saml::xml::{ElementRef, NodeId};

/// Prefixes that one `PrefixList` may name. Real lists name one or two.
const PREFIXES: usize = 32;

/// A `ds:Signature` as it stands in a message; nothing in it is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature<'t, 'a> {
    element: ElementRef<'t, 'a>,
}

/// A requirement that a signature breaks: what was wanted, what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShapeFlaw {
    pub(crate) expected: &'static str,
    pub(crate) actual: String,
}

type Requirement = for<'t, 'a> fn(&Signature<'t, 'a>) -> Result<(), ShapeFlaw>;

/// The requirements, in order, each with the id of its rule.
pub(crate) const SHAPE: &[(&str, Requirement)] = &[
    ("signature-parts", parts_are_the_usual_ones),
    ("signature-values-plain", values_are_plain_text),
    ("signature-one-reference", has_one_reference),
    ("signature-reference-parent", reference_names_parent),
    ("signature-canonicalisation", canonicalisation_is_exclusive),
    ("signature-transforms", transforms_are_the_two),
    ("signature-algorithm-known", algorithms_are_known),
];

/// A signature of the shape that is verified: every requirement holds.
#[derive(Debug)]
pub(crate) struct Provable<'t, 'a> {
    pub(super) parent: ElementRef<'t, 'a>,
    pub(super) signature: NodeId,
    pub(super) signed_info: ElementRef<'t, 'a>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) digest: DigestAlgorithm,
    pub(super) digest_value: Vec<u8>,
    pub(super) signature_value: Vec<u8>,
    pub(super) signed_info_prefixes: Vec<&'t str>,
    pub(super) content_prefixes: Vec<&'t str>,
}

impl<'t, 'a> Signature<'t, 'a> {
    /// Takes the element as a signature, if it is one by name.
    pub(crate) fn at(element: ElementRef<'t, 'a>) -> Option<Self> {
        element.is(DSIG, "Signature").then_some(Self { element })
    }

    /// The signatures that are children of `parent`.
    pub(crate) fn children_of(parent: ElementRef<'t, 'a>) -> impl Iterator<Item = Self> {
        parent
            .children_named(DSIG, "Signature")
            .map(|element| Self { element })
    }

    /// The element that carries it.
    pub(crate) fn parent(&self) -> Option<ElementRef<'t, 'a>> {
        self.element.parent()
    }

    /// The name of the algorithm that it says signed it.
    pub(crate) fn algorithm_uri(&self) -> Option<&'t str> {
        self.signed_info()?
            .child(DSIG, "SignatureMethod")?
            .attribute("Algorithm")
    }

    /// The name of the algorithm that it says hashed the content.
    pub(crate) fn digest_uri(&self) -> Option<&'t str> {
        self.reference()?
            .child(DSIG, "DigestMethod")?
            .attribute("Algorithm")
    }

    /// The signature as one that can be verified, if every requirement of [`SHAPE`] holds.
    pub(crate) fn provable(&self) -> Option<Provable<'t, 'a>> {
        if SHAPE.iter().any(|(_, requirement)| requirement(self).is_err()) {
            return None;
        }
        let signed_info = self.signed_info()?;
        let reference = self.reference()?;
        let content_prefixes = self.transforms().filter_map(prefix_list).flatten().collect();
        let canonicalisation = signed_info.child(DSIG, "CanonicalizationMethod")?;
        Some(Provable {
            parent: self.parent()?,
            signature: self.element.id(),
            signed_info,
            algorithm: SignatureAlgorithm::from_uri(self.algorithm_uri()?)?,
            digest: DigestAlgorithm::from_uri(self.digest_uri()?)?,
            digest_value: base64(&reference.child(DSIG, "DigestValue")?.text())?,
            signature_value: base64(&self.element.child(DSIG, "SignatureValue")?.text())?,
            signed_info_prefixes: prefix_list(canonicalisation).unwrap_or_default(),
            content_prefixes,
        })
    }

    fn signed_info(&self) -> Option<ElementRef<'t, 'a>> {
        self.element.child(DSIG, "SignedInfo")
    }

    fn reference(&self) -> Option<ElementRef<'t, 'a>> {
        self.signed_info()?.child(DSIG, "Reference")
    }

    fn transforms(&self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        let list = self
            .reference()
            .and_then(|reference| reference.child(DSIG, "Transforms"));
        list.into_iter().flat_map(ElementRef::children)
    }
}

/// `SignedInfo`, `SignatureValue` and at most one `KeyInfo`, in this order and nothing else: no `Object` to hide
/// content in, no second `SignedInfo`, no key by reference (XML Signature 4.1; `xmldsig-core` 2nd ed.).
fn parts_are_the_usual_ones(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let names: Vec<&str> = signature.element.children().map(ElementRef::local).collect();
    let usual = matches!(
        names.as_slice(),
        ["SignedInfo", "SignatureValue"] | ["SignedInfo", "SignatureValue", "KeyInfo"]
    );
    let in_namespace = signature
        .element
        .children()
        .all(|child| child.namespace() == DSIG);
    let hidden = signature.element.descendants().find(|inside| {
        let twice = inside.is(DSIG, "SignedInfo") && inside.parent() != Some(signature.element);
        let by_reference = matches!(inside.local(), "RetrievalMethod" | "KeyInfoReference");
        twice
            || by_reference
            || inside.is(DSIG, "Object")
            || inside.is(DSIG, "Manifest")
            || inside.is(DSIG, "Signature")
    });
    if usual && in_namespace && hidden.is_none() {
        return Ok(());
    }
    let actual = hidden.map_or_else(
        || names.join(", "),
        |inside| format!("{} hidden inside", inside.local()),
    );
    Err(ShapeFlaw {
        expected: "SignedInfo, SignatureValue and at most one KeyInfo",
        actual,
    })
}

/// `DigestValue` and `SignatureValue` hold base64 and no element (a comment is refused when reading), so that
/// everyone reads the same value (CVE-2025-29775).
fn values_are_plain_text(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let expected = "base64 text in DigestValue and SignatureValue";
    let digest = signature
        .reference()
        .and_then(|reference| reference.child(DSIG, "DigestValue"));
    let value = signature.element.child(DSIG, "SignatureValue");
    for (name, element) in [("DigestValue", digest), ("SignatureValue", value)] {
        let element = element.ok_or_else(|| ShapeFlaw {
            expected,
            actual: format!("no {name}"),
        })?;
        let plain =
            element.children().next().is_none() && base64(&element.text()).is_some_and(|v| !v.is_empty());
        if !plain {
            return Err(ShapeFlaw {
                expected,
                actual: format!("{name} is something else"),
            });
        }
    }
    Ok(())
}

/// Exactly one `Reference` (SAML Core 5.4.2).
fn has_one_reference(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let expected = "CanonicalizationMethod, SignatureMethod and one Reference";
    let names: Vec<&str> = signature
        .signed_info()
        .into_iter()
        .flat_map(ElementRef::children)
        .map(ElementRef::local)
        .collect();
    if names == ["CanonicalizationMethod", "SignatureMethod", "Reference"] {
        has_one_digest(signature)
    } else {
        let references = names.iter().filter(|name| **name == "Reference").count();
        Err(ShapeFlaw {
            expected,
            actual: format!("{} parts, {references} of them Reference", names.len()),
        })
    }
}

/// What is hashed how, and one digest: with a second, two readers could compare with different ones.
fn has_one_digest(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let parts = signature.reference().into_iter().flat_map(ElementRef::children);
    let names: Vec<&str> = parts.map(ElementRef::local).collect();
    match names.as_slice() {
        ["DigestMethod", "DigestValue"] | ["Transforms", "DigestMethod", "DigestValue"] => Ok(()),
        _ => Err(ShapeFlaw {
            expected: "Transforms, DigestMethod and DigestValue in the Reference",
            actual: names.join(", "),
        }),
    }
}

/// The reference is `#` and the `ID` of the element that carries the signature (SAML Core 5.4.2), so that what is
/// verified is what is read.
fn reference_names_parent(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let expected = "# and the ID of the element that carries the signature";
    let uri = signature
        .reference()
        .and_then(|reference| reference.attribute("URI"));
    let id = signature.parent().and_then(|parent| parent.attribute("ID"));
    match (uri.and_then(|uri| uri.strip_prefix('#')), id) {
        (Some(named), Some(id)) if named == id && !id.is_empty() => Ok(()),
        (_, None) => Err(ShapeFlaw {
            expected,
            actual: "the element has no ID".to_owned(),
        }),
        _ => Err(ShapeFlaw {
            expected,
            actual: uri.map_or_else(|| "no URI".to_owned(), ToOwned::to_owned),
        }),
    }
}

fn canonicalisation_is_exclusive(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let method = signature
        .signed_info()
        .and_then(|info| info.child(DSIG, "CanonicalizationMethod"));
    let algorithm = method.and_then(|method| method.attribute("Algorithm"));
    let list_is_short =
        method.is_none_or(|method| prefix_list(method).is_none_or(|list| list.len() <= PREFIXES));
    if algorithm.is_some_and(is_exclusive) && list_is_short {
        return Ok(());
    }
    Err(ShapeFlaw {
        expected: EXCLUSIVE_C14N,
        actual: algorithm.unwrap_or("none").to_owned(),
    })
}

/// Enveloped-signature first, exclusive canonicalisation after it, nothing else (SAML Core 5.4.4). No transform
/// is ever run that could select less than the element, fetch something or compute something.
fn transforms_are_the_two(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let expected = "enveloped-signature and exclusive canonicalisation, once each, in this order";
    let mut found = Vec::new();
    for transform in signature.transforms().take(PREFIXES) {
        let short = prefix_list(transform).is_none_or(|list| list.len() <= PREFIXES);
        let inside = transform
            .children()
            .all(|child| child.is(EXCLUSIVE_C14N, "InclusiveNamespaces"));
        if !transform.is(DSIG, "Transform") || !short || !inside {
            return Err(ShapeFlaw {
                expected,
                actual: transform.local().to_owned(),
            });
        }
        found.push(transform.attribute("Algorithm").unwrap_or("none"));
    }
    match found.as_slice() {
        [first, second] if *first == ENVELOPED && is_exclusive(second) => Ok(()),
        _ => Err(ShapeFlaw {
            expected,
            actual: if found.is_empty() {
                "none".to_owned()
            } else {
                found.join(", ")
            },
        }),
    }
}

fn algorithms_are_known(signature: &Signature<'_, '_>) -> Result<(), ShapeFlaw> {
    let expected = "RSA, RSA-PSS or ECDSA with a SHA-2 digest";
    let (algorithm, digest) = (signature.algorithm_uri(), signature.digest_uri());
    if algorithm.and_then(SignatureAlgorithm::from_uri).is_none() {
        return Err(ShapeFlaw {
            expected,
            actual: algorithm.unwrap_or("no SignatureMethod").to_owned(),
        });
    }
    if digest.and_then(DigestAlgorithm::from_uri).is_none() {
        return Err(ShapeFlaw {
            expected,
            actual: digest.unwrap_or("no DigestMethod").to_owned(),
        });
    }
    Ok(())
}

fn is_exclusive(algorithm: &str) -> bool {
    algorithm == EXCLUSIVE_C14N || algorithm == EXCLUSIVE_C14N_WITH_COMMENTS
}

/// `InclusiveNamespaces/@PrefixList` of a transform or canonicalisation method.
fn prefix_list<'t>(method: ElementRef<'t, '_>) -> Option<Vec<&'t str>> {
    let list = method
        .child(EXCLUSIVE_C14N, "InclusiveNamespaces")?
        .attribute("PrefixList")?;
    Some(list.split_ascii_whitespace().collect())
}

/// Base64 as XML Schema has it: white space between the characters is allowed.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    if text.contains(|c: char| c.is_ascii_whitespace()) {
        let packed: String = text.split_ascii_whitespace().collect();
        return engine.decode(packed).ok();
    }
    engine.decode(text).ok()
}
