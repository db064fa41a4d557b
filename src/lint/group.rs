//! A group as the rules of the linter look at it: everything that may come to be in a run.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::engine::command::Command;
use crate::engine::setup::GroupSetup;
use crate::env::latency::PhaseLength;
use crate::env::load::{Demand, Load};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::lint::crossing::{Crossing, may_hold};
use crate::lint::place::Place;
use crate::model::capacity::{Resize, resize};
use crate::model::group::{Capacity, Initial};
use crate::model::lifecycle_hook::Transition;
use crate::model::policy::Policy;
use crate::model::scheduled_task::ScheduledTask;
use crate::scenario::Scenario;

/// A group, its policies and tasks from file and script, and the sizes it may come to.
pub(super) struct Group<'a> {
    pub scenario: &'a Scenario,
    pub setup: &'a GroupSetup,
    pub place: Place,
    /// Alarm policies in creation order; those of the script, and what it makes of others, last.
    pub alarms: Vec<Alarm<'a>>,
    pub tasks: Vec<Task<'a>>,
    /// Every pair of bounds that it may have; desired is the minimum.
    pub bounds: Vec<Capacity>,
    /// Every desired capacity to which policies, tasks and script may bring it.
    pub sizes: BTreeSet<u32>,
}

/// A policy and where it is written.
pub(super) struct Alarm<'a> {
    pub policy: Cow<'a, Policy>,
    pub place: Place,
    /// Whether it is there from start to end, always the same.
    pub is_lasting: bool,
}

/// A task and when it triggers in the run.
pub(super) struct Task<'a> {
    pub task: Cow<'a, ScheduledTask>,
    pub place: Place,
    pub triggers: Vec<SimTime>,
}

/// From the start of a launch until the instance serves.
#[derive(Clone, Copy)]
pub(super) struct Launch {
    /// The median, with the wait at a bound hook.
    pub length: SimDuration,
    /// Whether it is always as long as that.
    pub is_exact: bool,
}

impl<'a> Group<'a> {
    pub fn new(scenario: &'a Scenario, index: usize, setup: &'a GroupSetup) -> Self {
        let place = Place::default().item("group", index, &setup.name);
        let mut group = Self {
            scenario,
            setup,
            alarms: alarms(setup, &place),
            tasks: tasks(scenario, setup, &place),
            place,
            bounds: Vec::new(),
            sizes: BTreeSet::new(),
        };
        group.bounds = group.all_bounds();
        group.sizes = group.all_sizes();
        group
    }

