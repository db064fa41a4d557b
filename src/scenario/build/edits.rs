//! Timed edits of policies, tasks and hooks. Nothing but the script changes them, so what each
//! edit makes of them is known before the run.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::command::{Command, CommandError, Noun};
use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::SimTime;
use crate::model::lifecycle_hook::{HookChange, LifecycleHook};
use crate::model::policy::{DEFAULT_POLICY, Policy, PolicyChange};
use crate::model::scheduled_task::{ScheduledTask, TaskChange};
use crate::scenario::build::{fault, parts};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{
    AtTable, ChangedHook, ChangedPolicy, ChangedTask, HookTable, PolicyTable, TaskTable,
};

/// Whether a command creates, changes or names a policy, a task or a hook.
pub(super) const fn is_edit(command: &Command) -> bool {
    matches!(
        command,
        Command::CreatePolicy(_)
            | Command::ModifyPolicy { .. }
            | Command::DeletePolicy { .. }
            | Command::CreateTask(_)
            | Command::ModifyTask { .. }
            | Command::DeleteTask { .. }
            | Command::CreateHook(_)
            | Command::ModifyHook { .. }
            | Command::DeleteHook { .. }
            | Command::BindHook { .. }
    )
}

/// The command of a table of one of these kinds.
pub(super) fn command(
    table: &AtTable,
    at: SimTime,
    group: Option<&GroupSetup>,
    setup: &Setup,
) -> Result<Command, Fault> {
    let (limits, calendar) = (&setup.limits, (setup.start, setup.utc_offset));
    let command = match table {
        AtTable::CreatePolicy(table) => {
            let table = PolicyTable {
                name: table.name.clone(),
                metric: table.metric.clone(),
                adjustment: table.adjustment.clone(),
                cooldown: table.cooldown,
                notify_ids: table.notify_ids.clone().unwrap_or_default(),
            };
            let load = group.and_then(|group| group.load.as_ref());
            Command::CreatePolicy(parts::policy(&table, load, limits)?)
        }
        AtTable::ModifyPolicy(table) => {
            let change = policy_change(table);
            Command::ModifyPolicy { policy: table.policy.clone(), change }
        }
        AtTable::DeletePolicy(table) => Command::DeletePolicy { policy: table.policy.clone() },
        AtTable::CreateTask(table) => {
            let table = TaskTable {
                name: table.name.clone(),
                min: table.min,
                max: table.max,
                start: table.start.clone(),
                end: table.end.clone(),
                recurrence: table.recurrence.clone(),
            };
            let task = parts::task(&table, limits, calendar)?;
            not_in_the_past(Some(task.start), at, &task.name)?;
            Command::CreateTask(task)
        }
        AtTable::ModifyTask(table) => {
            let change = task_change(table, calendar)?;
            not_in_the_past(change.start, at, &table.task)?;
            Command::ModifyTask { task: table.task.clone(), change }
        }
        AtTable::DeleteTask(table) => Command::DeleteTask { task: table.task.clone() },
        AtTable::CreateHook(table) => {
            let table = HookTable {
                name: table.name.clone(),
                transition: table.transition,
                timeout: table.timeout,
                default_result: table.default_result,
                bound: None,
                notify_ids: table.notify_ids.clone().unwrap_or_default(),
                answer: table.answer,
            };
            Command::CreateHook(parts::hook(&table, limits)?)
        }
        AtTable::ModifyHook(table) => {
            Command::ModifyHook { hook: table.hook.clone(), change: hook_change(table) }
        }
        AtTable::DeleteHook(table) => Command::DeleteHook { hook: table.hook.clone() },
        _ => return Err(fault("do", "this is no command")),
    };
    Ok(command)
}

/// The service refuses a task that would have started already (9.2).
fn not_in_the_past(start: Option<SimTime>, at: SimTime, name: &str) -> Result<(), Fault> {
    if start.is_none_or(|start| start >= at) {
        return Ok(());
    }
    let error = CommandError::TaskInThePast { name: name.to_owned() };
    Err(fault("start", format!("{}: {error}", error.code())))
}

