//! Instances: from launch to service and from service to the end (SEMANTICS 5.1).

use crate::engine::group_sim::{Event, GroupSim};
use crate::engine::setup::World;
use crate::kernel::SimTime;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal};
use crate::model::instance::{Instance, LifecycleState};
use crate::model::record::Record;

/// An instance that is there when the run begins (3.5).
pub(super) fn begin_in_service(group: &mut GroupSim, world: &World) {
    let ordinal = join(group, world.start, None);
    enter(group, world.start, ordinal, LifecycleState::InService);
}

/// A new instance begins its creation.
pub(super) fn launch(
    group: &mut GroupSim,
    _world: &World,
    now: SimTime,
    activity: ActivityOrdinal,
) {
    let ordinal = join(group, now, Some(activity));
    if let Some(running) = &mut group.running {
        running.moving += 1;
    }
    walk(group, now, ordinal, LifecycleState::Creating);
}

/// An instance in service begins to leave.
pub(super) fn remove(
    group: &mut GroupSim,
    now: SimTime,
    ordinal: InstanceOrdinal,
    activity: ActivityOrdinal,
) {
    let Some(member) = group.member(ordinal) else { return };
    member.activity = Some(activity);
    if let Some(running) = &mut group.running {
        running.moving += 1;
    }
    walk(group, now, ordinal, LifecycleState::DetachLb);
}

/// Phase 1: the instance goes on to its next state.
pub(super) fn on_phase_end(group: &mut GroupSim, now: SimTime, ordinal: InstanceOrdinal) {
    let Some(member) = group.member(ordinal) else { return };
    if let Some(next) = member.state.successor() {
        walk(group, now, ordinal, next);
    }
}

/// A new member with the next ordinal; it is in no state yet.
fn join(group: &mut GroupSim, now: SimTime, activity: Option<ActivityOrdinal>) -> InstanceOrdinal {
    group.last_instance = group.last_instance.saturating_add(1);
    let ordinal = InstanceOrdinal(group.last_instance);
    let state = LifecycleState::Creating;
    group.members.push(Instance { ordinal, state, added: now, in_service_since: None, activity });
    ordinal
}

/// Enters `first`, or the first state after it that takes time or is an end: a phase of zero
/// length is not entered, nor one at the load balancer without a load balancer.
fn walk(group: &mut GroupSim, now: SimTime, ordinal: InstanceOrdinal, first: LifecycleState) {
    let mut state = first;
    loop {
        let at_lb = matches!(state, LifecycleState::AttachLb | LifecycleState::DetachLb);
        let length = group.latency.length(state, ordinal);
        let skipped = !length.is_positive() || (at_lb && !group.has_load_balancer);
        match state.successor() {
            Some(next) if skipped && !state.is_in_service() => state = next,
            next => {
                enter(group, now, ordinal, state);
                if next.is_some() && !state.is_in_service() {
                    group.queue.push(now + length, ordinal, Event::PhaseEnd(ordinal));
                } else if let Some(running) = &mut group.running {
                    running.moving = running.moving.saturating_sub(1);
                    running.done += 1;
                }
                return;
            }
        }
    }
}

/// Writes the state and its record, and tells the meter who serves.
fn enter(group: &mut GroupSim, now: SimTime, ordinal: InstanceOrdinal, state: LifecycleState) {
    let Some(member) = group.member(ordinal) else { return };
    member.state = state;
    let activity = member.activity;
    let left_service = match state {
        LifecycleState::InService => member.in_service_since.replace(now),
        _ => member.in_service_since.take(),
    };
    if state.is_in_service() {
        member.activity = None;
        group.meter.join(group.load.as_deref(), now);
    }
    if let Some(since) = left_service {
        group.meter.leave(group.load.as_deref(), now, since);
    }
    if !state.is_member() {
        group.members.retain(|i| i.ordinal != ordinal);
    }
    group.record(now, Record::Instance { instance: ordinal, state, activity });
}
