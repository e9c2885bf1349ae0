//! Every page in Chromium under its real headers: accessibility, reflow, the keyboard, and no other host.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::get;
use fantoccini::key::Key;
use nhsmail_bridge::web::assets::stylesheet;
use nhsmail_bridge::web::headers::{PagePolicy, Transport, for_ever};

use super::samples;
use crate::browser::{Browser, Script, Width};

/// A server on a free loopback port; it ends with the test's runtime.
pub(super) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// The stylesheet, as the bridge serves it.
pub(super) fn with_stylesheet(router: Router) -> Router {
    let sheet = stylesheet();
    let answer = || async {
        let mut headers = for_ever(Transport::PlainHttp);
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/css"));
        (headers, stylesheet().css)
    };
    router.route(&sheet.path, get(answer))
}

type Pages = Arc<HashMap<String, (HeaderMap, String)>>;

async fn page(State(pages): State<Pages>, Path(name): Path<String>) -> impl IntoResponse {
    pages.get(&name).cloned().unwrap_or_default()
}

/// Every page at `/pages/{name}` of the address that is returned, and their names.
pub(crate) async fn every_page() -> (String, Vec<String>) {
    let samples = samples::all();
    let names = samples.iter().map(|sample| sample.name.clone()).collect();
    let served = samples.into_iter().map(|sample| {
        let headers = sample.policy().headers();
        (sample.name, (headers, without_script(&sample.html)))
    });
    let pages: Pages = Arc::new(served.collect());
    let router = Router::new().route("/pages/{name}", get(page)).with_state(pages);
    (serve(with_stylesheet(router)).await, names)
}

/// axe-core needs a browser that runs scripts, and the re-post page is to stay where it is.
fn without_script(html: &str) -> String {
    let Some((before, script)) = html.split_once("<script") else {
        return html.to_owned();
    };
    let (_, after) = script.split_once("</script>").expect("the script ends");
    format!("{before}{after}")
}

/// Everything wrong with every page at one width.
async fn faults_at(width: Width) -> Vec<String> {
    let (site, names) = every_page().await;
    let browser = Browser::start(width, Script::On).await;
    let mut faults = Vec::new();
    for name in names {
        browser.open(&format!("{site}/pages/{name}")).await;
        let mut found = browser.axe().await;
        found.extend(browser.complaints().await);
        found.extend(layout_faults(&browser, &site).await);
        keep_picture(&name, width, &browser.picture().await);
        faults.extend(found.iter().map(|fault| format!("{name} at {width:?}: {fault}")));
    }
    faults
}

/// A page that is wider than the window, unstyled, or that asked another host.
async fn layout_faults(browser: &Browser, site: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let too_wide = "return document.documentElement.scrollWidth > window.innerWidth";
    if browser.ask(too_wide).await != false {
        faults.push("is wider than the window".to_owned());
    }
    let font = "return getComputedStyle(document.querySelector('h1')).fontFamily";
    if browser.ask(font).await != "arial, sans-serif" {
        faults.push("is not set in Arial".to_owned());
    }
    let asked = "return performance.getEntriesByType('resource').map(entry => entry.name)";
    let asked: Vec<String> = serde_json::from_value(browser.ask(asked).await).expect("a list of addresses");
    assert!(!asked.is_empty(), "not even the stylesheet was asked for");
    faults.extend(asked.into_iter().filter(|address| !address.starts_with(site)));
    faults
}

/// Leaves a picture of the page for people to look at.
fn keep_picture(name: &str, width: Width, png: &[u8]) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/pictures");
    fs::create_dir_all(folder).expect("a folder for pictures");
    fs::write(format!("{folder}/{name}-{width:?}.png"), png).expect("a picture is kept");
}

#[tokio::test]
async fn gv_10_every_page_passes_axe_and_reflows_at_320_pixels() {
    assert_eq!(faults_at(Width::Narrow).await, Vec::<String>::new());
}

#[tokio::test]
async fn gv_10_every_page_passes_axe_at_1280_pixels() {
    assert_eq!(faults_at(Width::Wide).await, Vec::<String>::new());
}

