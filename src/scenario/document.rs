//! From text to tree: TOML or JSON, with the place of every value.

use std::collections::BTreeSet;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::decode::decode;
use crate::scenario::error::{Fault, ScenarioError, line_of};
use crate::scenario::node::{Kind, Node, Place};

/// The largest scenario file, in bytes.
pub const BYTES_MAX: usize = 16 << 20;

/// A scenario file as written, with the overrides of the command line put in.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name as errors show it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its tree.
    pub root: Node,
    /// `PATH=VALUE` of each override, in order.
    pub overrides: Vec<String>,
}

impl Document {
    /// Reads JSON if the text begins with `{`, else TOML, and puts in the overrides.
    ///
    /// # Errors
    /// One message with the line, if the text is not UTF-8, too large or malformed.
    pub fn parse(file: &str, bytes: &[u8], overrides: &[String]) -> Result<Self, ScenarioError> {
        if bytes.len() > BYTES_MAX {
            let message =
                format!("{} bytes are more than a scenario may have ({BYTES_MAX})", bytes.len());
            return Err(ScenarioError::of_file(file, message));
        }
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            let message = "the text is not UTF-8";
            ScenarioError { line: Some(line), ..ScenarioError::of_file(file, message) }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root =
            if text.trim_start().starts_with('{') { parse_json(text) } else { parse_toml(text) };
        let root = root.map_err(|(at, message)| ScenarioError {
            line: at.map(|at| line_of(text, at)),
            ..ScenarioError::of_file(file, message)
        })?;
        let mut document =
            Self { file: file.to_owned(), text: text.to_owned(), root, overrides: Vec::new() };
        for item in overrides {
            document.put(item)?;
        }
        Ok(document)
    }

    /// Puts in one `PATH=VALUE`; the value is read as TOML, or taken as text if it is none.
    fn put(&mut self, item: &str) -> Result<(), ScenarioError> {
        let place = Place::Override(self.overrides.len());
        self.overrides.push(item.to_owned());
        let wrong = |message: String| ScenarioError::of_file(&format!("--set {item}"), message);
        let (path, value) =
            item.split_once('=').ok_or_else(|| wrong(String::from("write PATH=VALUE")))?;
        let value = match DeValue::parse(value.trim()) {
            Ok(value) => from_toml(&value, Some(place)).map_err(|(_, message)| wrong(message))?,
            Err(_) => Node { kind: Kind::Text(value.to_owned()), place },
        };
        self.root.set(path.trim(), value).map_err(wrong)
    }

    /// Gives the tree a shape.
    ///
    /// # Errors
    /// The first fault, with file, line and key.
    pub fn decode<'de, T: Deserialize<'de>>(&'de self) -> Result<T, ScenarioError> {
        decode(&self.root).map_err(|fault| self.locate(fault))
    }

    /// Places a fault in this document.
    pub fn locate(&self, fault: Fault) -> ScenarioError {
        ScenarioError::locate(fault, &self.file, &self.text, &self.root, &self.overrides)
    }
}

/// Where the text is malformed, if that is known, and how.
type Malformed = (Option<usize>, String);

fn parse_toml(text: &str) -> Result<Node, Malformed> {
    let table = DeTable::parse(text)
        .map_err(|e| (e.span().map(|span| span.start), e.message().replace('\n', ", ")))?;
    table_from_toml(table.get_ref(), Place::Byte(0), None)
}

fn table_from_toml(
    table: &DeTable<'_>,
    place: Place,
    at: Option<Place>,
) -> Result<Node, Malformed> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let key_place = at.unwrap_or(Place::Byte(key.span().start));
        entries.push((key.get_ref().to_string(), key_place, from_toml(value, at)?));
    }
    // The table is sorted by key; errors should come in the order of the file.
    entries.sort_by_key(|(_, place, _)| match place {
        Place::Byte(at) | Place::Override(at) => *at,
    });
    Ok(Node { kind: Kind::Table(entries), place })
}

/// A TOML value; `at` overrides the places of all of it.
fn from_toml(value: &Spanned<DeValue<'_>>, at: Option<Place>) -> Result<Node, Malformed> {
    let start = value.span().start;
    let place = at.unwrap_or(Place::Byte(start));
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Boolean(value) => Kind::Bool(*value),
        DeValue::Datetime(time) => Kind::Text(time.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str();
            let whole = i64::from_str_radix(digits, number.radix());
            Kind::Integer(whole.map_err(|_| {
                let message = format!("`{digits}` is out of range: at most {} in size", i64::MAX);
                (Some(start), message)
            })?)
        }
        DeValue::Float(number) => number_kind(number.as_str(), start)?,
        DeValue::Array(items) => {
            Kind::List(items.iter().map(|item| from_toml(item, at)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return table_from_toml(table, place, at),
    };
    Ok(Node { kind, place })
}

/// A number that is not whole (or JSON's, which may be).
fn number_kind(text: &str, start: usize) -> Result<Kind, Malformed> {
    if let Ok(whole) = text.parse() {
        return Ok(Kind::Integer(whole));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Kind::Decimal(number)),
        _ => Err((Some(start), format!("`{text}` is no finite number"))),
    }
}

fn parse_json(text: &str) -> Result<Node, Malformed> {
    // serde_json judges the text, nesting included; the second parser, which knows places, then
    // only meets JSON.
    if let Err(e) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let before = text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len);
        let message = e.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        return Err((Some(before.sum::<usize>() + e.column().saturating_sub(1)), message));
    }
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let parsed = parse_to_ast(text, &collect, &ParseOptions::default());
    let parsed = parsed.map_err(|e| (Some(e.range().start), e.kind().to_string()))?;
    from_json(&parsed.value.ok_or((None, String::from("the file is empty")))?)
}

fn from_json(value: &ast::Value<'_>) -> Result<Node, Malformed> {
    let start = value.range().start;
    let kind = match value {
        ast::Value::NullKeyword(_) => Kind::Null,
        ast::Value::BooleanLit(lit) => Kind::Bool(lit.value),
        ast::Value::StringLit(lit) => Kind::Text(lit.value.to_string()),
        ast::Value::NumberLit(lit) => number_kind(lit.value, start)?,
        ast::Value::Array(array) => {
            Kind::List(array.elements.iter().map(from_json).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let mut entries: Vec<(String, Place, Node)> = Vec::new();
            let mut seen = BTreeSet::new();
            for property in &object.properties {
                let key = property.name.as_str().to_owned();
                let at = property.range.start;
                if !seen.insert(key.clone()) {
                    return Err((Some(at), format!("key `{key}` stands twice in one table")));
                }
                entries.push((key, Place::Byte(at), from_json(&property.value)?));
            }
            Kind::Table(entries)
        }
    };
    Ok(Node { kind, place: Place::Byte(start) })
}
