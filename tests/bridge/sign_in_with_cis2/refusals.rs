//! Every mischief of the fake CIS2: refused by its rule, with one line in the log that names nobody.

use nhsmail_bridge::fakes::cis2::{CARE_IDENTITIES, Mischief, NextAnswer};
use nhsmail_bridge::upstream::oidc_rp::settings::UserInfo;

use super::{ZOE, arrives, assert_kept_out, assert_logged_once, bridge_where, signs_in};
use crate::support::Page;
use crate::support::log::{Log, logged};

/// What a person reads: the status and the heading.
type Said = (u16, &'static str);

const NOT_BELIEVED: Said = (403, "We could not log you in");
const WEAK_LOGIN: Said = (403, "You need a more secure way to log in");
const WEAK_IDENTITY: Said = (403, "Your identity has not been checked yet");
const OLD_LOGIN: Said = (403, "You need to log in once more");
const CANCELLED: Said = (403, "Your login with Care Identity was not finished");
const SAYS_NO: Said = (403, "Care Identity did not log you in");
const OUT_OF_ORDER: Said = (503, "Sorry, there is a problem with Care Identity");
const USED: Said = (400, "You need to log in again");
const NO_ROLE_OF_THEIRS: Said = (403, "We could not tell which role you work in");

/// Each mischief with what the log says of it, and with what the person reads.
const REFUSED: [(Mischief, &str, Said); 41] = [
    (Mischief::WrongIssuer, "rule=\"token-issuer\"", NOT_BELIEVED),
    (Mischief::WrongAudience, "rule=\"token-audience\"", NOT_BELIEVED),
    (
        Mischief::WrongAzp,
        "rule=\"id-token-authorized-party\"",
        NOT_BELIEVED,
    ),
    (Mischief::WrongNonce, "rule=\"id-token-nonce\"", NOT_BELIEVED),
    (Mischief::NoNonce, "rule=\"id-token-nonce\"", NOT_BELIEVED),
    (Mischief::Expired, "rule=\"token-expires\"", NOT_BELIEVED),
    (Mischief::NoExpiry, "rule=\"token-expires\"", NOT_BELIEVED),
    (Mischief::FutureIat, "rule=\"token-issued\"", NOT_BELIEVED),
    (Mischief::AlgNone, "rule=\"token-algorithm\"", NOT_BELIEVED),
    (
        Mischief::Hs256WithPublicKey,
        "rule=\"token-algorithm\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::WrongKeySameKid,
        "rule=\"token-signature\"",
        NOT_BELIEVED,
    ),
    (Mischief::UnknownKid, "rule=\"token-key\"", NOT_BELIEVED),
    (
        Mischief::ChangedAfterSigning,
        "rule=\"token-signature\"",
        NOT_BELIEVED,
    ),
    (Mischief::AtHashWrong, "rule=\"id-token-at-hash\"", NOT_BELIEVED),
    (Mischief::NoSubject, "rule=\"id-token-subject\"", NOT_BELIEVED),
    (
        Mischief::OtherSubjectInUserInfo,
        "rule=\"userinfo-subject\"",
        NOT_BELIEVED,
    ),
    (Mischief::OldAuthTime, "rule=\"id-token-auth-age\"", OLD_LOGIN),
    (Mischief::NoAuthTime, "rule=\"id-token-auth-time\"", NOT_BELIEVED),
    (
        Mischief::FutureAuthTime,
        "rule=\"id-token-auth-time\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::LowAal,
        "rule=\"id-token-authentication-assurance\"",
        WEAK_LOGIN,
    ),
    (
        Mischief::NoAal,
        "rule=\"id-token-authentication-assurance\"",
        WEAK_LOGIN,
    ),
    (
        Mischief::LowIal,
        "rule=\"id-token-identity-assurance\"",
        WEAK_IDENTITY,
    ),
    (
        Mischief::NoIal,
        "rule=\"id-token-identity-assurance\"",
        WEAK_IDENTITY,
    ),
    (
        Mischief::IalsDisagree,
        "rule=\"userinfo-identity-assurance\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::PlainUserInfo,
        "rule=\"userinfo-as-agreed\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::UserInfoWrongKey,
        "rule=\"token-signature\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::UserInfoWrongAudience,
        "rule=\"userinfo-audience\"",
        NOT_BELIEVED,
    ),
    (
        Mischief::UserInfoWrongIssuer,
        "rule=\"userinfo-issuer\"",
        NOT_BELIEVED,
    ),
    (Mischief::AccessDenied, "answered access_denied", CANCELLED),
    (Mischief::LoginRequired, "answered login_required", SAYS_NO),
    (Mischief::ServerError, "answered server_error", OUT_OF_ORDER),
    (Mischief::ErrorAndCode, "answered access_denied", CANCELLED),
    (Mischief::WrongState, "no state of ours", NOT_BELIEVED),
    (Mischief::NoState, "no state of ours", NOT_BELIEVED),
    (Mischief::WrongIssParameter, "from another provider", NOT_BELIEVED),
    (Mischief::CodeUsedTwice, "invalid_grant", USED),
    (
        Mischief::LogoutTokenAsIdToken,
        "rule=\"id-token-no-other-kind\"",
        NOT_BELIEVED,
    ),
    (Mischief::NoIdToken, "no id_token", NOT_BELIEVED),
    (
        Mischief::UnknownSelectedRole,
        "rule=\"selected-role-is-usable\"",
        NO_ROLE_OF_THEIRS,
    ),
    (
        Mischief::BlankSelectedRole,
        "rule=\"selected-role-is-usable\"",
        NO_ROLE_OF_THEIRS,
    ),
    (
        Mischief::SelectedRolesDisagree,
        "different selected roles",
        NOT_BELIEVED,
    ),
];

/// These are believed: nothing, and a second audience beside ours where `azp` says that the token is ours
/// (OpenID Connect Core 3.1.3.7).
const BELIEVED: [Mischief; 2] = [Mischief::Honest, Mischief::StrangerInAudience];

/// These change what only Entra states; see the stories of NHSmail over OpenID Connect.
const OF_ENTRA: [Mischief; 2] = [Mischief::WrongTenant, Mischief::NoObjectId];

fn with(mischief: Mischief) -> NextAnswer {
    NextAnswer {
        mischief,
        ..NextAnswer::about(ZOE)
    }
}

#[test]
fn no_mischief_of_cis2_is_forgotten_here() {
    let refused = REFUSED.iter().map(|(mischief, ..)| *mischief);
    let listed: Vec<_> = refused.chain(BELIEVED).chain(OF_ENTRA).collect();
    for mischief in Mischief::all() {
        let times = listed.iter().filter(|known| **known == mischief).count();
        assert_eq!(times, 1, "{mischief:?}");
    }
}

#[test]
fn gv_05_every_mischief_of_cis2_is_refused_and_logged_once_with_its_reason() {
    logged(async |log| {
        let bridge = bridge_where(|cis2| cis2.oidc.userinfo = UserInfo::Signed).await;
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
        let mut unspoken = nobodys_details();
        for (mischief, reason, said) in REFUSED {
            let mut visitor = bridge.visitor();
            let page = arrives(&bridge, &mut visitor, with(mischief)).await;
            assert_kept_out(&mut visitor, &page, said).await;
            assert_logged_once(&log, &page, reason);
            unspoken.extend(secrets_of(&page));
        }
        assert_silent(&log, &unspoken);
    });
}

#[tokio::test]
async fn oi_06_what_is_no_mischief_signs_in_by_the_same_rules() {
    let bridge = bridge_where(|cis2| cis2.oidc.userinfo = UserInfo::Signed).await;
    for mischief in BELIEVED {
        let mut visitor = bridge.visitor();
        let page = arrives(&bridge, &mut visitor, with(mischief)).await;
        assert!(visitor.is_signed_in().await, "{mischief:?}: {}", page.body);
    }
}

#[tokio::test]
async fn gv_05_whatever_was_not_believed_looks_alike_from_outside() {
    let bridge = bridge_where(|cis2| cis2.oidc.userinfo = UserInfo::Signed).await;
    let mut seen = Vec::new();
    for (mischief, _, said) in REFUSED {
        if said == NOT_BELIEVED {
            let page = arrives(&bridge, &mut bridge.visitor(), with(mischief)).await;
            seen.push((mischief, page.body.replace(&page.reference(), "REFERENCE")));
        }
    }
    for (mischief, page) in &seen {
        assert_eq!(page, &seen[0].1, "{mischief:?} can be told from {:?}", seen[0].0);
    }
}

/// Names, addresses and numbers of the cast.
fn nobodys_details() -> Vec<String> {
    let mut details = Vec::new();
    for person in CARE_IDENTITIES {
        details.extend([person.display_name(), person.name(), person.uid.to_owned()]);
        details.push(person.family_name.to_owned());
        details.extend(person.email.map(str::to_owned));
    }
    details
}

/// Codes and states that went through the browser.
fn secrets_of(page: &Page) -> Vec<String> {
    let all = page.sent_to.iter().flat_map(url::Url::query_pairs);
    all.filter(|(name, _)| ["code", "state", "nonce", "code_challenge"].contains(&name.as_ref()))
        .map(|(_, value)| value.into_owned())
        .collect()
}

fn assert_silent(log: &Log, unspoken: &[String]) {
    let lines = log.lines();
    assert!(lines.len() >= REFUSED.len(), "somebody listened");
    for words in unspoken {
        let found: Vec<_> = lines.iter().filter(|line| line.contains(words)).collect();
        assert!(found.is_empty(), "{words:?} is in {found:#?}");
    }
    // No token either: in base64url every JSON object begins like this.
    assert!(log.lines_with("eyJ").is_empty(), "{:#?}", log.lines_with("eyJ"));
}
