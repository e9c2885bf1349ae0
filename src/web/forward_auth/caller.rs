//! Whether a person waits for a page or a program for an answer.
//!
//! A person is sent to sign in. A program is told 401: it would follow a redirect to a page that it cannot use, and
//! say something odd about it later.

use axum::http::{HeaderMap, HeaderName, header};

const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");
const REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

/// Who asked the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A browser that opens a page.
    Page,
    /// A browser that sends a form. It must not come back as a GET to the same place: what was in the form is gone.
    Form,
    /// A program, or a part of a page: a picture, a script's request.
    Program,
}

impl Caller {
    /// Who makes a request with this method and these headers.
    ///
    /// Browsers of today say what a request is for in Fetch Metadata; whatever they say decides. Older ones are known by
    /// asking for HTML.
    pub(crate) fn of(method: &str, headers: &HeaderMap) -> Self {
        if !opens_a_page(headers) {
            return Self::Program;
        }
        match method {
            "GET" | "HEAD" => Self::Page,
            _ => Self::Form,
        }
    }
}

fn opens_a_page(headers: &HeaderMap) -> bool {
    let says = |name: HeaderName, wanted: &str| headers.get(name).is_none_or(|value| value == wanted);
    says(MODE, "navigate")
        && says(DESTINATION, "document")
        && !headers.contains_key(REQUESTED_WITH)
        && takes_html(headers)
}

/// `*/*` alone is what programs send; every browser names HTML when it opens a page.
fn takes_html(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter();
    let mut kinds = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    kinds.any(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/html") || essence.eq_ignore_ascii_case("application/xhtml+xml")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    fn caller(method: &str, said: &[(&'static str, &'static str)]) -> Caller {
        let headers = said.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        });
        Caller::of(method, &headers.collect())
    }

    #[test]
    fn ap_12_a_browser_that_opens_an_address_wants_a_page() {
        for said in [
            vec![("accept", CHROMIUM)],
            vec![("accept", "Text/HTML;q=0.5")],
            vec![
                ("accept", CHROMIUM),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
        ] {
            assert_eq!(caller("GET", &said), Caller::Page, "{said:?}");
            assert_eq!(caller("HEAD", &said), Caller::Page, "{said:?}");
            assert_eq!(caller("POST", &said), Caller::Form, "{said:?}");
            assert_eq!(caller("get", &said), Caller::Form, "methods have one spelling");
        }
    }

    #[test]
    fn ap_12_whatever_else_asks_is_a_program() {
        for said in [
            vec![],
            vec![("accept", "*/*")],
            vec![("accept", "application/json")],
            vec![("accept", "text/htmlx")],
            vec![("accept", CHROMIUM), ("x-requested-with", "XMLHttpRequest")],
            vec![("accept", CHROMIUM), ("sec-fetch-mode", "cors")],
            vec![
                ("accept", CHROMIUM),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "image"),
            ],
            vec![
                ("accept", CHROMIUM),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
        ] {
            for method in ["GET", "POST", "DELETE"] {
                assert_eq!(caller(method, &said), Caller::Program, "{said:?}");
            }
        }
    }
}