fn policy_change(table: &ChangedPolicy) -> PolicyChange {
    let metric = table.metric.clone().unwrap_or_default();
    let adjustment = table.adjustment.clone().unwrap_or_default();
    PolicyChange {
        name: table.name.clone(),
        dimension: metric.dimension,
        operator: metric.operator,
        threshold: metric.threshold,
        repeat_times: metric.repeat_times,
        statistic: metric.statistic,
        adjustment_type: adjustment.kind,
        adjustment_value: adjustment.value,
        cooldown: table.cooldown.map(|span| span.0),
        notify_ids: table.notify_ids.clone(),
    }
}

fn task_change(table: &ChangedTask, calendar: parts::Calendar) -> Result<TaskChange, Fault> {
    let time = |name: &str, when: &Option<_>| {
        when.as_ref().map(|when| parts::place(name, when, calendar)).transpose()
    };
    Ok(TaskChange {
        name: table.name.clone(),
        min: table.min,
        max: table.max,
        start: time("start", &table.start)?,
        recurrence: table.recurrence.as_deref().map(parts::crontab).transpose()?,
        end: time("end", &table.end)?,
        once: table.once.unwrap_or(false),
    })
}

fn hook_change(table: &ChangedHook) -> HookChange {
    HookChange {
        name: table.name.clone(),
        transition: table.transition,
        timeout: table.timeout.map(|span| span.0),
        default_result: table.default_result,
        notify_ids: table.notify_ids.clone(),
        answer: table.answer.as_ref().map(parts::answer),
    }
}

/// What a group has as its script goes on, as far as the script alone decides it. Where the run
/// may refuse an edit (a name that is taken, a quota) it is left out: what matters here is only
/// whether the values of a change can be.
pub(super) struct Edits<'a> {
    group: &'a GroupSetup,
    setup: &'a Setup,
    policies: BTreeMap<String, Policy>,
    tasks: BTreeMap<String, ScheduledTask>,
    hooks: BTreeMap<String, LifecycleHook>,
    /// All names that the group's policies, tasks and hooks ever have.
    names: BTreeSet<(&'static str, &'a str)>,
}

impl<'a> Edits<'a> {
    /// What the group has at the start.
    pub fn of(group: &'a GroupSetup, setup: &'a Setup) -> Self {
        Self {
            policies: group.policies.iter().map(|p| (p.name.clone(), p.clone())).collect(),
            tasks: group.tasks.iter().map(|t| (t.name.clone(), t.clone())).collect(),
            hooks: group.hooks.iter().map(|h| (h.name.clone(), h.clone())).collect(),
            names: names(group),
            group,
            setup,
        }
    }

