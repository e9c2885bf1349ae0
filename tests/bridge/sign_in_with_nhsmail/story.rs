//! The happy path, once for each way in which an identity provider may answer.

use crate::support::{ADFS, ENTRA, TestBridge};

#[tokio::test]
async fn a_doctor_signs_in_and_sees_who_she_is() {
    let bridge = TestBridge::start().await;
    let mut doctor = bridge.visitor();

    let chooser = doctor.open("/").await;
    let question = doctor.open(chooser.link("Log in with NHSmail").as_str()).await;
    let answer = doctor.pick(&question, "amara-example").await;
    let home = doctor.bring(&answer).await;

    assert_eq!((home.status, home.url.path()), (200, "/"), "{}", home.body);
    assert!(home.says("Amara Example") && home.says("A9A5A"), "{}", home.body);
}

#[tokio::test]
async fn every_door_leads_in() {
    let bridge = TestBridge::start().await;
    for door in [ENTRA, ADFS] {
        let mut visitor = bridge.visitor();
        visitor.sign_in(door, "amara-example").await;
        let session = visitor.open("/session").await.json();
        assert_eq!(session["connection"], door);
    }
}
