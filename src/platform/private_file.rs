//! Files that only this program may read: made with mode 0600 in a folder of 0700, refused when others can look.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::platform::secret::Secret;

/// What a private file may let its group and all others do: nothing.
const OTHERS: u32 = 0o077;

/// The octets read of a file at most. A key needs a few hundred; the rest of a longer file is no key either.
const LARGEST: u64 = 1024 * 1024;
/// More drafts than this beside one file are not being written; they were left there, and somebody should look.
const MOST_DRAFTS: u32 = 1000;

/// Why a private file cannot be used. Nothing has been written over.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// Others on this machine can get at it.
    #[error("{} can be reached by others (mode {mode:o}); run: chmod go= {}", path.display(), path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The system refused.
    #[error("{} cannot be used: {cause}", path.display())]
    System {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// Makes the folder `path` for this program alone, or finds it so.
pub fn folder(path: &Path) -> Result<(), PrivateFileError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|cause| system(path, cause))?;
    let metadata = std::fs::metadata(path).map_err(|cause| system(path, cause))?;
    refuse_if_open(path, &metadata)
}

/// What is in the file `path`; `None` if there is no such file.
pub fn read(path: &Path) -> Result<Option<Secret>, PrivateFileError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(system(path, cause)),
    };
    // What is judged is the open file itself, not whatever bears its name a moment later.
    let metadata = file.metadata().map_err(|cause| system(path, cause))?;
    refuse_if_open(path, &metadata)?;
    let mut octets = Vec::new();
    let read = file.take(LARGEST).read_to_end(&mut octets);
    read.map_err(|cause| system(path, cause))?;
    Ok(Some(Secret::new(octets)))
}

/// Writes a file that is not there yet. `false`: it is there, and stays as it is.
pub fn write_new(path: &Path, octets: &[u8]) -> Result<bool, PrivateFileError> {
    let draft = write_draft(path, octets)?;
    // A link is made whole or not at all, and never over what is there: of two programs starting at once, one makes
    // the file and the other finds it.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft).map_err(|cause| system(&draft, cause))?;
    match linked {
        Ok(()) => sync_folder(path).map(|()| true),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(cause) => Err(system(path, cause)),
    }
}

/// Writes over the file `path`, whole or not at all.
pub fn replace(path: &Path, octets: &[u8]) -> Result<(), PrivateFileError> {
    let draft = write_draft(path, octets)?;
    std::fs::rename(&draft, path).map_err(|cause| system(path, cause))?;
    sync_folder(path)
}

/// Writes `octets` beside `path`, down to the disk, under a name that nobody else is writing to.
fn write_draft(path: &Path, octets: &[u8]) -> Result<PathBuf, PrivateFileError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for number in 0..MOST_DRAFTS {
        let draft = path.with_file_name(format!("{name}.draft-{number}"));
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
        {
            Ok(mut file) => {
                let written = file.write_all(octets).and_then(|()| file.sync_all());
                return written
                    .map(|()| draft.clone())
                    .map_err(|cause| system(&draft, cause));
            }
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(system(&draft, cause)),
        }
    }
    Err(system(path, ErrorKind::AlreadyExists.into()))
}

/// Makes the new name as lasting as what is under it.
fn sync_folder(path: &Path) -> Result<(), PrivateFileError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|cause| system(folder, cause))
}

fn refuse_if_open(path: &Path, metadata: &Metadata) -> Result<(), PrivateFileError> {
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(PrivateFileError::Open {
            path: path.to_owned(),
            mode,
        })
    }
}

fn system(path: &Path, cause: io::Error) -> PrivateFileError {
    PrivateFileError::System {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_we_make_is_ours_alone() {
        let top = tempfile::tempdir().unwrap();
        let keys = top.path().join("data/keys");
        folder(&keys).unwrap();
        let file = keys.join("secret");
        assert!(write_new(&file, b"one").unwrap());
        assert_eq!((mode(&keys), mode(&file)), (0o700, 0o600));
        replace(&file, b"two").unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(read(&file).unwrap().unwrap().expose(), b"two");
        assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn a_new_file_never_replaces_an_old_one() {
        let top = tempfile::tempdir().unwrap();
        let file = top.path().join("secret");
        assert!(write_new(&file, b"one").unwrap());
        assert!(!write_new(&file, b"two").unwrap());
        assert_eq!(read(&file).unwrap().unwrap().expose(), b"one");
    }

    #[test]
    fn a_file_or_folder_that_others_can_reach_is_refused_with_the_mend() {
        let top = tempfile::tempdir().unwrap();
        let file = top.path().join("secret");
        write_new(&file, b"one").unwrap();
        for open in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&file, Permissions::from_mode(open)).unwrap();
            let error = read(&file).unwrap_err();
            assert!(matches!(error, PrivateFileError::Open { .. }), "{error}");
            assert!(error.to_string().contains("chmod go= "), "{error}");
        }
        std::fs::set_permissions(top.path(), Permissions::from_mode(0o750)).unwrap();
        let error = folder(top.path()).unwrap_err();
        assert!(matches!(error, PrivateFileError::Open { .. }), "{error}");
    }

    #[test]
    fn an_absent_file_is_none_and_an_unreadable_one_an_error() {
        let top = tempfile::tempdir().unwrap();
        assert!(read(&top.path().join("absent")).unwrap().is_none());
        let no_file = top.path().join("folder");
        folder(&no_file).unwrap();
        let error = read(&no_file);
        assert!(matches!(error, Err(PrivateFileError::System { .. })));
    }
}
