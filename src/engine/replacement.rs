//! Replacement of unhealthy instances, in the three orders (SEMANTICS 7.1).

use crate::engine::RunError;
use crate::engine::activities::{self, Then};
use crate::engine::group_sim::GroupSim;
use crate::engine::world::Ctx;
use crate::kernel::SimTime;
use crate::model::activity::{ActivityKind, Origin};
use crate::model::failure::standing_cause;
use crate::model::id::InstanceOrdinal;
use crate::model::instance::{Instance, Route};
use crate::model::semantics::ReplaceOrder;

/// From when on there is an instance to replace: those whose replacement failed wait for the end
/// of the back-off, all others for nothing.
pub(super) fn due_from(group: &GroupSim) -> Option<SimTime> {
    let mut marked = group.members.iter().filter(|i| i.is_replaceable()).peekable();
    marked.peek()?;
    match marked.any(|i| !i.course.is_tried) {
        true => Some(SimTime::MIN),
        false => group.back_off.from(),
    }
}

/// One activity for all that are marked now.
pub(super) fn start(group: &mut GroupSim, ctx: &mut Ctx<'_>) -> Result<(), RunError> {
    let marked = group.members.iter().filter(|i| i.is_replaceable());
    let old: Vec<InstanceOrdinal> = marked.map(|i| i.ordinal).collect();
    let count = u32::try_from(old.len()).unwrap_or(u32::MAX);
    let world = ctx.world;
    let cause = standing_cause(&world.conditions, group.index, &group.places, ctx.now);
    activities::begin(group, ctx, ActivityKind::Replace, Origin::Health, count)?;
    let order = world.semantics.replace_order;
    if let (Some(cause), Some(running)) = (cause, &mut group.running) {
        // The group is inactive: the marked go and nobody comes (8.2).
        running.is_paused = true;
        running.error = cause.error();
        activities::remove(group, ctx, old, Route::Remove)?;
    } else {
        match order {
            ReplaceOrder::Together => {
                activities::remove(group, ctx, old, Route::Remove)?;
                activities::launch(group, ctx, count)?;
            }
            ReplaceOrder::TerminateFirst => {
                set_then(group, Then::Launch(count));
                activities::remove(group, ctx, old, Route::Remove)?;
            }
            ReplaceOrder::LaunchFirst => {
                set_then(group, Then::Remove(old));
                activities::launch(group, ctx, count)?;
                // Nobody may have been made, by a quota.
                go_on(group, ctx)?;
            }
        }
    }
    activities::end_if_over(group, ctx);
    Ok(())
}

fn set_then(group: &mut GroupSim, then: Then) {
    if let Some(running) = &mut group.running {
        running.then = then;
    }
}

/// The second half begins when the first is settled.
pub(super) fn go_on(group: &mut GroupSim, ctx: &mut Ctx<'_>) -> Result<(), RunError> {
    let Some(running) = &mut group.running else { return Ok(()) };
    match running.then {
        Then::Launch(count) if running.old_open == 0 => {
            running.then = Then::End;
            activities::launch(group, ctx, count)
        }
        Then::Remove(_) if running.new_open == 0 => {
            let failed = usize::try_from(running.failed).unwrap_or(usize::MAX);
            let then = std::mem::replace(&mut running.then, Then::End);
            let Then::Remove(old) = then else { return Ok(()) };
            // As many stay as could not be made; whoever was protected meanwhile stays too.
            let leaving = old.len().saturating_sub(failed);
            let (mut leave, mut stay) = (Vec::new(), Vec::new());
            for instance in old {
                let goes = leave.len() < leaving
                    && group.member(instance).is_some_and(|i| i.is_replaceable());
                if goes { leave.push(instance) } else { stay.push(instance) }
            }
            for instance in stay {
                if let Some(Instance { course, .. }) = group.member(instance) {
                    course.is_tried = true;
                }
            }
            activities::remove(group, ctx, leave, Route::Remove)
        }
        _ => Ok(()),
    }
}
