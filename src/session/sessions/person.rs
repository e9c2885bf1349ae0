//! All sessions of one person, by the name under which the world outside knows them.

use std::sync::Arc;

use crate::session::ended::Cause;
use crate::session::public_name::PublicName;
use crate::session::record::Session;
use crate::session::sessions::{SessionError, Sessions};
use crate::session::upstream_end::Handle;

impl Sessions {
    /// The same, where sessions are filed under the names that `names` gives their people.
    #[must_use]
    pub fn known_by(mut self, names: Arc<dyn PublicName>) -> Self {
        self.names = Some(names);
        self
    }

    /// Ends every session of the person whom the world outside knows as `name`, and returns those that were live. A
    /// sign-in of theirs that is on the way is refused, as in [`Self::end_upstream`].
    ///
    /// # Errors
    /// [`SessionError`] if the store is away: not everything may be over.
    pub async fn end_person(&self, name: &str, cause: Cause) -> Result<Vec<Session>, SessionError> {
        let mut ended = Vec::new();
        let Some(handle) = Handle::of_person(name) else {
            return Ok(ended);
        };
        // Before the sessions are listed, so that somebody who is on the way in is listed or finds the mark.
        self.mark(&handle, self.clock.now()).await?;
        for key in self.store.filed(&handle.sessions()).await? {
            match self.close(&key, cause).await {
                Ok(session) => ended.extend(session),
                // What cannot be read signs nobody in; it must not keep the others alive.
                Err(SessionError::Unreadable(_)) => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(ended)
    }

    /// Every name under which `session` is filed.
    pub(super) fn handles(&self, session: &Session) -> Vec<Handle> {
        let name = self.names.as_ref().and_then(|names| names.of(session.person()));
        let person = name.and_then(|name| Handle::of_person(&name));
        Handle::all_of(session).into_iter().chain(person).collect()
    }
}
