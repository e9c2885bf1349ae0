//! Accepted mutants before xmlsec1: it must verify them, and the octets must be those of the genuine message.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Origin;
use super::outline::Outline;
use crate::corpus::index::path_of;
use crate::xmlsec1::{SignedElement, opened, verify};

/// A mutant that the judge accepted.
#[derive(Debug)]
pub(crate) struct Survivor {
    /// The place of its origin in the list of origins.
    pub(crate) origin: usize,
    /// How to make it again.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A file for xmlsec1, with the name of the mutant in it.
type Named<'s> = (PathBuf, &'s str);

/// Names the survivors that xmlsec1 does not verify, or for which it digests other octets.
pub(crate) fn refused_by_xmlsec1(origins: &[Origin], survivors: &[Survivor]) -> Vec<String> {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut refused = Vec::new();
    for (place, origin) in origins.iter().enumerate() {
        let mut sorted = Sorted::default();
        let of_origin = survivors.iter().filter(|survivor| survivor.origin == place);
        for (number, survivor) in of_origin.enumerate() {
            let file = folder.path().join(format!("{number}.xml"));
            sorted.take(&survivor.bytes, file, &survivor.name);
        }
        refused.extend(sorted.refused_for(origin, folder.path()));
    }
    refused
}

/// Mutants of one message by where their signatures stand.
#[derive(Default)]
struct Sorted<'s> {
    signed: BTreeMap<SignedElement, Vec<Named<'s>>>,
    /// Those whose only signature is inside what is encrypted.
    sealed: Vec<Named<'s>>,
    unsigned: Vec<&'s str>,
}

impl<'s> Sorted<'s> {
    /// Writes a message down. A Response's signature covers the ciphertext; only without one is the inside needed.
    fn take(&mut self, message: &[u8], file: PathBuf, name: &'s str) {
        let outline = Outline::of(message.to_vec());
        std::fs::write(&file, with_a_type(&outline)).expect("a temporary file can be written");
        let around: Vec<_> = outline
            .named("Signature")
            .iter()
            .map(|found| outline.around(found))
            .collect();
        let on_root = around.contains(&vec![b"Response".as_slice()]);
        let on_assertion = around.contains(&vec![b"Response".as_slice(), b"Assertion"]);
        if on_root {
            self.signed
                .entry(SignedElement::Root)
                .or_default()
                .push((file.clone(), name));
        }
        if on_assertion {
            self.signed
                .entry(SignedElement::Assertion)
                .or_default()
                .push((file, name));
        } else if !on_root && !outline.named("EncryptedAssertion").is_empty() {
            self.sealed.push((file, name));
        } else if !on_root {
            self.unsigned.push(name);
        }
    }

    fn refused_for(mut self, origin: &Origin, folder: &Path) -> Vec<String> {
        let unsigned = self
            .unsigned
            .iter()
            .map(|name| format!("{name}: no signature where one is verified"));
        let mut refused: Vec<String> = unsigned.collect();
        if !self.sealed.is_empty() {
            let inside = open_all(&self.sealed, origin, &mut refused);
            self.signed
                .entry(SignedElement::Assertion)
                .or_default()
                .extend(inside);
        }
        for (element, files) in &self.signed {
            let certificate = origin
                .case
                .verified
                .get(element.name())
                .and_then(|found| found["cert"].as_str());
            let certificate = path_of(certificate.expect("the genuine message has a signature there"));
            let expected = genuine_octets(origin, *element, &certificate, folder);
            refused.extend(with_other_octets(files, &certificate, *element, &expected));
        }
        refused
    }
}

/// `Type` of an `EncryptedData` may be absent (SAML Core 2.3.4); xmlsec1 needs it to put the assertion in place.
fn with_a_type(outline: &Outline) -> Vec<u8> {
    let untyped = outline.named("EncryptedData").into_iter().find(|data| {
        let names = data
            .attributes
            .iter()
            .map(|attribute| &outline.bytes[attribute.name.clone()]);
        !names.into_iter().any(|name| name == b"Type")
    });
    let typed = b" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"";
    untyped.map_or_else(
        || outline.bytes.clone(),
        |data| outline.inserted(data.name.end, typed),
    )
}

/// What xmlsec1 digests of the genuine message.
fn genuine_octets(origin: &Origin, element: SignedElement, certificate: &Path, folder: &Path) -> Vec<u8> {
    let mut file = path_of(&origin.case.file);
    if element == SignedElement::Assertion && origin.case.encrypted == Some(true) {
        let inside = opened(&[file], &path_of(&origin.sp.sp_keys[0]))
            .expect("it is genuine")
            .remove(0);
        file = folder.join("genuine.xml");
        std::fs::write(&file, inside).expect("a temporary file can be written");
    }
    verify(&[file], certificate, element)
        .expect("it is genuine")
        .remove(0)
}

/// The messages with their assertions in the clear, in files beside them; those that xmlsec1 cannot open are
/// refused.
fn open_all<'s>(sealed: &[Named<'s>], origin: &Origin, refused: &mut Vec<String>) -> Vec<Named<'s>> {
    let key = path_of(&origin.sp.sp_keys[0]);
    let files: Vec<PathBuf> = sealed.iter().map(|(file, _)| file.clone()).collect();
    let all = opened(&files, &key).map(|all| all.into_iter().map(Ok).collect());
    let inside: Vec<Result<Vec<u8>, String>> = all.unwrap_or_else(|_one_failed| {
        let one_by_one = files.iter().map(|file| opened(std::slice::from_ref(file), &key));
        one_by_one
            .map(|inside| inside.map(|mut inside| inside.remove(0)))
            .collect()
    });
    let mut clear = Vec::new();
    for ((file, name), inside) in sealed.iter().zip(inside) {
        match inside {
            Ok(inside) => {
                let opened = file.with_extension("opened");
                std::fs::write(&opened, inside).expect("a temporary file can be written");
                clear.push((opened, *name));
            }
            Err(said) => refused.push(format!("{name}: not opened: {}", first_complaint(&said))),
        }
    }
    clear
}

/// All files in one go; one by one only to name those that fail.
fn with_other_octets(
    files: &[Named<'_>],
    certificate: &Path,
    element: SignedElement,
    expected: &[u8],
) -> Vec<String> {
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let all = verify(&paths, certificate, element);
    if all.is_ok_and(|octets| octets.iter().all(|digested| digested == expected)) {
        return Vec::new();
    }
    let one_by_one = files.iter().filter_map(|(path, name)| {
        match verify(std::slice::from_ref(path), certificate, element) {
            Ok(octets) if octets[0] == expected => None,
            Ok(_) => Some(format!("{name}: {element:?}: other octets")),
            Err(said) => Some(format!("{name}: {element:?}: {}", first_complaint(&said))),
        }
    });
    one_by_one.collect()
}

/// xmlsec1 complains of every certificate in a message; that is not why it refuses.
fn first_complaint(said: &str) -> &str {
    said.lines()
        .find(|line| !line.contains("X509Store"))
        .unwrap_or_default()
}
