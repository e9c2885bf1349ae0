//! xmlsec1, the command line: a judge of signatures that shares no line with ours.
//!
//! It is given one certificate and is not allowed to take a key from the message. Besides yes or no it hands
//! over the octets it digested, so that a test can compare what was signed, not only whether.

mod genuine;
pub(crate) mod signer;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::octets::{find, find_all};

/// How many files one process is given: enough to make its start cheap, few enough for one command line.
const BATCH: usize = 400;
/// The attributes that SAML declares to be identifiers; without a schema xmlsec1 has to be told.
const IDENTIFIERS: [&str; 5] = [
    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol:Response",
    "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest",
    "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor",
    "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor",
];

/// The element whose own signature is to be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignedElement {
    /// The root of the document.
    Root,
    /// The Assertion below the root, opened before if it was encrypted.
    Assertion,
}

impl SignedElement {
    /// The element as the corpus and the standard name it.
    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "Assertion" => Self::Assertion,
            _ => Self::Root,
        }
    }

    /// Its name in the index of the corpus.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Root => "Response",
            Self::Assertion => "Assertion",
        }
    }

    fn signature_path(self) -> &'static str {
        match self {
            Self::Root => "/*/*[local-name()='Signature']",
            Self::Assertion => {
                "/*/*[local-name()='Assertion']/*[local-name()='Signature'] \
                 | /*/*[local-name()='EncryptedAssertion']/*[local-name()='Assertion']/*[local-name()='Signature']"
            }
        }
    }
}

/// Verify the signature of `element` in every file with the key of one certificate (PEM).
///
/// Returns the octets that each file's Reference digested, or what xmlsec1 said to the first file it refused.
pub(crate) fn verify(
    files: &[PathBuf],
    certificate: &Path,
    element: SignedElement,
) -> Result<Vec<Vec<u8>>, String> {
    let mut octets = Vec::with_capacity(files.len());
    for batch in files.chunks(BATCH) {
        let output = run(Command::new("xmlsec1")
            .args([
                "--verify",
                "--enabled-key-data",
                "key-name",
                "--store-references",
                "--print-debug",
            ])
            .args(["--node-xpath", element.signature_path()])
            .args(IDENTIFIERS.iter().flat_map(|name| ["--id-attr:ID", name]))
            .arg("--pubkey-cert-pem")
            .arg(certificate)
            .args(batch));
        let digested = digested_octets(&output.stdout);
        if !output.status.success() || digested.len() != batch.len() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        octets.extend(digested);
    }
    Ok(octets)
}

/// Replace the `EncryptedData` of each message by what it holds, with one private key (PKCS#8, DER).
pub(crate) fn opened(files: &[PathBuf], key: &Path) -> Result<Vec<Vec<u8>>, String> {
    const START: &[u8] = b"<?xml version=";
    let mut messages = Vec::with_capacity(files.len());
    for batch in files.chunks(BATCH) {
        let output = run(Command::new("xmlsec1")
            .args(["--decrypt", "--enabled-key-data", "enc-key"])
            .args([
                "--node-xpath",
                "//*[local-name()='EncryptedAssertion']/*[local-name()='EncryptedData']",
            ])
            .arg("--privkey-der")
            .arg(key)
            .args(batch));
        let starts = find_all(START, &output.stdout);
        if !output.status.success() || starts.len() != batch.len() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let ends = starts.iter().skip(1).copied().chain([output.stdout.len()]);
        messages.extend(
            starts
                .iter()
                .zip(ends)
                .map(|(start, end)| output.stdout[*start..end].to_vec()),
        );
    }
    Ok(messages)
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .expect("xmlsec1 is installed: apt-get install xmlsec1")
}

/// What xmlsec1 prints between its two marks, once for each Reference.
fn digested_octets(output: &[u8]) -> Vec<Vec<u8>> {
    const START: &[u8] = b"== PreDigest data - start buffer:\n";
    const END: &[u8] = b"\n== PreDigest data - end buffer";
    let mut rest = output;
    let mut found = Vec::new();
    while let Some(start) = find(START, rest) {
        rest = &rest[start + START.len()..];
        let end = find(END, rest).expect("xmlsec1 closes the buffer it opened");
        found.push(rest[..end].to_vec());
        rest = &rest[end..];
    }
    found
}
