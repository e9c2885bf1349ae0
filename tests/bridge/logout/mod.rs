//! The end of a session reaches everybody: applications, other browsers, whoever an administrator names.

mod administrator;
mod asked_by_an_application;
mod back_channel;
mod front_channel;
mod matrix;
pub(crate) mod scene;
