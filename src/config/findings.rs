//! Findings: the problems found so far, each said once.

use std::collections::{BTreeMap, BTreeSet};

use crate::platform::problem::Problem;

/// Collects problems while a configuration is read.
///
/// A key that is missing or unreadable is replaced by an example so that the reading can go on; what is then wrong
/// with the example is not the operator's and is not said.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    replaced: BTreeSet<String>,
    given_by_variable: BTreeMap<String, String>,
}

impl Findings {
    /// Remembers that the variable `name` gave the key `at`.
    pub(crate) fn note_variable(&mut self, at: String, name: String) {
        self.given_by_variable.insert(at, name);
    }

    /// Adds a problem of a key whose value is not the operator's from now on.
    pub(crate) fn replaced(&mut self, problem: Problem) {
        self.replaced.insert(problem.at.clone());
        self.problems.push(problem);
    }

    /// Adds a problem, unless its value is an example of ours.
    pub(crate) fn add(&mut self, problem: Problem) {
        if !self.replaced.contains(&problem.at) {
            self.problems.push(problem);
        }
    }

    /// Adds several.
    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.add(problem);
        }
    }

    /// Adds what should be seen to, though nothing is refused for it.
    pub(crate) fn warn(&mut self, warnings: impl IntoIterator<Item = Problem>) {
        let warnings = warnings.into_iter();
        self.warnings
            .extend(warnings.filter(|warning| !self.replaced.contains(&warning.at)));
    }

    /// True if no problem was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Every problem and every warning, with the variable that caused it where one did.
    pub(crate) fn into_parts(self) -> (Vec<Problem>, Vec<Problem>) {
        let variables = self.given_by_variable;
        let (mut problems, mut warnings) = (self.problems, self.warnings);
        for problem in problems.iter_mut().chain(&mut warnings) {
            // An item of a list is given by the variable that gives the list.
            let list = problem.at.rsplit_once('[').map_or("", |(list, _)| list);
            if let Some(name) = variables.get(&problem.at).or_else(|| variables.get(list)) {
                problem.what = format!("{} (given by the environment variable {name})", problem.what);
            }
        }
        (problems, warnings)
    }
}
