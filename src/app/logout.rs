//! Joins what tells applications of logouts.

use std::sync::Arc;

use crate::app::{Foundations, NoApp};
use crate::config::Config;
use crate::downstream::application::registry::Applications;
use crate::downstream::logout::{BackChannel, LogoutTokens, Surroundings};
use crate::platform::outbound::Outbound;

/// Tells `applications`, in tokens signed and people named as in every other.
pub(in crate::app) fn back_channel(
    config: &Config,
    applications: &Applications,
    foundations: &Foundations,
) -> Result<BackChannel, NoApp> {
    Ok(BackChannel::new(Surroundings {
        applications: applications.clone(),
        tokens: LogoutTokens {
            issuer: config.public_url.as_str().to_owned(),
            keys: Arc::clone(&foundations.signing_keys),
            subject_key: foundations.subject_key.clone(),
            clock: Arc::clone(&foundations.clock),
            random: Arc::clone(&foundations.random),
        },
        outbound: Outbound::new()?,
        record: Arc::clone(&foundations.logouts),
        clock: Arc::clone(&foundations.clock),
    }))
}
