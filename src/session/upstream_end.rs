//! The end of an upstream's session, and how our sessions are found by it.

use openssl::sha::Sha256;
use time::OffsetDateTime;

use crate::identity::upstream_session::NameId;
use crate::session::record::Session;

/// An upstream says that a session of its own is over (OpenID Connect Back-Channel Logout 2.4, SAML Core 3.7.1). Prints
/// nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamEnd {
    /// The upstream, octet for octet as it is configured.
    pub issuer: String,
    /// Its session (`sid`, `SessionIndex`): this one is over. Blank is as good as absent.
    pub sid: Option<String>,
    /// Its name for the person (`sub`, the characters of `NameID`): without a session, all of theirs are over. Blank is as good as absent.
    pub subject: Option<String>,
    /// When it said so, by its own clock.
    pub issued_at: OffsetDateTime,
    /// What a session must be besides, where the upstream speaks SAML; absent where it speaks OpenID Connect.
    pub saml: Option<SamlName>,
}

/// Whom a SAML identity provider means, and at which of our connections to it.
#[derive(Clone, PartialEq, Eq)]
pub struct SamlName {
    /// The connection whose session it is.
    pub connection: String,
    /// The person, in every part.
    pub name_id: NameId,
}

/// The three ways by which an upstream can name sessions.
struct Kinds {
    /// By its name for the session.
    session: &'static str,
    /// By the person.
    person: &'static str,
    /// By the person, where it gave the session no name when it began.
    nameless: &'static str,
}

const OPEN_ID: Kinds = Kinds {
    session: "sid",
    person: "sub",
    nameless: "sub without sid",
};

const SAML: Kinds = Kinds {
    session: "SessionIndex",
    person: "NameID",
    nameless: "NameID without SessionIndex",
};

/// By the person, under the name that we give them outside.
const PERSON: &str = "public name";

/// One way by which an upstream can name a session of ours: hashed, for the store is to know neither a person nor a
/// session of somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Handle(String);

impl UpstreamEnd {
    /// What is over: one session if one is named, and with it those of the same person that came without a name; else
    /// all of a person's; nothing if neither is named.
    pub(in crate::session) fn handles(&self) -> Vec<Handle> {
        let of = |kind, name: &Option<String>| Handle::of(kind, &self.issuer, name.as_deref());
        let kinds = if self.saml.is_some() { SAML } else { OPEN_ID };
        match of(kinds.session, &self.sid) {
            Some(by_session) => [Some(by_session), of(kinds.nameless, &self.subject)]
                .into_iter()
                .flatten()
                .collect(),
            None => of(kinds.person, &self.subject).into_iter().collect(),
        }
    }

    /// True if this end reaches `session`. Whoever was vouched for since is somebody newly signed in, whom an old or
    /// repeated message must not end. Both instants are the upstream's, so its clock plays no part.
    pub(in crate::session) fn reaches(&self, session: &Session) -> bool {
        let is_meant = self.saml.as_ref().is_none_or(|saml| saml.means(session));
        is_meant && vouched_at(session) <= self.issued_at
    }
}

impl SamlName {
    fn means(&self, session: &Session) -> bool {
        let person = session.person();
        person.connection() == self.connection && person.upstream_session().is_named(&self.name_id)
    }
}

/// When the upstream vouched for the person of `session`, by its own clock: when they proved themselves, unless it told
/// the two apart. An assertion of Entra's may be of a proof of the day before.
pub(in crate::session) fn vouched_at(session: &Session) -> OffsetDateTime {
    let person = session.person();
    person
        .upstream_session()
        .issued_at
        .unwrap_or(person.proof().instant())
}

impl Handle {
    /// The person whom the world outside knows as `name`.
    pub(in crate::session) fn of_person(name: &str) -> Option<Self> {
        Self::of(PERSON, "", Some(name))
    }

    /// Every way by which the upstream of `session` can name it.
    pub(in crate::session) fn all_of(session: &Session) -> Vec<Self> {
        let upstream = session.person().upstream_session();
        let (kinds, subject, sid) = match (&upstream.open_id, &upstream.name_id) {
            (Some(open_id), _) => (OPEN_ID, &open_id.subject, &open_id.sid),
            (None, Some(name_id)) => (SAML, &name_id.value, &upstream.session_index),
            // ADFS may name nobody, and so can end nobody.
            (None, None) => return Vec::new(),
        };
        let by_person = |kind| Self::of(kind, &upstream.issuer, Some(subject));
        let by_session = Self::of(kinds.session, &upstream.issuer, sid.as_deref());
        let one = by_session.or_else(|| by_person(kinds.nameless));
        one.into_iter().chain(by_person(kinds.person)).collect()
    }

    /// The index of the sessions it names.
    pub(in crate::session) fn sessions(&self) -> String {
        format!("upstream/{}", self.0)
    }

    /// The index of the instants at which it was said to be over.
    pub(in crate::session) fn ends(&self) -> String {
        format!("upstream-ended/{}", self.0)
    }

    fn of(kind: &str, issuer: &str, name: Option<&str>) -> Option<Self> {
        let name = name.filter(|name| !name.trim().is_empty())?;
        let mut hash = Sha256::new();
        for part in [kind, issuer, name] {
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Some(Self(hex::encode(hash.finish())))
    }
}

impl std::fmt::Debug for SamlName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SamlName(…)")
    }
}

impl std::fmt::Debug for UpstreamEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UpstreamEnd(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn end(sid: Option<&str>, subject: Option<&str>) -> UpstreamEnd {
        UpstreamEnd {
            issuer: "https://cis2.example.test:443/oidc".to_owned(),
            sid: sid.map(str::to_owned),
            subject: subject.map(str::to_owned),
            issued_at: datetime!(2026-05-01 09:00 UTC),
            saml: None,
        }
    }

    #[test]
    fn oi_14_a_named_session_goes_before_the_person_and_a_blank_name_is_none() {
        let by_sid = end(Some("s"), None).handles();
        assert_eq!(by_sid.len(), 1);
        let by_subject = end(None, Some("p")).handles();
        let by_both = end(Some("s"), Some("p")).handles();
        assert_eq!(by_both.first(), by_sid.first());
        assert!(
            by_subject.iter().all(|handle| !by_both.contains(handle)),
            "not all of theirs"
        );
        for blank in ["", " ", "\n"] {
            assert_eq!(end(Some(blank), Some("p")).handles(), by_subject);
            assert_eq!(end(Some(blank), Some(blank)).handles(), []);
        }
        assert_eq!(end(None, None).handles(), []);
    }

    #[test]
    fn oi_14_a_handle_is_of_one_kind_and_one_issuer_and_shows_neither() {
        let sid = end(Some("555200000001"), None).handles().remove(0);
        let subject = end(None, Some("555200000001")).handles().remove(0);
        assert_ne!(sid, subject, "a person named like a session");
        let other = UpstreamEnd {
            issuer: "https://cis2.example.test/oidc".to_owned(),
            ..end(Some("555200000001"), None)
        };
        assert_ne!(other.handles(), std::slice::from_ref(&sid));
        for text in [
            sid.sessions(),
            subject.ends(),
            format!("{:?}", end(Some("x9x"), None)),
        ] {
            assert!(
                !text.contains("5552") && !text.contains("cis2") && !text.contains("x9x"),
                "{text}"
            );
        }
    }
}
