//! Somebody signs in with a Care Identity: the story told well, then its variations.

mod story;
