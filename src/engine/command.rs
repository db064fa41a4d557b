//! Commands: everything that can be asked of a group, or of the world, from outside.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use crate::engine::refusal::{CommandError, Noun};

use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::capacity::Resize;
use crate::model::configuration::Configuration;
use crate::model::failure::Condition;
use crate::model::group::{RemovePolicy, Site};
use crate::model::id::{
    ActivityOrdinal, GroupIndex, HookOrdinal, InstanceOrdinal, NotificationOrdinal, PolicyOrdinal,
    TaskOrdinal,
};
use crate::model::lifecycle_hook::{HookChange, HookResult, LifecycleHook};
use crate::model::machine::Machine;
use crate::model::notification::{NotificationType, Subscription};
use crate::model::policy::{Dimension, Policy, PolicyChange};
use crate::model::scheduled_task::{ScheduledTask, TaskChange};

/// A change of one group, asked for from outside. A script holds the same commands with their
/// times. Policies, tasks and hooks are named by the name they have then, instances by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// ModifyScalingGroup: change the sizes (3.3). Accepted while an activity runs; the group
    /// converges when it is free (4).
    Resize(Resize),
    /// ModifyScalingGroup: change the configuration or the removal policy, and the sizes with
    /// them; all or nothing. Instances that exist keep their configuration.
    ModifyGroup(GroupChange),
    /// The group does nothing of its own accord until it is resumed (4.2). Streaks are 0 again.
    Suspend,
    /// It does again; work that waited runs at this instant.
    Resume,
    /// DeleteScalingGroup: refused while an activity runs or members are left.
    DeleteGroup,
    /// CreateScalingPolicy: the first period judged is the first that begins now or later (1.1).
    CreatePolicy(Policy),
    /// ModifyScalingPolicy: the streak is 0 again; judged as if created now.
    ModifyPolicy {
        /// Which, by its name.
        policy: String,
        /// What changes.
        change: PolicyChange,
    },
    /// DeleteScalingPolicy: an open cooldown stays as it is (2.2).
    DeletePolicy {
        /// Which, by its name.
        policy: String,
    },
    /// CreateScheduledTask: its first trigger is its start, which must not lie in the past (9.2).
    CreateTask(ScheduledTask),
    /// ModifyScheduledTask.
    ModifyTask {
        /// Which, by its name.
        task: String,
        /// What changes.
        change: TaskChange,
    },
    /// DeleteScheduledTask.
    DeleteTask {
        /// Which, by its name.
        task: String,
    },
    /// CreateLifecycleHook: it holds nothing until it is bound.
    CreateHook(LifecycleHook),
    /// ModifyLifecycleHook: waits under way stay as they are (6.4).
    ModifyHook {
        /// Which, by its name.
        hook: String,
        /// What changes.
        change: HookChange,
    },
    /// DeleteLifecycleHook: refused while it is bound or an instance waits at it (6.4).
    DeleteHook {
        /// Which, by its name.
        hook: String,
    },
    /// AttachLifecycleHookId: this hook is bound from now on, and no other.
    BindHook {
        /// Which, by its name.
        hook: String,
    },
    /// DetachLifecycleHookId: no hook is bound from now on; waits under way go on.
    UnbindHook,
    /// CompleteLifecycleHookAction: the wait is over now (6.2).
    CompleteHook {
        /// Which instance.
        instance: InstanceOrdinal,
        /// What becomes of it.
        result: HookResult,
    },
    /// RecordLifecycleHookTimeout: the wait ends so long from now (6.2).
    RenewHook {
        /// Which instance.
        instance: InstanceOrdinal,
        /// At least 1 s.
        timeout: SimDuration,
    },
    /// CreateScalingNotification.
    CreateNotification(Subscription),
    /// ModifyScalingNotification: a list that is not given stays.
    ModifyNotification {
        /// Which.
        notification: NotificationOrdinal,
        /// What it listens to.
        types: Option<Vec<NotificationType>>,
        /// Who is told.
        receivers: Option<Vec<String>>,
    },
    /// DeleteScalingNotification: all or none.
    DeleteNotifications {
        /// Which.
        notifications: Vec<NotificationOrdinal>,
    },
    /// SetCvmProtectedDetach: all or none, at any time.
    Protect {
        /// Which instances.
        instances: Vec<InstanceOrdinal>,
        /// Whether they are protected from now on.
        protect: bool,
    },
    /// AttachInstance: machines from outside join (3.4).
    Attach(Machines),
    /// DetachInstance: instances leave (3.4).
    Detach {
        /// Which.
        instances: Vec<InstanceOrdinal>,
        /// Whether automatic ones run on outside the group; manual ones always do.
        keep: bool,
    },
    /// From now on the group's load has this value, until the time is over or another command of
    /// this kind comes.
    SetLoad {
        /// Which metric, of a group whose metrics do not depend on its capacity (11.3): one
        /// without a load gets one. `None` for the demand (11.1, 11.2).
        metric: Option<Dimension>,
        /// The value; `None` for none at all.
        value: Option<Micro>,
        /// For how long; `None` for ever.
        length: Option<SimDuration>,
    },
    /// An instance has a fault from now on (7.1).
    FailInstance {
        /// Which.
        instance: InstanceOrdinal,
        /// For how long; `None` for ever.
        length: Option<SimDuration>,
    },
}

