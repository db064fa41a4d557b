//! Scheduled tasks, a second time: each day is looked at (SEMANTICS 2.3, 9).

use std::sync::Arc;

use super::World;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, Origin};
use crate::model::group::Capacity;
use crate::model::id::TaskOrdinal;
use crate::model::record::Record;
use crate::model::scheduled_task::ScheduledTask;

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

impl World<'_> {
    /// A task of the file.
    pub(super) fn add_task(&mut self, task: &ScheduledTask) {
        let ordinal = self.tasks.last().map_or(TaskOrdinal(1), |t| TaskOrdinal(t.ordinal.0 + 1));
        let task = Arc::new(task.clone());
        self.record(Record::TaskCreated { task: ordinal, definition: Arc::clone(&task) });
        self.tasks.push(Planned { ordinal, task, done: None });
    }

    /// CreateScheduledTask: refused if the name is taken, the group is full, the start is past,
    /// or another task shares a trigger minute (9.2, 9.3).
    pub(super) fn create_task(&mut self, task: &ScheduledTask) {
        let quota = u64::from(self.setup.limits.scheduled_tasks_per_group);
        let mut others = self.tasks.iter().map(|t| t.task.as_ref());
        let taken = others.any(|other| other.name == task.name || self.share_a_minute(task, other));
        if !taken && (self.tasks.len() as u64) < quota && task.start >= self.now {
            self.add_task(task);
        }
    }

    /// Whether two tasks trigger in one civil minute, looking at each day for ten years.
    fn share_a_minute(&self, a: &ScheduledTask, b: &ScheduledTask) -> bool {
        let triggers = |task: &ScheduledTask| -> Vec<i64> {
            let days = (0..3_660).map(|day| task.start + DAY.times(day));
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
        let days_past = (self.now - task.start).ms() / DAY.ms();
        let days = (days_past..days_past + DAYS_AHEAD).map(|day| task.start + DAY.times(day));
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
        let (task, min, max) = (planned.ordinal, planned.task.min, planned.task.max);
        self.record(Record::TaskTriggered { task });
        self.gap_owner = Origin::Task { task };
        let desired = self.capacity.desired.max(min).min(max);
        self.set_capacity(Capacity { min, max, desired });
        if !self.has_startable_gap() {
            return true;
        }
        // A gap is left: it waits for the lock or for the cooldown, and one record says so.
        let error = match self.running {
            Some(_) => ActivityError::Busy,
            None if self.waits_for_cooldown() => ActivityError::Cooldown,
            None => return true,
        };
        let activity_kind = match self.actual() < self.capacity.desired {
            true => ActivityKind::ScaleOut,
            false => ActivityKind::ScaleIn,
        };
        let (activity, origin) = (self.next_activity(), Origin::Task { task });
        self.record(Record::ActivityCancelled { activity, activity_kind, origin, error });
        true
    }

    /// Whether the gap is a task's, and a cooldown holds that it obeys (2.3).
    pub(super) fn waits_for_cooldown(&self) -> bool {
        let obeys = self.setup.semantics.scheduled_obeys_cooldown;
        let of_a_task = matches!(self.gap_owner, Origin::Task { .. });
        obeys && of_a_task && self.cooldown.is_some_and(|(_, until)| self.now < until)
    }
}
