//! What one connection authenticates itself with: is it there, and is it fit for its job.

use std::path::Path;

use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};

use crate::platform::problem::Problem;
use crate::platform::secret::Variables;
use crate::upstream::oidc_rp::settings::{Algorithm, ClientAuthentication, ClientKey, Settings};

/// How many keys may be published: the new one, the one before, and room for a mishap.
const MOST_KEYS: usize = 4;
/// RSA keys below this size are refused (checklist XC-07).
const SMALLEST_RSA_BITS: u32 = 2048;
/// The shortest secret under which an assertion is signed, in octets.
const SHORTEST_SECRET: usize = 16;
/// What HS256 asks for (RFC 7518 3.2), in octets.
const PROPER_SECRET: usize = 32;

impl Settings {
    /// Makes every source independent of its surroundings: paths are joined to `base`, environment variables are
    /// replaced by what `variable` says they hold. Returns those that hold nothing.
    pub fn settle(&mut self, at: &str, base: &Path, variable: Variables<'_>) -> Vec<Problem> {
        let keys = self.client_keys.iter_mut().enumerate();
        let keys = keys.map(|(index, it)| (format!("{at}.client_key[{index}].key"), &mut it.key));
        let secret = self.client_secret.iter_mut();
        let secret = secret.map(|it| (format!("{at}.client_secret"), it));
        keys.chain(secret)
            .filter_map(|(at, source)| Some(source.settle(base, variable).err()?.problem(at)))
            .collect()
    }

    pub(super) fn credential_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = self.missing_credential(at);
        problems.extend(self.secret_problem(at));
        problems.extend(self.key_problems(at));
        problems
    }

    /// A secret that is long enough to be used and shorter than its algorithm asks.
    pub(super) fn short_secret(&self, at: &str) -> Option<Problem> {
        let octets = self.read_client_secret().ok()??.expose().len();
        let is_short = self.client_authentication == ClientAuthentication::ClientSecretJwt
            && (SHORTEST_SECRET..PROPER_SECRET).contains(&octets);
        is_short.then(|| {
            Problem::new(
                format!("{at}.client_secret"),
                format!(
                    "a secret of {octets} octets is shorter than HS256 asks for (256 bits, RFC 7518 3.2)"
                ),
                "client_authentication = \"private_key_jwt\", or a longer secret from the provider",
            )
        })
    }

    fn missing_credential(&self, at: &str) -> Vec<Problem> {
        let method = self.client_authentication;
        let mut problems = Vec::new();
        if method.needs_secret() && self.client_secret.is_none() {
            problems.push(Problem::new(
                format!("{at}.client_secret"),
                format!("{} needs the secret", method.as_str()),
                "client_secret = { file = \"../keys/client.secret\" } with what the provider gave you",
            ));
        }
        if !method.needs_secret() && self.client_secret.is_some() {
            problems.push(Problem::new(
                format!("{at}.client_secret"),
                "private_key_jwt uses no secret, and one that lies about is only there to be stolen",
                "remove the key, and have the provider forget the secret",
            ));
        }
        if !method.needs_secret() && self.client_keys.is_empty() {
            problems.push(Problem::new(
                format!("{at}.client_key"),
                "private_key_jwt needs a key",
                "a table [[oidc.NAME.client_key]] with key and algorithm",
            ));
        }
        problems
    }

    fn secret_problem(&self, at: &str) -> Option<Problem> {
        let at = format!("{at}.client_secret");
        let secret = match self.read_client_secret() {
            Ok(secret) => secret?,
            Err(cause) => return Some(cause.problem(at)),
        };
        let octets = secret.expose();
        // RFC 6749 A.2: visible ASCII and the space.
        let what = if octets.is_empty() || !octets.iter().all(|it| matches!(it, b' '..=b'~')) {
            "the secret is empty or holds what no client secret may hold (RFC 6749 A.2)"
        } else if self.client_authentication == ClientAuthentication::ClientSecretJwt
            && octets.len() < SHORTEST_SECRET
        {
            "a secret of fewer than 16 octets can be found out from one assertion"
        } else {
            return None;
        };
        Some(Problem::new(
            at,
            what,
            "the secret as the provider gave it, alone in its file",
        ))
    }

    fn key_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.client_keys.len() > MOST_KEYS {
            problems.push(Problem::new(
                format!("{at}.client_key"),
                format!("{} keys are published", self.client_keys.len()),
                format!("at most {MOST_KEYS}: the new one first, then the one before it"),
            ));
        }
        let mut known: Vec<PKey<Private>> = Vec::new();
        for (index, it) in self.client_keys.iter().enumerate() {
            let at = format!("{at}.client_key[{index}]");
            problems.extend(self.kid_problem(index, &at));
            match it.fit_key(&at) {
                Ok(key) if known.iter().any(|other| other.public_eq(&key)) => problems.push(Problem::new(
                    format!("{at}.key"),
                    "this key is in the list already",
                    "another key; a roll-over needs a new one",
                )),
                Ok(key) => known.push(key),
                Err(problem) => problems.push(problem),
            }
        }
        problems
    }

    /// A name that is unfit, or that a key before it has too.
    fn kid_problem(&self, index: usize, at: &str) -> Option<Problem> {
        let kid = self.client_keys.get(index)?.kid.as_deref()?;
        let is_unfit =
            kid.is_empty() || kid.len() > 255 || kid.chars().any(|c| c.is_whitespace() || c.is_control());
        let mut before = self.client_keys.iter().take(index);
        let what = if is_unfit {
            "a key's name has 1 to 255 characters and no white space"
        } else if before.any(|other| other.kid.as_deref() == Some(kid)) {
            "two keys have this name, and the provider could not tell them apart"
        } else {
            return None;
        };
        Some(Problem::new(
            format!("{at}.kid"),
            what,
            "a name of its own, or remove the key: its thumbprint (RFC 7638) will do",
        ))
    }
}

