//! Keys and secrets, fit and unfit.

use super::*;
use crate::platform::secret::Source;
use crate::upstream::oidc_rp::settings::examples::{cis2, client_key, ec_key, entra, rsa_key};

fn said(settings: &Settings) -> Vec<String> {
    let problems = settings.credential_problems("c").into_iter();
    problems.map(|it| format!("{}: {}", it.at, it.what)).collect()
}

#[test]
fn oi_08_a_key_signs_with_an_algorithm_of_its_own_kind_and_size() {
    let p_256 = ec_key(Nid::X9_62_PRIME256V1);
    let (strong, weak) = (rsa_key(2048), rsa_key(1024));
    let p_384 = ec_key(Nid::SECP384R1);
    for (key, algorithm, what) in [
        (&p_256, Algorithm::Es256, None),
        (&strong, Algorithm::Rs256, None),
        (&strong, Algorithm::Rs512, None),
        (&strong, Algorithm::Ps256, None),
        (&weak, Algorithm::Rs512, Some("RSA of 1024 bits, which RS512")),
        (&strong, Algorithm::Es256, Some("RSA of 2048 bits, which ES256")),
        (
            &p_256,
            Algorithm::Rs256,
            Some("on the curve prime256v1, which RS256"),
        ),
        (
            &p_384,
            Algorithm::Es256,
            Some("on the curve secp384r1, which ES256"),
        ),
    ] {
        let mut settings = cis2();
        settings.client_keys = vec![client_key(algorithm, key)];
        let expected = what.map(|what| format!("c.client_key[0].key: the key is {what} cannot use"));
        assert_eq!(said(&settings), Vec::from_iter(expected));
    }
}

#[test]
fn oi_16_the_keys_of_a_roll_over_are_two_and_have_two_names() {
    let mut settings = cis2();
    let first = settings.client_keys[0].clone();
    settings.client_keys.push(first);
    settings
        .client_keys
        .push(client_key(Algorithm::Rs256, &rsa_key(2048)));
    for key in &mut settings.client_keys {
        key.kid = Some("bridge-2026".to_owned());
    }
    let at: Vec<_> = settings
        .credential_problems("c")
        .into_iter()
        .map(|it| it.at)
        .collect();
    assert_eq!(
        at,
        [
            "c.client_key[1].kid",
            "c.client_key[1].key",
            "c.client_key[2].kid"
        ]
    );
}

#[test]
fn each_method_has_what_it_needs_and_nothing_else() {
    let mut keyless = cis2();
    keyless.client_keys.clear();
    keyless.client_secret = Some(Source::held(*b"a secret of some length"));
    assert_eq!(said(&keyless).len(), 2);
    let mut secretless = entra();
    secretless.client_secret = None;
    assert_eq!(
        said(&secretless),
        ["c.client_secret: client_secret_post needs the secret"]
    );
    assert!(said(&cis2()).is_empty() && said(&entra()).is_empty());
}

#[test]
fn a_shared_secret_is_long_enough_and_loses_the_end_of_its_line() {
    let secret = |octets: &[u8]| {
        let mut settings = entra();
        settings.client_authentication = ClientAuthentication::ClientSecretJwt;
        settings.client_secret = Some(Source::held(octets));
        settings
    };
    let read = secret(b"0123456789abcdef\r\n")
        .read_client_secret()
        .unwrap()
        .unwrap();
    assert_eq!(read.expose(), b"0123456789abcdef");
    for (octets, problems, warnings) in [
        (b"0123456789abcde\n".as_slice(), 1, 0),
        (b"0123456789abcdef", 0, 1),
        (b"0123456789abcdef0123456789abcde", 0, 1),
        (b"0123456789abcdef0123456789abcdef", 0, 0),
        (b"\n", 1, 0),
        (b"0123456789abcdef\x000123456789abcdef", 1, 0),
    ] {
        let settings = secret(octets);
        assert_eq!(said(&settings).len(), problems, "{octets:?}");
        assert_eq!(
            settings.short_secret("c").into_iter().count(),
            warnings,
            "{octets:?}"
        );
    }
}
