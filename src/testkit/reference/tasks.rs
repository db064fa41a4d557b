//! Scheduled tasks, a second time: each day is looked at (SEMANTICS 2.3, 9).

use std::sync::Arc;

use super::Group;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, Origin};
use crate::model::group::Capacity;
use crate::model::id::TaskOrdinal;
use crate::model::record::Record;
use crate::model::scheduled_task::{ScheduledTask, TaskChange};

/// A task that exists.
pub(super) struct Planned {
    ordinal: TaskOrdinal,
    task: Arc<ScheduledTask>,
    /// The instant of the trigger that was done last.
    done: Option<SimTime>,
}

const DAY: SimDuration = SimDuration::from_s(86_400);
/// No random world runs longer than this.
const DAYS_AHEAD: i64 = 40;

impl Group<'_> {
    /// A task of the file.
    pub(super) fn add_task(&mut self, task: &ScheduledTask) {
        self.tasks_made += 1;
        let ordinal = TaskOrdinal(self.tasks_made);
        let task = Arc::new(task.clone());
        self.record(Record::TaskCreated { task: ordinal, definition: Arc::clone(&task) });
        self.tasks.push(Planned { ordinal, task, done: None });
    }

    /// CreateScheduledTask: refused if it is wrong, the name is taken, the group is full, the
    /// start is past, or another task shares a trigger minute (9.2, 9.3).
    pub(super) fn create_task(&mut self, task: &ScheduledTask) {
        let full = self.tasks.len() >= self.setup.limits.scheduled_tasks_per_group as usize;
        if !full && task.start >= self.now && self.fits(task, None) {
            self.add_task(task);
        }
    }

    /// ModifyScheduledTask: the same, for what changes. It does not trigger twice at an instant.
    pub(super) fn modify_task(&mut self, name: &str, change: &TaskChange) {
        let Some(at) = self.tasks.iter().position(|t| t.task.name == name) else { return };
        let Some(planned) = self.tasks.get(at) else { return };
        let Ok(changed) = planned.task.changed(change) else { return };
        let task = planned.ordinal;
        let past = change.start.is_some_and(|start| start < self.now);
        if past || !self.fits(&changed, Some(task)) {
            return;
        }
        let definition = Arc::new(changed);
        if let Some(planned) = self.tasks.get_mut(at) {
            planned.task = Arc::clone(&definition);
        }
        self.record(Record::TaskModified { task, definition });
    }

    pub(super) fn delete_task(&mut self, name: &str) {
        if let Some(at) = self.tasks.iter().position(|t| t.task.name == name) {
            let task = self.tasks.remove(at).ordinal;
            self.record(Record::TaskDeleted { task });
        }
    }

    /// Whether a task can stand beside all others.
    fn fits(&self, task: &ScheduledTask, but: Option<TaskOrdinal>) -> bool {
        let mut others = self.tasks.iter().filter(|t| Some(t.ordinal) != but).map(|t| &t.task);
        task.check(&self.setup.limits).is_ok()
            && !others.any(|other| other.name == task.name || self.share_a_minute(task, other))
    }

    /// Whether two tasks trigger in one civil minute, looking at each day for ten years.
    fn share_a_minute(&self, a: &ScheduledTask, b: &ScheduledTask) -> bool {
        let triggers = |task: &ScheduledTask| -> Vec<i64> {
            let days = (0..3_660).map(|day| task.start + DAY.times(day));
            let last = task.repeat.as_ref().map_or(task.start, |repeat| repeat.end);
            let days = days.take_while(|at| *at <= last);
            let days = days.filter(|at| self.triggers_at(task, *at));
            days.map(|at| at.unix_ms().div_euclid(60_000)).collect()
        };
        let (a, b) = (triggers(a), triggers(b));
        a.iter().any(|minute| b.contains(minute))
    }

    /// Whether a task triggers at that instant, which is at its time of day (9.1).
    fn triggers_at(&self, task: &ScheduledTask, at: SimTime) -> bool {
        let day = at.civil(self.setup.utc_offset).map(|civil| civil.date_naive());
        let repeats = task.repeat.as_ref().is_some_and(|repeat| {
            at > task.start
                && at <= repeat.end
                && day.is_some_and(|day| repeat.recurrence.matches(day))
        });
        at == task.start || repeats
    }

    /// The first trigger of a task after now.
    pub(super) fn next_trigger(&self, planned: &Planned) -> Option<SimTime> {
        let task = &planned.task;
        if task.start > self.now {
            return Some(task.start);
        }
        let last = task.repeat.as_ref()?.end;
        let days_past = (self.now - task.start).ms() / DAY.ms();
        let days = (days_past..days_past + DAYS_AHEAD).map(|day| task.start + DAY.times(day));
        let days = days.take_while(|at| *at <= last);
        let mut later = days.filter(|at| *at > self.now && self.triggers_at(task, *at));
        later.next()
    }

    /// Phase 5: the first task in creation order that is due and not done (0.2).
    pub(super) fn trigger_one_task(&mut self) -> bool {
        let now = self.now;
        let is_due = |world: &Self, t: &Planned| {
            let at_its_time = (now - t.task.start).ms() % DAY.ms() == 0;
            t.done != Some(now) && at_its_time && world.triggers_at(&t.task, now)
        };
        let Some(place) = self.tasks.iter().position(|t| is_due(self, t)) else { return false };
        let Some(planned) = self.tasks.get_mut(place) else { return false };
        planned.done = Some(now);
        if self.suspended || self.deleted {
            return true;
        }
        let Some(planned) = self.tasks.get(place) else { return false };
        let (task, min, max) = (planned.ordinal, planned.task.min, planned.task.max);
        self.record(Record::TaskTriggered { task });
        self.take_gap(Origin::Task { task }, SimDuration::ZERO);
        let desired = self.capacity.desired.max(min).min(max);
        self.set_capacity(Capacity { min, max, desired });
        if !self.has_open_gap() {
            return true;
        }
        // A gap is left: it waits for the lock or for the cooldown, and one record says so.
        let error = match self.running {
            Some(_) => ActivityError::Busy,
            None if self.waits_for_cooldown() => ActivityError::Cooldown,
            None => return true,
        };
        let activity_kind = self.kind_of_gap();
        let (activity, origin) = (self.next_activity(), Origin::Task { task });
        self.record(Record::ActivityCancelled { activity, activity_kind, origin, error });
        true
    }

    /// Whether the gap is a task's, and a cooldown holds that it obeys (2.3).
    pub(super) fn waits_for_cooldown(&self) -> bool {
        let obeys = self.setup.semantics.scheduled_obeys_cooldown;
        let of_a_task = !self.begun && matches!(self.owner.0, Origin::Task { .. });
        obeys && of_a_task && self.cooldown.is_some_and(|(_, until)| self.now < until)
    }
}
