//! The documents: one honest answer, and everything that somebody without a key can make of it.

use nhsmail_bridge::protocol::saml::limits::MESSAGE_OCTETS;

use crate::xmlsec1::signer::{ForeignSigner, template};

pub(super) const IDP: &str = "https://idp.example.net/";
pub(super) const SP: &str = "https://bridge.example.net/saml/test";
pub(super) const ACS: &str = "https://bridge.example.net/saml/test/acs";
pub(super) const QUESTION: &str = "_0123456789abcdef0123456789abcdef";

/// Entities that would expand to a hundred thousand words.
const LAUGHS: &str = "<!DOCTYPE r [<!ENTITY a \"lol lol lol lol lol lol lol lol lol lol \">\
    <!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\
    <!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">]>";

/// A hostile document.
pub(super) struct Bomb {
    pub(super) name: String,
    pub(super) message: Vec<u8>,
    /// Whether it may be accepted: nothing that is read differs from the honest answer.
    pub(super) harmless: bool,
}

/// A kind of markup that is said many times over, with its beginning and its end.
struct Kind {
    name: &'static str,
    /// How often it is said to be said in the tales that are told of it.
    told: usize,
    before: &'static str,
    again: fn(usize) -> String,
    after: &'static str,
}

const DSIG: &str = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

const KINDS: &[Kind] = &[
    Kind {
        name: "depth",
        told: 10_000,
        before: "",
        again: |_| "<a>".to_owned(),
        after: "",
    },
    Kind {
        name: "attributes",
        told: 100_000,
        before: "<a",
        again: |n| format!(" a{n}=\"\""),
        after: "/>",
    },
    Kind {
        name: "namespaces",
        told: 10_000,
        before: "<a",
        again: |n| format!(" xmlns:a{n}=\"u:\""),
        after: "/>",
    },
    Kind {
        name: "nested namespaces",
        told: 10_000,
        before: "",
        again: |n| format!("<a xmlns:a{n}=\"u:\">"),
        after: "",
    },
    Kind {
        name: "groups",
        told: 2_000,
        before: "<a>",
        again: |n| format!("<b>group {n}</b>"),
        after: "</a>",
    },
    Kind {
        name: "character references",
        told: 100_000,
        before: "<a>",
        again: |_| "&#65;".to_owned(),
        after: "</a>",
    },
    Kind {
        name: "CDATA sections",
        told: 100_000,
        before: "<a>",
        again: |_| "<![CDATA[a]]>".to_owned(),
        after: "</a>",
    },
    Kind {
        name: "entities",
        told: 1_000,
        before: "<a>",
        again: |_| "&e;".to_owned(),
        after: "</a>",
    },
    Kind {
        name: "references",
        told: 1_000,
        before: "",
        again: |_| references("<ds:Reference URI=\"#a\"/>"),
        after: "",
    },
    Kind {
        name: "signatures",
        told: 1_000,
        before: "",
        again: |_| references(""),
        after: "",
    },
    Kind {
        name: "assertions",
        told: 1_000,
        before: "",
        again: |n| format!("<a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"b{n}\"/>"),
        after: "",
    },
    Kind {
        name: "encrypted keys",
        told: 1_000,
        before: "<a:EncryptedAssertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                 xmlns:e=\"http://www.w3.org/2001/04/xmlenc#\">",
        again: |_| {
            "<e:EncryptedKey><e:CipherData><e:CipherValue>AAAA</e:CipherValue></e:CipherData></e:EncryptedKey>".to_owned()
        },
        after: "</a:EncryptedAssertion>",
    },
];

