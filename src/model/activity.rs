//! Scaling activities: what a group does, one at a time (SEMANTICS 4).

use serde::Serialize;

use crate::model::id::{PolicyOrdinal, TaskOrdinal};

/// The reference's `type` of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActivityKind {
    /// Type 0: instances are launched.
    ScaleOut,
    /// Type 1: instances are removed.
    ScaleIn,
}

impl ActivityKind {
    /// The number in the reference's table.
    pub const fn type_number(self) -> u32 {
        match self {
            Self::ScaleOut => 0,
            Self::ScaleIn => 1,
        }
    }
}

/// The reference's `status` of an activity that is under way or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActivityStatus {
    /// 1: under way.
    Executing,
    /// 2: all of it was done.
    Successful,
    /// 3: part of it was done.
    PartiallySuccessful,
    /// 4: nothing of it was done.
    Failed,
    /// 5: refused before it began, by a running activity or a cooldown.
    Cancelled,
}

impl ActivityStatus {
    /// The number in the reference's table.
    pub const fn number(self) -> u32 {
        match self {
            Self::Executing => 1,
            Self::Successful => 2,
            Self::PartiallySuccessful => 3,
            Self::Failed => 4,
            Self::Cancelled => 5,
        }
    }

    /// The status of an activity that did `done` of `wanted` (7.3, 8.2).
    pub const fn of(done: usize, wanted: usize) -> Self {
        match done {
            _ if done >= wanted => Self::Successful,
            0 => Self::Failed,
            _ => Self::PartiallySuccessful,
        }
    }
}

/// The reference's `errorCode` of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActivityError {
    /// 0: none.
    None,
    /// 40000: the group is performing an activity.
    Busy,
    /// 40001: the group is in cooldown.
    Cooldown,
    /// 60001 (*ours*): nothing could be removed.
    NothingRemovable,
}

impl ActivityError {
    /// The number in the reference's table.
    pub const fn code(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Busy => 40_000,
            Self::Cooldown => 40_001,
            Self::NothingRemovable => 60_001,
        }
    }
}

/// What an activity came from (4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// An accepted alarm of this policy.
    Policy {
        /// Whose.
        policy: PolicyOrdinal,
    },
    /// A trigger of this scheduled task.
    Task {
        /// Whose.
        task: TaskOrdinal,
    },
    /// A change that names desired, or the launch of a new group.
    User,
    /// A change of the bounds alone.
    Bounds,
}

impl Origin {
    /// One word, as results say it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy { .. } => "policy",
            Self::Task { .. } => "task",
            Self::User => "user",
            Self::Bounds => "bounds",
        }
    }
}
