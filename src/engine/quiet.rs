//! The time in which nothing happens: periods that close without a trigger, one after another.
//!
//! Most of a run is such time, and it should cost next to nothing. Nobody else has work in it, so
//! what phase 6 would do is done here in one loop, without asking at each step what else is due.

use crate::engine::alarms::Closed;
use crate::engine::group_sim::GroupSim;
use crate::engine::world::World;
use crate::kernel::SimTime;
use crate::model::id::PolicyOrdinal;

/// The next instant before `until` at which the group has work. Periods that close earlier without
/// a trigger are judged on the way; one with a trigger is left for phase 6 to go on with.
pub(super) fn next_work(
    group: &mut GroupSim,
    world: &World,
    now: SimTime,
    until: SimTime,
) -> Option<SimTime> {
    let is_told = group.decisions.is_some();
    if is_told || group.policies.is_empty() || group.alarms.open.is_some() {
        return group.next_wake(world, now).filter(|wake| *wake < until);
    }
    let other = group.next_besides_close(world, now).filter(|wake| *wake < until);
    // At an instant with other work the lower phases come first.
    first_trigger(group, world, other.unwrap_or(until)).or(other)
}

/// Judges periods that close before `horizon` until a policy triggers; gives the instant.
fn first_trigger(group: &mut GroupSim, world: &World, horizon: SimTime) -> Option<SimTime> {
    let period = world.semantics.period;
    while group.alarms.next_close < horizon {
        let close = group.alarms.next_close;
        let samples = group.meter.close(group.load.as_deref(), close);
        group.alarms.next_close = close + period;
        let mut judged = PolicyOrdinal(0);
        for watch in &mut group.policies {
            if let Some(found) = watch.look(&samples, close - period, &world.semantics) {
                if found.triggered {
                    group.alarms.open = Some(Closed { samples, judged });
                    return Some(close);
                }
                watch.streak = found.streak_after;
            }
            judged = watch.ordinal;
        }
    }
    None
}
