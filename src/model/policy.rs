//! Alarm policies: when a metric breaches, propose another size.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::SimDuration;
use crate::model::limits::Limits;
use crate::model::semantics::{PercentBase, PercentRounding, Semantics, Statistic};

/// An alarm trigger policy of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// User-defined, unique in the group, 1 to 60 characters.
    pub name: String,
    /// When it triggers.
    pub alarm: AlarmRule,
    /// What it then asks for.
    pub adjustment: Adjustment,
    /// How long the group rests after an activity of this policy: whole seconds, 0 to 999,999.
    pub cooldown: SimDuration,
    /// User groups that are told of each accepted trigger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notify_ids: Vec<String>,
}

/// The condition of a policy: `repeat_times` periods in a row whose statistic breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmRule {
    /// What is measured.
    pub dimension: Dimension,
    /// How it is compared.
    pub operator: Operator,
    /// With what: 0 to 100 for cpu and memory in per cent, above 0 for traffic in bytes per second.
    pub threshold: i64,
    /// Breaching periods in a row, 1 to 10, default 3.
    pub repeat_times: u32,
    /// The figure compared; `None` takes [`Semantics::statistic`].
    pub statistic: Option<Statistic>,
}

/// The name of the policy that every group has: it replaces unhealthy instances, is listed last,
/// counts for no quota, and can be neither changed nor deleted (7.2).
pub const DEFAULT_POLICY: &str = "default";
/// Default of [`AlarmRule::repeat_times`] in the reference.
pub const REPEAT_TIMES_DEFAULT: u32 = 3;
pub(crate) const REPEAT_TIMES_MAX: u32 = 10;
const COOLDOWN_MAX_S: i64 = 999_999;

/// The reference's metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Dimension {
    /// CPU utilisation, per cent.
    CpuUsage,
    /// Memory usage, per cent.
    MemUsage,
    /// Outbound private-network traffic, bytes per second.
    LanOuttraffic,
    /// Inbound private-network traffic, bytes per second.
    LanIntraffic,
}

impl Dimension {
    /// All of them; [`Self::index`] is the place in this list.
    pub const ALL: [Self; 4] =
        [Self::CpuUsage, Self::MemUsage, Self::LanOuttraffic, Self::LanIntraffic];

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The reference's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CpuUsage => "cpu_usage",
            Self::MemUsage => "mem_usage",
            Self::LanOuttraffic => "lan_outtraffic",
            Self::LanIntraffic => "lan_intraffic",
        }
    }

    /// Whether it is a percentage (else bytes per second).
    pub const fn is_percentage(self) -> bool {
        matches!(self, Self::CpuUsage | Self::MemUsage)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The reference's comparisons (1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Operator {
    /// `>`
    Greater,
    /// `>=`
    EqualOrGreater,
    /// `<`
    Less,
    /// `<=`
    EqualOrLess,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Greater,
        Self::EqualOrGreater,
        Self::Less,
        Self::EqualOrLess,
        Self::Equal,
        Self::NotEqual,
    ];

    /// The sign a person would write.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::EqualOrGreater => ">=",
            Self::Less => "<",
            Self::EqualOrLess => "<=",
            Self::Equal => "=",
            Self::NotEqual => "<>",
        }
    }

    /// Whether a figure that stands so to the threshold breaches (1.3).
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Greater => order.is_gt(),
            Self::EqualOrGreater => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::EqualOrLess => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }
}

/// What a policy asks of the group's desired capacity (3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value")]
pub enum Adjustment {
    /// Become this many, 0 to the size limit.
    TotalCapacity(i64),
    /// Grow or shrink by this many, at most the size limit either way.
    QuantityChangeInCapacity(i64),
    /// Grow or shrink by this share in per cent, -100 to 100.
    PercentChangeInCapacity(i64),
}

/// How an adjustment's value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum AdjustmentType {
    /// Become this many.
    TotalCapacity,
    /// Grow or shrink by this many.
    QuantityChangeInCapacity,
    /// Grow or shrink by this share, per cent.
    PercentChangeInCapacity,
}

