//! What one application may be told of one person.

use openssl::error::ErrorStack;

use crate::downstream::application::scope::Scope;
use crate::downstream::application::{Application, RoleList};
use crate::downstream::session_token::{ListedRole, RoleClaim, UpstreamClaim};
use crate::downstream::subject::SubjectKey;
use crate::identity::person::Person;
use crate::identity::role::{Coded, Role};

/// One person, as one application may see them.
pub(super) struct About<'a> {
    pub(super) person: &'a Person,
    pub(super) application: &'a Application,
    /// Under which names are hidden from all other applications.
    pub(super) key: &'a SubjectKey,
}

impl About<'_> {
    pub(super) fn text(&self, scope: Scope, text: Option<&str>) -> Option<String> {
        self.application.told(scope, text).map(str::to_owned)
    }

    pub(super) fn list<'p, T, C: From<&'p T>>(&self, scope: Scope, all: &'p [T]) -> Option<Vec<C>> {
        let claims = all.iter().map(C::from).collect();
        self.application.told(scope, Some(claims))
    }

    /// The selected role.
    pub(super) fn role(&self) -> Result<Option<RoleClaim>, ErrorStack> {
        let role = self.person.role().map(RoleClaim::from);
        let role = role.map(|role| self.named(role)).transpose()?;
        Ok(self.application.told(Scope::Role, role))
    }

    /// The whole list, for an application that is to have it.
    pub(super) fn roles(&self) -> Result<Option<Vec<ListedRole>>, ErrorStack> {
        if self.application.roles == RoleList::SelectedOnly {
            return Ok(None);
        }
        let all = self.person.roles().iter().map(ListedRole::from);
        let named = all.map(|listed| {
            Ok(ListedRole {
                role: self.named(listed.role)?,
                ..listed
            })
        });
        let roles = named.collect::<Result<Vec<_>, ErrorStack>>()?;
        Ok(self.application.told(Scope::Role, Some(roles)))
    }

    /// The id of a role is of one person alone, so it names the person.
    fn named(&self, role: RoleClaim) -> Result<RoleClaim, ErrorStack> {
        Ok(RoleClaim {
            id: self.key.role_name(&role.id, &self.application.subject)?,
            ..role
        })
    }

    pub(super) fn activities(&self) -> Option<Vec<String>> {
        let activities = self.person.role().map_or(&[][..], Role::activities);
        let codes = activities
            .iter()
            .map(|Coded { code, .. }| code.as_str().to_owned());
        self.application.told(Scope::Role, Some(codes.collect()))
    }

    pub(super) fn upstream(&self) -> Option<UpstreamClaim> {
        let account = self
            .application
            .told(Scope::Upstream, Some(self.person.account()))?;
        Some(UpstreamClaim {
            issuer: account.issuer().to_owned(),
            subject: account.subject().to_owned(),
        })
    }
}
