//! Activities: one at a time, from desired to actual (SEMANTICS 3.2, 4).

use crate::engine::group_sim::GroupSim;
use crate::engine::setup::World;
use crate::engine::{RunError, instances};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::capacity::Cooldown;
use crate::model::id::{ActivityOrdinal, ORDINAL_MAX};
use crate::model::plan::Plan;
use crate::model::record::Record;

/// The activity that holds a group's lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub activity: ActivityOrdinal,
    kind: ActivityKind,
    origin: Origin,
    /// The window to open at its end (2.1): 0 unless an alarm was accepted.
    cooldown: SimDuration,
    /// Instances it was asked to launch or remove.
    wanted: usize,
    /// Instances under way.
    pub moving: usize,
    /// Instances it has brought where they should be.
    pub done: usize,
}

/// Phase 7: the gap's owner gets its activity. A gap that cannot be worked on stays.
pub(super) fn reconcile(group: &mut GroupSim, world: &World, now: SimTime) -> Result<(), RunError> {
    let kind = match group.plan() {
        Plan::Rest => return Ok(()),
        Plan::Launch(_) => ActivityKind::ScaleOut,
        Plan::Remove { .. } => ActivityKind::ScaleIn,
    };
    start(group, world, now, kind, group.gap_owner, SimDuration::ZERO)
}

/// Starts an activity for the whole difference between desired and actual; one that has nothing
/// to wait for ends here and never holds the lock (0.2).
pub(super) fn start(
    group: &mut GroupSim,
    world: &World,
    now: SimTime,
    kind: ActivityKind,
    origin: Origin,
    cooldown: SimDuration,
) -> Result<(), RunError> {
    let plan = group.plan();
    let wanted = match plan {
        Plan::Rest => return Ok(()),
        Plan::Launch(count) | Plan::Remove { wanted: count, .. } => count,
    };
    if group.last_instance.saturating_add(wanted) > ORDINAL_MAX
        || group.last_activity >= ORDINAL_MAX
    {
        return Err(RunError::OutOfIds { at: now, group: group.name.to_string() });
    }
    let activity = group.next_activity();
    group.record(
        now,
        Record::ActivityStarted { activity, activity_kind: kind, origin, count: wanted },
    );
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    group.running = Some(Running { activity, kind, origin, cooldown, wanted, moving: 0, done: 0 });
    match plan {
        Plan::Rest => {}
        Plan::Launch(count) => {
            (0..count).for_each(|_| instances::launch(group, world, now, activity));
        }
        Plan::Remove { mut chosen, .. } => {
            chosen.sort_unstable();
            chosen.into_iter().for_each(|i| instances::remove(group, now, i, activity));
        }
    }
    if group.running.is_some_and(|running| running.moving == 0) {
        on_end(group, now);
    }
    Ok(())
}

/// Phase 2: status, cooldown, and the lock is free.
pub(super) fn on_end(group: &mut GroupSim, now: SimTime) {
    let Some(running) = group.running.take() else { return };
    let Running { activity, kind, cooldown, wanted, done, .. } = running;
    let status = ActivityStatus::of(done, wanted);
    let error = match (kind, status) {
        (ActivityKind::ScaleIn, ActivityStatus::Failed) => ActivityError::NothingRemovable,
        _ => ActivityError::None,
    };
    group.record(now, Record::ActivityEnded { activity, status, error });
    let from_alarm = matches!(running.origin, Origin::Policy { .. });
    if !from_alarm || done == 0 {
        return;
    }
    let before = group.cooldown;
    group.cooldown = Cooldown::open(before, activity, now, cooldown);
    if let Some(Cooldown { activity, until }) = group.cooldown
        && group.cooldown != before
    {
        group.record(now, Record::CooldownOpened { activity, until });
    }
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
