//! One group's log folded into what a reader asks for: sizes over time, activities, lives, waits.

mod fold;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::kernel::SimTime;
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::id::{ActivityOrdinal, HookOrdinal, InstanceOrdinal, PolicyOrdinal, TaskOrdinal};
use crate::model::lifecycle_hook::{HookResult, LifecycleHook, Transition};
use crate::model::policy::Policy;
use crate::model::record::{Decision, Entry, Notice};
use crate::model::scheduled_task::ScheduledTask;
use crate::report::history::fold::Fold;

/// Everything a log says of its group.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The sizes at the start and after each instant that changed one of them.
    pub timeline: Vec<Row>,
    /// Activities in order of recording, cancelled ones included.
    pub activities: Vec<Activity>,
    /// Triggers in order, whatever came of them.
    pub triggers: Vec<(SimTime, Decision)>,
    /// Policies in creation order, deleted ones too, as they were last.
    pub policies: Vec<(PolicyOrdinal, Arc<Policy>)>,
    /// Scheduled tasks in creation order, deleted ones too, as they were last.
    pub tasks: Vec<(TaskOrdinal, Arc<ScheduledTask>)>,
    /// Lifecycle hooks in creation order, deleted ones too, as they were last.
    pub hooks: Vec<(HookOrdinal, Arc<LifecycleHook>)>,
    /// When scheduled tasks triggered.
    pub task_triggers: Vec<(SimTime, TaskOrdinal)>,
    /// Instances in order of joining.
    pub lives: Vec<Life>,
    /// Instances in service after each instant at which one entered or left service.
    pub service: Vec<(SimTime, u32)>,
    /// Spans in which alarms were refused after an activity.
    pub cooldowns: Vec<(SimTime, SimTime)>,
    /// Waits at hooks in order of their begin.
    pub waits: Vec<Wait>,
    /// When which instance was found unhealthy.
    pub marks: Vec<(SimTime, InstanceOrdinal)>,
    /// New instances that entered service in place of unhealthy ones.
    pub replacements: usize,
    /// Failures after which work waited or was given up (8.3).
    pub back_offs: Vec<BackOff>,
    /// Spans in which the group was suspended; open ones have no end.
    pub suspensions: Vec<(SimTime, Option<SimTime>)>,
    /// Who was told of what.
    pub notices: Vec<(SimTime, Notice)>,
    /// The machines that some instances were before they were attached, by id.
    pub machines: BTreeMap<InstanceOrdinal, Arc<str>>,
}

/// The sizes of a group from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// From when.
    pub t: SimTime,
    /// Minimum size.
    pub min: u32,
    /// Maximum size.
    pub max: u32,
    /// Desired capacity.
    pub desired: u32,
    /// Members, also those coming and going (instanceNum).
    pub members: u32,
    /// Members that take load.
    pub in_service: u32,
}

/// One activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its number.
    pub ordinal: ActivityOrdinal,
    /// Its type.
    pub kind: ActivityKind,
    /// How it ended, if it did.
    pub status: ActivityStatus,
    /// Why, if not well.
    pub error: ActivityError,
    /// What it came from.
    pub origin: Origin,
    /// Instances it was to launch or remove; 0 for one that was refused.
    pub count: u32,
    /// When it began.
    pub start: SimTime,
    /// When it ended; `None` while it runs.
    pub end: Option<SimTime>,
    /// Instances brought where they should be, by ordinal: of a replacement the removed ones and
    /// the new ones in service.
    pub succeeded: Vec<InstanceOrdinal>,
    /// Instances whose launch failed or was refused, by ordinal. One that could not even be begun,
    /// for want of quota, has no number and is in no list.
    pub failed: Vec<InstanceOrdinal>,
    /// Instances it is about, by ordinal: those attached, detached, or replaced.
    pub concerned: Vec<InstanceOrdinal>,
    /// Until when the cooldown lasted that refused it, if one did.
    pub refused_until: Option<SimTime>,
}

impl Activity {
    /// Whether it changed at least one instance (status 2 or 3).
    pub const fn changed_something(&self) -> bool {
        matches!(self.status, ActivityStatus::Successful | ActivityStatus::PartiallySuccessful)
    }