    /// The closed loop of its load, if it is one.
    pub fn demand(&self) -> Option<&'a Demand> {
        self.setup.load.as_ref().and_then(Load::demand)
    }

    /// What a policy makes of a group of `size` within these bounds.
    pub fn target(&self, policy: &Policy, size: u32, bounds: Capacity) -> u32 {
        let semantics = &self.scenario.setup.semantics;
        bounds.clamp(policy.adjustment.propose(size, size, semantics))
    }

    /// Every bounds and size within them, with what a policy makes of it; only of groups that
    /// have an instance, since others have no samples (1.4).
    pub fn moves(&self, policy: &Policy) -> impl Iterator<Item = (u32, u32)> {
        let all = self.bounds.iter().flat_map(|bounds| {
            self.sizes
                .range(bounds.min.max(1)..)
                .take_while(|n| **n <= bounds.max)
                .map(|n| (*bounds, *n))
        });
        all.map(|(bounds, n)| (n, self.target(policy, n, bounds)))
    }

    /// Whether the bounds leave the policies nothing to do at any time.
    pub fn is_fixed(&self) -> bool {
        self.bounds.iter().all(|bounds| bounds.min == bounds.max)
    }

    /// How long a launch takes.
    pub fn launch(&self) -> Launch {
        let latency = &self.scenario.setup.latency;
        let mut phases = vec![latency.creating, latency.preheating];
        if !self.setup.load_balancers.is_empty() {
            phases.push(latency.attach_lb);
        }
        let bound =
            self.setup.hooks.iter().find(|h| Some(&h.name) == self.setup.bound_hook.as_ref());
        let hook = bound.filter(|hook| hook.transition == Transition::Launch);
        let wait = hook.map_or(SimDuration::ZERO, |hook| {
            let answer = hook.answer.filter(|answer| answer.probability >= Micro::ONE);
            answer.map_or(hook.timeout, |answer| answer.after.min(hook.timeout))
        });
        let length = phases.iter().fold(wait, |sum, phase| sum + phase.median());
        let is_exact = hook.is_none() && !phases.iter().copied().any(PhaseLength::is_random);
        Launch { length, is_exact }
    }

    /// The smallest and the largest number of instances that may serve while any does; `None` if
    /// none ever does. Whatever can be out of order is taken to be.
    pub fn serving(&self) -> Option<(u32, u32)> {
        let world = &self.scenario.setup;
        let is_plain = self.setup.initial == Initial::InService
            && self.setup.faults == Default::default()
            && world.conditions.is_empty()
            && world.outages.is_empty()
            && world.instance_limit.is_none()
            && self.setup.script.iter().all(|(_, command)| is_plain(command));
        let most = self.sizes.last().copied().filter(|most| *most > 0)?;
        match is_plain {
            true => Some((self.sizes.range(1..).next().copied()?, most)),
            // Replacing all at once, new ones may serve before old ones are gone.
            false => Some((1, most.saturating_mul(2))),
        }
    }

    /// The loads that are offered in the run, in whole millionths, from the smallest.
    pub fn offered(&self) -> BTreeSet<i64> {
        let Some(demand) = self.demand() else { return BTreeSet::new() };
        self.steps(&demand.offered).filter_map(|(.., value)| value).collect()
    }

    /// The steps of a trace in the run: from when to when, and the value in whole millionths.
    pub fn steps(
        &self,
        trace: &'a Trace,
    ) -> impl Iterator<Item = (SimTime, SimTime, Option<i64>)> + use<'a> {
        let (start, end) = (self.scenario.setup.start, self.scenario.end);
        trace.steps(start, end).map(move |(at, step)| {
            (at, step.until.min(end), step.value.map(|value| value.millionths()))
        })
    }

    /// Its own bounds, and those of tasks and script.
    fn all_bounds(&self) -> Vec<Capacity> {
        let mut all = vec![self.setup.capacity];
        let tasks = self.tasks.iter().filter(|task| !task.triggers.is_empty());
        all.extend(tasks.map(|t| Capacity { min: t.task.min, max: t.task.max, desired: 0 }));
        let limits = &self.scenario.setup.limits;
        let mut current = self.setup.capacity;
        for change in self.setup.script.iter().filter_map(|(_, command)| resized(command)) {
            let change = Resize { desired: None, ..*change };
            // What is not named stays, whoever wrote it last.
            let befores: Vec<Capacity> = all.iter().copied().chain([current]).collect();
            all.extend(befores.iter().filter_map(|before| resize(*before, change, limits).ok()));
            current = resize(current, change, limits).unwrap_or(current);
        }
        let bounds: BTreeSet<(u32, u32)> = all.iter().map(|c| (c.min, c.max)).collect();
        bounds.into_iter().map(|(min, max)| Capacity { min, max, desired: min }).collect()
    }

    fn all_sizes(&self) -> BTreeSet<u32> {
        let mut open = vec![self.setup.capacity.desired];
        for (_, command) in &self.setup.script {
            open.extend(resized(command).and_then(|change| change.desired));
            if matches!(command, Command::Attach(_) | Command::Detach { .. }) {
                open.extend(self.bounds.iter().flat_map(|bounds| bounds.min..=bounds.max));
            }
        }
        let mut found = BTreeSet::new();
        while let Some(size) = open.pop() {
            if !found.insert(size) {
                continue;
            }
            for bounds in &self.bounds {
                let within = bounds.clamp(i64::from(size));
                open.push(within);
                if within == size && size > 0 {
                    let able =
                        self.alarms.iter().filter(|alarm| self.can_breach(&alarm.policy, size));
                    open.extend(able.map(|alarm| self.target(&alarm.policy, size, *bounds)));
                }
            }
        }
        found
    }

    /// Whether an alarm can breach at all while so many instances serve.
    fn can_breach(&self, policy: &Policy, size: u32) -> bool {
        let alarm = &policy.alarm;
        let Some(demand) = self.demand() else { return true };
        let crossing = Crossing::of(demand, alarm.dimension, alarm.threshold, size);
        may_hold(alarm.operator, crossing.at(0), crossing.full())
    }
}

