//! A folder with the keys and the metadata that the configurations under test name, made new for each test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nhsmail_bridge::config::{Config, Examined, Surroundings};
use nhsmail_bridge::platform::problem::Problem;
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::{X509, X509NameBuilder};
use proptest::prelude::*;
use proptest::sample::Index;
use time::OffsetDateTime;
use time::macros::datetime;

/// The organisation of every certificate of a fake, as `protocol::saml::names` has it.
const FAKE_ORGANISATION: &str = "nhsmail-bridge FAKE - never for real people";

/// The instant at which every file is judged.
pub(super) fn now() -> OffsetDateTime {
    datetime!(2026-11-01 12:00 UTC)
}

/// The keys that stand in `keys/`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// RSA of 2048 bits, `rsa.key` and `rsa.crt`.
    Rsa,
    /// Another, `other.key` and `other.crt`.
    Other,
    /// RSA of 1024 bits, `weak.key` and `weak.crt`.
    Weak,
    /// P-256, `ec.key` and `ec.crt`.
    Ec,
    /// With the mark of a fake, `fake.key` and `fake.crt`.
    Fake,
}

const KEYS: [(Key, &str); 5] = [
    (Key::Rsa, "rsa"),
    (Key::Other, "other"),
    (Key::Weak, "weak"),
    (Key::Ec, "ec"),
    (Key::Fake, "fake"),
];

/// The metadata that the configurations name: file, entity ID, signing key.
const METADATA: [(&str, &str, Key); 5] = [
    (
        "weak-entra",
        "https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/",
        Key::Weak,
    ),
    (
        "nhsmail-entra",
        "https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/",
        Key::Other,
    ),
    (
        "nhsmail-adfs",
        "http://fs.nhs.net/adfs/services/trust",
        Key::Other,
    ),
    (
        "fake-entra",
        "https://fake.nhsmail-bridge.invalid/entra/fa4e0000-0000-4000-8000-00000000fa4e/",
        Key::Fake,
    ),
    (
        "fake-adfs",
        "http://fake.nhsmail-bridge.invalid/adfs/services/trust",
        Key::Fake,
    ),
];

/// The public key of RFC 7517 A.1.
const KEY_SET: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"1",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

/// The folder.
pub(super) struct Grounds(tempfile::TempDir);

impl Grounds {
    pub(super) fn new() -> Self {
        let grounds = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, pair) in pairs() {
            grounds.put(&format!("keys/{name}.key"), &pair.private);
            grounds.put(&format!("keys/{name}.crt"), &pair.certificate);
        }
        for (file, entity_id, key) in METADATA {
            grounds.put(&format!("metadata/{file}.xml"), &metadata(entity_id, key));
        }
        grounds.put("keys/empty.key", "");
        grounds.put("keys/local-cis2.key", &private_key(Key::Other));
        grounds.put("keys/client.secret", "6f1c0c1e-0000-4000-8000-0000000000aa\n");
        grounds.put("keys/noticeboard.secret", &"5a".repeat(32));
        grounds.put("keys/rota.jwks.json", KEY_SET);
        grounds.put("keys/management.token", "0123456789abcdef0123456789abcdef\n");
        grounds.put("keys/locked.key", &locked_key());
        std::fs::create_dir(grounds.path("refused")).expect("ours");
        grounds
    }

    pub(super) fn path(&self, within: &str) -> PathBuf {
        self.0.path().join(within)
    }

    /// Writes `text` where a configuration would stand.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        self.put(&format!("refused/{name}"), text);
        self.path("refused").join(name)
    }

    pub(super) fn load(&self, text: &str) -> Result<Config, Vec<Problem>> {
        self.load_in(text, &Surroundings::bare(now()))
    }

    pub(super) fn load_in(&self, text: &str, surroundings: &Surroundings) -> Result<Config, Vec<Problem>> {
        Config::from_toml_str(text, &self.path("refused"), surroundings)
    }

    pub(super) fn examine(&self, text: &str) -> Examined {
        self.examine_in(text, &Surroundings::bare(now()))
    }

    pub(super) fn examine_in(&self, text: &str, surroundings: &Surroundings) -> Examined {
        Config::examine(text, &self.path("refused"), surroundings)
    }

    /// What an operator would read, without the path of this folder.
    pub(super) fn said(&self, problems: &[Problem]) -> String {
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        self.without_paths(&said.join("\n"))
    }

    pub(super) fn without_paths(&self, text: &str) -> String {
        text.replace(&self.path("refused").display().to_string(), "BASE")
    }

    /// Every file, by its path in the folder.
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        let folders = ["", "keys", "metadata", "refused"].map(|folder| self.path(folder));
        let entries = folders
            .iter()
            .flat_map(|folder| std::fs::read_dir(folder).expect("ours"));
        entries.map(|entry| entry.expect("ours").path()).collect()
    }

    fn put(&self, within: &str, text: &str) {
        let path = self.path(within);
        std::fs::create_dir_all(path.parent().expect("it is below the folder")).expect("ours");
        std::fs::write(path, text).expect("ours");
    }
}

/// A file of this repository.
pub(super) fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).expect(path)
}

/// The files in `fixtures/config/refused`, by name, in order.
pub(super) fn refused_files() -> Vec<(String, String)> {
    let folder = repository().join("fixtures/config/refused");
    let entries = std::fs::read_dir(folder).expect("it is there");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("it is text"))
        })
        .collect();
    files.sort();
    files
}

/// The example with its `#key = value` lines switched on; what explains begins with `# `.
pub(super) fn switch_every_key_on(text: &str) -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with([' ', '#']) => rest.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(on).collect::<Vec<_>>().join("\n")
}

