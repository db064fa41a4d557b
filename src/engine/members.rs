//! Members that a user attaches, detaches and protects (SEMANTICS 3.4, 7.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::activities;
use crate::engine::carry_out::Outcome;
use crate::engine::command::{CommandError, Machines, Noun, Reply};
use crate::engine::group_sim::GroupSim;
use crate::engine::instances;
use crate::engine::world::Ctx;
use crate::model::activity::{ActivityKind, Origin};
use crate::model::capacity;
use crate::model::failure::standing_cause;
use crate::model::id::InstanceOrdinal;
use crate::model::instance::Route;
use crate::model::machine::Machine;
use crate::model::record::Record;

/// AttachInstance: machines from outside become manual members; all or none.
pub(super) fn attach(group: &mut GroupSim, ctx: &mut Ctx<'_>, machines: &Machines) -> Outcome {
    let chosen = match check_free(group, ctx).and_then(|()| choose(group, ctx, machines)) {
        Ok(chosen) => chosen,
        Err(error) => return Ok(Err(error)),
    };
    let count = len(chosen.len());
    let sizes = match capacity::attach(group.capacity, len(group.members.len()), count) {
        Ok(sizes) => sizes,
        Err(error) => return Ok(Err(error.into())),
    };
    // After this point the machines join.
    group.take_gap(Origin::User);
    group.set_capacity(ctx.now, sizes);
    let activity = activities::begin(group, ctx, ActivityKind::Attach, Origin::User, count)?;
    if let Some(running) = &mut group.running {
        running.moving = count;
    }
    for machine in chosen {
        ctx.shared.pool.retain(|other| other.id != machine.id);
        instances::attach(group, ctx, machine)?;
    }
    activities::end_if_over(group, ctx);
    Ok(Ok(Reply::Activity(activity)))
}

/// DetachInstance: members leave on a user's request, protected or not; all or none.
pub(super) fn detach(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instances: &[InstanceOrdinal],
    keep: bool,
) -> Outcome {
    let leaving = match check_free(group, ctx).and_then(|()| find(group, ctx, instances)) {
        Ok(leaving) => leaving,
        Err(error) => return Ok(Err(error)),
    };
    let count = len(leaving.len());
    let sizes = match capacity::detach(group.capacity, len(group.members.len()), count) {
        Ok(sizes) => sizes,
        Err(error) => return Ok(Err(error.into())),
    };
    // After this point they leave.
    group.take_gap(Origin::User);
    group.set_capacity(ctx.now, sizes);
    let activity = activities::begin(group, ctx, ActivityKind::Detach, Origin::User, count)?;
    for instance in &leaving {
        if let Some(member) = group.member(*instance) {
            member.course.is_kept = keep;
        }
    }
    activities::remove(group, ctx, leaving.into_iter().collect(), Route::Detach)?;
    activities::end_if_over(group, ctx);
    Ok(Ok(Reply::Activity(activity)))
}

/// SetCvmProtectedDetach: at any time, all or none.
pub(super) fn protect(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    instances: &[InstanceOrdinal],
    protect: bool,
) -> Result<Reply, CommandError> {
    for instance in instances {
        group.member(*instance).ok_or(CommandError::UnknownInstance { instance: *instance })?;
    }
    // After this point the change succeeds.
    for &instance in instances {
        let Some(member) = group.member(instance) else { continue };
        if member.protected != protect {
            member.protected = protect;
            group.record(ctx.now, Record::Protected { instance, protected: protect });
        }
    }
    Ok(Reply::Done)
}

/// A group takes and gives members only while it is active, not suspended, and at rest (3.4, 4).
fn check_free(group: &GroupSim, ctx: &Ctx<'_>) -> Result<(), CommandError> {
    let conditions = &ctx.world.conditions;
    let cause = standing_cause(conditions, group.index, &group.places, ctx.now);
    if group.is_suspended || cause.is_some() {
        return Err(CommandError::Inactive);
    }
    match group.running {
        Some(_) => Err(CommandError::InActivity),
        None => Ok(()),
    }
}

