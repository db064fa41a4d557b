//! Alarms: the close of a metric period, and what each policy makes of it (SEMANTICS 1).

use std::sync::Arc;

use crate::engine::group_sim::GroupSim;
use crate::engine::setup::World;
use crate::engine::{RunError, activities};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, Origin};
use crate::model::alarm::{Evaluation, Pooled, evaluate};
use crate::model::capacity::{Verdict, decide};
use crate::model::group::Capacity;
use crate::model::id::PolicyOrdinal;
use crate::model::policy::Policy;
use crate::model::record::{Decision, Outcome, Record, Trigger};

/// A policy and its streak.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub ordinal: PolicyOrdinal,
    pub policy: Arc<Policy>,
    pub streak: u32,
    /// Periods that began before this instant are not judged (1.1).
    judged_from: SimTime,
}

/// Where a group stands in the sequence of period ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boundary {
    /// The next period end that has not been worked.
    pub next_close: SimTime,
    /// The period that has closed at this instant, while policies still judge it.
    open: Option<Closed>,
}

/// A closed period, and which policy judges it next.
#[derive(Clone, Copy, Debug)]
struct Closed {
    samples: [Pooled; 4],
    next_watch: usize,
}

impl Boundary {
    /// Before the first period end after the start.
    pub fn new(world: &World) -> Self {
        Self { next_close: first_close_after(world, world.start), open: None }
    }
}

fn first_close_after(world: &World, t: SimTime) -> SimTime {
    let period = world.semantics.period;
    t.floor_civil(period, world.utc_offset) + period
}

/// A new policy watches its metric.
pub(super) fn create(
    group: &mut GroupSim,
    world: &World,
    policy: Policy,
    now: SimTime,
) -> PolicyOrdinal {
    if group.policies.is_empty() {
        // Nobody has listened so far, so period ends have passed unworked.
        group.alarms.next_close = first_close_after(world, now);
    }
    let ordinal = group.policies.last().map_or(PolicyOrdinal::FIRST, |last| last.ordinal.next());
    let policy = Arc::new(policy);
    group.meter.want(group.load.as_deref(), policy.alarm.dimension, now);
    group.record(now, Record::PolicyCreated { policy: ordinal, definition: Arc::clone(&policy) });
    group.policies.push(Watch { ordinal, policy, streak: 0, judged_from: now });
    ordinal
}

/// Phase 6, one piece: the period closes, or the next policy judges it. False if nothing is due.
pub(super) fn on_boundary(
    group: &mut GroupSim,
    world: &World,
    now: SimTime,
) -> Result<bool, RunError> {
    match group.alarms.open {
        Some(closed) => {
            match group.policies.get(closed.next_watch) {
                Some(_) => {
                    group.alarms.open =
                        Some(Closed { next_watch: closed.next_watch + 1, ..closed });
                    judge(group, world, now, closed.next_watch, &closed.samples)?;
                }
                None => group.alarms.open = None,
            }
            Ok(true)
        }
        None if group.alarms.next_close <= now => {
            let samples = group.meter.close(group.load.as_deref(), now);
            group.alarms.next_close = now + world.semantics.period;
            group.alarms.open = Some(Closed { samples, next_watch: 0 });
            Ok(true)
        }
        None => Ok(false),
    }
}

/// One policy judges the period that has just closed.
fn judge(
    group: &mut GroupSim,
    world: &World,
    now: SimTime,
    place: usize,
    samples: &[Pooled; 4],
) -> Result<(), RunError> {
    // Look.
    let Some(watch) = group.policies.get(place) else { return Ok(()) };
    if now - world.semantics.period < watch.judged_from {
        return Ok(());
    }
    let (ordinal, policy) = (watch.ordinal, Arc::clone(&watch.policy));
    let Some(period) = samples.get(policy.alarm.dimension.index()) else { return Ok(()) };
    // Decide.
    let found = evaluate(&policy.alarm, watch.streak, period, &world.semantics);
    let verdict = found
        .triggered
        .then(|| decide(&group.standing(world, now), policy.adjustment, &world.semantics));
    // Commit.
    if let Some(watch) = group.policies.get_mut(place) {
        watch.streak = found.streak_after;
    }
    let decision = decision(group, ordinal, &policy, &found, verdict.as_ref());
    if let Some(decisions) = &mut group.decisions {
        decisions.push((now, decision));
    }
    match verdict {
        Some(verdict) => {
            group.record(now, Record::Trigger(decision));
            follow(group, world, now, ordinal, &verdict, policy.cooldown)
        }
        None => Ok(()),
    }
}

/// What goes into the log, or into the list of all evaluations.
fn decision(
    group: &GroupSim,
    policy: PolicyOrdinal,
    definition: &Policy,
    found: &Evaluation,
    verdict: Option<&Verdict>,
) -> Decision {
    let outcome = match (verdict, found.breaching) {
        (Some(verdict), _) => verdict.outcome,
        (None, None) => Outcome::NoData,
        (None, Some(true)) => Outcome::Streaking,
        (None, Some(false)) => Outcome::NotBreaching,
    };
    let trigger = verdict.map(|verdict| Trigger {
        desired: group.capacity.desired,
        unclamped: verdict.unclamped,
        target: verdict.target,
        actual: crate::model::plan::actual(&group.members),
        blocker: verdict.blocker,
    });
    let Evaluation { value, streak, .. } = *found;
    Decision { policy, value, threshold: definition.alarm.threshold, streak, outcome, trigger }
}

/// Carries out a verdict: at once, inside phase 6 (1.6).
fn follow(
    group: &mut GroupSim,
    world: &World,
    now: SimTime,
    policy: PolicyOrdinal,
    verdict: &Verdict,
    cooldown: SimDuration,
) -> Result<(), RunError> {
    let origin = Origin::Policy { policy };
    match verdict.outcome {
        Outcome::Accepted => {
            group.gap_owner = origin;
            let desired = verdict.target;
            group.set_capacity(now, Capacity { desired, ..group.capacity });
            activities::start(group, world, now, verdict.kind, origin, cooldown)
        }
        Outcome::Busy => {
            activities::cancel(group, now, verdict.kind, origin, ActivityError::Busy);
            Ok(())
        }
        Outcome::Cooldown => {
            activities::cancel(group, now, verdict.kind, origin, ActivityError::Cooldown);
            Ok(())
        }
        _ => Ok(()),
    }
}
