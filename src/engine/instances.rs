//! Instances: from launch to service and from service to the end (SEMANTICS 5, 6.3, 8.1).

use std::sync::Arc;

use crate::engine::group_sim::{Event, GroupSim};
use crate::engine::world::Ctx;
use crate::engine::{RunError, health, hooks, replacement};
use crate::model::activity::{ActivityError, ActivityKind};
use crate::model::failure::is_blocked;
use crate::model::id::{IdKind, InstanceOrdinal, public_id};
use crate::model::instance::{Instance, LifecycleState, Route};
use crate::model::lifecycle_hook::Transition;
use crate::model::machine::Machine;
use crate::model::plan::place_for_one_more;
use crate::model::record::Record;

/// An instance that is there when the run begins (3.5).
pub(super) fn begin_in_service(group: &mut GroupSim, ctx: &mut Ctx<'_>) {
    let place = place_for_one_more(&group.places, &group.members, |_| true);
    let ordinal = join(group, ctx, None, place);
    enter(group, ctx, ordinal, LifecycleState::InService);
}

/// A new instance begins its creation, in the open place with the fewest members (5.4).
pub(super) fn launch(group: &mut GroupSim, ctx: &mut Ctx<'_>) -> Result<(), RunError> {
    let is_open =
        |place: &Arc<str>| !is_blocked(&ctx.world.conditions, group.index, Some(place), ctx.now);
    let place = place_for_one_more(&group.places, &group.members, is_open);
    let ordinal = join(group, ctx, None, place);
    set_out(group, ctx, ordinal, Route::Launch)
}

/// A machine from outside joins (3.4).
pub(super) fn attach(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    machine: Arc<Machine>,
) -> Result<(), RunError> {
    let place = machine.zone.clone().filter(|zone| group.places.contains(zone));
    ctx.shared.attached.insert(machine.id.clone(), group.index);
    let ordinal = join(group, ctx, Some(machine), place);
    set_out(group, ctx, ordinal, Route::Attach)
}

/// An instance in service begins to leave.
pub(super) fn leave(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    route: Route,
) -> Result<(), RunError> {
    set_out(group, ctx, ordinal, route)
}

/// A new member with the next ordinal; it is in no state yet.
fn join(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    machine: Option<Arc<Machine>>,
    place: Option<Arc<str>>,
) -> InstanceOrdinal {
    group.last_instance = group.last_instance.saturating_add(1);
    ctx.shared.members = ctx.shared.members.saturating_add(1);
    let ordinal = InstanceOrdinal(group.last_instance);
    let mut instance = Instance::new(ordinal, ctx.now);
    instance.configuration = machine.is_none().then(|| group.configuration.clone());
    (instance.machine, instance.place) = (machine, place);
    if instance.machine.is_some() || instance.place.is_some() {
        let record = Record::Joined {
            instance: ordinal,
            creation_type: instance.creation_type(),
            place: instance.place.clone(),
            machine: instance.machine.as_ref().map(|machine| machine.id.clone()),
        };
        group.record(ctx.now, record);
    }
    group.members.push(instance);
    ordinal
}

/// Begins a way, under the running activity.
fn set_out(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    route: Route,
) -> Result<(), RunError> {
    let activity = group.running.as_ref().map(|running| running.activity);
    let Some(member) = group.member(ordinal) else { return Ok(()) };
    member.activity = activity;
    member.course.route = Some(route);
    walk(group, ctx, ordinal, None)
}

/// Phase 1: the instance goes on to its next state.
pub(super) fn on_phase_end(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
) -> Result<(), RunError> {
    let now = ctx.now;
    let Some(member) = group.member(ordinal) else { return Ok(()) };
    if member.course.phase_end != Some(now) {
        return Ok(());
    }
    member.course.phase_end = None;
    match (member.state, member.course.route) {
        (LifecycleState::Creating, Some(Route::Launch)) => created(group, ctx, ordinal, true),
        (state, _) => walk(group, ctx, ordinal, Some(state)),
    }
}

/// Creating's own time is over: the launch fails, waits at a hook, or goes on (6.1, 8.1).
fn created(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    is_entered: bool,
) -> Result<(), RunError> {
    if let Some(cause) = group.faults.launch_failure(ordinal) {
        let error = cause.error();
        group.record(ctx.now, Record::LaunchFailed { instance: ordinal, error });
        if let Some(running) = &mut group.running {
            running.fail(error);
            running.new_open -= 1;
            running.moving -= 1;
        }
        enter(group, ctx, ordinal, LifecycleState::Gone);
        return replacement::go_on(group, ctx);
    }
    if hooks::begin_wait(group, ctx, ordinal, Transition::Launch, is_entered) {
        return Ok(());
    }
    walk(group, ctx, ordinal, Some(LifecycleState::Creating))
}

/// A hook refused the launch: it has failed, and goes (6.3).
pub(super) fn refuse(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
) -> Result<(), RunError> {
    if let Some(running) = &mut group.running {
        running.fail(ActivityError::LaunchRefused);
        running.new_open -= 1;
    }
    set_out(group, ctx, ordinal, Route::Refuse)?;
    replacement::go_on(group, ctx)
}

