//! `[[group]]`: a scaling group with its load, policies, tasks, hooks and notifications.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kernel::Micro;
use crate::model::group::{Initial, RemovePolicy};
use crate::model::lifecycle_hook::{HookResult, Transition};
use crate::model::policy::{AdjustmentType, Dimension, Operator};
use crate::model::semantics::Statistic;
use crate::scenario::file::world::FaultsTable;
use crate::scenario::value::{Count, Span, When};

/// `[[group]]`: a scaling group.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupTable {
    /// Unique name, 1 to 60 characters.
    pub name: String,
    /// Name of its configuration. Default: the first of the file.
    pub configuration: Option<String>,
    /// Minimum size.
    pub min: u32,
    /// Maximum size, at most `limits.max_size`.
    pub max: u32,
    /// Desired capacity at start. Default `min`.
    pub desired: Option<u32>,
    /// `in_service`: they run at start; `launch`: the group starts empty. Default `in_service`.
    #[serde(default)]
    pub initial: Initial,
    /// Who leaves first. Default `RemoveOldestInstance`.
    #[serde(default = "oldest")]
    pub remove_policy: RemovePolicy,
    /// Zones in which instances are made, in turn where there are fewest. Default: none is named.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Subnets of a private network, in place of zones.
    #[serde(default)]
    pub subnets: Vec<String>,
    /// Ids of load balancers; without one, instances skip AttachLb and DetachLb.
    #[serde(default)]
    pub load_balancers: Vec<String>,
    /// Where its metrics come from.
    pub load: Option<LoadTable>,
    /// Alarm policies, in creation order.
    #[serde(default)]
    pub policy: Vec<PolicyTable>,
    /// Scheduled tasks, in creation order.
    #[serde(default)]
    pub scheduled_task: Vec<TaskTable>,
    /// Lifecycle hooks, in creation order.
    #[serde(default)]
    pub hook: Vec<HookTable>,
    /// Notifications, in creation order.
    #[serde(default)]
    pub notification: Vec<NotificationTable>,
    /// How often its instances fail by chance. Default, key by key: `[faults]`.
    #[serde(default)]
    pub faults: FaultsTable,
}

const fn oldest() -> RemovePolicy {
    RemovePolicy::RemoveOldestInstance
}

/// `[group.load]`: exactly one of `demand`, `recorded`, `fixed`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LoadTable {
    /// A trace of offered load, in any unit per second.
    pub demand: Option<String>,
    /// With demand: what one instance can serve, above 0.
    pub per_instance: Option<Micro>,
    /// With demand: CPU per cent of an idle instance, below 100. Default 0.
    pub base: Option<Micro>,
    /// With demand: what happens to load above capacity. Default `drop`.
    pub overload: Option<OverloadName>,
    /// With `queue`: the most load that may wait, in units of load times seconds.
    pub max_backlog: Option<Micro>,
    /// With `queue`: the longest that load may wait at full capacity.
    pub timeout: Option<Span>,
    /// With demand: memory per cent of an idle instance.
    pub mem_base: Option<Micro>,
    /// With demand: memory per cent for each unit of load that an instance serves.
    pub mem_per_load: Option<Micro>,
    /// With demand: bytes received for each unit of load.
    pub bytes_in_per_load: Option<Micro>,
    /// With demand: bytes sent for each unit of load.
    pub bytes_out_per_load: Option<Micro>,
    /// A trace of recorded CPU utilisation, per cent.
    pub recorded: Option<String>,
    /// With recorded: the number of instances then, or the name of its trace.
    pub instances: Option<Count>,
    /// A trace for each metric, which capacity does not change.
    pub fixed: Option<BTreeMap<Dimension, String>>,
}

/// What happens to load above capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OverloadName {
    /// It is lost.
    Drop,
    /// It waits.
    Queue,
}

/// `[[group.policy]]`: an alarm trigger policy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyTable {
    /// Unique in the group, 1 to 60 characters.
    pub name: String,
    /// When it triggers.
    pub metric: MetricTable,
    /// What it then asks for.
    pub adjustment: AdjustmentTable,
    /// How long the group rests after its activity: whole seconds, up to 999,999.
    pub cooldown: Span,
    /// User groups that are told of each accepted trigger. Default none.
    #[serde(default)]
    pub notify_ids: Vec<String>,
}

/// `metric = { … }`: the condition of a policy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricTable {
    /// What is measured.
    pub dimension: Dimension,
    /// How it is compared.
    pub operator: Operator,
    /// With what: 0 to 100 per cent, or above 0 bytes per second.
    pub threshold: i64,
    /// Breaching periods in a row, 1 to 10. Default 3.
    pub repeat_times: Option<u32>,
    /// The figure compared. Default: `semantics.statistic`.
    pub statistic: Option<Statistic>,
}

/// `adjustment = { … }`: what a policy asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdjustmentTable {
    /// How the value is meant.
    #[serde(rename = "type")]
    pub kind: AdjustmentType,
    /// TotalCapacity 0 to the size limit, QuantityChangeInCapacity that many either way,
    /// PercentChangeInCapacity -100 to 100.
    pub value: i64,
}

/// `[[group.scheduled_task]]`: new bounds at a time, once or on days that repeat.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskTable {
    /// Unique in the group, 1 to 60 characters.
    pub name: String,
    /// The minimum size it sets.
    pub min: u32,
    /// The maximum size it sets, at most `limits.max_size`.
    pub max: u32,
    /// Its first trigger, and the time of day of all others: a civil time, or `+` and a duration
    /// from the start. May lie before the run.
    pub start: When,
    /// The last instant at which it may trigger. Goes with `recurrence`.
    pub end: Option<When>,
    /// The days on which it repeats, as a crontab `* * DAY MONTH WEEKDAY`. Goes with `end`.
    pub recurrence: Option<String>,
}

/// `[[group.hook]]`: a lifecycle hook.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HookTable {
    /// Unique in the group, 1 to 60 characters.
    pub name: String,
    /// `launch`: it holds instances after their creation; `terminate`: before their removal.
    pub transition: Transition,
    /// How long an instance waits, unless somebody ends or renews the wait: whole seconds, 1 to
    /// 7200.
    pub timeout: Span,
    /// What happens then: `continue`, or `disable`, which refuses a launch.
    pub default_result: HookResult,
    /// Whether it is bound at the start; at most one hook of a group is. Default: true if the group
    /// has no other.
    pub bound: Option<bool>,
    /// User groups that are told of each wait. Default none.
    #[serde(default)]
    pub notify_ids: Vec<String>,
    /// Who completes its waits. Default: nobody, they time out.
    pub answer: Option<AnswerTable>,
}

/// `answer = { … }`: how the waits at a hook are completed.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerTable {
    /// How long after the begin of a wait.
    pub after: Span,
    /// With what result: `continue` or `disable`.
    pub result: HookResult,
    /// How probable it is that the answer comes at all, 0 to 1. Default 1.
    pub probability: Option<Micro>,
}

/// `[[group.notification]]`: who is told of the ends of activities.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotificationTable {
    /// Of what: 1 scale-out done, 2 failed in part or whole, 3 and 4 the same of scale-in, 5 and 6
    /// of the replacement of unhealthy instances.
    pub types: Vec<i64>,
    /// The user groups that are told.
    pub receivers: Vec<String>,
}
