//! Alarms: the close of a metric period, and what each policy makes of it (SEMANTICS 1).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::command::{CommandError, Noun, Reply};
use crate::engine::group_sim::GroupSim;
use crate::engine::room::check_new_policy;
use crate::engine::world::{Ctx, World};
use crate::engine::{RunError, activities, notices};
use crate::env::load::Load;
use crate::kernel::SimTime;
use crate::model::activity::{ActivityError, Origin};
use crate::model::alarm::{Calm, Evaluation, Pooled, evaluate};
use crate::model::capacity::{Verdict, decide};
use crate::model::group::Capacity;
use crate::model::id::PolicyOrdinal;
use crate::model::policy::{DEFAULT_POLICY, Policy, PolicyChange};
use crate::model::record::{Blocker, Decision, Outcome, Record, Trigger};
use crate::model::semantics::Semantics;

/// A policy and its streak.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub ordinal: PolicyOrdinal,
    pub policy: Arc<Policy>,
    pub streak: u32,
    pub created: SimTime,
    /// Periods that began before this instant are not judged (1.1).
    judged_from: SimTime,
    /// By the number of instances in service, the loads under which it stays quiet.
    calm: BTreeMap<u32, Option<Calm>>,
}

/// Where a group stands in the sequence of period ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boundary {
    /// The next period end that has not been worked.
    pub next_close: SimTime,
    /// The period that has closed at this instant, while policies still judge it.
    pub open: Option<Closed>,
}

/// A closed period, and how far the policies are with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
    pub samples: [Pooled; 4],
    /// The last policy that has judged it.
    pub judged: PolicyOrdinal,
}

impl Watch {
    /// The policy as it is from `judged_from` on, first judged by a period that begins then.
    const fn new(
        ordinal: PolicyOrdinal,
        policy: Arc<Policy>,
        created: SimTime,
        judged_from: SimTime,
    ) -> Self {
        Self { ordinal, policy, streak: 0, created, judged_from, calm: BTreeMap::new() }
    }

    /// The first instant from `from` on at which its metric is not sure to be one that it does not
    /// mind, up to `to`, with a count of instances that does not change.
    pub fn quiet_until(
        &mut self,
        load: &Load,
        in_service: u32,
        from: SimTime,
        to: SimTime,
    ) -> SimTime {
        let Some(trace) = load.source(self.policy.alarm.dimension) else { return from };
        // A load whose values are set anew goes on to stand in the same relation to its metrics.
        let found = self.calm.entry(in_service);
        let calm = found.or_insert_with(|| load.calm(&self.policy.alarm, in_service));
        calm.map_or(from, |calm| trace.first_outside(calm, from, to))
    }

