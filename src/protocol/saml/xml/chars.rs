//! Which characters may stand where (XML 1.0 section 2.2, Namespaces in XML 1.0 section 3).

/// True if `name` is a name without a colon.
pub(super) fn is_ncname(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

/// True if `text` is made of the characters of a name, whichever comes first: some identity providers write a bare
/// GUID where XML wants an identifier.
pub(crate) fn is_name_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(continues_name)
}

fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// True if XML 1.0 allows the character, written out or as a reference.
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// The first character of `text` that XML forbids, as its octet offset.
pub(super) fn first_forbidden(text: &str) -> Option<usize> {
    // Only U+FFFE and U+FFFF, which begin with 0xEF, need the slow look. A block is looked at whole, without a
    // branch for each octet.
    let suspicious = |o: u8| (o < 0x20 && !matches!(o, b'\t' | b'\n' | b'\r')) || o == 0xEF;
    let mut blocks = text.as_bytes().chunks(64);
    let block = blocks.position(|block| block.iter().fold(false, |found, o| found | suspicious(*o)))?;
    text.char_indices()
        .skip_while(|(at, _)| *at < block * 64)
        .find(|(_, c)| !is_xml_char(*c))
        .map(|(at, _)| at)
}

/// True if both prefixes are the same. They are short, so a loop is faster than a call.
pub(super) fn same_prefix(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().eq(other.bytes())
}

/// True for a namespace name that every parser reads alike: an absolute URI without odd characters.
///
/// Relative names make some canonicalisers fail or yield nothing, which has been turned into forgeries.
pub(super) fn is_absolute_namespace(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    let scheme_is_good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let odd = |c: char| {
        c <= ' ' || c == '\u{7F}' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    };
    scheme_is_good && !rest.is_empty() && !uri.contains(odd)
}

/// White space as XML means it.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_only_looks_like_one() {
        for good in ["a", "_a", "Response", "é", "a-b.c1"] {
            assert!(is_ncname(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a:b", "a b", "a'", "a\u{0}"] {
            assert!(!is_ncname(bad), "{bad}");
        }
    }

    #[test]
    fn an_identifier_may_begin_with_a_digit_but_holds_no_quote_bracket_or_blank() {
        assert!(is_name_token("_a") && is_name_token("28338c8c-39ab"));
        for bad in ["", "a b", "a'", "x(y)", "a:b", "#a", "a/b", "a\u{A0}"] {
            assert!(!is_name_token(bad), "{bad}");
        }
    }

    #[test]
    fn namespace_names_must_be_absolute_and_plain() {
        assert!(is_absolute_namespace("urn:oasis:names:tc:SAML:2.0:assertion"));
        assert!(is_absolute_namespace("http://www.w3.org/2000/09/xmldsig#"));
        for bad in ["1", "", "a", "http://a b", ":x", "1a:b", "urn:", "urn:a\u{7F}"] {
            assert!(!is_absolute_namespace(bad), "{bad}");
        }
    }

    #[test]
    fn forbidden_characters_are_found_where_they_are() {
        assert_eq!(first_forbidden("ab\u{1}c"), Some(2));
        assert_eq!(first_forbidden("a\u{FFFD}b\u{FFFF}"), Some(5));
        assert_eq!(first_forbidden("tab\tline\n\u{FFFD}"), None);
    }
}