    /// How many of the instances it was to launch or remove it did: of a replacement the new ones.
    pub fn done(&self) -> usize {
        let is_new = |i: &&InstanceOrdinal| self.concerned.binary_search(i).is_err();
        match self.kind {
            ActivityKind::Replace => self.succeeded.iter().filter(is_new).count(),
            _ => self.succeeded.len(),
        }
    }
}

/// A wait of an instance at a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The instance.
    pub instance: InstanceOrdinal,
    /// The hook.
    pub hook: HookOrdinal,
    /// On which side of the instance's life.
    pub transition: Transition,
    /// When it began.
    pub begin: SimTime,
    /// When the default result was to be applied, renewals included.
    pub deadline: SimTime,
    /// When it was over, with what result, and whether nobody had completed it by then; `None`
    /// while it lasts.
    pub end: Option<WaitEnd>,
}

/// The end of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitEnd {
    /// When.
    pub t: SimTime,
    /// What became of the instance.
    pub result: HookResult,
    /// Whether nobody completed it in time.
    pub expired: bool,
}

impl Wait {
    /// Its length in milliseconds, up to `now` if it lasts.
    pub fn ms(&self, now: SimTime) -> i64 {
        (self.end.map_or(now, |end| end.t) - self.begin).ms().max(0)
    }

    /// Whether a launch was refused at its end.
    pub fn is_refused(&self) -> bool {
        let disabled = self.end.is_some_and(|end| end.result == HookResult::Disable);
        self.transition == Transition::Launch && disabled
    }
}

/// A failure of an activity, and what became of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackOff {
    /// When it failed.
    pub t: SimTime,
    /// Failures in a row, this one included.
    pub failures: u32,
    /// When it is tried again; `None` if it is given up.
    pub until: Option<SimTime>,
}

/// An instance's time in the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its number.
    pub ordinal: InstanceOrdinal,
    /// When it joined.
    pub joined: SimTime,
    /// When its creation was over and it began to cost (a wait at a launch hook costs too); `None`
    /// before, and for one whose creation failed.
    pub billed_from: Option<SimTime>,
    /// When it was released; `None` while it lives.
    pub gone: Option<SimTime>,
}

impl History {
    /// Folds a log.
    pub fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut fold = Fold::default();
        for entry in entries {
            fold.push(entry);
        }
        fold.finish()
    }

    /// The number of instances in service at `t`.
    pub fn in_service_at(&self, t: SimTime) -> u32 {
        let next = self.service.partition_point(|(from, _)| *from <= t);
        next.checked_sub(1).and_then(|i| self.service.get(i)).map_or(0, |(_, n)| *n)
    }

    /// The sizes that held at `t`.
    pub fn row_at(&self, t: SimTime) -> Option<&Row> {
        let next = self.timeline.partition_point(|row| row.t <= t);
        self.timeline.get(next.checked_sub(1)?)
    }

    /// The name of a policy.
    pub fn policy_name(&self, ordinal: PolicyOrdinal) -> &str {
        find(&self.policies, ordinal).map_or("", |policy| policy.name.as_str())
    }

    /// The name of a hook.
    pub fn hook_name(&self, ordinal: HookOrdinal) -> &str {
        find(&self.hooks, ordinal).map_or("", |hook| hook.name.as_str())
    }

    /// The name of what an activity came from, empty where it has none.
    pub fn origin_name(&self, origin: Origin) -> &str {
        match origin {
            Origin::Policy { policy } => self.policy_name(policy),
            Origin::Task { task } => find(&self.tasks, task).map_or("", |task| task.name.as_str()),
            Origin::User | Origin::Bounds | Origin::Health | Origin::Retry => "",
        }
    }
}

/// What has that number; numbers stand in order.
fn find<K: Ord + Copy, T>(all: &[(K, Arc<T>)], key: K) -> Option<&T> {
    let place = all.binary_search_by_key(&key, |(known, _)| *known).ok()?;
    all.get(place).map(|(_, found)| found.as_ref())
}
