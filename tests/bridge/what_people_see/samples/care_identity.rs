//! What people with a Care Identity, or on their way to one, are shown.

use nhsmail_bridge::upstream::verified::Door;
use nhsmail_bridge::web::pages::{
    Detail, NamedOrganisation, Page as _, Provider, SignedIn, Trouble, WorkingAs,
};
use time::Duration;

use super::{NHSMAIL, live, nonce};

/// The CIS2 of these pages.
pub(crate) const CARE_IDENTITY: Provider<'static> = Provider {
    name: "Care Identity",
    door: Door::Cis2,
};

const NORTHFIELD: NamedOrganisation<'static> = NamedOrganisation {
    code: "A9A5A",
    name: Some("NHSID DEV"),
};

/// A name that wants to be markup, and to be the whole page.
const HOSTILE: NamedOrganisation<'static> = NamedOrganisation {
    code: "X26",
    name: Some(
        "<script>alert(1)</script>\u{202e} Call 0900 & \"ask\" for a name that never ends, as nobody ever told it to \
         stop before the edge",
    ),
};

/// Every kind of trouble that came with the second door, by a name.
pub(crate) fn troubles() -> Vec<(&'static str, Trouble<'static>)> {
    let mut troubles = roles();
    troubles.extend(levels());
    troubles.extend(providers());
    troubles
}

fn roles() -> Vec<(&'static str, Trouble<'static>)> {
    let change_role = Some("/sign-in?door=cis2&change_role=1");
    vec![
        ("no-role", Trouble::NoRole),
        ("no-usable-role", Trouble::NoUsableRole),
        (
            "role-not-accepted",
            Trouble::RoleNotAccepted {
                organisation: NORTHFIELD,
                accepted: vec!["R8001", "S8001:G8005:R8015", "R9999"],
                change_role,
            },
        ),
        (
            "role-not-accepted-and-no-other",
            Trouble::RoleNotAccepted {
                organisation: HOSTILE,
                accepted: vec![],
                change_role: None,
            },
        ),
        (
            "organisation-not-enabled",
            Trouble::OrganisationNotEnabled {
                organisation: HOSTILE,
                change_role,
            },
        ),
        (
            "organisation-not-enabled-and-no-other",
            Trouble::OrganisationNotEnabled {
                organisation: NamedOrganisation {
                    name: None,
                    ..NORTHFIELD
                },
                change_role: None,
            },
        ),
        (
            "not-in-workgroup",
            Trouble::NotInWorkgroup {
                organisation: NORTHFIELD,
                accepted: vec!["TEST TEAM", "<b>555200000777</b>"],
                change_role: None,
            },
        ),
    ]
}

fn levels() -> Vec<(&'static str, Trouble<'static>)> {
    let too_low = |wanted, start_again| Trouble::AssuranceTooLow { wanted, start_again };
    vec![
        (
            "aal-3-wanted",
            too_low(3, Some("/sign-in?door=cis2&aal=3&return_to=%2F")),
        ),
        ("aal-2-wanted", too_low(2, None)),
        ("identity-not-checked", Trouble::IdentityAssuranceTooLow),
        ("login-too-old", Trouble::LoginTooOld),
    ]
}

fn providers() -> Vec<(&'static str, Trouble<'static>)> {
    vec![
        (
            "cancelled",
            Trouble::Cancelled {
                provider: CARE_IDENTITY,
            },
        ),
        (
            "cancelled-nhsmail",
            Trouble::of_oauth_error(NHSMAIL, "access_denied", None),
        ),
        (
            "provider-problem",
            Trouble::ProviderProblem {
                provider: CARE_IDENTITY,
            },
        ),
        (
            "provider-problem-nhsmail",
            Trouble::ProviderProblem { provider: NHSMAIL },
        ),
        (
            "provider-unavailable",
            Trouble::ProviderUnavailable {
                provider: CARE_IDENTITY,
            },
        ),
        (
            "our-registration",
            Trouble::of_oauth_error(CARE_IDENTITY, "invalid_client", Some("JWT is not valid")),
        ),
        (
            "login-required",
            Trouble::of_oauth_error(CARE_IDENTITY, "login_required", None),
        ),
        (
            "nhsmail-over-openid-wrong-account",
            Trouble::of_oauth_error(NHSMAIL, "access_denied", Some("AADSTS90072: User account …")),
        ),
        (
            "details-missing-care-identity",
            Trouble::DetailsMissing {
                provider: CARE_IDENTITY,
                detail: Detail::Name,
                error_url: None,
            },
        ),
    ]
}

/// Somebody with several roles, and hostile words in each.
pub(crate) fn signed_in() -> String {
    SignedIn {
        frame: &live(),
        person: "Priya Tester",
        door: "Care Identity",
        organisation: Some("NHSID <b>DEV</b> (A9A5A)"),
        simulated: false,
        time_left: Duration::minutes(14),
        csrf_token: "t0ken",
        sign_out: "/sign-out",
        extend: Some("/session/extend"),
        nonce: &nonce(),
        care_identity: Some(WorkingAs {
            role: Some("Nurse \"Access\" <i>Role</i>"),
            aal: Some(3),
            change_role: Some("/session/role"),
        }),
    }
    .html()
}
