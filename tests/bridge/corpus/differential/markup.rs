//! Mutations of tags, attributes, namespaces and texts.

use super::chance::Chance;
use super::outline::{Attribute, Element, Outline};

/// Put a comment, an instruction, a CDATA section, an entity or a blank into a text.
pub(crate) fn break_a_text(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const BREAKS: [&str; 12] = [
        "<!---->",
        "<!-- x -->",
        "<?x?>",
        "<![CDATA[]]>",
        "<![CDATA[x]]>",
        "&amp;",
        "&#32;",
        "&#x41;",
        "&x;",
        " ",
        "\n",
        "\u{200b}",
    ];
    let text = chance.pick(&message.texts)?;
    let at = text.start + chance.below(text.len() + 1);
    Some(message.inserted(at, chance.one_of(&BREAKS).as_bytes()))
}

/// Write a text in another way that a parser may read as the same.
pub(crate) fn respell_a_text(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let range = chance.pick(&message.texts)?;
    let text = String::from_utf8(message.piece(range)).ok()?;
    let spelled = match chance.below(3) {
        0 => format!("<![CDATA[{text}]]>"),
        1 => text.chars().fold(String::new(), |spelled, letter| {
            spelled + &format!("&#{};", u32::from(letter))
        }),
        _ => text.replace('\n', "\r\n"),
    };
    Some(message.with(range, spelled.as_bytes()))
}

/// Put another value, another text of the message or nothing in the place of a text.
pub(crate) fn replace_a_text(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let range = chance.pick(&message.texts)?;
    let other = chance.pick(&message.texts)?;
    let replacement = match chance.below(3) {
        0 => b"attacker@example.org".to_vec(),
        1 => message.piece(other),
        _ => Vec::new(),
    };
    Some(message.with(range, &replacement))
}

/// Say an attribute twice, the second time with another value or a prefix.
pub(crate) fn repeat_an_attribute(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let (_, attribute) = an_attribute(message, chance)?;
    let name = String::from_utf8_lossy(&message.piece(&attribute.name)).into_owned();
    let value = String::from_utf8_lossy(&message.piece(&attribute.value)).into_owned();
    let again = match chance.below(4) {
        0 => format!(" {name}=\"{value}\""),
        1 => format!(" {name}=\"other\""),
        2 => format!(" samlp:{name}=\"{value}\""),
        _ => format!(" {}=\"{value}\"", name.to_lowercase()),
    };
    Some(message.inserted(attribute.whole.end, again.as_bytes()))
}

/// Take an attribute or a namespace declaration away.
pub(crate) fn drop_an_attribute(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let (_, attribute) = an_attribute(message, chance)?;
    Some(message.with(&attribute.whole, b""))
}

/// Give an attribute the value of another, a blank or an entity more.
pub(crate) fn change_a_value(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let (_, attribute) = an_attribute(message, chance)?;
    let (_, other) = an_attribute(message, chance)?;
    let replacement = match chance.below(5) {
        0 => message.piece(&other.value),
        1 => [message.piece(&attribute.value), b" ".to_vec()].concat(),
        2 => [message.piece(&attribute.value), b"&#10;".to_vec()].concat(),
        3 => [message.piece(&attribute.value), b"&amp;".to_vec()].concat(),
        _ => Vec::new(),
    };
    Some(message.with(&attribute.value, &replacement))
}

/// Move an attribute behind the others, or write it with the other quotes or more blanks.
pub(crate) fn rearrange_an_attribute(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let (element, attribute) = an_attribute(message, chance)?;
    let whole = String::from_utf8(message.piece(&attribute.whole)).ok()?;
    if chance.once_in(2) {
        return Some(message.with(
            &attribute.whole,
            format!("\n {}", whole.replace('"', "'")).as_bytes(),
        ));
    }
    let last = element.attributes.last()?.whole.clone();
    let swapped = message.piece(&last);
    let moved = message.with(&last, whole.as_bytes());
    Some(
        Outline {
            bytes: moved,
            ..message.clone()
        }
        .with(&attribute.whole, &swapped),
    )
}

/// Declare a namespace where it changes nothing, or everything.
pub(crate) fn declare_a_namespace(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const DECLARATIONS: [&str; 12] = [
        " xmlns:unused=\"urn:x\"",
        " xmlns=\"urn:x\"",
        " xmlns=\"\"",
        " xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
        " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
        " xmlns:ds=\"urn:x\"",
        " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"",
        " xml:id=\"other\"",
        " xml:space=\"preserve\"",
    ];
    let element = chance.pick(&message.elements)?;
    Some(message.inserted(element.name.end, chance.one_of(&DECLARATIONS).as_bytes()))
}

/// Change the prefix or the name of an element, in both tags.
pub(crate) fn rename_an_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const NAMES: [&str; 8] = [
        "Assertion",
        "saml:Assertion",
        "samlp:Response",
        "ds:Signature",
        "saml:NameID",
        "x:NameID",
        "Object",
        "a",
    ];
    let element = chance.pick(&message.elements)?;
    let name = chance.one_of(&NAMES).as_bytes();
    let renamed_end = if element.content.end == element.whole.end {
        message.bytes.clone()
    } else {
        let end_tag = element.content.end + 2..element.whole.end - 1;
        message.with(&end_tag, name)
    };
    Some(
        Outline {
            bytes: renamed_end,
            ..message.clone()
        }
        .with(&element.name, name),
    )
}

/// Put blanks between elements, where no signature may look and where one does.
pub(crate) fn insert_blanks(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const BLANKS: [&str; 6] = ["\n", "\r\n", "    ", "\t", "&#13;", "<!-- -->"];
    let element = chance.pick(&message.elements)?;
    let places = [
        element.whole.start,
        element.whole.end,
        element.content.start,
        element.content.end,
    ];
    let place = *chance.pick(&places)?;
    Some(message.inserted(place, chance.one_of(&BLANKS).as_bytes()))
}

/// Write an empty element with two tags or one.
pub(crate) fn respell_an_empty_element(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let empty: Vec<&Element> = message
        .elements
        .iter()
        .filter(|element| element.content.is_empty())
        .collect();
    let element = chance.pick(&empty)?;
    let name = String::from_utf8(message.piece(&element.name)).ok()?;
    let tag = String::from_utf8(message.piece(&element.start_tag)).ok()?;
    let spelled = match tag.strip_suffix("/>") {
        Some(open) => format!("{open}></{name}>"),
        None => format!("{}/>", tag.strip_suffix('>')?),
    };
    Some(message.with(&element.whole, spelled.as_bytes()))
}

/// Change the XML declaration.
pub(crate) fn change_the_declaration(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const DECLARATIONS: [&str; 6] = [
        "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.1\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
        "",
    ];
    let root = message.elements.first()?.whole.start;
    Some(message.with(&(0..root), chance.one_of(&DECLARATIONS).as_bytes()))
}

fn an_attribute<'a>(message: &'a Outline, chance: &mut Chance) -> Option<(&'a Element, &'a Attribute)> {
    let element = chance.pick(&message.elements)?;
    let attribute = chance.pick(&element.attributes)?;
    Some((element, attribute))
}
