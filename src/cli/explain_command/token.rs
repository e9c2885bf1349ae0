//! The flags of `explain` that only a token of OpenID Connect needs.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use time::{Duration, OffsetDateTime};

use crate::cli::explain_token::{ExplainTokenRequest, TokenKind, explain_token};
use crate::cli::input;
use crate::protocol::jose::Algorithm;
use crate::protocol::saml::limits::FORM_BODY_OCTETS;
use crate::upstream::oidc_rp::explanation::Explanation;

/// How many seconds the clocks may differ where nobody says.
const USUAL_SKEW: u16 = 60;

/// What NHS CIS2 signs with.
const USUAL_ALGORITHMS: [Algorithm; 2] = [Algorithm::RS256, Algorithm::RS512];

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// A SAML response.
    Saml,
    /// An ID token.
    IdToken,
    /// A token of back-channel logout.
    LogoutToken,
    /// An answer of the UserInfo endpoint, JSON or signed.
    Userinfo,
    /// A client assertion of ours.
    ClientAssertion,
}

/// Flags for the kinds of token.
#[derive(Args)]
#[command(next_help_heading = "For tokens of OpenID Connect")]
pub(super) struct TokenArguments {
    /// What FILE is [default: saml].
    #[arg(long, value_enum, hide_possible_values = false, conflicts_with = "config")]
    kind: Option<Kind>,
    /// The issuer, octet for octet.
    #[arg(long, value_name = "S", requires = "kind")]
    issuer: Option<String>,
    /// Our client id.
    #[arg(long, value_name = "S", requires = "kind")]
    client_id: Option<String>,
    /// The issuer's key set; for a client assertion our own.
    #[arg(long, value_name = "FILE", requires = "kind")]
    jwks: Option<PathBuf>,
    /// The client secret, for HS256, HS384 and HS512 only.
    #[arg(long, value_name = "FILE", requires = "kind", conflicts_with = "jwks")]
    client_secret_file: Option<PathBuf>,
    /// The agreed algorithms [default: RS256 RS512].
    #[arg(long, value_name = "A", num_args = 1.., requires = "kind", value_parser = algorithm)]
    alg: Vec<Algorithm>,
    /// The nonce that was sent.
    #[arg(long, value_name = "S", requires = "kind")]
    nonce: Option<String>,
    /// The access token that came with an ID token.
    #[arg(long, value_name = "FILE", requires = "kind")]
    access_token_file: Option<PathBuf>,
    /// How many seconds ago the person may have proved themselves.
    #[arg(long, value_name = "SECONDS", requires = "kind")]
    max_auth_age: Option<u32>,
    /// The lowest authentication assurance level.
    #[arg(long, value_name = "LEVEL", requires = "kind")]
    minimum_aal: Option<u8>,
    /// The lowest identity assurance level.
    #[arg(long, value_name = "LEVEL", requires = "kind")]
    minimum_ial: Option<u8>,
    /// The Entra tenant.
    #[arg(long, value_name = "S", requires = "kind")]
    tenant: Option<String>,
    /// The sub of the ID token, for UserInfo.
    #[arg(long, value_name = "S", requires = "kind")]
    sub: Option<String>,
    /// The token endpoint, octet for octet, for a client assertion.
    #[arg(long, value_name = "S", requires = "kind")]
    token_endpoint: Option<String>,
}

/// Nonce and subject are not printed.
impl fmt::Debug for TokenArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenArguments")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn algorithm(word: &str) -> Result<Algorithm, String> {
    word.parse()
        .map_err(|_cause| "write RS256, RS512, PS256, ES256, …".to_owned())
}

/// What the flags share with those for SAML.
pub(super) struct Shared<'a> {
    pub(super) file: &'a std::path::Path,
    pub(super) allow: &'a [String],
    pub(super) skew: Option<u16>,
    pub(super) at: OffsetDateTime,
}

impl TokenArguments {
    /// The kind of token, unless the message is SAML.
    pub(super) fn kind(&self) -> Option<TokenKind> {
        match self.kind? {
            Kind::Saml => None,
            Kind::IdToken => Some(TokenKind::IdToken),
            Kind::LogoutToken => Some(TokenKind::LogoutToken),
            Kind::Userinfo => Some(TokenKind::UserInfo),
            Kind::ClientAssertion => Some(TokenKind::ClientAssertion),
        }
    }

    /// Judges the token of this kind.
    pub(super) fn explained(&self, kind: TokenKind, shared: &Shared<'_>) -> Result<Explanation, String> {
        let request = self.request(kind, shared)?;
        explain_token(kind, &request, shared.at).map_err(|unknown| unknown.to_string())
    }

    fn request(&self, kind: TokenKind, shared: &Shared<'_>) -> Result<ExplainTokenRequest, String> {
        let needed = |kinds: &[TokenKind], flag: &str, value: &Option<String>| match value {
            None if kinds.contains(&kind) => Err(format!("{flag} is missing")),
            value => Ok(value.clone().unwrap_or_default()),
        };
        let every = [kind];
        let read = |file: &PathBuf| input::read(file, FORM_BODY_OCTETS);
        let secret = |file: &PathBuf| read(file).map(|octets| octets.trim_ascii_end().to_vec());
        let access_token = self.access_token_file.as_ref().map(secret).transpose()?;
        Ok(ExplainTokenRequest {
            issuer: needed(&every, "--issuer", &self.issuer)?,
            client_id: needed(&every, "--client-id", &self.client_id)?,
            subject: needed(&[TokenKind::UserInfo], "--sub", &self.sub)?,
            token_endpoint: needed(
                &[TokenKind::ClientAssertion],
                "--token-endpoint",
                &self.token_endpoint,
            )?,
            message: input::read(shared.file, FORM_BODY_OCTETS)?,
            algorithms: if self.alg.is_empty() {
                USUAL_ALGORITHMS.to_vec()
            } else {
                self.alg.clone()
            },
            jwks: self.jwks.as_ref().map(read).transpose()?,
            client_secret: self.client_secret_file.as_ref().map(secret).transpose()?,
            nonce: self.nonce.clone(),
            access_token: access_token.map(|octets| String::from_utf8_lossy(&octets).into_owned()),
            max_auth_age: self.max_auth_age.map(|seconds| Duration::seconds(seconds.into())),
            minimum_aal: self.minimum_aal,
            minimum_ial: self.minimum_ial,
            tenant: self.tenant.clone(),
            allow: shared.allow.to_vec(),
            skew: Duration::seconds(shared.skew.unwrap_or(USUAL_SKEW).into()),
        })
    }
}
