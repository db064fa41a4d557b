//! Laws of triggers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::instances::Fleet;
use super::{Story, at};
use crate::kernel::SimTime;
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::group::Capacity;
use crate::model::id::PolicyOrdinal;
use crate::model::policy::Policy;
use crate::model::record::{Blocker, Decision, Entry, Outcome, Record, Trigger};

pub(super) fn none_accepted_in_cooldown(story: &Story<'_>) -> Result<(), String> {
    let mut window = None;
    for entry in story.log {
        match &entry.record {
            Record::CooldownOpened { activity, until } => window = Some((*activity, *until)),
            Record::Trigger(decision) => {
                let open = window.filter(|(_, until)| entry.t < *until);
                let blocker = decision.trigger.and_then(|trigger| trigger.blocker);
                let fits = match (decision.outcome, blocker) {
                    (Outcome::Accepted, _) => open.is_none(),
                    (Outcome::Cooldown, Some(Blocker::Cooldown { activity, until })) => {
                        open == Some((activity, until))
                    }
                    (Outcome::Cooldown, _) => false,
                    _ => true,
                };
                if !fits {
                    return Err(at(entry, format_args!("the cooldown then: {open:?}")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn consequences(story: &Story<'_>) -> Result<(), String> {
    for (n, entry) in story.log.iter().enumerate() {
        let Record::Trigger(decision) = &entry.record else { continue };
        let Some(trigger) = &decision.trigger else {
            return Err(at(entry, "it does not say what it asked for"));
        };
        let mut rest = story.log.iter().skip(n + 1).take_while(|e| e.t == entry.t);
        let fits = match decision.outcome {
            Outcome::Accepted => trigger.blocker.is_none() && is_done(decision, trigger, &mut rest),
            Outcome::Busy => is_cancelled(decision, trigger, rest.next(), ActivityError::Busy),
            Outcome::Cooldown => {
                is_cancelled(decision, trigger, rest.next(), ActivityError::Cooldown)
            }
            Outcome::NoChange => {
                trigger.target == trigger.desired
                    && trigger.blocker.is_none()
                    // New sizes may follow: of a command that comes after all work of now.
                    && !is_told_of(rest.next())
            }
            // New sizes may follow: of a command that comes after all work of now.
            Outcome::Suspended => trigger.blocker.is_none() && !is_told_of(rest.next()),
            Outcome::Failed => match (trigger.blocker, rest.next().map(|e| &e.record)) {
                (
                    Some(Blocker::Cause { error: cause, until }),
                    Some(Record::ActivityFailed { origin, error, .. }),
                ) => {
                    let by = Origin::Policy { policy: decision.policy };
                    *origin == by && *error == cause && until.is_none_or(|until| until > entry.t)
                }
                _ => false,
            },
            _ => false,
        };
        if !fits {
            let next = story.log.get(n + 1);
            return Err(at(entry, format_args!("what follows is {next:?}")));
        }
    }
    Ok(())
}

/// Whether a record is of an activity that never ran.
fn is_told_of(next: Option<&Entry>) -> bool {
    next.is_some_and(|e| {
        matches!(e.record, Record::ActivityCancelled { .. } | Record::ActivityFailed { .. })
    })
}

/// Whether an accepted trigger's sizes and activity follow, after its notice if it has one.
fn is_done<'a>(
    decision: &Decision,
    trigger: &Trigger,
    rest: &mut impl Iterator<Item = &'a Entry>,
) -> bool {
    let mut next = rest.next();
    if let Some(Record::Notified(_)) = next.map(|e| &e.record) {
        next = rest.next();
    }
    if trigger.target != trigger.desired {
        match next.map(|e| &e.record) {
            Some(Record::Capacity(sizes)) if sizes.desired == trigger.target => {}
            _ => return false,
        }
        next = rest.next();
    }
    if trigger.target == trigger.actual {
        return true;
    }
    let grows = trigger.target > trigger.actual;
    matches!(
        next.map(|e| &e.record),
        Some(Record::ActivityStarted { activity_kind, origin: Origin::Policy { policy }, .. })
            if *policy == decision.policy && grows == (*activity_kind == ActivityKind::ScaleOut)
    )
}

/// Whether a refused trigger's cancelled activity follows.
fn is_cancelled(
    decision: &Decision,
    trigger: &Trigger,
    next: Option<&Entry>,
    why: ActivityError,
) -> bool {
    let wish = trigger.target.cmp(&trigger.actual).then(trigger.target.cmp(&trigger.desired));
    let Some(Record::ActivityCancelled { activity_kind, origin, error, .. }) =
        next.map(|e| &e.record)
    else {
        return false;
    };
    *origin == Origin::Policy { policy: decision.policy }
        && *error == why
        && wish.is_gt() == (*activity_kind == ActivityKind::ScaleOut)
}

pub(super) fn earned(story: &Story<'_>) -> Result<(), String> {
    let mut policies: BTreeMap<PolicyOrdinal, Arc<Policy>> = BTreeMap::new();
    let mut made = 0;
    for entry in story.log {
        match &entry.record {
            Record::PolicyCreated { policy, definition } => {
                made += 1;
                if policy.0 != made || policies.values().any(|p| p.name == definition.name) {
                    return Err(at(entry, "its number or its name is not free"));
                }
                policies.insert(*policy, Arc::clone(definition));
            }
            Record::PolicyModified { policy, definition }
                if policies.insert(*policy, Arc::clone(definition)).is_none() =>
            {
                return Err(at(entry, "there is no such policy"));
            }
            Record::PolicyDeleted { policy } if policies.remove(policy).is_none() => {
                return Err(at(entry, "there is no such policy"));
            }
            Record::Trigger(decision) => {
                let Some(policy) = policies.get(&decision.policy) else {
                    return Err(at(entry, "there is no such policy"));
                };
                let alarm = &policy.alarm;
                let earned = decision.value.is_some() && decision.streak >= alarm.repeat_times;
                if !earned || decision.threshold != alarm.threshold {
                    return Err(at(entry, format_args!("the policy is {alarm:?}")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn see_the_group(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let mut sizes = Capacity { min: 0, max: 0, desired: 0 };
    let mut running = None;
    let mut waits = BTreeMap::new();
    for entry in story.log {
        match &entry.record {
            Record::HookWaiting { instance, deadline, .. }
            | Record::HookRenewed { instance, deadline } => {
                waits.insert(*instance, *deadline);
            }
            Record::HookEnded { instance, .. } => {
                waits.remove(instance);
            }
            Record::Capacity(now) => sizes = *now,
            Record::ActivityStarted { activity, .. } => running = Some(*activity),
            Record::ActivityEnded { .. } => running = None,
            Record::Trigger(Decision { trigger: Some(trigger), outcome, .. }) => {
                let clamped = trigger.unclamped.clamp(i64::from(sizes.min), i64::from(sizes.max));
                let lock = match trigger.blocker {
                    Some(Blocker::Activity { activity }) => {
                        running == Some(activity) && waits.is_empty()
                    }
                    Some(Blocker::Hook { activity, until, .. }) => {
                        running == Some(activity) && waits.values().max() == Some(&until)
                    }
                    Some(_) => running.is_none(),
                    None => *outcome != Outcome::Accepted || running.is_none(),
                };
                let seen = trigger.desired == sizes.desired && trigger.actual == fleet.actual();
                if !lock || !seen || i64::from(trigger.target) != clamped {
                    let actual = fleet.actual();
                    return Err(at(entry, format_args!("{sizes:?}, actual {actual}, {running:?}")));
                }
            }
            _ => {}
        }
        fleet.read(entry);
    }
    Ok(())
}

pub(super) fn on_marks(story: &Story<'_>) -> Result<(), String> {
    let (period, offset) = (story.setup.semantics.period, story.setup.utc_offset);
    // For each policy the instant from which on it may trigger.
    let mut from: BTreeMap<PolicyOrdinal, SimTime> = BTreeMap::new();
    for entry in story.log {
        match &entry.record {
            Record::PolicyCreated { policy, .. } | Record::PolicyModified { policy, .. } => {
                from.insert(*policy, entry.t + period);
            }
            Record::Trigger(decision) => {
                let on_mark = entry.t.floor_civil(period, offset) == entry.t;
                let earliest = from.insert(decision.policy, entry.t + period);
                if !on_mark || earliest.is_none_or(|earliest| entry.t < earliest) {
                    return Err(at(entry, format_args!("not before {earliest:?}, and on a mark")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
