//! Activities: one at a time, from desired to actual (SEMANTICS 3.2, 4, 7.3, 8).

use crate::engine::group_sim::GroupSim;
use crate::engine::world::{Ctx, World};
use crate::engine::{RunError, instances, notices, replacement};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::capacity::{Cooldown, Lock, Standing};
use crate::model::failure::{self, account_limit, active_from, retry_at};
use crate::model::group::Initial;
use crate::model::id::{ActivityOrdinal, HookOrdinal, InstanceOrdinal, ORDINAL_MAX};
use crate::model::instance::Route;
use crate::model::plan::{self, Plan};
use crate::model::record::{Blocker, Record};

/// The activity that holds a group's lock.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub activity: ActivityOrdinal,
    pub kind: ActivityKind,
    origin: Origin,
    /// The window to open at its end (2.1): 0 unless an alarm was accepted.
    cooldown: SimDuration,
    /// The hook that was bound when it began (6.1).
    pub hook: Option<HookOrdinal>,
    /// Instances it was asked for.
    pub wanted: u32,
    /// Instances it has brought where they should be.
    pub done: u32,
    /// Instances it could not make, or that a hook refused.
    pub failed: u32,
    /// Why the first of them failed.
    pub error: ActivityError,
    /// Instances under way.
    pub moving: u32,
    /// New ones that are neither in service nor have failed yet.
    pub new_open: u32,
    /// Old ones that are not gone yet.
    pub old_open: u32,
    /// What a replacement does when that is settled.
    pub then: Then,
    /// Whether it makes nothing because the group is inactive: no failure by 8.3.
    pub is_paused: bool,
    /// Whether desired changed while it ran.
    pub desired_changed: bool,
}

/// The second half of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// There is none.
    End,
    /// So many new ones start when the last old one is gone.
    Launch(u32),
    /// The old ones leave when every new one is in service or has failed.
    Remove(Vec<InstanceOrdinal>),
}

/// To whom the difference between actual and desired belongs (4.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    pub owner: Origin,
    /// How long a cooldown the owner's activity opens: 0 unless it is an accepted alarm (2.1).
    pub cooldown: SimDuration,
    /// Whether its first activity has begun: later ones are retries.
    pub is_begun: bool,
    /// Whether a scale-in has done all it could: the rest waits for a candidate (7.3).
    pub shrink_tried: bool,
}

impl Gap {
    /// A group that begins with its instances has had its launch.
    pub fn of_new_group(initial: Initial) -> Self {
        let is_begun = initial == Initial::InService;
        let (owner, cooldown) = (Origin::User, SimDuration::ZERO);
        Self { owner, cooldown, is_begun, shrink_tried: false }
    }

    /// What the next activity for it comes from, and how long a cooldown it opens.
    const fn next(&self) -> (Origin, SimDuration) {
        match self.is_begun {
            false => (self.owner, self.cooldown),
            true => (Origin::Retry, SimDuration::ZERO),
        }
    }
}

/// Failures in a row, and when the failed work is tried again (8.3).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BackOff {
    pub failures: u32,
    wait: Wait,
}

#[derive(Clone, Copy, Debug, Default)]
enum Wait {
    #[default]
    None,
    Until(SimTime),
    GivenUp,
}

impl BackOff {
    /// From when on the work may be tried; `None` if it is given up.
    pub const fn from(&self) -> Option<SimTime> {
        match self.wait {
            Wait::None => Some(SimTime::MIN),
            Wait::Until(at) => Some(at),
            Wait::GivenUp => None,
        }
    }
}

/// Since when, or from when on, phase 7 would start an activity.
pub(super) fn due_from(group: &GroupSim, world: &World, now: SimTime) -> Option<SimTime> {
    if group.running.is_some() || group.is_suspended || group.is_deleted {
        return None;
    }
    let gap = gap_due_from(group, world, now);
    [replacement::due_from(group), gap].into_iter().flatten().min()
}

/// Whether phase 7 would start an activity now.
pub(super) fn is_due(group: &GroupSim, world: &World, now: SimTime) -> bool {
    due_from(group, world, now).is_some_and(|from| from <= now)
}

/// From when on the gap is worked on: one that a scheduled task left waits for the end of the
/// cooldown (2.3), missing instances wait for the end of a back-off or of a standing cause (8),
/// surplus ones for somebody who may leave (7.3).
fn gap_due_from(group: &GroupSim, world: &World, now: SimTime) -> Option<SimTime> {
    let (actual, desired) = (plan::actual(&group.members), group.capacity.desired);
    let cool = match waits_for_cooldown(group, world) {
        true => group.cooldown.map_or(SimTime::MIN, |window| window.until),
        false => SimTime::MIN,
    };
    if actual < desired {
        let from = cool.max(group.back_off.from()?).max(now);
        return active_from(&world.conditions, group.index, &group.places, from);
    }
    let can_shrink = || !group.gap.shrink_tried || group.members.iter().any(plan::is_candidate);
    (actual > desired && can_shrink()).then_some(cool)
}

