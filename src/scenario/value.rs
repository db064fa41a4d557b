//! Small values of scenario files: durations, times, series.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};

pub use crate::scenario::choice::{Instances, LaunchFailures, Password};

/// A duration: a string of numbers and units (`ms`, `s`, `m`, `h`, `d`, `w`), the largest first,
/// as in `"1h30m"`; or a bare number of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span(pub SimDuration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a duration such as \"1h30m\", or a number of seconds";
        deserializer
            .deserialize_any(TextOrNumber { expecting, parse: SimDuration::parse })
            .map(Self)
    }
}

/// Reads a string, or a number as if it were written as one.
struct TextOrNumber<T, E> {
    expecting: &'static str,
    parse: fn(&str) -> Result<T, E>,
}

impl<T, P: fmt::Display> Visitor<'_> for TextOrNumber<T, P> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

/// A signed duration: as a duration, with `-` in front for earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift(pub SimDuration);

impl<'de> Deserialize<'de> for Shift {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a duration such as \"1h\" or \"-1h\", or a number of seconds";
        let parse = |text: &str| {
            let (sign, size) = match text.strip_prefix('-') {
                Some(size) => (-1, size),
                None => (1, text.strip_prefix('+').unwrap_or(text)),
            };
            SimDuration::parse(size).map(|span| span.times(sign))
        };
        deserializer.deserialize_any(TextOrNumber { expecting, parse }).map(Self)
    }
}

/// An instant: a civil time `YYYY-MM-DD hh:mm:ss` at the scenario's offset, or with `+` in front an
/// offset from its start, as in `"+2d12h"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// A civil time, not yet placed at an offset.
    Civil(String),
    /// So long after the start.
    After(SimDuration),
}

impl When {
    /// Reads either form.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, crate::kernel::time::TimeError> {
        match text.strip_prefix('+') {
            Some(offset) => SimDuration::parse(offset).map(Self::After),
            None => {
                SimTime::parse_civil(text, UtcOffset::UTC)?;
                Ok(Self::Civil(text.to_owned()))
            }
        }
    }

    /// The instant meant, given the scenario's start and offset.
    pub fn resolve(&self, start: SimTime, offset: UtcOffset) -> Option<SimTime> {
        match self {
            Self::After(span) => Some(start + *span),
            Self::Civil(text) => SimTime::parse_civil(text, offset).ok(),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// A series written out: compact notation, or an array of numbers and nulls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Series {
    /// Compact notation, as in `"100x12 100+50x6"`.
    Compact(String),
    /// Numbers; null where nothing is known.
    Values(Vec<Option<Micro>>),
}

impl<'de> Deserialize<'de> for Series {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Series;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a compact series such as \"100x12 100+50x6\", or an array of numbers")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Series, E> {
                Ok(Series::Compact(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Series, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = items.next_element()? {
                    values.push(value);
                }
                Ok(Series::Values(values))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// How long a phase takes: a duration (the median), or `{ median, sigma }`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// A median; fixed unless the scenario's latencies are random.
    Median(SimDuration),
    /// Log-normal with this median and standard deviation of the logarithm.
    LogNormal {
        /// The median.
        median: SimDuration,
        /// 0 to 3.
        sigma: f64,
    },
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            median: Span,
            sigma: f64,
        }
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Length;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as \"60s\", or { median = \"97s\", sigma = 0.2 }")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Length, E> {
                SimDuration::parse(text).map(Length::Median).map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Length, E> {
                self.visit_str(&seconds.to_string())
            }
            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Length, E> {
                self.visit_str(&seconds.to_string())
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Length, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let (median, sigma) = (table.median.0, table.sigma);
                if !median.is_positive() || !(0.0..=3.0).contains(&sigma) {
                    let message = "median must be above 0, and sigma between 0 and 3";
                    return Err(de::Error::custom(message));
                }
                Ok(Length::LogNormal { median, sigma })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A number, or the name of a trace.
#[derive(Clone, Debug, PartialEq)]
pub enum Count {
    /// A fixed number.
    Number(Micro),
    /// The name of a trace.
    Trace(String),
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Count;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of instances, or the name of a trace")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Count, E> {
                Ok(Count::Trace(name.to_owned()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Count, E> {
                Ok(Count::Number(Micro::from_int(number)))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Count, E> {
                let number = Micro::from_f64(number);
                number.map(Count::Number).ok_or_else(|| E::custom("the number is out of range"))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// What a quantity may be: a number exactly, or `{ min, max }` with at least one of them, both
/// included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least allowed.
    pub min: Option<Micro>,
    /// The most allowed.
    pub max: Option<Micro>,
}

impl Bounds {
    /// Whether a value lies within.
    pub fn holds(self, value: Micro) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }

    /// As a comparison.
    pub fn words(self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => format!("= {min}"),
            (Some(min), Some(max)) => format!("in {min}..{max}"),
            (Some(min), None) => format!(">= {min}"),
            (None, Some(max)) => format!("<= {max}"),
            (None, None) => String::from("any"),
        }
    }
}

impl<'de> Deserialize<'de> for Bounds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            min: Option<Micro>,
            max: Option<Micro>,
        }
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Bounds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or { min = 2, max = 5 }")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Bounds, E> {
                let exact = Some(Micro::from_int(number));
                Ok(Bounds { min: exact, max: exact })
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Bounds, E> {
                let exact = Micro::from_f64(number);
                let exact = exact.ok_or_else(|| E::custom("the number is out of range"))?;
                Ok(Bounds { min: Some(exact), max: Some(exact) })
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Bounds, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                match (table.min, table.max) {
                    (None, None) => Err(de::Error::custom("give min, max or both")),
                    (Some(min), Some(max)) if min > max => {
                        Err(de::Error::custom(format!("min {min} is above max {max}")))
                    }
                    (min, max) => Ok(Bounds { min, max }),
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
