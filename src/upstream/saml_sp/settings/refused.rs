//! Relaxations that people look for and that are no settings here: each with the reason, and what to do instead.

use crate::upstream::refused::Refused;

/// The sentence for a key of `[saml.NAME]` that this bridge knows and does not offer.
pub fn refused(key: &str) -> Option<Refused> {
    let (what, instead) = match key.replace("inresponseto", "in_response_to").as_str() {
        "allow_no_audience" => (
            "an assertion that names no audience could have been written for any service; it is never accepted",
            "remove the key; the identity provider must name our entity_id as the audience",
        ),
        "allow_scd_notbefore" => (
            "NotBefore is forbidden in a bearer confirmation (SAML Profiles 4.1.4.2); it is never accepted",
            "remove the key; the identity provider must leave NotBefore out",
        ),
        "allow_inclusive_c14n" => (
            "only exclusive canonicalisation is read; with any other, what is signed depends on what surrounds it",
            "remove the key; the identity provider must use exclusive canonicalisation",
        ),
        "allow_3des" => (
            "Triple DES is never accepted",
            "remove the key; AES-128-GCM or AES-256-GCM is read",
        ),
        "allow_rsa_1_5_key_transport" => (
            "RSA PKCS#1 v1.5 key transport lets an attacker ask us about messages; it is never accepted",
            "remove the key; RSA-OAEP is read",
        ),
        "ignore_spnamequalifier" => (
            "a NameID qualified for another service is never accepted",
            "remove the key; the identity provider must qualify the NameID for our entity_id or not at all",
        ),
        "allow_encrypted_id" => (
            "there is nothing to allow: an encrypted NameID is read with the keys of [[decryption]]",
            "remove the key; set [[decryption]] if the identity provider encrypts anything",
        ),
        "allow_sha1" | "allow_rsa_1024" | "allow_cbc" => (
            "a weak algorithm is permitted only until a date and for a reason",
            "[[saml.NAME.exception]] with allow, until and reason",
        ),
        "allow_unsolicited" => (
            "there are three answers to a response nobody asked for, not two",
            "unsolicited = \"restart\" or \"accept\" with unsolicited_relay_states",
        ),
        "allow_missing_destination"
        | "allow_no_response_issuer"
        | "allow_signing_cert_outside_validity"
        | "allow_rsa_pss"
        | "allow_duplicate_attribute_names" => (
            "this needs no setting: it is always accepted where it is safe",
            "remove the key",
        ),
        _ => return None,
    };
    Some(Refused { what, instead })
}