impl AdjustmentType {
    /// The adjustment of this type by that value.
    pub const fn of(self, value: i64) -> Adjustment {
        match self {
            Self::TotalCapacity => Adjustment::TotalCapacity(value),
            Self::QuantityChangeInCapacity => Adjustment::QuantityChangeInCapacity(value),
            Self::PercentChangeInCapacity => Adjustment::PercentChangeInCapacity(value),
        }
    }
}

/// ModifyScalingPolicy: what is `None` stays, members of the metric and of the adjustment too.
/// The policy's streak is 0 again after it (1.5).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyChange {
    /// New name.
    pub name: Option<String>,
    /// Another metric.
    pub dimension: Option<Dimension>,
    /// Another comparison.
    pub operator: Option<Operator>,
    /// Another threshold.
    pub threshold: Option<i64>,
    /// Another number of periods.
    pub repeat_times: Option<u32>,
    /// Another statistic.
    pub statistic: Option<Statistic>,
    /// Another meaning of the adjustment's value.
    pub adjustment_type: Option<AdjustmentType>,
    /// Another value of the adjustment.
    pub adjustment_value: Option<i64>,
    /// Another cooldown; open windows stay as they are (2.2).
    pub cooldown: Option<SimDuration>,
    /// Another list of user groups.
    pub notify_ids: Option<Vec<String>>,
}

impl Policy {
    /// The policy with a change.
    #[must_use]
    pub fn changed(&self, change: &PolicyChange) -> Self {
        let alarm = AlarmRule {
            dimension: change.dimension.unwrap_or(self.alarm.dimension),
            operator: change.operator.unwrap_or(self.alarm.operator),
            threshold: change.threshold.unwrap_or(self.alarm.threshold),
            repeat_times: change.repeat_times.unwrap_or(self.alarm.repeat_times),
            statistic: change.statistic.or(self.alarm.statistic),
        };
        let (kind, value) = self.adjustment.parts();
        let kind = change.adjustment_type.unwrap_or(kind);
        Self {
            name: change.name.clone().unwrap_or_else(|| self.name.clone()),
            alarm,
            adjustment: kind.of(change.adjustment_value.unwrap_or(value)),
            cooldown: change.cooldown.unwrap_or(self.cooldown),
            notify_ids: change.notify_ids.clone().unwrap_or_else(|| self.notify_ids.clone()),
        }
    }
}

impl Adjustment {
    /// How its value is meant, and the value.
    pub const fn parts(self) -> (AdjustmentType, i64) {
        match self {
            Self::TotalCapacity(value) => (AdjustmentType::TotalCapacity, value),
            Self::QuantityChangeInCapacity(v) => (AdjustmentType::QuantityChangeInCapacity, v),
            Self::PercentChangeInCapacity(v) => (AdjustmentType::PercentChangeInCapacity, v),
        }
    }

    /// The capacity asked for, before the bounds are applied. `actual` is the number of members
    /// that are not leaving; it only counts under [`PercentBase::Actual`].
    pub fn propose(self, desired: u32, actual: u32, semantics: &Semantics) -> i64 {
        let desired_now = i64::from(desired);
        match self {
            Self::TotalCapacity(total) => total,
            Self::QuantityChangeInCapacity(change) => desired_now + change,
            Self::PercentChangeInCapacity(percent) => {
                let base = match semantics.percent_base {
                    PercentBase::Desired => desired_now,
                    PercentBase::Actual => i64::from(actual),
                };
                desired_now + percent_of(base, percent, semantics.percent_rounding)
            }
        }
    }
}

/// `percent` of `base` in whole instances.
fn percent_of(base: i64, percent: i64, rounding: PercentRounding) -> i64 {
    let product = base * percent;
    match rounding {
        PercentRounding::TowardZeroAtLeastOne => match product / 100 {
            0 => product.signum(),
            whole => whole,
        },
        PercentRounding::Nearest => (product + 50 * product.signum()) / 100,
    }
}

