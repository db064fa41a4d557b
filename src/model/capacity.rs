//! The gate: every change of a group's sizes is decided here (SEMANTICS 1.6, 3.1, 3.3).

use serde::{Deserialize, Serialize};

use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::ActivityKind;
use crate::model::group::Capacity;
use crate::model::id::ActivityOrdinal;
use crate::model::limits::Limits;
use crate::model::policy::Adjustment;
use crate::model::record::{Blocker, Outcome};
use crate::model::semantics::Semantics;

/// A cooldown window: alarms are refused while `now < until` (0.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// The activity whose end opened it.
    pub activity: ActivityOrdinal,
    /// The first instant that is free of it.
    pub until: SimTime,
}

impl Cooldown {
    /// The window after an activity that ended at `end`, joined with the one before: a later
    /// window never shortens an earlier one (2.2). A length of 0 opens none.
    pub fn open(
        before: Option<Self>,
        activity: ActivityOrdinal,
        end: SimTime,
        length: SimDuration,
    ) -> Option<Self> {
        let opened = Self { activity, until: end + length };
        match before {
            Some(earlier) if earlier.until >= opened.until => Some(earlier),
            _ if length.is_positive() => Some(opened),
            _ => before,
        }
    }
}

/// Whether a group could start an activity at this instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It could.
    Free,
    /// An activity is under way: the blocker names it, or the hook at which it waits.
    Held(Blocker),
    /// None is, but phase 7 of this instant will start one.
    Due,
}

/// What the gate looks at.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The group's sizes.
    pub capacity: Capacity,
    /// Members that are not leaving.
    pub actual: u32,
    /// Whether at least one member could be removed.
    pub removable: bool,
    /// Whether the group is suspended.
    pub suspended: bool,
    /// Whether the group is at work.
    pub lock: Lock,
    /// Why no instance can be made now, if that is so (8.2).
    pub inactive: Option<Blocker>,
    /// The latest cooldown window, over or not.
    pub cooldown: Option<Cooldown>,
    /// The instant.
    pub now: SimTime,
}

impl Standing {
    /// Whether actual and desired differ in a way that the group can work on (1.6): more members
    /// than desired count only while one of them can go.
    pub const fn has_open_gap(&self) -> bool {
        let desired = self.capacity.desired;
        self.actual < desired || (self.actual > desired && self.removable)
    }
}

/// What the gate says of an alarm, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was asked for.
    pub unclamped: i64,
    /// The same within the bounds: the new desired capacity if accepted.
    pub target: u32,
    /// Accepted or why not.
    pub outcome: Outcome,
    /// Who stood in the way.
    pub blocker: Option<Blocker>,
    /// The activity it is, or would have been.
    pub kind: ActivityKind,
}

/// Decides a trigger: tested in the order suspended, no change, busy, cooldown, failed (1.6).
pub fn decide(seen: &Standing, adjustment: Adjustment, semantics: &Semantics) -> Verdict {
    let desired = seen.capacity.desired;
    let unclamped = adjustment.propose(desired, seen.actual, semantics);
    let target = seen.capacity.clamp(unclamped);
    let kind = match target.cmp(&seen.actual).then(target.cmp(&desired)) {
        std::cmp::Ordering::Less => ActivityKind::ScaleIn,
        _ => ActivityKind::ScaleOut,
    };
    let verdict = |outcome, blocker| Verdict { unclamped, target, outcome, blocker, kind };
    if seen.suspended {
        return verdict(Outcome::Suspended, None);
    }
    if target == desired && !seen.has_open_gap() {
        return verdict(Outcome::NoChange, None);
    }
    match seen.lock {
        Lock::Held(blocker) => return verdict(Outcome::Busy, Some(blocker)),
        Lock::Due => return verdict(Outcome::Busy, Some(Blocker::Pending)),
        Lock::Free => {}
    }
    match seen.cooldown {
        Some(Cooldown { activity, until }) if seen.now < until => {
            verdict(Outcome::Cooldown, Some(Blocker::Cooldown { activity, until }))
        }
        _ => match (kind, seen.inactive) {
            (ActivityKind::ScaleOut, Some(cause)) => verdict(Outcome::Failed, Some(cause)),
            _ => verdict(Outcome::Accepted, None),
        },
    }
}

