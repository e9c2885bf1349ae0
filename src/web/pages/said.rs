//! What an upstream said of a person, made fit for a sentence of ours. It is data: one line, and not too long.

/// Characters of one value on a page; a longer one ends in an ellipsis.
const MOST: usize = 80;

/// An organisation, by its ODS code and, where it is known, its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedOrganisation<'a> {
    /// The ODS code, such as `A9A5A`.
    pub code: &'a str,
    /// What it is called.
    pub name: Option<&'a str>,
}

impl NamedOrganisation<'_> {
    /// `NHSID DEV (A9A5A)`, or the code alone.
    pub(crate) fn in_words(self) -> String {
        let code = said(self.code);
        match self.name.map(said).filter(|name| !name.is_empty()) {
            Some(name) => format!("{name} ({code})"),
            None => code,
        }
    }
}

/// `text` on one line, without what cannot be seen or turns the line round, and shortened.
pub(crate) fn said(text: &str) -> String {
    let visible: String = text.chars().map(|c| if is_seen(c) { c } else { ' ' }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let start: String = line.chars().take(MOST - 1).collect();
    format!("{}…", start.trim_end())
}

/// False for control characters and for those that change the direction of the text around them (Unicode UAX 9).
fn is_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_is_named_and_its_code_is_never_left_out() {
        let named = |name| NamedOrganisation { code: "A9A5A", name }.in_words();
        assert_eq!(named(Some("NHSID DEV")), "NHSID DEV (A9A5A)");
        assert_eq!(named(Some(" \n")), "A9A5A");
        assert_eq!(named(None), "A9A5A");
    }

    #[test]
    fn a_value_is_one_short_line_that_reads_from_left_to_right() {
        assert_eq!(said(" A\u{202e}b\r\nc\u{0} d "), "A b c d");
        let long = said(&"Ward ".repeat(100));
        assert!(long.chars().count() <= MOST && long.ends_with("Ward…"), "{long}");
    }
}
