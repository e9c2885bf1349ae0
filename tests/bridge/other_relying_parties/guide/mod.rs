//! What `docs/add-log-in.md` tells people to write is what these tests try.

mod program;
mod programs_log_in;

use std::collections::BTreeSet;

use nhsmail_bridge::downstream::application::settings::Settings;
use nhsmail_bridge::platform::environment::Environment;
use nhsmail_bridge::platform::secret::Source;

use super::apache_logs_in::lines;
use super::scene::SECRET;

const GUIDE: &str = include_str!("../../../../docs/add-log-in.md");

/// The one block of the guide in this language.
fn block(language: &str) -> &'static str {
    let (_, from_here) = GUIDE.split_once(&format!("```{language}\n")).expect(language);
    from_here.split_once("```").expect("its end").0
}

/// The names of the directives of a module in some lines of Apache's.
fn directives(text: &str) -> BTreeSet<&str> {
    let words = text.lines().filter_map(|line| line.split_whitespace().next());
    words.filter(|word| word.starts_with("OIDC")).collect()
}

#[test]
fn the_registration_in_the_guide_is_taken_as_it_stands_even_where_people_are_real() {
    let table: toml::Table = block("toml").parse().expect("TOML");
    let rota = table["applications"]["rota"].clone();
    let mut rota: Settings = rota.try_into().expect("settings of an application");
    rota.client_secret = Some(Source::held(SECRET.as_bytes().to_vec()));
    let problems = rota.problems("applications.rota", "rota", Environment::Live);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn the_directives_in_the_guide_are_those_that_log_somebody_in_behind_apache() {
    let tried = lines("https://login.example.test", "https://rota.example.test");
    let tried = directives(&tried);
    let written = directives(block("apache"));
    let untried: Vec<_> = written.difference(&tried).collect();
    assert!(written.len() > 5 && untried.is_empty(), "{untried:?}");
}
