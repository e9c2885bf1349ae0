//! The names Microsoft gives the attributes whose meaning is fixed.
//!
//! What an operator may rename is in [`settings`](crate::identity::settings); these are not to be renamed, because
//! a decision hangs on them and not a word on a page.

/// Entra's tenant, a GUID.
pub(in crate::identity) const TENANT: [&str; 2] =
    ["http://schemas.microsoft.com/identity/claims/tenantid", "tid"];

/// The user principal name, in ADFS, in ADFS 1 and as a bare word. It looks like an address and is none; directories
/// compare it without regard to case.
pub(in crate::identity) const UPN: [&str; 4] = [
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/claims/UPN",
    "upn",
    "UserPrincipalName",
];

/// The UPN in Entra; in ADFS, a name to show.
pub(in crate::identity) const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

/// How the person proved themselves, one value for each method.
pub(in crate::identity) const AUTHN_METHODS: [&str; 1] =
    ["http://schemas.microsoft.com/claims/authnmethodsreferences"];

/// Where Entra puts a link instead of more than 150 groups.
pub(in crate::identity) const GROUPS_LINK: [&str; 1] = ["http://schemas.microsoft.com/claims/groups.link"];
