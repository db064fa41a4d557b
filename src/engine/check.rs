//! What can be wrong with a world before it runs, and what a group takes one more of.

use std::collections::BTreeSet;

use crate::engine::command::{Command, CommandError};
use crate::engine::room::{
    check_new_configuration, check_new_hook, check_new_notification, check_new_policy,
    check_new_task,
};
use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::{SimTime, UtcOffset};
use crate::model::capacity::{Resize, resize};
use crate::model::configuration::Configuration;
use crate::model::failure::{Condition, FailureCause};
use crate::model::group::Capacity;
use crate::model::id::GROUPS_MAX;
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::limits::Limits;
use crate::model::policy::{Policy, is_name};
use crate::model::scheduled_task::ScheduledTask;

pub use crate::engine::invalid::ValidationError;

impl Setup {
    /// Checks everything that can be wrong with a world before it runs.
    ///
    /// # Errors
    /// The first [`ValidationError`] in order of the groups.
    pub fn check(&self) -> Result<(), ValidationError> {
        let limit = self.limits.groups_per_project.min(GROUPS_MAX);
        let count = self.groups.len();
        if count > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(ValidationError::TooManyGroups { count, limit });
        }
        let mut names: Vec<&str> = self.groups.iter().map(|g| g.name.as_str()).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            if let [a, b] = pair
                && a == b
            {
                return Err(ValidationError::GroupNameTaken { name: (*a).to_owned() });
            }
        }
        let limit = self.limits.records;
        let count = self.groups.iter().map(|g| u64::from(g.capacity.desired)).sum();
        if count > u64::from(limit) {
            return Err(ValidationError::TooManyInstances { count, limit });
        }
        self.check_world()?;
        self.latency.check().map_err(|state| ValidationError::Latency { state })?;
        for group in &self.groups {
            let known = |c: &Configuration| c.name == group.configuration;
            if !self.configurations.is_empty() && !self.configurations.iter().any(known) {
                let configuration = group.configuration.clone();
                return Err(ValidationError::UnknownConfiguration {
                    group: group.name.clone(),
                    configuration,
                });
            }
            group.check(self.start, self.utc_offset, &self.limits)?;
        }
        Ok(())
    }

    /// Configurations, machines and conditions.
    fn check_world(&self) -> Result<(), ValidationError> {
        for (n, configuration) in self.configurations.iter().enumerate() {
            let earlier = self.configurations.iter().take(n);
            check_new_configuration(configuration, earlier, &self.limits).map_err(|error| {
                ValidationError::Configuration { name: configuration.name.clone(), error }
            })?;
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = self.machines.iter().find(|machine| !ids.insert(&machine.id)) {
            return Err(ValidationError::MachineIdTaken { id: twice.id.to_string() });
        }
        self.conditions.iter().try_for_each(check_condition)
    }
}

impl GroupSetup {
    /// Checks one group on its own.
    ///
    /// # Errors
    /// The first fault in the order name, sizes, load, places, faults, policies, tasks, hooks,
    /// notifications, script.
    pub fn check(
        &self,
        start: SimTime,
        offset: UtcOffset,
        limits: &Limits,
    ) -> Result<(), ValidationError> {
        if !is_name(&self.name) {
            return Err(ValidationError::GroupName { name: self.name.clone() });
        }
        let Capacity { min, max, desired } = self.capacity;
        let sizes = Resize { min: Some(min), max: Some(max), desired: Some(desired) };
        resize(self.capacity, sizes, limits)
            .map_err(|error| ValidationError::Size { group: self.name.clone(), error })?;
        if let Some(load) = &self.load {
            load.check()
                .map_err(|error| ValidationError::Load { group: self.name.clone(), error })?;
        }
        self.check_places(limits)?;
        self.faults
            .check()
            .map_err(|key| ValidationError::Faults { group: self.name.clone(), key })?;
        self.check_parts(limits, offset)?;
        for (at, command) in &self.script {
            if *at < start {
                return Err(ValidationError::CommandBeforeStart {
                    group: self.name.clone(),
                    at: *at,
                });
            }
            self.check_command(command, limits)?;
        }
        Ok(())
    }

