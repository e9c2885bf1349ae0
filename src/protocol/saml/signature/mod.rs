//! XML signatures, as SAML uses them: one enveloped signature over the element that carries it.
//!
//! [`Signature`] is what a message claims; [`Provable`] is a signature of the one shape we verify; only
//! [`Provable::verify`] makes [`SignedOctets`], and only from octets whose digest was signed.

mod algorithms;
mod key;
mod make;
mod shape;
mod sign;
mod verify;

pub(crate) use algorithms::{DigestAlgorithm, Family, SignatureAlgorithm};
pub(crate) use key::{KeyFlaw, SigningKey, VerificationKey, certificate, private_key};
pub(crate) use make::{KeyKind, SelfSigned};
pub(crate) use shape::{SHAPE, Signature, base64};
pub(crate) use sign::{Layout, SignFlaw, sign, sign_octets};
pub(crate) use verify::{Broken, SignedOctets, verify_octets};
