//! The copy under `fixtures/saml` is the corpus, unedited and complete.

use std::collections::BTreeSet;
use std::path::Path;

use openssl::sha::sha256;

use super::index::{INDEX, path_of, read};

#[test]
fn every_file_of_the_index_is_there_unedited() {
    for (file, expected) in listed() {
        assert_eq!(hex::encode(sha256(&read(&file))), expected, "{file} was edited");
    }
    println!("corpus: {} files match their SHA-256", listed().len());
}

#[test]
fn no_file_is_there_without_provenance_and_a_licence_that_allows_it() {
    let listed: BTreeSet<String> = listed().into_iter().map(|(file, _)| file).collect();
    for folder in ["responses", "metadata", "dsig", "certs", "keys"] {
        for file in files_below(&path_of(folder), folder) {
            assert!(listed.contains(&file), "{file} is not in the index");
        }
    }
    for case in &INDEX.cases {
        assert!(
            !case.license.starts_with("LGPL") && !case.license.starts_with("MPL"),
            "{}",
            case.file
        );
        assert!(
            ![&case.repo, &case.commit, &case.path]
                .iter()
                .any(|part| part.is_empty()),
            "{}",
            case.file
        );
    }
}

/// Every file that the index names, with its SHA-256.
fn listed() -> Vec<(String, String)> {
    let cases = INDEX
        .cases
        .iter()
        .map(|case| (case.file.clone(), case.sha256.clone()));
    let others = INDEX.certificates.iter().chain(&INDEX.private_keys);
    cases
        .chain(others.map(|file| (file.file.clone(), file.sha256.clone())))
        .collect()
}

/// The files below a folder, named as the index names them.
fn files_below(folder: &Path, name: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is part of the copy");
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.expect("the folder can be listed");
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path(), &inner));
        } else {
            files.push(inner);
        }
    }
    files
}
