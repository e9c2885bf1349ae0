//! The fields of a form that was posted to us, and whether it is one of our own pages'.

use axum::http::{HeaderMap, header};

use crate::session::ticket::SessionTicket;
use crate::web::pages::CSRF_FIELD;

/// What a form says, in order.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of a body that says it is a form.
    pub(crate) fn of(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        is_form.then(|| Self(url::form_urlencoded::parse(body).into_owned().collect()))
    }

    /// What the query of an address says.
    pub(crate) fn of_query(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The value of the field `name`, if it stands exactly once.
    pub(crate) fn once(&self, name: &str) -> Option<String> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let first = values.next().map(|(_, value)| value.clone());
        first.filter(|_| values.next().is_none())
    }

    /// True if the form carries `token`, which only a page of ours could have given it.
    pub(crate) fn carries(&self, token: &str) -> bool {
        let brought = self.once(CSRF_FIELD).unwrap_or_default();
        brought.len() == token.len() && openssl::memcmp::eq(brought.as_bytes(), token.as_bytes())
    }
}

/// The form in `body`, if it comes from a page that we gave to whoever holds `ticket`.
pub(crate) fn own_form(headers: &HeaderMap, body: &[u8], ticket: &SessionTicket) -> Option<Fields> {
    Fields::of(headers, body).filter(|form| form.carries(&csrf_token(ticket.expose())))
}

/// The token for our forms: known to whoever can read our page, and useless without the secret it was made from.
pub(crate) fn csrf_token(secret: &str) -> String {
    hex::encode(crate::platform::digest::sha256(
        format!("form of ours\0{secret}").as_bytes(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &'static str, body: &str) -> Option<Fields> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
        Fields::of(&headers, body.as_bytes())
    }

    #[test]
    fn a_field_that_stands_twice_is_none() {
        let form = read(
            "application/x-www-form-urlencoded; charset=UTF-8",
            "a=1&b=x%2Fy&a=2",
        )
        .unwrap();
        assert_eq!(form.once("a"), None);
        assert_eq!(form.once("b").as_deref(), Some("x/y"));
        assert_eq!(form.once("c"), None);
    }

    #[test]
    fn what_does_not_say_that_it_is_a_form_is_none() {
        assert!(read("application/json", "a=1").is_none());
        assert!(read("text/plain", "a=1").is_none());
    }
}
