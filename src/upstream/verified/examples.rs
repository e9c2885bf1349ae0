//! Invented people, vouched for without an upstream, for the tests of the rooms that come after.

use time::OffsetDateTime;
use time::macros::datetime;

use crate::upstream::verified::{
    Authentication, Door, NameId, Statement, UpstreamAttribute, VerifiedIdentity, Voucher,
};

/// The tenant of the invented Entra.
pub(crate) const TENANT: &str = "00000000-1111-4222-8333-444444444444";
/// The invented Entra.
pub(crate) const ENTRA: &str = "https://sts.windows.net/00000000-1111-4222-8333-444444444444/";
/// The invented ADFS.
pub(crate) const ADFS: &str = "http://fs.example.test/adfs/services/trust";
/// When they all proved themselves.
pub(crate) const AT: OffsetDateTime = datetime!(2026-05-01 09:00:00 UTC);

pub(crate) const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
pub(crate) const TENANT_ID: &str = "http://schemas.microsoft.com/identity/claims/tenantid";
pub(crate) const DISPLAY_NAME: &str = "http://schemas.microsoft.com/identity/claims/displayname";
pub(crate) const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
pub(crate) const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
pub(crate) const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";
pub(crate) const GIVEN_NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname";
pub(crate) const SURNAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname";
pub(crate) const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
pub(crate) const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
pub(crate) const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
pub(crate) const PASSWORD_METHOD: &str =
    "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
pub(crate) const SEVERAL_FACTORS: &str = "http://schemas.microsoft.com/claims/multipleauthn";
pub(crate) const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
pub(crate) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// Somebody about to be vouched for; change what the test is about, then [`Example::vouch`].
pub(crate) struct Example {
    voucher: Voucher,
    statement: Statement,
}

/// A clinician in Entra, with a password and a second factor.
pub(crate) fn entra() -> Example {
    let mut example = Example::new(ENTRA, "nhsmail");
    example.statement.name_id = Some(name_id("ada.okafor@nhs.example", Some(EMAIL_FORMAT)));
    example.statement.authentication.context_class =
        Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Password".to_owned());
    example.statement.authentication.session_index = Some("_entra-session".to_owned());
    example
        .stating(TENANT_ID, &[TENANT])
        .stating(OBJECT_ID, &["aaaaaaaa-0000-4000-8000-000000000001"])
        .stating(DISPLAY_NAME, &["OKAFOR, Ada (EXAMPLE TRUST)"])
        .stating(METHODS, &[PASSWORD_METHOD, SEVERAL_FACTORS])
        .stating(GIVEN_NAME, &["Ada"])
        .stating(SURNAME, &["Okafor"])
        .stating(EMAIL, &["ada.okafor@nhs.example"])
        .stating(NAME, &["ada.okafor@nhs.example"])
        .stating("ODS", &["RR8"])
}

/// A pharmacist in ADFS: no `NameID`, no word on factors.
pub(crate) fn adfs() -> Example {
    let mut example = Example::new(ADFS, "nhsmail-adfs");
    example.statement.authentication.context_class =
        Some("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".to_owned());
    example
        .stating(EMAIL, &["Ben.Tester@nhs.example"])
        .stating(UPN, &["Ben.Tester@nhs.example"])
        .stating(NAME, &["Ben Tester"])
}

/// A guest of the Entra tenant, with somebody else's account.
pub(crate) fn guest() -> Example {
    entra()
        .without(EMAIL)
        .without(NAME)
        .stating(NAME, &["g.uest_example.org#EXT#@example.onmicrosoft.com"])
}

/// Somebody with no mailbox.
pub(crate) fn no_email() -> Example {
    entra().without(EMAIL).without(NAME)
}

/// Somebody whose name is not ASCII, written with a combining mark.
pub(crate) fn unicode() -> Example {
    entra()
        .without(DISPLAY_NAME)
        .stating(DISPLAY_NAME, &["Zoe\u{308} Nı\u{301} Bhriain 李"])
}

/// Somebody in 300 groups, all listed.
pub(crate) fn many_groups() -> Example {
    let groups: Vec<String> = (0..300).map(|n| format!("group-{n:03}")).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    entra().stating(GROUPS, &groups)
}

/// Somebody who gave a password only, and whose upstream says so.
pub(crate) fn one_factor() -> Example {
    entra().without(METHODS).stating(METHODS, &[PASSWORD_METHOD])
}

/// A subject's name.
pub(crate) fn name_id(value: &str, format: Option<&str>) -> NameId {
    NameId {
        value: value.to_owned(),
        format: format.map(str::to_owned),
        name_qualifier: None,
        sp_name_qualifier: None,
    }
}

impl Example {
    fn new(issuer: &str, connection: &str) -> Self {
        Self {
            voucher: Voucher {
                door: Door::Nhsmail,
                connection: connection.to_owned(),
                issuer: issuer.to_owned(),
                simulated: false,
            },
            statement: Statement {
                name_id: None,
                open_id: None,
                care_identity: None,
                attributes: Vec::new(),
                authentication: Authentication {
                    instant: AT,
                    context_class: None,
                    methods: Vec::new(),
                    assurance: None,
                    session_index: None,
                    session_not_on_or_after: None,
                },
            },
        }
    }

    /// States `values` under `name`, beside what is there.
    pub(crate) fn stating(mut self, name: &str, values: &[&str]) -> Self {
        self.statement.attributes.push(UpstreamAttribute {
            name: name.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        });
        self
    }

    /// No longer states anything under `name`.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.statement
            .attributes
            .retain(|attribute| attribute.name != name);
        self
    }

    /// Names the subject.
    pub(crate) fn named(mut self, name_id: Option<NameId>) -> Self {
        self.statement.name_id = name_id;
        self
    }

    /// Comes from another issuer.
    pub(crate) fn issued_by(mut self, issuer: &str) -> Self {
        issuer.clone_into(&mut self.voucher.issuer);
        self
    }

    /// Comes from a fake.
    pub(crate) fn simulated(mut self) -> Self {
        self.voucher.simulated = true;
        self
    }

    /// Proved themselves in another way.
    pub(crate) fn authenticated(mut self, change: impl FnOnce(&mut Authentication)) -> Self {
        change(&mut self.statement.authentication);
        self
    }

    /// Vouches for them.
    pub(crate) fn vouch(self) -> VerifiedIdentity {
        VerifiedIdentity::vouch(self.voucher, self.statement)
    }
}
