//! The end of a session reaches everybody: applications, other browsers, whoever an administrator names.

mod administrator;
