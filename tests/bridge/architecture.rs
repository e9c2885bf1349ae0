//! The house rules that a compiler does not know: who may import whom, where libraries live, what no file may have.
//!
//! The tables are those of `src/ARCHITECTURE.md` and `tests/README.md`, so the page that people read is the law.
//! Each rule shows beside itself, on a made-up source, that it can refuse.
#![expect(
    clippy::string_slice,
    reason = "every offset comes from a search in the same text"
)]

mod checklist;
mod documents;
mod imports;
mod paths;
mod source;
mod tables;
mod words;

use std::path::Path;

use source::{Source, read_below};
use tables::Table;

/// Everything that is tracked, but for the lock file and what other software made.
const OURS: [&str; 18] = [
    "src",
    "tests",
    "benches",
    "config",
    "metadata",
    "docs",
    ".ci",
    ".config",
    ".github",
    ".clippy.toml",
    ".deny.toml",
    ".justfile",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
];

fn rust_below(tops: &[&str]) -> Vec<Source> {
    let sources: Vec<_> = read_below(tops)
        .into_iter()
        .filter(|source| source.is_kind("rs"))
        .collect();
    assert!(!sources.is_empty(), "there is nothing to judge in {tops:?}");
    sources
}

fn assert_none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn rooms_import_only_what_the_table_lists() {
    let table = Table::of_architecture("## Who may import whom");
    let sources = rust_below(&["src"]);

    assert_none(&imports::forbidden_imports(&sources, &table));
    assert_none(&imports::hidden_imports(&sources, &table));
}

#[test]
fn the_table_lists_only_rooms_that_exist() {
    let table = Table::of_architecture("## Who may import whom");
    let sources = rust_below(&["src"]);
    let is_there = |room: &str| sources.iter().any(|source| source.room() == Some(room));

    let absent: Vec<_> = table
        .iter()
        .map(|(room, _)| room.to_owned())
        .filter(|room| !is_there(room))
        .collect();
    assert_none(&absent);
}

#[test]
fn outside_libraries_live_in_their_rooms() {
    let table = Table::of_architecture("## Where outside libraries live");
    let sources: Vec<_> = rust_below(&["src"])
        .into_iter()
        .filter(|source| source.room().is_some())
        .collect();

    assert_none(&imports::misplaced_libraries(&sources, &table));
}

#[test]
fn the_program_starts_in_the_command_line_and_nowhere_else() {
    let main = rust_below(&["src/main.rs"]);
    let others = |source: &Source| {
        let all = paths::mentions(&source.code()).into_iter();
        all.filter(|mention| mention.is_in("nhsmail_bridge") && !mention.is_in("nhsmail_bridge::cli"))
            .map(|mention| mention.path)
    };

    assert_none(&main.iter().flat_map(others).collect::<Vec<_>>());
}

#[test]
fn no_code_is_unfinished_silenced_or_switched_off() {
    let sources = rust_below(&["src", "tests"]);

    assert_none(
        &sources
            .iter()
            .flat_map(words::unfinished_code)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn only_the_command_line_prints() {
    assert_none(
        &rust_below(&["src"])
            .iter()
            .flat_map(words::stray_printing)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_name_says_something() {
    let sources = rust_below(&["src", "tests", "benches"]);

    assert_none(&sources.iter().flat_map(words::empty_names).collect::<Vec<_>>());
}

#[test]
fn files_stay_short_enough_to_hold_in_the_head() {
    let sources = rust_below(&["src", "tests", "benches"]);

    assert_none(&sources.iter().filter_map(words::overgrown).collect::<Vec<_>>());
}

#[test]
fn no_file_has_a_note_to_self_or_a_path_of_one_machine() {
    let sources = read_below(&OURS);
    assert!(sources.iter().any(|source| source.path == "README.md"));

    assert_none(&sources.iter().flat_map(words::private_notes).collect::<Vec<_>>());
}

#[test]
fn the_checklist_lists_exactly_the_tests_that_exist() {
    let tests = checklist::tests_by_row(&rust_below(&["src", "tests"]));
    let pages = read_below(&["tests/README.md"]);
    let page = pages.first().expect("tests/README.md holds the checklist");

    assert_none(&checklist::disagreements(&page.text, &tests));
}

#[test]
fn documents_name_only_files_that_exist() {
    let pages = read_below(&OURS)
        .into_iter()
        .filter(|source| source.is_kind("md"));
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let exists = |path: &Path| top.join(path).exists();

    assert_none(
        &pages
            .flat_map(|page| documents::dead_paths(&page, exists))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_dependency_is_used() {
    let manifest = &read_below(&["Cargo.toml"])[0].text;

    assert_none(&documents::unused_dependencies(
        manifest,
        "[dependencies]",
        &rust_below(&["src"]),
    ));
    let everything = rust_below(&["src", "tests", "benches"]);
    assert_none(&documents::unused_dependencies(
        manifest,
        "[dev-dependencies]",
        &everything,
    ));
}

#[test]
fn lock_files_name_the_public_registry_only() {
    let locks = read_below(&OURS)
        .into_iter()
        .filter(|source| source.path.ends_with("package-lock.json"));

    assert_none(
        &locks
            .flat_map(|lock| documents::named_registries(&lock))
            .collect::<Vec<_>>(),
    );
}
