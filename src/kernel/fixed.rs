//! Exact decimals: whole millionths in an `i64` (SEMANTICS 0.5).
//!
//! No float takes part in a decision. A decimal in a file is read digit by digit; more than six
//! decimals are rounded half away from zero, and every later division rounds the same way.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in whole millionths: per cent, load per second, bytes per second.
///
/// Range: `i64` millionths, about ±9.2 · 10^12. Serialises as a JSON number with at most six
/// decimals.
///
/// ```
/// use asgsim::Micro;
/// assert_eq!(Micro::parse("85.8350004").unwrap().millionths(), 85_835_000);
/// assert_eq!(Micro::parse("-0.0000005").unwrap().millionths(), -1); // half away from zero
/// assert_eq!(Micro::parse("1.5e3").unwrap().to_string(), "1500");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micro(i64);

/// Text that is no decimal number, or one that is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not digits with an optional sign, point and exponent.
    #[error("`{0}` is no number")]
    Malformed(String),
    /// Larger than a [`Micro`] can hold.
    #[error("`{0}` is out of range: at most about 9.2e12 in size")]
    OutOfRange(String),
}

impl Micro {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// The largest.
    pub const MAX: Self = Self(i64::MAX);
    /// One.
    pub const ONE: Self = Self(1_000_000);
    /// A hundred, as in per cent.
    pub const HUNDRED: Self = Self(100_000_000);

    /// From whole millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// From a whole number; saturates.
    pub const fn from_int(whole: i64) -> Self {
        Self(whole.saturating_mul(1_000_000))
    }

    /// From the shortest decimal that names this float; `None` if it is not finite or too large.
    ///
    /// Exact for every number written with up to 15 significant digits.
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() { Self::parse(&value.to_string()).ok() } else { None }
    }

    /// In whole millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The nearest float, for reports only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// `numerator / denominator`, rounded half away from zero and saturating; `None` for a
    /// denominator of 0.
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        Some(Self(saturate(div_round(numerator, denominator)?)))
    }

    /// Reads a decimal exactly: optional sign, digits with an optional point, optional exponent.
    ///
    /// # Errors
    /// [`DecimalError::Malformed`] for other text (`NaN` and `inf` too),
    /// [`DecimalError::OutOfRange`] beyond the range of the type.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let malformed = || DecimalError::Malformed(text.chars().take(40).collect());
        let out_of_range = || DecimalError::OutOfRange(text.chars().take(40).collect());
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => {
                let (mantissa, exponent) = rest.split_at(at);
                let exponent: i32 =
                    exponent.get(1..).unwrap_or_default().parse().map_err(|_| malformed())?;
                (mantissa, exponent)
            }
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if whole.len() + fraction.len() == 0 || !digits().all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        // Digit i (from the left) counts 10^(places - 1 - i) millionths.
        let places =
            i64::try_from(whole.len()).map_err(|_| out_of_range())? + i64::from(exponent) + 6;
        let mut total = 0_i128;
        for (i, digit) in digits().enumerate() {
            let place = places - 1 - i64::try_from(i).map_err(|_| out_of_range())?;
            let digit = i128::from(digit - b'0');
            match place {
                // Half away from zero: only the first digit past the last place decides.
                -1 => total += i128::from(digit >= 5),
                ..-1 => break,
                0..=30 => {
                    let place = u32::try_from(place).map_err(|_| out_of_range())?;
                    total = total.saturating_add(digit * 10_i128.pow(place));
                }
                _ if digit == 0 => {}
                _ => return Err(out_of_range()),
            }
        }
        let signed = if negative { -total } else { total };
        i64::try_from(signed).map(Self).map_err(|_| out_of_range())
    }
}

/// `numerator / denominator` rounded half away from zero; `None` for a denominator of 0.
pub fn div_round(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let quotient = numerator / denominator;
    let rest = numerator % denominator;
    let up = rest.unsigned_abs() >= denominator.unsigned_abs() - rest.unsigned_abs();
    let away = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    Some(if rest != 0 && up { quotient + away } else { quotient })
}

/// The nearest `i64`.
pub fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, fraction) = (size / 1_000_000, size % 1_000_000);
        if fraction == 0 {
            return f.pad(&format!("{sign}{whole}"));
        }
        let text = format!("{sign}{whole}.{fraction:06}");
        f.pad(text.trim_end_matches('0'))
    }
}

impl Serialize for Micro {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000_000)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Micro {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Decimal;
        impl Visitor<'_> for Decimal {
            type Value = Micro;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Micro, E> {
                self.visit_f64_text(&value.to_string())
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Micro, E> {
                self.visit_f64_text(&value.to_string())
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Micro, E> {
                self.visit_f64_text(&value.to_string())
            }
        }
        impl Decimal {
            fn visit_f64_text<E: de::Error>(self, text: &str) -> Result<Micro, E> {
                Micro::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Decimal)
    }
}
