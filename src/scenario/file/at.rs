//! `[[at]]` and `[[expect]]`: what happens at a time, and what must hold then.

use serde::Deserialize;

use crate::scenario::file::group::{AdjustmentTable, MetricTable};
use crate::scenario::value::{Bounds, Span, When};

/// `[[at]]`: a command at a time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
    /// Creates a scheduled task, which must not start before that time.
    CreateTask {
        /// When: a civil time, or `+` and a duration from the start.
        time: When,
        /// Name of the group.
        group: String,
        /// Unique in the group.
        name: String,
        /// The minimum size it sets.
        min: u32,
        /// The maximum size it sets.
        max: u32,
        /// Its first trigger, and the time of day of all others.
        start: When,
        /// The last instant at which it may trigger. Goes with `recurrence`.
        end: Option<When>,
        /// The days on which it repeats, as a crontab. Goes with `end`.
        recurrence: Option<String>,
    },
}

impl AtTable {
    /// When it runs.
    pub const fn time(&self) -> &When {
        match self {
            Self::SetCapacity { time, .. }
            | Self::CreatePolicy { time, .. }
            | Self::CreateTask { time, .. } => time,
        }
    }

    /// The group it is meant for.
    pub fn group(&self) -> &str {
        match self {
            Self::SetCapacity { group, .. }
            | Self::CreatePolicy { group, .. }
            | Self::CreateTask { group, .. } => group,
        }
    }
}

/// `[[expect]]`: what must hold. Give exactly one of `at`, `during`, `throughout`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectTable {
    /// Name of the group.
    pub group: String,
    /// An instant: a civil time, or `+` and a duration from the start.
    pub at: Option<When>,
    /// A span: from the first time up to, but not at, the second.
    pub during: Option<[When; 2]>,
    /// `true`: the whole run.
    pub throughout: Option<bool>,
    /// Desired capacity: a number, or `{ min, max }`.
    pub desired: Option<Bounds>,
    /// Instances in service: a number, or `{ min, max }`.
    pub in_service: Option<Bounds>,
    /// Members, also those coming and going: a number, or `{ min, max }`.
    pub members: Option<Bounds>,
    /// Mean CPU utilisation of a minute, per cent: a number, or `{ min, max }`.
    pub cpu_usage: Option<Bounds>,
    /// Scaling activities that begin, without cancelled ones: a number, or `{ min, max }`.
    pub activities: Option<Bounds>,
    /// Triggers that are refused: a number, or `{ min, max }`.
    pub refused: Option<Bounds>,
    /// Minutes in which the promise of `[slo]` is broken: a number, or `{ min, max }`.
    pub slo_minutes: Option<Bounds>,
    /// How many activities may begin in any span of a length.
    pub at_most: Option<AtMostTable>,
}

/// `at_most = { … }`: a bound on how often a group scales.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AtMostTable {
    /// So many scaling activities, cancelled ones left out.
    pub scale_activities: u32,
    /// In any span of this length.
    pub per: Span,
}