/// Shows one by one every kind as often as it is told and as often as the bound of a message leaves room for it,
/// beside what is signed and in the one place inside that is not; then bodies of 100 MB.
pub(super) fn each_bomb(signer: &ForeignSigner, mut show: impl FnMut(Bomb)) {
    let honest = String::from_utf8(signer.sign(&response(1))).expect("it was written as UTF-8");
    let room = MESSAGE_OCTETS - honest.len() - 512;
    for kind in KINDS {
        let fitting = room / (kind.again)(kind.told).len();
        for count in [
            kind.told,
            fitting,
            fitting / 2,
            fitting / 4,
            fitting / 8,
            fitting / 16,
            300,
        ] {
            let message = beside_the_assertion(&honest, &kind.repeated(count));
            show(Bomb::new(format!("{count} {}", kind.name), message));
        }
        let message = in_key_info(&honest, &kind.repeated(fitting));
        let bomb = Bomb::new(format!("{fitting} {} in KeyInfo", kind.name), message);
        show(Bomb {
            harmless: true,
            ..bomb
        });
    }
    show(Bomb::new(
        "entities in entities".to_owned(),
        format!("{LAUGHS}{honest}").into_bytes(),
    ));
    show(Bomb::new("100 MB of blanks".to_owned(), vec![b' '; 100_000_000]));
    show(Bomb::new("100 MB of base64".to_owned(), vec![b'A'; 100_000_000]));
    let message = beside_the_assertion(&honest, &" ".repeat(100_000_000));
    show(Bomb::new("100 MB of a Response".to_owned(), message));
}

/// Every kind as markup that still fits into so many octets, with its name.
pub(super) fn markups(room: usize) -> impl Iterator<Item = (String, String)> {
    KINDS.iter().map(move |kind| {
        let count = room / (kind.again)(kind.told).len();
        (format!("{count} {}", kind.name), kind.repeated(count))
    })
}

impl Bomb {
    fn new(name: String, message: Vec<u8>) -> Self {
        Self {
            name,
            message,
            harmless: false,
        }
    }
}

impl Kind {
    fn repeated(&self, count: usize) -> String {
        let markup = (0..count).fold(self.before.to_owned(), |markup, n| markup + &(self.again)(n));
        markup + self.after
    }
}

/// What nobody signed, after an assertion that somebody did.
fn beside_the_assertion(honest: &str, markup: &str) -> Vec<u8> {
    honest
        .replace("</p:Response>", &format!("{markup}</p:Response>"))
        .into_bytes()
}

/// What nobody signed, in `KeyInfo`: of all that stands in a signed element only this is not signed, nor read.
fn in_key_info(honest: &str, markup: &str) -> Vec<u8> {
    let end = "</ds:Signature>";
    honest
        .replace(end, &format!("<ds:KeyInfo>{markup}</ds:KeyInfo>{end}"))
        .into_bytes()
}

fn references(references: &str) -> String {
    format!("<ds:Signature {DSIG}><ds:SignedInfo>{references}</ds:SignedInfo></ds:Signature>")
}

/// An answer to our question with so many groups, to be signed.
pub(super) fn response(groups: usize) -> String {
    let value = |values: String, n| values + &format!("<a:AttributeValue>group {n}</a:AttributeValue>");
    let values = (0..groups).fold(String::new(), value);
    format!(
        "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"r\" Version=\"2.0\" \
         IssueInstant=\"2026-01-15T12:00:00Z\" Destination=\"{ACS}\" InResponseTo=\"{QUESTION}\">\
         <a:Issuer xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</a:Issuer>\
         <p:Status><p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></p:Status>\
         <a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"a\" Version=\"2.0\" \
         IssueInstant=\"2026-01-15T12:00:00Z\"><a:Issuer>{IDP}</a:Issuer>{}<a:Subject><a:NameID>someone</a:NameID>\
         <a:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><a:SubjectConfirmationData \
         InResponseTo=\"{QUESTION}\" Recipient=\"{ACS}\" NotOnOrAfter=\"2026-01-15T12:05:00Z\"/>\
         </a:SubjectConfirmation></a:Subject><a:Conditions NotBefore=\"2026-01-15T12:00:00Z\" \
         NotOnOrAfter=\"2026-01-15T13:00:00Z\"><a:AudienceRestriction><a:Audience>{SP}</a:Audience>\
         </a:AudienceRestriction></a:Conditions><a:AuthnStatement AuthnInstant=\"2026-01-15T12:00:00Z\" \
         SessionIndex=\"s\"><a:AuthnContext><a:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
         </a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement><a:AttributeStatement>\
         <a:Attribute Name=\"groups\">{values}</a:Attribute></a:AttributeStatement></a:Assertion></p:Response>",
        template("a")
    )
}
