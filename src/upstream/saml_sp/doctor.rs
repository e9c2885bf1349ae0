//! Is everything around one connection as it should be: the metadata, its certificates, the address that people are
//! sent to, our own public address.

use time::{Duration, OffsetDateTime};

use crate::platform::environment::Environment;
use crate::platform::outbound::Outbound;
use crate::protocol::saml::metadata::{SigningCertificate, judge};
use crate::upstream::checkup::reach::{Owner, answers, reach};
use crate::upstream::checkup::{Asked, Check, Mend, Verdict};
use crate::upstream::judgement::Who;
use crate::upstream::saml_sp::addresses::metadata_url;
use crate::upstream::saml_sp::settings::Settings;
use crate::upstream::saml_sp::trust::{Trust, TrustFlaw};

/// A certificate or a document that ends this soon wants somebody's attention.
const SOON: Duration = Duration::days(30);

/// What surrounds the connection.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// Our address as browsers see it.
    pub origin: &'a str,
    /// The world this bridge stands in.
    pub environment: Environment,
    /// What asks other hosts.
    pub outbound: &'a Outbound,
    /// The time.
    pub now: OffsetDateTime,
}

/// Asks everybody that the connection `name` needs. Nobody is signed in, and nothing is changed anywhere.
pub async fn examine(name: &str, settings: &Settings, around: Around<'_>) -> Vec<Check> {
    let mut checks = documents(settings, around.now);
    let trust = Trust::load(settings, around.now);
    match trust.and_then(|trust| trust.fit_for(around.environment).map(|()| trust)) {
        Ok(trust) => checks.push(answers(around.outbound, "sign-in-address", trust.sso()).await),
        Err(flaw) => checks.extend(distrust(name, &flaw)),
    }
    checks.push(ours(name, around).await);
    checks
}

/// What the metadata says, if it can be read at all; what is wrong with it is said by [`distrust`].
fn documents(settings: &Settings, now: OffsetDateTime) -> Vec<Check> {
    let Ok(document) = settings.metadata.read() else {
        return Vec::new();
    };
    let verdict = judge(document.expose(), Some(settings.idp_entity_id.as_str()), now);
    if !verdict.usable {
        return Vec::new();
    }
    let asked = Asked::new("metadata", "the metadata file");
    let document = match verdict.valid_until {
        Some(until) if until - now < SOON => asked.warning(
            format!("it may be used until {} only", until.date()),
            Mend::ours("Install the document that the identity provider publishes now, and send SIGHUP."),
        ),
        Some(until) => asked.ok(format!(
            "it is that of the configured identity provider, until {}",
            until.date()
        )),
        None => asked.ok("it is that of the configured identity provider"),
    };
    let certificates = verdict.signing_certs.iter().map(|it| certificate(it, now));
    std::iter::once(document).chain(certificates).collect()
}

fn certificate(it: &SigningCertificate, now: OffsetDateTime) -> Check {
    let name: String = it.sha256.chars().take(16).collect();
    let asked = Asked::new(
        "signing-certificate",
        format!("the certificate with the SHA-256 {name}…"),
    );
    let until = it.not_after.date();
    let mend = || {
        Mend::by(
            Who::Both,
            "Ask the identity provider for the document with its next certificate, and install it before the change.",
        )
    };
    if it.not_after <= now {
        asked.warning(
            format!("it ended on {until}; its key is still believed, and will be changed"),
            mend(),
        )
    } else if it.not_after - now < SOON {
        asked.warning(format!("it ends on {until}"), mend())
    } else {
        asked.ok(format!("it is good until {until}"))
    }
}

fn distrust(name: &str, flaw: &TrustFlaw) -> Vec<Check> {
    let problems = flaw.problems(&format!("saml.{name}"));
    let told = problems
        .into_iter()
        .map(|problem| Check::of_settings(Verdict::Trouble, problem));
    told.collect()
}

/// Our metadata stands where the entity ID and the assertion consumer service are: under our public address.
async fn ours(name: &str, around: Around<'_>) -> Check {
    let url = metadata_url(around.origin, name);
    let (asked, reply) = match reach(around.outbound, "own-metadata", &url, Owner::Ourselves).await {
        Ok(answered) => answered,
        Err(check) => return check,
    };
    if reply.status == 200 {
        return asked.ok("the bridge answers at the address that is registered");
    }
    asked.trouble(
        format!("it answers with status {}", reply.status),
        Mend::ours("Let public_url lead to this bridge, without a login in front, and load this configuration (SIGHUP)."),
    )
}
