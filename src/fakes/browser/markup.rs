//! Just enough HTML to find forms, links and words. It is for our own pages and their like, not for the open web.

use html_escape::decode_html_entities;

/// One piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// `<name attribute="value">`; names in lower case.
    Open(String, Vec<(String, String)>),
    /// `</name>`.
    Close(String),
    /// Character content, decoded.
    Text(String),
}

impl Piece {
    /// The value of an attribute of an opening tag.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let Self::Open(_, attributes) = self else {
            return None;
        };
        let found = attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// True for the opening tag of `name`.
    pub(super) fn opens(&self, name: &str) -> bool {
        matches!(self, Self::Open(known, _) if known == name)
    }

    /// True for the closing tag of `name`.
    pub(super) fn closes(&self, name: &str) -> bool {
        matches!(self, Self::Close(known) if known == name)
    }
}

/// Takes a page apart. Comments and what stands inside script, style and head's title are left out of the text.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some((text, from)) = rest.split_once('<') {
        push_text(text, &mut pieces);
        if let Some(comment) = from.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = tag(from);
        rest = after;
        let Some(piece) = tag else { continue };
        for raw in ["script", "style"] {
            if piece.opens(raw) {
                rest = after_raw(rest, raw);
            }
        }
        pieces.push(piece);
    }
    push_text(rest, &mut pieces);
    pieces
}

fn push_text(text: &str, pieces: &mut Vec<Piece>) {
    if !text.trim().is_empty() {
        pieces.push(Piece::Text(decode_html_entities(text).into_owned()));
    }
}

/// What stands inside is no markup until its own closing tag.
fn after_raw<'a>(rest: &'a str, name: &str) -> &'a str {
    rest.split_once(&format!("</{name}>"))
        .map_or("", |(_, after)| after)
}

/// The tag that begins here, and what follows it. A declaration is no piece.
fn tag(from: &str) -> (Option<Piece>, &str) {
    let (inside, after) = split_tag(from);
    if let Some(name) = inside.strip_prefix('/') {
        return (Some(Piece::Close(name.trim().to_ascii_lowercase())), after);
    }
    if inside.starts_with(['!', '?']) {
        return (None, after);
    }
    let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '/');
    let (name, attributes) = inside.split_at(end.unwrap_or(inside.len()));
    let piece = Piece::Open(name.to_ascii_lowercase(), read_attributes(attributes));
    (Some(piece), after)
}

/// Up to the `>` that stands in no quotes.
fn split_tag(from: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in from.char_indices() {
        match (quote, c) {
            (None, '>') => {
                let (inside, after) = from.split_at(at);
                return (inside, after.strip_prefix('>').unwrap_or(after));
            }
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    (from, "")
}

fn read_attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || is_between(c))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(value) => split_value(value),
            None => ("", after),
        };
        found.push((
            name.to_ascii_lowercase(),
            decode_html_entities(value).into_owned(),
        ));
        rest = after.trim_start_matches(is_between);
    }
    found
}

fn is_between(c: char) -> bool {
    c.is_ascii_whitespace() || c == '/'
}

fn split_value(from: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = from.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = from.find(|c: char| c.is_ascii_whitespace()).unwrap_or(from.len());
    from.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_texts_are_told_apart() {
        let html =
            "<!DOCTYPE html><!-- <a> --><P class='a b' data-x=\"1 > 0 &amp; 2\" hidden>Tom &amp; Jo<br/></p>";
        let found = pieces(html);
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0].attribute("class"), Some("a b"));
        assert_eq!(found[0].attribute("data-x"), Some("1 > 0 & 2"));
        assert_eq!(found[0].attribute("hidden"), Some(""));
        assert_eq!(found[1], Piece::Text("Tom & Jo".to_owned()));
        assert!(found[2].opens("br") && found[3].closes("p"));
    }

    #[test]
    fn what_a_script_says_is_no_page() {
        let found = pieces("a<script>if (a < b) { '<form>' }</script>b");
        assert!(!found.iter().any(|piece| piece.opens("form")), "{found:?}");
        assert_eq!(found.last(), Some(&Piece::Text("b".to_owned())));
    }

    #[test]
    fn a_page_that_breaks_off_is_read_as_far_as_it_goes() {
        for html in ["<", "<a", "<a href=\"", "<!--", "</", "<script>"] {
            let _found = pieces(html);
        }
        assert_eq!(
            read_attributes(" a=1 b"),
            [("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())]
        );
    }
}
