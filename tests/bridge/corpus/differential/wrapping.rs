//! Signature wrapping: the signed assertion is kept somewhere, and another one says who has signed in.

use super::chance::Chance;
use super::outline::{Element, Outline};

/// Build a forged assertion from the genuine one, and hide the genuine one where a verifier still finds it.
pub(crate) fn wrap_the_assertion(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let assertions = message.named("Assertion");
    let genuine = *chance.pick(&assertions)?;
    let forged = forged(&message.piece(&genuine.whole), chance);
    let forged_outline = Outline::of(forged.clone());
    match chance.below(6) {
        0 => Some(message.inserted(genuine.whole.start, &forged)),
        1 => Some(message.inserted(genuine.whole.end, &forged)),
        2 => Some(message.with(
            &genuine.whole,
            &hidden_in(&forged_outline, &message.piece(&genuine.whole), chance)?,
        )),
        3 => Some(message.with(
            &genuine.content,
            &[&message.piece(&genuine.content), forged.as_slice()].concat(),
        )),
        4 => hidden_in_the_response(message, genuine, &forged, chance),
        _ => Some(message.with(&genuine.whole, &forged)),
    }
}

/// Put the whole genuine Response inside a forged one.
pub(crate) fn wrap_the_response(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let root = message.elements.first()?;
    let genuine = message.piece(&root.whole);
    let forged = Outline::of(forged(&genuine, chance));
    let hidden = hidden_in(&forged, &genuine, chance)?;
    Some(message.with(&root.whole, &hidden))
}

/// The same element saying another name, with or without a signature, with or without a new identifier.
fn forged(genuine: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut outline = Outline::of(genuine.to_vec());
    for named in ["NameID", "AttributeValue"] {
        let content = outline
            .named(named)
            .first()
            .map(|element| element.content.clone());
        if let Some(content) = content {
            outline = Outline::of(outline.with(&content, b"attacker@example.org"));
        }
    }
    if chance.once_in(2) {
        let signature = outline
            .named("Signature")
            .first()
            .map(|signature| signature.whole.clone());
        outline = signature.map_or(outline.clone(), |whole| Outline::of(outline.with(&whole, b"")));
    }
    if chance.once_in(2) {
        let identifier = outline
            .elements
            .first()
            .and_then(|root| identifier(&outline, root));
        outline = identifier.map_or(outline.clone(), |value| {
            Outline::of(outline.with(&value, b"_forged"))
        });
    }
    outline.bytes
}

/// The forged element with the genuine one inside, at a place where a reader may not look.
fn hidden_in(forged: &Outline, genuine: &[u8], chance: &mut Chance) -> Option<Vec<u8>> {
    let hosts: Vec<&Element> = [
        "Signature",
        "Subject",
        "Advice",
        "AttributeValue",
        "Conditions",
        "KeyInfo",
        "Status",
    ]
    .iter()
    .flat_map(|name| forged.named(name))
    .chain(forged.elements.first())
    .collect();
    let host = *chance.pick(&hosts)?;
    let place = if chance.once_in(2) {
        host.content.start
    } else {
        host.content.end
    };
    Some(forged.inserted(place, &in_a_box(genuine, chance)))
}

/// The forged assertion in the place of the genuine one, which moves elsewhere in the Response.
fn hidden_in_the_response(
    message: &Outline,
    genuine: &Element,
    forged: &[u8],
    chance: &mut Chance,
) -> Option<Vec<u8>> {
    let replaced = Outline::of(message.with(&genuine.whole, forged));
    hidden_in(&replaced, &message.piece(&genuine.whole), chance)
}

fn in_a_box(genuine: &[u8], chance: &mut Chance) -> Vec<u8> {
    const BOXES: [(&str, &str); 4] = [
        ("", ""),
        (
            "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
            "</ds:Object>",
        ),
        (
            "<samlp:Extensions xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">",
            "</samlp:Extensions>",
        ),
        ("<wrap>", "</wrap>"),
    ];
    let (before, after) = chance.pick(&BOXES).copied().unwrap_or(("", ""));
    [before.as_bytes(), genuine, after.as_bytes()].concat()
}

fn identifier(outline: &Outline, element: &Element) -> Option<std::ops::Range<usize>> {
    let attribute = element
        .attributes
        .iter()
        .find(|attribute| outline.bytes[attribute.name.clone()] == *b"ID")?;
    Some(attribute.value.clone())
}
