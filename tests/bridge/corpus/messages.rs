//! Messages that are no Response: whatever is posted to an assertion consumer service, only a Response signs in.

use super::index::{INDEX, ServiceProvider};
use super::judge::{Grants, judge};

#[test]
fn every_message_that_is_no_response_is_refused() {
    for kind in ["assertion", "rstr", "logout", "artifact", "soap", "xmldsig"] {
        let mut count = 0;
        for case in INDEX.of_kind(kind) {
            let trusted = case
                .signatures
                .iter()
                .filter_map(|signature| signature.verifies_with.clone());
            let sp = ServiceProvider {
                idp_certs: trusted.collect(),
                ..ServiceProvider::any()
            };
            let verdict = judge(case.message(), &sp, Grants::Everything);
            assert!(!verdict.accepted, "{} was accepted", case.file);
            // Or as what cannot be read at all, where that is seen first.
            let by_kind = [
                "response-root",
                "unreadable",
                "document-doctype",
                "document-well-formed",
                "document-comment",
            ];
            let refused_as_what_it_is = by_kind.iter().any(|rule| verdict.refusing.contains(*rule));
            assert!(
                refused_as_what_it_is,
                "{} was refused by {:?}",
                case.file, verdict.refusing
            );
            count += 1;
        }
        println!("corpus: {count} messages of kind {kind} refused");
        assert!(count > 0, "the corpus has messages of kind {kind}");
    }
}
