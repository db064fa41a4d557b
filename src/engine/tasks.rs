//! Scheduled tasks: bounds written at a trigger, and the work they leave (SEMANTICS 2.3, 9).

use std::sync::Arc;

use crate::engine::activities;
use crate::engine::group_sim::GroupSim;
use crate::engine::setup::World;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::capacity::Lock;
use crate::model::id::TaskOrdinal;
use crate::model::record::Record;
use crate::model::scheduled_task::ScheduledTask;

/// A task and its next trigger.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub ordinal: TaskOrdinal,
    pub task: Arc<ScheduledTask>,
    pub next: Option<SimTime>,
}

/// A new task waits for its first trigger from now on.
pub(super) fn create(
    group: &mut GroupSim,
    world: &World,
    task: ScheduledTask,
    now: SimTime,
) -> TaskOrdinal {
    let ordinal = group.tasks.last().map_or(TaskOrdinal::FIRST, |last| last.ordinal.next());
    let task = Arc::new(task);
    group.record(now, Record::TaskCreated { task: ordinal, definition: Arc::clone(&task) });
    let next = task.next_trigger(now, world.utc_offset);
    group.tasks.push(Planned { ordinal, task, next });
    ordinal
}

/// The next trigger of any task.
pub(super) fn next(group: &GroupSim) -> Option<SimTime> {
    group.tasks.iter().filter_map(|planned| planned.next).min()
}

/// Phase 5, one piece: the first task in creation order that is due writes its bounds, and what
/// they leave to do is its own from now on. False if none is due.
pub(super) fn on_trigger(group: &mut GroupSim, world: &World, now: SimTime) -> bool {
    let due = group.tasks.iter_mut().find(|planned| planned.next.is_some_and(|at| at <= now));
    let Some(planned) = due else { return false };
    let (task, definition) = (planned.ordinal, Arc::clone(&planned.task));
    // Each trigger is done once: the next one lies after this instant.
    planned.next = definition.next_trigger(now + SimDuration::from_ms(1), world.utc_offset);
    group.record(now, Record::TaskTriggered { task });
    let origin = Origin::Task { task };
    group.gap_owner = origin;
    // The bounds were checked when the task was made.
    if let Ok(capacity) = definition.sizes(group.capacity, &world.limits) {
        group.set_capacity(now, capacity);
    }
    if !group.has_open_gap() {
        return true;
    }
    // One record says that the work has to wait; it then runs without a further one.
    let seen = group.standing(world, now);
    let kind = match seen.actual < seen.capacity.desired {
        true => ActivityKind::ScaleOut,
        false => ActivityKind::ScaleIn,
    };
    match seen.lock {
        Lock::Held(_) => activities::cancel(group, now, kind, origin, ActivityError::Busy),
        Lock::Free => activities::cancel(group, now, kind, origin, ActivityError::Cooldown),
        Lock::Due => {}
    }
    true
}
