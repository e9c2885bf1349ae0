//! Mischief over OpenID Connect: the named faults a tester can ask of the next answer, and the honest one.

use serde::{Deserialize, Serialize};

/// What is wrong with an answer. Everything else about it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mischief {
    /// Nothing: the twin of all the others.
    #[default]
    Honest,
    /// The ID token is issued by somebody else.
    WrongIssuer,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token is for this client and for another.
    StrangerInAudience,
    /// `azp` names another client.
    WrongAzp,
    /// `nonce` is another.
    WrongNonce,
    /// `nonce` is missing.
    NoNonce,
    /// The ID token expired ten minutes ago.
    Expired,
    /// `exp` is missing.
    NoExpiry,
    /// `iat` is ten minutes ahead.
    FutureIat,
    /// The algorithm is `none` and the signature empty.
    AlgNone,
    /// Signed by HMAC with the public key as the secret.
    Hs256WithPublicKey,
    /// Signed with another key under the `kid` of the published one.
    WrongKeySameKid,
    /// Signed with a key that is not published.
    UnknownKid,
    /// Claims changed after they were signed.
    ChangedAfterSigning,
    /// `at_hash` is that of another access token.
    AtHashWrong,
    /// `sub` is missing.
    NoSubject,
    /// `tid` is another tenant's (Entra).
    WrongTenant,
    /// `oid` is missing (Entra).
    NoObjectId,
    /// `sub` of the user info is somebody else's.
    OtherSubjectInUserInfo,
    /// `auth_time` is a day old.
    OldAuthTime,
    /// `auth_time` is missing.
    NoAuthTime,
    /// `auth_time` is ten minutes ahead.
    FutureAuthTime,
    /// The authentication level is 1, whatever was asked.
    LowAal,
    /// The identity level is 1.
    LowIal,
    /// The authentication level is missing.
    NoAal,
    /// The identity level is missing.
    NoIal,
    /// The identity levels of ID token and user info differ.
    IalsDisagree,
    /// The user info is plain JSON though a signed one was agreed.
    PlainUserInfo,
    /// The user info is signed with another key under the `kid` of the published one.
    UserInfoWrongKey,
    /// The user info is signed for another client.
    UserInfoWrongAudience,
    /// The user info is signed by another issuer.
    UserInfoWrongIssuer,
    /// The answer is `access_denied`.
    AccessDenied,
    /// The answer is `login_required`.
    LoginRequired,
    /// The answer is `server_error`.
    ServerError,
    /// An error and a code come together.
    ErrorAndCode,
    /// `state` is another.
    WrongState,
    /// `state` is missing.
    NoState,
    /// The parameter `iss` of the answer names another issuer (RFC 9207).
    WrongIssParameter,
    /// The code has been used already.
    CodeUsedTwice,
    /// A logout token stands in the place of the ID token.
    LogoutTokenAsIdToken,
    /// The token response has no ID token.
    NoIdToken,
    /// The selected role is not in the list.
    UnknownSelectedRole,
    /// The selected role is there and blank.
    BlankSelectedRole,
    /// The selected roles of ID token and user info differ.
    SelectedRolesDisagree,
}

