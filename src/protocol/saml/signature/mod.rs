//! XML signatures, as SAML uses them: one enveloped signature over the element that carries it.
//!
//! [`Signature`] is what a message claims; [`shape::Provable`] is a signature of the one shape we verify; only
//! [`shape::Provable::verify`] makes [`SignedOctets`], and only from octets whose digest was signed. Documents are signed by
//! the fakes alone; we sign the query of a request.

mod algorithms;
mod key;
#[cfg(any(test, feature = "fakes"))]
mod make;
mod shape;
#[cfg(any(test, feature = "fakes"))]
mod sign;
mod sign_octets;
mod verify;

pub(crate) use algorithms::{DigestAlgorithm, Family, SignatureAlgorithm};
#[cfg(any(test, feature = "fakes"))]
pub(crate) use key::certificate;
pub(crate) use key::{KeyFlaw, SigningKey, VerificationKey, private_key};
#[cfg(any(test, feature = "fakes"))]
pub(crate) use make::{KeyKind, SelfSigned};
pub(crate) use shape::{SHAPE, Signature, base64};
#[cfg(any(test, feature = "fakes"))]
pub(crate) use sign::{Layout, SignFlaw, sign};
pub(crate) use sign_octets::sign_octets;
pub(crate) use verify::{Broken, SignedOctets, verify_octets};
