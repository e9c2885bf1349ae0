//! The cookies of one browser, and to whom it shows them.

use std::collections::BTreeMap;

use url::Url;

/// The cookies of one browser.
#[derive(Debug, Clone, Default)]
pub(super) struct Jar {
    /// By host and name. A port makes no difference to a cookie (RFC 6265 8.5).
    kept: BTreeMap<(String, String), Kept>,
}

#[derive(Debug, Clone)]
struct Kept {
    value: String,
    stays_home: bool,
}

impl Jar {
    /// Keeps what `address` sets in one `Set-Cookie`.
    pub(super) fn keep(&mut self, address: &Url, set: &str) {
        let mut parts = set.split("; ");
        let pair = parts.next().and_then(|pair| pair.split_once('='));
        let (name, value) = pair.expect("a name and a value");
        let flags: Vec<_> = parts.map(str::to_ascii_lowercase).collect();
        let key = (host(address), name.to_owned());
        let is_past = |flag: &String| flag == "max-age=0" || flag.starts_with("expires=thu, 01 jan 1970");
        if flags.iter().any(is_past) {
            self.kept.remove(&key);
            return;
        }
        let kept = Kept {
            value: value.to_owned(),
            stays_home: flags.iter().any(|flag| flag == "samesite=lax"),
        };
        self.kept.insert(key, kept);
    }

    /// The `Cookie` for a request to `address`, if there is any. With `from_elsewhere`, another site's page makes the
    /// browser post: then what is `SameSite=Lax` stays home.
    pub(super) fn shown_to(&self, address: &Url, sender: Sender) -> Option<String> {
        let host = host(address);
        let shown: Vec<_> = self
            .kept
            .iter()
            .filter(|((of, _), kept)| *of == host && !(kept.stays_home && sender == Sender::AnotherSitesForm))
            .map(|((_, name), kept)| format!("{name}={}", kept.value))
            .collect();
        (!shown.is_empty()).then(|| shown.join("; "))
    }

    /// The value of the cookie `name` of the host of `address`.
    pub(super) fn value(&self, address: &Url, name: &str) -> Option<&str> {
        let kept = self.kept.get(&(host(address), name.to_owned()))?;
        Some(&kept.value)
    }

    /// Every value of every cookie.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.kept.values().map(|kept| kept.value.as_str())
    }

    /// Plants a cookie, as somebody might who knew how.
    pub(super) fn plant(&mut self, address: &Url, name: &str, value: &str) {
        self.keep(address, &format!("{name}={value}; samesite=lax"));
    }

    /// Forgets everything.
    pub(super) fn empty(&mut self) {
        self.kept.clear();
    }
}

/// Who makes the browser ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// The person, a link, a redirect, or a form of the same site.
    Anybody,
    /// A form of another site.
    AnotherSitesForm,
}

fn host(address: &Url) -> String {
    address.host_str().expect("a host").to_owned()
}
