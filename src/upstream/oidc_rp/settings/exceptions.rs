//! What a provider may do against the standards by a dated exception: `[[oidc.NAME.exception]]`.

use serde::Deserialize;

use crate::upstream::exception::{self, Permissible};

/// Permission for one laxity until the end of one day (UTC).
pub type Exception = exception::Exception<Laxity>;

/// Something a provider leaves out although the standards require it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Laxity {
    /// A logout token without `exp` (Back-Channel Logout 1.0, 2.4): CIS2 has been seen to leave it out.
    LogoutTokenWithoutExp,
}

impl Permissible for Laxity {
    fn as_str(self) -> &'static str {
        match self {
            Self::LogoutTokenWithoutExp => "logout-token-without-exp",
        }
    }
}
