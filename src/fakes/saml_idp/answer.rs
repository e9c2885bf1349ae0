//! Writes one answer: an honest plan, perhaps bent by a mischief, then XML, signatures and encryption.

mod claims;
mod plan;
mod status;
mod write;

use time::OffsetDateTime;

use crate::fakes::cast::{CAST, CastMember};
use crate::fakes::fence::{self, OutOfBounds};
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::keys::{Keys, NoKeys};
use crate::fakes::saml_idp::manner::{Encryption, Manner};
use crate::fakes::saml_idp::{NameIds, Personality};
use crate::platform::random::{NoRandomness, Random};
use crate::protocol::saml::encryption::{ContentAlgorithm, NotSealed, seal};
use crate::protocol::saml::response::Name;
use crate::protocol::saml::signature::{Layout, SignFlaw, SignatureAlgorithm, SigningKey, sign};

use plan::{Head, Plan};
pub(super) use status::Status;

/// What an answer answers, and whom it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The ID of the question; absent when the identity provider begins.
    pub(super) request_id: Option<String>,
    /// Where the answer goes.
    pub(super) acs_url: String,
    /// The entity ID of the service provider.
    pub(super) audience: String,
    /// `NameIDPolicy/@Format`.
    pub(super) name_id_format: Option<String>,
    /// Whether the person had to prove themselves again.
    pub(super) force_authn: bool,
    /// The service provider's certificate for encryption, PEM or DER.
    pub(super) encryption_certificate: Option<Vec<u8>>,
}

/// Everything that decides what an answer says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'o> {
    pub(super) personality: Personality,
    /// Who signs in; a refusal is about nobody.
    pub(super) member: CastMember,
    pub(super) asked: &'o Asked,
    pub(super) manner: Manner,
    pub(super) mischief: Mischief,
    pub(super) at: OffsetDateTime,
}

/// An answer, ready to be posted.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The Response.
    pub(super) message: String,
    /// The same before its assertion was encrypted, if it was.
    pub(super) unsealed: Option<String>,
    /// How the service was told to name the person and the session; nobody is named in a refusal.
    pub(super) named: Option<Named>,
}

/// What a logout message must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: Option<Name>,
    pub(super) session_index: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// It would be for a live service.
    #[error(transparent)]
    OutOfBounds(#[from] OutOfBounds),
    /// A key is missing.
    #[error(transparent)]
    Keys(#[from] NoKeys),
    /// The machine has no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// It could not be signed.
    #[error("the answer could not be signed: {0}")]
    Signing(String),
    /// It could not be encrypted for the service provider.
    #[error("the answer could not be encrypted: {0}")]
    Sealing(String),
    /// There is no earlier answer to be sent again.
    #[error("no answer was given yet that could be sent again")]
    NothingToReplay,
}

impl From<SignFlaw> for NoAnswer {
    fn from(flaw: SignFlaw) -> Self {
        Self::Signing(flaw.to_string())
    }
}

impl From<NotSealed> for NoAnswer {
    fn from(flaw: NotSealed) -> Self {
        Self::Sealing(flaw.to_string())
    }
}

/// Writes the answer that `order` describes.
pub(super) fn answer(order: &Order<'_>, keys: &Keys, random: &dyn Random) -> Result<Answer, NoAnswer> {
    fence::within(&[&order.asked.acs_url, &order.asked.audience])?;
    if let Some(status) = Status::of(order.mischief, order.at) {
        return refusal(order.personality, order.asked, &status, order.at, random);
    }
    let mut plan = Plan::honest(order, random)?;
    plan.bend(order.mischief, random)?;
    let pen = Pen::for_order(order, keys)?;
    let mut inner = plan.assertion();
    if order.manner.signatures.on_assertion() {
        inner = pen.sign(inner, &plan.assertion_id)?;
        if order.mischief == Mischief::ChangedAfterSigning && !order.manner.signatures.on_response() {
            inner = with_another_instant(&inner);
        }
    }
    if order.mischief == Mischief::CommentInNameId {
        inner = with_comment(&inner, &plan);
    }
    let forged = forged_assertion(order, random)?;
    let sealed = sealed(order, &inner, random)?;
    let mut message = plan.response(&[forged.as_deref(), sealed.as_deref().or(Some(&inner))]);
    if order.manner.signatures.on_response() {
        message = pen.sign(message, &plan.head.response_id)?;
        if order.mischief == Mischief::ChangedAfterSigning {
            message = with_another_instant(&message);
        }
    }
    let unsealed = sealed.is_some().then(|| plan.response(&[Some(&inner)]));
    Ok(Answer {
        message,
        unsealed,
        named: Some(plan.named()),
    })
}

/// An answer that says no.
pub(super) fn refusal(
    personality: Personality,
    asked: &Asked,
    status: &Status,
    at: OffsetDateTime,
    random: &dyn Random,
) -> Result<Answer, NoAnswer> {
    fence::within(&[&asked.acs_url, &asked.audience])?;
    Ok(Answer {
        message: Head::honest(personality, asked, at, random)?.refusal(status),
        unsealed: None,
        named: None,
    })
}

/// Which key signs, with what, in which spelling.
struct Pen<'k> {
    key: Option<&'k SigningKey>,
    algorithm: SignatureAlgorithm,
    layout: Layout,
}

