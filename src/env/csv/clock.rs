//! One field as an instant: Unix and relative numbers, civil times with and without a zone.
//!
//! The text is taken apart here; days, times and offsets are chrono's to judge.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};

use super::error::TimeFault;
use crate::kernel::{Micro, SimTime, UtcOffset};

/// What the times of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Relative,
    Seconds,
    Millis,
    Micros,
    Nanos,
    Civil,
}

/// Order of day and month where the year comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayOrder {
    DayFirst,
    MonthFirst,
}

/// Reads the times of one file, which are all of one kind.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    offset: UtcOffset,
    start: Option<SimTime>,
    order: Option<DayOrder>,
    /// Kind of the first time.
    pub kind: Option<Kind>,
    /// Civil times with a zone of their own.
    pub zoned: u64,
    /// Civil times without one.
    pub zoneless: u64,
}

impl Kind {
    /// For messages: "times are ...".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relative => "seconds from start",
            Self::Seconds => "Unix seconds",
            Self::Millis => "Unix milliseconds",
            Self::Micros => "Unix microseconds",
            Self::Nanos => "Unix nanoseconds",
            Self::Civil => "civil time",
        }
    }
}

impl Clock {
    pub const fn new(offset: UtcOffset, start: Option<SimTime>, order: Option<DayOrder>) -> Self {
        Self { offset, start, order, kind: None, zoned: 0, zoneless: 0 }
    }

    /// The instant that `text` names, cut off to milliseconds.
    pub fn read(&mut self, text: &str) -> Result<SimTime, TimeFault> {
        let civil = Civil::scan(text);
        let (kind, ms) = match &civil {
            Some(_) => (Kind::Civil, 0),
            None => unix(text)?,
        };
        match self.kind {
            None => self.kind = Some(kind),
            Some(first) if first != kind => {
                return Err(TimeFault::Mixed { found: kind.name(), first: first.name() });
            }
            Some(_) => {}
        }
        match (civil, kind, self.start) {
            (Some(civil), ..) => self.instant(&civil),
            (None, Kind::Relative, None) => Err(TimeFault::NeedsStart),
            (None, Kind::Relative, Some(start)) => {
                Ok(SimTime::from_unix_ms(start.unix_ms().saturating_add(ms)))
            }
            (None, ..) => Ok(SimTime::from_unix_ms(ms)),
        }
    }

    fn instant(&mut self, civil: &Civil) -> Result<SimTime, TimeFault> {
        let date = civil.date(self.order)?;
        let time = civil.time.ok_or(TimeFault::NoSuchDay)?;
        match civil.zone {
            Some(zone) => {
                self.zoned += 1;
                let at = zone.from_local_datetime(&date.and_time(time)).single();
                let at = at.ok_or(TimeFault::NoSuchDay)?;
                Ok(SimTime::from_unix_ms(at.timestamp_millis()))
            }
            None => {
                self.zoneless += 1;
                SimTime::from_civil(date.and_time(time), self.offset).ok_or(TimeFault::NoSuchDay)
            }
        }
    }
}

/// A number as milliseconds, its unit known by its size.
fn unix(text: &str) -> Result<(Kind, i64), TimeFault> {
    const GIGA: i64 = 1_000_000_000;
    // Micro and nanoseconds are larger than a `Micro` holds, and whole.
    let (whole, millionths) = match (Micro::parse(text), text.parse::<i64>()) {
        (_, Ok(whole)) => (whole, i128::from(whole) * 1_000_000),
        (Ok(number), _) => {
            let millionths = number.millionths();
            (millionths.div_euclid(1_000_000), i128::from(millionths))
        }
        _ => return Err(TimeFault::NoTime),
    };
    let (kind, per_ms) = match whole {
        0..GIGA => (Kind::Relative, 1_000),
        GIGA..10_000_000_000 => (Kind::Seconds, 1_000),
        1_000_000_000_000..10_000_000_000_000 => (Kind::Millis, 1_000_000),
        1_000_000_000_000_000..10_000_000_000_000_000 => (Kind::Micros, 1_000_000_000),
        1_000_000_000_000_000_000.. => (Kind::Nanos, 1_000_000_000_000),
        _ => return Err(TimeFault::NoUnit),
    };
    let ms = i64::try_from(millionths.div_euclid(per_ms)).map_err(|_| TimeFault::NoUnit)?;
    Ok((kind, ms))
}