    /// What it finds in a period that began at `begin`; `None` for one that it does not judge (1.1).
    pub fn look(
        &self,
        samples: &[Pooled; 4],
        begin: SimTime,
        semantics: &Semantics,
    ) -> Option<Evaluation> {
        let metric = samples.get(self.policy.alarm.dimension.index())?;
        let is_judged = begin >= self.judged_from;
        is_judged.then(|| evaluate(&self.policy.alarm, self.streak, metric, semantics))
    }
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

/// A policy of the setup watches its metric.
pub(super) fn add(group: &mut GroupSim, ctx: &Ctx<'_>, policy: Policy) -> PolicyOrdinal {
    let Ctx { world, now, .. } = *ctx;
    if group.policies.is_empty() {
        // Nobody has listened so far, so period ends have passed unworked.
        group.alarms.next_close = first_close_after(world, now);
    }
    group.last_policy = group.last_policy.saturating_add(1);
    let ordinal = PolicyOrdinal(group.last_policy);
    let policy = Arc::new(policy);
    group.meter.want(group.load.as_deref(), policy.alarm.dimension, now);
    group.record(now, Record::PolicyCreated { policy: ordinal, definition: Arc::clone(&policy) });
    group.policies.push(Watch::new(ordinal, policy, now, now));
    ordinal
}

pub(super) fn create(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    policy: &Policy,
) -> Result<Reply, CommandError> {
    let names = group.policies.iter().map(|watch| watch.policy.name.as_str());
    check_new_policy(policy, names, &ctx.world.limits)?;
    // After this point the policy exists.
    Ok(Reply::Policy(add(group, ctx, policy.clone())))
}

/// The changed policy is judged as if it were new (1.1, 1.5); an open cooldown stays (2.2).
pub(super) fn modify(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
    change: &PolicyChange,
) -> Result<Reply, CommandError> {
    let place = place_of(group, name, false)?;
    let watch = group.policies.get(place).ok_or_else(|| unknown(name))?;
    let (ordinal, created, after) = (watch.ordinal, watch.created, watch.policy.changed(change));
    after.check(&ctx.world.limits)?;
    let taken = group.policies.iter().any(|w| w.ordinal != ordinal && w.policy.name == after.name);
    if taken || after.name == DEFAULT_POLICY {
        return Err(CommandError::NameTaken { noun: Noun::Policy, name: after.name });
    }
    // After this point the change succeeds.
    let definition = Arc::new(after);
    group.meter.want(group.load.as_deref(), definition.alarm.dimension, ctx.now);
    if let Some(watch) = group.policies.get_mut(place) {
        *watch = Watch::new(ordinal, Arc::clone(&definition), created, ctx.now);
    }
    group.record(ctx.now, Record::PolicyModified { policy: ordinal, definition });
    Ok(Reply::Done)
}

pub(super) fn delete(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
) -> Result<Reply, CommandError> {
    let place = place_of(group, name, true)?;
    // After this point the policy is gone.
    let watch = group.policies.remove(place);
    group.record(ctx.now, Record::PolicyDeleted { policy: watch.ordinal });
    Ok(Reply::Done)
}

/// Where the policy of that name stands; the default policy stands nowhere (7.2).
fn place_of(group: &GroupSim, name: &str, deleted: bool) -> Result<usize, CommandError> {
    if name == DEFAULT_POLICY {
        return Err(CommandError::DefaultPolicy { deleted });
    }
    let place = group.policies.iter().position(|watch| watch.policy.name == name);
    place.ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> CommandError {
    CommandError::Unknown { noun: Noun::Policy, name: name.to_owned() }
}

/// Phase 6, one piece: the period closes, or the next policy judges it. False if nothing is due.
pub(super) fn on_boundary(group: &mut GroupSim, ctx: &mut Ctx<'_>) -> Result<bool, RunError> {
    match group.alarms.open {
        Some(closed) => {
            let next = group.policies.iter().find(|watch| watch.ordinal > closed.judged);
            match next.map(|watch| watch.ordinal) {
                Some(judged) => {
                    group.alarms.open = Some(Closed { judged, ..closed });
                    judge(group, ctx, judged, &closed.samples)?;
                }
                None => group.alarms.open = None,
            }
            Ok(true)
        }
        None if group.alarms.next_close <= ctx.now => {
            let samples = group.meter.close(group.load.as_deref(), ctx.now);
            group.alarms.next_close = ctx.now + ctx.world.semantics.period;
            group.alarms.open = Some(Closed { samples, judged: PolicyOrdinal(0) });
            Ok(true)
        }
        None => Ok(false),
    }
}

/// One policy judges the period that has just closed.
fn judge(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: PolicyOrdinal,
    samples: &[Pooled; 4],
) -> Result<(), RunError> {
    let Ctx { world, now, .. } = *ctx;
    // Look.
    let Some(watch) = group.policies.iter_mut().find(|watch| watch.ordinal == ordinal) else {
        return Ok(());
    };
    let begin = now - world.semantics.period;
    let Some(found) = watch.look(samples, begin, &world.semantics) else { return Ok(()) };
    // Decide.
    let policy = Arc::clone(&watch.policy);
    watch.streak = found.streak_after;
    let verdict = found
        .triggered
        .then(|| decide(&activities::standing(group, ctx), policy.adjustment, &world.semantics));
    // Commit.
    let decision = decision(group, ordinal, &policy, &found, verdict.as_ref());
    if let Some(decisions) = &mut group.decisions {
        decisions.push((now, decision));
    }
    match verdict {
        Some(verdict) => {
            group.record(now, Record::Trigger(decision));
            follow(group, ctx, ordinal, &verdict, &policy)
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
    ctx: &mut Ctx<'_>,
    policy: PolicyOrdinal,
    verdict: &Verdict,
    rule: &Policy,
) -> Result<(), RunError> {
    let (origin, now) = (Origin::Policy { policy }, ctx.now);
    match (verdict.outcome, verdict.blocker) {
        (Outcome::Accepted, _) => {
            notices::tell_trigger(group, now, policy, rule);
            group.take_gap(origin);
            group.gap.cooldown = rule.cooldown;
            let desired = verdict.target;
            group.set_capacity(now, Capacity { desired, ..group.capacity });
            return activities::start(group, ctx, verdict.kind);
        }
        (Outcome::Busy, _) => {
            activities::cancel(group, now, verdict.kind, origin, ActivityError::Busy);
        }
        (Outcome::Cooldown, _) => {
            activities::cancel(group, now, verdict.kind, origin, ActivityError::Cooldown);
        }
        (Outcome::Failed, Some(Blocker::Cause { error, .. })) => {
            activities::fail(group, now, origin, error);
        }
        _ => {}
    }
    Ok(())
}
