//! What a page says, without how it looks: its words, and where its links and forms lead.

use std::fmt::Write as _;

/// The words of a document, a line for each block, with links and buttons marked.
pub(crate) fn of(html: &str) -> String {
    let (_, body) = html.split_once("<body>").expect("a body");
    let (body, _script) = body.split_once("<script").unwrap_or((body, ""));
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').expect("a closed tag");
        text.push_str(&mark(tag));
        text.push_str(&html_escape::decode_html_entities(words));
    }
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What stands in the text for a tag.
fn mark(tag: &str) -> String {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let mut said = match name {
        "h1" => "\n# ".to_owned(),
        "h2" => "\n## ".to_owned(),
        "li" => "\n- ".to_owned(),
        "dd" => ": ".to_owned(),
        "a" | "button" => "\n[".to_owned(),
        "/a" | "/button" => "]".to_owned(),
        "span" | "/span" | "strong" | "/strong" => " ".to_owned(),
        _ => "\n".to_owned(),
    };
    for attribute in ["href", "action", "formaction", "name", "value"] {
        if let Some(value) = attribute_of(tag, attribute) {
            write!(said, "{attribute}={value} ").expect("a string takes it");
        }
    }
    said
}

/// The value of an attribute of a tag.
pub(crate) fn attribute_of(tag: &str, name: &str) -> Option<String> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(html_escape::decode_html_entities(value).into_owned())
}
