//! Keys are published before they sign, kept until nobody needs them, and never lost or shown by us.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use time::macros::datetime;

use super::*;
use crate::platform::random::SeededRandom;

const NOW: OffsetDateTime = datetime!(2026-05-01 09:00:00 UTC);
const LIFETIME: Duration = Duration::minutes(5);

fn load(folder: &Path, seed: u64) -> Result<SigningKeys, SigningKeysError> {
    SigningKeys::load_or_make(folder, LIFETIME, &SeededRandom::from_seed(seed))
}

fn kids(keys: &SigningKeys, now: OffsetDateTime) -> Vec<String> {
    let keys = keys.public(now);
    keys.iter().map(|key| key.kid().to_owned()).collect()
}

#[test]
fn the_next_key_is_published_before_it_signs() {
    let keys = SigningKeys::in_memory(LIFETIME, &SeededRandom::from_seed(1)).unwrap();
    let [current, next] = &kids(&keys, NOW)[..] else {
        panic!("two keys");
    };
    assert_eq!(keys.current().kid(), current);
    keys.rotate(NOW, &SeededRandom::from_seed(2)).unwrap();
    assert_eq!(keys.current().kid(), next);
}

#[test]
fn a_retired_key_is_published_until_its_last_token_has_expired() {
    let keys = SigningKeys::in_memory(LIFETIME, &SeededRandom::from_seed(1)).unwrap();
    let old = keys.current().kid().to_owned();
    keys.rotate(NOW, &SeededRandom::from_seed(2)).unwrap();
    let last_token_expires = NOW + LIFETIME;
    assert!(kids(&keys, last_token_expires).contains(&old));
    let later = last_token_expires + GRACE;
    assert!(!kids(&keys, later).contains(&old));
    keys.rotate(later, &SeededRandom::from_seed(3)).unwrap();
    assert_eq!(kids(&keys, later).len(), 3, "two living and the one just retired");
}

#[test]
fn keys_survive_a_restart_and_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let made = load(&folder, 1).unwrap();
    assert_eq!(kids(&load(&folder, 2).unwrap(), NOW), kids(&made, NOW));
    made.rotate(NOW, &SeededRandom::from_seed(3)).unwrap();
    let again = load(&folder, 4).unwrap();
    assert_eq!(kids(&again, NOW), kids(&made, NOW));
    assert_eq!(again.current().kid(), made.current().kid());
}

#[test]
fn the_file_and_its_folder_are_for_us_alone() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("keys");
    load(&folder, 1).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join(FILE))), (0o700, 0o600));

    std::fs::set_permissions(folder.join(FILE), Permissions::from_mode(0o644)).unwrap();
    let refused = load(&folder, 1).unwrap_err();
    assert!(refused.to_string().contains("chmod go= "), "{refused}");
}

#[test]
fn a_broken_file_is_a_clear_error_and_is_left_as_it_is() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("keys");
    load(&folder, 1).unwrap();
    let path = folder.join(FILE);
    let whole = std::fs::read_to_string(&path).unwrap();
    let half = whole.get(..whole.len() / 2).unwrap().to_owned();
    let wrong_key = whole.replacen("MIG", "AAA", 1);
    for broken in [String::new(), "{}".to_owned(), half, wrong_key] {
        private_file::replace(&path, broken.as_bytes()).unwrap();
        let error = load(&folder, 2).unwrap_err();
        assert!(matches!(error, SigningKeysError::Broken { .. }), "{error}");
        assert!(error.to_string().contains("backup"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
    }
}

#[test]
fn a_rotation_that_cannot_be_written_does_not_happen() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("keys");
    let keys = load(&folder, 1).unwrap();
    let before = kids(&keys, NOW);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(keys.rotate(NOW, &SeededRandom::from_seed(2)).is_err());
    assert_eq!(kids(&keys, NOW), before);
}

#[test]
fn nothing_private_is_published_or_printed() {
    let keys = SigningKeys::in_memory(LIFETIME, &SeededRandom::from_seed(1)).unwrap();
    let set = keys.jwks(NOW);
    for key in set["keys"].as_array().unwrap() {
        let names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
    assert!(!format!("{keys:?}").contains("PRIVATE"));
}

#[test]
fn two_starts_at_once_agree_on_the_keys() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("keys");
    let starts: Vec<_> = (0..8)
        .map(|seed| {
            let folder = folder.clone();
            std::thread::spawn(move || kids(&load(&folder, seed).unwrap(), NOW))
        })
        .collect();
    let seen: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

fn all_kids(keys: &SigningKeys, now: OffsetDateTime) -> Vec<String> {
    let set = keys.jwks(now);
    let names = set["keys"].as_array().unwrap().iter();
    names.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ap_03_rsa_keys_are_made_when_they_are_wanted_and_survive_a_restart_beside_the_others() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("keys");
    let keys = load(&folder, 1).unwrap();
    let before = all_kids(&keys, NOW);
    assert_eq!(before.len(), 2, "nobody wanted RSA yet");
    assert!(matches!(
        keys.sign(TokenAlgorithm::Rs256, "JWT", &json!({})),
        Err(NotSigned::NoRsaKey)
    ));
    keys.prepare(TokenAlgorithm::Rs256, &SeededRandom::from_seed(1))
        .unwrap();
    let after = all_kids(&keys, NOW);
    assert_eq!((after.len(), &after[..2]), (4, &before[..]));

    let again = load(&folder, 2).unwrap();
    assert_eq!(all_kids(&again, NOW), after);
    again
        .prepare(TokenAlgorithm::Rs256, &SeededRandom::from_seed(1))
        .unwrap();
    assert_eq!(all_kids(&again, NOW), after);
    let mode = std::fs::metadata(folder.join(RSA_FILE))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn ap_03_rsa_keys_are_rotated_with_the_others_and_nothing_private_of_them_is_published() {
    let keys = SigningKeys::in_memory(LIFETIME, &SeededRandom::from_seed(1)).unwrap();
    keys.prepare(TokenAlgorithm::Rs256, &SeededRandom::from_seed(1))
        .unwrap();
    let kid = |keys: &SigningKeys| {
        let token = keys.sign(TokenAlgorithm::Rs256, "JWT", &json!({})).unwrap();
        jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
    };
    let old = kid(&keys);
    let next = all_kids(&keys, NOW).pop().unwrap();
    keys.rotate(NOW, &SeededRandom::from_seed(2)).unwrap();
    assert_eq!(kid(&keys), next);
    assert!(all_kids(&keys, NOW + LIFETIME).contains(&old));
    assert!(!all_kids(&keys, NOW + LIFETIME + GRACE).contains(&old));
    let set = keys.jwks(NOW);
    for key in set["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["kty"] == "RSA")
    {
        let names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    }
}
