//! Why a command is refused, with the service's business code.

use crate::env::load::LoadError;
use crate::kernel::{SimDuration, SimTime};
use crate::model::capacity::{MoveError, SizeError};
use crate::model::configuration::ConfigurationError;
use crate::model::id::{GroupIndex, InstanceOrdinal};
use crate::model::lifecycle_hook::HookError;
use crate::model::notification::NotificationError;
use crate::model::policy::PolicyError;
use crate::model::scheduled_task::TaskError;

/// What a name in a command was meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Noun {
    /// An alarm policy of a group.
    Policy,
    /// A scheduled task of a group.
    Task,
    /// A lifecycle hook of a group.
    Hook,
    /// A notification of a group.
    Notification,
    /// A scaling configuration.
    Configuration,
    /// A machine outside groups.
    Machine,
    /// A group.
    Group,
    /// A zone of a group.
    Zone,
    /// A subnet of a group.
    Subnet,
    /// A load balancer of a group.
    LoadBalancer,
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Policy => "policy",
            Self::Task => "task",
            Self::Hook => "hook",
            Self::Notification => "notification",
            Self::Configuration => "configuration",
            Self::Machine => "machine",
            Self::Group => "group",
            Self::Zone => "zone",
            Self::Subnet => "subnet",
            Self::LoadBalancer => "load balancer",
        })
    }
}

