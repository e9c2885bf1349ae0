//! With which algorithm, key and form of value a signature is made (attacks D14 to D18, K11).

use openssl::bn::{BigNum, BigNumContext};
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};

use crate::protocol::saml::signature::{
    DigestAlgorithm, Family, SignatureAlgorithm, SigningKey, sign_octets,
};
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::KEYS;
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, draft};
use crate::upstream::saml_sp::terms::Grant;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const ECDSA: SignatureAlgorithm = SignatureAlgorithm {
    family: Family::Ecdsa,
    digest: DigestAlgorithm::Sha256,
};

fn honest() -> Letter {
    draft().post()
}

fn with_method(uri: &str) -> Letter {
    honest().altered(RSA_SHA256, uri)
}

fn with_digest(uri: &str) -> Letter {
    honest().altered(SHA256, uri)
}

fn sha1_signature() -> Draft {
    draft().crafted(|craft| {
        craft.method = SignatureAlgorithm::RSA_SHA1.uri().to_owned();
        craft.value = |key, info| sign_octets(key, SignatureAlgorithm::RSA_SHA1, info).unwrap();
    })
}

fn sha1_digest() -> Draft {
    draft().crafted(|craft| {
        craft.digest = DigestAlgorithm::Sha1.uri().to_owned();
        craft.hash = DigestAlgorithm::Sha1;
    })
}

fn by_ec_key(value: fn(&SigningKey, &[u8]) -> Vec<u8>) -> Letter {
    let crafted = draft().with_key(&KEYS.idp_ec).crafted(|craft| {
        craft.method = ECDSA.uri().to_owned();
        craft.value = value;
    });
    crafted.post().trusting(&[&KEYS.idp_ec])
}

fn honest_ec() -> Letter {
    by_ec_key(|key, info| sign_octets(key, ECDSA, info).unwrap())
}

fn der(key: &SigningKey, info: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key.private()).unwrap();
    signer.sign_oneshot_to_vec(info).unwrap()
}

fn pss(key: &SigningKey, info: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key.private()).unwrap();
    signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    signer.sign_oneshot_to_vec(info).unwrap()
}

fn honest_pss() -> Letter {
    let crafted = draft().crafted(|craft| {
        craft.method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1".to_owned();
        craft.value = pss;
    });
    crafted.post()
}

fn alone(letter: Letter) -> Letter {
    letter.on_terms(|terms| terms.second_judge = false)
}

fn signed_advice() -> Letter {
    let advice = "<saml:Advice><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo/>\
                  </ds:Signature></saml:Advice><saml:AuthnStatement";
    draft().assertion("<saml:AuthnStatement", advice).post()
}

pub(super) const ALGORITHMS: &[Refused] = &[
    Refused {
        because: "D17: HMAC with the public key",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        twin: honest,
    },
    Refused {
        because: "D15: a name that nobody gave RSA-SHA1",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha1"),
        twin: honest,
    },
    Refused {
        because: "D15: no name at all",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method(""),
        twin: honest,
    },
    Refused {
        because: "D14: RSA-MD5",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        twin: honest,
    },
    Refused {
        because: "D14: the digest is MD5",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmldsig-more#md5"),
        twin: honest,
    },
    Refused {
        because: "D14: the digest is SHA-224",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmldsig-more#sha224"),
        twin: honest,
    },
    Refused {
        because: "D15: a name that nobody gave SHA-384",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmlenc#sha384"),
        twin: honest,
    },
    Refused {
        because: "D14: SHA-1 in the signature alone",
        by: "signature-algorithm",
        also: &[],
        message: || sha1_signature().post(),
        twin: || sha1_signature().post().granting(&[Grant::Sha1]),
    },
    Refused {
        because: "D14: SHA-1 in the digest alone",
        by: "signature-algorithm",
        also: &[],
        message: || sha1_digest().post(),
        twin: || sha1_digest().post().granting(&[Grant::Sha1]),
    },
    Refused {
        because: "K11: the signing key has 1024 bits",
        by: "signing-key-strength",
        also: &[],
        message: || draft().with_key(&KEYS.weak).post().trusting(&[&KEYS.weak]),
        twin: || {
            draft()
                .with_key(&KEYS.weak)
                .post()
                .trusting(&[&KEYS.weak])
                .granting(&[Grant::Rsa1024])
        },
    },
    Refused {
        because: "D16: an RSA name over an EC signature",
        by: "assertion-signature-verifies",
        also: &[],
        message: || honest_ec().altered(ECDSA.uri(), RSA_SHA256),
        twin: honest_ec,
    },
    Refused {
        because: "D16: an ECDSA value in the form of DER",
        by: "assertion-signature-verifies",
        also: &[],
        message: || by_ec_key(der),
        twin: honest_ec,
    },
    Refused {
        because: "D16: r and s are nothing",
        by: "assertion-signature-verifies",
        also: &[],
        message: || by_ec_key(|_, _| vec![0; 64]),
        twin: honest_ec,
    },
    Refused {
        because: "D16: r and s are the order of the curve",
        by: "assertion-signature-verifies",
        also: &[],
        message: || {
            by_ec_key(|key, _| {
                let mut order = BigNum::new().unwrap();
                let key = key.private().ec_key().unwrap();
                key.group()
                    .order(&mut order, &mut BigNumContext::new().unwrap())
                    .unwrap();
                order.to_vec().repeat(2)
            })
        },
        twin: honest_ec,
    },
];

pub(super) const SECOND_JUDGE: &[Refused] = &[
    Refused {
        because: "RSA-PSS, which the second judge cannot verify",
        by: "second-judge-agrees",
        also: &[],
        message: honest_pss,
        twin: || alone(honest_pss()),
    },
    Refused {
        because: "a signature in Advice, which the second judge does not pass over",
        by: "second-judge-agrees",
        also: &[],
        message: signed_advice,
        twin: || alone(signed_advice()),
    },
];

#[test]
fn xc_07_weak_and_unknown_algorithms_and_values_of_another_form_are_refused() {
    refuse_all(ALGORITHMS);
}

#[test]
fn what_the_second_judge_cannot_confirm_is_refused_and_says_so() {
    refuse_all(SECOND_JUDGE);
    let refusal = decide(&honest_pss()).unwrap_err();
    assert!(refusal.actual.contains("RSA-PSS"), "{refusal:?}");
}
