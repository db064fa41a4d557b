//! Health: faults, and the marks they leave when they last (SEMANTICS 7.1).

use crate::engine::command::{CommandError, Reply};
use crate::engine::group_sim::{Event, GroupSim};
use crate::engine::world::Ctx;
use crate::kernel::{SimDuration, SimTime};
use crate::model::health::{Fault, mark_at};
use crate::model::id::InstanceOrdinal;
use crate::model::instance::HealthStatus;
use crate::model::record::Record;

/// An instance enters service: its own faults begin to count, and chance may have one for it.
pub(super) fn watch(group: &mut GroupSim, ctx: &Ctx<'_>, ordinal: InstanceOrdinal) {
    let chance = group.faults.time_to_fault(ordinal);
    if let (Some(after), Some(member)) = (chance, group.member(ordinal)) {
        member.course.faults.push(Fault { begin: ctx.now + after, end: SimTime::MAX });
    }
    look_again(group, ctx, ordinal);
}

/// Finds out anew when an instance will be found unhealthy.
pub(super) fn look_again(group: &mut GroupSim, ctx: &Ctx<'_>, ordinal: InstanceOrdinal) {
    let index = group.index;
    let Some(member) = group.member(ordinal) else { return };
    let (Some(since), HealthStatus::Healthy) = (member.in_service_since, member.health) else {
        return;
    };
    let mut faults = member.course.faults.clone();
    let outages = ctx.world.outages.iter().filter(|outage| {
        let here = outage.place.is_none() || outage.place == member.place;
        here && outage.group.is_none_or(|only| only == index)
    });
    faults.extend(outages.map(|outage| Fault { begin: outage.begin, end: outage.end }));
    let at = mark_at(since, &faults);
    if member.course.mark_at != at {
        member.course.mark_at = at;
        if let Some(at) = at {
            group.remind(at, Event::Mark(ordinal));
        }
    }
}

/// Phase 4: the fault has lasted; a mark is never taken back.
pub(super) fn on_mark(group: &mut GroupSim, ctx: &Ctx<'_>, ordinal: InstanceOrdinal) {
    let now = ctx.now;
    let Some(member) = group.member(ordinal) else { return };
    if member.course.mark_at == Some(now) && member.state.is_in_service() {
        member.course.mark_at = None;
        member.health = HealthStatus::UnHealthy;
        group.record(now, Record::Marked { instance: ordinal });
    }
}

/// A scripted fault.
pub(super) fn fail(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    instance: InstanceOrdinal,
    length: Option<SimDuration>,
) -> Result<Reply, CommandError> {
    if let Some(length) = length
        && !length.is_positive()
    {
        return Err(CommandError::Length { length });
    }
    let member = group.member(instance).ok_or(CommandError::UnknownInstance { instance })?;
    // After this point the instance has a fault.
    let end = length.map_or(SimTime::MAX, |length| ctx.now + length);
    member.course.faults.push(Fault { begin: ctx.now, end });
    look_again(group, ctx, instance);
    Ok(Reply::Done)
}
