//! The paths that code mentions: in `use` lines, groups taken apart, and in the middle of an expression.

/// A path such as `crate::session::record`, and the line where it begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) line: usize,
    pub(super) path: String,
}

impl Mention {
    /// True if the path is `place` or something inside it.
    pub(super) fn is_in(&self, place: &str) -> bool {
        self.path
            .strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// Every path of some code that has no comments or literals.
pub(super) fn mentions(code: &str) -> Vec<Mention> {
    let mut reader = Reader {
        words: words(code),
        at: 0,
        found: Vec::new(),
    };
    while reader.at < reader.words.len() {
        if reader.is_name() {
            reader.path("");
        } else {
            reader.at += 1;
        }
    }
    reader.found
}

struct Reader<'a> {
    words: Vec<(usize, &'a str)>,
    at: usize,
    found: Vec<Mention>,
}

impl Reader<'_> {
    fn word(&self) -> &str {
        self.words.get(self.at).map_or("", |(_, word)| word)
    }

    fn is_name(&self) -> bool {
        self.word().starts_with(|c: char| c.is_alphabetic() || c == '_')
    }

    /// Reads one path that begins here, below `prefix`; a group becomes one path for each member.
    fn path(&mut self, prefix: &str) {
        let line = self.words.get(self.at).map_or(0, |(line, _)| *line);
        let mut path = format!("{prefix}{}", self.word());
        self.at += 1;
        while self.word() == "::" {
            self.at += 1;
            if self.word() == "{" {
                self.at += 1;
                return self.group(&format!("{path}::"));
            }
            if !self.is_name() && self.word() != "*" {
                break;
            }
            path = format!("{path}::{}", self.word());
            self.at += 1;
        }
        self.found.push(Mention { line, path });
    }

    fn group(&mut self, prefix: &str) {
        while !matches!(self.word(), "}" | "") {
            match self.word() {
                "as" => self.at += 2,
                "," => self.at += 1,
                _ => self.path(prefix),
            }
        }
        self.at += 1;
    }
}

/// The words of some code with their lines: names, `::`, and single signs.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let name = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let length = if rest.starts_with("::") {
                2
            } else {
                name.max(first.len_utf8())
            };
            found.push((number + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    found
}

#[test]
fn paths_are_found_in_uses_groups_and_expressions() {
    let code = "use a::b;\nuse c::{d, e::{f as g, *}, self};\nlet h = i::j(k.l, m::<n>::o);";
    let found: Vec<_> = mentions(code)
        .into_iter()
        .filter(|m| m.path.contains("::"))
        .map(|m| (m.line, m.path))
        .collect();

    let expected = [
        (1, "a::b"),
        (2, "c::d"),
        (2, "c::e::f"),
        (2, "c::e::*"),
        (2, "c::self"),
        (3, "i::j"),
    ];
    assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn a_path_is_inside_a_place_by_whole_words() {
    let mention = Mention {
        line: 1,
        path: "axum_extra::extract".to_owned(),
    };

    assert!(mention.is_in("axum_extra"));
    assert!(!mention.is_in("axum"));
}
