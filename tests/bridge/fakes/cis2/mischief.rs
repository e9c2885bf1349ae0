//! Every mischief is wrong in the one thing that it names, and manner is never wrong.

use nhsmail_bridge::fakes::cis2::{
    Authenticator, Levels, Manner, Mischief, NextAnswer, SignatureAlgorithm, UserInfoAudience,
};
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::compact::Compact;
use nhsmail_bridge::protocol::jose::key_set::KeySet;
use nhsmail_bridge::protocol::jose::public_key::VerificationKey;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Map, Value, json};

use super::{Party, body, claims, client};

/// What differs between two of everything by its nature.
const NEVER_ALIKE: [&str; 6] = [
    "sid",
    "auditTrackingId",
    "at_hash",
    "c_hash",
    "org.forgerock.openidconnect.ops",
    "code",
];

/// Everything that a relying party sees of one sign-in.
struct Seen {
    answer: Map<String, Value>,
    tokens: Value,
    user_info: Map<String, Value>,
    is_signed: bool,
}

async fn seen(party: &Party, next: NextAnswer) -> Seen {
    let answer = party.scripted(next).await;
    let mut seen = Seen {
        answer,
        tokens: Value::Null,
        user_info: Map::new(),
        is_signed: false,
    };
    let Some(code) = seen.answer.get("code").and_then(Value::as_str) else {
        return seen;
    };
    let assertion = party.signer.sign(None, &party.assertion_claims(code));
    let reply = party.bring(code, &assertion.expect("an assertion")).await;
    seen.tokens = body(&reply);
    if reply.status == 200 {
        let reply = party.user_info(&seen.tokens).await;
        let is_jwt = reply.header("content-type") == Some("application/jwt");
        seen.user_info = if is_jwt {
            let token = reply.text();
            seen.user_info
                .insert("is_jwt".to_owned(), is_good(party, &token).into());
            let mut claims = Compact::read(&token).expect("a token").claims().clone();
            claims.append(&mut seen.user_info);
            claims
        } else {
            body(&reply).as_object().expect("an object").clone()
        };
        seen.is_signed = seen.tokens["id_token"]
            .as_str()
            .is_some_and(|token| is_good(party, token));
    }
    seen
}

/// True if a published key made the signature.
fn is_good(party: &Party, token: &str) -> bool {
    let token = Compact::read(token).expect("a token");
    let keys = KeySet::read(party.fake.key_set().to_string().as_bytes()).expect("keys");
    let Some(algorithm) = token.algorithm() else {
        return false;
    };
    let key = keys.find(token.kid(), algorithm);
    key.is_ok_and(|key| token.is_signed_by(VerificationKey::Public(key), algorithm))
}

/// The names of what differs from an honest sign-in, each with where it stands.
fn differences(honest: &Seen, bent: &Seen) -> Vec<String> {
    let id = |seen: &Seen| match seen.tokens.get("id_token") {
        Some(_) => claims(&seen.tokens),
        None => Map::new(),
    };
    let mut found = differing("answer", &honest.answer, &bent.answer);
    if bent.tokens.get("error").is_some() {
        found.push("no tokens".to_owned());
        return found;
    }
    if bent.tokens.is_null() {
        return found;
    }
    if bent.tokens.get("id_token").is_none() {
        found.push("no ID token".to_owned());
        return found;
    }
    found.extend(differing("id", &id(honest), &id(bent)));
    found.extend(differing("info", &honest.user_info, &bent.user_info));
    if !bent.is_signed {
        found.push("signature".to_owned());
    }
    if id(bent).get("at_hash")
        != Some(&super::half_hash(bent.tokens["access_token"].as_str().expect("a text")).into())
    {
        found.push("id at_hash".to_owned());
    }
    found
}

