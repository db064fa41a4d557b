//! Laws of waits at lifecycle hooks (SEMANTICS 6).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::instances::Fleet;
use super::{Story, at};
use crate::kernel::{SimDuration, SimTime};
use crate::model::id::{HookOrdinal, InstanceOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::lifecycle_hook::{HookResult, LifecycleHook, Transition};
use crate::model::record::{Entry, Record};

/// A wait that is not over.
struct Open {
    begin: SimTime,
    deadline: SimTime,
    timeout: SimDuration,
    default: HookResult,
}

/// What is known of hooks and waits from the records read so far.
#[derive(Default)]
struct Desk {
    hooks: BTreeMap<HookOrdinal, Arc<LifecycleHook>>,
    bound: Option<HookOrdinal>,
    /// The hook that was bound when the running activity began.
    of_activity: Option<HookOrdinal>,
    waits: BTreeMap<InstanceOrdinal, Open>,
    fleet: Fleet,
}

pub(super) fn waits_end_by_their_deadline(story: &Story<'_>) -> Result<(), String> {
    let mut desk = Desk::default();
    for entry in story.log {
        if let Some(late) = desk.waits.iter().find(|(_, open)| open.deadline < entry.t) {
            return Err(at(entry, format_args!("instance {} still waits", late.0)));
        }
        desk.look(entry).map_err(|why| at(entry, why))?;
        desk.fleet.read(entry);
    }
    Ok(())
}

impl Desk {
    fn look(&mut self, entry: &Entry) -> Result<(), &'static str> {
        match &entry.record {
            Record::HookCreated { hook, definition }
            | Record::HookModified { hook, definition } => {
                self.hooks.insert(*hook, Arc::clone(definition));
            }
            Record::HookDeleted { hook }
                if (self.hooks.remove(hook).is_none() || self.bound == Some(*hook)) =>
            {
                return Err("it is not there, or it is bound");
            }
            Record::HookBound { hook } => {
                if hook.is_some_and(|hook| !self.hooks.contains_key(&hook)) {
                    return Err("there is no such hook");
                }
                self.bound = *hook;
            }
            Record::ActivityStarted { .. } => self.of_activity = self.bound,
            Record::HookWaiting { instance, hook, deadline } => {
                return self.begin(entry.t, *instance, *hook, *deadline);
            }
            Record::HookRenewed { instance, deadline } => {
                let Some(open) = self.waits.get_mut(instance) else {
                    return Err("it does not wait");
                };
                let longest = open.timeout.times(100).min(SimDuration::from_s(48 * 3600));
                if *deadline > open.begin + longest {
                    return Err("no wait is stretched so far");
                }
                open.deadline = *deadline;
            }
            Record::HookEnded { instance, result, expired } => {
                let Some(open) = self.waits.remove(instance) else {
                    return Err("it does not wait");
                };
                let by_default = entry.t == open.deadline && *result == open.default;
                if *expired && !by_default {
                    return Err("the default result applies at the deadline");
                }
            }
            Record::Instance { instance, .. } if self.waits.contains_key(instance) => {
                return Err("it waits at a hook");
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(
        &mut self,
        now: SimTime,
        instance: InstanceOrdinal,
        hook: HookOrdinal,
        deadline: SimTime,
    ) -> Result<(), &'static str> {
        let Some(rule) = self.hooks.get(&hook) else { return Err("there is no such hook") };
        let shown = match rule.transition {
            Transition::Launch => LifecycleState::Creating,
            Transition::Terminate => LifecycleState::Removing,
        };
        if self.of_activity != Some(hook) || self.fleet.state(instance) != Some(shown) {
            return Err("it was not bound as the activity began, or the instance is elsewhere");
        }
        if deadline != now + rule.timeout {
            return Err("the deadline is not begin and time-out");
        }
        let (timeout, default) = (rule.timeout, rule.default_result);
        let open = Open { begin: now, deadline, timeout, default };
        match self.waits.insert(instance, open) {
            Some(_) => Err("it waits already"),
            None => Ok(()),
        }
    }
}
