//! `explain --kind …` as somebody types it who has a token in a file.

use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::program::{INSTANT, Ran, program};

const ISSUER: &str = "https://am.example.test:443/openam";
const CLIENT: &str = "000000000000.apps.supplier";

/// A folder with the key set of somebody who signs.
struct Bench {
    folder: tempfile::TempDir,
    signer: Signer,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let signer = Signer::generate_rsa(Algorithm::RS256, None).expect("a key");
        let set = json!({ "keys": [signer.public_jwk()] }).to_string();
        std::fs::write(folder.path().join("jwks.json"), set).expect("ours");
        Self { folder, signer }
    }

    fn token(&self, claims: &Value) -> Vec<u8> {
        let token = self.signer.sign(Some("JWT"), claims).expect("it signs");
        format!("{token}\n").into_bytes()
    }

    fn explained(&self, kind: &str, more: &[&str], message: &[u8]) -> Ran {
        self.judged_by("explain", kind, more, message)
    }

    fn judged_by(&self, command: &str, kind: &str, more: &[&str], message: &[u8]) -> Ran {
        let jwks = self.folder.path().join("jwks.json");
        let common = [
            command,
            "-",
            "--kind",
            kind,
            "--issuer",
            ISSUER,
            "--client-id",
            CLIENT,
            "--at",
            INSTANT,
            "--jwks",
            jwks.to_str().expect("text"),
        ];
        program(&[common.as_slice(), more].concat(), message)
    }
}

fn now() -> i64 {
    OffsetDateTime::parse(INSTANT, &Rfc3339)
        .expect("an instant")
        .unix_timestamp()
}

fn id_token() -> Value {
    json!({
        "iss": ISSUER, "sub": "555200000001", "aud": CLIENT, "iat": now(), "exp": now() + 60, "nonce": "the nonce",
        "name": "Priya Tester", "authentication_assurance_level": "3",
    })
}

#[test]
fn doctor_judges_a_saved_token_as_explain_does() {
    let bench = Bench::new();
    let mut stale = id_token();
    stale["exp"] = json!(now() - 600);
    for (claims, code) in [(id_token(), 0), (stale, 1)] {
        let token = bench.token(&claims);
        let by = |command| bench.judged_by(command, "id-token", &["--nonce", "the nonce", "--json"], &token);
        let (doctor, explain) = (by("doctor"), by("explain"));
        assert_eq!(doctor.code, code, "{}{}", doctor.out, doctor.complaint);
        assert_eq!(doctor.out, explain.out);
    }
    let unknown = bench.judged_by("doctor", "id-token", &["--nonsense"], b"");
    assert_eq!(unknown.code, 2);
}

#[test]
fn an_id_token_is_explained_in_the_shape_of_a_saml_response() {
    let bench = Bench::new();
    let ran = bench.explained(
        "id-token",
        &["--nonce", "the nonce", "--json"],
        &bench.token(&id_token()),
    );
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.complaint);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["verdict"], "accept");
    let keys = [
        "actual", "clause", "element", "expected", "id", "remedy", "verdict", "who",
    ];
    for rule in told["rules"].as_array().unwrap() {
        let mut there: Vec<_> = rule.as_object().unwrap().keys().collect();
        there.sort();
        assert_eq!(there, keys);
    }
    assert_eq!(told["identity"]["aal"], 3);
    assert_eq!(told["identity"]["claims"]["name"], Value::Null);
    assert!(!ran.out.contains("Priya") && !ran.out.contains("555200000001"));
}

#[test]
fn a_person_is_shown_only_when_asked_for() {
    let bench = Bench::new();
    let ran = bench.explained("id-token", &["--show-values"], &bench.token(&id_token()));
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("Priya Tester") && ran.out.ends_with("\nACCEPT\n"));
    let hidden = bench.explained("id-token", &[], &bench.token(&id_token()));
    assert!(!hidden.out.contains("Priya"));
}

