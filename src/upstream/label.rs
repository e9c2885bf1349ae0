//! The words on the chooser: `Log in with {label}`.

use crate::platform::problem::Problem;

/// What is wrong with the label of the connection at `at`.
pub(in crate::upstream) fn problem(label: &str, at: &str) -> Option<Problem> {
    let length = label.trim().chars().count();
    (!(1..=60).contains(&length)).then(|| {
        Problem::new(
            format!("{at}.label"),
            format!("a label of {length} characters does not fit on a button"),
            "1 to 60 characters, such as \"NHSmail\"",
        )
    })
}
