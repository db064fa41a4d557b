//! Alarms and the gate, spelled out again (SEMANTICS 1, 3.1).

use std::sync::Arc;

use super::Group;
use super::activities::told;
use crate::kernel::{Micro, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::id::{ActivityOrdinal, PolicyOrdinal};
use crate::model::notification::NotificationType;
use crate::model::policy::{Adjustment, Operator, Policy};
use crate::model::record::{Blocker, Decision, Notice, Outcome, Record, Trigger};
use crate::model::semantics::{MissingData, PercentBase, PercentRounding, Statistic, StreakRule};

/// A statistic as an exact fraction: millionths over a whole number above 0.
struct Figure {
    numerator: i128,
    denominator: i128,
}

/// A policy that exists.
pub(super) struct Watched {
    pub ordinal: PolicyOrdinal,
    pub policy: Arc<Policy>,
    pub created: SimTime,
    pub streak: u32,
    /// The period mark at which it was last judged.
    pub judged_at: Option<SimTime>,
}

impl Group<'_> {
    /// Phase 6: the first policy, in creation order, whose period ends now and that was not
    /// judged yet (1.1).
    pub(super) fn judge_one_policy(&mut self) -> bool {
        let (period, offset) = (self.setup.semantics.period, self.setup.utc_offset.ms());
        if self.deleted || (self.now.unix_ms() + offset) % period.ms() != 0 {
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
        self.carry_out(&policy, ordinal, &trigger, outcome);
    }

    /// What a trigger asks for and whether it is let through: suspended, no change, busy,
    /// cooldown, failed, accepted, in this order (1.6).
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
        if self.suspended {
            return (trigger, Outcome::Suspended);
        }
        if target == desired && !self.has_open_gap() {
            return (trigger, Outcome::NoChange);
        }
        if let Some(running) = &self.running {
            trigger.blocker = Some(self.holder(running.activity));
            return (trigger, Outcome::Busy);
        }
        if self.due().is_some() {
            trigger.blocker = Some(Blocker::Pending);
            return (trigger, Outcome::Busy);
        }
        if let Some((activity, until)) = self.cooldown
            && self.now < until
        {
            trigger.blocker = Some(Blocker::Cooldown { activity, until });
            return (trigger, Outcome::Cooldown);
        }
        if would_grow(&trigger)
            && let Some(cause) = self.cause_at(self.now)
        {
            let until = self.active_again();
            trigger.blocker = Some(Blocker::Cause { error: cause.error(), until });
            return (trigger, Outcome::Failed);
        }
        (trigger, Outcome::Accepted)
    }

    /// Who holds the lock: the wait with the latest deadline if any instance waits.
    fn holder(&self, activity: ActivityOrdinal) -> Blocker {
        let mut latest: Option<Blocker> = None;
        for wait in self.joined.iter().filter_map(|i| i.wait.as_ref()) {
            if latest.and_then(Blocker::until).is_none_or(|until| wait.deadline >= until) {
                latest = Some(Blocker::Hook { activity, hook: wait.hook, until: wait.deadline });
            }
        }
        latest.unwrap_or(Blocker::Activity { activity })
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

    fn carry_out(
        &mut self,
        policy: &Policy,
        ordinal: PolicyOrdinal,
        trigger: &Trigger,
        outcome: Outcome,
    ) {
        let origin = Origin::Policy { policy: ordinal };
        match (outcome, trigger.blocker) {
            (Outcome::Accepted, _) => self.accept(policy, ordinal, trigger),
            (Outcome::Busy, _) => self.cancel(origin, trigger, ActivityError::Busy),
            (Outcome::Cooldown, _) => self.cancel(origin, trigger, ActivityError::Cooldown),
            (Outcome::Failed, Some(Blocker::Cause { error, .. })) => {
                let activity = self.next_activity();
                self.record(Record::ActivityFailed { activity, origin, error });
                self.tell(activity, NotificationType::ScaleOutFailed);
            }
            _ => {}
        }
    }

    fn accept(&mut self, policy: &Policy, ordinal: PolicyOrdinal, trigger: &Trigger) {
        let origin = Origin::Policy { policy: ordinal };
        if !policy.notify_ids.is_empty() {
            let receivers = told(&policy.notify_ids);
            self.record(Record::Notified(Notice::Policy { policy: ordinal, receivers }));
        }
        self.take_gap(origin, policy.cooldown);
        let desired = trigger.target;
        self.set_capacity(crate::model::group::Capacity { desired, ..self.capacity });
        if desired != trigger.actual {
            self.start_for_gap(origin, policy.cooldown);
        }
    }

    fn cancel(&mut self, origin: Origin, trigger: &Trigger, error: ActivityError) {
        let activity_kind = match would_grow(trigger) {
            true => ActivityKind::ScaleOut,
            false => ActivityKind::ScaleIn,
        };
        let activity = self.next_activity();
        self.record(Record::ActivityCancelled { activity, activity_kind, origin, error });
    }
}

/// The type that a trigger's activity has, or would have had: by target against actual, else by
/// target against desired; of neither it is none to shrink (1.6).
fn would_grow(trigger: &Trigger) -> bool {
    let Trigger { target, actual, desired, .. } = *trigger;
    target > actual || (target == actual && target >= desired)
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
