//! The shape of a scenario file. Unknown keys are errors.

mod at;
mod edit;
mod expect;
mod group;
mod lint;
mod trace;
mod world;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kernel::Micro;
use crate::model::semantics::{
    MissingData, PercentBase, PercentRounding, Profile, ReplaceOrder, RetryRule, Statistic,
    StreakRule,
};
use crate::report::Billing;
use crate::scenario::value::{Length, Span};

pub use at::{
    AtTable, AttachTable, ChangedHook, ChangedPolicy, ChangedTask, CompleteTable, ConditionTable,
    DetachTable, FailTable, GroupOnly, NamedHook, NamedPolicy, NamedTask, NewHook, NewPolicy,
    NewTask, PlaceTable, ProtectTable, QuotaTable, RenewTable, SizesTable,
};
pub use edit::{AdjustmentChange, MetricChange};
pub use expect::{AtMostTable, ExpectTable};
pub use group::{
    AdjustmentTable, AnswerTable, GroupTable, HookTable, LoadTable, MetricTable, NotificationTable,
    OverloadName, PolicyTable, TaskTable,
};
pub use lint::{AllowTable, LintTable};
pub use trace::{SpikeTable, SynthTable, TraceTable};
pub use world::{AccountTable, ConfigurationTable, FaultsTable, MachineTable};

/// A whole scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
    /// How often instances fail by chance.
    #[serde(default)]
    pub faults: FaultsTable,
    /// Whose groups they are.
    #[serde(default)]
    pub account: AccountTable,
    /// Metric series by name.
    #[serde(default)]
    pub trace: BTreeMap<String, TraceTable>,
    /// Scaling configurations.
    #[serde(default)]
    pub configuration: Vec<ConfigurationTable>,
    /// Machines outside groups.
    #[serde(default)]
    pub machine: Vec<MachineTable>,
    /// Scaling groups, in creation order.
    #[serde(default)]
    pub group: Vec<GroupTable>,
    /// Timed commands and changes of the world; at one instant commands run in file order.
    #[serde(default)]
    pub at: Vec<AtTable>,
    /// What must hold; `asgsim test` checks it.
    #[serde(default)]
    pub expect: Vec<ExpectTable>,
    /// What `asgsim lint` leaves out.
    #[serde(default)]
    pub lint: LintTable,
}

/// `[semantics]`: switches where the documents leave a choice. A key that is not given is as the
/// profile has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SemanticsTable {
    /// A set of defaults for the other switches: `tencent-v2`, the service as its documents
    /// describe it, or `aws-simple`, simple scaling at AWS (`missing` = Holds,
    /// `scheduled_obeys_cooldown` = false, `replace_order` = TerminateFirst, `retry` =
    /// Incremental). Default `tencent-v2`.
    pub profile: Option<Profile>,
    /// Length of a metric period in seconds, 300 or 60. Default 300.
    pub period: Option<u32>,
    /// The figure of a period that alarms compare. Default `Average`.
    pub statistic: Option<Statistic>,
    /// What a period without samples does to a streak. Default `Breaks`.
    pub missing: Option<MissingData>,
    /// What a trigger does to its streak. Default `Sliding`.
    pub streak: Option<StreakRule>,
    /// How a percentage becomes whole instances. Default `TowardZeroAtLeastOne`.
    pub percent_rounding: Option<PercentRounding>,
    /// What a percentage is taken of. Default `Desired`.
    pub percent_base: Option<PercentBase>,
    /// Whether the work of a scheduled task waits for the end of a cooldown. Default true.
    pub scheduled_obeys_cooldown: Option<bool>,
    /// In what order the old and the new instances of a replacement go and come. Default
    /// `Together`.
    pub replace_order: Option<ReplaceOrder>,
    /// When failed work is tried again: `Immediate`, 30 s after each of the first four failures in
    /// a row; `Incremental`, after 5 s, 10 s, 20 s and so on, up to a day; `None`. Default
    /// `Immediate`.
    pub retry: Option<RetryRule>,
}

/// `[latency]`: a duration, or `{ median, sigma }` for a log-normal one.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
    /// Binding an attached machine to its group. Default 2 s.
    pub attaching: Option<Length>,
    /// Unbinding a detached instance from it. Default 2 s.
    pub detaching: Option<Length>,
    /// Removing. Default 10 s.
    pub removing: Option<Length>,
}

/// `[cost]`: what an instance costs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SloTable {
    /// The most of its capacity that an instance should serve at, per cent. Default 80.
    pub utilisation: Option<Micro>,
    /// The share of offered load (0 to 1) that may be lost or wait in a minute. Default 0.
    pub lost_load: Micro,
    /// Estimate how long work takes, by queueing theory: an approximation. Default false.
    pub response_time: bool,
}

/// `[limits]`: quotas of the service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LimitsTable {
    /// The largest maximum size of a group. Default 30, at most 10,000.
    pub max_size: Option<u32>,
    /// Groups of a project. Default 20, at most 100,000.
    pub groups_per_project: Option<u32>,
    /// Alarm policies of a group. Default 100, at most 10,000.
    pub policies_per_group: Option<u32>,
    /// Scheduled tasks of a group. Default 10, at most 1,000.
    pub scheduled_tasks_per_group: Option<u32>,
    /// Scaling configurations of a project. Default 20, at most 1,000.
    pub configurations_per_project: Option<u32>,
    /// Lifecycle hooks of a group. Default 10, at most 1,000.
    pub hooks_per_group: Option<u32>,
    /// Notifications of a group. Default 20, at most 1,000.
    pub notifications_per_group: Option<u32>,
    /// Zones of a group. Default 20, at most 1,000.
    pub zones_per_group: Option<u32>,
    /// Subnets of a group. Default 20, at most 1,000.
    pub subnets_per_group: Option<u32>,
    /// Load balancers of a group. Default 20, at most 1,000.
    pub load_balancers_per_group: Option<u32>,
    /// Instances of one command that attaches or detaches. Default 20, at most 1,000.
    pub instances_per_call: Option<u32>,
    /// User groups that one policy or hook tells. Default 20, at most 1,000.
    pub notify_ids: Option<u32>,
    /// Records of a run, all groups together. Default 1,000,000 (some hundred megabytes), at most
    /// 50,000,000.
    pub records: Option<u32>,
    /// Steps of work that the scenario may come to: minutes, steps of traces and evaluations of
    /// policies, all groups together. Default 100,000,000 (under a minute), at most 2,000,000,000.
    pub work: Option<u32>,
}
