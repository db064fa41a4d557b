//! Lifecycle hooks: waits on the way in and out (SEMANTICS 6).

use std::sync::Arc;

use crate::engine::carry_out::Outcome;
use crate::engine::command::{CommandError, Noun, Reply};
use crate::engine::group_sim::{Event, GroupSim};
use crate::engine::room::check_new_hook;
use crate::engine::world::Ctx;
use crate::engine::{RunError, instances, notices};
use crate::kernel::SimDuration;
use crate::model::id::{HookOrdinal, InstanceOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::lifecycle_hook::{HookChange, HookResult, HookWait, LifecycleHook, Transition};
use crate::model::record::Record;

/// The hooks of a group, and which of them is bound.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hooks {
    pub all: Vec<(HookOrdinal, Arc<LifecycleHook>)>,
    last: u32,
    pub bound: Option<HookOrdinal>,
}

impl Hooks {
    fn named(&self, name: &str) -> Option<&(HookOrdinal, Arc<LifecycleHook>)> {
        self.all.iter().find(|(_, hook)| hook.name == name)
    }

    fn get(&self, ordinal: HookOrdinal) -> Option<&Arc<LifecycleHook>> {
        self.all.iter().find(|(known, _)| *known == ordinal).map(|(_, hook)| hook)
    }
}

fn unknown(name: &str) -> CommandError {
    CommandError::Unknown { noun: Noun::Hook, name: name.to_owned() }
}

/// A hook of the setup.
pub(super) fn add(group: &mut GroupSim, ctx: &Ctx<'_>, hook: LifecycleHook) -> HookOrdinal {
    group.hooks.last = group.hooks.last.saturating_add(1);
    let (ordinal, hook) = (HookOrdinal(group.hooks.last), Arc::new(hook));
    group.record(ctx.now, Record::HookCreated { hook: ordinal, definition: Arc::clone(&hook) });
    group.hooks.all.push((ordinal, hook));
    ordinal
}

pub(super) fn create(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    hook: &LifecycleHook,
) -> Result<Reply, CommandError> {
    let names = group.hooks.all.iter().map(|(_, hook)| hook.name.as_str());
    check_new_hook(hook, names, &ctx.world.limits)?;
    // After this point the hook exists.
    Ok(Reply::Hook(add(group, ctx, hook.clone())))
}

pub(super) fn modify(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
    change: &HookChange,
) -> Result<Reply, CommandError> {
    let (ordinal, before) = group.hooks.named(name).ok_or_else(|| unknown(name))?;
    let (ordinal, after) = (*ordinal, before.changed(change));
    after.check(&ctx.world.limits)?;
    if group.hooks.all.iter().any(|(other, hook)| *other != ordinal && hook.name == after.name) {
        return Err(CommandError::NameTaken { noun: Noun::Hook, name: after.name });
    }
    // After this point the change succeeds. Waits under way carry their own parameters (6.4).
    let definition = Arc::new(after);
    if let Some((_, hook)) = group.hooks.all.iter_mut().find(|(known, _)| *known == ordinal) {
        *hook = Arc::clone(&definition);
    }
    group.record(ctx.now, Record::HookModified { hook: ordinal, definition });
    Ok(Reply::Done)
}

pub(super) fn delete(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    name: &str,
) -> Result<Reply, CommandError> {
    let (hook, _) = *group.hooks.named(name).ok_or_else(|| unknown(name))?;
    let waits = group.members.iter().any(|i| i.wait.is_some_and(|wait| wait.hook == hook));
    if waits || group.hooks.bound == Some(hook) {
        return Err(CommandError::HookInUse { name: name.to_owned() });
    }
    // After this point the hook is gone.
    group.hooks.all.retain(|(known, _)| *known != hook);
    group.record(ctx.now, Record::HookDeleted { hook });
    Ok(Reply::Done)
}

pub(super) fn bind(group: &mut GroupSim, ctx: &Ctx<'_>, name: &str) -> Result<Reply, CommandError> {
    let (hook, _) = *group.hooks.named(name).ok_or_else(|| unknown(name))?;
    set_bound(group, ctx, Some(hook));
    Ok(Reply::Done)
}

pub(super) fn unbind(group: &mut GroupSim, ctx: &Ctx<'_>) -> Reply {
    set_bound(group, ctx, None);
    Reply::Done
}

fn set_bound(group: &mut GroupSim, ctx: &Ctx<'_>, hook: Option<HookOrdinal>) {
    if group.hooks.bound != hook {
        group.hooks.bound = hook;
        group.record(ctx.now, Record::HookBound { hook });
    }
}

