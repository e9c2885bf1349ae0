//! What is no signed message of the one shape that is verified.

use super::*;

/// A message changed after it was signed, by HTTP-POST.
fn posted(bench: &Bench, from: &str, to: &str) -> Result<(), &'static str> {
    let signed = bench.signed(REQUEST_XML);
    assert!(signed.contains(from), "{from}");
    let changed = signed.replacen(from, to, 1);
    verdict(&form(&changed, MessageKind::Request), &bench.terms())
}

/// A query as it is.
fn asked(bench: &Bench, query: &str) -> Result<(), &'static str> {
    verdict(&Arrival::from_query(query).unwrap(), &bench.terms())
}

#[test]
fn l12_only_one_plain_document_of_the_right_kind_is_looked_at() {
    let bench = Bench::new();
    let changes = [
        (
            "<p:LogoutRequest ",
            "<!DOCTYPE x><p:LogoutRequest ",
            "logout-document",
        ),
        (">ada<", ">a<!-- -->da<", "logout-document"),
        (" ID=\"_1\"", "", "logout-id"),
        (" ID=\"_1\"", " ID=\"_1 \"", "logout-id"),
    ];
    for (from, to, rule) in changes {
        assert_eq!(posted(&bench, from, to), Err(rule), "{to}");
    }
    let answer = form(&bench.signed(RESPONSE_XML), MessageKind::Request);
    assert_eq!(verdict(&answer, &bench.terms()), Err("logout-root"));
    let answer = bench.query(RESPONSE_XML, MessageKind::Request);
    assert_eq!(asked(&bench, &answer), Err("logout-root"));
}

#[test]
fn l12_a_signature_stands_where_the_binding_has_it_and_is_of_the_one_shape() {
    let bench = Bench::new();
    let signed = bench.signed(REQUEST_XML);
    let place = Err("logout-signature-place");
    assert_eq!(verdict(&bench.redirect(&signed), &bench.terms()), place);
    let start = signed.find("<ds:Signature").unwrap();
    let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = signed.get(start..end).unwrap();
    let moved = format!("<p:Extensions>{signature}</p:Extensions>");
    assert_eq!(posted(&bench, signature, &moved), place);

    assert_eq!(posted(&bench, signature, ""), Err("logout-signed"));
    let unsigned = Redirect::of(MessageKind::Request, REQUEST_XML).query();
    assert_eq!(asked(&bench, &unsigned), Err("logout-signed"));
    let shape = Err("logout-signature-shape");
    assert_eq!(posted(&bench, "URI=\"#_1\"", "URI=\"\""), shape);
    assert_eq!(posted(&bench, "#enveloped-signature", "#base64"), shape);
}

#[test]
fn l12_only_a_trusted_key_over_this_very_content_is_believed() {
    let (bench, stranger) = (Bench::new(), Bench::new());
    let verifies = Err("logout-signature-verifies");
    for arrival in [stranger.posted(REQUEST_XML), stranger.redirect(REQUEST_XML)] {
        assert_eq!(verdict(&arrival, &bench.terms()), verifies);
    }
    assert_eq!(posted(&bench, ">ada<", ">eve<"), verifies);
    let query = bench.query(REQUEST_XML, MessageKind::Request);
    assert_eq!(asked(&bench, &query), Ok(()));
    let other_state = query.replacen("RelayState=r", "RelayState=s", 1);
    assert_eq!(asked(&bench, &other_state), verifies);
    let escaped_anew = query.replace("%3D", "%3d");
    assert_ne!(escaped_anew, query);
    assert_eq!(asked(&bench, &escaped_anew), verifies);
    let unknown = query.replace("rsa-sha256", "rsa-md5");
    assert_eq!(asked(&bench, &unknown), Err("logout-signature-algorithm"));
    let keyless = LogoutTerms {
        keys: &[],
        ..bench.terms()
    };
    assert_eq!(
        verdict(&bench.posted(REQUEST_XML), &keyless),
        Err("logout-trusted-key")
    );
}
