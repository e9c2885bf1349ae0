//! What the documents and manifests claim: the files they name are there, and what is depended on is used.

use std::path::Path;

use super::{paths::mentions, source::Source};

/// The folders whose paths a document may name.
const FOLDERS: [&str; 9] = [
    "src/",
    "tests/",
    "benches/",
    "config/",
    "metadata/",
    "docs/",
    "fixtures/",
    ".ci/",
    ".github/",
];

/// Links and paths in code font that lead to nothing. `exists` answers for a path from the top.
pub(super) fn dead_paths(page: &Source, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
    let linked = between(&page.text, "](", ")").filter(|to| !to.contains("://") && !to.starts_with('#'));
    let linked = linked.map(|to| folder.join(to.split('#').next().unwrap_or(to)));
    let named = between(&page.text, "`", "`")
        .filter(|word| is_path(word))
        .map(Path::new)
        .map(Path::to_path_buf);
    linked
        .chain(named)
        .filter(|path| !exists(path))
        .map(|path| format!("{}: there is no {}", page.path, path.display()))
        .collect()
}

fn is_path(word: &str) -> bool {
    FOLDERS.iter().any(|folder| word.starts_with(folder)) && !word.contains(['*', ' ', '…', '<', '{'])
}

/// Everything on one line that stands between two marks.
fn between<'a>(text: &'a str, opening: &'a str, closing: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().flat_map(move |line| {
        let mut rest = line;
        std::iter::from_fn(move || {
            let (_, after) = rest.split_once(opening)?;
            let (inside, after) = after.split_once(closing)?;
            rest = after;
            Some(inside)
        })
    })
}

/// The crates that a table of Cargo.toml lists and no source mentions.
pub(super) fn unused_dependencies(manifest: &str, table: &str, sources: &[Source]) -> Vec<String> {
    let used: Vec<_> = sources
        .iter()
        .flat_map(|source| mentions(&source.code()))
        .collect();
    manifest
        .lines()
        .skip_while(|line| line.trim() != table)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.replace('-', "_"))
        .filter(|name| !used.iter().any(|mention| mention.is_in(name)))
        .collect()
}

/// Packages of an npm lock file that name where they come from: the file is the same for every registry.
pub(super) fn named_registries(lock: &Source) -> Vec<String> {
    let addresses = between(&lock.text, "\"resolved\": \"", "\"");
    addresses
        .map(|address| format!("{}: {address}", lock.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_nowhere_is_refused() {
        let exists = |path: &Path| [Path::new("docs/there.md"), Path::new("src/web")].contains(&path);
        let dead = |text: &str| dead_paths(&Source::new("docs/page.md", text), exists).len();

        assert_eq!(
            dead("[a](there.md#x) [b](https://example.org) `src/web` `src/*.rs` `cargo`"),
            0
        );
        assert_eq!(dead("[a](gone.md)"), 1);
        assert_eq!(dead("see `src/attic`"), 1);
    }

    #[test]
    fn a_dependency_that_nobody_uses_is_refused() {
        let manifest =
            "[dependencies]\nasync-trait = \"0.1\"\nhex = \"0.4\"\n\n[dev-dependencies]\ninsta = \"1\"\n";
        let sources = [Source::new(
            "src/x.rs",
            "use async_trait::async_trait; // hex::encode",
        )];

        assert_eq!(unused_dependencies(manifest, "[dependencies]", &sources), ["hex"]);
    }

    #[test]
    fn a_lock_file_that_names_a_registry_is_refused() {
        let lock = |line: &str| Source::new("package-lock.json", line);

        assert!(named_registries(&lock("\"integrity\": \"sha512-x\",")).is_empty());
        let named = "\"resolved\": \"https://mirror.example/a.tgz\",";
        assert_eq!(named_registries(&lock(named)).len(), 1);
    }
}
