//! The tables that describe the settings and the types that read them say the same.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use serde::de::DeserializeOwned;
use time::macros::datetime;
use toml::{Table, Value};

use super::*;
use crate::config::structure::example;
use crate::config::{Config, Surroundings};
use crate::upstream::oidc_rp::settings::{ClientKey, Endpoints, Written, WrittenBackchannelLogout};
use crate::upstream::saml_sp::settings::{Decryption, Exception, RequestSigning};
use crate::upstream::{oidc_rp, saml_sp};

/// The keys that a type reads, as its refusal of an unknown key lists them.
fn keys_read<T: DeserializeOwned>() -> BTreeSet<String> {
    let table = Table::from_iter([("bogus".to_owned(), Value::Boolean(true))]);
    let refusal = table.try_into::<T>().err().expect("an unknown key is refused");
    let (_, listed) = refusal
        .message()
        .split_once("expected")
        .expect("it lists the known keys");
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The keys that the tables describe.
fn keys_described(rows: Rows) -> BTreeSet<String> {
    rows.iter()
        .copied()
        .flatten()
        .map(|row| row.key.to_owned())
        .collect()
}

/// The rows of the table at `path`, a list of keys.
fn rows_at(path: &[&str]) -> Rows {
    path.iter().fold(ALL, |rows, key| {
        let found = crate::platform::setting::row(rows, key).expect("it is described");
        match found.shape {
            Shape::Table(inner) | Shape::Tables(inner) | Shape::Named(inner) => inner,
            Shape::Text | Shape::Number | Shape::Flag | Shape::Texts | Shape::Source => {
                panic!("{key} is no table")
            }
        }
    })
}

#[test]
fn gv_08_every_key_that_is_read_is_described_and_the_reverse() {
    let fields = identity::settings::Field::ALL.map(|field| field.as_str().to_owned());
    let saml = |key| rows_at(&["saml", key]);
    let oidc = |key| rows_at(&["oidc", key]);
    let pairs = [
        (keys_read::<Top>(), [TOP].as_slice()),
        (keys_read::<web::settings::Settings>(), rows_at(&["web"])),
        (keys_read::<web::settings::Tls>(), rows_at(&["web", "tls"])),
        (
            keys_read::<web::settings::Support>(),
            rows_at(&["web", "support"]),
        ),
        (keys_read::<session::settings::Settings>(), rows_at(&["session"])),
        (keys_read::<downstream::settings::Settings>(), rows_at(&["token"])),
        (keys_read::<store::settings::Settings>(), rows_at(&["store"])),
        (
            keys_read::<saml_sp::settings::Settings>(),
            [saml_sp::settings::SETTINGS].as_slice(),
        ),
        (keys_read::<RequestSigning>(), saml("request_signing")),
        (keys_read::<Decryption>(), saml("decryption")),
        (keys_read::<Exception>(), saml("exception")),
        (keys_read::<Written>(), [oidc_rp::settings::SETTINGS].as_slice()),
        (keys_read::<Endpoints>(), oidc("endpoints")),
        (keys_read::<ClientKey>(), oidc("client_key")),
        (
            keys_read::<WrittenBackchannelLogout>(),
            oidc("backchannel_logout"),
        ),
        (keys_read::<oidc_rp::settings::Exception>(), oidc("exception")),
        (
            keys_read::<identity::settings::roles::RoleSettings>(),
            oidc("roles"),
        ),
        (keys_read::<identity::settings::Overrides>(), saml("person")),
        (keys_read::<session::settings::Overrides>(), saml("session")),
        (BTreeSet::from(fields), rows_at(&["saml", "person", "attributes"])),
    ];
    for (read, described) in pairs {
        assert_eq!(read, keys_described(described));
    }
}

/// The required settings at their examples.
fn smallest(metadata: &Path) -> Table {
    let required = |rows: Rows| -> Table {
        let rows = rows.iter().copied().flatten().filter(|row| row.is_required);
        rows.filter_map(|row| Some((row.key.to_owned(), example(row)?)))
            .collect()
    };
    let mut connection = required(CONNECTION);
    connection.insert(
        "metadata_file".to_owned(),
        Value::String(metadata.display().to_string()),
    );
    let mut table = required(&[TOP]);
    for section in ["session", "token", "store"] {
        table.insert(section.to_owned(), Value::Table(Table::new()));
    }
    table.insert("web".to_owned(), Value::Table(required(rows_at(&["web"]))));
    table.insert(
        "saml".to_owned(),
        Value::Table(Table::from_iter([("one".to_owned(), Value::Table(connection))])),
    );
    let mut connection = required(OIDC_CONNECTION);
    let method = Value::String("client_secret_post".to_owned());
    connection.insert("client_authentication".to_owned(), method);
    let secret = Table::from_iter([("env".to_owned(), Value::String("SECRET".to_owned()))]);
    connection.insert("client_secret".to_owned(), Value::Table(secret));
    table.insert(
        "oidc".to_owned(),
        Value::Table(Table::from_iter([("two".to_owned(), Value::Table(connection))])),
    );
    table
}

/// Writes every documented default that is a value into `table`, and says how many there were.
fn state_defaults(table: &mut Table, rows: Rows) -> usize {
    let mut stated = 0;
    for row in rows.iter().copied().flatten() {
        let default = format!("it = {}", row.default).parse::<Table>();
        let default = default.ok().and_then(|mut it| it.remove("it"));
        match (table.get_mut(row.key), row.shape, default) {
            (Some(Value::Table(inner)), Shape::Table(rows), _) => stated += state_defaults(inner, rows),
            (Some(Value::Table(names)), Shape::Named(rows), _) => {
                let inner = names.iter_mut().filter_map(|(_, value)| value.as_table_mut());
                stated += inner.map(|inner| state_defaults(inner, rows)).sum::<usize>();
            }
            (None, _, Some(default)) => {
                table.insert(row.key.to_owned(), default);
                stated += 1;
            }
            _ => {}
        }
    }
    stated
}

#[test]
fn a_file_that_states_every_documented_default_means_the_same_as_one_that_states_none() {
    let mut metadata = tempfile::NamedTempFile::new().expect("a file");
    let row = crate::platform::setting::row(CONNECTION, "idp_entity_id").expect("it is described");
    let text = saml_sp::settings::examples::metadata_of(row.example.trim_matches('"'));
    metadata.write_all(text.as_bytes()).expect("a file");
    let load = |table: &Table| {
        let surroundings = Surroundings::bare(datetime!(2026-11-01 12:00 UTC)).with("SECRET", "a secret");
        Config::from_toml_str(&table.to_string(), Path::new("/"), &surroundings).expect("it is complete")
    };
    let mut table = smallest(metadata.path());
    let silent = load(&table);
    let stated = state_defaults(&mut table, ALL);
    assert!(stated >= 20, "only {stated} defaults are values");
    assert_eq!(load(&table), silent);
}