/// Whether the gap is a task's that obeys cooldowns, and has not been worked on yet.
fn waits_for_cooldown(group: &GroupSim, world: &World) -> bool {
    let is_tasks = matches!(group.gap.owner, Origin::Task { .. }) && !group.gap.is_begun;
    is_tasks && world.semantics.scheduled_obeys_cooldown
}

/// Whether a trigger's work would wait for the end of a cooldown that holds now.
pub(super) fn is_cooling(group: &GroupSim, world: &World, now: SimTime) -> bool {
    waits_for_cooldown(group, world) && group.cooldown.is_some_and(|window| now < window.until)
}

/// What the gate looks at.
pub(super) fn standing(group: &GroupSim, ctx: &Ctx<'_>) -> Standing {
    let Ctx { world, now, .. } = *ctx;
    let lock = match &group.running {
        Some(running) => Lock::Held(blocker(group, running)),
        None if is_due(group, world, now) => Lock::Due,
        None => Lock::Free,
    };
    let (conditions, places) = (&world.conditions, &group.places);
    let cause = failure::standing_cause(conditions, group.index, places, now);
    let inactive = cause.map(|cause| Blocker::Cause {
        error: cause.error(),
        until: active_from(conditions, group.index, places, now),
    });
    Standing {
        capacity: group.capacity,
        actual: plan::actual(&group.members),
        removable: group.members.iter().any(plan::is_candidate),
        suspended: group.is_suspended,
        lock,
        inactive,
        cooldown: group.cooldown,
        now,
    }
}

/// A running activity as somebody meets it: if instances wait at a hook, that is what holds it.
fn blocker(group: &GroupSim, running: &Running) -> Blocker {
    let activity = running.activity;
    let waits = group.members.iter().filter_map(|i| i.wait.as_ref());
    match waits.max_by_key(|wait| wait.deadline) {
        Some(wait) => Blocker::Hook { activity, hook: wait.hook, until: wait.deadline },
        None => Blocker::Activity { activity },
    }
}

/// Phase 7: a replacement if there is one to do, else the gap's owner gets its activity.
pub(super) fn start_due(group: &mut GroupSim, ctx: &mut Ctx<'_>) -> Result<(), RunError> {
    if replacement::due_from(group).is_some_and(|from| from <= ctx.now) {
        return replacement::start(group, ctx);
    }
    let kind = match plan::actual(&group.members) < group.capacity.desired {
        true => ActivityKind::ScaleOut,
        false => ActivityKind::ScaleIn,
    };
    start(group, ctx, kind)
}

/// Starts an activity for the whole difference between desired and actual, on behalf of whom the
/// gap belongs to; one that has nothing to wait for ends here and never holds the lock (0.2).
pub(super) fn start(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    kind: ActivityKind,
) -> Result<(), RunError> {
    let plan = plan::plan(group.capacity.desired, &group.members, group.remove_policy);
    let wanted = match plan {
        Plan::Rest => return Ok(()),
        Plan::Launch(count) | Plan::Remove { wanted: count, .. } => count,
    };
    let (origin, cooldown) = group.gap.next();
    group.gap.is_begun = true;
    begin(group, ctx, kind, origin, wanted)?;
    if let Some(running) = &mut group.running {
        running.cooldown = cooldown;
    }
    match plan {
        Plan::Rest => {}
        Plan::Launch(count) => launch(group, ctx, count)?,
        Plan::Remove { chosen, .. } => {
            // A change of desired from here on asks for another try (7.3).
            group.gap.shrink_tried = chosen.len() < usize::try_from(wanted).unwrap_or(usize::MAX);
            remove(group, ctx, chosen, Route::Remove)?;
        }
    }
    end_if_over(group, ctx);
    Ok(())
}

/// Takes the lock for an activity of `wanted` instances.
pub(super) fn begin(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    kind: ActivityKind,
    origin: Origin,
    wanted: u32,
) -> Result<ActivityOrdinal, RunError> {
    if group.last_instance.saturating_add(wanted) > ORDINAL_MAX
        || group.last_activity >= ORDINAL_MAX
    {
        return Err(RunError::OutOfIds { at: ctx.now, group: group.name.to_string() });
    }
    let activity = group.next_activity();
    let hook = match kind {
        ActivityKind::ScaleOut | ActivityKind::ScaleIn | ActivityKind::Replace => group.hooks.bound,
        ActivityKind::Attach | ActivityKind::Detach => None,
    };
    group.record(
        ctx.now,
        Record::ActivityStarted { activity, activity_kind: kind, origin, count: wanted },
    );
    group.running = Some(Running {
        activity,
        kind,
        origin,
        cooldown: SimDuration::ZERO,
        hook,
        wanted,
        done: 0,
        failed: 0,
        error: ActivityError::None,
        moving: 0,
        new_open: 0,
        old_open: 0,
        then: Then::End,
        is_paused: false,
        desired_changed: false,
    });
    Ok(activity)
}

