//! Scheduled tasks: bounds written at a trigger, and the work they leave (SEMANTICS 2.3, 9).

use std::sync::Arc;

use crate::engine::activities;
use crate::engine::command::{CommandError, Noun, Reply};
use crate::engine::group_sim::GroupSim;
use crate::engine::room::{check_conflicts, check_new_task};
use crate::engine::world::Ctx;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::id::TaskOrdinal;
use crate::model::plan;
use crate::model::record::Record;
use crate::model::scheduled_task::{ScheduledTask, TaskChange};

/// A task and its next trigger.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub ordinal: TaskOrdinal,
    pub task: Arc<ScheduledTask>,
    pub created: SimTime,
    pub next: Option<SimTime>,
    /// When it triggered last: each instant's trigger is done once.
    done: Option<SimTime>,
}

/// A task of the setup waits for its first trigger from now on.
pub(super) fn add(group: &mut GroupSim, ctx: &Ctx<'_>, task: ScheduledTask) -> TaskOrdinal {
    group.last_task = group.last_task.saturating_add(1);
    let (ordinal, task) = (TaskOrdinal(group.last_task), Arc::new(task));
    group.record(ctx.now, Record::TaskCreated { task: ordinal, definition: Arc::clone(&task) });
    let next = task.next_trigger(ctx.now, ctx.world.utc_offset);
    group.tasks.push(Planned { ordinal, task, created: ctx.now, next, done: None });
    ordinal
}

pub(super) fn create(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    task: &ScheduledTask,
) -> Result<Reply, CommandError> {
    let existing = group.tasks.iter().map(|planned| planned.task.as_ref());
    check_new_task(task, existing, &ctx.world.limits, ctx.world.utc_offset)?;
    if task.start < ctx.now {
        return Err(CommandError::TaskInThePast { name: task.name.clone() });
    }
    // After this point the task exists.
    Ok(Reply::Task(add(group, ctx, task.clone())))
}

pub(super) fn modify(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
    change: &TaskChange,
) -> Result<Reply, CommandError> {
    let place = place_of(group, name)?;
    let planned = group.tasks.get(place).ok_or_else(|| unknown(name))?;
    let (ordinal, after) = (planned.ordinal, planned.task.changed(change)?);
    after.check(&ctx.world.limits)?;
    if change.start.is_some_and(|start| start < ctx.now) {
        return Err(CommandError::TaskInThePast { name: after.name });
    }
    let others = group.tasks.iter().filter(|other| other.ordinal != ordinal);
    let mut others = others.map(|other| other.task.as_ref());
    if others.clone().any(|other| other.name == after.name) {
        return Err(CommandError::NameTaken { noun: Noun::Task, name: after.name });
    }
    check_conflicts(&after, &mut others, ctx.world.utc_offset)?;
    // After this point the change succeeds.
    let definition = Arc::new(after);
    if let Some(planned) = group.tasks.get_mut(place) {
        let from = match planned.done == Some(ctx.now) {
            true => ctx.now + SimDuration::from_ms(1),
            false => ctx.now,
        };
        planned.next = definition.next_trigger(from, ctx.world.utc_offset);
        planned.task = Arc::clone(&definition);
    }
    group.record(ctx.now, Record::TaskModified { task: ordinal, definition });
    Ok(Reply::Done)
}

pub(super) fn delete(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
) -> Result<Reply, CommandError> {
    let place = place_of(group, name)?;
    // After this point the task is gone.
    let planned = group.tasks.remove(place);
    group.record(ctx.now, Record::TaskDeleted { task: planned.ordinal });
    Ok(Reply::Done)
}

fn place_of(group: &GroupSim, name: &str) -> Result<usize, CommandError> {
    let place = group.tasks.iter().position(|planned| planned.task.name == name);
    place.ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> CommandError {
    CommandError::Unknown { noun: Noun::Task, name: name.to_owned() }
}

/// The next trigger of any task.
pub(super) fn next(group: &GroupSim) -> Option<SimTime> {
    group.tasks.iter().filter_map(|planned| planned.next).min()
}

/// Phase 5, one piece: the first task in creation order that is due writes its bounds, and what
/// they leave to do is its own from now on. False if none is due.
pub(super) fn on_trigger(group: &mut GroupSim, ctx: &Ctx<'_>) -> bool {
    let now = ctx.now;
    let due = group.tasks.iter_mut().find(|planned| planned.next.is_some_and(|at| at <= now));
    let Some(planned) = due else { return false };
    let (task, definition) = (planned.ordinal, Arc::clone(&planned.task));
    planned.done = Some(now);
    // The next one lies after this instant.
    planned.next = definition.next_trigger(now + SimDuration::from_ms(1), ctx.world.utc_offset);
    // A suspended group skips it (4.2), and a deleted one has nothing to change.
    if !group.is_suspended && !group.is_deleted {
        trigger(group, ctx, task, &definition);
    }
    true
}

fn trigger(group: &mut GroupSim, ctx: &Ctx<'_>, task: TaskOrdinal, definition: &ScheduledTask) {
    let (origin, now) = (Origin::Task { task }, ctx.now);
    group.record(now, Record::TaskTriggered { task });
    group.take_gap(origin);
    // The bounds were checked when the task was made.
    if let Ok(capacity) = definition.sizes(group.capacity, &ctx.world.limits) {
        group.set_capacity(now, capacity);
    }
    if !activities::standing(group, ctx).has_open_gap() {
        return;
    }
    // One record says that the work has to wait; it then runs without a further one.
    let kind = match plan::actual(&group.members) < group.capacity.desired {
        true => ActivityKind::ScaleOut,
        false => ActivityKind::ScaleIn,
    };
    if group.running.is_some() {
        activities::cancel(group, now, kind, origin, ActivityError::Busy);
    } else if activities::is_cooling(group, ctx.world, now) {
        activities::cancel(group, now, kind, origin, ActivityError::Cooldown);
    }
}
