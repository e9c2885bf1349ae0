//! `Answer`: what a browser brings back from an OpenID provider in the query of its address.
//!
//! Only the code flow's answer is read (OpenID Connect Core 3.1.2.5, RFC 6749 4.1.2). Anything of the implicit or the
//! hybrid flow is refused, and so is a parameter that comes twice: two readers could each take another one.

use crate::platform::random::is_token;

/// The longest value that is read, in octets: a code of Entra has about 2000.
const LONGEST: usize = 8 * 1024;
/// Parameters that only other flows and response modes send.
const OF_OTHER_FLOWS: [&str; 4] = ["id_token", "access_token", "token_type", "response"];

/// An answer, read and not believed.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// `state`, which finds the question.
    pub state: String,
    /// `iss` (RFC 9207), if the provider named itself.
    pub issuer: Option<String>,
    /// What it brings.
    pub outcome: Outcome,
}

/// What an answer brings.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A code, to be exchanged once.
    Code(String),
    /// The provider refused.
    Error(ProviderError),
}

/// What a provider says when it refuses (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6). Its own words, which anybody
/// can write into an address: nothing is decided by them, and they are never repeated as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderError {
    /// `error`.
    pub error: String,
    /// `error_description`.
    pub description: Option<String>,
}

/// Why an answer cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFlaw {
    /// Nothing is there: somebody opened a bookmark.
    #[error("the answer is empty")]
    Empty,
    /// One parameter comes twice (RFC 6749 3.1).
    #[error("the parameter {0} comes twice")]
    Twice(&'static str),
    /// There is no `state`, or none that we could have given.
    #[error("there is no state of ours")]
    State,
    /// It belongs to the implicit or the hybrid flow.
    #[error("it is an answer of another flow than the code flow")]
    OtherFlow,
    /// There is neither a code nor an error.
    #[error("there is neither a code nor an error")]
    Nothing,
    /// A value is longer than any we expect.
    #[error("a parameter is too long")]
    TooLong,
}

impl Answer {
    /// Reads the query of a callback. An error goes before a code that comes with it.
    pub fn read(query: &str) -> Result<Self, AnswerFlaw> {
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        if fields.is_empty() {
            return Err(AnswerFlaw::Empty);
        }
        if fields
            .iter()
            .any(|(name, _)| OF_OTHER_FLOWS.contains(&name.as_str()))
        {
            return Err(AnswerFlaw::OtherFlow);
        }
        let state = once(&fields, "state")?.filter(|state| is_token(state));
        let issuer = once(&fields, "iss")?;
        let error = once(&fields, "error")?;
        let code = once(&fields, "code")?;
        let outcome = match (error, code) {
            (Some(error), _) => Outcome::Error(ProviderError {
                error,
                description: once(&fields, "error_description")?,
            }),
            (None, Some(code)) if !code.is_empty() => Outcome::Code(code),
            (None, Some(_) | None) => return Err(AnswerFlaw::Nothing),
        };
        Ok(Self {
            state: state.ok_or(AnswerFlaw::State)?,
            issuer,
            outcome,
        })
    }
}

fn once(fields: &[(String, String)], name: &'static str) -> Result<Option<String>, AnswerFlaw> {
    let mut values = fields.iter().filter(|(known, _)| known == name);
    let first = values.next().map(|(_, value)| value.clone());
    if values.next().is_some() {
        return Err(AnswerFlaw::Twice(name));
    }
    if first.as_ref().is_some_and(|value| value.len() > LONGEST) {
        return Err(AnswerFlaw::TooLong);
    }
    Ok(first)
}

impl ProviderError {
    /// The error for the log, if it has the shape of one; the description may hold a name.
    pub fn word(&self) -> &str {
        let is_word = |c: u8| c.is_ascii_lowercase() || c == b'_';
        if self.error.len() <= 40 && self.error.bytes().all(is_word) {
            &self.error
        } else {
            "an unknown error"
        }
    }
}

impl std::fmt::Debug for ProviderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ProviderError({})", self.word())
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(…)")
    }
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(_) => f.write_str("Code(…)"),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> String {
        "ab".repeat(32)
    }

    #[test]
    fn oi_01_the_answer_of_the_code_flow_is_read_and_no_other() {
        let state = state();
        let answer = Answer::read(&format!(
            "code=a%2Fb&state={state}&scope=openid&iss=https%3A%2F%2Fa"
        ))
        .unwrap();
        assert_eq!(answer.outcome, Outcome::Code("a/b".to_owned()));
        assert_eq!(answer.issuer.as_deref(), Some("https://a"));
        for other in ["id_token=a", "access_token=a", "token_type=bearer", "response=a"] {
            let query = format!("code=a&state={state}&{other}");
            assert_eq!(Answer::read(&query), Err(AnswerFlaw::OtherFlow), "{other}");
        }
    }

    #[test]
    fn oi_17_a_parameter_that_comes_twice_is_refused() {
        let state = state();
        for (query, twice) in [
            (format!("code=a&code=a&state={state}"), "code"),
            (format!("code=a&state={state}&state={state}"), "state"),
            (format!("error=a&error=b&state={state}"), "error"),
            (format!("code=a&iss=a&iss=a&state={state}"), "iss"),
        ] {
            assert_eq!(Answer::read(&query), Err(AnswerFlaw::Twice(twice)), "{query}");
        }
    }

    #[test]
    fn oi_17_an_error_goes_before_a_code_and_needs_a_state_of_ours() {
        let both = Answer::read(&format!("code=a&error=access_denied&state={}", state())).unwrap();
        assert!(matches!(both.outcome, Outcome::Error(error) if error.word() == "access_denied"));
        for state in ["", "x", &"zz".repeat(32), &state().replacen('a', "", 1)] {
            let query = format!("error=access_denied&state={state}");
            assert_eq!(Answer::read(&query), Err(AnswerFlaw::State), "{state}");
        }
        assert_eq!(Answer::read("error=access_denied"), Err(AnswerFlaw::State));
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        let state = state();
        assert_eq!(Answer::read(""), Err(AnswerFlaw::Empty));
        assert_eq!(Answer::read(&format!("state={state}")), Err(AnswerFlaw::Nothing));
        assert_eq!(
            Answer::read(&format!("code=&state={state}")),
            Err(AnswerFlaw::Nothing)
        );
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(
            Answer::read(&format!("code={long}&state={state}")),
            Err(AnswerFlaw::TooLong)
        );
    }

    #[test]
    fn oi_17_the_words_of_a_provider_are_not_repeated_as_they_are() {
        let hostile = format!("error=%3Cscript%3E&error_description=Amara&state={}", state());
        let answer = Answer::read(&hostile).unwrap();
        let Outcome::Error(error) = answer.outcome else {
            panic!("an error");
        };
        assert_eq!(error.word(), "an unknown error");
        assert!(!format!("{error:?}").contains("Amara"));
    }

    #[test]
    fn a_code_and_a_state_are_never_printed() {
        let answer = Answer::read(&format!("code=hunter2&state={}", state())).unwrap();
        assert!(!format!("{answer:?} {:?}", answer.outcome).contains("hunter2"));
    }
}
