//! Laws of instances.

use std::collections::BTreeMap;

use super::{Story, at};
use crate::model::activity::ActivityKind;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::record::{Entry, Record};

/// Where each instance stands, from the records read so far.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    states: BTreeMap<InstanceOrdinal, LifecycleState>,
}

impl Fleet {
    /// Reads one record.
    pub fn read(&mut self, record: &Record) {
        if let Record::Instance { instance, state, .. } = record {
            self.states.insert(*instance, *state);
        }
    }

    /// Members that are not leaving.
    pub fn actual(&self) -> u32 {
        self.count(|state| !state.is_leaving())
    }

    fn count(&self, which: impl Fn(LifecycleState) -> bool) -> u32 {
        u32::try_from(self.states.values().filter(|s| which(**s)).count()).unwrap_or(u32::MAX)
    }
}

pub(super) fn legal_lives(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    for entry in story.log {
        if let Record::Instance { instance, state, activity } = entry.record {
            let legal = match fleet.states.get(&instance) {
                Some(before) => before.may_become(state),
                // Without an activity it was there at the start.
                None if activity.is_none() => state == LifecycleState::InService,
                None => !state.is_leaving(),
            };
            if !legal {
                let before = fleet.states.get(&instance);
                return Err(at(entry, format_args!("it was {before:?} before")));
            }
        }
        fleet.read(&entry.record);
    }
    Ok(())
}

pub(super) fn ordinals_of_joins(story: &Story<'_>) -> Result<(), String> {
    let mut last = 0;
    for entry in story.log {
        let Record::Instance { instance, .. } = entry.record else { continue };
        if instance.0 == last + 1 {
            last = instance.0;
        } else if instance.0 > last || instance.0 == 0 {
            return Err(at(entry, format_args!("the last to join was number {last}")));
        }
    }
    Ok(())
}

pub(super) fn moved_by_the_running_activity(story: &Story<'_>) -> Result<(), String> {
    let mut running = None;
    let mut under_way: BTreeMap<InstanceOrdinal, ActivityOrdinal> = BTreeMap::new();
    for entry in story.log {
        match entry.record {
            Record::ActivityStarted { activity, .. } => running = Some(activity),
            Record::ActivityEnded { activity, .. } => {
                if let Some(late) = under_way.keys().next() {
                    return Err(at(entry, format_args!("instance {late} is still under way")));
                }
                if running == Some(activity) {
                    running = None;
                }
            }
            Record::Instance { instance, state, activity } => {
                let Some(mover) = activity else {
                    if entry.t != story.setup.start {
                        return Err(at(entry, "nobody moved it"));
                    }
                    continue;
                };
                if running != Some(mover) {
                    return Err(at(entry, format_args!("{running:?} was running")));
                }
                if matches!(state, LifecycleState::InService | LifecycleState::Gone) {
                    under_way.remove(&instance);
                } else {
                    under_way.insert(instance, mover);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn launched_are_alive_or_gone(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let (mut launched, mut removed, mut removing) = (0, 0, 0);
    for entry in story.log {
        fleet.read(&entry.record);
        match entry.record {
            Record::Instance { activity: None, .. } => launched += 1,
            Record::ActivityStarted { activity_kind, count, .. } => match activity_kind {
                ActivityKind::ScaleOut => launched += count,
                ActivityKind::ScaleIn => removing = count,
                _ => {}
            },
            Record::ActivityEnded { .. } => {
                removed += std::mem::take(&mut removing);
                balance(entry, &fleet, launched, removed)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The account at an instant at which no activity runs.
fn balance(entry: &Entry, fleet: &Fleet, launched: u32, removed: u32) -> Result<(), String> {
    let alive = fleet.count(LifecycleState::is_in_service);
    let gone = fleet.count(|state| state == LifecycleState::Gone);
    if launched == alive + gone && gone == removed {
        return Ok(());
    }
    let found = format!("launched {launched}, in service {alive}, gone {gone}, removed {removed}");
    Err(at(entry, found))
}