impl ClientKey {
    /// The key, if it can sign with its algorithm.
    fn fit_key(&self, at: &str) -> Result<PKey<Private>, Problem> {
        let octets = self
            .key
            .read()
            .map_err(|cause| cause.problem(format!("{at}.key")))?;
        // The callback keeps OpenSSL from asking at the terminal for a passphrase.
        let key = PKey::private_key_from_pem_callback(octets.expose(), |_passphrase| Ok(0));
        let key = key.map_err(|_cause| {
            Problem::new(
                format!("{at}.key"),
                "this is no private key in PEM, or it is locked by a passphrase",
                "a private key, PEM, without a passphrase",
            )
        })?;
        if fits(&key, self.algorithm) {
            return Ok(key);
        }
        let instead = if self.algorithm.is_rsa() {
            "an RSA key of at least 2048 bits, or algorithm = \"ES256\" for a key on P-256"
        } else {
            "a key on P-256, or an algorithm for RSA: RS256, RS512 or PS256"
        };
        Err(Problem::new(
            format!("{at}.key"),
            format!(
                "the key is {}, which {} cannot use",
                description(&key),
                self.algorithm
            ),
            instead,
        ))
    }
}

fn fits(key: &PKey<Private>, algorithm: Algorithm) -> bool {
    match key.id() {
        Id::RSA => algorithm.is_rsa() && key.bits() >= SMALLEST_RSA_BITS,
        Id::EC => !algorithm.is_rsa() && curve(key) == Some(Nid::X9_62_PRIME256V1),
        _ => false,
    }
}

fn curve(key: &PKey<Private>) -> Option<Nid> {
    key.ec_key().ok()?.group().curve_name()
}

fn description(key: &PKey<Private>) -> String {
    match key.id() {
        Id::RSA => format!("RSA of {} bits", key.bits()),
        Id::EC => {
            let curve = curve(key).and_then(|curve| curve.short_name().ok());
            format!("on the curve {}", curve.unwrap_or("nobody knows"))
        }
        _ => "neither RSA nor on P-256".to_owned(),
    }
}

#[cfg(test)]
mod tests;
