//! *Change role*: the same person, proven as before, in another role; a new session takes the old one's place.

use crate::identity::normalise::NormaliseRefusal;
use crate::identity::role_refusal::RoleRefusal;
use crate::identity::settings::roles::Picker;
use crate::journey::failure::SignInFailure;
use crate::journey::sign_in::{Arrival, SignIns};
use crate::session::ticket::SessionTicket;

impl SignIns {
    /// Begins a session in the role `role_id` in place of that of `ticket`, which ends. It lasts no longer than the old
    /// one would have.
    pub async fn change_role(&self, ticket: &SessionTicket, role_id: &str) -> Result<Arrival, SignInFailure> {
        let session = self.sessions.find(ticket).await?;
        let session = session.ok_or(SignInFailure::NothingPending)?;
        let way = self.open_way(session.person().connection())?;
        // Where CIS2 asks for the role, or nobody does, it is not ours to change.
        if way.person.roles.picker != Picker::Ours {
            return Err(NormaliseRefusal::from(RoleRefusal::NotSelected).into());
        }
        let person = session.person().with_role(role_id, &way.person.roles);
        let person = person.map_err(NormaliseRefusal::from)?;
        let begun = self.sessions.replace_person(ticket, person).await?;
        let begun = begun.ok_or(SignInFailure::NothingPending)?;
        Ok(Arrival::signed_in((begun.ticket, begun.session), String::new()))
    }
}
