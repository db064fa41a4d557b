//! Why a world cannot be.

use crate::engine::command::CommandError;
use crate::env::load::LoadError;
use crate::kernel::SimTime;
use crate::model::capacity::SizeError;
use crate::model::failure::FailureCause;
use crate::model::instance::LifecycleState;
use crate::model::policy::Dimension;

/// Why a world cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// More groups than the quota or the engine allows.
    #[error("{count} groups are more than the limit of {limit} (limits.groups_per_project)")]
    TooManyGroups {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: u32,
    },
    /// Empty, longer than 60 characters, or with control characters.
    #[error("group name {name:?} must have 1 to 60 characters, none of them a control character")]
    GroupName {
        /// The name found.
        name: String,
    },
    /// Two groups of one name.
    #[error("two groups are named {name:?}")]
    GroupNameTaken {
        /// The name.
        name: String,
    },
    /// Sizes that cannot be.
    #[error("group {group:?}: {error}")]
    Size {
        /// The group's name.
        group: String,
        /// What is wrong.
        error: SizeError,
    },
    /// A load with a value that cannot be.
    #[error("group {group:?}, load, {}: {error}", error.key)]
    Load {
        /// The group's name.
        group: String,
        /// What is wrong.
        error: LoadError,
    },
    /// A log-normal phase whose median is not above 0, or whose sigma is not between 0 and 3.
    #[error("latency of {state:?}: median must be above 0 and sigma between 0 and 3")]
    Latency {
        /// The phase.
        state: LifecycleState,
    },
    /// A policy that the service would refuse.
    #[error("group {group:?}, policy {policy:?}: {error}")]
    Policy {
        /// The group's name.
        group: String,
        /// The policy's name.
        policy: String,
        /// What is wrong.
        error: CommandError,
    },
    /// A task that the service would refuse.
    #[error("group {group:?}, task {task:?}: {error}")]
    Task {
        /// The group's name.
        group: String,
        /// The task's name.
        task: String,
        /// What is wrong.
        error: CommandError,
    },
    /// The instances that are there at the start alone make too many records.
    #[error(
        "the groups begin with {count} instances, and a run keeps at most {limit} records (limits.records)"
    )]
    TooManyInstances {
        /// Instances in service at the start, all groups together.
        count: u64,
        /// How many records may be kept.
        limit: u32,
    },
    /// A timed command before the start of the run.
    #[error("group {group:?}: a command at {at} lies before the start")]
    CommandBeforeStart {
        /// The group's name.
        group: String,
        /// When it was to run.
        at: SimTime,
    },
    /// A policy on a metric that the group's load does not have.
    #[error("group {group:?}, policy {policy:?}: the group's load has no {dimension}")]
    NoSource {
        /// The group's name.
        group: String,
        /// The policy's name.
        policy: String,
        /// The metric.
        dimension: Dimension,
    },
    /// A hook that the service would refuse.
    #[error("group {group:?}, hook {hook:?}: {error}")]
    Hook {
        /// The group's name.
        group: String,
        /// The hook's name.
        hook: String,
        /// What is wrong.
        error: CommandError,
    },
    /// The bound hook is none of the group's.
    #[error("group {group:?} binds hook {hook:?}, which it does not have")]
    BoundHook {
        /// The group's name.
        group: String,
        /// The name found.
        hook: String,
    },
    /// A notification that the service would refuse.
    #[error("group {group:?}, notification {number}: {error}")]
    Notification {
        /// The group's name.
        group: String,
        /// Its place among the group's, from 1.
        number: usize,
        /// What is wrong.
        error: CommandError,
    },
    /// More zones, subnets or load balancers than a group may have.
    #[error(
        "group {group:?} has {count} {what}, more than the limit of {limit} (limits.{what}_per_group)"
    )]
    TooManyPlaces {
        /// The group's name.
        group: String,
        /// `zones`, `subnets` or `load_balancers`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: u32,
    },
    /// A zone, subnet or load balancer that stands twice, or zones and subnets together.
    #[error("group {group:?}: {what} {name:?} {why}")]
    Place {
        /// The group's name.
        group: String,
        /// `zone`, `subnet` or `load balancer`.
        what: &'static str,
        /// The name found.
        name: String,
        /// What is wrong with it, in words.
        why: &'static str,
    },
    /// A figure of the faults that is out of range.
    #[error("group {group:?}: faults.{key} is out of range: mtbf above 0, probability 0 to 1")]
    Faults {
        /// The group's name.
        group: String,
        /// Which figure.
        key: &'static str,
    },
    /// A configuration that the service would refuse.
    #[error("configuration {name:?}: {error}")]
    Configuration {
        /// The configuration's name.
        name: String,
        /// What is wrong.
        error: CommandError,
    },
    /// A group names a configuration that is not there.
    #[error("group {group:?} names configuration {configuration:?}, which does not exist")]
    UnknownConfiguration {
        /// The group's name.
        group: String,
        /// The name found.
        configuration: String,
    },
    /// Two machines of one id.
    #[error("two machines have the id {id:?}")]
    MachineIdTaken {
        /// The id.
        id: String,
    },
    /// A condition of one zone whose cause concerns the whole group, or one that is over before it
    /// begins.
    #[error("condition {cause:?}: {why}")]
    Condition {
        /// The cause.
        cause: FailureCause,
        /// What is wrong with it, in words.
        why: &'static str,
    },
}
