//! The pictures of `docs/screenshots.md`: one of each page, made by Chromium. `.ci/screenshots` makes them anew; without
//! that they are only held against the pages and the document.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use time::Duration;

use crate::browser::{Browser, Script, Width};
use crate::in_a_browser::care_identity::{reach_the_picker, we_ask};
use crate::in_a_browser::on_behalf::{Sent, of_another_organisation};
use crate::in_a_browser::sign_in;
use crate::support::{CIS2, TestBridge};
use crate::what_people_see::in_a_browser::every_page;

/// Says that they shall be made anew.
const REMAKE: &str = "REMAKE_SCREENSHOTS";
/// Larger than this, and the documents are slow to open.
const MOST_OCTETS: u64 = 100_000;
/// Pages that stand in no sample: what a script made, and those whose samples are hostile.
const WARNING: &str = "session-warning";
const PICKER: &str = "role-choice-of-priya";
const ON_BEHALF: &str = "choice-for-an-application";
const REFUSED: &str = "organisation-refused-by-an-application";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screenshots")
}

/// The pictures that the document shows: `![what it is](screenshots/NAME.png)`.
fn shown() -> BTreeSet<String> {
    let page = include_str!("../../docs/screenshots.md");
    let names = page.split("](screenshots/").skip(1);
    names
        .filter_map(|rest| Some(rest.split_once(".png)")?.0.to_owned()))
        .collect()
}

fn keep(name: &str, png: &[u8]) {
    fs::create_dir_all(folder()).expect("a folder for pictures");
    fs::write(folder().join(format!("{name}.png")), png).expect("a picture is kept");
}

async fn remake() {
    for old in kept() {
        fs::remove_file(folder().join(format!("{old}.png"))).expect("it can be taken away");
    }
    let browser = Browser::start(Width::Wide, Script::On).await;
    let (site, names) = every_page().await;
    let shown = shown();
    for name in names.iter().filter(|name| shown.contains(*name)) {
        browser.open(&format!("{site}/pages/{name}")).await;
        keep(name, &browser.whole_picture().await);
    }
    keep(WARNING, &warning().await);
    keep(PICKER, &picker().await);
    remake_on_behalf().await;
}

async fn remake_on_behalf() {
    let sent = Sent::by(of_another_organisation, Width::Wide, Script::On).await;
    keep(ON_BEHALF, &sent.browser.whole_picture().await);
    sent.logs_in_with_nhsmail().await;
    sent.browser.there_is(".bridge-reference").await;
    keep(REFUSED, &sent.browser.whole_picture().await);
}

/// Somebody with two roles, at our own picker.
async fn picker() -> Vec<u8> {
    let bridge = TestBridge::with_cis2(we_ask).await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    browser
        .open(bridge.url(&format!("/sign-in?door={CIS2}")).as_str())
        .await;
    reach_the_picker(&browser).await;
    browser.whole_picture().await
}

/// The dialog stands before the page of somebody who is signed in.
async fn warning() -> Vec<u8> {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    sign_in(&browser, &bridge).await;
    bridge.clock.advance(Duration::seconds(13 * 60 + 10));
    browser.open(bridge.url("/").as_str()).await;
    browser.there_is("dialog[open]").await;
    browser.picture().await
}

fn kept() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).into_iter().flatten();
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "png"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

#[tokio::test]
async fn the_document_of_screenshots_shows_pictures_that_are_there_and_small_and_no_other_is_kept() {
    if env::var_os(REMAKE).is_some() {
        remake().await;
    }
    assert_eq!(shown(), kept(), "run `.ci/screenshots` to make them anew");
    for name in kept() {
        let path = folder().join(format!("{name}.png"));
        let octets = fs::metadata(&path).expect("a file").len();
        assert!(octets < MOST_OCTETS, "{name}: {octets} octets");
        let png = fs::read(&path).expect("it can be read");
        assert!(png.starts_with(b"\x89PNG"), "{name}");
    }
}
