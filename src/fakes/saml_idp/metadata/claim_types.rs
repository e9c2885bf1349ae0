//! The claim types that each personality says it knows, with the names its metadata gives them.

/// One claim type: its URI, its friendly name and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimType(&'static str, &'static str, &'static str);

const AUTHORIZATION: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
const ASSERTION_ATTRIBUTE_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";

impl ClaimType {
    /// As WS-Federation lists it.
    pub(super) fn as_claim_type(&self) -> String {
        let Self(uri, name, meaning) = self;
        format!(
            "<auth:ClaimType Uri=\"{uri}\" Optional=\"true\" xmlns:auth=\"{AUTHORIZATION}\">\
             <auth:DisplayName>{name}</auth:DisplayName><auth:Description>{meaning}</auth:Description></auth:ClaimType>"
        )
    }

    /// As an `IDPSSODescriptor` lists it.
    pub(super) fn as_attribute(&self) -> String {
        let Self(uri, name, _) = self;
        let format = ASSERTION_ATTRIBUTE_FORMAT;
        format!(
            "<Attribute Name=\"{uri}\" NameFormat=\"{format}\" FriendlyName=\"{name}\" \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>"
        )
    }
}

/// What Entra lists.
pub(super) const ENTRA: [ClaimType; 9] = [
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "Name",
        "The mutable display name of the user.",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
        "Subject",
        "An immutable, globally unique, non-reusable identifier of the user.",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "Given Name",
        "First name of the user.",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        "Surname",
        "Last name of the user.",
    ),
    ClaimType(
        "http://schemas.microsoft.com/identity/claims/displayname",
        "Display Name",
        "Display name of the user.",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "Email Address",
        "Email address of the user.",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
        "Groups",
        "Groups of the user.",
    ),
    ClaimType(
        "http://schemas.microsoft.com/identity/claims/identityprovider",
        "Identity Provider",
        "Identity provider for the user.",
    ),
    ClaimType(
        "http://schemas.microsoft.com/identity/claims/objectidentifier",
        "User Identifier",
        "Identifier of the user in the directory.",
    ),
];

/// What ADFS lists.
pub(super) const ADFS: [ClaimType; 24] = [
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "E-Mail Address",
        "The e-mail address of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "Given Name",
        "The given name of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        "Name",
        "The unique name of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        "UPN",
        "The user principal name (UPN) of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/claims/CommonName",
        "Common Name",
        "The common name of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/claims/EmailAddress",
        "AD FS 1.x E-Mail Address",
        "The e-mail address of the user for AD FS 1.1 or AD FS 1.0",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/claims/Group",
        "Group",
        "A group that the user is a member of",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/claims/UPN",
        "AD FS 1.x UPN",
        "The UPN of the user for AD FS 1.1 or AD FS 1.0",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        "Role",
        "A role that the user has",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        "Surname",
        "The surname of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/privatepersonalidentifier",
        "PPID",
        "The private identifier of the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
        "Name ID",
        "The SAML name identifier of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationinstant",
        "Authentication time stamp",
        "The time and date on which the user was authenticated",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod",
        "Authentication method",
        "The method used to authenticate the user",
    ),
    ClaimType(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/denyonlysid",
        "Deny only group SID",
        "The deny-only group SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarysid",
        "Deny only primary SID",
        "The deny-only primary SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/denyonlyprimarygroupsid",
        "Deny only primary group SID",
        "The deny-only primary group SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid",
        "Group SID",
        "The group SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
        "Primary group SID",
        "The primary group SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid",
        "Primary SID",
        "The primary SID of the user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname",
        "Windows account name",
        "The domain account name of the user in the form of DOMAIN\\user",
    ),
    ClaimType(
        "http://schemas.microsoft.com/2012/01/requestcontext/claims/x-ms-forwarded-client-ip",
        "Forwarded Client IP",
        "The address of the user as forwarded",
    ),
    ClaimType(
        "http://schemas.microsoft.com/2012/01/requestcontext/claims/client-request-id",
        "Client Request ID",
        "Identifier of a user session",
    ),
    ClaimType(
        "http://schemas.microsoft.com/ws/2013/11/alternateloginid",
        "Alternate Login ID",
        "Alternate login ID of the user",
    ),
];
