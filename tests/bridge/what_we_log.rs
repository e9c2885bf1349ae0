//! The log of whole journeys, down to the finest line, has no word of anybody's details and nothing that opens a door.

use axum::http::Method;
use nhsmail_bridge::fakes::cast::CAST;
use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{FakeSamlIdp, Personality};

use crate::support::log::{Log, logged};
use crate::support::{ADFS, ENTRA, Page, TestBridge, Visitor, decryption};

/// Everything that must not be found.
#[derive(Debug, Default)]
struct Unspoken(Vec<String>);

impl Unspoken {
    /// A word that stands in the identity provider's own name, such as its tenant, is nobody's.
    fn add(&mut self, words: &str) {
        let is_public = Personality::ALL.iter().any(|one| one.entity_id().contains(words));
        if !words.is_empty() && !is_public {
            self.0.push(words.to_owned());
        }
    }

    /// The details of the cast, as they are known.
    fn add_cast(&mut self) {
        for member in CAST {
            for words in [member.display_name, member.surname, member.upn, member.object_id] {
                self.add(words);
            }
            self.add(member.email.unwrap_or_default());
            self.add(member.ods.unwrap_or_default());
        }
    }

    /// Every value that the fake stated, and whole messages.
    fn add_answers(&mut self, fake: &FakeSamlIdp) {
        for answer in fake.saved() {
            let xml = match &answer.before_encryption {
                Some(unsealed) => unsealed.message.clone(),
                None => answer.message.clone(),
            };
            let xml = String::from_utf8(openssl::base64::decode_block(&xml).expect("base64")).expect("text");
            self.add_values(&xml, "AttributeValue>");
            self.add_values(&xml, "NameID>");
            self.add(answer.message.get(..60).unwrap_or_default());
            self.add(answer.question.relay_state.as_deref().unwrap_or_default());
        }
    }

    fn add_values(&mut self, xml: &str, end: &str) {
        for before in xml
            .split(&format!("</{end}"))
            .chain(xml.split(&format!("</saml:{end}")))
        {
            let value = before.rsplit('>').next().unwrap_or_default();
            self.add(&html_escape::decode_html_entities(value));
        }
    }

    fn assert_not_in(&self, log: &Log) {
        let lines = log.lines();
        assert!(!lines.is_empty(), "somebody listened");
        for words in &self.0 {
            let found: Vec<_> = lines.iter().filter(|line| line.contains(words)).collect();
            assert!(found.is_empty(), "{words:?} is in {found:#?}");
        }
    }
}

/// Signs in, uses everything, signs out; notes every secret on the way.
async fn whole_journey(visitor: &mut Visitor, door: &str, person: &str, unspoken: &mut Unspoken) {
    let home = visitor.sign_in(door, person).await;
    note_secrets(visitor, unspoken);
    unspoken.add(
        home.form("Log out")
            .field("csrf_token")
            .expect("a token of the form"),
    );
    visitor.open("/session").await;
    let token = visitor.open("/session/token").await.json();
    unspoken.add(token["token"].as_str().expect("a token"));
    let verified = visitor.ask(Method::GET, "/auth/verify", &[]).await;
    unspoken.add(verified.header("x-auth-subject"));
    let home = visitor.press(&home, "Stay logged in").await;
    let out = visitor.press(&home, "Log out").await;
    assert_eq!(out.url.path(), "/signed-out");
}

fn note_secrets(visitor: &Visitor, unspoken: &mut Unspoken) {
    for value in visitor.cookies() {
        unspoken.add(&value);
    }
}

async fn journeys_of_everybody(bridge: &TestBridge, log: &Log) {
    let mut unspoken = Unspoken::default();
    for member in CAST {
        for door in [ENTRA, ADFS] {
            let mut visitor = bridge.visitor();
            whole_journey(&mut visitor, door, member.key, &mut unspoken).await;
        }
    }
    unspoken.add_cast();
    unspoken.add_answers(&bridge.fake);
    assert!(unspoken.0.len() > 500, "{}", unspoken.0.len());
    assert_eq!(log.lines_with(" signed in connection=").len(), CAST.len() * 2);
    assert_eq!(log.lines_with("signed out").len(), CAST.len() * 2);
    unspoken.assert_not_in(log);
}

#[test]
fn the_log_of_everybodys_journey_names_nobody_and_opens_nothing() {
    logged(async |log| {
        let bridge = TestBridge::start().await;
        journeys_of_everybody(&bridge, &log).await;
    });
}

#[test]
fn encryption_changes_nothing_about_it() {
    logged(async |log| {
        let key = decryption();
        let bridge = TestBridge::configured(|config| {
            for connection in config.saml.values_mut() {
                connection.saml.decryption = vec![key.clone()];
            }
        })
        .await;
        journeys_of_everybody(&bridge, &log).await;
    });
}

#[test]
fn refusals_of_every_kind_name_nobody_either() {
    logged(async |log| {
        let bridge = TestBridge::start().await;
        let mut unspoken = Unspoken::default();
        for door in [ENTRA, ADFS] {
            for mischief in Mischief::ALL {
                let mut visitor = bridge.visitor();
                bridge.fake.next_answer(mischief);
                let question = visitor.leave(door).await;
                let answer = visitor.press(&question, "amara-example").await;
                if is_on_its_way(&answer) {
                    visitor.bring(&answer).await;
                }
                note_secrets(&visitor, &mut unspoken);
            }
        }
        unspoken.add_cast();
        unspoken.add_answers(&bridge.fake);
        assert!(log.lines_with("nobody was signed in").len() > 30);
        unspoken.assert_not_in(&log);
    });
}

/// Where nothing was answered yet, nothing can be replayed.
fn is_on_its_way(answer: &Page) -> bool {
    answer.heading() == "Continue to the service"
}