impl<'k> Pen<'k> {
    fn for_order(order: &Order<'_>, keys: &'k Keys) -> Result<Self, NoKeys> {
        let key = if order.mischief == Mischief::Unsigned {
            None
        } else if order.mischief == Mischief::WrongKey {
            Some(keys.stranger()?)
        } else {
            Some(keys.signing(order.personality))
        };
        let algorithm = if order.mischief == Mischief::Sha1 {
            SignatureAlgorithm::RSA_SHA1
        } else {
            SignatureAlgorithm::RSA_SHA256
        };
        Ok(Self {
            key,
            algorithm,
            layout: layout(order.personality),
        })
    }

    fn sign(&self, document: String, id: &str) -> Result<String, SignFlaw> {
        match self.key {
            Some(key) => sign(&document, id, key, self.algorithm, self.layout),
            None => Ok(document),
        }
    }
}

/// How each personality spells a signature.
pub(super) fn layout(personality: Personality) -> Layout {
    match personality {
        Personality::Entra => Layout::Unprefixed,
        Personality::Adfs => Layout::Prefixed,
    }
}

fn sealed(order: &Order<'_>, inner: &str, random: &dyn Random) -> Result<Option<String>, NoAnswer> {
    let algorithm = match order.manner.encryption {
        Encryption::WhenOffered => ContentAlgorithm::Aes256Gcm,
        Encryption::CbcWhenOffered => ContentAlgorithm::Aes256Cbc,
        Encryption::Never => return Ok(None),
    };
    let Some(certificate) = &order.asked.encryption_certificate else {
        return Ok(None);
    };
    Ok(Some(seal(inner, certificate, algorithm, random)?))
}

/// An assertion about somebody else that nobody signed.
fn forged_assertion(order: &Order<'_>, random: &dyn Random) -> Result<Option<String>, NoRandomness> {
    if order.mischief != Mischief::TwoAssertions {
        return Ok(None);
    }
    let somebody_else = CAST.into_iter().find(|member| member.key != order.member.key);
    let forged = Order {
        member: somebody_else.unwrap_or(order.member),
        ..*order
    };
    Ok(Some(Plan::honest(&forged, random)?.assertion()))
}

/// A millisecond of the first `IssueInstant` changed: nothing a rule minds, and not what was signed.
fn with_another_instant(xml: &str) -> String {
    let Some((before, from)) = xml.split_once("IssueInstant=\"") else {
        return xml.to_owned();
    };
    let Some((instant, after)) = from.split_once("Z\"") else {
        return xml.to_owned();
    };
    let mut changed = instant.to_owned();
    let last = changed.pop();
    changed.push(if last == Some('0') { '1' } else { '0' });
    [before, "IssueInstant=\"", &changed, "Z\"", after].concat()
}

/// `amara<!-- -->.example@…`: canonicalisation leaves the comment out, so the signature still holds, and a careless
/// reader sees only what stands before it (CVE-2017-11427 and its family).
fn with_comment(assertion: &str, plan: &Plan) -> String {
    let Some(name_id) = &plan.name_id else {
        return assertion.to_owned();
    };
    let written = format!(">{}</NameID>", write::text(&name_id.value));
    let commented = match written.split_once(['.', '@']) {
        Some((head, _)) => written.replacen(head, &format!("{head}<!-- -->"), 1),
        None => written.replacen('>', "><!-- -->", 1),
    };
    assertion.replacen(&written, &commented, 1)
}

#[cfg(test)]
mod tests;
