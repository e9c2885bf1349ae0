//! Somebody signs in with NHSmail: the story told well, then its variations.

mod story;
