//! The fake before the bridge: whatever it may rightly do signs people in, and none of its mischief does.

use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{Encryption, Manner, Personality, Presence, Signatures};
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::saml_sp::settings::Decryption;

use crate::support::{ADFS, ENTRA, TestBridge, keys_of_the_fake};

const DOORS: [(&str, Personality); 2] = [(ENTRA, Personality::Entra), (ADFS, Personality::Adfs)];

async fn signs_in(bridge: &TestBridge, door: &str, person: &str) -> bool {
    let mut visitor = bridge.visitor();
    visitor.sign_in(door, person).await;
    visitor.is_signed_in().await
}

#[tokio::test]
async fn an_honest_answer_signs_in_and_no_mischief_does() {
    let bridge = TestBridge::start().await;
    for (door, _) in DOORS {
        for mischief in Mischief::ALL {
            bridge.fake.next_answer(mischief);
            let signed_in = signs_in(&bridge, door, "amara-example").await;
            assert_eq!(signed_in, mischief == Mischief::Honest, "{mischief:?} at {door}");
        }
    }
}

#[tokio::test]
async fn every_manner_of_signing_and_indexing_signs_in() {
    let bridge = TestBridge::start().await;
    for (door, personality) in DOORS {
        for signatures in [Signatures::Assertion, Signatures::Response, Signatures::Both] {
            for session_index in [Presence::Present, Presence::Absent] {
                let manner = Manner {
                    signatures,
                    session_index,
                    ..Manner::default()
                };
                bridge.fake.set_manner(personality, manner);
                assert!(
                    signs_in(&bridge, door, "priya-tester").await,
                    "{manner:?} at {door}"
                );
            }
        }
    }
}

/// A bridge whose metadata offers an encryption key.
async fn with_decryption() -> TestBridge {
    // Any private key will do, and this one is there already.
    let key = Source::File(keys_of_the_fake().join("fake-adfs-encryption.pem"));
    TestBridge::configured(|config| {
        for connection in config.saml.values_mut() {
            connection.saml.decryption = vec![Decryption {
                key: key.clone(),
                certificate: key.clone(),
            }];
        }
    })
    .await
}

#[tokio::test]
async fn who_offers_a_key_is_sent_encrypted_assertions() {
    let bridge = with_decryption().await;
    for (door, personality) in DOORS {
        for (encryption, signed_in) in [
            (Encryption::WhenOffered, true),
            (Encryption::CbcWhenOffered, false),
            (Encryption::Never, true),
        ] {
            let manner = Manner {
                encryption,
                ..Manner::default()
            };
            bridge.fake.set_manner(personality, manner);
            assert_eq!(
                signs_in(&bridge, door, "amara-example").await,
                signed_in,
                "{encryption:?} at {door}"
            );
            let sent = bridge
                .fake
                .saved()
                .pop()
                .expect("an answer")
                .xml()
                .expect("a message");
            assert_eq!(
                sent.contains("<EncryptedAssertion"),
                encryption != Encryption::Never
            );
        }
    }
}
