//! One field as a number, or as the absence of one.

use super::error::ValueFault;
use crate::kernel::Micro;
use crate::kernel::fixed::DecimalError;

/// What stands for a missing value, whatever its case. An empty field does too.
const MISSING: [&str; 7] = ["nan", "null", "n/a", "na", "none", "-", "--"];

/// Whether the text says that there is no value.
pub(super) fn is_missing(text: &str) -> bool {
    text.is_empty() || MISSING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Reads a number with an optional `%` behind it; `None` for a missing value.
pub(super) fn parse(text: &str, decimal_comma: bool) -> Result<Option<Micro>, ValueFault> {
    match Micro::parse(text) {
        Ok(value) => Ok(Some(value)),
        Err(DecimalError::OutOfRange(_)) => Err(ValueFault::TooLarge),
        Err(_) if is_missing(text) => Ok(None),
        Err(_) => parse_odd(text, decimal_comma).map(Some),
    }
}

/// The rare forms: a per cent sign, a decimal comma, and everything that is refused.
fn parse_odd(text: &str, decimal_comma: bool) -> Result<Micro, ValueFault> {
    let bare = text.strip_suffix('%').unwrap_or(text).trim_end();
    let point = match bare.split_once(',') {
        Some((whole, fraction)) if decimal_comma && !fraction.contains(['.', ',']) => {
            format!("{whole}.{fraction}")
        }
        _ => bare.to_owned(),
    };
    match Micro::parse(&point) {
        Ok(value) => Ok(value),
        Err(DecimalError::OutOfRange(_)) => Err(ValueFault::TooLarge),
        Err(_) => Err(explain(bare)),
    }
}

/// Why the text is no number.
fn explain(text: &str) -> ValueFault {
    let unsigned = text.trim_start_matches(['+', '-']);
    if ["inf", "infinity", "∞"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return ValueFault::Infinite;
    }
    let digits = |c: char| c.is_ascii_digit() || ".,".contains(c);
    let unit = unsigned.trim_start_matches(digits);
    let starts_with_digit = unsigned.starts_with(|c: char| c.is_ascii_digit());
    match unit.is_empty() {
        _ if !starts_with_digit => ValueFault::NoNumber,
        // An exponent that is no `i32`.
        false if unit.strip_prefix(['e', 'E']).is_some_and(is_whole) => ValueFault::TooLarge,
        true if text.contains(',') => ValueFault::Comma,
        true => ValueFault::NoNumber,
        // "12:30" and "2014-02-14" are no numbers with a unit.
        false if unit.trim_start().starts_with(char::is_alphabetic) => {
            ValueFault::Unit(unit.trim().chars().take(20).collect())
        }
        false => ValueFault::NoNumber,
    }
}

/// Digits with an optional sign.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}
