//! Commands of a group: who carries out which, and those that concern the group itself.

use crate::engine::command::{Command, CommandError, GroupChange, Noun, Reply};
use crate::engine::group_sim::{GroupSim, SCRIPT_PHASE};
use crate::engine::world::Ctx;
use crate::engine::{RunError, alarms, health, hooks, load, members, notices, tasks};
use crate::kernel::SimDuration;
use crate::model::activity::Origin;
use crate::model::capacity::{Resize, resize};
use crate::model::policy::is_name;
use crate::model::record::Record;

/// What a command came to; outside, an error that ends the run.
pub(super) type Outcome = Result<Result<Reply, CommandError>, RunError>;

impl GroupSim {
    /// Carries out a command from outside, where a scripted command of this instant would stand.
    pub fn apply(&mut self, ctx: &mut Ctx<'_>, command: &Command) -> Outcome {
        self.work(ctx, SCRIPT_PHASE)?;
        self.carry_out(ctx, command)
    }

    pub(super) fn carry_out(&mut self, ctx: &mut Ctx<'_>, command: &Command) -> Outcome {
        // The tasks of a deleted group are still there to be changed and deleted.
        let outlives_group =
            matches!(command, Command::ModifyTask { .. } | Command::DeleteTask { .. });
        if self.is_deleted && !outlives_group {
            return Ok(Err(CommandError::UnknownGroup(self.index)));
        }
        match command {
            Command::Attach(machines) => return members::attach(self, ctx, machines),
            Command::Detach { instances, keep } => {
                return members::detach(self, ctx, instances, *keep);
            }
            Command::CompleteHook { instance, result } => {
                return hooks::complete(self, ctx, *instance, *result);
            }
            _ => {}
        }
        Ok(self.carry_out_edit(ctx, command))
    }

    /// Commands that move no instance of themselves.
    fn carry_out_edit(
        &mut self,
        ctx: &mut Ctx<'_>,
        command: &Command,
    ) -> Result<Reply, CommandError> {
        match command {
            Command::Resize(change) => self.resize(ctx, *change),
            Command::ModifyGroup(change) => self.modify(ctx, change),
            Command::Suspend => self.suspend(ctx, true),
            Command::Resume => self.suspend(ctx, false),
            Command::DeleteGroup => self.delete(ctx),
            Command::CreatePolicy(policy) => alarms::create(self, ctx, policy),
            Command::ModifyPolicy { policy, change } => alarms::modify(self, ctx, policy, change),
            Command::DeletePolicy { policy } => alarms::delete(self, ctx, policy),
            Command::CreateTask(task) => tasks::create(self, ctx, task),
            Command::ModifyTask { task, change } => tasks::modify(self, ctx, task, change),
            Command::DeleteTask { task } => tasks::delete(self, ctx, task),
            Command::CreateHook(hook) => hooks::create(self, ctx, hook),
            Command::ModifyHook { hook, change } => hooks::modify(self, ctx, hook, change),
            Command::DeleteHook { hook } => hooks::delete(self, ctx, hook),
            Command::BindHook { hook } => hooks::bind(self, ctx, hook),
            Command::UnbindHook => Ok(hooks::unbind(self, ctx)),
            Command::RenewHook { instance, timeout } => {
                hooks::renew(self, ctx, *instance, *timeout)
            }
            Command::CreateNotification(new) => notices::create(self, ctx, new),
            Command::ModifyNotification { notification, types, receivers } => {
                notices::modify(self, ctx, *notification, types.as_ref(), receivers.as_ref())
            }
            Command::DeleteNotifications { notifications } => {
                notices::delete(self, ctx, notifications)
            }
            Command::Protect { instances, protect } => {
                members::protect(self, ctx, instances, *protect)
            }
            Command::SetLoad { metric, value, length } => {
                load::set(self, ctx.now, *metric, *value, *length)
            }
            Command::FailInstance { instance, length } => {
                health::fail(self, ctx, *instance, *length)
            }
            Command::Attach(_) | Command::Detach { .. } | Command::CompleteHook { .. } => {
                Ok(Reply::Done)
            }
        }
    }

    /// ModifyScalingGroup: the gap belongs to it from now on, even if nothing changes (4.3),
    /// provided that it names a size (2.3).
    fn resize(&mut self, ctx: &mut Ctx<'_>, change: Resize) -> Result<Reply, CommandError> {
        let capacity = resize(self.capacity, change, &ctx.world.limits)?;
        // After this point the change succeeds.
        match change {
            Resize { desired: Some(_), .. } => self.take_gap(Origin::User),
            // A change that names no size asks for nothing, and takes nothing over.
            Resize { min: None, max: None, .. } => {}
            Resize { .. } => self.take_gap(Origin::Bounds),
        }
        self.set_capacity(ctx.now, capacity);
        Ok(Reply::Done)
    }

    fn modify(&mut self, ctx: &mut Ctx<'_>, change: &GroupChange) -> Result<Reply, CommandError> {
        if let Some(name) = &change.configuration
            && ctx.world.configuration(name).is_none()
        {
            let noun = Noun::Configuration;
            return Err(CommandError::Unknown { noun, name: name.clone() });
        }
        if let Some(name) = &change.name
            && !is_name(name)
        {
            return Err(CommandError::GroupName { name: name.clone() });
        }
        self.resize(ctx, change.sizes)?;
        // After this point the change succeeds.
        if let Some(name) = &change.name
            && **name != *self.shown
        {
            self.shown = name.as_str().into();
            self.record(ctx.now, Record::GroupRenamed { name: self.shown.clone() });
        }
        let configuration =
            change.configuration.as_deref().map_or_else(|| self.configuration.clone(), Into::into);
        let remove_policy = change.remove_policy.unwrap_or(self.remove_policy);
        if (&configuration, remove_policy) != (&self.configuration, self.remove_policy) {
            self.configuration = configuration.clone();
            self.remove_policy = remove_policy;
            self.record(ctx.now, Record::GroupModified { configuration, remove_policy });
        }
        Ok(Reply::Done)
    }

    /// A suspended group starts nothing; its streaks are 0 (4.2).
    fn suspend(&mut self, ctx: &mut Ctx<'_>, suspend: bool) -> Result<Reply, CommandError> {
        if self.is_suspended != suspend {
            self.is_suspended = suspend;
            let record = if suspend { Record::Suspended } else { Record::Resumed };
            self.record(ctx.now, record);
            if suspend {
                self.policies.iter_mut().for_each(|watch| watch.streak = 0);
            }
        }
        Ok(Reply::Done)
    }

    /// The group goes, with its policies, hooks and notifications; its tasks stay and do nothing.
    fn delete(&mut self, ctx: &mut Ctx<'_>) -> Result<Reply, CommandError> {
        if self.running.is_some() {
            return Err(CommandError::InActivity);
        }
        if !self.members.is_empty() {
            return Err(CommandError::NotEmpty { members: self.members.len() });
        }
        self.is_deleted = true;
        self.policies.clear();
        self.hooks = hooks::Hooks::default();
        self.subscriptions = notices::Subscriptions::default();
        self.record(ctx.now, Record::GroupDeleted);
        Ok(Reply::Done)
    }

    /// Whoever writes desired or asks for convergence owns the gap from now on, and what failed
    /// before is forgotten (4.3, 8.3).
    pub(super) fn take_gap(&mut self, owner: Origin) {
        self.gap.owner = owner;
        self.gap.cooldown = SimDuration::ZERO;
        self.gap.is_begun = false;
        self.back_off = crate::engine::activities::BackOff::default();
    }
}
