//! Documents for the tests of every room that reads metadata.

use time::OffsetDateTime;
use time::macros::datetime;

use crate::protocol::saml::names::{BINDING_POST, BINDING_REDIRECT, DSIG, METADATA, PROTOCOL};
use crate::protocol::saml::signature::{KeyKind, SelfSigned, SigningKey};

/// The instant at which the examples are read.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);
/// The identity provider of the examples.
pub(crate) const IDP: &str = "https://idp.example.test/";
/// Its address for HTTP-Redirect.
pub(crate) const SSO: &str = "https://idp.example.test/saml2";
/// A certificate with an RSA key of 1024 bits. Its private key was never kept.
pub(crate) const RSA_1024: &str = "MIICIDCCAYmgAwIBAgIUIbwaB1fIhsLdfbUD8dQ9t38UW3AwDQYJKoZIhvcNAQELBQAwITENMAsGA1UEAwwEd2VhazEQMA4GA1UECgwHZXhhbXBsZTAgFw0yNjExMjEyMjQwMzdaGA8yMTI2MTAyODIyNDAzN1owITENMAsGA1UEAwwEd2VhazEQMA4GA1UECgwHZXhhbXBsZTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA5sOPmkrkK2zFMwWKC6z0Xyprl1HXoEbk8Vs9h+as1HBhh8mvPi+7J+7OcYb5fwP7UlrDQGRyUCJ0yyyhLk4/dT15JPkqa4s+B0AYwjDYqwN3b9OBh/8ivGLWH4JlVJGrkaW1R7yZpDMX2GdbMrL2bMBy9nIeRb2sXzbXFRleM78CAwEAAaNTMFEwHQYDVR0OBBYEFJvCcuU3EwwuVhj3N6ukErJhL8IjMB8GA1UdIwQYMBaAFJvCcuU3EwwuVhj3N6ukErJhL8IjMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADgYEAYp1Zb9L2lOCt5r6SfA8NYZv78UUF8UU9cJh0iwnqdXeNbjp40TOuymiIe6q133rky7vTi/Su+s1XumiA3m9uX8oFeXiBm9KH+jqkSoe8dn54cDtApSKuzErD4oWNL739ly/YV5q3XFeN3Wci7BVXaR0x3/e1UshymaFz6+LZM94=";
/// A certificate with an Ed25519 key, which signs nothing in SAML.
pub(crate) const ED25519: &str = "MIIBVTCCAQegAwIBAgIUNR5+z/Pe2qQA3oNb1UTRRYbPbtowBQYDK2VwMB8xCzAJBgNVBAMMAmVkMRAwDgYDVQQKDAdleGFtcGxlMCAXDTI2MTEyMTIyNDAzN1oYDzIxMjYxMDI4MjI0MDM3WjAfMQswCQYDVQQDDAJlZDEQMA4GA1UECgwHZXhhbXBsZTAqMAUGAytlcAMhAFFSFWdVm2D0FOYApOhOiQgRzNLWk8qDHLK9dvpylFMAo1MwUTAdBgNVHQ4EFgQUOoadhxO0dJ3kVLDwpo51bV3aCdwwHwYDVR0jBBgwFoAUOoadhxO0dJ3kVLDwpo51bV3aCdwwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBnyIX7nGEA9s1X78rs+0b+v/anQP/HZ9DISdQM1SIO+o6BYjlpGW7l0DoYFkjhBS+NKImx656dbHKbJ7nolggN";

/// A key on P-256 whose certificate lasts for a hundred years.
pub(crate) fn key() -> SigningKey {
    key_of("example", 36_500)
}

/// A key of `organisation` whose certificate began in 1970 and lasts for `days`.
pub(crate) fn key_of(organisation: &str, days: i64) -> SigningKey {
    let wanted = SelfSigned {
        kind: KeyKind::P256,
        organisation,
        days,
        ..SelfSigned::example()
    };
    wanted.make().unwrap()
}

/// The certificate of a fresh key, base64 of DER.
pub(crate) fn certificate() -> String {
    key().certificate_base64().unwrap()
}

/// A `KeyDescriptor` with the attribute `use` as given, such as `use="signing"`.
pub(crate) fn key_descriptor(use_: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor {use_}><ds:KeyInfo xmlns:ds=\"{DSIG}\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

/// Two `SingleSignOnService`s, as Entra has them.
pub(crate) fn services() -> String {
    format!(
        "<md:SingleSignOnService Binding=\"{BINDING_REDIRECT}\" Location=\"{SSO}\"/>\
         <md:SingleSignOnService Binding=\"{BINDING_POST}\" Location=\"{SSO}\"/>"
    )
}

/// An `IDPSSODescriptor` with `inside`.
pub(crate) fn role(inside: &str) -> String {
    format!("<md:IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{inside}</md:IDPSSODescriptor>")
}

/// An `EntityDescriptor` with these attributes and `inside`.
pub(crate) fn entity(attributes: &str, inside: &str) -> String {
    format!("<md:EntityDescriptor xmlns:md=\"{METADATA}\" {attributes}>{inside}</md:EntityDescriptor>")
}

/// An `EntitiesDescriptor` with these attributes and `inside`.
pub(crate) fn aggregate(attributes: &str, inside: &str) -> String {
    format!("<md:EntitiesDescriptor xmlns:md=\"{METADATA}\" {attributes}>{inside}</md:EntitiesDescriptor>")
}

/// The document of the identity provider `entity_id` with one signing certificate.
pub(crate) fn document_of(entity_id: &str, certificate: &str) -> String {
    let inside = key_descriptor("use=\"signing\"", certificate) + &services();
    entity(&format!("entityID=\"{entity_id}\" ID=\"_1\""), &role(&inside))
}

/// The document of [`IDP`] with a fresh key.
pub(crate) fn document() -> String {
    document_of(IDP, &certificate())
}
