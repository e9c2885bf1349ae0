//! What a key that cannot be set would have meant.

/// Why there is no such setting, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Why there is no such setting, in one sentence.
    pub what: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}