/// Why machines cannot be attached, or instances detached (3.4). Nothing is changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoveError {
    /// More members than the maximum.
    #[error("{members} members and {count} more are above the maximum size {max}")]
    AboveMax {
        /// Members now, also those coming and going.
        members: u32,
        /// How many are to be attached.
        count: u32,
        /// The maximum size.
        max: u32,
    },
    /// Fewer members than the minimum.
    #[error("{members} members less {count} are below the minimum size {min}")]
    BelowMin {
        /// Members now, also those coming and going.
        members: u32,
        /// How many are to be detached.
        count: u32,
        /// The minimum size.
        min: u32,
    },
}

impl MoveError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AboveMax { .. } => "Conflict.InstanceNumExceedMaxsize",
            Self::BelowMin { .. } => "Conflict.InstanceNumLessMinsize",
        }
    }
}

/// The sizes after `count` machines are attached to a group of so many members.
///
/// # Errors
/// [`MoveError::AboveMax`].
pub fn attach(current: Capacity, members: u32, count: u32) -> Result<Capacity, MoveError> {
    let max = current.max;
    if members.saturating_add(count) > max {
        return Err(MoveError::AboveMax { members, count, max });
    }
    let desired = current.clamp(i64::from(current.desired) + i64::from(count));
    Ok(Capacity { desired, ..current })
}

/// The sizes after `count` instances are detached from a group of so many members.
///
/// # Errors
/// [`MoveError::BelowMin`].
pub fn detach(current: Capacity, members: u32, count: u32) -> Result<Capacity, MoveError> {
    let min = current.min;
    if i64::from(members) - i64::from(count) < i64::from(min) {
        return Err(MoveError::BelowMin { members, count, min });
    }
    let desired = current.clamp(i64::from(current.desired) - i64::from(count));
    Ok(Capacity { desired, ..current })
}

/// A change of sizes from outside; what is `None` stays (3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Resize {
    /// New minimum size.
    pub min: Option<u32>,
    /// New maximum size.
    pub max: Option<u32>,
    /// New desired capacity; without it the old one is moved into the new bounds.
    pub desired: Option<u32>,
}

/// Why sizes are refused (3.3). Nothing is changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// The maximum is above the limit.
    #[error("maximum size {max} is above the limit of {limit} (limits.max_size)")]
    AboveLimit {
        /// The maximum found.
        max: u32,
        /// The limit.
        limit: u32,
    },
    /// The bounds cross.
    #[error("minimum size {min} is above the maximum size {max}")]
    MinAboveMax {
        /// The minimum found.
        min: u32,
        /// The maximum found.
        max: u32,
    },
    /// Desired is outside the bounds.
    #[error("desired capacity {desired} is outside the bounds {min} to {max}")]
    Desired {
        /// The number found.
        desired: u32,
        /// The minimum it met.
        min: u32,
        /// The maximum it met.
        max: u32,
    },
}

impl SizeError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AboveLimit { .. } | Self::MinAboveMax { .. } => "Conflict.MaxsizeLessMinsize",
            Self::Desired { .. } => "InvalidParameter.DesiredCapacity",
        }
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::AboveLimit { .. } => "max",
            Self::MinAboveMax { .. } => "min",
            Self::Desired { .. } => "desired",
        }
    }
}

/// The sizes after a change from outside.
///
/// # Errors
/// The first [`SizeError`] in the order limit, bounds, desired.
pub fn resize(current: Capacity, change: Resize, limits: &Limits) -> Result<Capacity, SizeError> {
    let min = change.min.unwrap_or(current.min);
    let max = change.max.unwrap_or(current.max);
    let limit = limits.max_size;
    if max > limit {
        return Err(SizeError::AboveLimit { max, limit });
    }
    if min > max {
        return Err(SizeError::MinAboveMax { min, max });
    }
    match change.desired {
        Some(desired) if !(min..=max).contains(&desired) => {
            Err(SizeError::Desired { desired, min, max })
        }
        Some(desired) => Ok(Capacity { min, max, desired }),
        None => Ok(Capacity { min, max, desired: current.desired.clamp(min, max) }),
    }
}
