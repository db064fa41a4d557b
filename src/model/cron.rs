//! Crontabs of scheduled tasks: which days match (SEMANTICS 9.1).
//!
//! The calendar is the `cron` crate's. It counts weekdays from 1, knows no 0 for Sunday, refuses
//! steps that POSIX allows, and always wants day and weekday both; so the fields are read here
//! and handed over as plain lists of numbers, twice where either may match.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use cron::Schedule;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The days on which a task repeats.
///
/// Five fields: minute and hour must be `*` (the time of day is the task's own), then day of the
/// month, month, and day of the week. Each of these is a list of numbers, ranges and steps, with
/// names of three letters wherever a number may stand; Sunday is 0 and 7. If both day fields are
/// restricted, a day that matches either is a match; a field that begins with `*` is unrestricted,
/// and then both must match. No day after the year 2100 matches.
///
/// ```
/// use asgsim::model::cron::Crontab;
/// use chrono::NaiveDate;
/// let weekdays = Crontab::parse("* * * * mon-fri").unwrap();
/// let friday = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
/// assert!(weekdays.matches(friday));
/// assert_eq!(weekdays.next_after(friday), NaiveDate::from_ymd_opt(2024, 3, 4));
/// ```
#[derive(Clone, Debug)]
pub struct Crontab {
    text: String,
    /// A day that is in one of them matches.
    schedules: Vec<Schedule>,
}

/// Why a text is no crontab of the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no crontab: {message}")]
pub struct CrontabError {
    /// The text found.
    pub text: String,
    message: String,
}

/// One of the three fields that say something.
struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// The end of a range left open by a step; for weekdays 7 is Sunday again.
    open_high: u32,
    names: &'static [&'static str],
    /// What the first name stands for.
    first_name: u32,
}

const DAY: Field =
    Field { name: "day of month", low: 1, high: 31, open_high: 31, names: &[], first_name: 0 };
const MONTH: Field = Field {
    name: "month",
    low: 1,
    high: 12,
    open_high: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    first_name: 1,
};
const WEEKDAY: Field = Field {
    name: "day of week",
    low: 0,
    high: 7,
    open_high: 6,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    first_name: 0,
};

impl Crontab {
    /// Reads five fields separated by blanks.
    ///
    /// # Errors
    /// A [`CrontabError`] that names the field at fault and what it may hold.
    pub fn parse(text: &str) -> Result<Self, CrontabError> {
        let wrong =
            |message: String| CrontabError { text: text.chars().take(80).collect(), message };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(wrong(format!("it has {} fields, and must have 5", fields.len())));
        };
        if *minute != "*" || *hour != "*" {
            let message = "minute and hour must be `*`: the time of day is the task's own";
            return Err(wrong(message.to_owned()));
        }
        let days = DAY.read(day).map_err(&wrong)?;
        let months = MONTH.read(month).map_err(&wrong)?;
        let weekdays = WEEKDAY.read(weekday).map_err(&wrong)?;
        let either = !day.starts_with('*') && !weekday.starts_with('*');
        let all = |field: &Field| (field.low..=field.open_high).collect::<Vec<u32>>();
        let pairs = match either {
            true => vec![(days, all(&WEEKDAY)), (all(&DAY), weekdays)],
            false => vec![(days, weekdays)],
        };
        let schedules =
            pairs.into_iter().map(|(days, weekdays)| schedule(&days, &months, &weekdays));
        let schedules = schedules.collect::<Result<_, _>>().map_err(wrong)?;
        Ok(Self { text: fields.join(" "), schedules })
    }

    /// The fields with single blanks.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether day of the month and day of the week are both restricted, so that either will do.
    pub fn is_either_or(&self) -> bool {
        self.schedules.len() > 1
    }

    /// Whether this day of the calendar matches.
    pub fn matches(&self, day: NaiveDate) -> bool {
        self.schedules.iter().any(|schedule| schedule.includes(midnight(day)))
    }

    /// The first matching day after this one, if there is one up to the year 2100.
    pub fn next_after(&self, day: NaiveDate) -> Option<NaiveDate> {
        let from = midnight(day);
        let next = self.schedules.iter().filter_map(|schedule| schedule.after(&from).next());
        next.map(|at| at.date_naive()).min()
    }
}

impl Serialize for Crontab {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Crontab {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialEq for Crontab {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Crontab {}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// The crate's schedule for midnight of the days in these lists, weekdays from 0 for Sunday.
fn schedule(days: &[u32], months: &[u32], weekdays: &[u32]) -> Result<Schedule, String> {
    let list = |numbers: &[u32], shift: u32| {
        let numbers: Vec<String> = numbers.iter().map(|n| (n + shift).to_string()).collect();
        numbers.join(",")
    };
    let text = format!("0 0 0 {} {} {}", list(days, 0), list(months, 0), list(weekdays, 1));
    Schedule::from_str(&text).map_err(|e| e.to_string())
}

impl Field {
    /// The numbers a field names, in order, each once; 7 has become 0 where it is a Sunday.
    fn read(&self, text: &str) -> Result<Vec<u32>, String> {
        let mut numbers = Vec::new();
        for item in text.split(',') {
            let (first, last, step) = self.item(item)?;
            let steps = (first..=last).step_by(usize::try_from(step).unwrap_or(usize::MAX));
            numbers.extend(steps.map(|n| if n > self.open_high { n - 7 } else { n }));
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// First, last and step of one item of a list.
    fn item(&self, item: &str) -> Result<(u32, u32, u32), String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (self.number(first)?, self.number(last)?),
            None if range == "*" => (self.low, self.open_high),
            None if step.is_some() => (self.number(range)?, self.open_high),
            None => (self.number(range)?, self.number(range)?),
        };
        // Sunday written as 7 with a step stays the one day it is.
        let last = if step.is_some() && !range.contains('-') { last.max(first) } else { last };
        if first > last {
            return Err(format!("{} `{range}` ends before it begins", self.name));
        }
        let step = match step.map(|s| (s, s.parse::<u32>())) {
            None => 1,
            Some((text, Ok(step))) if step > 0 && text.bytes().all(|b| b.is_ascii_digit()) => step,
            Some((text, _)) => return Err(format!("step `{text}` is no whole number above 0")),
        };
        Ok((first, last, step))
    }

    fn number(&self, text: &str) -> Result<u32, String> {
        let lower = text.to_ascii_lowercase();
        let named = (self.first_name..).zip(self.names).find(|(_, name)| **name == lower);
        let plain = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok());
        let number = named.map(|(n, _)| n).or(plain.flatten());
        number.filter(|n| (self.low..=self.high).contains(n)).ok_or_else(|| {
            let names = if self.names.is_empty() { "" } else { ", or a name of three letters" };
            format!("{} `{text}` is not one of {} to {}{names}", self.name, self.low, self.high)
        })
    }
}