/// The members of these numbers, each once.
fn find(
    group: &GroupSim,
    ctx: &Ctx<'_>,
    instances: &[InstanceOrdinal],
) -> Result<BTreeSet<InstanceOrdinal>, CommandError> {
    let wanted: BTreeSet<_> = instances.iter().copied().collect();
    check_count(ctx, wanted.len())?;
    let is_member = |instance: &InstanceOrdinal| {
        group.members.binary_search_by_key(instance, |member| member.ordinal).is_ok()
    };
    match wanted.iter().find(|instance| !is_member(instance)) {
        Some(instance) => Err(CommandError::UnknownInstance { instance: *instance }),
        None => Ok(wanted),
    }
}

/// The machines that are meant, each once.
fn choose(
    group: &GroupSim,
    ctx: &Ctx<'_>,
    machines: &Machines,
) -> Result<Vec<Arc<Machine>>, CommandError> {
    match machines {
        Machines::Count(wanted) => {
            let count = usize::try_from(*wanted).unwrap_or(usize::MAX);
            check_count(ctx, count)?;
            let site = &group.site;
            let fits = |machine: &&Arc<Machine>| {
                let is_here = machine.realm == site.realm && machine.project == site.project;
                machine.running && is_here && matches(group, ctx, machine)
            };
            let found: Vec<_> = ctx.shared.pool.iter().filter(fits).take(count).cloned().collect();
            match found.len() < count {
                true => {
                    Err(CommandError::NotEnoughMachines { wanted: *wanted, found: found.len() })
                }
                false => Ok(found),
            }
        }
        Machines::Ids(ids) => {
            let mut seen = BTreeSet::new();
            let ids: Vec<_> = ids.iter().filter(|id| seen.insert(id.as_str())).collect();
            check_count(ctx, ids.len())?;
            ids.into_iter().map(|id| machine(group, ctx, id)).collect()
        }
    }
}

/// The machine of that id, if it may join the group.
fn machine(group: &GroupSim, ctx: &Ctx<'_>, id: &str) -> Result<Arc<Machine>, CommandError> {
    let is_it = |machine: &&Arc<Machine>| *machine.id == *id && machine.realm == group.site.realm;
    let Some(machine) = ctx.shared.pool.iter().find(is_it) else {
        let id = id.to_owned();
        return Err(match ctx.shared.attached.get(id.as_str()) {
            Some(other) if *other != group.index => CommandError::InOtherGroup { id },
            _ => CommandError::Unknown { noun: Noun::Machine, name: id },
        });
    };
    if !machine.running {
        return Err(CommandError::NotRunning { id: id.to_owned() });
    }
    let (project, of_group) = (machine.project, group.site.project);
    if project != of_group {
        let (id, group) = (id.to_owned(), of_group);
        return Err(CommandError::OtherProject { id, machine: project, group });
    }
    match matches(group, ctx, machine) {
        true => Ok(Arc::clone(machine)),
        false => Err(CommandError::Mismatch { id: id.to_owned() }),
    }
}

/// Whether a machine is of the size of the group's configuration, as far as that is known.
fn matches(group: &GroupSim, ctx: &Ctx<'_>, machine: &Machine) -> bool {
    let configuration = ctx.world.configuration(&group.configuration);
    configuration.is_none_or(|c| {
        let is_of_type = machine.cvm_type.is_none_or(|cvm_type| cvm_type == c.cvm_type);
        (c.cpu, c.mem_gb) == (machine.cpu, machine.mem_gb) && is_of_type
    })
}

fn check_count(ctx: &Ctx<'_>, count: usize) -> Result<(), CommandError> {
    let limit = ctx.world.limits.instances_per_call;
    match (1..=limit).contains(&len(count)) {
        true => Ok(()),
        false => Err(CommandError::InstancesPerCall { count, limit }),
    }
}

fn len(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