/// Each with its word in JSON and in forms, and what it does.
const TABLE: [(Mischief, &str, &str); 45] = [
    (Mischief::Honest, "honest", "nothing wrong"),
    (
        Mischief::WrongIssuer,
        "wrong-issuer",
        "ID token issued by somebody else",
    ),
    (
        Mischief::WrongAudience,
        "wrong-audience",
        "ID token for another client",
    ),
    (
        Mischief::StrangerInAudience,
        "stranger-in-audience",
        "ID token for another client as well",
    ),
    (Mischief::WrongAzp, "wrong-azp", "azp names another client"),
    (Mischief::WrongNonce, "wrong-nonce", "another nonce"),
    (Mischief::NoNonce, "no-nonce", "no nonce"),
    (Mischief::Expired, "expired", "expired ten minutes ago"),
    (Mischief::NoExpiry, "no-expiry", "no exp"),
    (Mischief::FutureIat, "future-iat", "issued in ten minutes"),
    (Mischief::AlgNone, "alg-none", "algorithm none, no signature"),
    (
        Mischief::Hs256WithPublicKey,
        "hs256-with-public-key",
        "HMAC with the public key as the secret",
    ),
    (
        Mischief::WrongKeySameKid,
        "wrong-key-same-kid",
        "another key under the published kid",
    ),
    (Mischief::UnknownKid, "unknown-kid", "a key that is not published"),
    (
        Mischief::ChangedAfterSigning,
        "changed-after-signing",
        "changed after it was signed",
    ),
    (
        Mischief::AtHashWrong,
        "at-hash-wrong",
        "at_hash of another access token",
    ),
    (Mischief::NoSubject, "no-subject", "no sub"),
    (Mischief::WrongTenant, "wrong-tenant", "another tenant (Entra)"),
    (Mischief::NoObjectId, "no-object-id", "no oid (Entra)"),
    (
        Mischief::OtherSubjectInUserInfo,
        "other-subject-in-user-info",
        "user info about somebody else",
    ),
    (Mischief::OldAuthTime, "old-auth-time", "signed in a day ago"),
    (Mischief::NoAuthTime, "no-auth-time", "no auth_time"),
    (
        Mischief::FutureAuthTime,
        "future-auth-time",
        "signed in ten minutes from now",
    ),
    (Mischief::LowAal, "low-aal", "authentication level 1"),
    (Mischief::LowIal, "low-ial", "identity level 1"),
    (Mischief::NoAal, "no-aal", "no authentication level"),
    (Mischief::NoIal, "no-ial", "no identity level"),
    (
        Mischief::IalsDisagree,
        "ials-disagree",
        "another identity level in the user info",
    ),
    (
        Mischief::PlainUserInfo,
        "plain-user-info",
        "user info unsigned though signing was agreed",
    ),
    (
        Mischief::UserInfoWrongKey,
        "user-info-wrong-key",
        "user info signed with another key",
    ),
    (
        Mischief::UserInfoWrongAudience,
        "user-info-wrong-audience",
        "user info signed for another client",
    ),
    (
        Mischief::UserInfoWrongIssuer,
        "user-info-wrong-issuer",
        "user info signed by another issuer",
    ),
    (Mischief::AccessDenied, "access-denied", "the error access_denied"),
    (
        Mischief::LoginRequired,
        "login-required",
        "the error login_required",
    ),
    (Mischief::ServerError, "server-error", "the error server_error"),
    (
        Mischief::ErrorAndCode,
        "error-and-code",
        "an error and a code together",
    ),
    (Mischief::WrongState, "wrong-state", "another state"),
    (Mischief::NoState, "no-state", "no state"),
    (
        Mischief::WrongIssParameter,
        "wrong-iss-parameter",
        "another issuer beside the code",
    ),
    (
        Mischief::CodeUsedTwice,
        "code-used-twice",
        "a code that was used already",
    ),
    (
        Mischief::LogoutTokenAsIdToken,
        "logout-token-as-id-token",
        "a logout token in the place of the ID token",
    ),
    (Mischief::NoIdToken, "no-id-token", "no ID token"),
    (
        Mischief::UnknownSelectedRole,
        "unknown-selected-role",
        "a selected role that is not in the list",
    ),
    (
        Mischief::BlankSelectedRole,
        "blank-selected-role",
        "a blank selected role",
    ),
    (
        Mischief::SelectedRolesDisagree,
        "selected-roles-disagree",
        "another selected role in the user info",
    ),
];

impl Mischief {
    /// All of them, the honest one first.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.into_iter().map(|(mischief, ..)| mischief)
    }

    /// The word in JSON and in forms: `wrong-audience`.
    pub fn word(self) -> &'static str {
        self.row().1
    }

    /// What it does, for the tester's page.
    pub fn note(self) -> &'static str {
        self.row().2
    }

    /// The mischief with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        let row = TABLE.into_iter().find(|(_, known, _)| *known == word)?;
        Some(row.0)
    }

    /// The error of OAuth that is the whole answer.
    pub(super) fn error(self) -> Option<&'static str> {
        let errors = [
            (Self::AccessDenied, "access_denied"),
            (Self::LoginRequired, "login_required"),
            (Self::ServerError, "server_error"),
        ];
        let found = errors.into_iter().find(|(mischief, _)| *mischief == self);
        found.map(|(_, error)| error)
    }

    fn row(self) -> (Self, &'static str, &'static str) {
        let found = TABLE.into_iter().find(|(known, ..)| *known == self);
        // A test holds that everything is in the table.
        found.unwrap_or((self, "", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_mischief_is_its_word_in_json() {
        for mischief in Mischief::all() {
            let json = serde_json::to_string(&mischief).unwrap();
            assert_eq!(json, format!("\"{}\"", mischief.word()));
            assert_eq!(Mischief::from_word(mischief.word()), Some(mischief));
            assert!(!mischief.note().is_empty());
        }
        assert_eq!(Mischief::from_word("harmless"), None);
    }

    #[test]
    fn every_mischief_is_in_the_table() {
        let nonsense = serde_json::from_str::<Mischief>("\"?\"").unwrap_err().to_string();
        let words = nonsense.split('`').skip(3).step_by(2);
        let mut known = 0;
        for word in words {
            assert!(Mischief::from_word(word).is_some(), "{word}");
            known += 1;
        }
        assert_eq!(known, TABLE.len(), "{nonsense}");
    }
}