/// Every key of a file with its path, the connection's name being `NAME` as on the page of settings.
pub(super) fn keys_of(table: &toml::Table, at: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (key, value) in table {
        let key = if matches!(at, "saml." | "oidc." | "applications.") {
            "NAME"
        } else {
            key
        };
        let path = format!("{at}{key}");
        let inner = match value {
            toml::Value::Table(inner) => vec![inner],
            toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_table).collect(),
            toml::Value::String(_)
            | toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_) => Vec::new(),
        };
        keys.extend(inner.into_iter().flat_map(|it| keys_of(it, &format!("{path}."))));
        keys.insert(path);
    }
    keys
}

/// Every key that the page of settings lists, with the path of the table it stands under.
pub(super) fn keys_of_page(page: &str) -> BTreeSet<String> {
    let mut at = String::new();
    let mut keys = BTreeSet::new();
    for line in page.lines() {
        if let Some(table) = line.strip_prefix("## `") {
            at = format!("{}.", table.trim_matches(['[', ']', '`']));
        } else if let Some((key, _)) = line.strip_prefix("| `").and_then(|row| row.split_once('`')) {
            keys.insert(format!("{at}{key}"));
        }
    }
    keys
}

/// Values of every kind.
pub(super) fn junk() -> impl Strategy<Value = toml::Value> {
    let leaf = prop_oneof![
        ".{0,12}".prop_map(toml::Value::String),
        any::<i64>().prop_map(toml::Value::Integer),
        any::<bool>().prop_map(toml::Value::Boolean),
        (-1e9..1e9).prop_map(toml::Value::Float),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let keys = prop_oneof![Just("file"), Just("env"), Just("key"), Just("allow"), Just("x")];
        let table = prop::collection::hash_map(keys.prop_map(str::to_owned), inner.clone(), 0..3);
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(toml::Value::Array),
            table.prop_map(|entries| toml::Value::Table(entries.into_iter().collect())),
        ]
    })
}

/// Puts `junk` in place of one value, which may be a table.
pub(super) fn replace_one_value(table: &mut toml::Table, place: Index, junk: toml::Value) {
    let mut values = Vec::new();
    for (key, value) in table.iter() {
        values.push(vec![key.clone()]);
        let below = value.as_table().into_iter().flat_map(|inner| keys_of(inner, ""));
        values.extend(below.map(|path| {
            std::iter::once(key.as_str())
                .chain(path.split('.'))
                .map(str::to_owned)
                .collect()
        }));
    }
    let path = place.get(&values);
    let (key, above) = path.split_last().expect("a path has a key");
    let mut at = table;
    for step in above {
        match at.get_mut(step) {
            Some(toml::Value::Table(inner)) => at = inner,
            Some(toml::Value::Array(list)) => {
                at = list
                    .first_mut()
                    .and_then(toml::Value::as_table_mut)
                    .expect("a list of tables");
            }
            _ => return,
        }
    }
    at.insert(key.clone(), junk);
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

struct Pair {
    private: String,
    certificate: String,
}

/// The private key, PEM.
pub(super) fn private_key(key: Key) -> String {
    pair(key).private.clone()
}

fn pair(key: Key) -> &'static Pair {
    let pairs = KEYS.iter().zip(pairs());
    let mut of_key = pairs.filter(|((known, _), _)| *known == key);
    let (_, (_, pair)) = of_key.next().expect("all are listed");
    pair
}

/// The key of `rsa.crt` under a passphrase.
fn locked_key() -> String {
    let key = PKey::private_key_from_pem(private_key(Key::Rsa).as_bytes()).expect("a key");
    let pem = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret");
    String::from_utf8(pem.expect("PEM")).expect("PEM is text")
}

/// Made once for all tests: RSA keys take their time.
fn pairs() -> &'static [(&'static str, Pair)] {
    static PAIRS: OnceLock<Vec<(&str, Pair)>> = OnceLock::new();
    PAIRS.get_or_init(|| KEYS.map(|(key, name)| (name, make(key))).into())
}

fn make(key: Key) -> Pair {
    let private = match key {
        Key::Ec => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("it is known");
            PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
        }
        Key::Weak => PKey::from_rsa(Rsa::generate(1024).expect("a key")).expect("a key"),
        Key::Rsa | Key::Other | Key::Fake => {
            PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key")
        }
    };
    let organisation = if key == Key::Fake {
        FAKE_ORGANISATION
    } else {
        "A test"
    };
    let pem = |octets: Vec<u8>| String::from_utf8(octets).expect("PEM is text");
    Pair {
        certificate: pem(self_signed(&private, organisation).to_pem().expect("PEM")),
        private: pem(private.private_key_to_pem_pkcs8().expect("PEM")),
    }
}

fn self_signed(private: &PKey<Private>, organisation: &str) -> X509 {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, organisation)
        .expect("a name");
    let name = name.build();
    let mut certificate = X509::builder().expect("a certificate");
    certificate.set_version(2).expect("a certificate");
    certificate.set_subject_name(&name).expect("a certificate");
    certificate.set_issuer_name(&name).expect("a certificate");
    certificate.set_pubkey(private).expect("a certificate");
    let (from, until) = (
        Asn1Time::from_unix(1_767_225_600),
        Asn1Time::from_unix(1_893_456_000),
    );
    certificate
        .set_not_before(&from.expect("a time"))
        .expect("a certificate");
    certificate
        .set_not_after(&until.expect("a time"))
        .expect("a certificate");
    certificate
        .sign(private, MessageDigest::sha256())
        .expect("a certificate");
    certificate.build()
}

fn metadata(entity_id: &str, key: Key) -> String {
    let lines = pair(key).certificate.lines();
    let base64: String = lines.filter(|line| !line.starts_with("-----")).collect();
    format!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/saml2"/>
</IDPSSODescriptor>
</EntityDescriptor>
"#
    )
}
