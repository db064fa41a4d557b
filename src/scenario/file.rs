//! The shape of a scenario file. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::env::trace::{Duplicates, Gaps, Stamp};
use crate::kernel::Micro;
use crate::model::group::{Initial, RemovePolicy};
use crate::model::policy::{Dimension, Operator};
use crate::model::semantics::{MissingData, PercentBase, PercentRounding, Statistic, StreakRule};
use crate::report::Billing;
use crate::scenario::value::{Count, Length, Series, Shift, Span, When};

/// A whole scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What the scenario is called.
    pub name: String,
    /// The question it asks, in a sentence or two.
    #[serde(default)]
    pub about: String,
    /// When the run begins: `YYYY-MM-DD hh:mm:ss` at `utc_offset`. Default: the earliest sample of
    /// the traces that have times.
    pub start: Option<String>,
    /// How long it lasts, up to ten years. Default: to the end of the last trace.
    pub duration: Option<Span>,
    /// The seed of all chance. Default 0.
    #[serde(default)]
    pub seed: u64,
    /// Offset of civil time from UTC, `+hh:mm` or `-hh:mm`. Default `+08:00`.
    pub utc_offset: Option<String>,
    /// Switches where the documents of the service leave a choice.
    #[serde(default)]
    pub semantics: SemanticsTable,
    /// How long the phases of an instance take.
    #[serde(default)]
    pub latency: LatencyTable,
    /// What an instance costs.
    #[serde(default)]
    pub cost: CostTable,
    /// What the service's users were promised.
    #[serde(default)]
    pub slo: SloTable,
    /// Quotas of the service.
    #[serde(default)]
    pub limits: LimitsTable,
    /// Metric series by name.
    #[serde(default)]
    pub trace: BTreeMap<String, TraceTable>,
    /// Scaling configurations.
    #[serde(default)]
    pub configuration: Vec<ConfigurationTable>,
    /// Scaling groups, in creation order.
    #[serde(default)]
    pub group: Vec<GroupTable>,
    /// Timed commands; at one instant they run in file order.
    #[serde(default)]
    pub at: Vec<AtTable>,
}

/// `[semantics]`: switches where the documents leave a choice.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SemanticsTable {
    /// Length of a metric period in seconds, 300 or 60. Default 300.
    pub period: Option<u32>,
    /// The figure of a period that alarms compare. Default `Average`.
    pub statistic: Statistic,
    /// What a period without samples does to a streak. Default `Breaks`.
    pub missing: MissingData,
    /// What a trigger does to its streak. Default `Sliding`.
    pub streak: StreakRule,
    /// How a percentage becomes whole instances. Default `TowardZeroAtLeastOne`.
    pub percent_rounding: PercentRounding,
    /// What a percentage is taken of. Default `Desired`.
    pub percent_base: PercentBase,
}

/// `[latency]`: a duration, or `{ median, sigma }` for a log-normal one.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LatencyTable {
    /// `ec2-linux-2012` (creating 97 s), `ec2-windows-2012` (810 s), `modern-linux` (30 s).
    pub preset: Option<String>,
    /// Whether plain durations are medians of log-normal ones with the usual spread of the phase.
    /// Default false: they are exact.
    pub random: bool,
    /// Until the machine runs. Default 60 s.
    pub creating: Option<Length>,
    /// Warming up. Default 0 s.
    pub preheating: Option<Length>,
    /// Binding to the load balancer. Default 5 s.
    pub attach_lb: Option<Length>,
    /// Unbinding from it. Default 2 s.
    pub detach_lb: Option<Length>,
    /// Removing. Default 10 s.
    pub removing: Option<Length>,
}

/// `[cost]`: what an instance costs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CostTable {
    /// Price of one instance for one hour, in `currency`. Default 0.
    pub per_instance_hour: Micro,
    /// Per second (at least a minute) or per started hour. Default `per_second`.
    pub billing: Billing,
    /// A label for reports. Default `USD`.
    pub currency: Option<String>,
}

/// `[slo]`: what users were promised.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SloTable {
    /// The most of its capacity that an instance should serve at, per cent. Default 80.
    pub utilisation: Option<Micro>,
    /// The share of offered load (0 to 1) that may be lost or wait in a minute. Default 0.
    pub lost_load: Micro,
}

/// `[limits]`: quotas of the service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsTable {
    /// The largest maximum size of a group. Default 30, at most 10,000.
    pub max_size: Option<u32>,
    /// Groups of a project. Default 20, at most 100,000.
    pub groups_per_project: Option<u32>,
    /// Alarm policies of a group. Default 100, at most 10,000.
    pub policies_per_group: Option<u32>,
}

