//! One message before the judge: what is found in it, each thing found once and only when a rule asks.
//!
//! The order of the rules decides the order of the work, so a message that is refused early costs little.

use std::cell::OnceCell;

use crate::protocol::saml::encryption::{Container, NotOpened};
use crate::protocol::saml::names::ASSERTION;
use crate::protocol::saml::response::{Assertion, ResponseView};
use crate::protocol::saml::signature::{Broken, Signature, SignedOctets};
use crate::protocol::saml::xml::{Canonical, ElementRef, Flaw, Reading, Tree, canonicalise, read};
use crate::upstream::saml_sp::terms::Terms;

/// Room for what is decrypted, outside the case so that the case can look into it.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    opened: OnceCell<Option<Result<Opened, NotOpened>>>,
}

/// A decrypted assertion with the namespace declarations that stood around it.
#[derive(Debug)]
struct Opened {
    text: String,
    around: Vec<(String, String)>,
}

/// A message, the terms it is judged by, and what has been found in it so far.
pub(crate) struct Case<'a> {
    octets: &'a [u8],
    pub(crate) terms: &'a Terms<'a>,
    scratch: &'a Scratch,
    tree: OnceCell<Result<Tree<'a>, Flaw>>,
    inner: OnceCell<Option<Result<Tree<'a>, Flaw>>>,
    response_signed: OnceCell<Option<Result<SignedOctets, Broken>>>,
    assertion_signed: OnceCell<Option<Result<SignedOctets, Broken>>>,
    believed: OnceCell<Option<Assertion>>,
    stated: OnceCell<Option<Assertion>>,
}

impl<'a> Case<'a> {
    /// `octets` as they were decoded from the binding.
    pub(crate) fn new(octets: &'a [u8], terms: &'a Terms<'a>, scratch: &'a Scratch) -> Self {
        Self {
            octets,
            terms,
            scratch,
            tree: OnceCell::new(),
            inner: OnceCell::new(),
            response_signed: OnceCell::new(),
            assertion_signed: OnceCell::new(),
            believed: OnceCell::new(),
            stated: OnceCell::new(),
        }
    }

    /// The message as a tree, or why it is none.
    pub(crate) fn tree(&self) -> Result<&Tree<'a>, &Flaw> {
        self.tree
            .get_or_init(|| read(self.octets, &Reading::MESSAGE))
            .as_ref()
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Option<ElementRef<'_, 'a>> {
        self.tree().ok()?.root()
    }

    /// The Response, if the message is one.
    pub(crate) fn response(&self) -> Option<ResponseView<'_, 'a>> {
        ResponseView::at(self.root()?)
    }

    /// The assertion in the clear, if it is the only assertion.
    pub(crate) fn clear_assertion(&self) -> Option<ElementRef<'_, 'a>> {
        let response = self.response()?;
        let encrypted = response.encrypted_assertions().next().is_some();
        let mut assertions = response.assertions();
        let first = assertions.next()?;
        (!encrypted && assertions.next().is_none()).then_some(first)
    }

    /// The encrypted assertion, if it is the only assertion.
    pub(crate) fn container(&self) -> Option<Container<'_, 'a>> {
        only_container(self.response()?).map(Container::at)
    }