/// Why a command is refused. Nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no such group.
    #[error("there is no group number {}", .0.0)]
    UnknownGroup(GroupIndex),
    /// Empty, longer than 60 characters, or with control characters.
    #[error("group name {name:?} must have 1 to 60 characters, none of them a control character")]
    GroupName {
        /// The name found.
        name: String,
    },
    /// A group cannot stand in zones and in subnets.
    #[error("zones and subnets exclude each other")]
    ZonesAndSubnets,
    /// The balance does not pay for a group.
    #[error("the balance of the account is used up")]
    Balance,
    /// There is nothing of that name.
    #[error("there is no {noun} named {name:?}")]
    Unknown {
        /// What was looked for.
        noun: Noun,
        /// The name, or the number.
        name: String,
    },
    /// The name is in use.
    #[error("a {noun} named {name:?} already exists")]
    NameTaken {
        /// What has it.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// There are as many as there may be.
    #[error("one more {noun} is above the limit of {limit} (limits.{key})")]
    Quota {
        /// What would be one too many.
        noun: Noun,
        /// The key of the limit.
        key: &'static str,
        /// The limit.
        limit: u32,
    },
    /// Sizes that cannot be.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// Members that the bounds do not allow.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// A policy that cannot be.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The default policy cannot be changed or deleted (7.2).
    #[error("the default policy can be neither changed nor deleted")]
    DefaultPolicy {
        /// Whether it was to be deleted.
        deleted: bool,
    },
    /// A task that cannot be.
    #[error(transparent)]
    Task(#[from] TaskError),
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
    /// A hook that cannot be.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// The hook is bound, or an instance waits at it.
    #[error("hook {name:?} is in use")]
    HookInUse {
        /// The hook.
        name: String,
    },
    /// The instance waits at no hook.
    #[error("instance {instance} does not wait at a hook")]
    NotInHook {
        /// The instance.
        instance: InstanceOrdinal,
    },
    /// A renewal of less than a second.
    #[error("a wait cannot be renewed by {timeout}: at least 1 s")]
    RenewTimeout {
        /// The length found.
        timeout: SimDuration,
    },
    /// A subscription that cannot be.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// A configuration that cannot be.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The configuration is a group's, or an instance was made from it.
    #[error("configuration {name:?} is in use")]
    ConfigurationInUse {
        /// The configuration.
        name: String,
    },
    /// No member has that number.
    #[error("the group has no instance number {instance}")]
    UnknownInstance {
        /// The number.
        instance: InstanceOrdinal,
    },
    /// None, or more instances than one call takes.
    #[error("a call takes 1 to {limit} instances (limits.instances_per_call), not {count}")]
    InstancesPerCall {
        /// How many there were.
        count: usize,
        /// The limit.
        limit: u32,
    },
    /// The group is performing an activity.
    #[error("the group is performing an activity")]
    InActivity,
    /// The group is suspended, or inactive for a standing cause.
    #[error("the group is not active")]
    Inactive,
    /// The group still has members.
    #[error("the group still has {members} members")]
    NotEmpty {
        /// How many.
        members: usize,
    },
    /// Fewer machines that fit are outside groups than were asked for.
    #[error("{found} machines outside groups can be attached, {wanted} are wanted")]
    NotEnoughMachines {
        /// How many were asked for.
        wanted: u32,
        /// How many there are.
        found: usize,
    },
    /// The machine is a member of a group already.
    #[error("machine {id:?} is in another group")]
    InOtherGroup {
        /// The machine.
        id: String,
    },
    /// The machine does not run.
    #[error("machine {id:?} is not running")]
    NotRunning {
        /// The machine.
        id: String,
    },
    /// The machine is not of the size of the group's configuration.
    #[error("machine {id:?} is not of the size of the group's configuration")]
    Mismatch {
        /// The machine.
        id: String,
    },
    /// The machine is of another project than the group.
    #[error("machine {id:?} is of project {machine}, the group of project {group}")]
    OtherProject {
        /// The machine.
        id: String,
        /// Its project.
        machine: u32,
        /// The group's project.
        group: u32,
    },
    /// The group's load has no such value to set.
    #[error("the group's load {what}")]
    NoSuchLoad {
        /// What is the matter, in words.
        what: &'static str,
    },
    /// A value of the load that cannot be.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A time span that is none.
    #[error("a length of {length} is out of range: above 0")]
    Length {
        /// The length found.
        length: SimDuration,
    },
}

impl CommandError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownGroup(_) => "InvalidParameter.ScalingGroupIdError",
            Self::Unknown { noun, .. } => match noun {
                Noun::Policy => "InvalidParameter.ScalingPolicyIdError",
                Noun::Task => "InvalidScheduledTask.NotExist",
                Noun::Hook => "Conflict.ScalingGroupIdVsLifeCycleHookId",
                Noun::Notification => "InvalidParameter.NotifyId",
                Noun::Configuration => "InvalidParameter.ScalingConfigurationIdError",
                Noun::Machine => "InvalidParameter.InstanceIdError",
                Noun::Group => "InvalidParameter.ScalingGroupIdError",
                Noun::Zone => "InvalidParameter.ZoneIdError",
                Noun::Subnet => "InvalidParameter.VpcIdOrSubnetIdError",
                Noun::LoadBalancer => "InvalidParameter.LoadBalancerIdError",
            },
            Self::NameTaken { noun, .. } => match noun {
                Noun::Policy => "NameDuplicate.ScalingPolicy",
                Noun::Task => "NameDuplicate.ScheduledTask",
                Noun::Hook => "NameDuplicate.LifeCycleHook",
                Noun::Configuration => "NameDuplicate.ScallingConfiguration",
                Noun::Group => "NameDuplicate.ScalingGroup",
                Noun::Notification
                | Noun::Machine
                | Noun::Zone
                | Noun::Subnet
                | Noun::LoadBalancer => "InvalidParameter",
            },
            Self::Quota { noun, .. } => match noun {
                Noun::Policy => "QuotaExceeded.ScalingPolicy",
                Noun::Task => "QuotaExceeded.ScheduledTask",
                Noun::Hook => "QuotaExceeded.HookLimit",
                Noun::Notification => "QuotaExceeded.ScalingNotification",
                Noun::Configuration => "QuotaExceeded.ScallingConfiguration",
                Noun::Group => "QuotaExceeded.ScalingGroup",
                Noun::Zone => "QuotaExceeded.ZoneId",
                Noun::Subnet => "QuotaExceeded.SubnetId",
                Noun::LoadBalancer => "QuotaExceeded.LoadBalancerId",
                Noun::Machine => "InvalidParameter",
            },
            Self::Size(error) => error.code(),
            Self::Move(error) => error.code(),
            Self::Policy(error) => error.code(),
            Self::Task(error) => error.code(),
            Self::Hook(error) => error.code(),
            Self::Notification(error) => error.code(),
            Self::Configuration(error) => error.code(),
            Self::DefaultPolicy { deleted: true } => "Conflict.DeleteDefaultScalingPolicyError",
            Self::DefaultPolicy { deleted: false } => "Conflict.ModifyDefaultScalingPolicyError",
            Self::TaskConflict { .. } => "InvalidScheduleTask.TimeConflict",
            Self::HookInUse { .. } => "InActivity.HookId",
            Self::NotInHook { .. } => "IncorrectInstanceStatus.NotInHook",
            Self::ConfigurationInUse { .. } => "Conflict.ScallingConfigurationUse",
            Self::UnknownInstance { .. } | Self::NotEnoughMachines { .. } => {
                "InvalidParameter.InstanceIdError"
            }
            Self::InActivity => "ScalingGroup.InActivity",
            Self::Inactive => "IncorrectScalingGroupStatus.Inactive",
            Self::NotEmpty { .. } => "Conflict.ScalingGroupNotEmpty",
            Self::InOtherGroup { .. } => "IncorrectInstanceStatus.InOtherScalingGroup",
            Self::NotRunning { .. } => "IncorrectInstanceStatus.NotRunning",
            Self::Mismatch { .. } => "InvalidInstanceId.ScalingConfigurationMismatch",
            Self::ZonesAndSubnets => "Conflict.VpcIdVszoneId",
            Self::Balance => "Conflict.InsufficientBalance",
            Self::OtherProject { .. } => "InvalidParameter.InvalidProjectId",
            Self::GroupName { .. }
            | Self::NoSuchLoad { .. }
            | Self::Load(_)
            | Self::TaskInThePast { .. }
            | Self::RenewTimeout { .. }
            | Self::InstancesPerCall { .. }
            | Self::Length { .. } => "InvalidParameter",
        }
    }
}
