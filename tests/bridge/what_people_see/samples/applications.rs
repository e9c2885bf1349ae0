//! What people see on their way to an application.

use nhsmail_bridge::upstream::verified::Door;
use nhsmail_bridge::web::pages::{
    Chooser, Lack, Link, NamedOrganisation, OnBehalf, Page as _, ProblemPage, Trouble,
};

use super::{Sample, both_kinds, live};

/// What people call the application; its developers may write anything.
const LABEL: &str = "Northfield <Rota> & Leave";

/// The pages that are more than a trouble.
pub(crate) fn all() -> Vec<Sample> {
    let chooser = Chooser {
        frame: &live(),
        doors: &both_kinds(),
        return_to: None,
        on_behalf: Some(OnBehalf {
            label: LABEL,
            handle: "5f1c",
        }),
        logged_out: None,
    };
    let frame = live();
    let other_door = ProblemPage::new(&frame, &unmet(Lack::Door { used: "NHSmail" }))
        .with_reference("K7QM-2F9D")
        .with_ways(vec![
            Link {
                text: "Log in with my Care Identity".to_owned(),
                address: "/sign-in?request=5f1c&door=cis2".to_owned(),
            },
            Link {
                text: "Log in with my other Care Identity".to_owned(),
                address: "/sign-in?request=5f1c&door=other".to_owned(),
            },
        ])
        .with_back(Link {
            text: format!("Go back to {LABEL}"),
            address: "https://rota.example/callback?error=access_denied&state=%22%3E%3Cb%3E".to_owned(),
        });
    vec![
        Sample::new("chooser-for-an-application", chooser.html()),
        Sample::new("application-other-door", other_door.html()),
    ]
}

fn unmet(lack: Lack<'static>) -> Trouble<'static> {
    Trouble::Unmet {
        application: LABEL,
        lack,
    }
}

/// Every trouble with an application, by a name.
pub(crate) fn troubles() -> Vec<(&'static str, Trouble<'static>)> {
    let organisation = Some(NamedOrganisation {
        code: "FAK02",
        name: Some("THE FAKE & SONS' SURGERY"),
    });
    let (cis2, nhsmail) = (Door::Cis2, Door::Nhsmail);
    let accepted = vec!["R8015", "S0010:G0020:R0260"];
    let of_role = |role, door| Lack::Role {
        role,
        accepted: accepted.clone(),
        door,
    };
    let reason = "redirect_uri is missing or comes twice".to_owned();
    vec![
        ("application-request", Trouble::ApplicationRequest { reason }),
        ("application-login", unmet(Lack::Login)),
        ("application-fresh-login", unmet(Lack::FreshLogin)),
        (
            "application-assurance",
            unmet(Lack::Assurance {
                wanted: 3,
                door: cis2,
            }),
        ),
        (
            "application-assurance-mailbox",
            unmet(Lack::Assurance {
                wanted: 2,
                door: nhsmail,
            }),
        ),
        ("application-factors", unmet(Lack::Factors { door: cis2 })),
        (
            "application-factors-mailbox",
            unmet(Lack::Factors { door: nhsmail }),
        ),
        ("application-real-person", unmet(Lack::RealPerson)),
        ("application-door", unmet(Lack::Door { used: "NHSmail" })),
        (
            "application-organisation",
            unmet(Lack::Organisation {
                organisation,
                door: cis2,
            }),
        ),
        (
            "application-organisation-unknown",
            unmet(Lack::Organisation {
                organisation: None,
                door: nhsmail,
            }),
        ),
        (
            "application-role",
            unmet(of_role(Some("Nurse Access Role"), cis2)),
        ),
        ("application-role-none", unmet(of_role(None, cis2))),
        ("application-role-mailbox", unmet(of_role(None, nhsmail))),
    ]
}
