//! The world as it is at the start of a run.

use std::sync::Arc;

use crate::engine::command::{Command, CommandError};
use crate::env::latency::Latency;
use crate::env::load::{Load, LoadError};
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::capacity::{Resize, SizeError, resize};
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::id::GROUPS_MAX;
use crate::model::instance::LifecycleState;
use crate::model::limits::Limits;
use crate::model::policy::{Dimension, Policy, is_name};
use crate::model::scheduled_task::ScheduledTask;
use crate::model::semantics::Semantics;

/// What all groups share, and the groups.
#[derive(Clone, Debug)]
pub struct Setup {
    /// When the run begins.
    pub start: SimTime,
    /// Civil time of the service.
    pub utc_offset: UtcOffset,
    /// The seed of all chance, and the salt of ids.
    pub seed: u64,
    /// Choices where the documents leave one.
    pub semantics: Semantics,
    /// Quotas.
    pub limits: Limits,
    /// How long phases of instances take.
    pub latency: Latency,
    /// The groups in creation order.
    pub groups: Vec<GroupSetup>,
}

/// A group as it is at the start.
#[derive(Clone, Debug)]
pub struct GroupSetup {
    /// User-defined name, unique in the run.
    pub name: String,
    /// Name of its scaling configuration.
    pub configuration: String,
    /// Its sizes.
    pub capacity: Capacity,
    /// Whether its instances are there already.
    pub initial: Initial,
    /// Who leaves first.
    pub remove_policy: RemovePolicy,
    /// Ids of its load balancers; with none, instances skip AttachLb and DetachLb.
    pub load_balancers: Vec<String>,
    /// Where its metrics come from.
    pub load: Option<Load>,
    /// Its policies in creation order.
    pub policies: Vec<Policy>,
    /// Its scheduled tasks in creation order. A trigger before the start is skipped.
    pub tasks: Vec<ScheduledTask>,
    /// Timed commands; at one instant they run in this order.
    pub script: Vec<(SimTime, Command)>,
}

impl Setup {
    /// A world without groups: seed 0, offset +08:00, and the defaults of everything else.
    pub fn new(start: SimTime) -> Self {
        Self {
            start,
            utc_offset: UtcOffset::default(),
            seed: 0,
            semantics: Semantics::default(),
            limits: Limits::default(),
            latency: Latency::default(),
            groups: Vec::new(),
        }
    }
}

impl GroupSetup {
    /// A group of `desired` instances in service, bounds `min` to `max`, without load or policies.
    pub fn new(name: &str, min: u32, max: u32, desired: u32) -> Self {
        Self {
            name: name.to_owned(),
            configuration: String::from("default"),
            capacity: Capacity { min, max, desired },
            initial: Initial::InService,
            remove_policy: RemovePolicy::RemoveOldestInstance,
            load_balancers: Vec::new(),
            load: None,
            policies: Vec::new(),
            tasks: Vec::new(),
            script: Vec::new(),
        }
    }
}

/// Why a world cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// More groups than the quota or the engine allows.
    #[error("{count} groups are more than the limit of {limit} (limits.groups_per_project)")]
    TooManyGroups {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: u32,
    },
    /// Empty, longer than 60 characters, or with control characters.
    #[error("group name {name:?} must have 1 to 60 characters, none of them a control character")]
    GroupName {
        /// The name found.
        name: String,
    },
    /// Two groups of one name.
    #[error("two groups are named {name:?}")]
    GroupNameTaken {
        /// The name.
        name: String,
    },
    /// Sizes that cannot be.
    #[error("group {group:?}: {error}")]
    Size {
        /// The group's name.
        group: String,
        /// What is wrong.
        error: SizeError,
    },
    /// A load with a value that cannot be.
    #[error("group {group:?}, load, {}: {error}", error.key)]
    Load {
        /// The group's name.
        group: String,
        /// What is wrong.
        error: LoadError,
    },
    /// A log-normal phase whose median is not above 0, or whose sigma is not between 0 and 3.
    #[error("latency of {state:?}: median must be above 0 and sigma between 0 and 3")]
    Latency {
        /// The phase.
        state: LifecycleState,
    },
    /// A policy that the service would refuse.
    #[error("group {group:?}, policy {policy:?}: {error}")]
    Policy {
        /// The group's name.
        group: String,
        /// The policy's name.
        policy: String,
        /// What is wrong.
        error: CommandError,
    },
    /// A task that the service would refuse.
    #[error("group {group:?}, task {task:?}: {error}")]
    Task {
        /// The group's name.
        group: String,
        /// The task's name.
        task: String,
        /// What is wrong.
        error: CommandError,
    },
    /// The instances that are there at the start alone make too many records.
    #[error(
        "the groups begin with {count} instances, and a run keeps at most {limit} records (limits.records)"
    )]
    TooManyInstances {
        /// Instances in service at the start, all groups together.
        count: u64,
        /// How many records may be kept.
        limit: u32,
    },
    /// A timed command before the start of the run.
    #[error("group {group:?}: a command at {at} lies before the start")]
    CommandBeforeStart {
        /// The group's name.
        group: String,
        /// When it was to run.
        at: SimTime,
    },
    /// A policy on a metric that the group's load does not have.
    #[error("group {group:?}, policy {policy:?}: the group's load has no {dimension}")]
    NoSource {
        /// The group's name.
        group: String,
        /// The policy's name.
        policy: String,
        /// The metric.
        dimension: Dimension,
    },
}

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
        self.latency.check().map_err(|state| ValidationError::Latency { state })?;
        self.groups
            .iter()
            .try_for_each(|group| group.check(self.start, self.utc_offset, &self.limits))
    }
}

