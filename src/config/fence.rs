//! The fence between real people and the fakes: what a live environment refuses.

use crate::config::Config;
use crate::platform::problem::Problem;

/// Every trace of a fake in a configuration for real people.
pub(crate) fn problems(config: &Config) -> Vec<Problem> {
    if !config.environment.is_live() {
        return Vec::new();
    }
    let connections = config.saml.iter();
    let traces =
        connections.flat_map(|(name, connection)| connection.saml.traces_of_a_fake(&format!("saml.{name}")));
    traces
        .map(|(at, what)| {
            Problem::new(
                at,
                format!("{what} belongs to a fake, which signs in whoever asks; environment is \"live\""),
                "what the NHSmail team gave you, or another environment",
            )
        })
        .collect()
}
