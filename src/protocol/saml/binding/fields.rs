//! The fields of a form body or a query string, each with the octets it arrived in.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::protocol::saml::binding::BindingFlaw;

/// The fields that the bindings define. Each may stand once.
const OF_THE_BINDING: [&str; 6] = [
    "SAMLRequest",
    "SAMLResponse",
    "RelayState",
    "SigAlg",
    "Signature",
    "SAMLEncoding",
];

/// `application/x-www-form-urlencoded`, read once, nothing thrown away.
#[derive(Debug)]
pub(crate) struct Fields<'a>(Vec<Field<'a>>);

#[derive(Debug)]
struct Field<'a> {
    name: String,
    /// The value as it was received, before any decoding.
    raw: &'a str,
}

impl<'a> Fields<'a> {
    /// Splits `text` and decodes the names.
    pub(crate) fn read(text: &'a str) -> Result<Self, BindingFlaw> {
        let parts = text.split('&').filter(|part| !part.is_empty());
        let fields = parts.map(|part| {
            let (raw_name, raw) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(raw_name).unwrap_or(Cow::Borrowed(raw_name));
            match OF_THE_BINDING.iter().find(|known| **known == name) {
                Some(known) if raw_name != *known => Err(BindingFlaw::HiddenName(known)),
                Some(_) | None => Ok(Field {
                    name: name.into_owned(),
                    raw,
                }),
            }
        });
        fields.collect::<Result<_, _>>().map(Self)
    }

    /// The decoded value of the field `name`, which may stand once.
    pub(crate) fn once(&self, name: &'static str) -> Result<Option<String>, BindingFlaw> {
        let Some(raw) = self.raw_once(name)? else {
            return Ok(None);
        };
        let value = decode(raw).ok_or(BindingFlaw::Escape(name))?;
        Ok(Some(value.into_owned()))
    }

    /// The value of the field `name` as it was received.
    pub(super) fn raw_once(&self, name: &'static str) -> Result<Option<&'a str>, BindingFlaw> {
        let mut found = self.0.iter().filter(|field| field.name == name);
        let first = found.next();
        match found.next() {
            Some(_) => Err(BindingFlaw::Twice(name)),
            None => Ok(first.map(|field| field.raw)),
        }
    }
}

/// `+` is a blank and every `%` has two hexadecimal digits behind it; the octets are UTF-8.
fn decode(raw: &str) -> Option<Cow<'_, str>> {
    let octets = raw.as_bytes();
    let hexadecimal = |at: usize| octets.get(at).is_some_and(u8::is_ascii_hexdigit);
    let whole = octets
        .iter()
        .enumerate()
        .filter(|(_, octet)| **octet == b'%')
        .all(|(at, _)| hexadecimal(at + 1) && hexadecimal(at + 2));
    if !whole {
        return None;
    }
    if raw.contains('+') {
        let blanks = raw.replace('+', " ");
        let decoded = percent_decode_str(&blanks).decode_utf8().ok()?;
        return Some(Cow::Owned(decoded.into_owned()));
    }
    percent_decode_str(raw).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_decoded_once_and_a_plus_is_a_blank() {
        let fields = Fields::read("a=1%252B+x&&RelayState=%C3%A9").unwrap();
        assert_eq!(fields.once("a"), Ok(Some("1%2B x".to_owned())));
        assert_eq!(fields.once("RelayState"), Ok(Some("é".to_owned())));
        assert_eq!(fields.once("b"), Ok(None));
    }

    #[test]
    fn half_an_escape_and_octets_that_are_not_text_are_refused() {
        for text in [
            "RelayState=%4",
            "RelayState=%zz",
            "RelayState=%",
            "RelayState=%ff",
        ] {
            let once = Fields::read(text).unwrap().once("RelayState");
            assert_eq!(once, Err(BindingFlaw::Escape("RelayState")), "{text}");
        }
    }

    #[test]
    fn a_field_given_twice_or_under_a_hidden_name_is_refused() {
        let twice = Fields::read("SAMLResponse=a&SAMLResponse=a").unwrap();
        assert_eq!(
            twice.once("SAMLResponse"),
            Err(BindingFlaw::Twice("SAMLResponse"))
        );
        let hidden = Fields::read("SAMLResponse=a&%53AMLResponse=b").map(|_| ());
        assert_eq!(hidden, Err(BindingFlaw::HiddenName("SAMLResponse")));
    }
}
