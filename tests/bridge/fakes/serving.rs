//! What the fake serves to a person, a tester's program and a service provider.

use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cast::CAST;
use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{NextAnswer, Personality, SavedAnswer, Settings};
use nhsmail_bridge::platform::outbound::{Outbound, Send};

use super::{ACS, answer_about, begin, repeatable, start};
use crate::support::{ENTRA, TestBridge};

#[tokio::test]
async fn a_person_is_picked_on_a_page_that_says_it_is_a_fake() {
    let fake = start(repeatable()).await;
    for personality in Personality::ALL {
        let mut browser = Browser::new().expect("a browser");
        let page = begin(&mut browser, &fake, personality, ACS).await;
        assert_eq!(page.heading(), "Who signs in?");
        assert!(page.reply.text().contains("<strong>FAKE</strong>"));
        assert!(page.reply.text().contains("<html lang=\"en\">"));
        let form = page.form_with("ticket").expect("the form");
        assert_eq!(form.buttons.len(), CAST.len());
        assert!(
            form.fields
                .iter()
                .any(|(name, value)| name == "mischief" && value == "honest")
        );
        let page = browser.press(&page, "sian-ffug").await.expect("an answer");
        let form = page.form_with("SAMLResponse").expect("the form for the service");
        assert_eq!(form.action.as_str(), ACS);
        assert_eq!(form.buttons.len(), 1, "a button for those without script");
    }
}

#[tokio::test]
async fn two_fakes_with_one_seed_one_instant_and_one_key_give_one_answer() {
    let mut given = Vec::new();
    for _ in 0..2 {
        let fake = start(repeatable()).await;
        given.push(answer_about(&fake, Personality::Adfs, "gill-groups").await);
    }
    assert_eq!(given.first(), given.last());
}

#[tokio::test]
async fn a_mischief_is_scripted_by_json_and_used_once() {
    let fake = start(repeatable()).await;
    let status = post_json(
        &fake.page(),
        r#"{"mischief":"wrong-audience","personality":"entra"}"#,
    )
    .await;
    assert_eq!(status, 204);
    let bent = answer_about(&fake, Personality::Entra, "amara-example").await;
    let honest = answer_about(&fake, Personality::Entra, "amara-example").await;
    assert!(bent.contains("<Audience>https://another.example.test/</Audience>"));
    assert!(honest.contains("<Audience>urn:example:rota</Audience>"));
    for nonsense in [
        r#"{"mischief":"harmless"}"#,
        r#"{"who":"amara"}"#,
        r#"{"person":"nobody"}"#,
        "{",
    ] {
        assert_eq!(post_json(&fake.page(), nonsense).await, 400, "{nonsense}");
    }
}

/// A program's POST of JSON, written out by hand.
async fn post_json(page: &str, json: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = page.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = tokio::net::TcpStream::connect(host)
        .await
        .expect("the fake listens");
    let request = format!(
        "POST /api/next-answer HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{json}",
        json.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let status = answer.split(' ').nth(1).expect("a status");
    status.parse().expect("a number")
}

#[tokio::test]
async fn the_buttons_of_the_fake_work_from_its_own_pages_alone() {
    let fake = start(repeatable()).await;
    let outbound = Outbound::new().expect("a client");
    let address = format!("{}entra/start", fake.page());
    let fields = [("audience", "urn:a"), ("acs_url", ACS)].map(|(n, v)| (n.to_owned(), v.to_owned()));
    let own = fake.page();
    for (headers, status) in [
        (vec![], 200),
        (vec![("origin", own.trim_end_matches('/'))], 200),
        (vec![("origin", "http://evil.example.test")], 403),
        (
            vec![
                ("sec-fetch-site", "cross-site"),
                ("origin", own.trim_end_matches('/')),
            ],
            403,
        ),
    ] {
        let reply = outbound
            .ask(&address, Send::Form(&fields), &headers)
            .await
            .expect("an answer");
        assert_eq!(reply.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn a_live_service_gets_no_answer() {
    let fake = start(repeatable()).await;
    let mut browser = Browser::new().expect("a browser");
    let page = begin(
        &mut browser,
        &fake,
        Personality::Entra,
        "https://rota.example.nhs.uk/acs",
    )
    .await;
    let page = browser.press(&page, "amara-example").await.expect("a page");
    assert!(page.words().contains("may be a live service"), "{}", page.words());
    assert!(fake.saved().is_empty());
}

#[tokio::test]
async fn every_answer_is_saved_as_a_file_and_offered_on_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = start(Settings {
        answers_folder: Some(folder.path().to_owned()),
        ..repeatable()
    })
    .await;
    answer_about(&fake, Personality::Entra, "amara-example").await;
    let kept = std::fs::read_dir(folder.path()).expect("the folder").next();
    let file = std::fs::read(kept.expect("a file").expect("an entry").path()).expect("its octets");
    assert_eq!(SavedAnswer::read(&file).expect("a saved answer"), fake.saved()[0]);
    let mut browser = Browser::new().expect("a browser");
    let list = browser
        .open(&format!("{}answers", fake.page()))
        .await
        .expect("the list");
    let offered = browser.click(&list, "0001-entra").await.expect("the file");
    assert_eq!(offered.reply.body, file);
}

#[tokio::test]
async fn the_metadata_is_served_as_it_is_given_to_a_test() {
    let fake = start(repeatable()).await;
    let mut browser = Browser::new().expect("a browser");
    let front = browser.open(&fake.page()).await.expect("the front page");
    for personality in Personality::ALL {
        let words = format!("Metadata of {}", personality.label());
        let page = browser.click(&front, &words).await.expect("the metadata");
        assert_eq!(
            page.reply.header("content-type"),
            Some("application/samlmetadata+xml")
        );
        assert_eq!(
            page.reply.text(),
            fake.metadata(personality).expect("the metadata")
        );
    }
}

#[tokio::test]
async fn what_was_asked_is_written_down_and_a_scripted_person_is_not_asked_for() {
    let bridge = TestBridge::start().await;
    bridge.fake.script(NextAnswer {
        person: Some("priya-tester".to_owned()),
        ..NextAnswer::with(Mischief::Honest)
    });
    let mut browser = Browser::new().expect("a browser");
    let address = bridge.url(&format!("/sign-in?door={ENTRA}"));
    let page = browser.open(address.as_str()).await.expect("the fake's page");
    assert_eq!(page.heading(), "Continue to the service", "{}", page.words());
    let asked = bridge.fake.received().pop().expect("a question");
    assert_eq!(asked.personality, Personality::Entra);
    assert_eq!(asked.destination, Some(bridge.fake.url(Personality::Entra)));
    let answered = bridge.fake.saved().pop().expect("an answer");
    assert_eq!(answered.person.as_deref(), Some("priya-tester"));
    assert_eq!(answered.question.request_id, Some(asked.request_id));
    assert_eq!(answered.question.relay_state, asked.relay_state);
}

#[tokio::test]
async fn errors_of_microsoft_stay_on_its_page() {
    let fake = start(repeatable()).await;
    let mut browser = Browser::new().expect("a browser");
    for (personality, query, code) in [
        (Personality::Entra, "", "AADSTS750054"),
        (Personality::Entra, "?SAMLRequest=nonsense", "AADSTS75005"),
        (Personality::Adfs, "?SAMLRequest=nonsense", "MSIS0018"),
    ] {
        let page = browser
            .open(&format!("{}{query}", fake.url(personality)))
            .await
            .expect("a page");
        assert_eq!(page.status(), 400);
        assert!(page.words().contains(code), "{}", page.words());
    }
}
