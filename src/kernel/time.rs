//! Simulated time: whole milliseconds, and civil time at a fixed offset (SEMANTICS 0.1).
//!
//! Arithmetic saturates at the ends of `i64`. [`SimTime::MAX`] doubles as "never": a wake time
//! that lies so far away is not reached by any run.

use std::fmt;
use std::ops::{Add, Sub};

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds in one civil minute, the grid of metric samples (1.2).
pub const MINUTE_MS: i64 = 60_000;

/// An instant: whole milliseconds since the Unix epoch (UTC), may be negative.
///
/// Serialises as Unix seconds with at most three decimals.
///
/// ```
/// use asgsim::{SimDuration, SimTime};
/// let t = SimTime::from_unix_s(1_700_000_100) + SimDuration::from_ms(1_500);
/// assert_eq!(serde_json::to_string(&t).unwrap(), "1700000101.5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(i64);

/// A signed span of whole milliseconds.
///
/// Serialises as seconds with at most three decimals; prints as number and unit, largest first
/// (`1h30m`, `250ms`, `0s`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimDuration(i64);

/// A fixed offset of civil time from UTC, whole minutes, `-23:59` to `+23:59`. Default `+08:00`
/// (Beijing), without daylight saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UtcOffset {
    minutes: i16,
}

/// Text that is no civil time, offset or duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not `YYYY-MM-DD hh:mm:ss`, or no such day.
    #[error("`{0}` is no civil time: write `YYYY-MM-DD hh:mm:ss`")]
    Civil(String),
    /// Not `+hh:mm` or `-hh:mm`.
    #[error("`{0}` is no offset from UTC: write `+hh:mm` or `-hh:mm`, at most 23:59")]
    Offset(String),
    /// Not a sequence of number and unit, largest unit first.
    #[error(
        "`{0}` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`"
    )]
    Duration(String),
}

/// Characters of a text that an error shows.
const SHOWN_MAX: usize = 60;

impl SimTime {
    /// The latest instant; as a wake time it means "never".
    pub const MAX: Self = Self(i64::MAX);
    /// The earliest instant.
    pub const MIN: Self = Self(i64::MIN);

    /// [`Self::MAX`], where a file leaves an end out.
    pub(crate) const fn max() -> Self {
        Self::MAX
    }

    /// Whether it is [`Self::MAX`], which a file leaves out: it has no civil date.
    pub(crate) const fn is_max(&self) -> bool {
        self.0 == i64::MAX
    }

    /// From milliseconds since the Unix epoch.
    pub const fn from_unix_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// From seconds since the Unix epoch; saturates.
    pub const fn from_unix_s(s: i64) -> Self {
        Self(s.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// The civil time `YYYY-MM-DD hh:mm:ss` (or the same with `T`) at `offset`.
    ///
    /// # Errors
    /// [`TimeError::Civil`] if the text has another form or names no day of the calendar.
    pub fn parse_civil(text: &str, offset: UtcOffset) -> Result<Self, TimeError> {
        let bad = || TimeError::Civil(text.chars().take(SHOWN_MAX).collect());
        let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
            .map_err(|_| bad())?;
        Self::from_civil(civil, offset).ok_or_else(bad)
    }

    /// The instant of a calendar date and time at `offset`; `None` outside chrono's range.
    pub fn from_civil(civil: NaiveDateTime, offset: UtcOffset) -> Option<Self> {
        let at = offset.chrono().from_local_datetime(&civil).single()?;
        Some(Self(at.timestamp_millis()))
    }

    /// The calendar's view of this instant at `offset`; `None` outside chrono's range of years.
    pub fn civil(self, offset: UtcOffset) -> Option<DateTime<FixedOffset>> {
        let utc = DateTime::<Utc>::from_timestamp_millis(self.0)?;
        Some(utc.with_timezone(&offset.chrono()))
    }

    /// `YYYY-MM-DD hh:mm:ss` at `offset`, milliseconds cut off: the form of the service's API.
    pub fn format_civil(self, offset: UtcOffset) -> String {
        match self.civil(offset) {
            Some(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            None => format!("{} ms", self.0),
        }
    }

    /// The latest multiple of `grid` in civil time that is not after this instant.
    pub fn floor_civil(self, grid: SimDuration, offset: UtcOffset) -> Self {
        let shift = offset.ms();
        let local = self.0.saturating_add(shift);
        Self(local.saturating_sub(local.rem_euclid(grid.0.max(1))).saturating_sub(shift))
    }

    /// The earliest multiple of `grid` in civil time that is not before this instant.
    pub fn ceil_civil(self, grid: SimDuration, offset: UtcOffset) -> Self {
        let floor = self.floor_civil(grid, offset);
        if floor == self { self } else { floor + grid }
    }

    /// The start of the civil minute that holds this instant. Offsets are whole minutes, so it
    /// does not depend on them.
    pub const fn minute(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(MINUTE_MS)))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One civil minute.
    pub const MINUTE: Self = Self(MINUTE_MS);

    /// From milliseconds.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// From seconds; saturates.
    pub const fn from_s(s: i64) -> Self {
        Self(s.saturating_mul(1000))
    }

    /// In milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whether the span is longer than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `times` such spans; saturates.
    pub const fn times(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times))
    }

