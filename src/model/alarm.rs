//! Alarms: what a closed metric period says of a policy's condition (SEMANTICS 1.2 to 1.5).

use std::cmp::Ordering;

use crate::kernel::Micro;
use crate::kernel::fixed::{div_round, saturate};
use crate::model::policy::{AlarmRule, Operator};
use crate::model::semantics::{MissingData, Semantics, Statistic, StreakRule};

/// The samples of one metric in one period, pooled over instances and minutes.
///
/// Sums are whole millionths of the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pooled {
    /// Sum of all samples.
    pub sum: i128,
    /// How many there are; 0 means that nothing is known.
    pub count: u64,
    /// The smallest sample; meaningless if `count` is 0.
    pub min: Micro,
    /// The largest sample; meaningless if `count` is 0.
    pub max: Micro,
}

impl Pooled {
    /// Adds one minute in which `instances` of them had this same sample.
    pub fn add(&mut self, sample: Micro, instances: u32) {
        if instances == 0 {
            return;
        }
        if self.count == 0 {
            (self.min, self.max) = (sample, sample);
        }
        self.sum += i128::from(sample.millionths()) * i128::from(instances);
        self.count += u64::from(instances);
        self.min = self.min.min(sample);
        self.max = self.max.max(sample);
    }

    /// The statistic as an exact fraction (numerator in millionths, denominator); `None` without
    /// samples.
    fn fraction(&self, statistic: Statistic) -> Option<(i128, i128)> {
        if self.count == 0 {
            return None;
        }
        Some(match statistic {
            Statistic::Average => (self.sum, i128::from(self.count)),
            Statistic::Maximum => (i128::from(self.max.millionths()), 1),
            Statistic::Minimum => (i128::from(self.min.millionths()), 1),
        })
    }
}

impl Pooled {
    /// How the statistic stands to a threshold in whole units, exactly; `None` without samples.
    pub fn stand(&self, statistic: Statistic, threshold: i64) -> Option<Ordering> {
        let (numerator, denominator) = self.fraction(statistic)?;
        // Threshold and statistic over the same denominator: no rounding takes part.
        Some(numerator.cmp(&(i128::from(threshold) * 1_000_000 * denominator)))
    }
}

/// Values that an alarm does not mind, both bounds included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calm {
    /// The smallest of them.
    pub low: Micro,
    /// The largest.
    pub high: Micro,
}

impl Calm {
    /// The samples of a rule: while all of a period lie within, it does not breach, whatever the
    /// statistic, since none leaves the span of its samples (1.2). `None` for `=`, whose threshold
    /// may be the mean of values that lie on both sides of it. Samples are never negative.
    pub fn of(rule: &AlarmRule) -> Option<Self> {
        let threshold = Micro::from_int(rule.threshold);
        let just_below = Micro::from_millionths(threshold.millionths().saturating_sub(1));
        let just_above = Micro::from_millionths(threshold.millionths().saturating_add(1));
        let (low, high) = match rule.operator {
            Operator::Greater => (Micro::ZERO, threshold),
            Operator::EqualOrGreater => (Micro::ZERO, just_below),
            Operator::Less => (threshold, Micro::MAX),
            Operator::EqualOrLess => (just_above, Micro::MAX),
            Operator::Equal => return None,
            Operator::NotEqual => (threshold, threshold),
        };
        Some(Self { low, high })
    }
}

/// What one evaluation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The statistic, rounded to six decimals for people; `None` without samples.
    pub value: Option<Micro>,
    /// Whether the condition held; `None` without samples.
    pub breaching: Option<bool>,
    /// Breaching periods in a row, this one included.
    pub streak: u32,
    /// Whether the policy triggers now.
    pub triggered: bool,
    /// The streak to go on from.
    pub streak_after: u32,
}

/// Judges one period for one policy.
///
/// ```
/// use asgsim::Micro;
/// use asgsim::model::alarm::{Pooled, evaluate};
/// use asgsim::model::policy::{AlarmRule, Dimension, Operator};
/// use asgsim::model::semantics::Semantics;
///
/// let rule = AlarmRule {
///     dimension: Dimension::CpuUsage,
///     operator: Operator::Greater,
///     threshold: 70,
///     repeat_times: 2,
///     statistic: None,
/// };
/// let mut period = Pooled::default();
/// period.add(Micro::from_int(90), 3);
/// let found = evaluate(&rule, 1, &period, &Semantics::default());
/// assert!(found.triggered && found.streak == 2);
/// ```
#[inline]
pub fn evaluate(
    rule: &AlarmRule,
    streak: u32,
    period: &Pooled,
    semantics: &Semantics,
) -> Evaluation {
    let statistic = rule.statistic.unwrap_or(semantics.statistic);
    let stand = period.stand(statistic, rule.threshold);
    let (Some((numerator, denominator)), Some(order)) = (period.fraction(statistic), stand) else {
        let streak = match semantics.missing {
            MissingData::Breaks => 0,
            MissingData::Holds => streak,
        };
        return Evaluation {
            value: None,
            breaching: None,
            streak,
            triggered: false,
            streak_after: streak,
        };
    };
    let breaching = rule.operator.holds(order);
    let streak = if breaching { streak.saturating_add(1) } else { 0 };
    let triggered = breaching && streak >= rule.repeat_times;
    let streak_after = match semantics.streak {
        StreakRule::Rearm if triggered => 0,
        _ => streak,
    };
    let value = div_round(numerator, denominator).map(|v| Micro::from_millionths(saturate(v)));
    Evaluation { value, breaching: Some(breaching), streak, triggered, streak_after }
}
