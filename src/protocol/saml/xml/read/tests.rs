//! What the reader takes, what it refuses, and where its bounds are.

use super::*;

fn reads(text: &str) -> Result<Tree<'_>, Flaw> {
    read(text.as_bytes(), &Reading::MESSAGE)
}

#[test]
fn a_small_document_becomes_a_tree() {
    let tree = reads("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a xmlns='urn:x' k='1 &amp; 2'>t&lt;<p:b xmlns:p='urn:y' p:k='v'/>u</a>").unwrap();
    let root = tree.root().unwrap();
    assert!(root.is("urn:x", "a"));
    assert_eq!(root.attribute("k"), Some("1 & 2"));
    assert_eq!(root.text(), "t<u");
    let b = root.child("urn:y", "b").unwrap();
    assert_eq!(
        b.attribute("k"),
        None,
        "a prefixed attribute is another attribute"
    );
    assert_eq!(b.attributes().len(), 1);
    assert_eq!(b.parent().unwrap().id(), root.id());
}

#[test]
fn text_after_an_element_is_not_text_inside_it() {
    let tree = reads("<a>1<b>2</b>3<c>4<![CDATA[5]]></c>6&amp;<d/>7</a>").unwrap();
    let root = tree.root().unwrap();
    let inside: Vec<String> = root.children().map(|child| child.text().into_owned()).collect();
    assert_eq!(inside, ["2", "45", ""]);
    assert_eq!(root.text(), "123456&7");
}

/// None of these is a document that every parser reads alike.
const MALFORMED: &[&str] = &[
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>text",
    "<a b=1/>",
    "<a b='1'c='2'/>",
    "<a b='1' b='2'/>",
    "<a xmlns:p='urn:x' xmlns:q='urn:x' p:k='1' q:k='2'/>",
    "<a xmlns='urn:x' xmlns='urn:x'/>",
    "<a xmlns:p='urn:x' b='1' xmlns:p='urn:y'/>",
    "<p:a/>",
    "<a p:k='1'/>",
    "<:a/>",
    "<a:/>",
    "<x::a/>",
    "<a xmlns:p='1'/>",
    "<a xmlns:p=''/>",
    "<a xmlns='1'/>",
    "<a xmlns:xml='urn:x'/>",
    "<a xmlns:xmlns='urn:x'/>",
    "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
    "<a b='<'/>",
    "<a>]]></a>",
    "<a>&b;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>&#+9;</a>",
    "<a b='&b;'/>",
    "<a b='&amp'/>",
    "<a>\u{1}</a>",
    "<1a/>",
    "<a b/>",
    " <?xml version='1.0'?><a/>",
    "<?xml version='1.1'?><a/>",
    "<a><![CDATA[x]]></a",
    "<a xmlns:p:q='urn:x'/>",
    "</a>",
    "<a></a></a>",
    "<xmlns:a xmlns:xmlns='urn:x'/>",
    "<a>\u{FFFF}</a>",
];

#[test]
fn what_two_parsers_could_read_differently_is_refused() {
    for text in MALFORMED {
        let flaw = reads(text).expect_err(text);
        let expected = matches!(flaw, Flaw::Malformed { .. } | Flaw::ProcessingInstruction);
        assert!(expected, "{text}: {flaw:?}");
    }
    assert_eq!(reads("<!DOCTYPE a><a/>").unwrap_err(), Flaw::Doctype);
    assert_eq!(reads("<a><?p x?></a>").unwrap_err(), Flaw::ProcessingInstruction);
    assert_eq!(reads("<a><!-- c --></a>").unwrap_err(), Flaw::Comment);
    assert_eq!(
        reads("<?xml version='1.0' encoding='UTF-16'?><a/>").unwrap_err(),
        Flaw::Encoding
    );
    assert_eq!(
        read(b"<a>\xff</a>", &Reading::MESSAGE).unwrap_err(),
        Flaw::Encoding
    );
}

#[test]
fn their_good_neighbours_are_read() {
    for text in [
        "<a/>",
        "\u{FEFF}<a/>",
        "<a b='1' c='2'/>",
        "<a xmlns:p='urn:x' p:k='1' k='2'/>",
        "<a b='&#10;&gt;'/>",
        "<a><![CDATA[x]]></a>",
        "<?xml version='1.0' standalone=\"yes\"?><a/>",
        "\n<a/>\n",
        "<a b = '1'/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>",
        "<a xmlns='urn:x'><b xmlns=''/></a>",
        "<a>é\u{FFFD}</a>",
    ] {
        assert!(reads(text).is_ok(), "{text}: {:?}", reads(text));
    }
}

#[test]
fn bounds_hold() {
    let deep = |n: usize| "<a>".repeat(n) + &"</a>".repeat(n);
    assert!(reads(&deep(64)).is_ok());
    assert_eq!(reads(&deep(65)).unwrap_err(), Flaw::Bound("depth"));
    let wide = |n: usize| {
        format!(
            "<a {}/>",
            (0..n)
                .map(|i| ["a", &i.to_string(), "='' "].concat())
                .collect::<String>()
        )
    };
    assert!(reads(&wide(256)).is_ok());
    assert_eq!(reads(&wide(257)).unwrap_err(), Flaw::Bound("attributes"));
    let many = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n));
    assert!(reads(&many(19_999)).is_ok());
    assert_eq!(reads(&many(20_000)).unwrap_err(), Flaw::Bound("elements"));
    assert_eq!(
        reads(&format!("<a>{}</a>", " ".repeat(256 * 1024))).unwrap_err(),
        Flaw::Bound("octets")
    );
}

#[test]
fn text_and_cdata_and_references_are_one_text() {
    let tree = reads("<a>x&amp;<![CDATA[<y>]]>&#65;\r\nz</a>").unwrap();
    assert_eq!(tree.root().unwrap().text(), "x&<y>A\nz");
}

#[test]
fn a_fragment_borrows_the_declarations_around_it() {
    let around = [("saml", "urn:x"), ("own", "urn:other")].map(|(p, u)| (p.to_owned(), u.to_owned()));
    let reading = Reading {
        around: &around,
        ..Reading::MESSAGE
    };
    let tree = read(b"<saml:a xmlns:own='urn:mine'><own:b/></saml:a>", &reading).unwrap();
    let root = tree.root().unwrap();
    assert!(root.is("urn:x", "a"));
    assert!(root.child("urn:mine", "b").is_some(), "its own declaration wins");
}
