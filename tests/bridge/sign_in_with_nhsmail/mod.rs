//! Somebody signs in with NHSmail: the story told well, then its variations.

mod answers;
mod crowd;
mod requests;
mod return_to;
mod story;
mod unasked;
