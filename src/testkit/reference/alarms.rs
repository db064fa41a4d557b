//! Alarms and the gate, spelled out again (SEMANTICS 1, 3.1).

use super::World;
use crate::kernel::{Micro, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::policy::{Adjustment, Operator, Policy};
use crate::model::record::{Blocker, Decision, Outcome, Record, Trigger};
use crate::model::semantics::{MissingData, PercentBase, PercentRounding, Statistic, StreakRule};

/// A statistic as an exact fraction: millionths over a whole number above 0.
struct Figure {
    numerator: i128,
    denominator: i128,
}

impl World<'_> {
    /// Phase 6: the first policy, in creation order, whose period ends now and that was not
    /// judged yet (1.1).
    pub(super) fn judge_one_policy(&mut self) -> bool {
        let (period, offset) = (self.setup.semantics.period, self.setup.utc_offset.ms());
        if (self.now.unix_ms() + offset) % period.ms() != 0 {
            return false;
        }
        let begin = self.now - period;
        let due =
            self.policies.iter().position(|w| w.created <= begin && w.judged_at != Some(self.now));
        if let Some(at) = due {
            self.judge(at, begin);
        }
        due.is_some()
    }

    /// Judges the period from `begin` to now for one policy (1.2 to 1.5).
    fn judge(&mut self, at: usize, begin: SimTime) {
        self.ledger.write_up(&self.joined, self.now);
        let semantics = self.setup.semantics;
        let now = self.now;
        let Some(watched) = self.policies.get_mut(at) else { return };
        watched.judged_at = Some(now);
        let (policy, ordinal) = (watched.policy.clone(), watched.ordinal);
        let samples = self.ledger.samples(policy.alarm.dimension, begin, now);
        let statistic = policy.alarm.statistic.unwrap_or(semantics.statistic);
        let Some(figure) = figure(statistic, &samples) else {
            if semantics.missing == MissingData::Breaks {
                watched.streak = 0;
            }
            return;
        };
        if !breaches(&policy, &figure) {
            watched.streak = 0;
            return;
        }
        watched.streak += 1;
        let streak = watched.streak;
        if streak < policy.alarm.repeat_times {
            return;
        }
        if semantics.streak == StreakRule::Rearm {
            watched.streak = 0;
        }
        let value = Micro::from_millionths(half_away(figure.numerator, figure.denominator));
        let (trigger, outcome) = self.consider(&policy);
        self.record(Record::Trigger(Decision {
            policy: ordinal,
            value: Some(value),
            threshold: policy.alarm.threshold,
            streak,
            outcome,
            trigger: Some(trigger),
        }));
        self.carry_out(Origin::Policy { policy: ordinal }, &trigger, outcome);
    }

    /// What a trigger asks for and whether it is let through: no change, busy, cooldown,
    /// accepted, in this order (1.6).
    fn consider(&self, policy: &Policy) -> (Trigger, Outcome) {
        let (actual, desired) = (self.actual(), self.capacity.desired);
        let unclamped = self.proposal(policy.adjustment);
        let mut target = unclamped;
        if target > i64::from(self.capacity.max) {
            target = i64::from(self.capacity.max);
        }
        if target < i64::from(self.capacity.min) {
            target = i64::from(self.capacity.min);
        }
        let target = u32::try_from(target).unwrap_or(0);
        let mut trigger = Trigger { desired, unclamped, target, actual, blocker: None };
        if target == desired && !self.has_startable_gap() {
            return (trigger, Outcome::NoChange);
        }
        if let Some((activity, _)) = self.running {
            trigger.blocker = Some(Blocker::Activity { activity });
            return (trigger, Outcome::Busy);
        }
        if self.has_startable_gap() && !self.waits_for_cooldown() {
            trigger.blocker = Some(Blocker::Pending);
            return (trigger, Outcome::Busy);
        }
        if let Some((activity, until)) = self.cooldown
            && self.now < until
        {
            trigger.blocker = Some(Blocker::Cooldown { activity, until });
            return (trigger, Outcome::Cooldown);
        }
        (trigger, Outcome::Accepted)
    }

    /// f(desired) of rule 3.1.
    fn proposal(&self, adjustment: Adjustment) -> i64 {
        let desired = i64::from(self.capacity.desired);
        match adjustment {
            Adjustment::TotalCapacity(total) => total,
            Adjustment::QuantityChangeInCapacity(change) => desired + change,
            Adjustment::PercentChangeInCapacity(percent) => {
                let base = match self.setup.semantics.percent_base {
                    PercentBase::Desired => desired,
                    PercentBase::Actual => i64::from(self.actual()),
                };
                let size = base * percent.abs();
                let step = match self.setup.semantics.percent_rounding {
                    PercentRounding::TowardZeroAtLeastOne if size > 0 => (size / 100).max(1),
                    PercentRounding::TowardZeroAtLeastOne => 0,
                    // The fraction counts as one more from fifty hundredths on.
                    PercentRounding::Nearest => size / 100 + i64::from(size % 100 >= 50),
                };
                if percent < 0 { desired - step } else { desired + step }
            }
        }
    }

    fn carry_out(&mut self, origin: Origin, trigger: &Trigger, outcome: Outcome) {
        let Trigger { desired, target, actual, .. } = *trigger;
        let error = match outcome {
            Outcome::Busy => ActivityError::Busy,
            Outcome::Cooldown => ActivityError::Cooldown,
            Outcome::Accepted => {
                self.gap_owner = origin;
                self.set_capacity(crate::model::group::Capacity {
                    desired: target,
                    ..self.capacity
                });
                if target != actual {
                    self.start_activity(origin);
                }
                return;
            }
            _ => return,
        };
        let grows = target > actual || (target == actual && target > desired);
        let activity_kind = if grows { ActivityKind::ScaleOut } else { ActivityKind::ScaleIn };
        let activity = self.next_activity();
        self.record(Record::ActivityCancelled { activity, activity_kind, origin, error });
    }
}

/// The statistic of the samples; `None` if there is none (1.2, 1.4).
fn figure(statistic: Statistic, samples: &[Micro]) -> Option<Figure> {
    let values = samples.iter().map(|sample| i128::from(sample.millionths()));
    let (numerator, denominator) = match statistic {
        _ if samples.is_empty() => return None,
        Statistic::Average => (values.sum(), samples.len() as i128),
        Statistic::Maximum => (values.max()?, 1),
        Statistic::Minimum => (values.min()?, 1),
    };
    Some(Figure { numerator, denominator })
}

/// Whether the condition holds, exactly (1.3).
fn breaches(policy: &Policy, figure: &Figure) -> bool {
    let threshold = i128::from(policy.alarm.threshold) * 1_000_000 * figure.denominator;
    match policy.alarm.operator {
        Operator::Greater => figure.numerator > threshold,
        Operator::EqualOrGreater => figure.numerator >= threshold,
        Operator::Less => figure.numerator < threshold,
        Operator::EqualOrLess => figure.numerator <= threshold,
        Operator::Equal => figure.numerator == threshold,
        Operator::NotEqual => figure.numerator != threshold,
    }
}

/// A quotient by a number above 0, rounded half away from zero (0.5).
pub(super) fn half_away(numerator: i128, denominator: i128) -> i64 {
    let size = (numerator.abs() * 2 + denominator) / (denominator * 2);
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    if numerator < 0 { -size } else { size }
}