/// Launches `wanted` instances, or as many of them as the account may still have (8.1).
pub(super) fn launch(group: &mut GroupSim, ctx: &mut Ctx<'_>, wanted: u32) -> Result<(), RunError> {
    let by_condition = account_limit(&ctx.world.conditions, group.index, ctx.now);
    let limit = [by_condition, ctx.world.instance_limit].into_iter().flatten().min();
    let room = limit.map_or(u32::MAX, |limit| limit.saturating_sub(ctx.shared.instances()));
    let created = wanted.min(room);
    let Some(running) = &mut group.running else { return Ok(()) };
    running.moving += created;
    running.new_open += created;
    for _ in created..wanted {
        running.fail(ActivityError::Quota);
    }
    (0..created).try_for_each(|_| instances::launch(group, ctx))
}

/// Sends members on their way out, by ordinal.
pub(super) fn remove(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    mut leaving: Vec<InstanceOrdinal>,
    route: Route,
) -> Result<(), RunError> {
    leaving.sort_unstable();
    let count = u32::try_from(leaving.len()).unwrap_or(u32::MAX);
    let Some(running) = &mut group.running else { return Ok(()) };
    running.moving += count;
    running.old_open += count;
    leaving.into_iter().try_for_each(|instance| instances::leave(group, ctx, instance, route))
}

impl Running {
    /// One more that could not be made.
    pub fn fail(&mut self, error: ActivityError) {
        self.failed += 1;
        if self.error == ActivityError::None {
            self.error = error;
        }
    }
}

/// An activity that has nothing to wait for ends as it starts.
pub(super) fn end_if_over(group: &mut GroupSim, ctx: &mut Ctx<'_>) {
    if group.running.as_ref().is_some_and(|running| running.moving == 0) {
        on_end(group, ctx);
    }
}

/// Phase 2: status, cooldown, back-off, notification, and the lock is free.
pub(super) fn on_end(group: &mut GroupSim, ctx: &mut Ctx<'_>) {
    let Some(running) = group.running.take() else { return };
    let (activity, kind, now) = (running.activity, running.kind, ctx.now);
    let status = ActivityStatus::of(running.done, running.wanted);
    let error = match (kind, status) {
        (_, ActivityStatus::Successful) => ActivityError::None,
        (ActivityKind::ScaleIn, ActivityStatus::Failed) => ActivityError::NothingRemovable,
        _ => running.error,
    };
    group.record(now, Record::ActivityEnded { activity, status, error });
    if matches!(running.origin, Origin::Policy { .. }) && running.done > 0 {
        open_cooldown(group, now, &running);
    }
    let can_fail = matches!(kind, ActivityKind::ScaleOut | ActivityKind::Replace);
    if can_fail && !running.is_paused {
        back_off(group, ctx, status, running.desired_changed);
    }
    notices::tell_activity(group, now, activity, kind, status);
}

fn open_cooldown(group: &mut GroupSim, now: SimTime, running: &Running) {
    let before = group.cooldown;
    group.cooldown = Cooldown::open(before, running.activity, now, running.cooldown);
    if let Some(Cooldown { activity, until }) = group.cooldown
        && group.cooldown != before
    {
        group.record(now, Record::CooldownOpened { activity, until });
    }
}

/// Counts failures in a row; failed work waits, unless desired changed while it failed (8.3).
fn back_off(group: &mut GroupSim, ctx: &Ctx<'_>, status: ActivityStatus, desired_changed: bool) {
    if status == ActivityStatus::Successful {
        // What an earlier failure left still waits: only those who take the gap end that.
        group.back_off.failures = 0;
        return;
    }
    let failures = group.back_off.failures.saturating_add(1);
    if desired_changed {
        group.back_off = BackOff { failures, wait: Wait::None };
        return;
    }
    let until = retry_at(ctx.world.semantics.retry, failures, ctx.now);
    group.back_off = BackOff { failures, wait: until.map_or(Wait::GivenUp, Wait::Until) };
    group.record(ctx.now, Record::BackedOff { failures, until });
}

/// A refused trigger leaves an activity of status 5 that never ran (1.6).
pub(super) fn cancel(
    group: &mut GroupSim,
    now: SimTime,
    activity_kind: ActivityKind,
    origin: Origin,
    error: ActivityError,
) {
    let activity = group.next_activity();
    group.record(now, Record::ActivityCancelled { activity, activity_kind, origin, error });
}

/// A scale-out that an inactive group could not begin leaves one of status 4 (8.2).
pub(super) fn fail(group: &mut GroupSim, now: SimTime, origin: Origin, error: ActivityError) {
    let activity = group.next_activity();
    group.record(now, Record::ActivityFailed { activity, origin, error });
    let (kind, status) = (ActivityKind::ScaleOut, ActivityStatus::Failed);
    notices::tell_activity(group, now, activity, kind, status);
}
