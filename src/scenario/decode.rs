//! From tree to shape: a serde deserializer whose errors know their key and place.

use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};

use crate::scenario::error::{Fault, nearest, one_line};
use crate::scenario::node::{Kind, Node, Segment};

/// Tables and keys of the scenario format that this version does not carry out.
const NOT_YET: &[&str] = &["response_time"];

/// Enums whose variant a key of their own table names, and that key.
const TAGGED: &[(&str, &str)] = &[("AtTable", "do")];

/// What was found is shown up to so many characters.
const FOUND_MAX: usize = 80;

/// Reads a value of type `T` out of a tree.
///
/// # Errors
/// The first [`Fault`]: unknown keys with the nearest known one, wrong types, missing keys.
pub fn decode<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, Fault> {
    T::deserialize(node).map_err(|error| error.0)
}

/// A fault on its way up the tree.
#[derive(Debug)]
pub struct DecodeError(Fault);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Fault::at([], message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = one_line(&found_in_words(&found), FOUND_MAX);
        Self(Fault::at([], format!("found {found}, expected {}", in_words(expected))))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let message = if NOT_YET.contains(&field) {
            format!("`{field}` is part of the scenario format but not supported by this version")
        } else {
            unknown("key", field, expected)
        };
        // The key itself is at fault: it is found below the table that reports it.
        Self(Fault::at([Segment::Key(field.to_owned())], message))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self(Fault::at([], unknown("value", variant, expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(Fault::at([], format!("key `{field}` is missing")))
    }
}

/// Serde's names of what was found, in a user's words.
fn found_in_words(found: &de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Map => String::from("a table"),
        de::Unexpected::Seq => String::from("an array"),
        de::Unexpected::Unit => String::from("null"),
        de::Unexpected::Bool(value) => format!("`{value}`"),
        de::Unexpected::Signed(number) => format!("`{number}`"),
        de::Unexpected::Unsigned(number) => format!("`{number}`"),
        de::Unexpected::Float(number) => format!("`{number}`"),
        de::Unexpected::Str(text) => format!("the text {text:?}"),
        other => other.to_string(),
    }
}

/// Rust's names of types, in a user's words.
fn in_words(expected: &dyn de::Expected) -> String {
    let name = expected.to_string();
    let words = match name.as_str() {
        "u32" => "a whole number of 0 to 4294967295",
        "u64" => "a whole number, 0 or more",
        "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "a map" => "a table",
        "a string" => "a string in quotes",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    words.to_owned()
}

fn unknown(what: &str, found: &str, expected: &[&str]) -> String {
    let guess =
        nearest(found, expected).map(|n| format!(", did you mean `{n}`?")).unwrap_or_default();
    let found = one_line(found, FOUND_MAX);
    format!("unknown {what} `{found}`{guess} (known: {})", expected.join(", "))
}

impl DecodeError {
    /// The same error, seen from `node`: the innermost node gives the place.
    fn seen_from(mut self, node: &Node, segment: Option<Segment>) -> Self {
        if self.0.place.is_none() {
            self.0.place = Some(match (self.0.path.as_slice(), &node.kind) {
                // An unknown key of this table stands where the key stands.
                ([Segment::Key(key)], Kind::Table(entries)) => entries
                    .iter()
                    .find(|(k, ..)| k == key)
                    .map_or(node.place, |(_, place, _)| *place),
                _ => node.place,
            });
        }
        match segment {
            Some(segment) => Self(self.0.under(segment)),
            None => self,
        }
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let result = match &self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Integer(value) => visitor.visit_i64(*value),
            Kind::Decimal(value) => visitor.visit_f64(*value),
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Kind::Table(entries) => {
                visitor.visit_map(Entries { entries, next: 0, passed_over: None })
            }
        };
        result.map_err(|error| error.seen_from(self, None))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let result = match &self.kind {
            Kind::Table(entries) => match TAGGED.iter().find(|(tagged, _)| *tagged == name) {
                Some((_, tag)) => {
                    let tagged = Tagged { node: self, tag, variants };
                    tagged.name().and_then(|_| visitor.visit_enum(tagged))
                }
                None => match entries.as_slice() {
                    [(name, _, node)] => visitor.visit_enum(Variant { name, content: Some(node) }),
                    _ => Err(de::Error::custom("expected a table of one key")),
                },
            },
            Kind::Text(text) => visitor.visit_enum(Variant { name: text, content: None }),
            _ => Err(self.no_word(variants)),
        };
        result.map_err(|error| error.seen_from(self, None))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl Node {
    /// What stands where one of some words is expected.
    fn no_word(&self, known: &[&str]) -> DecodeError {
        let found = match &self.kind {
            Kind::Null => de::Unexpected::Unit,
            Kind::Bool(value) => de::Unexpected::Bool(*value),
            Kind::Integer(number) => de::Unexpected::Signed(*number),
            Kind::Decimal(number) => de::Unexpected::Float(*number),
            Kind::Text(text) => de::Unexpected::Str(text),
            Kind::List(_) => de::Unexpected::Seq,
            Kind::Table(_) => de::Unexpected::Map,
        };
        let found = one_line(&found_in_words(&found), FOUND_MAX);
        let message = format!("found {found}, expected a word (known: {})", known.join(", "));
        DecodeError(Fault::at([], message))
    }
}

/// A table that names its variant in a key of its own.
#[derive(Clone, Copy)]
struct Tagged<'de> {
    node: &'de Node,
    tag: &'static str,
    variants: &'static [&'static str],
}

impl<'de> Tagged<'de> {
    /// The name of the variant, and where it stands.
    fn name(&self) -> Result<(&'de str, &'de Node), DecodeError> {
        let node = self.node.get(self.tag).ok_or_else(|| {
            <DecodeError as de::Error>::custom(format!("key `{}` is missing", self.tag))
        })?;
        match &node.kind {
            Kind::Text(name) => Ok((name, node)),
            _ => Err(self.at_tag(node, node.no_word(self.variants))),
        }
    }

    fn at_tag(&self, node: &Node, error: DecodeError) -> DecodeError {
        error.seen_from(node, Some(Segment::Key(self.tag.to_owned())))
    }
}

impl<'de> EnumAccess<'de> for Tagged<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), DecodeError> {
        let (name, node) = self.name()?;
        let value = seed.deserialize(name.into_deserializer());
        Ok((value.map_err(|error| self.at_tag(node, error))?, self))
    }
}

