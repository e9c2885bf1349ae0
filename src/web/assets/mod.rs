//! The one stylesheet, built into the program and served under an address that names its content.

use std::sync::LazyLock;

use openssl::sha::sha256;

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
    let mut name = hex::encode(sha256(css.as_bytes()));
    name.truncate(16);
    Stylesheet {
        css,
        path: format!("/assets/bridge-{name}.css"),
        etag: format!("\"{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
