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
    /// Type 2: a user attached machines.
    Attach,
    /// Type 3: a user detached instances.
    Detach,
    /// Type 10: unhealthy instances are replaced.
    Replace,
}

impl ActivityKind {
    /// The number in the reference's table.
    pub const fn type_number(self) -> u32 {
        match self {
            Self::ScaleOut => 0,
            Self::ScaleIn => 1,
            Self::Attach => 2,
            Self::Detach => 3,
            Self::Replace => 10,
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
    pub const fn of(done: u32, wanted: u32) -> Self {
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
    /// 10000: the image was deleted.
    ImageDeleted,
    /// 10001: the load balancer was deleted.
    LbDeleted,
    /// 10002: the snapshot was deleted.
    SnapshotDeleted,
    /// 10003: the security group was deleted.
    SecurityGroupDeleted,
    /// 10004: the subnet was deleted.
    SubnetDeleted,
    /// 20000: sold out.
    SoldOut,
    /// 20001: the model is not sold any more.
    ModelGone,
    /// 20002: the back end is short of resources.
    Short,
    /// 30000: the account's quota is used up.
    Quota,
    /// 30001: the account's balance is used up.
    Balance,
    /// 40000: the group is performing an activity.
    Busy,
    /// 40001: the group is in cooldown.
    Cooldown,
    /// 50000: the key pair was deleted.
    KeyDeleted,
    /// 60000 (*ours*): a hook refused the launch.
    LaunchRefused,
    /// 60001 (*ours*): nothing could be removed.
    NothingRemovable,
}

impl ActivityError {
    /// The number in the reference's table.
    pub const fn code(self) -> u32 {
        match self {
            Self::None => 0,
            Self::ImageDeleted => 10_000,
            Self::LbDeleted => 10_001,
            Self::SnapshotDeleted => 10_002,
            Self::SecurityGroupDeleted => 10_003,
            Self::SubnetDeleted => 10_004,
            Self::SoldOut => 20_000,
            Self::ModelGone => 20_001,
            Self::Short => 20_002,
            Self::Quota => 30_000,
            Self::Balance => 30_001,
            Self::Busy => 40_000,
            Self::Cooldown => 40_001,
            Self::KeyDeleted => 50_000,
            Self::LaunchRefused => 60_000,
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
    /// A change that names desired, the launch of a new group, attach or detach.
    User,
    /// A change of the bounds alone.
    Bounds,
    /// Instances were found unhealthy.
    Health,
    /// What an earlier activity left to do.
    Retry,
}

impl Origin {
    /// One word, as results say it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy { .. } => "policy",
            Self::Task { .. } => "task",
            Self::User => "user",
            Self::Bounds => "bounds",
            Self::Health => "health",
            Self::Retry => "retry",
        }
    }
}