impl<'de> VariantAccess<'de> for Tagged<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        self.newtype_variant_seed(std::marker::PhantomData::<de::IgnoredAny>).map(drop)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DecodeError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_any(visitor)
    }
}

/// The rest of the table.
impl<'de> Deserializer<'de> for Tagged<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let Kind::Table(entries) = &self.node.kind else { return visitor.visit_unit() };
        let result = visitor.visit_map(Entries { entries, next: 0, passed_over: Some(self.tag) });
        result.map_err(|error| error.seen_from(self.node, None))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any option newtype_struct
        enum
    }
}

struct Items<'de> {
    items: &'de [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(node) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        let value = seed.deserialize(node);
        value.map(Some).map_err(|e| e.seen_from(node, Some(Segment::Index(index))))
    }
}

struct Entries<'de> {
    entries: &'de [(String, crate::scenario::node::Place, Node)],
    next: usize,
    /// A key that has been read already.
    passed_over: Option<&'static str>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        if let Some((key, ..)) = self.entries.get(self.next)
            && self.passed_over == Some(key.as_str())
        {
            self.next += 1;
        }
        match self.entries.get(self.next) {
            Some((key, ..)) => seed.deserialize(key.as_str().into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let Some((key, _, node)) = self.entries.get(self.next) else {
            return Err(de::Error::custom("a key without a value"));
        };
        self.next += 1;
        let value = seed.deserialize(node);
        value.map_err(|e| e.seen_from(node, Some(Segment::Key(key.clone()))))
    }
}

struct Variant<'de> {
    name: &'de str,
    content: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), DecodeError> {
        let value = seed.deserialize(self.name.into_deserializer())?;
        Ok((value, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(de::Error::custom("expected a word in quotes, found a table")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DecodeError> {
        match self.content {
            Some(node) => seed.deserialize(node),
            None => Err(de::Error::custom("expected a table of one key")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.struct_variant(&[], visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.content {
            Some(node) => node.deserialize_any(visitor),
            None => Err(de::Error::custom("expected a table of one key")),
        }
    }
}
