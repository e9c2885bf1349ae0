//! Tokens, key sets and answers of other software's OpenID Connect tests, before the judge of the product.

mod discovery;
mod index;
mod judge;
mod key_sets;
mod reasons;
mod verdicts;

use std::collections::BTreeSet;

use openssl::sha::sha256;

use index::{INDEX, files_below, read};

#[test]
fn every_file_of_tokens_is_there_unedited_with_its_provenance() {
    let sets = INDEX.key_sets.iter().map(|set| (&set.file, &set.sha256));
    let listed: Vec<_> = INDEX
        .cases
        .iter()
        .map(|case| (&case.file, &case.sha256))
        .chain(sets)
        .collect();
    for (file, expected) in &listed {
        assert_eq!(&&hex::encode(sha256(&read(file))), expected, "{file} was edited");
    }
    let named: BTreeSet<&str> = listed.iter().map(|(file, _)| file.as_str()).collect();
    for file in files_below("oidc") {
        assert!(
            file == "oidc/index.json" || named.contains(file.as_str()),
            "{file} is not in the index"
        );
    }
    for case in &INDEX.cases {
        assert!(
            ["LGPL", "MPL", "none"]
                .iter()
                .all(|left_out| !case.license.starts_with(left_out)),
            "{}",
            case.file
        );
        assert!(
            !case.repo.is_empty() && !case.commit.is_empty() && !case.path.is_empty(),
            "{}",
            case.file
        );
    }
    println!("tokens: {} files match their SHA-256", listed.len());
}
