//! The program, run in a folder with everything a command may be given.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::rsa::Rsa;
use openssl::x509::X509;
use serde_json::Value;

use crate::issuer::{IDP, Issuer, SP};
pub(super) use crate::issuer::{INSTANT, REQUEST_ID};

const ACS: &str = "https://bridge.example.org/saml/nhsmail/acs";

/// What a run came to.
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) complaint: String,
}

impl Ran {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("it is JSON")
    }
}

/// Runs the program where the tests run.
pub(super) fn program(arguments: &[&str], stdin: &[u8]) -> Ran {
    run_in(Path::new("."), arguments, stdin)
}

fn run_in(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_nhsmail-bridge"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // A command that does not read its stdin may be gone before it is written.
    let _written = child.stdin.take().expect("piped").write_all(stdin);
    let ended = child.wait_with_output().expect("it ends");
    let text = |octets: Vec<u8>| String::from_utf8(octets).expect("it is text");
    Ran {
        code: ended.status.code().expect("it ends by itself"),
        out: text(ended.stdout),
        complaint: text(ended.stderr),
    }
}

/// The folder.
pub(super) struct Desk(tempfile::TempDir);

impl Desk {
    pub(super) fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, octets) in files() {
            std::fs::write(desk.0.path().join(name), octets).expect("ours");
        }
        desk
    }

    pub(super) fn run(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        run_in(self.0.path(), arguments, stdin)
    }

    pub(super) fn write(&self, file: &str, octets: &[u8]) {
        std::fs::write(self.0.path().join(file), octets).expect("ours");
    }

    pub(super) fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(file)).expect("ours")
    }

    /// The arguments that explain `file` on the terms it was made for, and `more`.
    pub(super) fn explain(file: &str, more: &[&str]) -> Vec<String> {
        let terms = [
            "--idp-entity-id",
            IDP,
            "--idp-cert",
            "idp.crt",
            "--sp-entity-id",
            SP,
            "--acs-url",
            ACS,
            "--request-id",
            REQUEST_ID,
            "--json",
        ];
        let at: &[&str] = if more.contains(&"--at") {
            &[]
        } else {
            &["--at", INSTANT]
        };
        [&["explain", file], terms.as_slice(), at, more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn explained(&self, file: &str, more: &[&str]) -> Ran {
        let arguments = Self::explain(file, more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.run(&arguments, b"")
    }

    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        let entries = std::fs::read_dir(self.0.path()).expect("ours");
        entries.map(|entry| entry.expect("ours").path()).collect()
    }
}

/// Made once for all tests: RSA keys take their time.
fn files() -> &'static [(&'static str, Vec<u8>)] {
    static FILES: OnceLock<Vec<(&str, Vec<u8>)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let idp = Issuer::new();
        let answer = idp.answer(ACS, 0);
        let (before, signed) = answer.split_once("<ds:Signature").expect("it is signed");
        let (_, after) = signed.split_once("</ds:Signature>").expect("it is signed");
        let field = STANDARD.encode(&answer);
        let form = field.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let key = Rsa::generate(2048).expect("a key");
        vec![
            ("unsigned.xml", format!("{before}{after}").into_bytes()),
            ("answer.b64", field.into_bytes()),
            (
                "answer.form",
                format!("RelayState=x&SAMLResponse={form}").into_bytes(),
            ),
            ("answer.xml", answer.into_bytes()),
            ("idp.crt", pem(&idp.certificate_der())),
            ("idp.der", idp.certificate_der()),
            ("idp.xml", idp.metadata().into_bytes()),
            ("sp.key", key.private_key_to_pem().expect("PEM")),
            ("sp.der", key.private_key_to_der().expect("DER")),
            ("bridge.toml", configuration("idp.xml").into_bytes()),
            ("broken.toml", configuration("nowhere.xml").into_bytes()),
        ]
    })
}

fn pem(der: &[u8]) -> Vec<u8> {
    let certificate = X509::from_der(der).expect("DER");
    certificate.to_pem().expect("PEM")
}

fn configuration(metadata: &str) -> String {
    format!(
        r#"environment = "int"
public_url = "https://bridge.example.org"
data_dir = "data"
[web]
listen = "127.0.0.1:8080"
management_listen = "127.0.0.1:9090"
[saml.nhsmail]
label = "NHSmail"
preset = "adfs"
entity_id = "{SP}"
idp_entity_id = "{IDP}"
metadata_file = "{metadata}"
"#
    )
}
