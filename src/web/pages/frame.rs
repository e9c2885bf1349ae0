//! What stands around every page: the name of the service, which environment this is, and who helps.

use url::Url;

use crate::web::settings::Support;

/// What every page has in common. One value, made at start-up from the settings.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The name in the header and at the end of every title.
    pub service_name: String,
    /// Below which path the browser finds our stylesheet: ours, or where a site's proxy passes it on.
    pub below: &'static str,
    /// The environment in words ("test", "integration"); `None` when live.
    pub environment: Option<String>,
    /// True where at least one door leads to a stand-in with invented people.
    pub simulated: bool,
    /// Who helps a person who cannot get in: the same words on every page (WCAG 2.2, 3.2.6).
    pub support: Support,
}

/// The strip under the header of a service that is not live.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) tag: String,
    pub(crate) sentence: &'static str,
}

impl Frame {
    /// What to say about the environment; nothing where it is live.
    pub(crate) fn notice(&self) -> Option<Notice> {
        let tag = match &self.environment {
            Some(name) => format!("{} environment", capitalised(name)),
            None if self.simulated => "Simulation".to_owned(),
            None => return None,
        };
        let sentence = if self.simulated {
            "The people and organisations here are invented. Do not use real details."
        } else {
            "This is not the live service. Do not use it for real work."
        };
        Some(Notice { tag, sentence })
    }

    /// How to reach them, if that is told.
    pub(crate) fn contact(&self) -> Option<&str> {
        Some(self.support.contact.as_str()).filter(|contact| !contact.is_empty())
    }

    /// Where a link to them leads; `None` where the contact is more or other than an e-mail or web address.
    pub(crate) fn contact_href(&self) -> Option<String> {
        let contact = self.contact()?;
        if let Some(url) = web_address(contact) {
            return Some(url);
        }
        let (mailbox, domain) = contact.split_once('@')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
        let is_address = !mailbox.is_empty()
            && mailbox.chars().all(plain)
            && domain.contains('.')
            && domain.chars().all(plain);
        is_address.then(|| format!("mailto:{contact}"))
    }
}

/// `text` if it is an http or https address: anything else (`javascript:`) must never become a link.
pub(crate) fn web_address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(environment: Option<&str>, contact: &str) -> Frame {
        Frame {
            service_name: "Rota".to_owned(),
            below: "",
            environment: environment.map(str::to_owned),
            simulated: false,
            support: Support {
                name: "the service desk".to_owned(),
                contact: contact.to_owned(),
            },
        }
    }

    #[test]
    fn an_email_and_a_web_address_become_links_and_nothing_else_does() {
        let href = |contact| frame(None, contact).contact_href();
        assert_eq!(
            href("desk@trust.example").as_deref(),
            Some("mailto:desk@trust.example")
        );
        assert_eq!(
            href("https://desk.example/help").as_deref(),
            Some("https://desk.example/help")
        );
        for plain in [
            "020 7946 0000",
            "javascript:alert(1)",
            "a b@c.example",
            "desk@local?cc=x.y",
            "@",
            "",
        ] {
            assert_eq!(href(plain), None, "{plain}");
        }
    }

    #[test]
    fn a_live_service_has_no_notice_and_every_other_has_one() {
        assert_eq!(frame(None, "").notice(), None);
        let test = frame(Some("test"), "");
        assert_eq!(test.notice().unwrap().tag, "Test environment");
        let simulated = Frame {
            simulated: true,
            ..test
        };
        assert!(simulated.notice().unwrap().sentence.contains("invented"));
        let without_a_name = Frame {
            environment: None,
            ..simulated
        };
        assert_eq!(without_a_name.notice().unwrap().tag, "Simulation");
    }
}