/// The change of sizes that a command is.
const fn resized(command: &Command) -> Option<&Resize> {
    match command {
        Command::Resize(change) => Some(change),
        Command::ModifyGroup(change) => Some(&change.sizes),
        _ => None,
    }
}

/// Whether a command leaves as many instances serving as sizes and policies say.
const fn is_plain(command: &Command) -> bool {
    matches!(
        command,
        Command::Resize(_)
            | Command::CreatePolicy(_)
            | Command::ModifyPolicy { .. }
            | Command::DeletePolicy { .. }
            | Command::CreateTask(_)
            | Command::ModifyTask { .. }
            | Command::DeleteTask { .. }
    )
}

/// The policies of file and script. What comes by script stands at the group.
fn alarms<'a>(setup: &'a GroupSetup, place: &Place) -> Vec<Alarm<'a>> {
    let script = || setup.script.iter().map(|(_, command)| command);
    let is_edited = |name: &str| {
        script().any(|command| match command {
            Command::ModifyPolicy { policy, .. } | Command::DeletePolicy { policy } => {
                policy == name
            }
            _ => false,
        })
    };
    let own = (0..).zip(&setup.policies).map(|(i, policy)| Alarm {
        policy: Cow::Borrowed(policy),
        place: place.clone().item("policy", i, &policy.name),
        is_lasting: !is_edited(&policy.name),
    });
    let mut all: Vec<Alarm<'a>> = own.collect();
    let by_script = |policy| Alarm { policy, place: place.clone(), is_lasting: false };
    for command in script() {
        match command {
            Command::CreatePolicy(policy) => all.push(by_script(Cow::Borrowed(policy))),
            Command::ModifyPolicy { policy, change } => {
                let known = all.iter().filter(|alarm| alarm.policy.name == *policy);
                let after: Vec<_> = known.map(|alarm| alarm.policy.changed(change)).collect();
                all.extend(after.into_iter().map(|policy| by_script(Cow::Owned(policy))));
            }
            _ => {}
        }
    }
    all
}

fn tasks<'a>(scenario: &Scenario, setup: &'a GroupSetup, place: &Place) -> Vec<Task<'a>> {
    let known = |task: Cow<'a, ScheduledTask>, place: Place| {
        let triggers = triggers(scenario, &task);
        Task { task, place, triggers }
    };
    let own = (0..).zip(&setup.tasks).map(|(i, task)| {
        known(Cow::Borrowed(task), place.clone().item("scheduled_task", i, &task.name))
    });
    let mut all: Vec<Task<'a>> = own.collect();
    for (_, command) in &setup.script {
        match command {
            Command::CreateTask(task) => all.push(known(Cow::Borrowed(task), place.clone())),
            Command::ModifyTask { task, change } => {
                let before = all.iter().filter(|t| t.task.name == *task);
                let after: Vec<_> = before.filter_map(|t| t.task.changed(change).ok()).collect();
                all.extend(after.into_iter().map(|task| known(Cow::Owned(task), place.clone())));
            }
            _ => {}
        }
    }
    all
}

/// The instants of the run at which a task triggers.
fn triggers(scenario: &Scenario, task: &ScheduledTask) -> Vec<SimTime> {
    let next = |from: SimTime| {
        let at = task.next_trigger(from, scenario.setup.utc_offset);
        at.filter(|at| *at < scenario.end)
    };
    let first = next(scenario.setup.start);
    std::iter::successors(first, |at| next(*at + SimDuration::from_ms(1))).collect()
}
