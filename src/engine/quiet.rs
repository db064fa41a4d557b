//! The time in which nothing happens: periods that close without a trigger, one after another.
//!
//! Most of a run is such time, and it should cost next to nothing. Nobody else has work in it, so
//! what phase 6 would do is done here in one loop, without asking at each step what else is due.
//! And while the load is one under which no alarm breaches, there is nothing to do at all but to
//! look ahead in the trace for where it leaves that range: only periods in which the count of
//! instances changed, a value is missing or an alarm may breach are taken one by one.

use crate::engine::alarms::Closed;
use crate::engine::group_sim::GroupSim;
use crate::engine::world::World;
use crate::kernel::{SimDuration, SimTime};
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
    loop {
        pass_calm(group, period, horizon);
        if group.alarms.next_close >= horizon {
            return None;
        }
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
}

/// Passes over the periods that close before `horizon` and begin now, up to the first in which an
/// alarm may breach or has no samples.
fn pass_calm(group: &mut GroupSim, period: SimDuration, horizon: SimTime) {
    let begin = group.alarms.next_close - period;
    let in_service = group.meter.in_service();
    let Some(load) = group.load.as_deref() else { return };
    if in_service == 0 || !group.meter.is_at_begin(begin) {
        return;
    }
    // A window that grows: one policy must not look ahead for a year where another wakes at once.
    let (mut reached, mut window) = (begin, period);
    let last = horizon - SimDuration::from_ms(1);
    while reached + period <= last {
        let to = last.min(reached + window);
        let until = group
            .policies
            .iter_mut()
            .fold(to, |until, watch| watch.quiet_until(load, in_service, reached, until));
        let periods = (until - reached).ms() / period.ms();
        reached = reached + period.times(periods);
        if until < to {
            break;
        }
        window = window.times(2);
    }
    if reached > begin {
        group.meter.pass(reached);
        group.alarms.next_close = reached + period;
        group.policies.iter_mut().for_each(|watch| watch.streak = 0);
    }
}
