//! What a policy made of what it saw, what stood in its way, and what it lacked.

use super::Teller;
use crate::kernel::{Micro, SimTime};
use crate::model::id::ActivityOrdinal;
use crate::model::policy::{Adjustment, Operator, Policy};
use crate::model::record::{Blocker, Decision, Outcome, Trigger};
use crate::report::history::Activity;
use crate::report::words;

impl Teller<'_> {
    /// What a policy made of what it saw.
    pub(super) fn decided(&self, policy: &Policy, decision: &Decision) -> String {
        let (sign, threshold) = (policy.alarm.operator.sign(), limit(policy));
        let streak = streak(policy, decision);
        let Some(trigger) = &decision.trigger else {
            return match decision.outcome {
                Outcome::NoData => format!(", so {sign} {threshold} could not be judged"),
                Outcome::Streaking => format!(" {sign} {threshold}, {streak}"),
                _ => format!(", which is not {sign} {threshold}"),
            };
        };
        let asked = asked(policy, trigger);
        let came = match decision.outcome {
            Outcome::Accepted => accepted(trigger),
            Outcome::NoChange => match at_bound(trigger) {
                Some((bound, _)) => format!("asked for {asked}, got nothing: {bound}"),
                None => format!("asked for {asked}, which is what there is"),
            },
            _ => format!("asked for {asked}, refused: {}", self.blocker(decision, trigger)),
        };
        format!(" {sign} {threshold}, {streak}, {came}")
    }

    /// Who stood in the way, and until when.
    fn blocker(&self, decision: &Decision, trigger: &Trigger) -> String {
        let id = |activity| self.run.activity_id(self.group, activity);
        match trigger.blocker {
            Some(Blocker::Cooldown { activity, until }) => {
                format!("cooldown from {} until {}", id(activity), self.clock(until))
            }
            Some(Blocker::Activity { activity }) => {
                let end = self.end_of(activity).map(|end| format!(", which ended at {end}"));
                format!("{} was under way{}", id(activity), end.unwrap_or_default())
            }
            Some(Blocker::Hook { activity, until, .. }) => {
                format!("{} waited at a hook until {} at most", id(activity), self.clock(until))
            }
            Some(Blocker::Pending) => {
                String::from("the group was about to start something at this instant")
            }
            Some(Blocker::Cause { error, until }) => {
                let until = until.map(|t| format!(" until {}", self.clock(t)));
                format!("{} ({}){}", words::reason(error), error.code(), until.unwrap_or_default())
            }
            None if decision.outcome == Outcome::Suspended => {
                String::from("the group is suspended")
            }
            None => String::from("nothing stood in the way"),
        }
    }

    /// The activity of that number; they stand in the order of their numbers.
    fn found(&self, ordinal: ActivityOrdinal) -> Option<&Activity> {
        let all = &self.group.history.activities;
        all.get(all.binary_search_by_key(&ordinal, |activity| activity.ordinal).ok()?)
    }

    fn end_of(&self, ordinal: ActivityOrdinal) -> Option<String> {
        self.found(ordinal)?.end.map(|end| self.clock(end))
    }

    /// What would have had to be different for the policy to act.
    pub(super) fn otherwise(
        &self,
        policy: &Policy,
        t: SimTime,
        decision: &Decision,
        (lowest, highest): (Option<Micro>, Option<Micro>),
    ) -> Option<String> {
        let Some(trigger) = &decision.trigger else {
            return short_of(policy, decision, lowest, highest);
        };
        match (decision.outcome, trigger.blocker) {
            (Outcome::NoChange, _) => {
                let (_, wish) = at_bound(trigger)?;
                Some(format!("With {wish} it would have acted."))
            }
            (Outcome::Cooldown, Some(Blocker::Cooldown { activity, .. })) => {
                let found = self.found(activity)?;
                let passed = t - found.end?;
                Some(format!("With a cooldown of {passed} or less it would have acted."))
            }
            (Outcome::Busy, Some(Blocker::Activity { activity })) => {
                let found = self.found(activity)?;
                let room = t - found.start;
                Some(format!("Had that activity taken less than {room}, it would have been free."))
            }
            _ => None,
        }
    }

    pub(super) fn next_trigger(&self, policy: &Policy, t: SimTime, decision: &Decision) -> String {
        let decided = self.decided(policy, decision);
        let seen = decision.value.map_or_else(String::new, |value| figure(policy, value));
        format!("Next, at {}, `{}` saw {seen}{decided}.", self.clock(t), policy.name)
    }
}