/// `[trace.NAME]`: a series, from a file or written out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceTable {
    /// A file, relative to the scenario's.
    pub file: Option<String>,
    /// Its format. Default and so far only `csv`.
    pub format: Option<String>,
    /// The column with the values, regardless of case. Default: the only numeric one, or `value`.
    pub value: Option<String>,
    /// The column with the times. Default: the one that looks like it.
    pub time: Option<String>,
    /// Time between samples. Default: the median step of the file; 1 minute for written series.
    pub interval: Option<Span>,
    /// The first sample's time, for series without times of their own. Default: the scenario's start.
    pub start: Option<String>,
    /// A factor for every value. Default 1.
    pub scale: Option<Micro>,
    /// Whether the series begins again at its end. Default false.
    pub repeat: bool,
    /// Moves every sample in time, `-` for earlier.
    pub shift: Option<Shift>,
    /// The period of which each value is a count: values become rates per second.
    pub per: Option<Span>,
    /// Offset of times without a zone. Default: the scenario's.
    pub utc_offset: Option<String>,
    /// Whether a sample's time is the start or the end of its interval. Default `start`.
    pub stamp: Option<Stamp>,
    /// What holds in a gap. Default `missing`.
    pub gaps: Option<Gaps>,
    /// Which of several values of one instant counts. Default `last`.
    pub duplicates: Option<Duplicates>,
    /// A series in compact notation, or an array of numbers and nulls.
    pub series: Option<Series>,
    /// A made-up series over the whole run.
    pub synth: Option<SynthTable>,
}

/// `synth = { … }`: a made-up series, never below 0.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SynthTable {
    /// The level around which it moves. Default 0.
    pub base: Micro,
    /// How far a day swings up (16:00) and down (04:00). Default 0.
    pub daily: Micro,
    /// How far weekdays lie above the level, and weekends below. Default 0.
    pub weekly: Micro,
    /// Standard deviation of each sample. Default 0.
    pub noise: Micro,
    /// Crowds on top of it.
    pub spikes: Vec<SpikeTable>,
}

/// A spike: up, hold, down.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpikeTable {
    /// When it begins to rise: a civil time, or `+` and a duration from the start.
    pub at: When,
    /// How far it rises above the rest.
    pub peak: Micro,
    /// How long it rises, and falls. Default 0.
    #[serde(default)]
    pub ramp: Span,
    /// How long it stays.
    pub hold: Span,
}

/// `[[configuration]]`: the template of a group's instances.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationTable {
    /// Unique name.
    pub name: String,
    /// Cores. Default 1.
    #[serde(default = "one")]
    pub cpu: u32,
    /// Memory in GB. Default 1.
    #[serde(default = "one")]
    pub mem: u32,
}

const fn one() -> u32 {
    1
}

/// `[[group]]`: a scaling group.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
}

const fn oldest() -> RemovePolicy {
    RemovePolicy::RemoveOldestInstance
}

/// `[group.load]`: exactly one of `demand`, `recorded`, `fixed`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
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
#[serde(rename_all = "snake_case")]
pub enum OverloadName {
    /// It is lost.
    Drop,
    /// It waits.
    Queue,
}

/// `[[group.policy]]`: an alarm trigger policy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
#[serde(deny_unknown_fields)]
pub struct AdjustmentTable {
    /// How the value is meant.
    #[serde(rename = "type")]
    pub kind: AdjustmentType,
    /// TotalCapacity 0 to the size limit, QuantityChangeInCapacity that many either way,
    /// PercentChangeInCapacity -100 to 100.
    pub value: i64,
}

/// How an adjustment's value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum AdjustmentType {
    /// Become this many.
    TotalCapacity,
    /// Grow or shrink by this many.
    QuantityChangeInCapacity,
    /// Grow or shrink by this share, per cent.
    PercentChangeInCapacity,
}

/// `[[at]]`: a command at a time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum AtTable {
    /// Changes the sizes of a group; what is not given stays.
    SetCapacity {
        /// When: a civil time, or `+` and a duration from the start.
        time: When,
        /// Name of the group.
        group: String,
        /// New minimum size.
        min: Option<u32>,
        /// New maximum size.
        max: Option<u32>,
        /// New desired capacity.
        desired: Option<u32>,
    },
    /// Creates an alarm policy.
    CreatePolicy {
        /// When: a civil time, or `+` and a duration from the start.
        time: When,
        /// Name of the group.
        group: String,
        /// Unique in the group.
        name: String,
        /// When it triggers.
        metric: MetricTable,
        /// What it then asks for.
        adjustment: AdjustmentTable,
        /// How long the group rests after its activity.
        cooldown: Span,
    },
}

impl AtTable {
    /// When it runs.
    pub const fn time(&self) -> &When {
        match self {
            Self::SetCapacity { time, .. } | Self::CreatePolicy { time, .. } => time,
        }
    }

    /// The group it is meant for.
    pub fn group(&self) -> &str {
        match self {
            Self::SetCapacity { group, .. } | Self::CreatePolicy { group, .. } => group,
        }
    }
}
