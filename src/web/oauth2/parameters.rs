//! The parameters of a request at one of our endpoints (RFC 6749 3.2).

use axum::http::{HeaderMap, header};

use crate::web::oauth2::refusal::Refusal;

/// No request of any standard has more parameters.
const MOST: usize = 64;

/// Parameters, each at most once. They may be secrets, so they never print.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The parameters of a form that was posted. One without a value is left out.
    pub(crate) fn of_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::invalid_request("the body must be a form"));
        }
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if all.len() == MOST {
                return Err(Refusal::invalid_request("there are too many parameters"));
            }
            if all.iter().any(|(known, _)| *known == name) {
                return Err(Refusal::invalid_request("a parameter stands twice"));
            }
            all.push((name.into_owned(), value.into_owned()));
        }
        all.retain(|(_, value)| !value.is_empty());
        Ok(Self(all))
    }

    /// The value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of `name`, without which the request is none.
    pub(crate) fn needed(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parameters(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &'static str, body: &str) -> Result<Parameters, Refusal> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
        Parameters::of_form(&headers, body.as_bytes())
    }

    #[test]
    fn a_parameter_stands_once_and_one_without_a_value_is_absent() {
        const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
        let form = read(FORM, "a=1+2&b=").unwrap();
        assert_eq!((form.get("a"), form.get("b")), (Some("1 2"), None));
        assert!(form.needed("b").is_err());
        for twice in ["a=1&a=2", "a=1&a=", "a=&a=", "a&a"] {
            assert!(read(FORM, twice).is_err(), "{twice}");
        }
        assert!(read("application/json", "{}").is_err());
        let many = |count: usize| {
            let all: Vec<String> = (0..count).map(|n| format!("p{n}=1")).collect();
            all.join("&")
        };
        assert!(read(FORM, &many(MOST)).is_ok());
        assert!(read(FORM, &many(MOST + 1)).is_err());
        assert!(Parameters::of_form(&HeaderMap::new(), b"a=1").is_err());
    }
}
