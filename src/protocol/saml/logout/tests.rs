//! What is written is read back.

use time::OffsetDateTime;
use time::macros::datetime;

use super::*;
use crate::protocol::saml::names::{STATUS_PARTIAL_LOGOUT, STATUS_RESPONDER};
use crate::protocol::saml::response::{Name, NameIdentifier, Stated};
use crate::protocol::saml::xml::{Reading, read};

const AT: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);

const HEAD: LogoutHead<'static> = LogoutHead {
    id: "_1",
    issued_at: AT,
    destination: "https://idp.example.test/slo?a=1&b=2",
    issuer: "urn:us",
};

fn read_back(xml: &str, kind: LogoutKind) -> ReceivedLogout {
    let tree = read(xml.as_bytes(), &Reading::MESSAGE).unwrap();
    ReceivedLogout::read(tree.root().unwrap(), kind).unwrap()
}

#[test]
fn lo_01_a_request_names_the_person_in_every_part_as_they_were_named_to_us() {
    let name = Name {
        value: " Siân <例子>&\"x\"\n".to_owned(),
        format: Some("urn:f".to_owned()),
        name_qualifier: Some("urn:<them>".to_owned()),
        sp_name_qualifier: Some("urn:us".to_owned()),
    };
    let request = LogoutRequest {
        head: HEAD,
        not_on_or_after: Some(AT),
        name: &name,
        session_indexes: &["_a&b".to_owned(), "2".to_owned()],
    };
    let read = read_back(&request.to_xml(), LogoutKind::Request);
    assert_eq!(read.identifiers, [NameIdentifier::Clear(name.clone())]);
    assert_eq!(read.session_indexes, ["_a&b", "2"]);
    assert_eq!(read.destination.as_deref(), Some(HEAD.destination));
    assert_eq!(read.issuers, [("urn:us".to_owned(), None)]);
    assert_eq!(read.issue_instant, Stated::At(AT));
    assert_eq!(read.not_on_or_after, Stated::At(AT));

    let bare = Name {
        format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        ..name.clone()
    };
    let request = LogoutRequest {
        name: &bare,
        not_on_or_after: None,
        session_indexes: &[],
        ..request
    };
    let read = read_back(&request.to_xml(), LogoutKind::Request);
    assert_eq!(
        read.identifiers,
        [NameIdentifier::Clear(bare)],
        "no attribute is made up"
    );
    assert_eq!(read.session_indexes, Vec::<String>::new());
}

#[test]
fn lo_04_a_response_names_its_request_and_its_status() {
    let response = LogoutResponse {
        head: HEAD,
        in_response_to: "_q",
        status: &[STATUS_RESPONDER, STATUS_PARTIAL_LOGOUT],
    };
    let xml = response.to_xml();
    let read = read_back(&xml, LogoutKind::Response);
    assert_eq!(read.in_response_to.as_deref(), Some("_q"));
    assert_eq!(read.status_codes, [STATUS_RESPONDER, STATUS_PARTIAL_LOGOUT]);
    let tree = crate::protocol::saml::xml::read(xml.as_bytes(), &Reading::MESSAGE).unwrap();
    assert_eq!(
        ReceivedLogout::read(tree.root().unwrap(), LogoutKind::Request),
        None
    );
}
