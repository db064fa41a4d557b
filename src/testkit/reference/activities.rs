//! Activities: what is due, what is done, how it ends, spelled out again (SEMANTICS 3.2, 4, 7.3,
//! 8, 10).

use std::sync::Arc;

use super::Group;
use super::instances::{Joined, Way};
use super::replacement::Stage;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::group::RemovePolicy;
use crate::model::id::{ActivityOrdinal, HookOrdinal};
use crate::model::notification::NotificationType;
use crate::model::record::{Notice, Record};
use crate::model::semantics::RetryRule;

/// The activity that holds the lock.
pub(super) struct Running {
    pub activity: ActivityOrdinal,
    pub kind: ActivityKind,
    pub origin: Origin,
    /// How many instances it is to launch or remove.
    pub wanted: usize,
    /// How many it did.
    pub done: usize,
    pub failed: usize,
    /// Why the first of them failed.
    pub error: ActivityError,
    /// The hook bound at its start (6.1).
    pub hook: Option<HookOrdinal>,
    /// Whether desired became another while it ran.
    pub desired_changed: bool,
    /// How long a cooldown it opens.
    cooldown: SimDuration,
    /// Of a replacement: what is still to be begun.
    pub stage: Stage,
    /// Of a replacement: whether a standing cause kept it from creating any.
    pub paused: bool,
}

/// What failures mean for the work that failed (8.3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BackOff {
    No,
    Until(SimTime),
    GivenUp,
}

/// What phase 7 would start.
pub(super) enum Due {
    /// A replacement of these, by place in `joined`.
    Replacement(Vec<usize>),
    /// An activity for the gap.
    Gap,
}

/// Receivers as records have them.
pub(super) fn told(ids: &[String]) -> Arc<[String]> {
    let set: std::collections::BTreeSet<&String> = ids.iter().collect();
    set.into_iter().cloned().collect()
}

