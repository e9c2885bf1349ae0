//! The page that asks for a role, with two roles and with sixty.

use nhsmail_bridge::web::pages::{
    Frame, NamedOrganisation, Page as _, RoleChoice, RoleChoiceError, RoleOption, RoleQuestion,
};

use super::{Sample, live, simulated};

/// The organisations of the person with sixty roles.
const PLACES: [(&str, Option<&str>); 4] = [
    ("A9A5A", Some("NHSID DEV")),
    ("X26", Some("<b>EXAMPLE</b> ORG")),
    (
        "RZ9",
        Some("Northfield and Upper Featherstone Community Hospitals, Hospices and Neighbourhood Teams"),
    ),
    ("Y00001", None),
];

const JOBS: [&str; 3] = [
    "Nurse Access Role",
    "Systems Support Access Role",
    "Health Professional Access Role (Pharmacology and \"Therapeutics\")",
];

/// The page in each of its shapes.
pub(crate) fn all() -> Vec<Sample> {
    let two = roles(2);
    let sixty = roles(60);
    let keep = RoleQuestion::Change {
        current: Some("555200000001"),
        keep: "/",
    };
    let refused = Some(RoleChoiceError::NotSelected);
    vec![
        Sample::new("role-choice", page(&simulated(), &two, LOG_IN, None)),
        Sample::new("role-choice-refused", page(&live(), &two, LOG_IN, refused)),
        Sample::new("role-choice-change", page(&live(), &two, keep, None)),
        Sample::new("role-choice-sixty", page(&live(), &sixty, LOG_IN, None)),
        Sample::new(
            "role-choice-sixty-refused",
            page(&live(), &sixty, LOG_IN, refused),
        ),
    ]
}

const LOG_IN: RoleQuestion<'static> = RoleQuestion::LogIn {
    somebody_else: "/sign-in?door=cis2&somebody_else=1",
};

fn page(
    frame: &Frame,
    ids_and_roles: &[(String, usize)],
    question: RoleQuestion<'_>,
    error: Option<RoleChoiceError>,
) -> String {
    let roles: Vec<_> = ids_and_roles.iter().map(|(id, at)| role(id, *at)).collect();
    RoleChoice {
        frame,
        person: "Priya <Tester>",
        question,
        roles: &roles,
        error,
        action: "/roles",
        csrf_token: "t0ken",
        handle: Some("h\"><script>alert(1)</script>"),
    }
    .html()
}

fn roles(count: usize) -> Vec<(String, usize)> {
    (0..count)
        .map(|at| (format!("{}", 555_200_000_000_u64 + at as u64), at))
        .collect()
}

/// Four places and three jobs in turn, so that of sixty roles some are namesakes.
fn role(id: &str, at: usize) -> RoleOption<'_> {
    let (code, name) = PLACES[at % PLACES.len()];
    RoleOption {
        id,
        name: JOBS[at % JOBS.len()],
        organisation: NamedOrganisation { code, name },
    }
}
