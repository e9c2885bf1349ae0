//! Every page, with invented content that tries its edges: long names, many doors, hostile text.

pub(crate) mod applications;
pub(crate) mod care_identity;
mod in_and_out;
pub(crate) mod roles;

use nhsmail_bridge::platform::random::SeededRandom;
use nhsmail_bridge::upstream::verified::Door;
use nhsmail_bridge::web::headers::{Nonce, PagePolicy, Transport};
use nhsmail_bridge::web::pages::{
    Chooser, Detail, DoorChoice, Frame, Page as _, ProblemPage, Provider, ProviderStatus, Repost, Reposted,
    Trouble,
};
use nhsmail_bridge::web::settings::Support;

/// The NHSmail of these pages.
const NHSMAIL: Provider<'static> = Provider {
    name: "NHSmail",
    door: Door::Nhsmail,
};

/// One page as it would be served.
#[derive(Debug)]
pub(crate) struct Sample {
    /// What it shows; also its path.
    pub(crate) name: String,
    /// The document.
    pub(crate) html: String,
    /// What lets its script run.
    pub(crate) nonce: Option<Nonce>,
}

impl Sample {
    fn new(name: &str, html: String) -> Self {
        Self {
            name: name.to_owned(),
            html,
            nonce: None,
        }
    }

    fn with_script(name: &str, html: String) -> Self {
        Self {
            nonce: Some(nonce()),
            ..Self::new(name, html)
        }
    }

    /// The policy it is served under, over plain http.
    pub(crate) fn policy(&self) -> PagePolicy<'_> {
        PagePolicy {
            script: self.nonce.as_ref(),
            ..PagePolicy::plain(Transport::PlainHttp)
        }
    }
}

/// A live service.
pub(crate) fn live() -> Frame {
    Frame {
        service_name: "Log in to Northfield Rota".to_owned(),
        below: "",
        environment: None,
        simulated: false,
        support: Support {
            name: "the Northfield service desk".to_owned(),
            contact: "desk@northfield.example".to_owned(),
        },
    }
}

/// A test service with invented people.
pub(crate) fn simulated() -> Frame {
    Frame {
        environment: Some("test".to_owned()),
        simulated: true,
        support: Support::default(),
        ..live()
    }
}

/// A service that is not live, with real test identities.
pub(crate) fn integration() -> Frame {
    Frame {
        environment: Some("integration".to_owned()),
        ..live()
    }
}

/// Every page.
pub(crate) fn all() -> Vec<Sample> {
    let mut samples = choosers();
    samples.push(repost());
    samples.extend(problems());
    samples.extend(applications::all());
    samples.extend(roles::all());
    samples.extend(in_and_out::all());
    samples
}

fn door(name: &str, label: &str, hint: Option<&str>) -> DoorChoice {
    DoorChoice {
        name: name.to_owned(),
        door: Door::Nhsmail,
        label: label.to_owned(),
        hint: hint.map(str::to_owned),
    }
}

fn choosers() -> Vec<Sample> {
    let chooser = |frame: &Frame, doors: &[DoorChoice], return_to: Option<&str>| {
        Chooser {
            frame,
            doors,
            return_to,
            logged_out: None,
            on_behalf: None,
        }
        .html()
    };
    let one = [door("nhsmail", "Log in with NHSmail", None)];
    let two = [
        door(
            "entra",
            "Log in with NHSmail",
            Some("For accounts that end in @nhs.net."),
        ),
        door(
            "adfs & co",
            "Log in with Northfield NHSmail (old login page)",
            Some("Until your account has been moved."),
        ),
    ];
    vec![
        Sample::new("chooser-one-door", chooser(&live(), &one, None)),
        Sample::new(
            "chooser-two-doors",
            chooser(&simulated(), &two, Some("/rota?week=1&x=\"><b>")),
        ),
        Sample::new("chooser-both-kinds", chooser(&live(), &both_kinds(), None)),
        Sample::new(
            "chooser-both-kinds-simulated",
            chooser(&simulated(), &both_kinds(), None),
        ),
        Sample::new(
            "chooser-care-identity-int",
            chooser(&integration(), &both_kinds()[1..], None),
        ),
        Sample::new("chooser-no-door", chooser(&live(), &[], None)),
    ]
}

fn both_kinds() -> [DoorChoice; 2] {
    [
        DoorChoice::usual("nhsmail", Door::Nhsmail, "NHSmail"),
        DoorChoice::usual("cis2", Door::Cis2, "Care Identity"),
    ]
}

/// What lets the script of any of these pages run.
pub(crate) fn nonce() -> Nonce {
    Nonce::draw(&SeededRandom::from_seed(1)).expect("a seed always gives")
}

/// The re-post page of an answer.
pub(crate) fn repost() -> Sample {
    let html = Repost {
        frame: &live(),
        purpose: Reposted::SignIn,
        action: "/saml/nhsmail/acs",
        saml_response: "PHNhbWxwOlJlc3BvbnNlLz4=",
        relay_state: Some("r-1\"><script>alert(1)</script>"),
        nonce: &nonce(),
    }
    .html();
    Sample::with_script("repost", html)
}

/// Every kind of trouble, by a name.
pub(crate) fn troubles() -> Vec<(&'static str, Trouble<'static>)> {
    let mut troubles = everywhere();
    troubles.extend(care_identity::troubles());
    troubles.extend(applications::troubles());
    troubles
}

fn everywhere() -> Vec<(&'static str, Trouble<'static>)> {
    let says_no = |second: &str, message: &str| Trouble::ProviderSaysNo {
        provider: NHSMAIL,
        status: ProviderStatus::read(
            "urn:oasis:names:tc:SAML:2.0:status:Responder",
            Some(&format!("urn:oasis:names:tc:SAML:2.0:status:{second}")),
            Some(message),
        ),
    };
    let missing = |detail, error_url| Trouble::DetailsMissing {
        provider: NHSMAIL,
        detail,
        error_url,
    };
    vec![
        ("not-completed", Trouble::NotCompleted),
        ("took-too-long", Trouble::TookTooLong),
        ("another-browser", Trouble::AnotherBrowser),
        ("logout-not-believed", Trouble::LogoutNotBelieved),
        ("form-expired", Trouble::FormExpired),
        (
            "wrong-account",
            says_no("RequestDenied", "AADSTS90072: User account …"),
        ),
        ("no-access", says_no("RequestDenied", "AADSTS50105: …")),
        ("no-reason", says_no("", "")),
        ("our-question", says_no("NoAuthnContext", "")),
        (
            "details-missing",
            missing(Detail::EmailAddress, Some("https://help.example/errors")),
        ),
        (
            "details-missing-bad-link",
            missing(Detail::AccountIdentifier, Some("javascript:alert(1)")),
        ),
        ("unavailable", Trouble::Unavailable),
        ("too_many", Trouble::TooMany),
        ("not-found", Trouble::NotFound),
        ("too-large", Trouble::TooLarge),
        ("wrong-method", Trouble::WrongMethod),
        ("connection-disabled", Trouble::ConnectionDisabled),
        ("return-not-allowed", Trouble::ReturnNotAllowed),
        ("form-not-sent", Trouble::FormNotSent),
        ("site-not-set-up", Trouble::SiteNotSetUp),
    ]
}

fn problems() -> Vec<Sample> {
    let frame = live();
    troubles()
        .iter()
        .map(|(name, trouble)| {
            let page = ProblemPage::new(&frame, trouble)
                .with_reference("K7QM-2F9D")
                .with_start_again("/");
            Sample::new(name, page.html())
        })
        .collect()
}
