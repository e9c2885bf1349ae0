//! The fields of a query or of a form body. A field that stands there twice is refused (RFC 6749 3.1).

/// Fields, each there once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

/// A field stands there twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} occurs twice")]
pub(super) struct Twice(pub(super) String);

/// What nobody should find in a record.
const WITHHELD: [&str; 7] = [
    "client_secret",
    "client_assertion",
    "code",
    "code_verifier",
    "id_token_hint",
    "access_token",
    "logout_token",
];

impl Fields {
    pub(super) fn read(text: &str) -> Result<Self, Twice> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(Twice(name.into_owned()));
            }
            fields.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(fields))
    }

    /// The value of the field; one that is empty counts as absent (RFC 6749 3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// All fields, for the record; secrets are withheld.
    pub(super) fn without_secrets(&self) -> Vec<(String, String)> {
        let shown = |(name, value): &(String, String)| {
            let value = if WITHHELD.contains(&name.as_str()) {
                "(withheld)"
            } else {
                value.as_str()
            };
            (name.clone(), value.to_owned())
        };
        self.0.iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_once_and_an_empty_one_is_absent() {
        let fields = Fields::read("a=1%20b&empty=&c=%C3%A9").unwrap();
        assert_eq!(
            (fields.get("a"), fields.get("empty"), fields.get("c")),
            (Some("1 b"), None, Some("é"))
        );
        assert_eq!(Fields::read("a=1&b=2&a=1"), Err(Twice("a".to_owned())));
    }

    #[test]
    fn a_record_has_no_secrets() {
        let fields = Fields::read("code=x&client_secret=y&state=z").unwrap();
        let record = format!("{:?}", fields.without_secrets());
        assert!(record.contains("\"z\"") && !record.contains("\"x\"") && !record.contains("\"y\""));
    }
}
