//! The one stylesheet and the one script that applications may use, built into the program.

mod served;

pub(crate) use served::{styles, warning};

use std::sync::LazyLock;

use crate::platform::digest::sha256;

/// Where the script is that warns before a session ends. Applications write it into their pages, so that it must stay
/// where it is.
pub const WARNING_PATH: &str = "/assets/session-warning.js";

/// A script under an address that stays while its content changes from version to version.
#[derive(Debug)]
pub struct Script {
    /// The text, UTF-8.
    pub js: &'static str,
    /// A strong entity tag, with its quotation marks (RFC 9110 8.8.3).
    pub etag: String,
}

/// The dialog that warns before a session ends, for our own pages and those of applications.
pub fn session_warning() -> &'static Script {
    static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
        let js = include_str!("session-warning.js");
        Script {
            js,
            etag: format!("\"{}\"", name_of(js)),
        }
    });
    &SCRIPT
}

/// A file that never changes under its address, so that a browser may keep it for ever.
#[derive(Debug)]
pub struct Stylesheet {
    /// The text, UTF-8.
    pub css: &'static str,
    /// Where it is served: `/assets/bridge-<16 hexadecimal digits>.css`.
    pub path: String,
    /// A strong entity tag, with its quotation marks (RFC 9110 8.8.3).
    pub etag: String,
}

/// The stylesheet of every page: nhsuk-frontend's components, in Arial, and our few rules.
pub fn stylesheet() -> &'static Stylesheet {
    static SHEET: LazyLock<Stylesheet> = LazyLock::new(|| named_by_content(include_str!("bridge.css")));
    &SHEET
}

fn named_by_content(css: &'static str) -> Stylesheet {
    let name = name_of(css);
    Stylesheet {
        css,
        path: format!("/assets/bridge-{name}.css"),
        etag: format!("\"{name}\""),
    }
}

/// 16 hexadecimal digits that another content does not have.
fn name_of(content: &str) -> String {
    let mut name = hex::encode(sha256(content.as_bytes()));
    name.truncate(16);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_asks_nobody_but_the_bridge_it_came_from() {
        let js = session_warning().js;
        assert!(js.len() < 6 * 1024, "{} octets", js.len());
        for forbidden in [
            "://",
            "eval",
            "innerHTML",
            "Function(",
            "setAttribute(\"style",
            "localStorage",
        ] {
            assert!(!js.contains(forbidden), "the script has {forbidden}");
        }
    }

    #[test]
    fn the_stylesheet_asks_no_other_host_for_anything() {
        let css = stylesheet().css;
        for forbidden in ["url(", "@import", "@font-face", "://", "image-set("] {
            assert!(!css.contains(forbidden), "the stylesheet has {forbidden}");
        }
    }

    #[test]
    fn the_stylesheet_is_set_in_arial_and_never_in_the_nhs_typeface() {
        let css = stylesheet().css;
        assert!(css.contains("font-family:arial,sans-serif"));
        assert!(!css.to_lowercase().contains("frutiger"));
    }

    #[test]
    fn another_content_has_another_address() {
        let (one, two) = (named_by_content("a{}"), named_by_content("b{}"));
        assert_ne!(one.path, two.path);
        assert_eq!(one.path.len(), "/assets/bridge-0123456789abcdef.css".len());
    }
}
