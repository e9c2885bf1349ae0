//! SHA-256 of octets in memory.

use openssl::sha::Sha256;

/// SHA-256 of `octets`. OpenSSL 3 looks up its own function for the whole by name, at every call, under a lock that all
/// threads share; it computes in parts without. Those parts know no providers: where OpenSSL must keep to a FIPS module this
/// is the place to change.
pub fn sha256(octets: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(octets);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4, example of one block.
    #[test]
    fn it_is_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(sha256(b"abc")), expected);
        assert_eq!(sha256(&[7; 1000]), openssl::sha::sha256(&[7; 1000]));
    }
}
