//! The fence between real people and the fakes: what a live environment refuses.

use crate::config::Config;
use crate::platform::problem::Problem;

/// Every trace of a fake in a configuration for real people.
pub(crate) fn problems(config: &Config) -> Vec<Problem> {
    if !config.environment.is_live() {
        return Vec::new();
    }
    let saml = config.saml.iter();
    let saml = saml.flat_map(|(name, it)| it.saml.traces_of_a_fake(&format!("saml.{name}")));
    let saml = saml.map(|trace| (trace, "what the NHSmail team gave you, or another environment"));
    let oidc = config.oidc.iter();
    let oidc = oidc.flat_map(|(name, it)| it.oidc.traces_of_a_fake(&format!("oidc.{name}")));
    let oidc = oidc.map(|trace| (trace, "what your registration says, or another environment"));
    saml.chain(oidc)
        .map(|((at, what), instead)| {
            let what =
                format!("{what} belongs to a fake, which signs in whoever asks; environment is \"live\"");
            Problem::new(at, what, instead)
        })
        .collect()
}