impl Group<'_> {
    /// Phase 7: if unlocked, at most one activity: replacement first, then the gap.
    pub(super) fn start_what_is_due(&mut self) -> bool {
        match self.due() {
            Some(Due::Replacement(marked)) => self.start_replacement(&marked),
            Some(Due::Gap) => {
                let (origin, cooldown) = match self.begun {
                    false => self.owner,
                    true => (Origin::Retry, SimDuration::ZERO),
                };
                self.start_for_gap(origin, cooldown);
            }
            None => return false,
        }
        true
    }

    /// What phase 7 of this instant would start.
    pub(super) fn due(&self) -> Option<Due> {
        if self.running.is_some() || self.suspended || self.deleted {
            return None;
        }
        let may_try_again = match self.back_off {
            BackOff::No => true,
            BackOff::Until(until) => until <= self.now,
            BackOff::GivenUp => false,
        };
        let marked = self.joined.iter().enumerate().filter(|(_, i)| i.is_replaceable());
        let marked: Vec<(usize, &Joined)> = marked.collect();
        if marked.iter().any(|(_, i)| may_try_again || !i.tried) {
            return Some(Due::Replacement(marked.into_iter().map(|(at, _)| at).collect()));
        }
        let (actual, desired) = (self.actual(), self.capacity.desired);
        let is_due = match actual.cmp(&desired) {
            _ if self.waits_for_cooldown() => false,
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Less => may_try_again && self.cause_at(self.now).is_none(),
            std::cmp::Ordering::Greater => self.has_candidate() || !self.removal_tried,
        };
        is_due.then_some(Due::Gap)
    }

    /// One activity for the whole difference between actual and desired (3.2).
    pub(super) fn start_for_gap(&mut self, origin: Origin, cooldown: SimDuration) {
        self.begun = true;
        let count = self.actual().abs_diff(self.capacity.desired) as usize;
        match self.kind_of_gap() {
            ActivityKind::ScaleOut => {
                self.begin(ActivityKind::ScaleOut, origin, count, cooldown);
                self.launch(count);
            }
            _ => {
                self.begin(ActivityKind::ScaleIn, origin, count, cooldown);
                let chosen = self.leavers(count);
                self.removal_tried = chosen.len() < count;
                chosen.into_iter().for_each(|at| self.turn(at, Way::Out));
            }
        }
        self.end_finished_activity();
    }

    /// An activity takes the lock.
    pub(super) fn begin(
        &mut self,
        kind: ActivityKind,
        origin: Origin,
        wanted: usize,
        cooldown: SimDuration,
    ) {
        let activity = self.next_activity();
        let held = !matches!(kind, ActivityKind::Attach | ActivityKind::Detach);
        self.running = Some(Running {
            activity,
            kind,
            origin,
            wanted,
            done: 0,
            failed: 0,
            error: ActivityError::None,
            hook: self.bound.filter(|_| held),
            desired_changed: false,
            cooldown,
            stage: Stage::None,
            paused: false,
        });
        let count = u32::try_from(wanted).unwrap_or(u32::MAX);
        self.record(Record::ActivityStarted { activity, activity_kind: kind, origin, count });
    }

    /// Launches so many instances, less what the account has no room for (8.1).
    pub(super) fn launch(&mut self, wanted: usize) {
        let room = self.room();
        if wanted > room {
            self.count_failures(wanted - room, ActivityError::Quota);
        }
        for _ in 0..wanted.min(room) {
            let place = self.place_for_one_more();
            let at = self.join(Way::In, None, place);
            self.go_on(at);
        }
    }

    pub(super) fn count_failures(&mut self, count: usize, error: ActivityError) {
        if let Some(running) = &mut self.running {
            if running.failed == 0 {
                running.error = error;
            }
            running.failed += count;
        }
    }

    /// Which instances leave (7.3), as places in `joined`, by ordinal.
    fn leavers(&self, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for _ in 0..count {
            let left = self.joined.iter().enumerate();
            let left =
                left.filter(|(at, i)| i.is_serving() && !i.protected && !places.contains(at));
            let age = |i: &Joined| (i.added.unix_ms(), i64::from(i.ordinal.0));
            let key = |(_, i): &(usize, &Joined)| {
                let (added, ordinal) = age(i);
                let age = match self.remove_policy {
                    RemovePolicy::RemoveOldestInstance => (added, ordinal),
                    RemovePolicy::RemoveNewestInstance => (-added, -ordinal),
                };
                (!i.unhealthy, i.machine.is_some(), age)
            };
            places.extend(left.min_by_key(key).map(|(at, _)| at));
        }
        places.sort_unstable();
        places
    }

    /// Phase 2: the running activity ends once none of its instances is on its way.
    pub(super) fn end_finished_activity(&mut self) -> bool {
        let Some(running) = &self.running else { return false };
        let mut moved = self.joined.iter().filter(|i| i.activity == Some(running.activity));
        let waits = moved.any(Joined::is_under_way);
        if !waits {
            self.end_activity();
        }
        !waits
    }

    /// Status, cooldown of an accepted alarm, back-off, and who is told of it (2.1, 8.2, 8.3,
    /// 10.1).
    fn end_activity(&mut self) {
        let Some(running) = self.running.take() else { return };
        let activity = running.activity;
        for instance in self.joined.iter_mut().filter(|i| i.activity == Some(activity)) {
            instance.activity = None;
        }
        let status = match running.kind {
            ActivityKind::Attach | ActivityKind::Detach => ActivityStatus::Successful,
            _ if running.done >= running.wanted => ActivityStatus::Successful,
            _ if running.done > 0 => ActivityStatus::PartiallySuccessful,
            _ => ActivityStatus::Failed,
        };
        let error = match (status, running.kind) {
            (ActivityStatus::Successful, _) => ActivityError::None,
            (ActivityStatus::Failed, ActivityKind::ScaleIn) => ActivityError::NothingRemovable,
            (_, ActivityKind::ScaleIn) => ActivityError::None,
            _ => running.error,
        };
        self.record(Record::ActivityEnded { activity, status, error });
        self.open_cooldown(&running);
        if matches!(running.kind, ActivityKind::ScaleOut | ActivityKind::Replace) {
            match status {
                ActivityStatus::Successful => self.failures = 0,
                _ if running.paused => {}
                _ => self.fail(running.desired_changed),
            }
        }
        let succeeded = status == ActivityStatus::Successful;
        let kind = match (running.kind, succeeded) {
            (ActivityKind::ScaleOut, true) => NotificationType::ScaleOutSucceeded,
            (ActivityKind::ScaleOut, false) => NotificationType::ScaleOutFailed,
            (ActivityKind::ScaleIn, true) => NotificationType::ScaleInSucceeded,
            (ActivityKind::ScaleIn, false) => NotificationType::ScaleInFailed,
            (ActivityKind::Replace, true) => NotificationType::ReplacementSucceeded,
            (ActivityKind::Replace, false) => NotificationType::ReplacementFailed,
            _ => return,
        };
        self.tell(activity, kind);
    }

    fn open_cooldown(&mut self, running: &Running) {
        let until = self.now + running.cooldown;
        let longer = self.cooldown.is_none_or(|(_, earlier)| until > earlier);
        let of_alarm = matches!(running.origin, Origin::Policy { .. });
        if of_alarm && running.done > 0 && running.cooldown > SimDuration::ZERO && longer {
            self.cooldown = Some((running.activity, until));
            self.record(Record::CooldownOpened { activity: running.activity, until });
        }
    }

    /// One more failure in a row: its work waits, unless desired became another meanwhile (8.3).
    fn fail(&mut self, desired_changed: bool) {
        self.failures += 1;
        if desired_changed {
            self.back_off = BackOff::No;
            return;
        }
        let pause_s = match self.setup.semantics.retry {
            RetryRule::Immediate if self.failures < 5 => Some(30),
            RetryRule::Immediate | RetryRule::None => None,
            RetryRule::Incremental => {
                let mut pause_s = 5;
                for _ in 1..self.failures {
                    pause_s = (pause_s * 2).min(86_400);
                }
                Some(pause_s)
            }
        };
        let until = pause_s.map(|s| self.now + SimDuration::from_s(s));
        self.back_off = until.map_or(BackOff::GivenUp, BackOff::Until);
        self.record(Record::BackedOff { failures: self.failures, until });
    }

    /// Tells the subscriptions of it, in creation order (10.1).
    pub(super) fn tell(&mut self, activity: ActivityOrdinal, kind: NotificationType) {
        for (notification, subscription) in self.subscriptions.clone() {
            if subscription.types.contains(&kind) {
                self.record(Record::Notified(Notice::Activity {
                    notification,
                    activity,
                    notification_type: kind,
                    receivers: told(&subscription.receivers),
                }));
            }
        }
    }
}