/// Why the service refuses a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Empty, longer than 60 characters, or with control characters.
    #[error("policy name {name:?} must have 1 to 60 characters, none of them a control character")]
    Name {
        /// The name found.
        name: String,
    },
    /// Outside 0..=100, or not above 0.
    #[error("threshold {threshold} of {dimension} is out of range: {allowed}")]
    Threshold {
        /// What is measured.
        dimension: Dimension,
        /// The value found.
        threshold: i64,
        /// The range in words.
        allowed: &'static str,
    },
    /// Outside 1..=10.
    #[error("repeat_times {repeat_times} is out of range: 1 to {REPEAT_TIMES_MAX}")]
    RepeatTimes {
        /// The value found.
        repeat_times: u32,
    },
    /// Outside the range of its type.
    #[error("adjustment value {value} is out of range: {min} to {max}{because}")]
    Adjustment {
        /// The value found.
        value: i64,
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// Names the limit where one sets the range.
        because: &'static str,
    },
    /// Not whole seconds within 0..=999,999.
    #[error("cooldown {cooldown} is out of range: whole seconds, 0 to {COOLDOWN_MAX_S}")]
    Cooldown {
        /// The value found.
        cooldown: SimDuration,
    },
    /// More user groups than are told.
    #[error("{count} user groups are more than the limit of {limit} (limits.notify_ids)")]
    NotifyIds {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: u32,
    },
}

impl PolicyError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "InvalidParameter.ScalingPolicyNameError",
            Self::Threshold { .. } | Self::RepeatTimes { .. } => "InvalidParameter.Metric",
            Self::Adjustment { .. } => "InvalidParameter.AdjustmentValue",
            Self::Cooldown { .. } | Self::NotifyIds { .. } => "InvalidParameter",
        }
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::Threshold { .. } => "metric.threshold",
            Self::RepeatTimes { .. } => "metric.repeat_times",
            Self::Adjustment { .. } => "adjustment.value",
            Self::Cooldown { .. } => "cooldown",
            Self::NotifyIds { .. } => "notify_ids",
        }
    }
}

impl Policy {
    /// Checks everything that can be said of a policy alone; whether its name is free and its
    /// group has room is the group's to say.
    ///
    /// # Errors
    /// The first [`PolicyError`] in the order name, metric, adjustment, cooldown, user
    /// groups.
    pub fn check(&self, limits: &Limits) -> Result<(), PolicyError> {
        if !is_name(&self.name) {
            return Err(PolicyError::Name { name: self.name.clone() });
        }
        let AlarmRule { dimension, threshold, repeat_times, .. } = self.alarm;
        let (in_range, allowed) = match dimension.is_percentage() {
            true => ((0..=100).contains(&threshold), "0 to 100 per cent"),
            false => (threshold > 0, "above 0 bytes per second"),
        };
        if !in_range {
            return Err(PolicyError::Threshold { dimension, threshold, allowed });
        }
        if !(1..=REPEAT_TIMES_MAX).contains(&repeat_times) {
            return Err(PolicyError::RepeatTimes { repeat_times });
        }
        let size = i64::from(limits.max_size);
        let by_limit = " (limits.max_size)";
        let (value, min, max, because) = match self.adjustment {
            Adjustment::TotalCapacity(value) => (value, 0, size, by_limit),
            Adjustment::QuantityChangeInCapacity(value) => (value, -size, size, by_limit),
            Adjustment::PercentChangeInCapacity(value) => (value, -100, 100, ""),
        };
        if !(min..=max).contains(&value) {
            return Err(PolicyError::Adjustment { value, min, max, because });
        }
        let cooldown = self.cooldown;
        let range = SimDuration::ZERO..=SimDuration::from_s(COOLDOWN_MAX_S);
        if !range.contains(&cooldown) || cooldown.ms() % 1000 != 0 {
            return Err(PolicyError::Cooldown { cooldown });
        }
        let (count, limit) = (self.notify_ids.len(), limits.notify_ids);
        if u32::try_from(count).unwrap_or(u32::MAX) > limit {
            return Err(PolicyError::NotifyIds { count, limit });
        }
        Ok(())
    }
}

/// Whether a text can name a group, policy or configuration: 1 to 60 characters, none of them a
/// control character.
pub fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    (1..=60).contains(&length) && !name.chars().any(char::is_control)
}