fn differing(place: &str, one: &Map<String, Value>, other: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<_> = one.keys().chain(other.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |name: &&&String| one.get(**name) != other.get(**name);
    let told = names.iter().filter(differs);
    told.filter(|name| {
        !NEVER_ALIKE.contains(&name.as_str()) || one.contains_key(**name) != other.contains_key(**name)
    })
    .map(|name| format!("{place} {name}"))
    .collect()
}

fn about(mischief: Mischief) -> NextAnswer {
    NextAnswer {
        mischief,
        ..NextAnswer::about("gareth-gpexample")
    }
}

/// What each mischief changes; a signature by another key changes that alone.
const CHANGES: [(Mischief, &[&str]); 38] = [
    (Mischief::Honest, &[]),
    (Mischief::WrongIssuer, &["id iss"]),
    (Mischief::WrongAudience, &["id aud"]),
    (Mischief::StrangerInAudience, &["id aud"]),
    (Mischief::WrongAzp, &["id azp"]),
    (Mischief::WrongNonce, &["id nonce"]),
    (Mischief::NoNonce, &["id nonce"]),
    (Mischief::Expired, &["id exp"]),
    (Mischief::NoExpiry, &["id exp"]),
    (Mischief::FutureIat, &["id iat"]),
    (Mischief::AlgNone, &["signature"]),
    (Mischief::Hs256WithPublicKey, &["signature"]),
    (Mischief::WrongKeySameKid, &["signature"]),
    (Mischief::UnknownKid, &["signature"]),
    (Mischief::ChangedAfterSigning, &["id amr", "signature"]),
    (Mischief::AtHashWrong, &["id at_hash"]),
    (Mischief::NoSubject, &["id sub"]),
    (Mischief::OtherSubjectInUserInfo, &["info sub"]),
    (Mischief::OldAuthTime, &["id auth_time"]),
    (Mischief::NoAuthTime, &["id auth_time"]),
    (Mischief::FutureAuthTime, &["id auth_time"]),
    (Mischief::LowAal, &["id authentication_assurance_level"]),
    (Mischief::LowIal, &["id id_assurance_level"]),
    (Mischief::NoAal, &["id authentication_assurance_level"]),
    (Mischief::NoIal, &["id id_assurance_level"]),
    (Mischief::IalsDisagree, &["info idassurancelevel"]),
    (Mischief::PlainUserInfo, &["info is_jwt", "info iss"]),
    (Mischief::UserInfoWrongKey, &["info is_jwt"]),
    (Mischief::UserInfoWrongAudience, &["info aud"]),
    (Mischief::UserInfoWrongIssuer, &["info iss"]),
    (Mischief::ErrorAndCode, &["answer error"]),
    (Mischief::WrongState, &["answer state"]),
    (Mischief::NoState, &["answer state"]),
    (Mischief::WrongIssParameter, &["answer iss"]),
    (Mischief::CodeUsedTwice, &["no tokens"]),
    (Mischief::NoIdToken, &["no ID token"]),
    (
        Mischief::UnknownSelectedRole,
        &["id selected_roleid", "info selected_roleid"],
    ),
    (Mischief::SelectedRolesDisagree, &["info selected_roleid"]),
];

#[tokio::test]
async fn every_mischief_is_wrong_in_its_one_thing() {
    let signer = Signer::generate_rsa(Algorithm::RS256, Some("party")).expect("a key");
    let mut registered = client(&signer);
    registered.signed_user_info = Some(SignatureAlgorithm::Rs512);
    let party = Party::start_as(registered, signer).await;
    let honest = seen(&party, about(Mischief::Honest)).await;
    assert!(honest.is_signed && honest.user_info["is_jwt"] == true);
    for (mischief, changes) in CHANGES {
        let bent = seen(&party, about(mischief)).await;
        assert_eq!(differences(&honest, &bent), changes, "{mischief:?}");
    }
    let blank = seen(&party, about(Mischief::BlankSelectedRole)).await;
    assert_eq!(
        (
            &claims(&blank.tokens)["selected_roleid"],
            &blank.user_info["selected_roleid"]
        ),
        (&json!(""), &json!(""))
    );
    let logout = seen(&party, about(Mischief::LogoutTokenAsIdToken)).await;
    assert!(logout.is_signed && claims(&logout.tokens).contains_key("events"));
    for (mischief, error) in [
        (Mischief::AccessDenied, "access_denied"),
        (Mischief::LoginRequired, "login_required"),
        (Mischief::ServerError, "server_error"),
    ] {
        let bent = seen(&party, about(mischief)).await;
        assert_eq!(
            (&bent.answer["error"], bent.answer.get("code")),
            (&json!(error), None)
        );
        assert_eq!(bent.answer["state"], "state-1");
    }
    assert_eq!(
        Mischief::all().count(),
        CHANGES.len() + 7,
        "each is in one of the lists, and two are of Entra"
    );
}

/// Each manner in the words of the interface, with what it changes.
const MANNERS: [(&str, &[&str]); 8] = [
    (
        r#"{"levels":"numbers"}"#,
        &[
            "id authentication_assurance_level",
            "id id_assurance_level",
            "info idassurancelevel",
        ],
    ),
    (
        r#"{"single":"object"}"#,
        &["info nhsid_nrbac_roles", "info nhsid_user_orgs"],
    ),
    (r#"{"audience":"array"}"#, &["id aud"]),
    (
        r#"{"identity_level":"as-in-user-info"}"#,
        &["id id_assurance_level", "id idassurancelevel"],
    ),
    (r#"{"auth_time":"absent"}"#, &["id auth_time"]),
    (r#"{"selected_role":"id-token"}"#, &["info selected_roleid"]),
    (r#"{"selected_role":"user-info"}"#, &["id selected_roleid"]),
    (
        r#"{"assurance":"one-lower"}"#,
        &["id authentication_assurance_level"],
    ),
];

#[tokio::test]
async fn a_manner_changes_the_spelling_and_nothing_else() {
    let party = Party::start().await;
    let honest = seen(&party, NextAnswer::about("gareth-gpexample")).await;
    for (manner, changes) in MANNERS {
        let manner: Manner = serde_json::from_str(manner).expect("a manner");
        let next = NextAnswer {
            manner: Some(manner),
            ..NextAnswer::about("gareth-gpexample")
        };
        let other = seen(&party, next).await;
        assert_eq!(differences(&honest, &other), changes, "{manner:?}");
    }
    party.fake.set_manner(Manner {
        levels: Levels::Numbers,
        ..Manner::default()
    });
    let standing = seen(&party, NextAnswer::about("gareth-gpexample")).await;
    assert_eq!(claims(&standing.tokens)["authentication_assurance_level"], 3);
}

#[tokio::test]
async fn signed_user_info_names_its_audience_when_that_is_the_manner() {
    for algorithm in [SignatureAlgorithm::Rs256, SignatureAlgorithm::Rs512] {
        let signer = Signer::generate_rsa(Algorithm::RS256, Some("party")).expect("a key");
        let mut registered = client(&signer);
        registered.signed_user_info = Some(algorithm);
        let party = Party::start_as(registered, signer).await;
        let without = seen(&party, NextAnswer::about("gareth-gpexample")).await;
        assert!(!without.user_info.contains_key("aud") && without.user_info["is_jwt"] == true);
        let next = NextAnswer {
            manner: Some(Manner {
                user_info_audience: UserInfoAudience::Present,
                signature: SignatureAlgorithm::Rs512,
                ..Manner::default()
            }),
            ..NextAnswer::about("gareth-gpexample")
        };
        let with = seen(&party, next).await;
        assert_eq!(with.user_info["aud"], super::CLIENT);
        let token = Compact::read(with.tokens["id_token"].as_str().expect("a text")).expect("a token");
        assert_eq!((token.alg(), with.is_signed), ("RS512", true));
    }
}

#[tokio::test]
async fn the_cast_brings_every_awkward_role_and_person() {
    let party = Party::start().await;
    let info = async |person: &str| {
        let next = NextAnswer {
            authenticator: (person == "pat-password").then_some(Authenticator::UserPassword),
            ..NextAnswer::about(person)
        };
        let tokens = party.sign_in(next).await;
        (claims(&tokens), body(&party.user_info(&tokens).await))
    };
    let (id, none) = info("noel-norole").await;
    assert!(!id.contains_key("selected_roleid") && none["nhsid_nrbac_roles"] == json!([]));
    let (_, nell) = info("nell-nomail").await;
    assert!(nell.get("email").is_none());
    let (id, cody) = info("cody-nocode").await;
    assert!(cody["nhsid_nrbac_roles"][0].get("role_code").is_none() && id.contains_key("selected_roleid"));
    let (_, pam) = info("pam-unparallel").await;
    let length = |name: &str| pam["nhsid_nrbac_roles"][0][name].as_array().map(Vec::len);
    assert_ne!(length("activities"), length("activity_codes"));
    let (_, stan) = info("stan-string").await;
    assert!(stan["nhsid_nrbac_roles"].is_string());
    let (id, una) = info("una-unlisted").await;
    assert_ne!(
        id["selected_roleid"],
        una["nhsid_nrbac_roles"][0]["person_roleid"]
    );
    let (id, _) = info("lou-lowidentity").await;
    assert_eq!(id["id_assurance_level"], "1");
    let (id, _) = info("pat-password").await;
    assert_eq!(
        (&id["authentication_assurance_level"], &id["amr"]),
        (&json!("1"), &json!(["USERPASS"]))
    );
}
