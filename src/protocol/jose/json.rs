//! JSON as two readers cannot read it differently: one object, no member named twice, bounded depth.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep objects and arrays may nest, the outermost object included.
const DEEPEST: usize = 32;

/// Why octets are not an object that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonFlaw {
    /// Not UTF-8, or with a byte order mark before it (RFC 8259 8.1).
    #[error("this is not UTF-8 without a byte order mark")]
    Encoding,
    /// Not JSON (RFC 8259 2).
    #[error("this is not JSON")]
    Malformed,
    /// JSON, and no object.
    #[error("this is not a JSON object")]
    NotAnObject,
    /// Two members of one object have one name, so two readers may see two values (RFC 8259 4).
    #[error("a member occurs twice")]
    DuplicateMember,
    /// Objects in objects in objects.
    #[error("this is nested more than 32 deep")]
    TooDeep,
}

/// The one object that `octets` are.
///
/// # Errors
/// [`JsonFlaw`]. The caller bounds the number of octets.
pub fn strict_object(octets: &[u8]) -> Result<Map<String, Value>, JsonFlaw> {
    let text = str::from_utf8(octets).map_err(|_cause| JsonFlaw::Encoding)?;
    if text.starts_with('\u{feff}') {
        return Err(JsonFlaw::Encoding);
    }
    let flaw = Cell::new(JsonFlaw::Malformed);
    let mut reader = serde_json::Deserializer::from_str(text);
    let strict = Strict {
        depth_left: DEEPEST,
        flaw: &flaw,
    };
    let value = strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(JsonFlaw::NotAnObject),
        Err(_) => Err(flaw.get()),
    }
}

/// Reads a value, and says in `flaw` what serde's errors have no word for.
#[derive(Clone, Copy)]
struct Strict<'f> {
    depth_left: usize,
    flaw: &'f Cell<JsonFlaw>,
}

impl Strict<'_> {
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(JsonFlaw::TooDeep)),
        }
    }

    fn refuse<E: Error>(self, flaw: JsonFlaw) -> E {
        self.flaw.set(flaw);
        E::custom(flaw)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut all = Vec::new();
        while let Some(one) = members.next_element_seed(inside)? {
            all.push(one);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(self.refuse(JsonFlaw::DuplicateMember));
            }
            object.insert(name, members.next_value_seed(inside)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_as_any_other_reader_reads_it() {
        let text = r#"{ "a": [1, -2, 3.5, true, null, "\u00e9\ud83d\ude00"], "b": { "a": {} } }"#;
        let read = strict_object(text.as_bytes()).unwrap();
        assert_eq!(Value::Object(read), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn o8_what_two_readers_may_read_differently_is_refused() {
        let nested = format!("{{\"a\":{}{}}}", "[".repeat(32), "]".repeat(32));
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(31), "]".repeat(31));
        assert!(strict_object(deep.as_bytes()).is_ok());
        let cases: [(&[u8], JsonFlaw); 14] = [
            (br#"{"a":1,"a":1}"#, JsonFlaw::DuplicateMember),
            (br#"{"a":1,"\u0061":2}"#, JsonFlaw::DuplicateMember),
            (br#"{"b":[{"a":1,"a":2}]}"#, JsonFlaw::DuplicateMember),
            (nested.as_bytes(), JsonFlaw::TooDeep),
            (b"[{}]", JsonFlaw::NotAnObject),
            (b"null", JsonFlaw::NotAnObject),
            (b"\xef\xbb\xbf{}", JsonFlaw::Encoding),
            (b"{\"a\":\"\xff\"}", JsonFlaw::Encoding),
            (b"{}{}", JsonFlaw::Malformed),
            (b"", JsonFlaw::Malformed),
            (b"{\"a\":1,}", JsonFlaw::Malformed),
            (b"{'a':1}", JsonFlaw::Malformed),
            (br#"{"a":"\ud800"}"#, JsonFlaw::Malformed),
            (br#"{"a":1e999}"#, JsonFlaw::Malformed),
        ];
        for (octets, flaw) in cases {
            assert_eq!(
                strict_object(octets),
                Err(flaw),
                "{}",
                String::from_utf8_lossy(octets)
            );
        }
    }

    #[test]
    fn depth_is_bounded_before_the_stack_is() {
        let hostile = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert_eq!(strict_object(hostile.as_bytes()), Err(JsonFlaw::TooDeep));
    }
}