/// Lets an instance wait at the hook that was bound when its activity began, if that holds this
/// side of its life now (6.1). It is shown in the state of that side, which it may have entered
/// before. False if there is nothing to wait for.
pub(super) fn begin_wait(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instance: InstanceOrdinal,
    side: Transition,
    is_entered: bool,
) -> bool {
    let Some(hook) = group.running.as_ref().and_then(|running| running.hook) else { return false };
    let rule = group.hooks.get(hook).filter(|rule| rule.transition == side).cloned();
    let Some(rule) = rule else { return false };
    if !is_entered {
        let shown = match side {
            Transition::Launch => LifecycleState::Creating,
            Transition::Terminate => LifecycleState::Removing,
        };
        instances::enter(group, ctx, instance, shown);
    }
    let chance = rule.answer.map(|answer| answer.probability);
    let answers = chance.is_some_and(|p| group.faults.answers(instance, p));
    let wait = HookWait::begin(hook, &rule, ctx.now, answers);
    if let Some(member) = group.member(instance) {
        member.wait = Some(wait);
    }
    group.record(ctx.now, Record::HookWaiting { instance, hook, deadline: wait.deadline });
    notices::tell_wait(group, ctx.now, hook, &rule, instance);
    group.remind(wait.deadline, Event::HookExpiry(instance));
    if let Some((at, _)) = wait.answer {
        group.remind(at, Event::Answer(instance));
    }
    true
}

/// Phase 1: nobody completed the wait in time; the default result is applied.
pub(super) fn on_expiry(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instance: InstanceOrdinal,
) -> Result<(), RunError> {
    match group.member(instance).and_then(|member| member.wait) {
        Some(wait) if wait.deadline == ctx.now => {
            end_wait(group, ctx, instance, &wait, wait.default_result, true)
        }
        _ => Ok(()),
    }
}

/// Phase 3: the scripted answer comes.
pub(super) fn on_answer(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instance: InstanceOrdinal,
) -> Result<(), RunError> {
    let Some(wait) = group.member(instance).and_then(|member| member.wait) else { return Ok(()) };
    match wait.answer {
        Some((at, result)) if at == ctx.now => end_wait(group, ctx, instance, &wait, result, false),
        _ => Ok(()),
    }
}

/// CompleteLifecycleHookAction (6.2).
pub(super) fn complete(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instance: InstanceOrdinal,
    result: HookResult,
) -> Outcome {
    let Some(member) = group.member(instance) else {
        return Ok(Err(CommandError::UnknownInstance { instance }));
    };
    let Some(wait) = member.wait else {
        return Ok(Err(CommandError::NotInHook { instance }));
    };
    end_wait(group, ctx, instance, &wait, result, false)?;
    Ok(Ok(Reply::Done))
}

/// RecordLifecycleHookTimeout (6.2).
pub(super) fn renew(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    instance: InstanceOrdinal,
    timeout: SimDuration,
) -> Result<Reply, CommandError> {
    if timeout < SimDuration::from_s(1) {
        return Err(CommandError::RenewTimeout { timeout });
    }
    let member = group.member(instance).ok_or(CommandError::UnknownInstance { instance })?;
    let wait = member.wait.as_mut().ok_or(CommandError::NotInHook { instance })?;
    // After this point the wait is renewed.
    let deadline = wait.renewed(ctx.now, timeout);
    wait.deadline = deadline;
    group.record(ctx.now, Record::HookRenewed { instance, deadline });
    group.remind(deadline, Event::HookExpiry(instance));
    Ok(Reply::Done)
}

/// The wait is over: a launch goes on or is refused, a removal goes on whatever the result (6.3).
fn end_wait(
    group: &mut GroupSim,
    ctx: &mut Ctx<'_>,
    instance: InstanceOrdinal,
    wait: &HookWait,
    result: HookResult,
    expired: bool,
) -> Result<(), RunError> {
    if let Some(member) = group.member(instance) {
        member.wait = None;
    }
    group.record(ctx.now, Record::HookEnded { instance, result, expired });
    match (wait.transition, result) {
        (Transition::Launch, HookResult::Continue) => {
            instances::walk(group, ctx, instance, Some(LifecycleState::Creating))
        }
        (Transition::Launch, HookResult::Disable) => instances::refuse(group, ctx, instance),
        (Transition::Terminate, _) => instances::remove_after_wait(group, ctx, instance),
    }
}
