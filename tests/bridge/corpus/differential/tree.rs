//! Mutations that move whole elements, and those that know what a signature is.

use super::chance::Chance;
use super::outline::{Element, Outline};

/// Take an element away.
pub(crate) fn drop_an_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let element = chance.pick(&message.elements)?;
    Some(message.with(&element.whole, b""))
}

/// Say an element twice.
pub(crate) fn clone_an_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let element = chance.pick(&message.elements)?;
    let place = if chance.once_in(2) {
        element.whole.start
    } else {
        element.whole.end
    };
    Some(message.inserted(place, &message.piece(&element.whole)))
}

/// Move an element into, before or after another.
pub(crate) fn move_an_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let element = chance.pick(&message.elements)?;
    let without = Outline::of(message.with(&element.whole, b""));
    let target = chance.pick(&without.elements)?;
    let places = [
        target.whole.start,
        target.whole.end,
        target.content.start,
        target.content.end,
    ];
    Some(without.inserted(*chance.pick(&places)?, &message.piece(&element.whole)))
}

/// Put an element inside a new one.
pub(crate) fn wrap_an_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const WRAPPINGS: [(&str, &str); 6] = [
        ("<a>", "</a>"),
        (
            "<samlp:Extensions xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">",
            "</samlp:Extensions>",
        ),
        (
            "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
            "</ds:Object>",
        ),
        (
            "<saml:Advice xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
            "</saml:Advice>",
        ),
        (
            "<samlp:StatusDetail xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">",
            "</samlp:StatusDetail>",
        ),
        ("<![CDATA[", "]]>"),
    ];
    let element = chance.pick(&message.elements)?;
    let (before, after) = chance.pick(&WRAPPINGS)?;
    let wrapped = [
        before.as_bytes(),
        &message.piece(&element.whole),
        after.as_bytes(),
    ]
    .concat();
    Some(message.with(&element.whole, &wrapped))
}

/// Let two elements change places.
pub(crate) fn swap_two_elements(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let one = chance.pick(&message.elements)?;
    let other = chance.pick(&message.elements)?;
    let (first, second) = if one.whole.start <= other.whole.start {
        (one, other)
    } else {
        (other, one)
    };
    if first.whole.end > second.whole.start {
        return None;
    }
    let later = message.with(&second.whole, &message.piece(&first.whole));
    Some(
        Outline {
            bytes: later,
            ..message.clone()
        }
        .with(&first.whole, &message.piece(&second.whole)),
    )
}

/// Give an element the identifier of another, or a new one.
pub(crate) fn change_an_identifier(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let named: Vec<_> = message
        .elements
        .iter()
        .flat_map(|element| &element.attributes)
        .filter(|attribute| {
            ["ID", "Id", "URI", "InResponseTo"]
                .iter()
                .any(|name| named_so(message, attribute, name))
        })
        .collect();
    let attribute = chance.pick(&named)?;
    let other = chance.pick(&named)?;
    let value = message.piece(&other.value);
    let bare = value.strip_prefix(b"#").unwrap_or(&value).to_vec();
    let replacement = match chance.below(5) {
        0 => [b"#".as_slice(), &bare].concat(),
        1 => bare,
        2 => b"_other".to_vec(),
        3 => [b"#xpointer(id('".as_slice(), &bare, b"'))"].concat(),
        _ => Vec::new(),
    };
    Some(message.with(&attribute.value, &replacement))
}

/// Change an algorithm, a transform, a digest or the value of a signature.
pub(crate) fn change_the_signature(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const ALGORITHMS: [&str; 10] = [
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2000/09/xmldsig#sha1",
    ];
    const PARTS: [&str; 8] = [
        "Transform",
        "CanonicalizationMethod",
        "SignatureMethod",
        "DigestMethod",
        "DigestValue",
        "SignatureValue",
        "Reference",
        "InclusiveNamespaces",
    ];
    let several = message.named(chance.one_of(&PARTS));
    let part = *chance.pick(&several)?;
    match (
        chance.below(3),
        part.attributes
            .iter()
            .find(|attribute| named_so(message, attribute, "Algorithm")),
    ) {
        (0, _) => Some(message.inserted(part.whole.end, &message.piece(&part.whole))),
        (1, _) => Some(message.with(&part.whole, b"")),
        (_, Some(algorithm)) => Some(message.with(&algorithm.value, chance.one_of(&ALGORITHMS).as_bytes())),
        (_, None) => Some(message.with(&part.content, &respelled(&message.piece(&part.content), chance))),
    }
}

/// Take the signature of one element out, or put it where it does not belong.
pub(crate) fn move_a_signature(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let signatures = message.named("Signature");
    let signature = *chance.pick(&signatures)?;
    let without = Outline::of(message.with(&signature.whole, b""));
    let hosts: Vec<&Element> = [
        "Response",
        "Assertion",
        "Subject",
        "Status",
        "AttributeValue",
        "Extensions",
    ]
    .iter()
    .flat_map(|name| without.named(name))
    .collect();
    let host = *chance.pick(&hosts)?;
    let place = if chance.once_in(2) {
        host.content.start
    } else {
        host.content.end
    };
    Some(without.inserted(place, &message.piece(&signature.whole)))
}

/// The same base64 with other blanks, another padding or one letter changed.
fn respelled(value: &[u8], chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(value.len());
    let mut changed = value.to_vec();
    match chance.below(4) {
        0 => changed.insert(at, b'\n'),
        1 => changed.push(b'='),
        2 => changed.extend_from_slice(b"<!-- -->"),
        _ if !changed.is_empty() => changed[at] = b'A',
        _ => {}
    }
    changed
}

fn named_so(message: &Outline, attribute: &super::outline::Attribute, name: &str) -> bool {
    message.bytes[attribute.name.clone()] == *name.as_bytes()
}
