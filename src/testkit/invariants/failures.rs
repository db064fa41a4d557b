//! Laws of causes and of back-offs (SEMANTICS 8).

use super::{Story, at};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::failure::standing_cause;
use crate::model::record::{Entry, Outcome, Record};
use crate::model::semantics::RetryRule;

pub(super) fn nothing_is_made_while_inactive(story: &Story<'_>) -> Result<(), String> {
    let (conditions, places) = (&story.setup.conditions, story.group.places());
    for entry in story.log {
        let cause = standing_cause(conditions, story.index, &places, entry.t);
        let needs_active = match &entry.record {
            Record::ActivityStarted { activity_kind, .. } => {
                !matches!(activity_kind, ActivityKind::ScaleIn | ActivityKind::Replace)
            }
            _ => false,
        };
        if needs_active && cause.is_some() {
            return Err(at(entry, format_args!("{cause:?} stands")));
        }
        let found = match &entry.record {
            Record::ActivityFailed { error, .. } => Some(*error),
            _ => None,
        };
        let fits = cause.map_or(ActivityError::None, |cause| cause.error());
        if found.is_some_and(|error| error != fits) {
            return Err(at(entry, format_args!("the cause that stands is {cause:?}")));
        }
    }
    Ok(())
}

/// Failures in a row, from the records read so far.
#[derive(Default)]
struct Row {
    failures: u32,
    /// The kind, error and origin of the running activity are of interest at its end.
    kind: Option<ActivityKind>,
    desired_changed: bool,
    /// Until when, and for ever if `None`, its work waits.
    wait: Option<Option<SimTime>>,
}

impl Row {
    /// Whether an end is a failure that leaves a record.
    fn ends(&mut self, status: ActivityStatus) -> bool {
        let counts = matches!(self.kind, Some(ActivityKind::ScaleOut | ActivityKind::Replace));
        if counts && status == ActivityStatus::Successful {
            self.failures = 0;
        }
        counts && status != ActivityStatus::Successful
    }

    /// Somebody took the gap.
    fn forget(&mut self) {
        self.failures = 0;
        self.wait = None;
    }

    fn read(&mut self, record: &Record) {
        match record {
            Record::ActivityStarted { activity_kind, origin, .. } => {
                self.kind = Some(*activity_kind);
                self.desired_changed = false;
                // Whose first activity begins took the gap before, perhaps without a record, and
                // perhaps before the latest failure.
                if !matches!(origin, Origin::Health | Origin::Retry) {
                    self.wait = None;
                }
            }
            Record::Capacity(_) => self.desired_changed = true,
            Record::TaskTriggered { .. } => self.forget(),
            Record::Trigger(decision) if decision.outcome == Outcome::Accepted => self.forget(),
            _ => {}
        }
    }
}

pub(super) fn back_offs_follow_the_rule(story: &Story<'_>) -> Result<(), String> {
    let mut row = Row::default();
    let mut log = story.log.iter().peekable();
    while let Some(entry) = log.next() {
        row.read(&entry.record);
        match entry.record {
            Record::ActivityStarted {
                activity_kind: ActivityKind::ScaleOut,
                origin: Origin::Retry,
                ..
            } if row.wait.is_some_and(|until| until.is_none_or(|until| entry.t < until)) => {
                return Err(at(entry, format_args!("its work waits: {:?}", row.wait)));
            }
            Record::ActivityEnded { status, .. } if row.ends(status) => {
                let mut next = log.peek().copied();
                // Of the records of an end only a cooldown stands before it.
                if let Some(Entry { record: Record::CooldownOpened { .. }, .. }) = next {
                    log.next();
                    next = log.peek().copied();
                }
                if let Some(next) = next {
                    judge(story, &mut row, entry, next)?;
                }
            }
            Record::ActivityEnded { .. } => {}
            Record::BackedOff { .. } if row.kind.is_some() => {
                return Err(at(entry, "nothing has just failed"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A failure, and what follows it.
fn judge(story: &Story<'_>, row: &mut Row, end: &Entry, next: &Entry) -> Result<(), String> {
    let Record::BackedOff { failures, until } = next.record else {
        // No wait: desired changed while it failed, or a cause paused a replacement.
        let paused = row.kind == Some(ActivityKind::Replace);
        row.failures += 1;
        return match row.desired_changed || paused {
            true => Ok(()),
            false => Err(at(end, "it owed a back-off")),
        };
    };
    row.failures += 1;
    // A user who asks for what is there forgets failures without a record.
    if failures == 0 || failures > row.failures {
        return Err(at(next, format_args!("it was number {} in a row", row.failures)));
    }
    (row.failures, row.wait, row.kind) = (failures, Some(until), None);
    let pause_s = match story.setup.semantics.retry {
        RetryRule::Immediate => (failures < 5).then_some(30),
        RetryRule::Incremental => {
            Some((0..failures.min(20) - 1).fold(5, |s: i64, _| s * 2).min(86_400))
        }
        RetryRule::None => None,
    };
    let expected = pause_s.map(|s| end.t + SimDuration::from_s(s));
    match until == expected && next.t == end.t {
        true => Ok(()),
        false => Err(at(next, format_args!("the rule says {expected:?}"))),
    }
}