/// Members of a group that can be looked at in the time of one evaluation.
const MEMBERS_PER_STEP: u64 = 64;

impl Setup {
    /// About how many steps of work the run to `end` is: minutes, steps of traces and evaluations
    /// of policies, all groups together. A million of them take well under a second.
    pub fn work(&self, end: SimTime) -> u64 {
        self.work_by_group(end).fold(0, u64::saturating_add)
    }

    /// The same, group by group.
    pub fn work_by_group(&self, end: SimTime) -> impl Iterator<Item = u64> {
        let period = self.semantics.period;
        self.groups.iter().map(move |group| group.work(self.start, end, period))
    }
}

impl GroupSetup {
    /// Checks one group on its own.
    ///
    /// # Errors
    /// The first fault in the order name, sizes, load, policies, tasks, script.
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
        for (at, command) in &self.script {
            if *at < start {
                return Err(ValidationError::CommandBeforeStart {
                    group: self.name.clone(),
                    at: *at,
                });
            }
            match command {
                Command::CreatePolicy(policy) => {
                    policy.check(limits).map_err(|e| self.policy_error(policy, e.into()))?;
                    self.check_source(policy)?;
                }
                Command::CreateTask(task) => {
                    task.check(limits).map_err(|e| self.task_error(task, e.into()))?;
                }
                Command::Resize(_) => {}
            }
        }
        Ok(())
    }

    /// About how many steps of work the group is from `start` to `end`: its minutes and the steps
    /// of its load, over which meter and reports go, and its evaluations.
    fn work(&self, start: SimTime, end: SimTime, period: SimDuration) -> u64 {
        let pieces = |span: SimDuration| {
            let pieces = (end - start).ms().max(0) / span.ms().max(1);
            u64::try_from(pieces).unwrap_or(0).saturating_add(1)
        };
        let minutes = pieces(SimDuration::MINUTE);
        let steps = self.load.as_ref().map_or(0, |load| load.steps_within(start, end));
        let created = self.script.iter().filter(|(_, c)| matches!(c, Command::CreatePolicy(_)));
        let policies = self.policies.len().saturating_add(created.count());
        let policies = u64::try_from(policies).unwrap_or(u64::MAX);
        // At each period end the members are counted, which is quick but not nothing.
        let members = u64::from(self.capacity.max) / MEMBERS_PER_STEP;
        let of_periods = match policies {
            0 => 0,
            _ => pieces(period).saturating_mul(policies.saturating_add(members)),
        };
        minutes.saturating_add(steps).saturating_add(of_periods)
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

/// Whether a group that has policies of these names takes one more.
pub(super) fn check_new_policy<'a>(
    policy: &Policy,
    existing: impl Iterator<Item = &'a str> + Clone,
    limits: &Limits,
) -> Result<(), CommandError> {
    policy.check(limits)?;
    if existing.clone().any(|name| name == policy.name) {
        return Err(CommandError::PolicyNameTaken { name: policy.name.clone() });
    }
    let limit = limits.policies_per_group;
    if existing.count() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(CommandError::PolicyQuota { limit });
    }
    Ok(())
}

/// Whether a group that has these tasks takes one more.
pub(super) fn check_new_task<'a>(
    task: &ScheduledTask,
    existing: impl Iterator<Item = &'a ScheduledTask> + Clone,
    limits: &Limits,
    offset: UtcOffset,
) -> Result<(), CommandError> {
    task.check(limits)?;
    if existing.clone().any(|other| other.name == task.name) {
        return Err(CommandError::TaskNameTaken { name: task.name.clone() });
    }
    let limit = limits.scheduled_tasks_per_group;
    if existing.clone().count() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(CommandError::TaskQuota { limit });
    }
    for other in existing {
        if let Some(at) = task.conflict(other, offset) {
            let (name, other) = (task.name.clone(), other.name.clone());
            return Err(CommandError::TaskConflict { name, other, at });
        }
    }
    Ok(())
}

/// What a group looks at besides itself. Shared by all groups, never changed by them.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub start: SimTime,
    pub utc_offset: UtcOffset,
    pub seed: u64,
    pub semantics: Semantics,
    pub limits: Limits,
    pub latency: Latency,
}

impl World {
    pub fn of(setup: &Setup) -> Arc<Self> {
        Arc::new(Self {
            start: setup.start,
            utc_offset: setup.utc_offset,
            seed: setup.seed,
            semantics: setup.semantics,
            limits: setup.limits,
            latency: setup.latency,
        })
    }
}
