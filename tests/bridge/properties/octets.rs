//! Octets to ask about: any, some that look like XML, and those of a good message with something changed.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::held::ANSWER;

/// The answer as the field of a form carries it.
pub(super) static FIELD: LazyLock<String> = LazyLock::new(|| STANDARD.encode(ANSWER));

/// The answer as a browser posts it.
pub(super) static FORM: LazyLock<String> = LazyLock::new(|| {
    let field = FIELD.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("SAMLResponse={field}&RelayState=abc")
});

/// What XML and SAML are made of.
const PIECES: [&str; 34] = [
    "<a>",
    "</a>",
    "<a/>",
    "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\" Version=\"2.0\">",
    "</samlp:Response>",
    "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_2\">",
    "</Assertion>",
    "<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
    "</EncryptedAssertion>",
    "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
    "</ds:Signature>",
    "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"urn:a\">",
    "</EntityDescriptor>",
    "<IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">",
    "</IDPSSODescriptor>",
    "<?xml version=\"1.0\"?>",
    "<?pi?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<!-- -->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#0;",
    "&#x1F600;",
    "&b;",
    " xmlns=\"\"",
    " xmlns:a=\"urn:a\"",
    "a:b",
    "\"",
    "'",
    ">",
    "text",
    "\r\n",
    "\u{FEFF}",
];

/// Octets of no kind.
pub(super) fn any() -> impl Strategy<Value = Vec<u8>> {
    vec(any_octet(), 0..2048)
}

fn any_octet() -> impl Strategy<Value = u8> {
    proptest::num::u8::ANY
}

/// Pieces of XML and of SAML in any order.
pub(super) fn like_xml() -> impl Strategy<Value = String> {
    vec(select(PIECES.as_slice()), 0..60).prop_map(|pieces| pieces.concat())
}

/// `good` with a few changes.
pub(super) fn changed(good: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    vec(change(), 1..4).prop_map(move |changes| {
        changes
            .into_iter()
            .fold(good.to_vec(), |octets, change| change.make(octets))
    })
}

/// One change.
#[derive(Debug, Clone)]
enum Change {
    Replace(Index, u8),
    Insert(Index, &'static str),
    Remove(Index, Index),
    Copy(Index, Index, Index),
    Swap(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = proptest::prelude::any::<Index>;
    prop_oneof![
        (place(), any_octet()).prop_map(|(at, octet)| Change::Replace(at, octet)),
        (place(), select(PIECES.as_slice())).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (place(), place()).prop_map(|(from, to)| Change::Remove(from, to)),
        (place(), place(), place()).prop_map(|(from, to, at)| Change::Copy(from, to, at)),
        (place(), place()).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

impl Change {
    fn make(self, mut octets: Vec<u8>) -> Vec<u8> {
        let length = octets.len();
        if length < 2 {
            return octets;
        }
        match self {
            Self::Replace(at, octet) => octets[at.index(length)] = octet,
            Self::Insert(at, piece) => insert(&mut octets, tag_near(at.index(length), &[]), piece.as_bytes()),
            Self::Remove(from, to) => {
                let (from, to) = tags(&octets, from, to);
                octets.drain(from..to);
            }
            Self::Copy(from, to, at) => {
                let (from, to) = tags(&octets, from, to);
                let copied = octets[from..to].to_vec();
                let at = tag_near(at.index(length), &octets);
                insert(&mut octets, at, &copied);
            }
            Self::Swap(one, other) => octets.swap(one.index(length), other.index(length)),
        }
        octets
    }
}

fn insert(octets: &mut Vec<u8>, at: usize, more: &[u8]) {
    octets.splice(at..at, more.iter().copied());
}

/// Two places in order, each before a tag if there is one further on: what is cut or copied is often whole elements.
fn tags(octets: &[u8], one: Index, other: Index) -> (usize, usize) {
    let one = tag_near(one.index(octets.len()), octets);
    let other = tag_near(other.index(octets.len()), octets);
    (one.min(other), one.max(other))
}

fn tag_near(at: usize, octets: &[u8]) -> usize {
    let rest = octets.get(at..).unwrap_or_default();
    at + rest.iter().position(|octet| *octet == b'<').unwrap_or_default()
}
