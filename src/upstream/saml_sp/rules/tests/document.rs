//! What is refused before anything in the message is looked at (attacks P and R).

use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, SP};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, Signed, draft};

const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

fn honest() -> Letter {
    draft().post()
}

/// Something between the Response's Issuer and its Status, which nothing signs.
fn extended(with: &str) -> Letter {
    let extensions = format!("<samlp:Extensions>{with}</samlp:Extensions><samlp:Status>");
    honest().altered("<samlp:Status>", &extensions)
}

fn before_it(text: &str) -> Letter {
    honest().rewritten(|message| [text, message].concat())
}

fn after_it(text: &str) -> Letter {
    honest().rewritten(|message| [message, text].concat())
}

fn nested(depth: usize) -> Letter {
    extended(&("<x>".repeat(depth) + &"</x>".repeat(depth)))
}

fn with_attributes(count: usize) -> Letter {
    let attributes: Vec<String> = (0..count).map(|i| format!(" a{i}=\"\"")).collect();
    extended(&format!("<x{}/>", attributes.concat()))
}

pub(super) const BOUNDS: &[Refused] = &[
    Refused {
        because: "it has more octets than the bound, though they are blanks",
        by: "document-bounds",
        also: &[],
        message: || after_it(&" ".repeat(256 * 1024)),
        twin: || after_it(&" ".repeat(200 * 1024)),
    },
    Refused {
        because: "it is nested too deeply",
        by: "document-bounds",
        also: &[],
        message: || nested(63),
        twin: || nested(62),
    },
    Refused {
        because: "one element has too many attributes",
        by: "document-bounds",
        also: &[],
        message: || with_attributes(257),
        twin: || with_attributes(256),
    },
    Refused {
        because: "it has too many elements",
        by: "document-bounds",
        also: &[],
        message: || extended(&"<x/>".repeat(20_000)),
        twin: || extended(&"<x/>".repeat(19_000)),
    },
];

pub(super) const KINDS: &[Refused] = &[
    Refused {
        because: "an octet is no UTF-8",
        by: "document-encoding",
        also: &[],
        message: || {
            after_it("\n").octets(|mut octets| {
                octets.push(0xFF);
                octets
            })
        },
        twin: || after_it("\n"),
    },
    Refused {
        because: "it says that it is UTF-16",
        by: "document-encoding",
        also: &[],
        message: || before_it("<?xml version=\"1.0\" encoding=\"UTF-16\"?>"),
        twin: || before_it(DECLARED),
    },
    Refused {
        because: "it has an entity that would be the name (P3, P5)",
        by: "document-doctype",
        also: &[],
        message: || before_it("<!DOCTYPE samlp:Response [<!ENTITY e \"eve@example.test\">]>"),
        twin: || before_it(DECLARED),
    },
    Refused {
        because: "it has an external document type behind a declaration (R2)",
        by: "document-doctype",
        also: &[],
        message: || {
            before_it(&format!(
                "{DECLARED}\n<!DOCTYPE r SYSTEM \"file:///etc/hostname\">"
            ))
        },
        twin: || before_it(&format!("{DECLARED}\n")),
    },
    Refused {
        because: "it brings a stylesheet",
        by: "document-processing-instruction",
        also: &[],
        message: || before_it("<?xml-stylesheet href=\"https://evil.example/x.xsl\"?>"),
        twin: || before_it(DECLARED),
    },
    Refused {
        because: "a processing instruction stands in the NameID (P2)",
        by: "document-processing-instruction",
        also: &[],
        message: || honest().altered(ANNA, "anna@example<?x?>.test"),
        twin: honest,
    },
];

pub(super) const COMMENTS: &[Refused] = &[
    Refused {
        because: "a comment ends the NameID early for those who read the first text (P1)",
        by: "document-comment",
        also: &[],
        message: || {
            let longer = format!("{ANNA}.evil.example");
            let signed = draft().assertion(ANNA, &longer).post();
            signed.altered(&longer, &format!("{ANNA}<!-- -->.evil.example"))
        },
        twin: honest,
    },
    Refused {
        because: "a comment stands in the Issuer",
        by: "document-comment",
        also: &[],
        message: || honest().altered("https://idp.", "https://<!-- -->idp."),
        twin: honest,
    },
    Refused {
        because: "a comment stands in the Audience",
        by: "document-comment",
        also: &[],
        message: || honest().altered(&format!("{SP}<"), &format!("{SP}<!-- --><")),
        twin: honest,
    },
    Refused {
        because: "a comment stands in an attribute's value",
        by: "document-comment",
        also: &[],
        message: || honest().altered(">nurse<", ">nu<!-- -->rse<"),
        twin: honest,
    },
    Refused {
        because: "a comment stands in the DigestValue (D4)",
        by: "document-comment",
        also: &[],
        message: || honest().altered("DigestValue>", "DigestValue><!--AAAA-->"),
        twin: honest,
    },
    Refused {
        because: "a comment stands behind the root",
        by: "document-comment",
        also: &[],
        message: || after_it("<!-- -->"),
        twin: || after_it("\n"),
    },
];