    /// Reads number and unit (`ms`, `s`, `m`, `h`, `d`, `w`), the largest unit first, each at most
    /// once: `1h30m`, `90s`, `250ms`. A bare number is seconds and may have up to three decimals.
    ///
    /// # Errors
    /// [`TimeError::Duration`] for anything else, negative spans and overflow included.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError::Duration(text.chars().take(SHOWN_MAX).collect());
        if let Ok(seconds) = super::Micro::parse(text) {
            let us = seconds.millionths();
            return if us >= 0 && us % 1000 == 0 { Ok(Self(us / 1000)) } else { Err(bad()) };
        }
        let mut rest = text;
        let mut total = 0_i64;
        let mut smallest = usize::MAX;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, tail) = rest.split_at(digits);
            let unit = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, tail) = tail.split_at(unit);
            let number: i64 = number.parse().map_err(|_| bad())?;
            let place = UNITS.iter().position(|(name, _)| *name == unit).ok_or_else(bad)?;
            if place >= smallest {
                return Err(bad());
            }
            smallest = place;
            let (_, ms) = UNITS.get(place).ok_or_else(bad)?;
            let part = number.checked_mul(*ms).ok_or_else(bad)?;
            total = total.checked_add(part).ok_or_else(bad)?;
            rest = tail;
        }
        if text.is_empty() { Err(bad()) } else { Ok(Self(total)) }
    }
}

/// Units of a duration from the smallest to the largest, in milliseconds.
const UNITS: [(&str, i64); 6] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
];

impl UtcOffset {
    /// UTC itself.
    pub const UTC: Self = Self { minutes: 0 };
    /// Beijing, the service's own.
    pub const BEIJING: Self = Self { minutes: 480 };

    /// Reads `+hh:mm` or `-hh:mm`.
    ///
    /// # Errors
    /// [`TimeError::Offset`] for anything else, or more than 23:59.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError::Offset(text.chars().take(SHOWN_MAX).collect());
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(bad()),
        };
        let two = |s: &str| match s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()) {
            true => s.parse::<i16>().map_err(|_| bad()),
            false => Err(bad()),
        };
        let (h, m) = rest.split_once(':').ok_or_else(bad)?;
        let (h, m) = (two(h)?, two(m)?);
        if h > 23 || m > 59 { Err(bad()) } else { Ok(Self { minutes: sign * (h * 60 + m) }) }
    }

    /// Milliseconds to add to UTC for civil time.
    pub const fn ms(self) -> i64 {
        self.minutes as i64 * MINUTE_MS
    }

    /// The same for chrono.
    pub fn chrono(self) -> FixedOffset {
        FixedOffset::east_opt(i32::from(self.minutes) * 60).unwrap_or_else(|| Utc.fix())
    }
}

impl Default for UtcOffset {
    fn default() -> Self {
        Self::BEIJING
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let m = self.minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", m / 60, m % 60)
    }
}

impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let mut rest = self.0.unsigned_abs();
        // Weeks are read but days are printed: "10d" says more than "1w3d".
        for (unit, ms) in UNITS.iter().rev().skip(1) {
            let ms = ms.unsigned_abs();
            if rest >= ms {
                write!(f, "{}{unit}", rest / ms)?;
                rest %= ms;
            }
        }
        Ok(())
    }
}

/// Civil time at UTC, for messages that know no offset: `2024-03-01 02:00:00 UTC`.
impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} UTC", self.format_civil(UtcOffset::UTC))
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;
    fn add(self, span: SimDuration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = Self;
    fn sub(self, span: SimDuration) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub for SimTime {
    type Output = SimDuration;
    fn sub(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }
}

impl Add for SimDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Milliseconds as seconds, an integer where they are whole.
fn serialize_ms<S: Serializer>(ms: i64, serializer: S) -> Result<S::Ok, S::Error> {
    if ms % 1000 == 0 {
        serializer.serialize_i64(ms / 1000)
    } else {
        serializer.serialize_f64(ms as f64 / 1000.0)
    }
}

/// Seconds with up to three decimals as milliseconds.
fn deserialize_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let seconds = super::Micro::deserialize(deserializer)?;
    Ok(seconds.millionths() / 1000)
}

impl Serialize for SimTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_ms(self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for SimTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_ms(deserializer).map(Self)
    }
}

impl Serialize for SimDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_ms(self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for SimDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_ms(deserializer).map(Self)
    }
}
