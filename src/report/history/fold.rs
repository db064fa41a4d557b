//! Reading a log, record by record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kernel::SimTime;
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::group::Capacity;
use crate::model::id::{ActivityOrdinal, HookOrdinal, InstanceOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::lifecycle_hook::Transition;
use crate::model::record::{Entry, Record};
use crate::report::history::{Activity, BackOff, History, Life, Row, Wait, WaitEnd, find};

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

/// Something that was put in the place of what has that number.
fn redefine<K: Ord, T>(all: &mut [(K, Arc<T>)], key: &K, definition: &Arc<T>) {
    if let Some((_, known)) = all.iter_mut().find(|(known, _)| known == key) {
        *known = Arc::clone(definition);
    }
}

/// A history in the making.
#[derive(Default)]
pub(super) struct Fold {
    history: History,
    now: Option<SimTime>,
    sizes: Sizes,
    /// The sizes of the last row, and the last instant's count of changes of service.
    written: Sizes,
    service_changed: bool,
    states: Vec<Option<LifecycleState>>,
    /// The activity that holds the lock.
    running: Option<ActivityOrdinal>,
    /// The place among the waits of the open wait of each instance that waits.
    waiting: BTreeMap<InstanceOrdinal, usize>,
    /// Instances whose launch failed or was refused, and that are not gone yet.
    failed: BTreeSet<InstanceOrdinal>,
}

impl Fold {
    /// The whole, after the last record.
    pub fn finish(mut self) -> History {
        self.end_instant();
        if let Some(running) = self.running {
            numbered(&mut self.history.activities, running).map(in_order);
        }
        self.history
    }

    /// One more record.
    pub fn push(&mut self, entry: &Entry) {
        if self.now.is_some_and(|now| now != entry.t) {
            self.end_instant();
        }
        let t = entry.t;
        self.now = Some(t);
        let history = &mut self.history;
        match &entry.record {
            Record::Capacity(capacity) => self.sizes.capacity = Some(*capacity),
            Record::TaskTriggered { task } => history.task_triggers.push((t, *task)),
            Record::Trigger(decision) => history.triggers.push((t, *decision)),
            Record::CooldownOpened { until, .. } => history.cooldowns.push((t, *until)),
            Record::BackedOff { failures, until } => {
                history.back_offs.push(BackOff { t, failures: *failures, until: *until });
            }
            Record::Marked { instance } => history.marks.push((t, *instance)),
            Record::Notified(notice) => history.notices.push((t, notice.clone())),
            Record::Suspended => history.suspensions.push((t, None)),
            Record::Resumed => {
                if let Some((_, end)) = history.suspensions.last_mut() {
                    *end = Some(t);
                }
            }
            Record::Joined { instance, machine: Some(machine), .. } => {
                history.machines.insert(*instance, Arc::clone(machine));
            }
            Record::Instance { instance, state, activity } => {
                self.instance(t, *instance, *state, *activity);
            }
            Record::LaunchFailed { instance, .. } => self.fail(*instance),
            Record::HookWaiting { instance, hook, deadline } => {
                self.begin_wait(t, *instance, *hook, *deadline);
            }
            Record::HookRenewed { instance, deadline } => {
                if let Some(wait) = self.wait(*instance) {
                    wait.deadline = *deadline;
                }
            }
            Record::HookEnded { instance, result, expired } => {
                let end = WaitEnd { t, result: *result, expired: *expired };
                self.end_wait(*instance, end);
            }
            other => {
                self.define(other);
                self.activity(entry);
            }
        }
    }

    /// Policies, tasks and hooks come and change.
    fn define(&mut self, record: &Record) {
        let History { policies, tasks, hooks, .. } = &mut self.history;
        match record {
            Record::PolicyCreated { policy, definition } => {
                policies.push((*policy, Arc::clone(definition)));
            }
            Record::PolicyModified { policy, definition } => redefine(policies, policy, definition),
            Record::TaskCreated { task, definition } => tasks.push((*task, Arc::clone(definition))),
            Record::TaskModified { task, definition } => redefine(tasks, task, definition),
            Record::HookCreated { hook, definition } => hooks.push((*hook, Arc::clone(definition))),
            Record::HookModified { hook, definition } => redefine(hooks, hook, definition),
            _ => {}
        }
    }

    fn activity(&mut self, entry: &Entry) {
        let t = entry.t;
        let activities = &mut self.history.activities;
        match entry.record {
            Record::ActivityStarted { activity, activity_kind, origin, count } => {
                self.running = Some(activity);
                activities.push(Activity { count, ..blank(t, activity, activity_kind, origin) });
            }
            Record::ActivityEnded { activity, status, error } => {
                self.running = None;
                if let Some(open) = numbered(activities, activity) {
                    (open.status, open.error, open.end) = (status, error, Some(t));
                    in_order(open);
                }
            }
            Record::ActivityFailed { activity, origin, error } => {
                let status = ActivityStatus::Failed;
                let blank = blank(t, activity, ActivityKind::ScaleOut, origin);
                activities.push(Activity { status, error, end: Some(t), ..blank });
            }
            Record::ActivityCancelled { activity, activity_kind, origin, error } => {
                let cooldown = self.history.cooldowns.last().map(|(_, until)| *until);
                let refused_until = cooldown.filter(|_| error == ActivityError::Cooldown);
                activities.push(Activity {
                    status: ActivityStatus::Cancelled,
                    error,
                    end: Some(t),
                    refused_until,
                    ..blank(t, activity, activity_kind, origin)
                });
            }
            _ => {}
        }
    }

    /// The launch of an instance failed, or was refused.
    fn fail(&mut self, instance: InstanceOrdinal) {
        self.failed.insert(instance);
        let running = self.running.and_then(|a| numbered(&mut self.history.activities, a));
        if let Some(activity) = running {
            activity.failed.push(instance);
        }
    }

    fn begin_wait(
        &mut self,
        begin: SimTime,
        instance: InstanceOrdinal,
        hook: HookOrdinal,
        deadline: SimTime,
    ) {
        let rule = find(&self.history.hooks, hook);
        let transition = rule.map_or(Transition::Launch, |rule| rule.transition);
        self.waiting.insert(instance, self.history.waits.len());
        self.history.waits.push(Wait { instance, hook, transition, begin, deadline, end: None });
        // The machine runs from now on, though it is shown as in creation.
        self.bill(instance, begin);
    }

    /// The open wait of an instance.
    fn wait(&mut self, instance: InstanceOrdinal) -> Option<&mut Wait> {
        let place = self.waiting.get(&instance)?;
        self.history.waits.get_mut(*place)
    }

    fn end_wait(&mut self, instance: InstanceOrdinal, end: WaitEnd) {
        let Some(wait) = self.wait(instance) else { return };
        wait.end = Some(end);
        let is_refused = wait.is_refused();
        self.waiting.remove(&instance);
        if is_refused {
            self.fail(instance);
        }
    }

    /// An instance costs from now on, if it does not yet.
    fn bill(&mut self, ordinal: InstanceOrdinal, from: SimTime) {
        // Lives stand in order of ordinals, which have no gaps.
        if let Some(life) = self.history.lives.get_mut(place_of(ordinal)) {
            life.billed_from.get_or_insert(from);
        }
    }

    fn instance(
        &mut self,
        now: SimTime,
        ordinal: InstanceOrdinal,
        state: LifecycleState,
        activity: Option<ActivityOrdinal>,
    ) {
        let place = place_of(ordinal);
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
        // A launch that failed is gone without ever having been there.
        let is_stillborn = state == LifecycleState::Gone && self.failed.contains(&ordinal);
        if state != LifecycleState::Creating && !is_stillborn {
            self.bill(ordinal, now);
        }
        if !state.is_member() {
            self.sizes.members = self.sizes.members.saturating_sub(1);
            if let Some(life) = self.history.lives.get_mut(place) {
                life.gone = Some(now);
            }
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
        if let Some(activity) = activity {
            self.moved(ordinal, state, activity);
        }
    }

    /// An activity moves an instance.
    fn moved(&mut self, ordinal: InstanceOrdinal, state: LifecycleState, by: ActivityOrdinal) {
        let failed = match state {
            LifecycleState::Gone => self.failed.remove(&ordinal),
            _ => self.failed.contains(&ordinal),
        };
        let Some(activity) = numbered(&mut self.history.activities, by) else { return };
        let is_about = match activity.kind {
            ActivityKind::Attach | ActivityKind::Detach => true,
            ActivityKind::Replace => state.is_leaving() && !failed,
            ActivityKind::ScaleOut | ActivityKind::ScaleIn => false,
        };
        if is_about {
            activity.concerned.push(ordinal);
        }
        let arrived = matches!(state, LifecycleState::InService | LifecycleState::Gone);
        if arrived && !failed {
            activity.succeeded.push(ordinal);
            let is_new = activity.kind == ActivityKind::Replace && state.is_in_service();
            self.history.replacements += usize::from(is_new);
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

/// The place of an instance in a list by ordinal.
fn place_of(ordinal: InstanceOrdinal) -> usize {
    usize::try_from(ordinal.0).unwrap_or(usize::MAX).saturating_sub(1)
}

/// The instances of an activity by ordinal, each once.
fn in_order(activity: &mut Activity) {
    for list in [&mut activity.succeeded, &mut activity.failed, &mut activity.concerned] {
        list.sort_unstable();
        list.dedup();
    }
}

/// An activity that begins.
fn blank(start: SimTime, ordinal: ActivityOrdinal, kind: ActivityKind, origin: Origin) -> Activity {
    Activity {
        ordinal,
        kind,
        status: ActivityStatus::Executing,
        error: ActivityError::None,
        origin,
        count: 0,
        start,
        end: None,
        succeeded: Vec::new(),
        failed: Vec::new(),
        concerned: Vec::new(),
        refused_until: None,
    }
}
