//! A file of the repository, and its code without comments and literals.

use std::{fs, path::Path};

/// A file of the repository. Its path is relative to the top and written with `/`.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The text with comments, strings and characters blanked; lines keep their numbers.
    pub(super) fn code(&self) -> String {
        let mut code = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(first) = rest.chars().next() {
            let hidden = hidden_length(rest);
            if hidden == 0 {
                code.push(first);
            } else {
                code.extend(rest[..hidden].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            }
            rest = &rest[hidden.max(first.len_utf8())..];
        }
        code
    }

    /// The room a file of `src/` belongs to; the crate's own three files belong to none.
    pub(super) fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let room = inside.split('/').next()?.trim_end_matches(".rs");
        (!matches!(room, "lib" | "main" | "ARCHITECTURE.md")).then_some(room)
    }

    /// True of a file whose name ends like this: `rs`, `md`.
    pub(super) fn is_kind(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|kind| kind == extension)
    }
}

/// Every text file below the given folders or files of the repository, in order of path.
pub(super) fn read_below(tops: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for top in tops {
        read_into(&mut found, top);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn read_into(found: &mut Vec<Source>, path: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if full.is_dir() {
        for entry in fs::read_dir(&full).expect("a folder of the repository can be listed") {
            let name = entry
                .expect("a folder of the repository can be listed")
                .file_name();
            if name != "node_modules" && name != "target" {
                read_into(found, &format!("{path}/{}", name.to_string_lossy()));
            }
        }
    } else if let Ok(text) = fs::read_to_string(&full) {
        found.push(Source::new(path, &text));
    }
}

/// How many bytes the comment or literal takes that begins here; 0 if none does.
fn hidden_length(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'/', b'/', ..] => rest.find('\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => rest.find("*/").map_or(rest.len(), |end| end + 2),
        [b'"', ..] => string_length(rest),
        [b'r', b'"' | b'#', ..] => raw_string_length(rest),
        [b'\'', ..] => char_length(rest),
        _ => 0,
    }
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn raw_string_length(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
    let opening = hashes + 2;
    if rest.as_bytes().get(opening - 1) != Some(&b'"') {
        return 0; // a raw identifier
    }
    let closing = format!("\"{}", "#".repeat(hashes));
    rest[opening..]
        .find(&closing)
        .map_or(rest.len(), |end| opening + end + closing.len())
}

/// A character, as opposed to a lifetime.
fn char_length(rest: &str) -> usize {
    let mut inside = rest.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => rest[3..].find('\'').map_or(0, |end| end + 4),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}

#[test]
fn comments_and_literals_are_not_code() {
    let text = "a // b\n/* c\n */ d \"e \\\" f\" r#\"g \" h\"# 'i' b'\\'' j<'k>(r#type)";
    let code = Source::new("src/x.rs", text).code();

    assert_eq!(
        code.split_whitespace().collect::<Vec<_>>(),
        ["a", "d", "b", "j<'k>(r#type)"]
    );
    assert_eq!(code.lines().count(), 3);
}

#[test]
fn a_room_is_a_folder_or_a_file_of_src() {
    assert_eq!(Source::new("src/web/saml.rs", "").room(), Some("web"));
    assert_eq!(Source::new("src/app.rs", "").room(), Some("app"));
    assert_eq!(Source::new("src/main.rs", "").room(), None);
    assert_eq!(Source::new("tests/bridge/main.rs", "").room(), None);
}
