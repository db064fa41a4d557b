//! Commands: everything that can be asked of a group from outside.

use serde::{Deserialize, Serialize};

use crate::kernel::SimTime;
use crate::model::capacity::{Resize, SizeError};
use crate::model::id::{GroupIndex, PolicyOrdinal, TaskOrdinal};
use crate::model::policy::{Policy, PolicyError};
use crate::model::scheduled_task::{ScheduledTask, TaskError};

/// A change of one group, asked for from outside. A script holds the same commands with their
/// times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// ModifyScalingGroup: change the sizes (3.3). Accepted while an activity runs; the group
    /// converges when it is free (4).
    Resize(Resize),
    /// CreateScalingPolicy: the first period judged is the first that begins now or later (1.1).
    CreatePolicy(Policy),
    /// CreateScheduledTask: its first trigger is its start, which must not lie in the past (9.2).
    CreateTask(ScheduledTask),
}

/// What an accepted command answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Done.
    Done,
    /// The number of the policy that now exists.
    Policy(PolicyOrdinal),
    /// The number of the task that now exists.
    Task(TaskOrdinal),
}

/// Why a command is refused. Nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no such group.
    #[error("there is no group number {}", .0.0)]
    UnknownGroup(GroupIndex),
    /// Sizes that cannot be.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// A policy that cannot be.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A task that cannot be.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The group has a task of that name.
    #[error("a task named {name:?} already exists in the group")]
    TaskNameTaken {
        /// The name.
        name: String,
    },
    /// The group has as many tasks as it may have.
    #[error("the group already has {limit} tasks (limits.scheduled_tasks_per_group)")]
    TaskQuota {
        /// The limit.
        limit: u32,
    },
    /// Two tasks would trigger in one minute.
    #[error("tasks {name:?} and {other:?} both trigger in the minute that begins at {at}")]
    TaskConflict {
        /// The new task.
        name: String,
        /// The one that is there.
        other: String,
        /// The first minute they share.
        at: SimTime,
    },
    /// A task that would have started already.
    #[error("task {name:?} starts in the past")]
    TaskInThePast {
        /// The task.
        name: String,
    },
    /// The group has a policy of that name.
    #[error("a policy named {name:?} already exists in the group")]
    PolicyNameTaken {
        /// The name.
        name: String,
    },
    /// The group has as many policies as it may have.
    #[error("the group already has {limit} policies (limits.policies_per_group)")]
    PolicyQuota {
        /// The limit.
        limit: u32,
    },
}

impl CommandError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownGroup(_) => "InvalidParameter.ScalingGroupIdError",
            Self::Size(error) => error.code(),
            Self::Policy(error) => error.code(),
            Self::Task(error) => error.code(),
            Self::TaskNameTaken { .. } => "NameDuplicate.ScheduledTask",
            Self::TaskQuota { .. } => "QuotaExceeded.ScheduledTask",
            Self::TaskConflict { .. } => "InvalidScheduleTask.TimeConflict",
            Self::TaskInThePast { .. } => "InvalidParameter",
            Self::PolicyNameTaken { .. } => "NameDuplicate.ScalingPolicy",
            Self::PolicyQuota { .. } => "QuotaExceeded.ScalingPolicy",
        }
    }
}
