//! `[[group]]`: a scaling group with its load and its policies.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kernel::Micro;
use crate::model::group::{Initial, RemovePolicy};
use crate::model::policy::{AdjustmentType, Dimension, Operator};
use crate::model::semantics::Statistic;
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
