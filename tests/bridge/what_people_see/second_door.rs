//! What the pages owe to people with a Care Identity: no word of NHSmail where it does not help, no markup of theirs,
//! and one way forward on each.

use nhsmail_bridge::web::pages::{Page as _, ProblemPage, Trouble};

use super::samples::{self, care_identity};
use super::text;

fn page(trouble: &Trouble<'_>) -> String {
    let frame = samples::live();
    let page = ProblemPage::new(&frame, trouble).with_start_again("/");
    page.html()
}

fn html_of(name: &str) -> String {
    let pages = samples::all();
    let found = pages.into_iter().find(|page| page.name == name);
    found.expect(name).html
}

fn who_can_help(html: &str) -> String {
    let (_, after) = html.split_once("Who can help</h2>").expect("who can help");
    after.split_once("</p>").expect("a paragraph").0.to_owned()
}

#[test]
fn every_trouble_leads_on_by_one_button() {
    for (name, trouble) in samples::troubles() {
        let html = page(&trouble);
        assert_eq!(html.matches("class=\"nhsuk-button\"").count(), 1, "{name}");
    }
}

#[test]
fn nobody_with_a_care_identity_is_sent_to_the_people_of_nhsmail() {
    for (name, trouble) in care_identity::troubles() {
        let is_nhsmails = name.contains("nhsmail");
        let helpers = who_can_help(&page(&trouble));
        let names_nhsmail = helpers.contains("NHSmail") || helpers.contains("Microsoft");
        assert!(is_nhsmails || !names_nhsmail, "{name}: {helpers}");
    }
}

#[test]
fn what_an_upstream_says_of_an_organisation_or_a_role_is_text_on_one_short_line() {
    for (name, trouble) in care_identity::troubles() {
        let html = page(&trouble);
        assert!(!html.contains("<script>alert") && !html.contains("<b>"), "{name}");
        assert!(
            !html.contains('\u{202e}') && !html.contains("before the edge"),
            "{name}"
        );
    }
    for name in ["role-choice", "role-choice-sixty", "signed-in-care-identity"] {
        let html = html_of(name);
        for markup in ["<b>", "<i>", "<script>", "<Tester>"] {
            assert!(!html.contains(markup), "{name}: {markup}");
        }
    }
}

#[test]
fn change_role_is_offered_only_where_another_role_would_do() {
    let names = |name: &str| text::of(&html_of(name)).contains("Change");
    assert!(names("role-not-accepted") && names("organisation-not-enabled"));
    assert!(!names("role-not-accepted-and-no-other") && !names("organisation-not-enabled-and-no-other"));
    assert!(!names("not-in-workgroup"));
    assert!(names("signed-in-care-identity") && !names("signed-in"));
}

#[test]
fn an_accepted_role_is_listed_in_words() {
    let html = html_of("role-not-accepted");
    assert!(html.contains("Nurse (R8001)") && html.contains("<li>R9999</li>"));
    assert!(html.contains("NHSID DEV (A9A5A)"));
}

#[test]
fn the_methods_named_are_those_of_the_level_asked_for() {
    let (three, two) = (html_of("aal-3-wanted"), html_of("aal-2-wanted"));
    for method in ["Smartcard", "Windows Hello", "Security key", "iPad app"] {
        assert!(three.contains(method) && two.contains(method), "{method}");
    }
    for method in ["Microsoft Authenticator", "NHS.net Connect", "Passkey"] {
        assert!(!three.contains(method) && two.contains(method), "{method}");
    }
}

#[test]
fn gv_05_the_words_of_an_oauth_error_are_never_repeated() {
    let hostile = "Call 0900 123 now, AADSTS90072";
    for error in ["access_denied", "invalid_client", "login_required", hostile] {
        let trouble = Trouble::of_oauth_error(care_identity::CARE_IDENTITY, error, Some(hostile));
        let html = page(&trouble);
        assert!(!html.contains("0900") && !html.contains("AADSTS"), "{error}");
    }
}

#[test]
fn sixty_roles_stand_under_their_organisations_and_namesakes_can_be_told_apart() {
    let html = html_of("role-choice-sixty");
    assert_eq!(html.matches("type=\"radio\"").count(), 60);
    assert_eq!(html.matches("<fieldset").count(), 5);
    assert_eq!(html.matches("Role number ").count(), 60);
    assert!(!html.contains(" checked"), "nothing is chosen for anybody");
    let few = html_of("role-choice");
    assert_eq!(few.matches("<fieldset").count(), 1);
    assert!(few.contains("NHSID DEV (A9A5A)") && !few.contains("Role number"));
}

#[test]
fn an_answer_without_a_role_is_said_in_the_title_at_the_top_and_at_the_question() {
    let html = html_of("role-choice-refused");
    assert!(html.contains("<title>Error: Select your role - "));
    assert!(html.contains("<a href=\"#role-1\">Select a role</a>") && html.contains("id=\"role-1\""));
    assert!(html.contains("aria-describedby=\"role-error\"") && html.contains("id=\"role-error\""));
    assert!(!html_of("role-choice").contains("Error"));
}

#[test]
fn outside_the_live_service_the_team_for_test_identities_is_named() {
    let frame = samples::integration();
    let html = ProblemPage::new(&frame, &Trouble::NoRole).html();
    assert!(who_can_help(&html).contains("ITOC"));
    assert!(!who_can_help(&page(&Trouble::NoRole)).contains("ITOC"));
}
