//! `fakes cis2`: the fake CIS2 alone, for somebody else's relying party.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::fakes::told_to_end;
use crate::cli::{DONE, REFUSED, complain};
use crate::fakes::cis2::{
    Authentication, Client, ClientKeys, ClientSecret, FakeCis2, Settings, Shape, SignatureAlgorithm,
};
use crate::platform::origin::Origin;

/// Flags of `fakes cis2`. Without `--client-id` everybody may ask.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Whom it imitates
    #[arg(long, value_name = "SHAPE", default_value = "cis2")]
    shape: ShapeWord,
    /// Where it listens; port 0 is a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8083")]
    listen: SocketAddr,
    /// The origin that browsers use, if it is another: `https://cis2.example.test`. The issuer prints its port
    #[arg(long, value_name = "ORIGIN")]
    public_url: Option<Origin>,
    /// Keep the signing key in this folder (made on first use)
    #[arg(long, value_name = "DIR")]
    key_dir: Option<PathBuf>,
    /// The client that may ask; from then on nobody else may
    #[arg(long, value_name = "ID", requires = "redirect_uri")]
    client_id: Option<String>,
    /// Where answers may go, octet for octet; given once for each
    #[arg(long, value_name = "URI", requires = "client_id")]
    redirect_uri: Vec<String>,
    /// The address of the client's key set: it proves itself by `private_key_jwt`
    #[arg(long, value_name = "URI", requires = "client_id", conflicts_with_all = ["jwks", "client_secret"])]
    jwks_uri: Option<String>,
    /// A file with the client's key set
    #[arg(
        long,
        value_name = "FILE",
        requires = "client_id",
        conflicts_with = "client_secret"
    )]
    jwks: Option<PathBuf>,
    /// The secret that the client shares with the fake. It is good for nothing else
    #[arg(long, value_name = "TEXT", requires = "client_id")]
    client_secret: Option<String>,
    /// How the secret is used
    #[arg(long, value_name = "METHOD", default_value = "post")]
    secret_method: SecretMethod,
    /// Where a browser may go after a logout; given once for each
    #[arg(long, value_name = "URI", requires = "client_id")]
    post_logout_uri: Vec<String>,
    /// Where logout tokens are sent
    #[arg(long, value_name = "URI", requires = "client_id")]
    backchannel_uri: Option<String>,
    /// Sign the user info
    #[arg(long, value_name = "ALG", requires = "client_id")]
    signed_userinfo: Option<UserInfoAlgorithm>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShapeWord {
    Cis2,
    Entra,
    Adfs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecretMethod {
    Post,
    Basic,
    Jwt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UserInfoAlgorithm {
    #[value(name = "RS256")]
    Rs256,
    #[value(name = "RS512")]
    Rs512,
}

/// Runs the fake until it is interrupted or told to end.
pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let settings = match settings(arguments) {
        Ok(settings) => settings,
        Err(cause) => return complain(&cause),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&cause),
    };
    match runtime.block_on(serve(settings, out)) {
        Ok(()) => DONE,
        Err(cause) => {
            complain(&cause);
            REFUSED
        }
    }
}

fn settings(arguments: &Arguments) -> Result<Settings, String> {
    Ok(Settings {
        shape: match arguments.shape {
            ShapeWord::Cis2 => Shape::Cis2,
            ShapeWord::Entra => Shape::Entra,
            ShapeWord::Adfs => Shape::Adfs,
        },
        public: arguments.public_url.clone(),
        key_folder: arguments.key_dir.clone(),
        clients: client(arguments)?.into_iter().collect(),
        ..Settings::listening(arguments.listen)
    })
}

fn client(arguments: &Arguments) -> Result<Option<Client>, String> {
    let Some(client_id) = &arguments.client_id else {
        return Ok(None);
    };
    Ok(Some(Client {
        client_id: client_id.clone(),
        redirect_uris: arguments.redirect_uri.clone(),
        authentication: authentication(arguments)?,
        post_logout_redirect_uris: arguments.post_logout_uri.clone(),
        backchannel_logout_uri: arguments.backchannel_uri.clone(),
        signed_user_info: arguments.signed_userinfo.map(|algorithm| match algorithm {
            UserInfoAlgorithm::Rs256 => SignatureAlgorithm::Rs256,
            UserInfoAlgorithm::Rs512 => SignatureAlgorithm::Rs512,
        }),
    }))
}

fn authentication(arguments: &Arguments) -> Result<Authentication, String> {
    if let Some(address) = &arguments.jwks_uri {
        return Ok(Authentication::PrivateKeyJwt(ClientKeys::JwksUri(
            address.clone(),
        )));
    }
    if let Some(path) = &arguments.jwks {
        return key_set(path).map(|keys| Authentication::PrivateKeyJwt(ClientKeys::Jwks(keys)));
    }
    let secret = arguments.client_secret.as_ref().map(ClientSecret::new);
    let secret = secret.ok_or("a client needs --jwks-uri, --jwks or --client-secret")?;
    Ok(match arguments.secret_method {
        SecretMethod::Post => Authentication::ClientSecretPost(secret),
        SecretMethod::Basic => Authentication::ClientSecretBasic(secret),
        SecretMethod::Jwt => Authentication::ClientSecretJwt(secret),
    })
}

fn key_set(path: &Path) -> Result<serde_json::Value, String> {
    let document =
        std::fs::read(path).map_err(|cause| format!("{} cannot be read: {cause}", path.display()))?;
    serde_json::from_slice(&document).map_err(|cause| format!("{} is no JSON: {cause}", path.display()))
}

async fn serve(settings: Settings, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeCis2::start(settings).await?;
    writeln!(out, "FAKE {} at {}", fake.shape().label(), fake.page())?;
    writeln!(out, "  issuer     {}", fake.issuer())?;
    writeln!(out, "  discovery  {}", fake.discovery_url())?;
    writeln!(out, "  cast")?;
    for (key, note) in fake.cast() {
        writeln!(out, "    {key:20} {note}")?;
    }
    out.flush()?;
    told_to_end().await?;
    fake.shutdown().await;
    Ok(())
}