    /// The decrypted assertion as a tree: `None` if nothing is encrypted or it could not be opened.
    pub(crate) fn inner(&self) -> Option<Result<&Tree<'a>, &Flaw>> {
        let found = self.inner.get_or_init(|| {
            let opened = self.opened()?.as_ref().ok()?;
            let reading = Reading {
                around: &opened.around,
                ..Reading::MESSAGE
            };
            Some(read(opened.text.as_bytes(), &reading))
        });
        found.as_ref().map(Result::as_ref)
    }

    /// Whether the encrypted assertion could be opened; `None` if nothing is encrypted.
    pub(crate) fn opening(&self) -> Option<Result<(), NotOpened>> {
        self.opened()
            .map(|opened| opened.as_ref().map(|_| ()).map_err(|flaw| *flaw))
    }

    fn opened(&self) -> Option<&'a Result<Opened, NotOpened>> {
        self.scratch.opened.get_or_init(|| self.open()).as_ref()
    }

    /// Opens the container that the signed octets hold if the Response is signed, else the one that arrived.
    fn open(&self) -> Option<Result<Opened, NotOpened>> {
        let container = only_container(self.response()?)?;
        if let Some(Ok(signed)) = self.response_signed() {
            let tree = read(signed.as_str().as_bytes(), &Reading::MESSAGE).ok()?;
            let container = only_container(ResponseView::at(tree.root()?)?)?;
            return Some(self.open_container(container));
        }
        Some(self.open_container(container))
    }

    fn open_container(&self, container: ElementRef<'_, '_>) -> Result<Opened, NotOpened> {
        let text = Container::at(container).open(self.terms.decryption)?;
        Ok(Opened {
            text,
            around: container.surroundings(),
        })
    }

    /// The assertion that is read, in the clear or decrypted, as the sender wrote it.
    pub(crate) fn assertion_element(&self) -> Option<ElementRef<'_, 'a>> {
        self.clear_assertion().or_else(|| {
            let root = self.inner()?.ok()?.root()?;
            root.is(ASSERTION, "Assertion").then_some(root)
        })
    }

    /// The first signature of the Response.
    pub(crate) fn response_signature(&self) -> Option<Signature<'_, 'a>> {
        Signature::children_of(self.response()?.element()).next()
    }

    /// The first signature of the assertion in the clear.
    pub(crate) fn clear_assertion_signature(&self) -> Option<Signature<'_, 'a>> {
        Signature::children_of(self.clear_assertion()?).next()
    }

    /// The first signature of the assertion that is read, in the clear or decrypted.
    pub(crate) fn assertion_signature(&self) -> Option<Signature<'_, 'a>> {
        Signature::children_of(self.assertion_element()?).next()
    }

    /// What the Response's signature proves; `None` if there is none of the shape that is verified.
    pub(crate) fn response_signed(&self) -> Option<&Result<SignedOctets, Broken>> {
        let verified = self
            .response_signed
            .get_or_init(|| self.verify(self.response_signature()?));
        verified.as_ref()
    }

    /// What the assertion's signature proves; `None` if there is none of the shape that is verified.
    pub(crate) fn assertion_signed(&self) -> Option<&Result<SignedOctets, Broken>> {
        let verified = self
            .assertion_signed
            .get_or_init(|| self.verify(self.assertion_signature()?));
        verified.as_ref()
    }

    fn verify(&self, signature: Signature<'_, 'a>) -> Option<Result<SignedOctets, Broken>> {
        Some(signature.provable()?.verify(self.terms.keys))
    }

    /// The assertion as it is read from signed octets: the only reading an identity is made of.
    ///
    /// Every signature that is present must hold; one at least must be present.
    pub(crate) fn believed(&self) -> Option<&Assertion> {
        self.believed.get_or_init(|| self.read_believed()).as_ref()
    }

    fn read_believed(&self) -> Option<Assertion> {
        let response = self.response_signature().map(|_| self.response_signed());
        let assertion = self.assertion_signature().map(|_| self.assertion_signed());
        let proofs: Vec<&SignedOctets> = [response, assertion]
            .into_iter()
            .flatten()
            .map(|proof| proof.and_then(|verified| verified.as_ref().ok()))
            .collect::<Option<_>>()?;
        let in_the_clear = self.clear_assertion().is_some();
        match (proofs.as_slice(), assertion.is_some()) {
            // The assertion's own signature: its octets, decrypted or not.
            ([.., proof], true) => assertion_in(proof.as_str()),
            // The Response's signature covers the assertion, or the ciphertext it was opened from.
            ([proof], false) if in_the_clear => assertion_in(proof.as_str()),
            ([_], false) => assertion_in(&canonicalise(self.assertion_element()?, Canonical::default())),
            _ => None,
        }
    }

    /// True if a signature has been verified or anything been opened.
    #[cfg(test)]
    pub(crate) fn has_used_a_key(&self) -> bool {
        [&self.response_signed, &self.assertion_signed]
            .iter()
            .any(|cell| cell.get().is_some_and(Option::is_some))
            || self.scratch.opened.get().is_some_and(Option::is_some)
    }

    /// The assertion for rules to look at: the believed reading, or else what the sender wrote, so that
    /// `explain` can go on past a broken signature. A sign-in has stopped before it could see the latter.
    pub(crate) fn stated(&self) -> Option<&Assertion> {
        if let Some(believed) = self.believed() {
            return Some(believed);
        }
        self.stated
            .get_or_init(|| Assertion::read(self.assertion_element()?))
            .as_ref()
    }
}

/// The only assertion in signed octets, whether they are a Response's or an assertion's.
fn assertion_in(octets: &str) -> Option<Assertion> {
    let tree = read(octets.as_bytes(), &Reading::MESSAGE).ok()?;
    let root = tree.root()?;
    let Some(response) = ResponseView::at(root) else {
        return Assertion::read(root);
    };
    let mut assertions = response.assertions();
    let only = assertions.next()?;
    if assertions.next().is_some() {
        return None;
    }
    Assertion::read(only)
}

fn only_container<'t, 'a>(response: ResponseView<'t, 'a>) -> Option<ElementRef<'t, 'a>> {
    let mut containers = response.encrypted_assertions();
    let first = containers.next()?;
    let alone = containers.next().is_none() && response.assertions().next().is_none();
    alone.then_some(first)
}
