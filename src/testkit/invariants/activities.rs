//! Laws of activities and cooldowns.

use std::collections::BTreeMap;

use super::instances::Fleet;
use super::{Story, at};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityKind, ActivityStatus, Origin};
use crate::model::failure::active_from;
use crate::model::id::{ActivityOrdinal, PolicyOrdinal};
use crate::model::record::{Entry, Outcome, Record};

pub(super) fn one_at_a_time(story: &Story<'_>) -> Result<(), String> {
    let mut running = None;
    for entry in story.log {
        match entry.record {
            Record::ActivityStarted { activity, .. } => {
                if let Some(other) = running.replace(activity) {
                    return Err(at(entry, format_args!("activity {other} is under way")));
                }
            }
            Record::ActivityEnded { activity, status, .. } => {
                if running.take() != Some(activity) {
                    return Err(at(entry, "it was not under way"));
                }
                if matches!(status, ActivityStatus::Executing | ActivityStatus::Cancelled) {
                    return Err(at(entry, "that is no way to end"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn ordinals(story: &Story<'_>) -> Result<(), String> {
    let mut last = 0;
    for entry in story.log {
        if let Record::ActivityStarted { activity, .. }
        | Record::ActivityFailed { activity, .. }
        | Record::ActivityCancelled { activity, .. } = entry.record
        {
            if activity.0 != last + 1 {
                return Err(at(entry, format_args!("the last was number {last}")));
            }
            last = activity.0;
        }
    }
    Ok(())
}

pub(super) fn closes_the_gap(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let mut desired = 0;
    for entry in story.log {
        match entry.record {
            Record::Capacity(sizes) => desired = sizes.desired,
            Record::ActivityStarted { activity_kind, count, .. } => {
                let (actual, marked) = (fleet.actual(), fleet.replaceable());
                let missing = desired.saturating_sub(actual);
                let surplus = actual.saturating_sub(desired);
                let fits = match activity_kind {
                    ActivityKind::ScaleOut => count == missing,
                    ActivityKind::ScaleIn => count == surplus,
                    ActivityKind::Replace => count == marked,
                    ActivityKind::Attach | ActivityKind::Detach => true,
                };
                if count == 0 || !fits {
                    let seen = format!("actual {actual}, desired {desired}, to replace {marked}");
                    return Err(at(entry, seen));
                }
            }
            _ => {}
        }
        fleet.read(entry);
    }
    Ok(())
}

/// What keeps a group from working on its gap, from the records read so far.
struct Excuses {
    desired: u32,
    running: bool,
    /// Suspended or deleted.
    stopped: bool,
    /// The work of a scheduled task may wait for the end of a cooldown (2.3).
    of_a_task: bool,
    cooldown_until: SimTime,
    back_off_until: SimTime,
}

impl Excuses {
    fn read(&mut self, record: &Record) {
        match record {
            Record::Capacity(sizes) => self.desired = sizes.desired,
            Record::ActivityStarted { activity_kind, .. } => {
                self.running = true;
                self.of_a_task &= *activity_kind == ActivityKind::Replace;
            }
            Record::ActivityEnded { .. } => self.running = false,
            Record::TaskTriggered { .. } => {
                self.of_a_task = true;
                self.back_off_until = SimTime::MIN;
            }
            Record::CooldownOpened { until, .. } => self.cooldown_until = *until,
            Record::BackedOff { until, .. } => self.back_off_until = until.unwrap_or(SimTime::MAX),
            Record::Suspended | Record::GroupDeleted => self.stopped = true,
            Record::Resumed => self.stopped = false,
            _ => {}
        }
    }

    /// Whether the group may have rested from `since` to just before `to`.
    fn hold(&self, story: &Story<'_>, fleet: &Fleet, since: SimTime, to: SimTime) -> bool {
        let obeys = story.setup.semantics.scheduled_obeys_cooldown;
        let mut from = since;
        if self.running || self.stopped || fleet.actual() == self.desired {
            return true;
        }
        if obeys && self.of_a_task {
            from = from.max(self.cooldown_until);
        }
        if fleet.actual() > self.desired {
            return from >= to || !fleet.has_candidate();
        }
        from = from.max(self.back_off_until);
        let (conditions, places) = (&story.setup.conditions, story.group.places());
        active_from(conditions, story.index, &places, from).is_none_or(|free| free >= to)
    }
}

pub(super) fn rest_is_at_desired(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let mut excuses = Excuses {
        desired: 0,
        running: false,
        stopped: false,
        of_a_task: false,
        cooldown_until: SimTime::MIN,
        back_off_until: SimTime::MIN,
    };
    let mut now = story.setup.start;
    for entry in story.log {
        // Another instant begins: what the one before left must be in order.
        if entry.t > now && !excuses.hold(story, &fleet, now, entry.t) {
            let (actual, desired) = (fleet.actual(), excuses.desired);
            return Err(at(entry, format_args!("before it, actual {actual}, desired {desired}")));
        }
        now = entry.t;
        excuses.read(&entry.record);
        fleet.read(entry);
    }
    Ok(())
}

/// Who may be owed a cooldown.
#[derive(Default)]
struct Windows {
    lengths: BTreeMap<PolicyOrdinal, SimDuration>,
    /// The latest accepted alarm and its length then.
    accepted: Option<(PolicyOrdinal, SimDuration)>,
    running: Option<Origin>,
    until: Option<SimTime>,
}

impl Windows {
    /// The end of the window that the activity owes which ends with this record (2.1, 2.2).
    fn owed(&mut self, entry: &Entry) -> Option<(ActivityOrdinal, SimTime)> {
        let Record::ActivityEnded { activity, status, .. } = entry.record else { return None };
        let origin = self.running.take()?;
        let (policy, length) = self.accepted?;
        let until = entry.t + length;
        let did =
            matches!(status, ActivityStatus::Successful | ActivityStatus::PartiallySuccessful);
        let longer = self.until.is_none_or(|before| until > before);
        let opens = origin == Origin::Policy { policy } && did && length.is_positive() && longer;
        opens.then_some((activity, until))
    }

    fn read(&mut self, record: &Record) {
        match record {
            Record::PolicyCreated { policy, definition }
            | Record::PolicyModified { policy, definition } => {
                self.lengths.insert(*policy, definition.cooldown);
            }
            Record::Trigger(decision) if decision.outcome == Outcome::Accepted => {
                let length = self.lengths.get(&decision.policy);
                self.accepted = length.map(|length| (decision.policy, *length));
            }
            Record::ActivityStarted { origin, .. } => self.running = Some(*origin),
            Record::CooldownOpened { until, .. } => self.until = Some(*until),
            _ => {}
        }
    }
}

pub(super) fn cooldowns_follow_alarms(story: &Story<'_>) -> Result<(), String> {
    let mut windows = Windows::default();
    let mut owed: Option<(ActivityOrdinal, SimTime)> = None;
    for entry in story.log {
        let due = owed.take();
        let opened = match entry.record {
            Record::CooldownOpened { activity, until } => Some((activity, until)),
            _ => None,
        };
        if due != opened {
            return Err(at(entry, format_args!("the cooldown that was due: {due:?}")));
        }
        owed = windows.owed(entry);
        windows.read(&entry.record);
    }
    owed.map_or(Ok(()), |(activity, _)| Err(format!("activity {activity} owed a cooldown")))
}

pub(super) fn rest_while_suspended(story: &Story<'_>) -> Result<(), String> {
    let (mut suspended, mut deleted) = (false, false);
    let mut fleet = Fleet::default();
    for entry in story.log {
        let is_edit =
            matches!(entry.record, Record::TaskModified { .. } | Record::TaskDeleted { .. });
        if deleted && !is_edit {
            return Err(at(entry, "the group is deleted"));
        }
        let begins =
            matches!(entry.record, Record::ActivityStarted { .. } | Record::TaskTriggered { .. });
        if suspended && begins {
            return Err(at(entry, "the group is suspended"));
        }
        match entry.record {
            Record::Suspended if suspended => return Err(at(entry, "it was already")),
            Record::Resumed if !suspended => return Err(at(entry, "it was not suspended")),
            Record::Suspended => suspended = true,
            Record::Resumed => suspended = false,
            Record::GroupDeleted if fleet.members() > 0 => {
                return Err(at(entry, format_args!("it has {} members", fleet.members())));
            }
            Record::GroupDeleted => deleted = true,
            _ => {}
        }
        fleet.read(entry);
    }
    Ok(())
}
