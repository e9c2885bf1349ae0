//! The same person in another role: a new session in place of the old.

use crate::identity::person::Person;
use crate::session::ended::Cause;
use crate::session::record::Session;
use crate::session::sessions::{SessionError, Sessions};
use crate::session::sid::Sid;
use crate::session::ticket::{SessionTicket, TicketHash};

/// One session in place of another.
#[derive(Debug)]
pub struct Replaced {
    /// What the browser gets.
    pub ticket: SessionTicket,
    /// The new session. No application has been told about it yet.
    pub session: Session,
}

impl Sessions {
    /// Ends the session of `ticket` and begins another for the same person as `person` now describes them: with a new
    /// ticket and a new `sid`, for what they may do has changed, and with the same end, for they have proven nothing
    /// anew. `None`: the session is over.
    ///
    /// # Errors
    /// [`SessionError::AnotherPerson`] if `person` is somebody else, who must sign in; the session stays. With any other
    /// the old session may be over and no new one begun.
    pub async fn replace_person(
        &self,
        ticket: &SessionTicket,
        person: Person,
    ) -> Result<Option<Replaced>, SessionError> {
        let Some(current) = self.find(ticket).await? else {
            return Ok(None);
        };
        if !is_same_sign_in(current.person(), &person) {
            return Err(SessionError::AnotherPerson);
        }
        // Of two at once, one ends it.
        let Some(ended) = self.end_as(ticket, Cause::Replaced).await? else {
            return Ok(None);
        };
        let mut session = Session {
            sid: Sid::draw(self.random.as_ref())?,
            opened_by: TicketHash::default(),
            person,
            environment: ended.environment,
            began_at: ended.began_at,
            lifetime: ended.lifetime.seen(self.clock.now()),
            shared_with: Vec::new(),
        };
        let ticket = self.open(&mut session).await?;
        Ok(Some(Replaced { ticket, session }))
    }
}

/// True if both come from one word of one upstream.
fn is_same_sign_in(one: &Person, other: &Person) -> bool {
    one.account() == other.account()
        && one.connection() == other.connection()
        && one.proof() == other.proof()
        && one.upstream_session() == other.upstream_session()
}
