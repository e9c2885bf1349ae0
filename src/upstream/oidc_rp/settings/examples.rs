//! Connections for tests of this room and others.

use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;

use crate::platform::secret::Source;
use crate::upstream::oidc_rp::settings::{
    Algorithm, ClientAuthentication, ClientKey, Endpoints, Essentials, Preset, Settings, Written,
};
use crate::upstream::verified::Door;

/// CIS2 integration, with a fresh key on P-256.
pub(crate) fn cis2() -> Settings {
    let preset = Preset::Int;
    Settings::new(
        preset,
        Essentials {
            label: "Care Identity".to_owned(),
            door: Door::Cis2,
            issuer: preset.issuer("").expect("it is known"),
            client_id: "000000000000.apps.supplier".to_owned(),
            client_keys: vec![client_key(Algorithm::Es256, &ec_key(Nid::X9_62_PRIME256V1))],
        },
    )
}

/// NHSmail in Entra, with a secret.
pub(crate) fn entra() -> Settings {
    let written = Written {
        client_secret: Some(Source::held(*b"6f1c0c1e-0000-4000-8000-0000000000aa\n")),
        ..Written::new(
            "NHSmail".to_owned(),
            Preset::EntraOidc,
            "5d1d9a5e-0000-4000-8000-000000000001".to_owned(),
            ClientAuthentication::ClientSecretPost,
        )
    };
    let (settings, problems) = written.settled("oidc.one");
    assert_eq!(problems, []);
    settings
}

/// Every address of a provider.
pub(crate) fn endpoints() -> Endpoints {
    let at = |path: &str| format!("https://op.example:443/{path}");
    Endpoints {
        authorization: at("authorize"),
        token: at("access_token"),
        jwks: at("connect/jwk_uri"),
        userinfo: Some(at("userinfo")),
        end_session: Some(at("connect/endSession")),
    }
}

/// `key` as one of ours, under its thumbprint.
pub(crate) fn client_key(algorithm: Algorithm, key: &PKey<Private>) -> ClientKey {
    ClientKey {
        key: Source::held(key.private_key_to_pem_pkcs8().expect("PEM")),
        algorithm,
        kid: None,
    }
}

/// A key on `curve`.
pub(crate) fn ec_key(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).expect("it is known");
    PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
}

/// An RSA key of `bits` bits.
pub(crate) fn rsa_key(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key")
}
