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
    use serde_json::json;

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
        for session in everybody().into_iter().chain([everything()]) {
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

    /// Somebody of whom everything is known, and no two things alike: a field that changes its place changes the octets.
    fn everything() -> Session {
        let coded = |n: u32| json!([{ "code": format!("B{n}"), "name": format!("name {n}") }]);
        let role = |n: u32| {
            json!({
                "id": format!("id {n}"), "code": format!("code {n}"), "full_code": format!("full {n}"),
                "name": format!("role {n}"),
                "organisation": { "code": format!("ORG{n}"), "name": format!("organisation {n}") },
                "activities": coded(n + 1), "workgroups": coded(n + 2),
            })
        };
        let person = json!({
            "account": { "issuer": "account issuer", "subject": "account subject" },
            "door": "cis2", "connection": "connection", "simulated": true, "guest": false, "groups_withheld": true,
            "display_name": "display", "given_name": "given", "family_name": "family", "email": "e@mail.test",
            "organisation": { "code": "ORG0", "name": "organisation 0", "source": "selected_role" },
            "roles": [role(10), role(20)], "role": role(30),
            "professional_ids": [{ "kind": "kind", "number": "number" }],
            "proof": {
                "instant": [1, 1], "is_instant_stated": true, "level": "held_key", "methods": ["one", "two"],
                "several_factors": false, "assurance": { "aal": 3, "ial": 2 }, "session_not_on_or_after": [2, 2],
            },
            "upstream_session": {
                "issuer": "upstream issuer",
                "name_id": {
                    "value": "value", "format": "format", "name_qualifier": "qualifier",
                    "sp_name_qualifier": "sp qualifier",
                },
                "issued_at": [3, 3], "session_index": "index",
                "open_id": { "subject": "open id subject", "sid": "open id sid", "id_token": "token" },
            },
        });
        let person = serde_json::from_value(person).unwrap();
        session_shared_with(person, &["rota", "ward"])
    }

    /// Red here means that sessions are written in another shape than before: give [`SHAPE`] another number, so that
    /// no version takes the record of another for its own, then take the new octets over.
    #[test]
    fn the_octets_of_this_shape_are_these() {
        let [entra, ..] = everybody();
        let octets = [entra, everything()].map(|session| hex::encode(write(&session).unwrap()));
        insta::assert_snapshot!(format!("shape {SHAPE}\n{}", octets.join("\n")));
    }
}