/// The parts of a civil time as they are written.
pub(super) struct Civil {
    parts: [u32; 3],
    year_first: bool,
    separator: u8,
    /// `None` for a time of day that does not exist, such as 24:00.
    time: Option<NaiveTime>,
    zone: Option<FixedOffset>,
}

impl Civil {
    /// Takes a date with an optional time and zone apart; `None` if the text has another form.
    pub fn scan(text: &str) -> Option<Self> {
        let end = text.bytes().position(|b| matches!(b, b'T' | b't' | b' '));
        let (date, rest) = match end {
            Some(at) => (text.get(..at)?, text.get(at + 1..)?),
            None => (text, ""),
        };
        let separator = date.bytes().find(|b| !b.is_ascii_digit())?;
        if !matches!(separator, b'-' | b'/' | b'.') {
            return None;
        }
        let mut fields = date.as_bytes().split(|b| *b == separator);
        let (a, b, c) = (fields.next()?, fields.next()?, fields.next()?);
        let year_first = a.len() == 4;
        let (year, day) = if year_first { (a, c) } else { (c, a) };
        let wrong_lengths = year.len() != 4 || day.len() > 2 || b.len() > 2;
        if fields.next().is_some() || wrong_lengths {
            return None;
        }
        let parts = [number(a)?, number(b)?, number(c)?];
        let (time, zone) = if rest.is_empty() { ("00:00", None) } else { split_zone(rest)? };
        let time = time_of_day(time)?;
        Some(Self { parts, year_first, separator, time, zone })
    }

    /// Whether the order of day and month must come from other rows of the file.
    pub const fn needs_order(&self) -> bool {
        // With points the day comes first wherever points are used.
        !self.year_first && self.separator != b'.'
    }

    /// The order of day and month, if this date can have only one.
    pub const fn order(&self) -> Option<DayOrder> {
        match self.parts {
            [day, ..] if day > 12 => Some(DayOrder::DayFirst),
            [_, day, _] if day > 12 => Some(DayOrder::MonthFirst),
            _ => None,
        }
    }

    fn date(&self, order: Option<DayOrder>) -> Result<NaiveDate, TimeFault> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match order {
            _ if self.year_first => (a, b, c),
            _ if !self.needs_order() => (c, b, a),
            Some(DayOrder::DayFirst) => (c, b, a),
            Some(DayOrder::MonthFirst) => (c, a, b),
            None => return Err(TimeFault::Ambiguous),
        };
        let year = i32::try_from(year).map_err(|_| TimeFault::NoSuchDay)?;
        NaiveDate::from_ymd_opt(year, month, day).ok_or(TimeFault::NoSuchDay)
    }
}

/// Digits only, at most nine.
fn number(digits: &[u8]) -> Option<u32> {
    let is_number = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| digits.iter().fold(0, |n, digit| n * 10 + u32::from(digit & 0xF)))
}

/// Splits `14:30:00+08:00` into time and zone. `None` if the zone has no form that is known.
fn split_zone(text: &str) -> Option<(&str, Option<FixedOffset>)> {
    let utc = FixedOffset::east_opt(0);
    let text = text.trim();
    for name in ["Z", "z", "UTC", "GMT"] {
        if let Some(time) = text.strip_suffix(name) {
            return Some((time.trim_end(), utc));
        }
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, None));
    };
    let (time, zone) = text.split_at_checked(at)?;
    // chrono wants minutes; some databases write the hour alone.
    let zone = if zone.len() == 3 { format!("{zone}:00") } else { zone.to_owned() };
    Some((time.trim_end(), Some(zone.parse().ok()?)))
}

/// `hh:mm[:ss[.fraction]]`: outer `None` for another form, inner for a time that does not exist.
fn time_of_day(text: &str) -> Option<Option<NaiveTime>> {
    let mut fields = text.as_bytes().split(|b| *b == b':');
    let (hour, minute) = (number(fields.next()?)?, number(fields.next()?)?);
    let seconds = fields.next().unwrap_or(b"0");
    let point = seconds.iter().position(|b| *b == b'.').unwrap_or(seconds.len());
    let (second, fraction) = seconds.split_at_checked(point)?;
    let mut digits = fraction.iter().skip(1);
    if fields.next().is_some() || !digits.clone().all(u8::is_ascii_digit) {
        return None;
    }
    let mut digit = || digits.next().map_or(0, |digit| u32::from(digit & 0xF));
    let ms = digit() * 100 + digit() * 10 + digit();
    Some(NaiveTime::from_hms_milli_opt(hour, minute, number(second)?, ms))
}