fn accepted(trigger: &Trigger) -> String {
    let Trigger { desired, target, unclamped, .. } = *trigger;
    let change = |to: i64| format!("{:+}", to - i64::from(desired));
    let got = change(i64::from(target));
    match at_bound(trigger) {
        None => format!("accepted: {desired} to {target} ({got})"),
        Some((bound, _)) => {
            format!("accepted: asked for {}, got {got}: {bound}", change(unclamped))
        }
    }
}

/// The bound that took what was asked for, and what it would have had to be.
fn at_bound(trigger: &Trigger) -> Option<(String, String)> {
    let target = i64::from(trigger.target);
    let (bound, word) = match trigger.unclamped.cmp(&target) {
        std::cmp::Ordering::Greater => ("max", "above"),
        std::cmp::Ordering::Less => ("min", "below"),
        std::cmp::Ordering::Equal => return None,
    };
    Some((format!("{bound} is {target}"), format!("{bound} {word} {target}")))
}

/// How far a streak has come.
fn streak(policy: &Policy, decision: &Decision) -> String {
    let (streak, needed) = (decision.streak, policy.alarm.repeat_times);
    match streak <= needed {
        true => format!("streak {streak} of {needed}"),
        false => format!("streak {streak}, {needed} needed"),
    }
}

/// How far values and streak were from a trigger.
fn short_of(
    policy: &Policy,
    decision: &Decision,
    lowest: Option<Micro>,
    highest: Option<Micro>,
) -> Option<String> {
    match decision.outcome {
        Outcome::NotBreaching => {
            let threshold = Micro::from_int(policy.alarm.threshold);
            let nearest = match policy.alarm.operator {
                Operator::Greater | Operator::EqualOrGreater => highest?,
                Operator::Less | Operator::EqualOrLess => lowest?,
                Operator::Equal | Operator::NotEqual => return None,
            };
            let gap = (threshold.millionths() - nearest.millionths()).abs();
            let gap = figure(policy, Micro::from_millionths(gap)).replace('%', "points");
            Some(format!("It was {gap} away."))
        }
        Outcome::Streaking => {
            let left = policy.alarm.repeat_times.saturating_sub(decision.streak);
            let periods = if left == 1 { "period" } else { "periods" };
            Some(format!("{left} more breaching {periods} in a row would trigger it."))
        }
        _ => None,
    }
}

/// A value with its unit, as short as it can be said.
pub(super) fn figure(policy: &Policy, value: Micro) -> String {
    // One decimal is enough to tell values apart that matter; the exact one is in the data.
    let tenths = (value.millionths().saturating_add(50_000)) / 100_000;
    let text = match tenths % 10 {
        0 => (tenths / 10).to_string(),
        _ => format!("{}.{}", tenths / 10, tenths % 10),
    };
    match policy.alarm.dimension.is_percentage() {
        true => format!("{text} %"),
        false => format!("{text} B/s"),
    }
}

fn limit(policy: &Policy) -> String {
    let unit = if policy.alarm.dimension.is_percentage() { "%" } else { "B/s" };
    format!("{} {unit}", policy.alarm.threshold)
}

/// What a trigger asked for.
fn asked(policy: &Policy, trigger: &Trigger) -> String {
    match policy.adjustment {
        Adjustment::TotalCapacity(total) => format!("{total} in all"),
        _ => format!("{:+}", trigger.unclamped - i64::from(trigger.desired)),
    }
}
