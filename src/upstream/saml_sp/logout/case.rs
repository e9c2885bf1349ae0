//! One message of single logout before the judge: what is found in it, each thing found once and only when asked for.

use std::cell::OnceCell;

use crate::protocol::saml::logout::{LogoutKind, ReceivedLogout};
use crate::protocol::saml::signature::{Signature, SignedOctets};
use crate::protocol::saml::xml::{ElementRef, Flaw, Reading, Tree, read};
use crate::upstream::saml_sp::logout::arrival::{Arrival, Carried};
use crate::upstream::saml_sp::logout::terms::LogoutTerms;

/// A message, the terms it is judged by, and what has been found in it so far.
pub(crate) struct LogoutCase<'a> {
    arrival: &'a Arrival,
    pub(crate) terms: &'a LogoutTerms<'a>,
    tree: OnceCell<Result<Tree<'a>, Flaw>>,
    proof: OnceCell<Option<Result<Proof, String>>>,
    believed: OnceCell<Option<ReceivedLogout>>,
}

/// What a signature that holds covers.
#[derive(Debug)]
pub(crate) enum Proof {
    /// The query with the whole message in it; made by the key at this place.
    Query(usize),
    /// The message, in these octets.
    Element(SignedOctets),
}

impl<'a> LogoutCase<'a> {
    pub(crate) fn new(arrival: &'a Arrival, terms: &'a LogoutTerms<'a>) -> Self {
        Self {
            arrival,
            terms,
            tree: OnceCell::new(),
            proof: OnceCell::new(),
            believed: OnceCell::new(),
        }
    }

    /// Which of the two messages should be here.
    pub(crate) fn kind(&self) -> LogoutKind {
        self.arrival.kind()
    }

    /// The message as a tree, or why it is none.
    pub(crate) fn tree(&self) -> Result<&Tree<'a>, &Flaw> {
        let found = self
            .tree
            .get_or_init(|| read(self.arrival.octets(), &Reading::MESSAGE));
        found.as_ref()
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Option<ElementRef<'_, 'a>> {
        self.tree().ok()?.root()
    }

    /// True if it came by HTTP-POST, where the message itself is signed.
    pub(crate) fn is_posted(&self) -> bool {
        matches!(self.arrival.carried, Carried::Form(_))
    }

    /// The signature of the message itself.
    pub(crate) fn element_signature(&self) -> Option<Signature<'_, 'a>> {
        Signature::children_of(self.root()?).next()
    }

    /// True if something claims to be a signature where this binding has it.
    pub(crate) fn is_signed(&self) -> bool {
        match &self.arrival.carried {
            Carried::Query(redirect) => redirect.is_signed(),
            Carried::Form(_) => self.element_signature().is_some(),
        }
    }

    /// The algorithms that the signature says it uses: of the signature, and of the digest where it has one.
    pub(crate) fn algorithms(&self) -> Option<(&str, Option<&str>)> {
        match &self.arrival.carried {
            Carried::Query(redirect) => Some((redirect.algorithm_uri()?, None)),
            Carried::Form(_) => {
                let signature = self.element_signature()?;
                Some((signature.algorithm_uri()?, signature.digest_uri()))
            }
        }
    }

    /// What the signature proves, or why nothing; `None` if there is none of a shape that is verified.
    pub(crate) fn proof(&self) -> Option<&Result<Proof, String>> {
        self.proof.get_or_init(|| self.verify()).as_ref()
    }

    fn verify(&self) -> Option<Result<Proof, String>> {
        let keys = self.terms.keys;
        match &self.arrival.carried {
            Carried::Query(redirect) if redirect.is_signed() => {
                let verified = redirect.verified_by(keys).map(Proof::Query);
                Some(verified.map_err(|cause| cause.to_string()))
            }
            Carried::Query(_) => None,
            Carried::Form(_) => {
                let verified = self
                    .element_signature()?
                    .provable()?
                    .verify(keys)
                    .map(Proof::Element);
                Some(verified.map_err(|cause| cause.to_string()))
            }
        }
    }

    /// The message as it is read from signed octets: the only reading that rules about its content look at.
    pub(crate) fn believed(&self) -> Option<&ReceivedLogout> {
        self.believed.get_or_init(|| self.read_believed()).as_ref()
    }

    fn read_believed(&self) -> Option<ReceivedLogout> {
        match self.proof()?.as_ref().ok()? {
            Proof::Query(_) => ReceivedLogout::read(self.root()?, self.kind()),
            Proof::Element(signed) => {
                let tree = read(signed.as_str().as_bytes(), &Reading::MESSAGE).ok()?;
                ReceivedLogout::read(tree.root()?, self.kind())
            }
        }
    }
}
