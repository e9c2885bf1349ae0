//! A saved answer: one file with the message, the question and the instant, to be attached to a report and replayed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::Personality;

/// An answer that the fake gave, as it is kept in a file (JSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedAnswer {
    /// What kind of file this is.
    pub kind: Kind,
    /// A number with the personality, unique within one run of the fake: `0001-entra`.
    pub id: String,
    /// Who answered.
    pub personality: Personality,
    /// When, by the clock of the fake.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The key of the invented person; absent when the answer is about nobody.
    pub person: Option<String>,
    /// What was wrong with it.
    pub mischief: Mischief,
    /// What it answered.
    pub question: SavedQuestion,
    /// The Response as it was posted, base64.
    pub message: String,
    /// The Response before its assertion was encrypted, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_encryption: Option<Unsealed>,
}

/// Says what a file is, and that nothing in it is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The first version.
    #[serde(rename = "answer of the FAKE identity provider of nhsmail-bridge, 1")]
    FakeAnswer1,
}

/// What an answer answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedQuestion {
    /// The ID of the `AuthnRequest`; absent when the identity provider began.
    pub request_id: Option<String>,
    /// Where the answer was posted.
    pub acs_url: String,
    /// The entity ID of the service provider.
    pub audience: String,
    /// The `RelayState` that went with it.
    pub relay_state: Option<String>,
}

/// An answer before encryption, and for whom it was encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsealed {
    /// The Response, base64.
    pub message: String,
    /// The certificate, base64 of PEM or DER.
    pub certificate: String,
}

/// Why a file is no saved answer.
#[derive(Debug, thiserror::Error)]
pub enum NoSavedAnswer {
    /// Not the JSON of one.
    #[error("this is no saved answer: {0}")]
    Json(#[from] serde_json::Error),
    /// The message is not base64 of UTF-8.
    #[error("the message of the saved answer cannot be read")]
    Message,
}

impl SavedAnswer {
    /// Reads a file.
    pub fn read(octets: &[u8]) -> Result<Self, NoSavedAnswer> {
        let saved: Self = serde_json::from_slice(octets)?;
        saved.xml()?;
        Ok(saved)
    }

    /// The file.
    pub fn to_json(&self) -> Result<String, NoSavedAnswer> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The Response as it was posted.
    pub fn xml(&self) -> Result<String, NoSavedAnswer> {
        decode(&self.message)
    }
}

impl Unsealed {
    pub(in crate::fakes) fn xml(&self) -> Result<String, NoSavedAnswer> {
        decode(&self.message)
    }

    pub(in crate::fakes) fn certificate(&self) -> Result<Vec<u8>, NoSavedAnswer> {
        STANDARD
            .decode(&self.certificate)
            .map_err(|_cause| NoSavedAnswer::Message)
    }
}

fn decode(message: &str) -> Result<String, NoSavedAnswer> {
    let octets = STANDARD
        .decode(message)
        .map_err(|_cause| NoSavedAnswer::Message)?;
    String::from_utf8(octets).map_err(|_cause| NoSavedAnswer::Message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn saved() -> SavedAnswer {
        SavedAnswer {
            kind: Kind::FakeAnswer1,
            id: "0001-entra".to_owned(),
            personality: Personality::Entra,
            at: datetime!(2026-05-01 9:00 UTC),
            person: Some("amara-example".to_owned()),
            mischief: Mischief::WrongAudience,
            question: SavedQuestion {
                request_id: Some("_1".to_owned()),
                acs_url: "http://127.0.0.1/acs".to_owned(),
                audience: "urn:rota".to_owned(),
                relay_state: None,
            },
            message: STANDARD.encode("<Response/>"),
            before_encryption: None,
        }
    }

    #[test]
    fn what_is_saved_is_read_again() {
        let json = saved().to_json().unwrap();
        assert!(
            json.contains("FAKE") && json.contains("\"2026-05-01T09:00:00Z\""),
            "{json}"
        );
        let read = SavedAnswer::read(json.as_bytes()).unwrap();
        assert_eq!(read, saved());
        assert_eq!(read.xml().unwrap(), "<Response/>");
    }

    #[test]
    fn another_file_is_refused() {
        let json = saved().to_json().unwrap();
        for other in [
            "{}".to_owned(),
            json.replace("bridge, 1", "bridge, 2"),
            json.replace("\"person\"", "\"whom\""),
            json.replace(&saved().message, "%%%"),
        ] {
            assert!(SavedAnswer::read(other.as_bytes()).is_err(), "{other}");
        }
    }
}