/// Goes on behind the phase `after` of its way (or from its begin) to the first phase that takes
/// time or is an end: a phase of zero length is not entered, nor one at the load balancer without
/// a load balancer.
pub(super) fn walk(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    after: Option<LifecycleState>,
) -> Result<(), RunError> {
    let Some(route) = group.member(ordinal).and_then(|member| member.course.route) else {
        return Ok(());
    };
    let phases = route.phases();
    let passed = after.and_then(|state| phases.iter().position(|s| *s == state));
    for &state in phases.iter().skip(passed.map_or(0, |place| place + 1)) {
        if matches!(state, LifecycleState::InService | LifecycleState::Gone) {
            return arrive(group, ctx, ordinal, route, state);
        }
        if state.is_at_load_balancer() && !group.has_load_balancer {
            continue;
        }
        if stay(group, ctx, ordinal, route, state)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the instance stays in a phase of its way, or is taken off it there.
fn stay(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    route: Route,
    state: LifecycleState,
) -> Result<bool, RunError> {
    // The terminate wait comes before the removal's own time.
    if (route, state) == (Route::Remove, LifecycleState::Removing)
        && hooks::begin_wait(group, ctx, ordinal, Transition::Terminate, false)
    {
        return Ok(true);
    }
    let length = group.latency.length(state, ordinal);
    if length.is_positive() {
        enter(group, ctx, ordinal, state);
        end_phase_at(group, ordinal, ctx.now + length);
        return Ok(true);
    }
    if state == LifecycleState::Creating {
        created(group, ctx, ordinal, false)?;
        return Ok(true);
    }
    Ok(false)
}

fn end_phase_at(group: &mut GroupSim, ordinal: InstanceOrdinal, at: crate::kernel::SimTime) {
    if let Some(member) = group.member(ordinal) {
        member.course.phase_end = Some(at);
    }
    group.remind(at, Event::PhaseEnd(ordinal));
}

/// The terminate wait is over: the removal's own time begins.
pub(super) fn remove_after_wait(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
) -> Result<(), RunError> {
    let length = group.latency.length(LifecycleState::Removing, ordinal);
    if length.is_positive() {
        end_phase_at(group, ordinal, ctx.now + length);
        return Ok(());
    }
    walk(group, ctx, ordinal, Some(LifecycleState::Removing))
}

/// The end of a way: in service, or gone.
fn arrive(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    route: Route,
    state: LifecycleState,
) -> Result<(), RunError> {
    enter(group, ctx, ordinal, state);
    let Some(running) = &mut group.running else { return Ok(()) };
    running.moving -= 1;
    match route {
        Route::Launch => {
            running.new_open -= 1;
            running.done += 1;
        }
        Route::Attach => running.done += 1,
        Route::Remove | Route::Detach => {
            running.old_open -= 1;
            // What a replacement has done is counted by its new ones (7.1).
            running.done += u32::from(running.kind != ActivityKind::Replace);
        }
        Route::Refuse => {}
    }
    replacement::go_on(group, ctx)
}

/// Writes the state and its record, and tells the meter who serves.
pub(super) fn enter(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    ordinal: InstanceOrdinal,
    state: LifecycleState,
) {
    let now = ctx.now;
    let Some(member) = group.member(ordinal) else { return };
    member.state = state;
    let activity = member.activity;
    let left_service = match state {
        LifecycleState::InService => member.in_service_since.replace(now),
        _ => member.in_service_since.take(),
    };
    if state.is_in_service() {
        member.activity = None;
        member.course.route = None;
    } else {
        member.course.mark_at = None;
    }
    if state.is_in_service() {
        group.meter.join(group.load.as_deref(), now);
    }
    if let Some(since) = left_service {
        group.meter.leave(group.load.as_deref(), now, since);
    }
    group.record(now, Record::Instance { instance: ordinal, state, activity });
    match state {
        LifecycleState::InService => health::watch(group, ctx, ordinal),
        LifecycleState::Gone => go(group, ctx, ordinal),
        _ => {}
    }
}

/// A member that is gone: automatic ones are released, unless they are kept; manual ones run on
/// outside the group (5.3).
fn go(group: &mut GroupSim, ctx: &mut Ctx<'_>, ordinal: InstanceOrdinal) {
    let Ok(place) = group.members.binary_search_by_key(&ordinal, |i| i.ordinal) else { return };
    let instance = group.members.remove(place);
    ctx.shared.members = ctx.shared.members.saturating_sub(1);
    if let Some(machine) = &instance.machine {
        ctx.shared.attached.remove(&machine.id);
        ctx.shared.pool.push(machine.clone());
    } else if instance.course.is_kept {
        let size = instance.configuration.as_deref().and_then(|name| ctx.world.configuration(name));
        let (cpu, mem_gb) = size.map_or((1, 1), |c| (c.cpu, c.mem_gb));
        let cvm_type = size.map(|c| c.cvm_type);
        let (project, realm) = (group.site.project, group.site.realm.clone());
        let id = public_id(ctx.world.seed, IdKind::Instance, group.index, ordinal.0).into();
        let zone = instance.place;
        let running = true;
        let kept = Machine { id, zone, cpu, mem_gb, running, cvm_type, project, realm };
        ctx.shared.pool.push(Arc::new(kept));
    }
}
