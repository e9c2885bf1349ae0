//! The pages as people meet them: their words as snapshots, their rules on every one, and a real browser.

pub(crate) mod in_a_browser;
mod repost;
pub(crate) mod samples;
mod second_door;
mod text;

use std::fmt::Write as _;

use nhsmail_bridge::web::pages::{Frame, Page as _, ProblemPage, Trouble};

use self::samples::{Sample, live};

/// What stands between two markers, the first time they occur.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(start)?;
    Some(after.split_once(end)?.0)
}

#[test]
fn every_page_says_what_it_said_before() {
    for Sample { name, html, .. } in samples::all() {
        insta::assert_snapshot!(name, text::of(&html));
    }
}

#[test]
fn gv_10_every_page_has_a_title_one_heading_a_language_and_landmarks() {
    for Sample { name, html, .. } in samples::all() {
        let title = between(&html, "<title>", "</title>").expect("a title");
        let heading = between(&html, "<h1 class=\"nhsuk-heading-l\">", "</h1>").expect("a heading");
        let title = title.strip_prefix("Error: ").unwrap_or(title);
        assert_eq!(title, format!("{heading} - Log in to Northfield Rota"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        for part in [
            "<html lang=\"en-GB\">",
            "<header",
            "<main",
            "<footer",
            "class=\"nhsuk-skip-link\"",
        ] {
            assert_eq!(html.matches(part).count(), 1, "{name}: {part}");
        }
    }
}

#[test]
fn gv_10_no_page_needs_script_or_brings_style_of_its_own() {
    for Sample { name, html, nonce } in samples::all() {
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, usize::from(nonce.is_some()), "{name}");
        assert_eq!(html.matches("<script nonce=").count(), scripts, "{name}");
        for forbidden in [
            "<style",
            " style=",
            " onclick=",
            " onload=",
            "javascript:",
            "<noscript",
        ] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
    }
}

#[test]
fn no_page_names_another_host_but_in_a_link_or_a_field() {
    for Sample { name, html, .. } in samples::all() {
        for tag in html.split('<').filter(|tag| tag.contains("://")) {
            assert!(
                tag.starts_with("a ") || tag.starts_with("input "),
                "{name}: {tag}"
            );
        }
        assert!(!html.to_lowercase().contains("frutiger"), "{name}");
        assert!(
            !html.contains("nhsuk-header__logo"),
            "{name}: the NHS logo is not ours to use"
        );
    }
}

#[test]
fn what_was_sent_to_us_is_text_and_never_markup() {
    let pages = samples::all();
    let html_of = |name: &str| &pages.iter().find(|page| page.name == name).expect(name).html;
    assert!(html_of("repost").contains("&#34;&#62;&#60;script&#62;alert(1)"));
    assert!(html_of("signed-in-simulated").contains("&#60;b&#62;(Clinical"));
    assert!(
        html_of("chooser-two-doors")
            .contains("door=adfs+%26+co&#38;return_to=%2Frota%3Fweek%3D1%26x%3D%22%3E%3Cb%3E")
    );
}

#[test]
fn sp_26_a_missing_detail_is_named_and_links_only_to_a_web_address() {
    let pages = samples::all();
    let html_of = |name: &str| &pages.iter().find(|page| page.name == name).expect(name).html;
    assert!(html_of("details-missing").contains("did not tell us your email address"));
    assert!(html_of("details-missing").contains("href=\"https://help.example/errors\""));
    assert!(!html_of("details-missing-bad-link").contains("alert(1)"));
}

#[test]
fn gv_05_a_refused_answer_says_nothing_of_why() {
    let frame: Frame = live();
    let page = ProblemPage::new(&frame, &Trouble::NotCompleted)
        .with_reference("K7QM-2F9D")
        .html();
    for inside in [
        "signature",
        "assertion",
        "SAML",
        "certificate",
        "XML",
        "digest",
        "decrypt",
        "audience",
    ] {
        assert!(!page.to_lowercase().contains(&inside.to_lowercase()), "{inside}");
    }
    assert!(page.contains("K7QM-2F9D"));
}

#[test]
fn every_trouble_has_its_own_words_a_status_and_somebody_who_helps() {
    let mut said = String::new();
    for (name, trouble) in samples::troubles() {
        let words = trouble.words();
        assert!(
            !words.heading.ends_with('.') && !words.what_to_do.is_empty(),
            "{name}"
        );
        assert!(
            trouble.status().is_client_error() || trouble.status().is_server_error(),
            "{name}"
        );
        writeln!(said, "{} {name}: {}", trouble.status().as_u16(), words.heading).expect("a string takes it");
    }
    insta::assert_snapshot!("troubles", said);
}
