//! Who may import whom, and where each outside library lives.

use super::{
    paths::{Mention, mentions},
    source::Source,
    tables::Table,
};

/// Every import that the table does not list.
pub(super) fn forbidden_imports(sources: &[Source], table: &Table) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let Some(room) = source.room() else { continue };
        let Some(allowed) = table.get(room) else {
            breaches.push(format!("{}: the table has no room `{room}`", source.path));
            continue;
        };
        for mention in mentions(&source.code()) {
            if let Some(breach) = import_breach(&mention, room, allowed) {
                breaches.push(format!("{}:{}: {breach}", source.path, mention.line));
            }
        }
    }
    breaches
}

fn import_breach(mention: &Mention, room: &str, allowed: &[String]) -> Option<String> {
    if mention.path.contains("super::super") {
        return Some(format!(
            "`{}` climbs; write the path from `crate::`",
            mention.path
        ));
    }
    let inside = mention.path.strip_prefix("crate::")?;
    let target = Mention {
        line: mention.line,
        path: inside.to_owned(),
    };
    let known = target.is_in(room) || allowed.iter().any(|place| target.is_in(place));
    (!known).then(|| format!("`{room}` may not import `{inside}`"))
}

/// A room's head file can reach its neighbours through `super`; that would hide from the table.
pub(super) fn hidden_imports(sources: &[Source], table: &Table) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| source.room().is_some()) {
        for mention in mentions(&source.code()) {
            if table
                .iter()
                .any(|(room, _)| mention.is_in(&format!("super::{room}")))
            {
                breaches.push(format!(
                    "{}:{}: write `{}` from `crate::`",
                    source.path, mention.line, mention.path
                ));
            }
        }
    }
    breaches
}

/// Every mention of an outside library away from the rooms that the table gives it.
pub(super) fn misplaced_libraries(sources: &[Source], table: &Table) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let place = place_of(source);
        for mention in mentions(&source.code()) {
            let homes = table
                .iter()
                .find(|(library, _)| mention.is_in(library))
                .map(|(_, homes)| homes);
            let Some(homes) = homes.filter(|_| mention.path.contains("::")) else {
                continue;
            };
            let home = Mention {
                line: mention.line,
                path: place.clone(),
            };
            if !homes.iter().any(|place| home.is_in(place)) {
                breaches.push(format!(
                    "{}:{}: `{}` belongs in {homes:?}",
                    source.path, mention.line, mention.path
                ));
            }
        }
    }
    breaches
}

/// `src/platform/secret.rs` is the place `platform::secret`.
fn place_of(source: &Source) -> String {
    let inside = source.path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.trim_end_matches("/mod").replace('/', "::")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "## T\n| room | may |\n|--|--|\n| `web` | `session`, `upstream::verified` |\n| `session` | nothing |\n| `upstream` | nothing |\n";

    fn refused(path: &str, text: &str) -> usize {
        let (sources, table) = ([Source::new(path, text)], Table::parse(PAGE, "## T"));
        forbidden_imports(&sources, &table).len() + hidden_imports(&sources, &table).len()
    }

    #[test]
    fn an_import_outside_the_table_is_refused() {
        assert_eq!(refused("src/web/mod.rs", "use crate::session::Session;"), 0);
        assert_eq!(refused("src/session/mod.rs", "use crate::web::Page;"), 1);
        assert_eq!(refused("src/session/mod.rs", "fn f() { crate::web::page(); }"), 1);
        assert_eq!(
            refused("src/session/mod.rs", "use crate::{session::a, web::b};"),
            1
        );
        assert_eq!(refused("src/session/mod.rs", "//! see [`crate::web`]"), 0);
    }

    #[test]
    fn a_room_opened_by_one_door_is_closed_elsewhere() {
        assert_eq!(
            refused("src/web/mod.rs", "use crate::upstream::verified::Door;"),
            0
        );
        assert_eq!(
            refused("src/web/mod.rs", "use crate::upstream::saml_sp::Rule;"),
            1
        );
    }

    #[test]
    fn a_path_that_hides_from_the_table_is_refused() {
        assert_eq!(refused("src/session/mod.rs", "use super::web::Page;"), 1);
        assert_eq!(
            refused("src/session/record.rs", "use super::super::web::Page;"),
            1
        );
        assert_eq!(refused("src/session/record.rs", "use super::ticket::Ticket;"), 0);
    }

    #[test]
    fn a_room_that_the_table_does_not_know_is_refused() {
        assert_eq!(refused("src/attic/mod.rs", ""), 1);
    }

    #[test]
    fn a_library_away_from_home_is_refused() {
        let page = "## T\n| library | lives in |\n|--|--|\n| `axum` | `web` |\n| `std::env` | `platform::secret` |\n";
        let refused = |path: &str, text: &str| {
            misplaced_libraries(&[Source::new(path, text)], &Table::parse(page, "## T")).len()
        };

        assert_eq!(refused("src/web/mod.rs", "use axum::Router;"), 0);
        assert_eq!(refused("src/session/mod.rs", "use axum::Router;"), 1);
        assert_eq!(refused("src/session/mod.rs", "let axum = 1;"), 0);
        assert_eq!(refused("src/platform/secret.rs", "std::env::var(name)"), 0);
        assert_eq!(refused("src/platform/clock.rs", "use std::{env, fs};"), 1);
    }
}
