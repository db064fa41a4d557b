//! Laws of activities and cooldowns.

use std::collections::BTreeMap;

use super::instances::Fleet;
use super::{Story, at};
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityKind, ActivityStatus, Origin};
use crate::model::id::{ActivityOrdinal, PolicyOrdinal};
use crate::model::record::Record;

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
                let actual = fleet.actual();
                let grows = activity_kind == ActivityKind::ScaleOut;
                if count == 0 || actual.abs_diff(desired) != count || grows != (actual < desired) {
                    return Err(at(entry, format_args!("actual {actual}, desired {desired}")));
                }
            }
            _ => {}
        }
        fleet.read(&entry.record);
    }
    Ok(())
}

pub(super) fn rest_is_at_desired(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let (mut desired, mut running, mut now) = (0, false, story.setup.start);
    // The work of a scheduled task may wait for the end of a cooldown (2.3).
    let (mut of_a_task, mut cooldown_until) = (false, SimTime::MIN);
    let obeys = story.setup.semantics.scheduled_obeys_cooldown;
    for entry in story.log {
        // Another instant begins: what the one before left must be in order.
        let waits = obeys && of_a_task && entry.t <= cooldown_until;
        if entry.t > now && !running && fleet.actual() != desired && !waits {
            let actual = fleet.actual();
            return Err(at(entry, format_args!("before it, actual {actual}, desired {desired}")));
        }
        now = entry.t;
        match entry.record {
            Record::Capacity(sizes) => desired = sizes.desired,
            Record::ActivityStarted { .. } => (running, of_a_task) = (true, false),
            Record::ActivityEnded { .. } => running = false,
            Record::TaskTriggered { .. } => of_a_task = true,
            Record::CooldownOpened { until, .. } => cooldown_until = until,
            _ => {}
        }
        fleet.read(&entry.record);
    }
    Ok(())
}

pub(super) fn cooldowns_follow_alarms(story: &Story<'_>) -> Result<(), String> {
    let mut lengths: BTreeMap<PolicyOrdinal, SimDuration> = BTreeMap::new();
    let mut origin = None;
    // The activity that just ended and how long a cooldown it owes.
    let mut owed: Option<(ActivityOrdinal, SimDuration)> = None;
    for entry in story.log {
        let due = owed.take();
        if let Record::CooldownOpened { activity, until } = entry.record {
            if due != Some((activity, until - entry.t)) {
                return Err(at(entry, format_args!("what was due: {due:?}")));
            }
            continue;
        }
        if let Some((activity, _)) = due {
            return Err(at(entry, format_args!("activity {activity} owed a cooldown")));
        }
        match &entry.record {
            Record::PolicyCreated { policy, definition } => {
                lengths.insert(*policy, definition.cooldown);
            }
            Record::ActivityStarted { origin: from, .. } => origin = Some(*from),
            Record::ActivityEnded { activity, .. } => {
                if let Some(Origin::Policy { policy }) = origin.take() {
                    let length = lengths.get(&policy).filter(|length| length.is_positive());
                    owed = length.map(|length| (*activity, *length));
                }
            }
            _ => {}
        }
    }
    owed.map_or(Ok(()), |(activity, _)| Err(format!("activity {activity} owed a cooldown")))
}
