//! The tables of ARCHITECTURE.md and tests/README.md, which these tests hold the code to.

use super::source::read_below;

/// The body of the first table below a heading: each row as the words of its cells.
pub(super) fn rows_below(page: &str, heading: &str) -> Vec<Vec<Vec<String>>> {
    page.lines()
        .skip_while(|line| line.trim() != heading)
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(cell).collect())
        .collect()
}

/// A cell is a list of words; `nothing` is the empty one.
fn cell(text: &str) -> Vec<String> {
    text.split(',')
        .map(|word| word.trim().trim_matches('`').to_owned())
        .filter(|word| !word.is_empty() && word != "nothing")
        .collect()
}

/// What a room, a library or another first cell stands for, and the words beside it.
#[derive(Debug, Clone)]
pub(super) struct Table(Vec<(String, Vec<String>)>);

impl Table {
    /// Reads the first two columns of the table below a heading of `src/ARCHITECTURE.md`.
    pub(super) fn of_architecture(heading: &str) -> Self {
        let page = read_below(&["src/ARCHITECTURE.md"]);
        let page = page.first().map_or("", |source| source.text.as_str());
        let table = Self::parse(page, heading);
        assert!(
            !table.0.is_empty(),
            "src/ARCHITECTURE.md has no table below {heading:?}"
        );
        table
    }

    pub(super) fn parse(page: &str, heading: &str) -> Self {
        let mut entries = Vec::new();
        for row in rows_below(page, heading) {
            if let [firsts, seconds, ..] = row.as_slice() {
                entries.extend(firsts.iter().map(|first| (first.clone(), seconds.clone())));
            }
        }
        Self(entries)
    }

    pub(super) fn get(&self, first: &str) -> Option<&[String]> {
        self.0
            .iter()
            .find(|(name, _)| name == first)
            .map(|(_, words)| words.as_slice())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(name, words)| (name.as_str(), words.as_slice()))
    }
}

#[test]
fn a_table_is_read_below_its_heading() {
    let page = "## A\n| no | no |\n|--|--|\n| x | y |\n## B\n\n| room | may |\n|--|--|\n| `a`, `b` | `c`, `d::e` |\n| `f` | nothing |\nend";
    let table = Table::parse(page, "## B");

    assert_eq!(
        table.get("b"),
        Some(["c".to_owned(), "d::e".to_owned()].as_slice())
    );
    assert_eq!(table.get("f"), Some([].as_slice()));
    assert_eq!(table.get("x"), None);
}