    /// Policies, tasks, hooks and notifications, each against those before it.
    fn check_parts(&self, limits: &Limits, offset: UtcOffset) -> Result<(), ValidationError> {
        for (i, policy) in self.policies.iter().enumerate() {
            let earlier = self.policies.iter().take(i).map(|p| p.name.as_str());
            check_new_policy(policy, earlier, limits)
                .map_err(|error| self.policy_error(policy, error))?;
            self.check_source(policy)?;
        }
        for (i, task) in self.tasks.iter().enumerate() {
            let earlier = self.tasks.iter().take(i);
            check_new_task(task, earlier, limits, offset)
                .map_err(|error| self.task_error(task, error))?;
        }
        for (i, hook) in self.hooks.iter().enumerate() {
            let earlier = self.hooks.iter().take(i).map(|h| h.name.as_str());
            check_new_hook(hook, earlier, limits).map_err(|error| self.hook_error(hook, error))?;
        }
        if let Some(bound) = &self.bound_hook
            && !self.hooks.iter().any(|hook| hook.name == *bound)
        {
            let (group, hook) = (self.name.clone(), bound.clone());
            return Err(ValidationError::BoundHook { group, hook });
        }
        for (i, subscription) in self.notifications.iter().enumerate() {
            check_new_notification(subscription, i, limits).map_err(|error| {
                let (group, number) = (self.name.clone(), i + 1);
                ValidationError::Notification { group, number, error }
            })?;
        }
        Ok(())
    }

    /// What can be said of a scripted command before the run.
    fn check_command(&self, command: &Command, limits: &Limits) -> Result<(), ValidationError> {
        match command {
            Command::CreatePolicy(policy) => {
                policy.check(limits).map_err(|e| self.policy_error(policy, e.into()))?;
                self.check_source(policy)
            }
            Command::CreateTask(task) => {
                task.check(limits).map_err(|e| self.task_error(task, e.into()))
            }
            Command::CreateHook(hook) => {
                hook.check(limits).map_err(|e| self.hook_error(hook, e.into()))
            }
            _ => Ok(()),
        }
    }

    fn check_places(&self, limits: &Limits) -> Result<(), ValidationError> {
        let group = || self.name.clone();
        if let (Some(name), false) = (self.subnets.first(), self.zones.is_empty()) {
            let (what, name, why) = ("subnet", name.clone(), "cannot stand beside zones");
            return Err(ValidationError::Place { group: group(), what, name, why });
        }
        let lists = [
            ("zones", "zone", &self.zones, limits.zones_per_group),
            ("subnets", "subnet", &self.subnets, limits.subnets_per_group),
            (
                "load_balancers",
                "load balancer",
                &self.load_balancers,
                limits.load_balancers_per_group,
            ),
        ];
        for (what, one, names, limit) in lists {
            let count = names.len();
            if u32::try_from(count).unwrap_or(u32::MAX) > limit {
                return Err(ValidationError::TooManyPlaces { group: group(), what, count, limit });
            }
            let mut seen = BTreeSet::new();
            if let Some(name) = names.iter().find(|name| name.is_empty() || !seen.insert(*name)) {
                let why = if name.is_empty() { "has no name" } else { "stands twice" };
                let name = name.clone();
                return Err(ValidationError::Place { group: group(), what: one, name, why });
            }
        }
        Ok(())
    }

    fn hook_error(&self, hook: &LifecycleHook, error: CommandError) -> ValidationError {
        ValidationError::Hook { group: self.name.clone(), hook: hook.name.clone(), error }
    }

    fn check_source(&self, policy: &Policy) -> Result<(), ValidationError> {
        let dimension = policy.alarm.dimension;
        if self.load.as_ref().is_some_and(|load| load.has(dimension)) {
            return Ok(());
        }
        let (group, policy) = (self.name.clone(), policy.name.clone());
        Err(ValidationError::NoSource { group, policy, dimension })
    }

    fn task_error(&self, task: &ScheduledTask, error: CommandError) -> ValidationError {
        ValidationError::Task { group: self.name.clone(), task: task.name.clone(), error }
    }

    fn policy_error(&self, policy: &Policy, error: CommandError) -> ValidationError {
        ValidationError::Policy { group: self.name.clone(), policy: policy.name.clone(), error }
    }
}

/// Whether a condition can be.
pub(super) fn check_condition(condition: &Condition) -> Result<(), ValidationError> {
    let cause = condition.cause;
    let wrong = if condition.begin >= condition.end {
        Some("it is over before it begins")
    } else if condition.place.is_some() && !cause.is_local() {
        Some("it concerns the whole group, not one zone")
    } else if condition.limit.is_some() && cause != FailureCause::Quota {
        Some("only a quota has a limit")
    } else {
        None
    };
    wrong.map_or(Ok(()), |why| Err(ValidationError::Condition { cause, why }))
}
