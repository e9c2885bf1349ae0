//! Files that break more than the index says: our rule is right by the clause, and the index is silent.
//!
//! The same list, in words, is in `fixtures/README.md`.

use super::index::{INDEX, ServiceProvider};
use super::judge::{Grants, judge};

/// A file, the rules that refuse it beyond the reasons and needs of the index, and the clause.
const BEYOND: &[(&str, &[&str], &str)] = &[
    (
        "responses/ruby-saml/starfield_response.xml",
        &["response-issue-instant"],
        "SAML Core 3.2.2: IssueInstant is the time of issue; it lies in the future (SP-21)",
    ),
    (
        "responses/gosaml2/olgn09_response_11.xml",
        &["response-issue-instant"],
        "SAML Core 3.2.2: IssueInstant is the time of issue; it lies in the future (SP-21)",
    ),
    (
        "responses/gosaml2/olgn09_response_13.xml",
        &["response-issue-instant"],
        "SAML Core 3.2.2: IssueInstant is the time of issue; it lies in the future (SP-21)",
    ),
    (
        "responses/gosaml2/oktadev-response_12.xml",
        &["assertion-id"],
        "SAML Core 2.3.3: ID is required in an Assertion",
    ),
    (
        "responses/node-saml/unsignedXml.xml",
        &["assertion-issue-instant"],
        "SAML Core 1.3.3: IssueInstant=\"INVALID-DATE\" is no dateTime",
    ),
    (
        "responses/boxyhq-jackson/response.xml",
        &["response-issuer"],
        "SAML Profiles 4.1.4.2: the Format of an Issuer is omitted or nameid-format:entity",
    ),
    (
        "responses/passport-wsfed-saml2/should_get_the_encoding_from_the_xml_tag_and_decode_with_the_correct_encoding.xml",
        &["document-encoding"],
        "design 5a: only UTF-8 is read, so that two parsers cannot read two texts",
    ),
    (
        "responses/crewjam-saml/TestSPRealWorldKeyInfoHasRSAPublicKeyNotX509Cert_response.xml",
        &["second-judge-agrees"],
        "SAML Core 1.3.4: the ID begins with a digit and so is no xs:ID; the second judge cannot find it",
    ),
    (
        "responses/node-saml/valid-response.root-signed.assertion-signed.1advice-signed.xml",
        &["second-judge-agrees"],
        "design 5a: the second judge says nothing of an assertion with a signature inside its Advice",
    ),
    (
        "responses/node-saml/valid-response.root-signed.assertion-signed.2advice-signed.xml",
        &["second-judge-agrees"],
        "design 5a: the second judge says nothing of an assertion with a signature inside its Advice",
    ),
    (
        "responses/node-saml/valid-response.root-unsigned.assertion-signed.1advice-signed.xml",
        &["second-judge-agrees"],
        "design 5a: the second judge says nothing of an assertion with a signature inside its Advice",
    ),
];

/// The rules that may refuse a file beyond what the index says of it.
pub(crate) fn beyond(file: &str) -> &'static [&'static str] {
    BEYOND
        .iter()
        .find(|(disputed, _, _)| *disputed == file)
        .map_or(&[], |(_, rules, _)| rules)
}

#[test]
fn every_disputed_rule_does_refuse_its_file() {
    for (file, rules, _) in BEYOND {
        let case = INDEX
            .of_kind("response")
            .find(|case| case.file == *file)
            .expect("it is in the index");
        let sp = case.sp.clone().unwrap_or_else(ServiceProvider::any);
        let refusing = judge(case.message(), &sp, Grants::Everything).refusing;
        assert!(
            rules.iter().all(|rule| refusing.contains(*rule)),
            "{file}: {refusing:?}"
        );
    }
}

#[test]
fn every_disputed_file_is_named_in_the_readme_with_its_clause() {
    let readme = include_str!("../../../fixtures/README.md");
    for (file, _, clause) in BEYOND {
        let name = file.strip_prefix("responses/").unwrap_or(file);
        assert!(readme.contains(name), "{file} is not in fixtures/README.md");
        assert!(readme.contains(clause), "{clause} is not in fixtures/README.md");
    }
}
