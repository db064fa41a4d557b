//! The parameters of a call: looked up by name, read into types, with errors that name them.

use serde_json::Value;

use super::error::shown;

/// Names and values in the order in which they were sent, decoded.
///
/// * A parameter without a value counts as absent.
/// * `_` in a name is the same as `.`: some clients write `zoneIds_0` for `zoneIds.0`.
/// * Names differ by case, but for the members of an object (`metric.Threshold`).
/// * Parameters that nobody asks for are nobody's business.
/// * DIFFERENCE: one name with two values is an error here. The reference is silent; taking one
///   of them would hide a slip of the client.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
    /// The parameter whose members these are.
    owner: Option<String>,
}

/// What is wrong with a parameter. Prints as `parameter minSize is 31; allowed is 0 to 30`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter {name} {fault}")]
pub struct ParameterError {
    /// The parameter, as the reference spells it.
    pub name: String,
    /// What is wrong.
    pub fault: ParameterFault,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterFault {
    /// Required, but not there, or empty.
    #[error("is missing")]
    Missing,
    /// Another form than the type's.
    #[error("is {found:?}; expected is {expected}")]
    Malformed {
        /// The head of the value.
        found: String,
        /// The form it should have.
        expected: &'static str,
    },
    /// A number beyond its bounds.
    #[error("is {found}; allowed is {min} to {max}")]
    OutOfRange {
        /// The number.
        found: i64,
        /// The least allowed.
        min: i64,
        /// The most allowed.
        max: i64,
    },
    /// A list that is too long, repetitions not counted.
    #[error("has {found} entries; allowed are {max}")]
    TooMany {
        /// How many it has.
        found: usize,
        /// The most allowed.
        max: usize,
    },
    /// One name, two values.
    #[error("is there more than once")]
    Repeated,
}

impl ParameterFault {
    /// [`ParameterFault::Malformed`] with the head of the value.
    pub fn malformed(found: &str, expected: &'static str) -> Self {
        Self::Malformed { found: shown(found), expected }
    }
}

/// Entries of a list for which the reference prints no maximum.
pub const LIST_MAX: usize = 100;

impl Parameters {
    /// From decoded names and values.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, owner: None }
    }

    /// Names and values as they were sent.
    pub fn sent(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of `name` as `read` understands it; `None` where it is absent or empty.
    ///
    /// # Errors
    /// Whatever `read` finds, and [`ParameterFault::Repeated`].
    pub fn optional<'a, T>(
        &'a self,
        name: &str,
        read: impl FnOnce(&'a str) -> Result<T, ParameterFault>,
    ) -> Result<Option<T>, ParameterError> {
        let values = self.sent().filter(|(sent, value)| self.is(sent, name) && !value.is_empty());
        let mut values = values.map(|(_, value)| value);
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(self.error(name, ParameterFault::Repeated));
        }
        read(value).map(Some).map_err(|fault| self.error(name, fault))
    }

    /// The value of `name` as `read` understands it.
    ///
    /// # Errors
    /// Those of [`Parameters::optional`], and [`ParameterFault::Missing`].
    pub fn required<'a, T>(
        &'a self,
        name: &str,
        read: impl FnOnce(&'a str) -> Result<T, ParameterFault>,
    ) -> Result<T, ParameterError> {
        self.optional(name, read)?.ok_or_else(|| self.error(name, ParameterFault::Missing))
    }

    /// The entries of the list `name`: a bare `name` first, then `name.0`, `name.1` … by number,
    /// wherever they begin and whatever is left out. Empty entries and repetitions are dropped,
    /// then they are counted.
    ///
    /// # Errors
    /// Whatever `read` finds in an entry, and [`ParameterFault::TooMany`].
    pub fn list<'a, T: PartialEq>(
        &'a self,
        name: &str,
        max: usize,
        read: impl Fn(&'a str) -> Result<T, ParameterFault>,
    ) -> Result<Vec<T>, ParameterError> {
        let entries = self.sent().filter(|(_, value)| !value.is_empty());
        let mut entries: Vec<_> = entries
            .filter_map(|(sent, value)| self.entry(sent, name).map(|number| (number, sent, value)))
            .collect();
        entries.sort_by_key(|(number, ..)| *number);
        let mut list = Vec::new();
        for (_, sent, value) in entries {
            let item =
                read(value).map_err(|fault| self.error(&shown(sent).replace('_', "."), fault))?;
            if !list.contains(&item) {
                list.push(item);
            }
        }
        match list.len() {
            found if found > max => Err(self.error(name, ParameterFault::TooMany { found, max })),
            _ => Ok(list),
        }
    }

    /// The members of the object `name`, sent as JSON text or as `name.member`; `None` where
    /// there are none. Their names are then found without regard to case.
    ///
    /// # Errors
    /// [`ParameterFault::Malformed`] for a text that is no JSON object of numbers and strings.
    pub fn members(&self, name: &str) -> Result<Option<Self>, ParameterError> {
        let mut pairs = self.optional(name, object)?.unwrap_or_default();
        let dotted = self.sent().filter_map(|(sent, value)| {
            let member = sent.strip_prefix(name)?.strip_prefix(['.', '_'])?;
            Some((member.to_owned(), value.to_owned()))
        });
        pairs.extend(dotted.filter(|(_, value)| !value.is_empty()));
        let owner = Some(name.to_owned());
        Ok(if pairs.is_empty() { None } else { Some(Self { pairs, owner }) })
    }

    /// Whether a name that was sent means this one.
    fn is(&self, sent: &str, name: &str) -> bool {
        match self.owner {
            Some(_) => sent.eq_ignore_ascii_case(name),
            None => sent.len() == name.len() && sent.bytes().map(dotted).eq(name.bytes()),
        }
    }

    /// The place in the list `name` of what was sent; a bare name comes before all numbers.
    fn entry(&self, sent: &str, name: &str) -> Option<Option<u64>> {
        if sent == name {
            return Some(None);
        }
        let number = sent.strip_prefix(name)?.strip_prefix(['.', '_'])?;
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        // A number beyond all bounds is a last place.
        digits.then(|| Some(number.parse().unwrap_or(u64::MAX)))
    }

    fn error(&self, name: &str, fault: ParameterFault) -> ParameterError {
        let name = match &self.owner {
            Some(owner) => format!("{owner}.{name}"),
            None => name.to_owned(),
        };
        ParameterError { name, fault }
    }
}

const fn dotted(byte: u8) -> u8 {
    if byte == b'_' { b'.' } else { byte }
}

/// The members of a JSON object, as texts. A member that is `null` is not there.
fn object(text: &str) -> Result<Vec<(String, String)>, ParameterFault> {
    let bad = || ParameterFault::malformed(text, "a JSON object of numbers and strings");
    let members: serde_json::Map<String, Value> = serde_json::from_str(text).map_err(|_| bad())?;
    let mut pairs = Vec::with_capacity(members.len());
    for (name, value) in members {
        match value {
            Value::Null => {}
            Value::Number(number) => pairs.push((name, number.to_string())),
            Value::String(text) => pairs.push((name, text)),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(bad()),
        }
    }
    Ok(pairs)
}