impl Command {
    /// Whether it makes, changes or deletes an alarm policy.
    pub const fn is_of_policies(&self) -> bool {
        matches!(
            self,
            Self::CreatePolicy(_) | Self::ModifyPolicy { .. } | Self::DeletePolicy { .. }
        )
    }

    /// One word or two, as scenario files say it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Resize(_) => "set_capacity",
            Self::ModifyGroup(_) => "modify_group",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::DeleteGroup => "delete_group",
            Self::CreatePolicy(_) => "create_policy",
            Self::ModifyPolicy { .. } => "modify_policy",
            Self::DeletePolicy { .. } => "delete_policy",
            Self::CreateTask(_) => "create_task",
            Self::ModifyTask { .. } => "modify_task",
            Self::DeleteTask { .. } => "delete_task",
            Self::CreateHook(_) => "create_hook",
            Self::ModifyHook { .. } => "modify_hook",
            Self::DeleteHook { .. } => "delete_hook",
            Self::BindHook { .. } => "bind_hook",
            Self::UnbindHook => "unbind_hook",
            Self::CompleteHook { .. } => "complete_hook",
            Self::RenewHook { .. } => "renew_hook",
            Self::CreateNotification(_) => "create_notification",
            Self::ModifyNotification { .. } => "modify_notification",
            Self::DeleteNotifications { .. } => "delete_notifications",
            Self::Protect { .. } => "protect",
            Self::Attach(_) => "attach",
            Self::Detach { .. } => "detach",
            Self::SetLoad { .. } => "set_load",
            Self::FailInstance { .. } => "fail_instance",
        }
    }
}

/// Which machines are attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Machines {
    /// So many of those that fit, in the order in which they came to be outside groups.
    Count(u32),
    /// These, by id.
    Ids(Vec<String>),
}

/// What ModifyScalingGroup changes; what is `None` stays.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupChange {
    /// Another name to show, unique in the group's realm. Log, chance and scripts go on with the
    /// first; a scripted change is not held against the names of other groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of another configuration.
    pub configuration: Option<String>,
    /// Who leaves first.
    pub remove_policy: Option<RemovePolicy>,
    /// New sizes.
    pub sizes: Resize,
}

/// A change of the world that groups share, asked for from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum WorldCommand {
    /// CreateScalingConfiguration.
    CreateConfiguration(Configuration),
    /// DeleteScalingConfiguration: refused while a group has it, or an automatic instance was
    /// made from it.
    DeleteConfiguration {
        /// Which, by its name.
        configuration: String,
    },
    /// A cause of failures stands for a time (8.1).
    Condition(Condition),
    /// The instances of a zone or subnet have a fault for a time (7.1), at the earliest from now
    /// on.
    Outage(Outage),
    /// One more machine outside groups.
    AddMachine(Machine),
    /// CreateScalingGroup: the group is empty, and its instances are launched as those of a group
    /// that begins with [`Initial::Launch`](crate::model::group::Initial::Launch) (3.5).
    CreateGroup(NewGroup),
}

/// A group to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroup {
    /// User-defined, unique in its realm, 1 to 60 characters.
    pub name: String,
    /// Name of its configuration.
    pub configuration: String,
    /// Minimum size.
    pub min: u32,
    /// Maximum size.
    pub max: u32,
    /// Desired capacity; without it the minimum size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<u32>,
    /// Who leaves first.
    pub remove_policy: RemovePolicy,
    /// Where it stands.
    #[serde(default)]
    pub site: Site,
}

/// A time in which every instance in a zone or subnet has a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Of which group; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupIndex>,
    /// In which zone or subnet; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Arc<str>>,
    /// When it begins.
    pub begin: SimTime,
    /// The first instant at which it is over; [`SimTime::MAX`] for never.
    #[serde(default = "SimTime::max", skip_serializing_if = "SimTime::is_max")]
    pub end: SimTime,
}

/// What an accepted command answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Done.
    Done,
    /// The number of the group that now exists.
    Group(GroupIndex),
    /// The number of the policy that now exists.
    Policy(PolicyOrdinal),
    /// The number of the task that now exists.
    Task(TaskOrdinal),
    /// The number of the hook that now exists.
    Hook(HookOrdinal),
    /// The number of the subscription that now exists.
    Notification(NotificationOrdinal),
    /// The number of the activity that began.
    Activity(ActivityOrdinal),
}
