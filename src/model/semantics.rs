//! The switches of SEMANTICS: points where the documents leave a choice, with their defaults.

use serde::{Deserialize, Serialize};

use crate::kernel::SimDuration;

/// The choices of one run. The default is what the documents describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    /// Length of a metric period (1.1): 300 s or 60 s, default 300 s.
    pub period: SimDuration,
    /// What a policy compares unless it names its own (1.2), default [`Statistic::Average`].
    pub statistic: Statistic,
    /// What a period without samples does to a streak (1.4), default [`MissingData::Breaks`].
    pub missing: MissingData,
    /// What a trigger does to its streak (1.5), default [`StreakRule::Sliding`].
    pub streak: StreakRule,
    /// How a percentage becomes whole instances (3.1), default
    /// [`PercentRounding::TowardZeroAtLeastOne`].
    pub percent_rounding: PercentRounding,
    /// What a percentage is taken of (3.1), default [`PercentBase::Desired`].
    pub percent_base: PercentBase,
    /// Whether the work of a scheduled task waits for the end of a cooldown (2.3), default true.
    pub scheduled_obeys_cooldown: bool,
    /// In what order old and new instances of a replacement go and come (7.1), default
    /// [`ReplaceOrder::Together`].
    pub replace_order: ReplaceOrder,
    /// When failed work is tried again (8.3), default [`RetryRule::Immediate`].
    pub retry: RetryRule,
}

/// A named set of the switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The service as its documents describe it: every switch at its default.
    #[default]
    TencentV2,
    /// What a user of simple scaling at AWS expects, as far as these switches can say it: missing
    /// data holds a streak, scheduled changes do not wait for a cooldown, replacements terminate
    /// first, and failed launches back off by and by.
    AwsSimple,
}

impl Profile {
    /// The switches of the profile.
    pub fn semantics(self) -> Semantics {
        match self {
            Self::TencentV2 => Semantics::default(),
            Self::AwsSimple => Semantics {
                missing: MissingData::Holds,
                scheduled_obeys_cooldown: false,
                replace_order: ReplaceOrder::TerminateFirst,
                retry: RetryRule::Incremental,
                ..Semantics::default()
            },
        }
    }
}

impl Default for Semantics {
    fn default() -> Self {
        Self {
            period: SimDuration::from_s(300),
            statistic: Statistic::default(),
            missing: MissingData::default(),
            streak: StreakRule::default(),
            percent_rounding: PercentRounding::default(),
            percent_base: PercentBase::default(),
            scheduled_obeys_cooldown: true,
            replace_order: ReplaceOrder::default(),
            retry: RetryRule::default(),
        }
    }
}

/// The figure of a period that an alarm compares (1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Statistic {
    /// The mean of all samples of the period, compared exactly as sum against threshold times count.
    #[default]
    Average,
    /// The largest sample.
    Maximum,
    /// The smallest sample.
    Minimum,
}

/// What a period without any sample does to a streak (1.4). It never triggers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum MissingData {
    /// The streak becomes 0.
    #[default]
    Breaks,
    /// The streak stays as it is.
    Holds,
}

/// What a trigger does to the streak that made it (1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum StreakRule {
    /// Nothing: while the condition holds the policy triggers at every boundary.
    #[default]
    Sliding,
    /// It becomes 0, whatever came of the trigger.
    Rearm,
}

/// How a percentage of a capacity becomes whole instances (3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum PercentRounding {
    /// Cut off toward zero, but at least 1 away from zero if the product is not 0.
    #[default]
    TowardZeroAtLeastOne,
    /// To the nearest, half away from zero; may be 0.
    Nearest,
}

/// What a percentage is taken of (3.1). The change is added to desired either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum PercentBase {
    /// The desired capacity.
    #[default]
    Desired,
    /// Members that are not leaving.
    Actual,
}

/// In what order the old and the new instances of a replacement go and come (7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum ReplaceOrder {
    /// Old ones leave and new ones start at the same instant.
    #[default]
    Together,
    /// No new one starts before the last old one is gone.
    TerminateFirst,
    /// No old one leaves before every new one is in service or has failed; as many old ones stay
    /// as new ones failed.
    LaunchFirst,
}

/// When work that failed is tried again (8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum RetryRule {
    /// 30 s after each failure; given up after five in a row.
    #[default]
    Immediate,
    /// 5 s after the first failure in a row, and twice as long each time, at most a day.
    Incremental,
    /// Never.
    None,
}
