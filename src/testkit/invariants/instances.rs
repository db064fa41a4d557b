//! Laws of instances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Story, at};
use crate::kernel::SimTime;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::record::{Entry, Record};

/// Where each instance stands, from the records read so far.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    states: BTreeMap<InstanceOrdinal, LifecycleState>,
    places: BTreeMap<InstanceOrdinal, Arc<str>>,
    since: BTreeMap<InstanceOrdinal, SimTime>,
    marked: BTreeSet<InstanceOrdinal>,
    protected: BTreeSet<InstanceOrdinal>,
}

impl Fleet {
    /// Reads one record.
    pub fn read(&mut self, entry: &Entry) {
        match &entry.record {
            Record::Instance { instance, state, .. } => {
                self.states.insert(*instance, *state);
                if *state == LifecycleState::InService {
                    self.since.insert(*instance, entry.t);
                }
            }
            Record::Joined { instance, place: Some(place), .. } => {
                self.places.insert(*instance, Arc::clone(place));
            }
            Record::Marked { instance } => {
                self.marked.insert(*instance);
            }
            Record::Protected { instance, protected: true } => {
                self.protected.insert(*instance);
            }
            Record::Protected { instance, protected: false } => {
                self.protected.remove(instance);
            }
            _ => {}
        }
    }

    /// Members that are not leaving.
    pub fn actual(&self) -> u32 {
        self.count(|_, state| !state.is_leaving())
    }

    /// Instances that a replacement takes.
    pub fn replaceable(&self) -> u32 {
        self.count(|instance, state| {
            state.is_in_service() && self.marked.contains(&instance) && !self.is_protected(instance)
        })
    }

    /// Whether a scale-in has somebody to take.
    pub fn has_candidate(&self) -> bool {
        self.count(|instance, state| state.is_in_service() && !self.is_protected(instance)) > 0
    }

    /// Members in a place.
    pub fn in_place(&self, place: &str) -> u32 {
        let here = |instance| self.places.get(&instance).is_some_and(|other| **other == *place);
        self.count(|instance, state| state.is_member() && here(instance))
    }

    pub fn members(&self) -> u32 {
        self.count(|_, state| state.is_member())
    }

    pub fn state(&self, instance: InstanceOrdinal) -> Option<LifecycleState> {
        self.states.get(&instance).copied()
    }

    /// When it entered service, if it ever did.
    pub fn since(&self, instance: InstanceOrdinal) -> Option<SimTime> {
        self.since.get(&instance).copied()
    }

    pub fn is_marked(&self, instance: InstanceOrdinal) -> bool {
        self.marked.contains(&instance)
    }

    pub fn is_protected(&self, instance: InstanceOrdinal) -> bool {
        self.protected.contains(&instance)
    }

    fn count(&self, which: impl Fn(InstanceOrdinal, LifecycleState) -> bool) -> u32 {
        let found = self.states.iter().filter(|(instance, state)| which(**instance, **state));
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    }
}

pub(super) fn legal_lives(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let mut failed = None;
    for entry in story.log {
        if let Record::LaunchFailed { instance, .. } = entry.record {
            failed = Some(instance);
        }
        if let Record::Instance { instance, state, activity } = entry.record {
            let legal = match fleet.states.get(&instance) {
                Some(before) => before.may_become(state),
                // Without an activity it was there at the start.
                None if activity.is_none() => state == LifecycleState::InService,
                // A creation that takes no time may fail at once.
                None if state == LifecycleState::Gone => failed == Some(instance),
                None => !state.is_leaving(),
            };
            if !legal {
                let before = fleet.states.get(&instance);
                return Err(at(entry, format_args!("it was {before:?} before")));
            }
        }
        fleet.read(entry);
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

pub(super) fn joins_where_fewest_are(story: &Story<'_>) -> Result<(), String> {
    let places = story.group.places();
    let mut fleet = Fleet::default();
    let mut first_half = true;
    for entry in story.log {
        if let Record::ActivityStarted { .. } = entry.record {
            first_half = false;
        }
        if let Record::Joined { place, machine, .. } = &entry.record {
            let open = |name: &&Arc<str>| first_half || !story.is_shut(Some(name), entry.t);
            let mut fewest = places.iter().filter(open).map(|name| fleet.in_place(name)).min();
            if fewest.is_none() {
                fewest = places.iter().map(|name| fleet.in_place(name)).min();
            }
            let fits = match (place, machine) {
                (None, machine) => machine.is_some(),
                (Some(place), Some(_)) => places.contains(place),
                (Some(place), None) => {
                    let count = Some(fleet.in_place(place));
                    let mut before = places.iter().take_while(|other| *other != place);
                    let is_first = !before.any(|o| open(&o) && Some(fleet.in_place(o)) == count);
                    count == fewest && is_first && places.contains(place)
                }
            };
            if !fits {
                return Err(at(entry, format_args!("the fewest in one place are {fewest:?}")));
            }
        }
        fleet.read(entry);
    }
    Ok(())
}
