//! One group's log folded into what a reader asks for: sizes over time, activities, lives.

use std::sync::Arc;

use serde::Serialize;

use crate::kernel::SimTime;
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::group::Capacity;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal, PolicyOrdinal, TaskOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::policy::Policy;
use crate::model::record::{Decision, Entry, Record};
use crate::model::scheduled_task::ScheduledTask;

/// Everything a log says of its group.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The sizes at the start and after each instant that changed one of them.
    pub timeline: Vec<Row>,
    /// Activities in order of recording, cancelled ones included.
    pub activities: Vec<Activity>,
    /// Triggers in order, whatever came of them.
    pub triggers: Vec<(SimTime, Decision)>,
    /// Policies in creation order.
    pub policies: Vec<(PolicyOrdinal, Arc<Policy>)>,
    /// Scheduled tasks in creation order.
    pub tasks: Vec<(TaskOrdinal, Arc<ScheduledTask>)>,
    /// When scheduled tasks triggered.
    pub task_triggers: Vec<(SimTime, TaskOrdinal)>,
    /// Instances in order of joining.
    pub lives: Vec<Life>,
    /// Instances in service after each instant at which one entered or left service.
    pub service: Vec<(SimTime, u32)>,
    /// Spans in which alarms were refused after an activity.
    pub cooldowns: Vec<(SimTime, SimTime)>,
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
    /// Instances brought where they should be, by ordinal.
    pub succeeded: Vec<InstanceOrdinal>,
    /// Until when the cooldown lasted that refused it, if one did.
    pub refused_until: Option<SimTime>,
}

impl Activity {
    /// Whether it changed at least one instance (status 2 or 3).
    pub const fn changed_something(&self) -> bool {
        matches!(self.status, ActivityStatus::Successful | ActivityStatus::PartiallySuccessful)
    }
}

/// An instance's time in the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its number.
    pub ordinal: InstanceOrdinal,
    /// When it joined.
    pub joined: SimTime,
    /// When its creation was over and it began to cost; `None` before.
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
        fold.end_instant();
        fold.history
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
        let found = self.policies.iter().find(|(o, _)| *o == ordinal);
        found.map_or("", |(_, policy)| policy.name.as_str())
    }

    /// The name of what an activity came from, empty where it has none.
    pub fn origin_name(&self, origin: Origin) -> &str {
        match origin {
            Origin::Policy { policy } => self.policy_name(policy),
            Origin::Task { task } => {
                let found = self.tasks.iter().find(|(o, _)| *o == task);
                found.map_or("", |(_, task)| task.name.as_str())
            }
            Origin::User | Origin::Bounds | Origin::Health | Origin::Retry => "",
        }
    }
}

/// The sizes as they stand while a log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Sizes {
    capacity: Option<Capacity>,
    members: u32,
    in_service: u32,
}

/// The activity with that number. They stand in the order of their numbers, and thousands may
/// have been refused while one ran.
fn numbered(activities: &mut [Activity], ordinal: ActivityOrdinal) -> Option<&mut Activity> {
    let place = activities.binary_search_by_key(&ordinal, |a| a.ordinal).ok()?;
    activities.get_mut(place)
}

#[derive(Default)]
struct Fold {
    history: History,
    now: Option<SimTime>,
    sizes: Sizes,
    /// The sizes of the last row, and the last instant's count of changes of service.
    written: Sizes,
    service_changed: bool,
    states: Vec<Option<LifecycleState>>,
}

