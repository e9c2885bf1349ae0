//! The rows of the checklist: every row in the table of tests/README.md has its tests, and no test is missing there.

use std::collections::{BTreeMap, BTreeSet};

use super::{source::Source, tables::rows_below};

/// The heading of the table in tests/README.md.
pub(super) const HEADING: &str = "## The checklist";

/// Row ids with the tests named after them: `SP-16` has `sp_16_an_answer_is_used_once`.
pub(super) fn tests_by_row(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let code = source.code();
        let lines: Vec<_> = code.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((row, name)) = row_of(line) else { continue };
            if is_test(lines.iter().take(at)) {
                found.entry(row).or_default().insert(name);
            }
        }
    }
    found
}

/// True if the attributes at the end of these lines make a test of what follows.
fn is_test<'a>(above: impl DoubleEndedIterator<Item = &'a &'a str>) -> bool {
    above
        .rev()
        .take_while(|line| line.trim().is_empty() || line.trim().ends_with(']'))
        .any(|line| line.contains("test]") || line.contains("::test("))
}

/// The row and the name of the function that a line begins, if it is named after a row.
fn row_of(line: &str) -> Option<(String, String)> {
    let (_, name) = line.split_once("fn ")?;
    let name: String = name
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let mut parts = name.splitn(3, '_');
    let (part, number, _) = (parts.next()?, parts.next()?, parts.next()?);
    let is_row =
        matches!(part, "sp" | "xc" | "md" | "lo" | "oi" | "ap" | "gv") && number.parse::<u8>().is_ok();
    is_row.then(|| (format!("{}-{number}", part.to_uppercase()), name.clone()))
}

/// Where the table and the tests disagree.
pub(super) fn disagreements(page: &str, tests: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut said = Vec::new();
    let mut listed = BTreeSet::new();
    for row in rows_below(page, HEADING) {
        let [ids, names, ..] = row.as_slice() else {
            continue;
        };
        let Some(id) = ids.first() else { continue };
        let existing = tests.get(id);
        listed.insert(id.clone());
        if names.is_empty() {
            said.push(format!("{id} is listed without a test"));
        }
        for name in names
            .iter()
            .filter(|name| existing.is_none_or(|tests| !tests.contains(*name)))
        {
            said.push(format!("{id} lists {name}, which is not a test"));
        }
        for name in existing
            .into_iter()
            .flatten()
            .filter(|name| !names.contains(name))
        {
            said.push(format!("{id} does not list {name}"));
        }
    }
    said.extend(
        tests
            .keys()
            .filter(|id| !listed.contains(*id))
            .map(|id| format!("{id} has tests and is not listed")),
    );
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rows: &str, code: &str) -> Vec<String> {
        let page = format!("{HEADING}\n\n| row | tests | state |\n|--|--|--|\n{rows}\n");
        disagreements(&page, &tests_by_row(&[Source::new("src/x.rs", code)]))
    }

    #[test]
    fn a_row_with_exactly_its_tests_agrees() {
        let code = "#[test]\n// why\nfn sp_16_a() {}\n#[tokio::test]\nasync fn sp_16_b() {}\nfn sp_16_is_no_test() {}";

        assert!(said("| SP-16 | `sp_16_a`, `sp_16_b` | built |", code).is_empty());
    }

    #[test]
    fn a_row_without_its_test_is_refused() {
        assert_eq!(
            said("| SP-16 | `sp_16_a` | built |", ""),
            ["SP-16 lists sp_16_a, which is not a test"]
        );
        assert_eq!(
            said("| SP-16 | nothing | built |", ""),
            ["SP-16 is listed without a test"]
        );
    }

    #[test]
    fn a_test_without_its_row_is_refused() {
        assert_eq!(
            said("", "#[test]\nfn ap_10_a() {}"),
            ["AP-10 has tests and is not listed"]
        );
        let two = "#[test]\nfn ap_10_a() {}\n#[test]\nfn ap_10_b() {}";
        assert_eq!(
            said("| AP-10 | `ap_10_a` | built |", two),
            ["AP-10 does not list ap_10_b"]
        );
    }
}
