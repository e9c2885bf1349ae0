//! Words and sizes that no file may have.

use super::source::Source;

/// Where a file's own tests begin.
const TESTS: &str = "#[cfg(test)]\nmod tests {";
/// A file of `src/` without its tests stops here.
const MOST_LINES: usize = 400;
/// Tests longer than this move to a file of their own.
const MOST_TEST_LINES: usize = 120;

/// Code that is unfinished, silenced or switched off.
pub(super) fn unfinished_code(source: &Source) -> Vec<String> {
    let code = source.code();
    let mut breaches: Vec<_> = ["todo!", "unimplemented!", "#[allow(", "#![allow(", "#[ignore"]
        .iter()
        .filter(|word| code.contains(**word))
        .map(|word| format!("{}: has {word}", source.path))
        .collect();
    if source.is_kind("rs") && !source.text.starts_with("//!") {
        breaches.push(format!("{}: does not open with what it is for", source.path));
    }
    breaches
}

/// Notes to self, and paths that exist on one machine only.
pub(super) fn private_notes(source: &Source) -> Vec<String> {
    let marks = ["TO-DO", "FIX-ME"].map(|mark| mark.replace('-', ""));
    let paths = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"));
    let in_words = |mark: &String| {
        source
            .text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == mark)
    };
    let mut breaches = Vec::new();
    breaches.extend(marks.iter().filter(|mark| in_words(mark)).cloned());
    breaches.extend(paths.iter().filter(|path| has_path(&source.text, path)).cloned());
    breaches
        .iter()
        .map(|word| format!("{}: has {word}", source.path))
        .collect()
}

/// True if a path begins with this folder; `network/work/` is another folder.
fn has_path(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !".-_~}/*$".contains(c))
    })
}

/// Printing belongs to the command line alone.
pub(super) fn stray_printing(source: &Source) -> Vec<String> {
    if source.room().is_none_or(|room| room == "cli") {
        return Vec::new();
    }
    let code = source.code();
    ["println!", "print!", "dbg!"]
        .iter()
        .filter(|word| code.contains(**word))
        .map(|word| format!("{}: has {word}", source.path))
        .collect()
}

/// Names that say nothing about the thing.
pub(super) fn empty_names(source: &Source) -> Vec<String> {
    let code = source.code();
    let words: Vec<_> = code
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| matches!(pair, ["struct" | "enum" | "trait" | "mod", name] if is_empty_name(name)))
        .map(|pair| format!("{}: {} says nothing", source.path, pair.join(" ")))
        .collect()
}

fn is_empty_name(name: &str) -> bool {
    let name = name.to_lowercase();
    ["manager", "helper", "helpers", "util", "utils"]
        .iter()
        .any(|word| name.ends_with(word))
}

/// Files that have grown a second reason to change.
pub(super) fn overgrown(source: &Source) -> Option<String> {
    let (body, tests) = source.text.split_once(TESTS).unwrap_or((&source.text, ""));
    let (body, tests) = (body.lines().count(), tests.lines().count());
    let is_long = body > MOST_LINES || (source.room().is_some() && tests > MOST_TEST_LINES);
    is_long.then(|| format!("{}: {body} lines and {tests} of tests", source.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("src/web/mod.rs", &format!("//! A room.\n{text}"))
    }

    #[test]
    fn unfinished_code_is_refused() {
        assert!(unfinished_code(&source("// todo! is a word\nfn f() {}")).is_empty());
        assert_eq!(unfinished_code(&source("fn f() { todo!() }")).len(), 1);
        assert_eq!(unfinished_code(&source("#[allow(dead_code)] fn f() {}")).len(), 1);
        assert_eq!(
            unfinished_code(&source("#[ignore = \"slow\"]\nfn f() {}")).len(),
            1
        );
        assert_eq!(
            unfinished_code(&Source::new("src/web/mod.rs", "fn f() {}")).len(),
            1
        );
    }

    #[test]
    fn private_notes_are_refused() {
        let note = ["FIX", "ME: later"].concat();
        let path = ["see /ho", "me/ann/notes"].concat();

        assert!(private_notes(&source("// network/work/ and $HOME/x")).is_empty());
        assert_eq!(private_notes(&source(&note)).len(), 1);
        assert_eq!(private_notes(&source(&path)).len(), 1);
    }

    #[test]
    fn printing_is_refused_outside_the_command_line() {
        let text = "fn f() { println!(\"x\") }";

        assert_eq!(stray_printing(&source(text)).len(), 1);
        assert!(stray_printing(&Source::new("src/cli/mod.rs", text)).is_empty());
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        assert_eq!(
            empty_names(&source("struct SessionManager;\nmod utils;")).len(),
            2
        );
        assert!(empty_names(&source("struct Sessions;")).is_empty());
    }

    #[test]
    fn overgrown_files_are_refused() {
        let lines = |count| "x\n".repeat(count);
        let with_tests = |count| format!("{TESTS}\n{}}}\n", lines(count));

        assert_eq!(overgrown(&source(&lines(350))), None);
        assert!(overgrown(&source(&lines(400))).is_some());
        assert_eq!(overgrown(&source(&with_tests(100))), None);
        assert!(overgrown(&source(&with_tests(130))).is_some());
    }
}
