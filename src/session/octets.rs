//! How a session is written down: one octet that says in which shape, then `MessagePack`.
//!
//! A region has a million sessions and a proxy asks about one at every picture, so the record is half as long as in JSON
//! and read in a fifth of the time. Fields go by their order, so a record of another shape must never be taken for one of
//! ours: whoever changes what a session holds gives [`SHAPE`] another number, and the test below says when.

use crate::session::record::Session;

/// The shape that is written and read. A session in any other is nobody's: its person logs in again.
const SHAPE: u8 = 1;

/// Why a record is no session, or a session no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordFlaw {
    /// Another version wrote it, or somebody else.
    #[error("it is in another shape")]
    Shape,
    /// It is cut off or broken.
    #[error(transparent)]
    Broken(#[from] rmp_serde::decode::Error),
    /// It could not be written.
    #[error(transparent)]
    Unwritten(#[from] rmp_serde::encode::Error),
}

/// The octets of `session`.
pub(in crate::session) fn write(session: &Session) -> Result<Vec<u8>, RecordFlaw> {
    let mut record = vec![SHAPE];
    rmp_serde::encode::write(&mut record, session)?;
    Ok(record)
}

/// The session of these octets.
pub(in crate::session) fn read(record: &[u8]) -> Result<Session, RecordFlaw> {
    match record.split_first() {
        Some((&SHAPE, written)) => Ok(rmp_serde::from_slice(written)?),
        Some(_) | None => Err(RecordFlaw::Shape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::person::examples;
    use crate::session::examples::session_shared_with;

    fn everybody() -> [Session; 4] {
        let all = [
            examples::entra(),
            examples::adfs(),
            examples::entra_oidc(),
            examples::cis2(),
        ];
        all.map(|person| session_shared_with(person, &["rota", "ward"]))
    }

    #[test]
    fn every_session_is_read_as_it_was_written() {
        for session in everybody() {
            assert_eq!(read(&write(&session).unwrap()).unwrap(), session);
        }
    }

    #[test]
    fn what_is_cut_off_or_in_another_shape_is_no_session() {
        for session in everybody() {
            let record = write(&session).unwrap();
            for length in 0..record.len() {
                assert!(read(&record[..length]).is_err(), "{length} of {}", record.len());
            }
            let older = [&[SHAPE - 1], &record[1..]].concat();
            let json = serde_json::to_vec(&session).unwrap();
            for other in [older, json] {
                assert!(matches!(read(&other), Err(RecordFlaw::Shape)));
            }
        }
    }

    /// Red here means that sessions are written in another shape than before: give [`SHAPE`] another number, so that
    /// no version takes the record of another for its own, then take the new octets over.
    #[test]
    fn the_octets_of_this_shape_are_these() {
        let [entra, _, _, cis2] = everybody();
        let octets = [entra, cis2].map(|session| hex::encode(write(&session).unwrap()));
        insta::assert_snapshot!(format!("shape {SHAPE}\n{}", octets.join("\n")));
    }
}
