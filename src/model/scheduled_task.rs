//! Scheduled tasks: new bounds at a time, once or on days that repeat (SEMANTICS 9).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::kernel::{SimTime, UtcOffset};
use crate::model::capacity::{Resize, SizeError, resize};
use crate::model::cron::Crontab;
use crate::model::group::Capacity;
use crate::model::limits::Limits;
use crate::model::policy::is_name;

/// A scheduled task of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledTask {
    /// User-defined, unique in the group, 1 to 60 characters.
    pub name: String,
    /// The minimum size it sets (readjustMinSize).
    pub min: u32,
    /// The maximum size it sets (readjustMaxSize).
    pub max: u32,
    /// Its first trigger; later ones come at the same civil time of day.
    pub start: SimTime,
    /// How it repeats; `None` for a task that triggers once.
    pub repeat: Option<Repeat>,
}

/// The repetition of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The days, besides the first one.
    pub recurrence: Crontab,
    /// The last instant at which it may trigger.
    pub end: SimTime,
}

/// ModifyScheduledTask: what is `None` stays (9.2).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskChange {
    /// New name.
    pub name: Option<String>,
    /// Another minimum size.
    pub min: Option<u32>,
    /// Another maximum size.
    pub max: Option<u32>,
    /// Another start; not in the past.
    pub start: Option<SimTime>,
    /// Another repetition; a part of it that is not given stays.
    pub recurrence: Option<Crontab>,
    /// Another end of the repetition.
    pub end: Option<SimTime>,
    /// Whether the repetition is taken away.
    pub once: bool,
}

/// Why the service refuses a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// Empty, longer than 60 characters, or with control characters.
    #[error("task name {name:?} must have 1 to 60 characters, none of them a control character")]
    Name {
        /// The name found.
        name: String,
    },
    /// Sizes that cannot be.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// A repetition without an end, or an end without a repetition.
    #[error("recurrence and end go together: one without the other is nothing")]
    HalfRepeat,
    /// The repetition is over before it begins.
    #[error("the repetition ends before the task starts")]
    EndBeforeStart,
}

impl TaskError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Size(error) => error.code(),
            Self::HalfRepeat => "InvalidParameter.EndtimeAndRecurrence",
            Self::Name { .. } | Self::EndBeforeStart => "InvalidParameter",
        }
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::Size(error) => error.key(),
            Self::EndBeforeStart | Self::HalfRepeat => "end",
        }
    }
}

impl ScheduledTask {
    /// Checks everything that can be said of a task alone.
    ///
    /// # Errors
    /// The first [`TaskError`] in the order name, sizes, end.
    pub fn check(&self, limits: &Limits) -> Result<(), TaskError> {
        if !is_name(&self.name) {
            return Err(TaskError::Name { name: self.name.clone() });
        }
        self.sizes(Capacity { min: 0, max: 0, desired: 0 }, limits)?;
        match &self.repeat {
            Some(repeat) if repeat.end < self.start => Err(TaskError::EndBeforeStart),
            _ => Ok(()),
        }
    }

    /// The task with a change.
    ///
    /// # Errors
    /// [`TaskError::HalfRepeat`] if the task would then have a recurrence without an end, or the
    /// reverse.
    pub fn changed(&self, change: &TaskChange) -> Result<Self, TaskError> {
        let before = self.repeat.as_ref().filter(|_| !change.once);
        let recurrence = change.recurrence.clone().or(before.map(|r| r.recurrence.clone()));
        let repeat = match (recurrence, change.end.or(before.map(|r| r.end))) {
            (Some(recurrence), Some(end)) => Some(Repeat { recurrence, end }),
            (None, None) => None,
            _ => return Err(TaskError::HalfRepeat),
        };
        Ok(Self {
            name: change.name.clone().unwrap_or_else(|| self.name.clone()),
            min: change.min.unwrap_or(self.min),
            max: change.max.unwrap_or(self.max),
            start: change.start.unwrap_or(self.start),
            repeat,
        })
    }

    /// The sizes after a trigger: both bounds are set, desired is moved into them (9.4).
    ///
    /// # Errors
    /// A [`SizeError`] for bounds that cannot be.
    pub fn sizes(&self, current: Capacity, limits: &Limits) -> Result<Capacity, SizeError> {
        let bounds = Resize { min: Some(self.min), max: Some(self.max), desired: None };
        resize(current, bounds, limits)
    }

    /// The first trigger at `from` or later (9.1).
    pub fn next_trigger(&self, from: SimTime, offset: UtcOffset) -> Option<SimTime> {
        if self.start >= from {
            return Some(self.start);
        }
        let repeat = self.repeat.as_ref()?;
        let mut day = date(from, offset)?.pred_opt()?;
        loop {
            day = repeat.recurrence.next_after(day)?;
            let at = self.on_day(day, offset)?;
            if at > repeat.end {
                return None;
            }
            if at >= from {
                return Some(at);
            }
        }
    }

    /// The instant of a trigger on that day: the start's time of day.
    fn on_day(&self, day: NaiveDate, offset: UtcOffset) -> Option<SimTime> {
        let days = i64::from(day.num_days_from_ce())
            - i64::from(date(self.start, offset)?.num_days_from_ce());
        Some(self.start + crate::kernel::SimDuration::from_s(86_400).times(days))
    }

    /// The first civil minute in which both tasks trigger, decided exactly (9.3).
    pub fn conflict(&self, other: &Self, offset: UtcOffset) -> Option<SimTime> {
        let minute_of_day = |task: &Self| {
            let civil = task.start.minute().unix_ms().saturating_add(offset.ms());
            civil.rem_euclid(86_400_000)
        };
        if minute_of_day(self) != minute_of_day(other) {
            return None;
        }
        // Each trigger of one that falls into a minute of the other; from one to the other's next
        // the days in between need not be looked at.
        let (mut a, mut b) = (Some(self.start), Some(other.start));
        while let (Some(at), Some(bt)) = (a, b) {
            match at.minute().cmp(&bt.minute()) {
                std::cmp::Ordering::Equal => return Some(at.minute()),
                std::cmp::Ordering::Less => a = self.next_trigger(bt.minute(), offset),
                std::cmp::Ordering::Greater => b = other.next_trigger(at.minute(), offset),
            }
        }
        None
    }
}

fn date(t: SimTime, offset: UtcOffset) -> Option<NaiveDate> {
    t.civil(offset).map(|civil| civil.date_naive())
}
