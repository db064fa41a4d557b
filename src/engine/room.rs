//! Whether a group, or the account, takes one more of something.

use crate::engine::command::{CommandError, Noun};
use crate::kernel::UtcOffset;
use crate::model::configuration::Configuration;
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::limits::Limits;
use crate::model::notification::Subscription;
use crate::model::policy::{DEFAULT_POLICY, Policy};
use crate::model::scheduled_task::ScheduledTask;

/// Refuses a name that is in use, and one more than the limit allows.
fn check_room<'a>(
    noun: Noun,
    name: &str,
    mut existing: impl Iterator<Item = &'a str> + Clone,
    (key, limit): (&'static str, u32),
) -> Result<(), CommandError> {
    let count = u32::try_from(existing.clone().count()).unwrap_or(u32::MAX);
    if existing.any(|other| other == name) {
        return Err(CommandError::NameTaken { noun, name: name.to_owned() });
    }
    match count < limit {
        true => Ok(()),
        false => Err(CommandError::Quota { noun, key, limit }),
    }
}

/// Whether a group that has policies of these names takes one more. The default policy has a name
/// too, but does not count (7.2).
pub(super) fn check_new_policy<'a>(
    policy: &Policy,
    existing: impl Iterator<Item = &'a str> + Clone,
    limits: &Limits,
) -> Result<(), CommandError> {
    policy.check(limits)?;
    let (noun, limit) = (Noun::Policy, ("policies_per_group", limits.policies_per_group));
    if policy.name == DEFAULT_POLICY {
        return Err(CommandError::NameTaken { noun, name: policy.name.clone() });
    }
    check_room(noun, &policy.name, existing, limit)
}

/// Whether a group that has these tasks takes one more.
pub(super) fn check_new_task<'a>(
    task: &ScheduledTask,
    existing: impl Iterator<Item = &'a ScheduledTask> + Clone,
    limits: &Limits,
    offset: UtcOffset,
) -> Result<(), CommandError> {
    task.check(limits)?;
    let limit = ("scheduled_tasks_per_group", limits.scheduled_tasks_per_group);
    check_room(Noun::Task, &task.name, existing.clone().map(|t| t.name.as_str()), limit)?;
    check_conflicts(task, existing, offset)
}

/// Whether a task shares a trigger minute with another (9.3).
pub(super) fn check_conflicts<'a>(
    task: &ScheduledTask,
    mut others: impl Iterator<Item = &'a ScheduledTask>,
    offset: UtcOffset,
) -> Result<(), CommandError> {
    let conflict = others.find_map(|other| Some((other, task.conflict(other, offset)?)));
    match conflict {
        Some((other, at)) => {
            let (name, other) = (task.name.clone(), other.name.clone());
            Err(CommandError::TaskConflict { name, other, at })
        }
        None => Ok(()),
    }
}

/// Whether a group that has hooks of these names takes one more.
pub(super) fn check_new_hook<'a>(
    hook: &LifecycleHook,
    existing: impl Iterator<Item = &'a str> + Clone,
    limits: &Limits,
) -> Result<(), CommandError> {
    hook.check(limits)?;
    check_room(Noun::Hook, &hook.name, existing, ("hooks_per_group", limits.hooks_per_group))
}

/// Whether a group that has so many notifications takes one more.
pub(super) fn check_new_notification(
    subscription: &Subscription,
    existing: usize,
    limits: &Limits,
) -> Result<(), CommandError> {
    subscription.check()?;
    let limit = limits.notifications_per_group;
    match u32::try_from(existing).is_ok_and(|count| count < limit) {
        true => Ok(()),
        false => {
            let (noun, key) = (Noun::Notification, "notifications_per_group");
            Err(CommandError::Quota { noun, key, limit })
        }
    }
}

/// Whether an account that has these configurations takes one more. Names are the realm's; the
/// quota is that of the new one's project in all regions.
pub(super) fn check_new_configuration<'a>(
    configuration: &Configuration,
    mut existing: impl Iterator<Item = &'a Configuration> + Clone,
    limits: &Limits,
) -> Result<(), CommandError> {
    configuration.check()?;
    let noun = Noun::Configuration;
    let (realm, project) = (&configuration.realm, configuration.project);
    let of_project = existing
        .clone()
        .filter(|other| other.project == project && other.realm.account == realm.account);
    let count = u32::try_from(of_project.count()).unwrap_or(u32::MAX);
    if existing.any(|other| other.name == configuration.name && other.realm == *realm) {
        return Err(CommandError::NameTaken { noun, name: configuration.name.clone() });
    }
    let (key, limit) = ("configurations_per_project", limits.configurations_per_project);
    match count < limit {
        true => Ok(()),
        false => Err(CommandError::Quota { noun, key, limit }),
    }
}