#[tokio::test]
async fn axe_and_chromium_find_what_is_wrong_with_a_bad_page() {
    let bad = "<!DOCTYPE html><html><img src=\"/none.png\"><style>a { color: red }</style><input></html>";
    let headers = PagePolicy::plain(Transport::PlainHttp).headers();
    let router = Router::new().route("/", get(move || async move { (headers, bad) }));
    let site = serve(router).await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    browser.open(&site).await;
    let found = browser.axe().await.join("\n");
    for rule in ["html-has-lang", "image-alt", "label", "document-title", "region"] {
        assert!(
            found.contains(&format!("\"{rule}\"")),
            "{rule} is not among {found}"
        );
    }
    let complaints = browser.complaints().await.join("\n");
    assert!(complaints.contains("Content Security Policy"), "{complaints}");
}

/// Where the focus is: its place among all that Tab reaches, how many those are, whether it is seen, what it says.
/// Of radio buttons with one name Tab reaches the first; the mark of a radio button is drawn beside it.
const FOCUS: &str = "
    const first = radio => document.querySelector(`input[name=\"${radio.name}\"]`);
    const all = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]
        .filter(element => element.type !== 'radio' || element === first(element));
    const at = document.activeElement;
    const before = element => element.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    const place = at === document.body ? -1 : all.includes(at) ? all.indexOf(at) : all.filter(before).length - 1;
    const box = at.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const marks = [getComputedStyle(at)];
    if (at.type === 'radio') marks.push(getComputedStyle(at.nextElementSibling, '::before'));
    const marked = marks.some(style => style.outlineStyle !== 'none' || style.boxShadow !== 'none');
    return [place, all.length, marked && at.contains(top), at.textContent.trim()];
";

/// True once the focus is where a page puts it by itself.
const IS_WHERE_THE_PAGE_WANTS_IT: &str = "
    const wanted = document.querySelector('[autofocus]');
    return wanted === null || wanted === document.activeElement;
";

/// What [`FOCUS`] answers.
type Focus = (i64, i64, bool, String);

async fn focus(browser: &Browser) -> Focus {
    serde_json::from_value(browser.ask(FOCUS).await).expect("what the script returns")
}

#[tokio::test]
async fn gv_10_the_keyboard_reaches_everything_in_order_and_the_focus_is_seen() {
    let (site, names) = every_page().await;
    let browser = Browser::start(Width::Narrow, Script::Off).await;
    for name in names {
        browser.open(&format!("{site}/pages/{name}")).await;
        // Chromium moves the focus a moment after the page is loaded.
        browser.comes_to_be(IS_WHERE_THE_PAGE_WANTS_IT).await;
        let (start, count, ..) = focus(&browser).await;
        for expected in start + 1..count {
            browser.press(Key::Tab).await;
            let (place, _, is_seen, text) = focus(&browser).await;
            assert_eq!(place, expected, "{name}: the focus is on {text}");
            assert!(is_seen, "{name}: the focus cannot be seen on {text}");
        }
    }
}

#[tokio::test]
async fn gv_10_the_skip_link_leads_past_the_header() {
    let (site, _names) = every_page().await;
    let browser = Browser::start(Width::Wide, Script::Off).await;
    browser.open(&format!("{site}/pages/chooser-two-doors")).await;
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    browser
        .comes_to_be("return location.hash === '#maincontent'")
        .await;
    browser.press(Key::Tab).await;
    let (.., text) = focus(&browser).await;
    assert_eq!(text, "Log in with NHSmail");
}

#[tokio::test]
async fn gv_10_a_missing_answer_takes_the_focus_and_a_keyboard_gives_one() {
    let (site, _names) = every_page().await;
    let browser = Browser::start(Width::Narrow, Script::Off).await;
    browser
        .open(&format!("{site}/pages/role-choice-sixty-refused"))
        .await;
    let is_focused = "return document.activeElement.className === 'nhsuk-error-summary'";
    browser.comes_to_be(is_focused).await;
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    browser.comes_to_be("return location.hash === '#role-1'").await;
    browser.press(Key::Down).await;
    let chosen = "return document.querySelector('input:checked').id";
    assert_ne!(browser.ask(chosen).await, "role-1");
}
