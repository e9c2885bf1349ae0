//! Values that must never be printed and that are wiped when dropped, and the places they are read from.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::platform::problem::Problem;

/// The largest key, certificate or metadata file that is read: 16 MiB, the bound on a metadata document.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// A secret: a key, a client secret, a ticket. Prints as `Secret(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Keeps `octets` as a secret.
    pub fn new(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// The octets themselves. Every call is a place to look at in a review.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where octets come from: `{ file = "keys/request.pem" }` or `{ env = "REQUEST_KEY" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A file; a relative path is relative to the configuration file.
    File(PathBuf),
    /// An environment variable that holds the text itself (PEM). Loading replaces it by what it held.
    Env(String),
    /// The octets themselves, given in code or read from the environment.
    #[serde(skip)]
    Held(Secret),
}

/// Says what an environment variable holds.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<Secret>;

/// Why a source gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum NoOctets {
    /// The file could not be read.
    #[error("the file {} cannot be read ({})", path.display(), cause.kind())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is empty or too large to be what it should be.
    #[error("the file {} has {octets} octets; between 1 and {LARGEST_FILE} are expected", path.display())]
    Size {
        /// Which file.
        path: PathBuf,
        /// How large it is.
        octets: u64,
    },
    /// The environment variable is not set.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
}

impl NoOctets {
    /// The same as a problem of the key `at`, with what to write instead.
    pub fn problem(&self, at: impl Into<String>) -> Problem {
        let instead = match self {
            Self::NotSet(name) => {
                format!("set {name} where the bridge is started, or use {{ file = \"…\" }}")
            }
            Self::Unreadable { .. } => {
                "a file this program may read; a relative path starts at the configuration file".to_owned()
            }
            Self::Size { .. } => "the file as it was given to you, whole".to_owned(),
        };
        Problem::new(at, self.to_string(), instead)
    }
}

impl Source {
    /// A source that holds `octets`, for a configuration made in code.
    pub fn held(octets: impl Into<Vec<u8>>) -> Self {
        Self::Held(Secret::new(octets.into()))
    }

    /// Reads the octets.
    pub fn read(&self) -> Result<Secret, NoOctets> {
        match self {
            Self::File(path) => read_file(path),
            Self::Env(name) => Err(NoOctets::NotSet(name.clone())),
            Self::Held(secret) => Ok(secret.clone()),
        }
    }

    /// Makes the source independent of its surroundings: a path is joined to `base`, a variable is replaced by
    /// what `variable` says it holds.
    pub fn settle(&mut self, base: &Path, variable: Variables<'_>) -> Result<(), NoOctets> {
        match self {
            Self::File(path) => *path = base.join(&path),
            Self::Env(name) => {
                *self = Self::Held(variable(name).ok_or_else(|| NoOctets::NotSet(name.clone()))?);
            }
            Self::Held(_) => {}
        }
        Ok(())
    }
}

/// Reads the path of a file as a source: for settings that are never secret, such as `certificate_file`.
pub fn file<'de, D: Deserializer<'de>>(from: D) -> Result<Source, D::Error> {
    Ok(Source::File(PathBuf::deserialize(from)?))
}

fn read_file(path: &Path) -> Result<Secret, NoOctets> {
    let unreadable = |cause| NoOctets::Unreadable {
        path: path.to_owned(),
        cause,
    };
    let octets = std::fs::metadata(path).map_err(unreadable)?.len();
    if octets == 0 || octets > LARGEST_FILE {
        return Err(NoOctets::Size {
            path: path.to_owned(),
            octets,
        });
    }
    std::fs::read(path).map(Secret::new).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_its_octets() {
        let printed = format!("{:?}", Source::held(*b"hunter2"));
        assert_eq!(printed, "Held(Secret(…))");
    }

    #[test]
    fn a_variable_is_replaced_by_what_it_holds() {
        let mut source = Source::Env("KEY".to_owned());
        let variable = |name: &str| (name == "KEY").then(|| Secret::new(b"pem".to_vec()));
        source.settle(Path::new("/etc"), &variable).unwrap();
        assert_eq!(source.read().unwrap().expose(), b"pem");
    }

    #[test]
    fn a_relative_path_is_relative_to_the_configuration_file() {
        let mut source = Source::File(PathBuf::from("keys/a.pem"));
        source.settle(Path::new("/etc/bridge"), &|_| None).unwrap();
        assert_eq!(source, Source::File(PathBuf::from("/etc/bridge/keys/a.pem")));
    }

    #[test]
    fn an_empty_file_and_an_unset_variable_give_nothing() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let empty = Source::File(file.path().to_owned()).read();
        assert!(
            matches!(empty, Err(NoOctets::Size { octets: 0, .. })),
            "{empty:?}"
        );
        let mut unset = Source::Env("NOWHERE".to_owned());
        assert!(unset.settle(Path::new("/"), &|_| None).is_err());
    }
}
