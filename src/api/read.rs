//! Readers: from the text of a parameter to its type.

use std::ops::RangeInclusive;

use super::parameters::ParameterFault;
use crate::kernel::{SimTime, UtcOffset};
use crate::model::policy::is_name;

/// A civil time of the wire, which has a way to write that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CivilTime {
    /// `0000-00-00 00:00:00`.
    Unset,
    /// An instant, on whole seconds.
    At(SimTime),
}

const UNSET: &str = "0000-00-00 00:00:00";

impl CivilTime {
    /// `YYYY-MM-DD hh:mm:ss` at `offset`.
    pub fn format(self, offset: UtcOffset) -> String {
        match self {
            Self::Unset => UNSET.to_owned(),
            Self::At(at) => at.format_civil(offset),
        }
    }
}

/// The text itself.
///
/// # Errors
/// None; it has the shape of the other readers.
pub const fn text(value: &str) -> Result<&str, ParameterFault> {
    Ok(value)
}

/// The name of a group, policy, task, hook or configuration.
///
/// # Errors
/// [`ParameterFault::Malformed`] for more than 60 characters, or control characters.
pub fn name(value: &str) -> Result<&str, ParameterFault> {
    const EXPECTED: &str = "a name of 1 to 60 characters, none of them a control character";
    if is_name(value) { Ok(value) } else { Err(ParameterFault::malformed(value, EXPECTED)) }
}

/// A whole number within `range`: a sign perhaps, decimal digits, blanks around.
///
/// # Errors
/// [`ParameterFault::Malformed`] for any other form, and beyond 64 bits;
/// [`ParameterFault::OutOfRange`].
pub fn integer(range: RangeInclusive<i64>) -> impl Fn(&str) -> Result<i64, ParameterFault> {
    move |value| {
        let found = value.trim_matches(' ').parse();
        let found = found.map_err(|_| ParameterFault::malformed(value, "a whole number"))?;
        if range.contains(&found) {
            return Ok(found);
        }
        Err(ParameterFault::OutOfRange { found, min: *range.start(), max: *range.end() })
    }
}

/// A whole number from 0 on, of at most 64 bits.
///
/// # Errors
/// [`ParameterFault::Malformed`].
pub fn unsigned(value: &str) -> Result<u64, ParameterFault> {
    let bad = |_| ParameterFault::malformed(value, "a whole number from 0 on, of at most 64 bits");
    value.trim_matches(' ').parse().map_err(bad)
}

/// A civil time at `offset`: `YYYY-MM-DD hh:mm:ss`, blanks allowed around it and behind colons
/// (the reference itself writes `00: 00: 00`).
///
/// # Errors
/// [`ParameterFault::Malformed`] for another form, and for days and times that do not exist.
pub fn civil(offset: UtcOffset) -> impl Fn(&str) -> Result<CivilTime, ParameterFault> {
    move |value| {
        let parts = value.trim_matches(' ').split(':').map(|part| part.trim_start_matches(' '));
        let text = parts.collect::<Vec<_>>().join(":");
        if text == UNSET {
            return Ok(CivilTime::Unset);
        }
        // What is written back differently was another form, or a leap second.
        let at = SimTime::parse_civil(&text, offset).ok();
        let at = at.filter(|at| at.format_civil(offset) == text).map(CivilTime::At);
        at.ok_or_else(|| ParameterFault::malformed(value, "a time, YYYY-MM-DD hh:mm:ss"))
    }
}

/// One of the words of a table, spelled exactly so.
///
/// # Errors
/// [`ParameterFault::Malformed`] with `expected`.
pub fn one_of<T: Copy>(
    table: &[(&str, T)],
    expected: &'static str,
) -> impl Fn(&str) -> Result<T, ParameterFault> {
    move |value| {
        let found = table.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| ParameterFault::malformed(value, expected))
    }
}