#[test]
fn a_refused_token_is_exit_code_1_with_its_remedy() {
    let bench = Bench::new();
    let refused = |more: &[&str], rule: &str| {
        let ran = bench.explained("id-token", more, &bench.token(&id_token()));
        assert_eq!(ran.code, 1, "{more:?}");
        let line = ran.out.lines().find(|line| line.starts_with("REFUSES")).unwrap();
        assert!(line.contains(rule), "{line}");
    };
    refused(&["--nonce", "another"], "id-token-nonce");
    refused(&["--alg", "RS512"], "token-algorithm");
    refused(&["--minimum-ial", "3"], "id-token-identity-assurance");
    refused(&["--max-auth-age", "300"], "id-token-auth-time");
    refused(&["--tenant", "37c354b2"], "id-token-tenant");
    let late = bench.explained(
        "id-token",
        &["--skew", "0"],
        &bench.token(&{
            let mut claims = id_token();
            claims["exp"] = json!(now());
            claims
        }),
    );
    assert_eq!(late.code, 1);
}

#[test]
fn every_other_kind_has_its_rules() {
    let bench = Bench::new();
    let logout = json!({
        "iss": ISSUER, "aud": CLIENT, "iat": now(), "jti": "1", "sid": "one",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    let form = [b"logout_token=".as_slice(), bench.token(&logout).trim_ascii()].concat();
    assert_eq!(bench.explained("logout-token", &[], &form).code, 1);
    let granted = bench.explained("logout-token", &["--allow", "logout-without-exp"], &form);
    assert_eq!(granted.code, 0, "{}", granted.out);
    assert!(granted.out.contains("by exception: logout-without-exp"));

    let person = ["--sub", "555200000001"];
    assert_eq!(
        bench
            .explained("userinfo", &person, br#"{"sub":"555200000001"}"#)
            .code,
        0
    );
    assert_eq!(
        bench
            .explained("userinfo", &person, br#"{"sub":"555200000002"}"#)
            .code,
        1
    );
    let signed = bench.token(&json!({ "iss": ISSUER, "sub": "555200000001" }));
    assert_eq!(bench.explained("userinfo", &person, &signed).code, 0);

    let endpoint = format!("{ISSUER}/access_token");
    let assertion = json!({
        "iss": CLIENT, "sub": CLIENT, "aud": endpoint.replace(":443", ""), "jti": "1", "exp": now() + 60,
    });
    let ran = bench.explained(
        "client-assertion",
        &["--token-endpoint", &endpoint],
        &bench.token(&assertion),
    );
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("Keep the :443"), "{}", ran.out);
}

#[test]
fn what_a_kind_needs_and_is_not_given_is_a_mistake_of_usage() {
    let bench = Bench::new();
    let token = bench.token(&id_token());
    let wrong: [&[&str]; 6] = [
        &["explain", "-", "--kind", "id-token", "--issuer", ISSUER],
        &["explain", "-", "--kind", "id-token", "--client-id", CLIENT],
        &[
            "explain",
            "-",
            "--kind",
            "saml",
            "--idp-entity-id",
            "x",
            "--sp-entity-id",
            "y",
        ],
        &["explain", "-", "--kind", "another"],
        &["explain", "-", "--issuer", ISSUER, "--client-id", CLIENT],
        &[
            "explain",
            "-",
            "--kind",
            "id-token",
            "--config",
            "bridge.toml",
            "--connection",
            "cis2",
        ],
    ];
    for arguments in wrong {
        let ran = program(arguments, &token);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
    }
    assert_eq!(bench.explained("userinfo", &[], &token).code, 2);
    assert_eq!(bench.explained("client-assertion", &[], &token).code, 2);
    assert_eq!(bench.explained("id-token", &["--alg", "none"], &token).code, 2);
    assert_eq!(
        bench.explained("logout-token", &["--allow", "sha1"], &token).code,
        2
    );
}
