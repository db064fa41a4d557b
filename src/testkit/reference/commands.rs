//! Commands, and which of them change the group itself, spelled out again (SEMANTICS 3.3, 4).
//!
//! A refused command does nothing, so nobody here says why.

use super::Group;
use crate::engine::command::{Command, GroupChange};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::Origin;
use crate::model::capacity::Resize;
use crate::model::group::Capacity;
use crate::model::id::InstanceOrdinal;
use crate::model::lifecycle_hook::HookResult;
use crate::model::record::Record;

impl Group<'_> {
    /// Phase 3, second part: the first scripted command of this instant that is not done.
    pub(super) fn run_one_command(&mut self) -> bool {
        let group = self.group;
        for ((at, command), done) in group.script.iter().zip(&mut self.script_done) {
            if *at == self.now && !*done {
                *done = true;
                let of_tasks =
                    matches!(command, Command::ModifyTask { .. } | Command::DeleteTask { .. });
                if !self.deleted || of_tasks {
                    self.obey(command);
                }
                return true;
            }
        }
        false
    }

    fn obey(&mut self, command: &Command) {
        match command {
            Command::Resize(change) => self.modify(None, None, *change),
            Command::ModifyGroup(GroupChange { configuration, remove_policy, sizes, .. }) => {
                self.modify(configuration.as_deref(), *remove_policy, *sizes);
            }
            Command::Suspend => self.suspend(),
            Command::Resume => self.resume(),
            Command::DeleteGroup => self.delete(),
            Command::CreatePolicy(policy) => self.create_policy(policy),
            Command::ModifyPolicy { policy, change } => self.modify_policy(policy, change),
            Command::DeletePolicy { policy } => self.delete_policy(policy),
            Command::CreateTask(task) => self.create_task(task),
            Command::ModifyTask { task, change } => self.modify_task(task, change),
            Command::DeleteTask { task } => self.delete_task(task),
            Command::CreateHook(hook) => self.create_hook(hook),
            Command::ModifyHook { hook, change } => self.modify_hook(hook, change),
            Command::DeleteHook { hook } => self.delete_hook(hook),
            Command::BindHook { hook } => self.bind(hook),
            Command::UnbindHook => self.unbind(),
            Command::CompleteHook { instance, result } => self.complete(*instance, *result),
            Command::RenewHook { instance, timeout } => self.renew(*instance, *timeout),
            Command::CreateNotification(subscription) => self.create_notification(subscription),
            Command::ModifyNotification { notification, types, receivers } => {
                self.modify_notification(*notification, types.clone(), receivers.clone());
            }
            Command::DeleteNotifications { notifications } => {
                self.delete_notifications(notifications);
            }
            Command::Protect { instances, protect } => self.protect(instances, *protect),
            Command::Attach(machines) => self.attach(machines),
            Command::Detach { instances, keep } => self.detach(instances, *keep),
            Command::FailInstance { instance, length } => self.strike(*instance, *length),
            // Loads are given here, not set by hand: the random worlds draw no such command.
            Command::SetLoad { .. } => {}
        }
    }

    /// ModifyScalingGroup: all or nothing (3.3).
    fn modify(
        &mut self,
        configuration: Option<&str>,
        remove_policy: Option<crate::model::group::RemovePolicy>,
        change: Resize,
    ) {
        let exists = |name: &str| self.setup.configurations.iter().any(|c| c.name == name);
        if !configuration.is_none_or(exists) {
            return;
        }
        let min = change.min.unwrap_or(self.capacity.min);
        let max = change.max.unwrap_or(self.capacity.max);
        if max > self.setup.limits.max_size || min > max {
            return;
        }
        let desired = match change.desired {
            Some(desired) if desired < min || desired > max => return,
            Some(desired) => desired,
            None => self.capacity.desired.max(min).min(max),
        };
        // An accepted Modify takes the gap even if it changes nothing, provided that it names a
        // size at all (2.3, 4.3).
        if change.desired.is_some() {
            self.take_gap(Origin::User, SimDuration::ZERO);
        } else if change.min.is_some() || change.max.is_some() {
            self.take_gap(Origin::Bounds, SimDuration::ZERO);
        }
        self.set_capacity(Capacity { min, max, desired });
        let before = (self.configuration.clone(), self.remove_policy);
        if let Some(name) = configuration {
            name.clone_into(&mut self.configuration);
        }
        self.remove_policy = remove_policy.unwrap_or(self.remove_policy);
        if before != (self.configuration.clone(), self.remove_policy) {
            self.record(Record::GroupModified {
                configuration: self.configuration.as_str().into(),
                remove_policy: self.remove_policy,
            });
        }
    }

    /// Streaks count from 0 (4.2).
    fn suspend(&mut self) {
        if !self.suspended {
            self.suspended = true;
            self.policies.iter_mut().for_each(|watched| watched.streak = 0);
            self.record(Record::Suspended);
        }
    }

    fn resume(&mut self) {
        if self.suspended {
            self.suspended = false;
            self.record(Record::Resumed);
        }
    }

    /// DeleteScalingGroup: refused while an activity runs or members are left.
    fn delete(&mut self) {
        if self.running.is_none() && self.members() == 0 {
            self.deleted = true;
            self.record(Record::GroupDeleted);
        }
    }

    /// CompleteLifecycleHookAction (6.2).
    fn complete(&mut self, instance: InstanceOrdinal, result: HookResult) {
        let waiting = |i: &super::Joined| i.ordinal == instance && i.wait.is_some();
        if let Some(at) = self.joined.iter().position(waiting) {
            self.end_wait(at, result, false);
        }
    }

    /// RecordLifecycleHookTimeout (6.2).
    fn renew(&mut self, instance: InstanceOrdinal, timeout: SimDuration) {
        let now = self.now;
        let Some(wait) = self.member(instance).and_then(|member| member.wait.as_mut()) else {
            return;
        };
        if timeout < SimDuration::from_s(1) {
            return;
        }
        let longest = SimDuration::from_ms((wait.timeout.ms() * 100).min(48 * 3_600_000));
        let deadline: SimTime = (now + timeout).min(wait.begin + longest);
        wait.deadline = deadline;
        self.record(Record::HookRenewed { instance, deadline });
    }
}