    /// Carries out an edit.
    ///
    /// # Errors
    /// A fault of the edit's table, if its values cannot be, or it names what the group never has.
    pub fn take(&mut self, at: SimTime, command: &Command) -> Result<(), Fault> {
        match command {
            Command::CreatePolicy(new) => put(&mut self.policies, &new.name, new.clone()),
            Command::CreateTask(new) => put(&mut self.tasks, &new.name, new.clone()),
            Command::CreateHook(new) => put(&mut self.hooks, &new.name, new.clone()),
            Command::ModifyPolicy { policy, change } => return self.change_policy(policy, change),
            Command::ModifyTask { task, change } => return self.change_task(at, task, change),
            Command::ModifyHook { hook, change } => return self.change_hook(hook, change),
            Command::DeletePolicy { policy } => {
                self.check_name(POLICY, policy)?;
                self.policies.remove(policy);
            }
            Command::DeleteTask { task } => {
                self.check_name(TASK, task)?;
                self.tasks.remove(task);
            }
            // One that is in use stays when it is to be deleted, and may be changed.
            Command::DeleteHook { hook } | Command::BindHook { hook } => {
                self.check_name(HOOK, hook)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn change_policy(&mut self, name: &str, change: &PolicyChange) -> Result<(), Fault> {
        self.check_name(POLICY, name)?;
        if let Some(policy) = self.policies.get(name) {
            let after = policy.changed(change);
            parts::check_policy(&after, self.group.load.as_ref(), &self.setup.limits)?;
            replace(&mut self.policies, name, after.name.clone(), after);
        }
        Ok(())
    }

    fn change_task(&mut self, at: SimTime, name: &str, change: &TaskChange) -> Result<(), Fault> {
        self.check_name(TASK, name)?;
        if let Some(task) = self.tasks.get(name) {
            let after = task.changed(change);
            let after = after.map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
            parts::check_task(&after, &self.setup.limits)?;
            not_in_the_past(change.start, at, name)?;
            replace(&mut self.tasks, name, after.name.clone(), after);
        }
        Ok(())
    }

    fn change_hook(&mut self, name: &str, change: &HookChange) -> Result<(), Fault> {
        self.check_name(HOOK, name)?;
        if let Some(hook) = self.hooks.get(name) {
            let after = hook.changed(change);
            parts::check_hook(&after, &self.setup.limits)?;
            replace(&mut self.hooks, name, after.name.clone(), after);
        }
        Ok(())
    }

    /// A name that the group has at no time is a slip; one that it has not yet or no more is the
    /// run's to refuse.
    fn check_name(&self, (noun, key): (Noun, &'static str), name: &str) -> Result<(), Fault> {
        let is_default = noun == Noun::Policy && name == DEFAULT_POLICY;
        if is_default || self.names.contains(&(key, name)) {
            return Ok(());
        }
        let known: Vec<&str> =
            self.names.iter().filter(|(of, _)| *of == key).map(|(_, name)| *name).collect();
        let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
        let code = CommandError::Unknown { noun, name: String::new() };
        let message = format!(
            "{}: group `{}` never has a {noun} named `{name}`{}",
            code.code(),
            self.group.name,
            guess.unwrap_or_default()
        );
        Err(fault(key, message))
    }
}

/// What is edited, and the key that names it.
const POLICY: (Noun, &str) = (Noun::Policy, "policy");
const TASK: (Noun, &str) = (Noun::Task, "task");
const HOOK: (Noun, &str) = (Noun::Hook, "hook");

fn put<T>(all: &mut BTreeMap<String, T>, name: &str, new: T) {
    all.entry(name.to_owned()).or_insert(new);
}

fn replace<T>(all: &mut BTreeMap<String, T>, before: &str, after: String, new: T) {
    if before == after || !all.contains_key(&after) {
        all.remove(before);
        all.insert(after, new);
    }
}

/// All names that the group's policies, tasks and hooks ever have, with the key that names them.
fn names(group: &GroupSetup) -> BTreeSet<(&'static str, &str)> {
    let policies = group.policies.iter().map(|p| (POLICY.1, p.name.as_str()));
    let tasks = group.tasks.iter().map(|t| (TASK.1, t.name.as_str()));
    let hooks = group.hooks.iter().map(|h| (HOOK.1, h.name.as_str()));
    let later = group.script.iter().filter_map(|(_, command)| match command {
        Command::CreatePolicy(new) => Some((POLICY.1, new.name.as_str())),
        Command::ModifyPolicy { change, .. } => Some((POLICY.1, change.name.as_deref()?)),
        Command::CreateTask(new) => Some((TASK.1, new.name.as_str())),
        Command::ModifyTask { change, .. } => Some((TASK.1, change.name.as_deref()?)),
        Command::CreateHook(new) => Some((HOOK.1, new.name.as_str())),
        Command::ModifyHook { change, .. } => Some((HOOK.1, change.name.as_deref()?)),
        _ => None,
    });
    policies.chain(tasks).chain(hooks).chain(later).collect()
}