pub(super) const MALFORMED: &[Refused] = &[
    Refused {
        because: "there are two roots (P10)",
        by: "document-well-formed",
        also: &[],
        message: || honest().rewritten(|message| message.repeat(2)),
        twin: honest,
    },
    Refused {
        because: "it is cut off",
        by: "document-well-formed",
        also: &[],
        message: || honest().altered("</samlp:Response>", ""),
        twin: honest,
    },
    Refused {
        because: "a prefix is not declared (P12)",
        by: "document-well-formed",
        also: &[],
        message: || extended("<p:x/>"),
        twin: || extended("<p:x xmlns:p=\"urn:x\"/>"),
    },
    Refused {
        because: "a namespace name is relative, which makes some canonicalisers yield nothing (P6)",
        by: "document-well-formed",
        also: &[],
        message: || honest().altered("ID=\"_assertion\"", "ID=\"_assertion\" xmlns:x=\"1\""),
        twin: || honest().altered("ID=\"_assertion\"", "ID=\"_assertion\" xmlns:x=\"urn:x\""),
    },
    Refused {
        because: "the prefix of Signature is bound to nothing (P8)",
        by: "document-well-formed",
        also: &[],
        message: || extended("<x xmlns:ds=\"\"/>"),
        twin: || extended("<x xmlns=\"\"/>"),
    },
    Refused {
        because: "a reserved prefix is bound anew (P8)",
        by: "document-well-formed",
        also: &[],
        message: || extended("<x xmlns:xml=\"urn:x\"/>"),
        twin: || extended("<x xml:id=\"only-this\"/>"),
    },
    Refused {
        because: "one attribute is there twice under two prefixes (P7)",
        by: "document-well-formed",
        also: &[],
        message: || extended("<x xmlns:p=\"urn:x\" xmlns:q=\"urn:x\" p:k=\"1\" q:k=\"2\"/>"),
        twin: || extended("<x xmlns:p=\"urn:x\" xmlns:q=\"urn:y\" p:k=\"1\" q:k=\"2\"/>"),
    },
    Refused {
        because: "a name has two colons (P9)",
        by: "document-well-formed",
        also: &[],
        message: || extended("<samlp::x/>"),
        twin: || extended("<samlp:x/>"),
    },
    Refused {
        because: "an entity is used that nobody declared",
        by: "document-well-formed",
        also: &[],
        message: || honest().altered(ANNA, "&eve;"),
        twin: honest,
    },
    Refused {
        because: "a reference names a character that XML forbids (P14)",
        by: "document-well-formed",
        also: &[],
        message: || extended("&#0;"),
        twin: || extended("&#9;"),
    },
    Refused {
        because: "there are two byte order marks",
        by: "document-well-formed",
        also: &[],
        message: || before_it("\u{FEFF}\u{FEFF}"),
        twin: || before_it("\u{FEFF}"),
    },
];

#[test]
fn xc_01_a_document_type_an_entity_and_a_processing_instruction_are_refused() {
    refuse_all(KINDS);
}

#[test]
fn xc_02_a_message_beyond_the_bounds_is_refused() {
    refuse_all(BOUNDS);
}

#[test]
fn xc_05_a_comment_is_refused_wherever_it_stands() {
    refuse_all(COMMENTS);
}

#[test]
fn xc_05_a_cdata_section_cannot_shorten_a_name() {
    let letter = honest().altered(ANNA, "anna<![CDATA[@exam]]>ple.test");
    let accepted = decide(&letter).unwrap();
    assert_eq!(accepted.statement.name_id.unwrap().value, ANNA);
}

#[test]
fn xc_06_what_two_parsers_could_read_differently_is_refused() {
    refuse_all(MALFORMED);
}

#[test]
fn characters_that_canonicalisation_must_escape_are_believed_as_they_were_signed() {
    let odd = "&lt;b&gt; &amp; &quot;&#13;&#10;&#9;é\u{1F5FA}";
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let letter = draft()
            .assertion(">nurse<", &format!(" xml:lang=\"en\" k=\"{odd}\">{odd}<"))
            .signed(signed)
            .post();
        let accepted = decide(&letter).unwrap();
        assert_eq!(
            accepted.statement.attributes[0].values,
            ["<b> & \"\r\n\té\u{1F5FA}"]
        );
    }
}
