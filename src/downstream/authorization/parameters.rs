//! `Parameters`: what an application wrote into its request, unverified.

use url::form_urlencoded;

/// The longest request that is read, in octets. Whoever has more to say pushes it.
pub const LONGEST_REQUEST: usize = 8 * 1024;

/// The parameters of a request, in order (RFC 6749 3.1). Prints none.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// One parameter comes twice: two readers could each take another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a parameter comes twice")]
pub struct Twice;

impl Parameters {
    /// Reads a query or the body of a form.
    pub fn read(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The value of `name`. One that is empty is as good as absent (RFC 6749 3.1).
    pub fn once(&self, name: &str) -> Result<Option<&str>, Twice> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let first = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            Some(_) => Err(Twice),
            None => Ok(first.filter(|value| !value.is_empty())),
        }
    }

    /// The value of `name`, where somebody else refuses what comes twice.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.once(name).ok().flatten()
    }

    /// The same with these parameters alone.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        Self(kept.cloned().collect())
    }

    /// The same, naming the client that has proved to be it.
    #[must_use]
    pub fn naming(self, client_id: &str) -> Self {
        self.with("client_id", client_id)
    }

    /// The same, asking for a code that only the key with this thumbprint redeems (RFC 9449 10).
    #[must_use]
    pub fn bound_to(self, thumbprint: &str) -> Self {
        self.with("dpop_jkt", thumbprint)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As a query.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
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

    #[test]
    fn a_parameter_counts_once_and_an_empty_one_not_at_all() {
        let parameters = Parameters::read("a=1&b=&c=x%20y&a=2");
        assert_eq!(parameters.once("a"), Err(Twice));
        assert_eq!(parameters.value("a"), None);
        assert_eq!(parameters.once("b"), Ok(None));
        assert_eq!(parameters.once("c"), Ok(Some("x y")));
        assert_eq!(parameters.once("d"), Ok(None));
        assert_eq!(parameters.only(&["b", "c"]).to_query(), "b=&c=x+y");
        assert_eq!(format!("{parameters:?}"), "Parameters(…)");
    }

    #[test]
    fn what_is_known_better_goes_before_what_was_said_and_nothing_else_is_lost() {
        let parameters = Parameters::read("client_id=a&state=s&client_id=b&dpop_jkt=theirs");
        let ours = parameters.naming("rota").bound_to("ours");
        assert_eq!(ours.to_query(), "state=s&client_id=rota&dpop_jkt=ours");
    }
}
