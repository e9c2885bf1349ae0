//! The plan of an answer: every value in it, before there is any XML.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};

use crate::fakes::cast::CastMember;
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::answer::claims::{self, Claim};
use crate::fakes::saml_idp::answer::{Asked, NameIds, Named, Order};
use crate::fakes::saml_idp::manner::Presence;
use crate::fakes::saml_idp::{Manner, Personality};
use crate::platform::digest::sha256;
use crate::platform::random::{NoRandomness, Random, token, xml_id};
use crate::protocol::saml::names::{FORMAT_EMAIL, FORMAT_PERSISTENT, FORMAT_TRANSIENT, FORMAT_UNSPECIFIED};
use crate::protocol::saml::response::Name;

const ELSEWHERE: &str = "https://another.example.test/";
const ELSEWHERE_ACS: &str = "https://another.example.test/acs";
const ANOTHER_ISSUER: &str = "https://another.fake.nhsmail-bridge.invalid/";

/// The values of the Response itself, which an answer that says no has as well.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) personality: Personality,
    pub(super) response_id: String,
    pub(super) issued_at: OffsetDateTime,
    pub(super) issuer: String,
    pub(super) destination: String,
    pub(super) in_response_to: Option<String>,
}

/// Every value of one answer.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) head: Head,
    pub(super) assertion_id: String,
    pub(super) recipient: String,
    pub(super) audience: String,
    pub(super) name_id: Option<PlannedNameId>,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_on_or_after: OffsetDateTime,
    pub(super) confirmed_until: OffsetDateTime,
    pub(super) authenticated_at: OffsetDateTime,
    pub(super) session_index: Option<String>,
    pub(super) claims: Vec<Claim>,
}

/// The `NameID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedNameId {
    pub(super) format: &'static str,
    pub(super) value: String,
}

impl Head {
    /// The head of what `personality` answers.
    pub(super) fn honest(
        personality: Personality,
        asked: &Asked,
        at: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Self, NoRandomness> {
        Ok(Self {
            personality,
            response_id: xml_id(random)?,
            issued_at: at,
            issuer: personality.entity_id().to_owned(),
            destination: asked.acs_url.clone(),
            in_response_to: asked.request_id.clone(),
        })
    }
}

impl Plan {
    /// What the identity provider would say.
    pub(super) fn honest(order: &Order<'_>, random: &dyn Random) -> Result<Self, NoRandomness> {
        let Order {
            personality,
            member,
            asked,
            manner,
            at,
            ..
        } = *order;
        let windows = personality.windows();
        let assertion_id = xml_id(random)?;
        let authenticated = if asked.force_authn {
            Duration::seconds(-2)
        } else {
            windows.authenticated
        };
        Ok(Self {
            head: Head::honest(personality, asked, at, random)?,
            recipient: asked.acs_url.clone(),
            audience: asked.audience.clone(),
            name_id: name_id(order, random)?,
            not_before: at + windows.not_before,
            not_on_or_after: at + windows.not_on_or_after,
            confirmed_until: at + windows.confirmed_until,
            authenticated_at: at + authenticated,
            session_index: session_index(manner, &assertion_id),
            claims: claims::about(personality, &member),
            assertion_id,
        })
    }

    /// Bends the plan where `mischief` is a matter of values.
    pub(super) fn bend(&mut self, mischief: Mischief, random: &dyn Random) -> Result<(), NoRandomness> {
        let ten_minutes = Duration::minutes(10);
        match mischief {
            Mischief::WrongIssuer => ANOTHER_ISSUER.clone_into(&mut self.head.issuer),
            Mischief::WrongAudience => ELSEWHERE.clone_into(&mut self.audience),
            Mischief::WrongRecipient => ELSEWHERE_ACS.clone_into(&mut self.recipient),
            Mischief::WrongDestination => ELSEWHERE_ACS.clone_into(&mut self.head.destination),
            Mischief::WrongQuestion => self.head.in_response_to = Some(xml_id(random)?),
            Mischief::Expired => {
                self.not_before = self.head.issued_at - Duration::minutes(70);
                self.not_on_or_after = self.head.issued_at - ten_minutes;
                self.confirmed_until = self.not_on_or_after;
            }
            Mischief::NotYetValid => self.not_before = self.head.issued_at + ten_minutes,
            Mischief::CommentInNameId => self.need_name_id(),
            Mischief::Honest
            | Mischief::Unsigned
            | Mischief::WrongKey
            | Mischief::Sha1
            | Mischief::ChangedAfterSigning
            | Mischief::Replay
            | Mischief::TwoAssertions
            | Mischief::ErrorStatus
            | Mischief::Responder
            | Mischief::InvalidNameIdPolicy
            | Mischief::NoPassive => {}
        }
        Ok(())
    }

    /// What a logout message must name.
    pub(super) fn named(&self) -> Named {
        let name = self.name_id.as_ref().map(|name_id| Name {
            value: name_id.value.clone(),
            format: Some(name_id.format.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        });
        Named {
            name,
            session_index: self.session_index.clone(),
        }
    }

    /// A `NameID` for a mischief that needs one: the UPN.
    fn need_name_id(&mut self) {
        let upn = claims::upn(&self.claims).unwrap_or_default().to_owned();
        self.name_id.get_or_insert(PlannedNameId {
            format: FORMAT_UNSPECIFIED,
            value: upn,
        });
    }
}

fn session_index(manner: Manner, assertion_id: &str) -> Option<String> {
    match manner.session_index {
        Presence::Present => Some(assertion_id.to_owned()),
        Presence::Absent => None,
    }
}

fn name_id(order: &Order<'_>, random: &dyn Random) -> Result<Option<PlannedNameId>, NoRandomness> {
    let member = order.member;
    if order.manner.name_ids == NameIds::Never {
        return Ok(None);
    }
    let asked = order.asked.name_id_format.as_deref();
    let planned = match (order.personality, asked) {
        (Personality::Adfs, _) => member.adfs_name_id.then(|| PlannedNameId {
            format: FORMAT_PERSISTENT,
            value: pairwise(&member, &order.asked.audience),
        }),
        (Personality::Entra, Some(FORMAT_PERSISTENT | FORMAT_UNSPECIFIED)) => Some(PlannedNameId {
            format: FORMAT_PERSISTENT,
            value: pairwise(&member, &order.asked.audience),
        }),
        (Personality::Entra, Some(FORMAT_TRANSIENT)) => Some(PlannedNameId {
            format: FORMAT_TRANSIENT,
            value: token(random)?,
        }),
        // The UPN, whatever mailbox the person has; a guest's shows `#EXT#`.
        (Personality::Entra, _) => Some(PlannedNameId {
            format: FORMAT_EMAIL,
            value: member.upn.to_owned(),
        }),
    };
    Ok(planned)
}

/// The same for one person at one service for ever, and telling nothing to another service.
fn pairwise(member: &CastMember, audience: &str) -> String {
    let both = [member.object_id, "\n", audience].concat();
    URL_SAFE_NO_PAD.encode(sha256(both.as_bytes()))
}
