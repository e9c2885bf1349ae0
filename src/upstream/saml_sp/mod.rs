//! Our service provider, facing NHSmail.

pub mod entity_id;
pub mod settings;
