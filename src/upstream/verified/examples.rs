//! Invented people, vouched for without an upstream, for the tests of the rooms that come after.

use time::OffsetDateTime;
use time::macros::datetime;

use crate::upstream::verified::{
    Assurance, Authentication, CareIdentity, Door, NameId, NationalRole, OpenIdSession, Statement,
    UpstreamAttribute, VerifiedIdentity, Voucher,
};

/// The tenant of the invented Entra.
pub(crate) const TENANT: &str = "00000000-1111-4222-8333-444444444444";
/// The invented Entra.
pub(crate) const ENTRA: &str = "https://sts.windows.net/00000000-1111-4222-8333-444444444444/";
/// The invented ADFS.
pub(crate) const ADFS: &str = "http://fs.example.test/adfs/services/trust";
/// The same tenant, as its tokens of version 2 name it.
pub(crate) const ENTRA_V2: &str =
    "https://login.microsoftonline.com/00000000-1111-4222-8333-444444444444/v2.0";
/// The invented CIS2, which prints the default port.
pub(crate) const CIS2: &str = "https://am.cis2.example.test:443/openam/oauth2/realms/root/realms/Healthcare";
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

/// The same clinician, over OpenID Connect.
pub(crate) fn entra_oidc() -> Example {
    let mut example = Example::new(ENTRA_V2, "nhsmail-oidc").known_as(Some(OpenIdSession {
        subject: "pairwise-subject-of-ada".to_owned(),
        sid: Some("entra-sid".to_owned()),
        id_token: "an.id.token".to_owned(),
    }));
    example.statement.authentication.methods = owned(&["pwd", "mfa"]);
    example
        .stating("tid", &[TENANT])
        .stating("oid", &["aaaaaaaa-0000-4000-8000-000000000001"])
        .stating("name", &["OKAFOR, Ada (EXAMPLE TRUST)"])
        .stating("given_name", &["Ada"])
        .stating("family_name", &["Okafor"])
        .stating("Email Address", &["ada.okafor@nhs.example"])
        .stating("upn", &["ada.okafor@nhs.example"])
        .stating("ODS", &["RR8"])
}

/// A nurse with a Care Identity and two jobs, who chose one on the page of CIS2. Her address is that of the pharmacist
/// in ADFS.
pub(crate) fn cis2() -> Example {
    let mut example = Example::new(CIS2, "care-identity").known_as(Some(OpenIdSession {
        subject: "555200000001".to_owned(),
        sid: Some("5f0f6e2e-0c51-4a9e-9a53-9ad3f4f9c9e1".to_owned()),
        id_token: "another.id.token".to_owned(),
    }));
    example.voucher.door = Door::Cis2;
    example.statement.authentication.context_class = Some("AAL2_OR_AAL3_ANY".to_owned());
    example.statement.authentication.methods = owned(&["N3_SMARTCARD"]);
    example.statement.authentication.assurance = Some(Assurance { aal: 3, ial: 3 });
    example
        .caring(|care| *care = care_identity())
        .stating("name", &["TESTER Priya Ms"])
        .stating("display_name", &["Priya Tester"])
        .stating("given_name", &["Priya"])
        .stating("family_name", &["Tester"])
        .stating("email", &["Ben.Tester@nhs.example"])
}

/// Two roles in two organisations, the first of them selected.
pub(crate) fn care_identity() -> CareIdentity {
    let nurse = NationalRole {
        id: "555200000011".to_owned(),
        org_code: "A9A5A".to_owned(),
        code: "S8000:G8000:R8001".to_owned(),
        name: Some(r#""Clinical":"Clinical Provision":"Nurse Access Role""#.to_owned()),
        activities: owned(&["View Patient Medication"]),
        activity_codes: owned(&["B0401"]),
        workgroups: owned(&["TEST TEAM"]),
        workgroup_codes: owned(&["555200000777"]),
    };
    let support = NationalRole {
        id: "555200000012".to_owned(),
        org_code: "X26".to_owned(),
        code: "S8001:G8005:R8015".to_owned(),
        name: Some(r#""Support":"Systems Support":"Systems Support Access Role""#.to_owned()),
        ..NationalRole::default()
    };
    let organisation = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    CareIdentity {
        roles: vec![nurse, support],
        unreadable_roles: 0,
        selected_role_id: Some("555200000011".to_owned()),
        organisations: vec![
            organisation("A9A5A", "NHSID DEV"),
            organisation("X26", "EXAMPLE ORG"),
        ],
        professional_ids: vec![("nmc_id".to_owned(), "00A0000E".to_owned())],
    }
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

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
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
                issued_at: Some(AT),
                open_id: None,
                care_identity: None,
                attributes: Vec::new(),
                authentication: Authentication {
                    instant: AT,
                    is_instant_stated: true,
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
            values: owned(values),
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

    /// Is known to an OpenID provider.
    pub(crate) fn known_as(mut self, open_id: Option<OpenIdSession>) -> Self {
        // OpenID Connect tells no other instant than that of the proof.
        self.statement.issued_at = None;
        self.statement.open_id = open_id;
        self
    }

    /// Has other roles, or has chosen otherwise.
    pub(crate) fn caring(mut self, change: impl FnOnce(&mut CareIdentity)) -> Self {
        change(self.statement.care_identity.get_or_insert_default());
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