impl Fold {
    fn push(&mut self, entry: &Entry) {
        if self.now.is_some_and(|now| now != entry.t) {
            self.end_instant();
        }
        self.now = Some(entry.t);
        match &entry.record {
            Record::Capacity(capacity) => self.sizes.capacity = Some(*capacity),
            Record::PolicyCreated { policy, definition } => {
                self.history.policies.push((*policy, Arc::clone(definition)));
            }
            Record::TaskCreated { task, definition } => {
                self.history.tasks.push((*task, Arc::clone(definition)));
            }
            Record::TaskTriggered { task } => self.history.task_triggers.push((entry.t, *task)),
            Record::Trigger(decision) => self.history.triggers.push((entry.t, *decision)),
            Record::CooldownOpened { until, .. } => {
                self.history.cooldowns.push((entry.t, *until));
            }
            Record::Instance { instance, state, activity } => {
                self.instance(entry.t, *instance, *state, *activity);
            }
            _ => self.activity(entry),
        }
    }

    fn activity(&mut self, entry: &Entry) {
        let activities = &mut self.history.activities;
        let blank = |ordinal, kind, origin| Activity {
            ordinal,
            kind,
            status: ActivityStatus::Executing,
            error: ActivityError::None,
            origin,
            count: 0,
            start: entry.t,
            end: None,
            succeeded: Vec::new(),
            refused_until: None,
        };
        match entry.record {
            Record::ActivityStarted { activity, activity_kind, origin, count } => {
                activities.push(Activity { count, ..blank(activity, activity_kind, origin) });
            }
            Record::ActivityEnded { activity, status, error } => {
                if let Some(open) = numbered(activities, activity) {
                    (open.status, open.error, open.end) = (status, error, Some(entry.t));
                    open.succeeded.sort_unstable();
                }
            }
            Record::ActivityCancelled { activity, activity_kind, origin, error } => {
                let cooldown = self.history.cooldowns.last().map(|(_, until)| *until);
                let refused_until = cooldown.filter(|_| error == ActivityError::Cooldown);
                activities.push(Activity {
                    status: ActivityStatus::Cancelled,
                    error,
                    end: Some(entry.t),
                    refused_until,
                    ..blank(activity, activity_kind, origin)
                });
            }
            _ => {}
        }
    }

    fn instance(
        &mut self,
        now: SimTime,
        ordinal: InstanceOrdinal,
        state: LifecycleState,
        activity: Option<ActivityOrdinal>,
    ) {
        let place = usize::try_from(ordinal.0).unwrap_or(usize::MAX).saturating_sub(1);
        if self.states.len() <= place {
            self.states.resize(place + 1, None);
        }
        let Some(slot) = self.states.get_mut(place) else { return };
        let before = slot.replace(state);
        if before.is_none() {
            self.sizes.members += 1;
            let life = Life { ordinal, joined: now, billed_from: None, gone: None };
            self.history.lives.push(life);
        }
        // Lives stand in order of ordinals, which have no gaps.
        if let Some(life) = self.history.lives.get_mut(place) {
            if state != LifecycleState::Creating && life.billed_from.is_none() {
                life.billed_from = Some(now);
            }
            if !state.is_member() {
                life.gone = Some(now);
            }
        }
        if !state.is_member() {
            self.sizes.members = self.sizes.members.saturating_sub(1);
        }
        let served = before.is_some_and(LifecycleState::is_in_service);
        if served != state.is_in_service() {
            self.service_changed = true;
            self.sizes.in_service = if served {
                self.sizes.in_service.saturating_sub(1)
            } else {
                self.sizes.in_service + 1
            };
        }
        let arrived = matches!(state, LifecycleState::InService | LifecycleState::Gone);
        if arrived
            && let Some(ordinal_of_activity) = activity
            && let Some(activity) = numbered(&mut self.history.activities, ordinal_of_activity)
        {
            activity.succeeded.push(ordinal);
        }
    }

    fn end_instant(&mut self) {
        let Some(t) = self.now else { return };
        if self.service_changed {
            self.history.service.push((t, self.sizes.in_service));
            self.service_changed = false;
        }
        if self.sizes != self.written
            && let Some(Capacity { min, max, desired }) = self.sizes.capacity
        {
            let Sizes { members, in_service, .. } = self.sizes;
            self.history.timeline.push(Row { t, min, max, desired, members, in_service });
            self.written = self.sizes;
        }
    }
}
