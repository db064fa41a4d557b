//! The reference engine: SEMANTICS a second time, slow and plain.
//!
//! No queue, no handlers and no decisions are shared with `engine/`. The whole state is looked at
//! to find the next instant at which something is due; at that instant each group in file order
//! is asked for the phases of rule 0.2 until none has work. Each minute's samples are made from
//! the history of the instances and the traces. It shares only nouns: setups, records, traces,
//! and what chance gives.

mod activities;
mod alarms;
mod attach;
mod causes;
mod commands;
mod edits;
mod instances;
mod load;
mod replacement;
mod tasks;

use std::sync::Arc;

use activities::{BackOff, Running};
use instances::Joined;
use load::Ledger;

use crate::engine::setup::{GroupSetup, Setup};
use crate::env::faults::GroupFaults;
use crate::env::latency::GroupLatency;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityKind, Origin};
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::id::{ActivityOrdinal, GroupIndex, HookOrdinal, NotificationOrdinal};
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::machine::Machine;
use crate::model::notification::Subscription;
use crate::model::record::{Entry, Record};

/// The log of each group, in creation order, of a run from the start to just before `until`.
///
/// The setup is taken as valid ([`Setup::check`]). Scripted commands that the service would
/// refuse change nothing and leave no record.
pub fn run(setup: &Setup, until: SimTime) -> Vec<Vec<Entry>> {
    let groups = (0..).zip(&setup.groups);
    let groups = groups.map(|(i, group)| Group::new(setup, GroupIndex(i), group)).collect();
    let pool = setup.machines.iter().cloned().map(Arc::new).collect();
    World { groups, pool }.run(setup.start, until)
}

/// All groups, and the machines outside them.
struct World<'a> {
    groups: Vec<Group<'a>>,
    pool: Vec<Arc<Machine>>,
}

impl World<'_> {
    fn run(mut self, start: SimTime, until: SimTime) -> Vec<Vec<Entry>> {
        let mut due = Some(start);
        while let Some(at) = due.filter(|at| *at < until) {
            for place in 0..self.groups.len() {
                self.work(place, at);
            }
            due = self.groups.iter().filter_map(Group::next_instant).min();
        }
        self.groups.into_iter().map(|group| group.log).collect()
    }

    /// One group's turn at an instant. While it works it holds the pool; of the other groups it
    /// sees how many members they have (0.2, 8.1).
    fn work(&mut self, place: usize, at: SimTime) {
        let others = self.groups.iter().enumerate().filter(|(other, _)| *other != place);
        let others = others.map(|(_, group)| group.members()).sum();
        let Some(group) = self.groups.get_mut(place) else { return };
        (group.now, group.others) = (at, others);
        std::mem::swap(&mut group.pool, &mut self.pool);
        while group.do_one_piece() {}
        std::mem::swap(&mut group.pool, &mut self.pool);
    }
}

/// The whole state of one group.
struct Group<'a> {
    setup: &'a Setup,
    group: &'a GroupSetup,
    index: GroupIndex,
    places: Vec<Arc<str>>,
    lengths: GroupLatency,
    luck: GroupFaults,
    now: SimTime,
    /// Machines outside groups, while it is this group's turn.
    pool: Vec<Arc<Machine>>,
    /// Members of all other groups.
    others: usize,
    capacity: Capacity,
    configuration: String,
    remove_policy: RemovePolicy,
    suspended: bool,
    deleted: bool,
    joined: Vec<Joined>,
    policies: Vec<alarms::Watched>,
    policies_made: u32,
    tasks: Vec<tasks::Planned>,
    tasks_made: u32,
    hooks: Vec<(HookOrdinal, Arc<LifecycleHook>)>,
    hooks_made: u32,
    bound: Option<HookOrdinal>,
    subscriptions: Vec<(NotificationOrdinal, Arc<Subscription>)>,
    subscriptions_made: u32,
    /// For each scripted command, whether it was carried out or refused.
    script_done: Vec<bool>,
    /// The activity that holds the lock.
    running: Option<Running>,
    activities: u32,
    /// To whom the gap between actual and desired belongs (4.3), and for an alarm how long a
    /// cooldown its activity opens.
    owner: (Origin, SimDuration),
    /// Whether the owner had an activity for it: later ones are retries.
    begun: bool,
    /// Whether the latest scale-in found fewer candidates than it needed (7.3).
    removal_tried: bool,
    /// Failures in a row, and what they mean for the work that failed (8.3).
    failures: u32,
    back_off: BackOff,
    /// The activity that opened the latest cooldown, and its end.
    cooldown: Option<(ActivityOrdinal, SimTime)>,
    ledger: Ledger<'a>,
    log: Vec<Entry>,
}

impl<'a> Group<'a> {
    fn new(setup: &'a Setup, index: GroupIndex, group: &'a GroupSetup) -> Self {
        let named = if group.zones.is_empty() { &group.subnets } else { &group.zones };
        let mut new = Self {
            setup,
            group,
            index,
            places: named.iter().map(|name| Arc::from(name.as_str())).collect(),
            lengths: GroupLatency::new(setup.latency, setup.seed, &group.name),
            luck: GroupFaults::new(group.faults, setup.seed, &group.name),
            now: setup.start,
            pool: Vec::new(),
            others: 0,
            capacity: group.capacity,
            configuration: group.configuration.clone(),
            remove_policy: group.remove_policy,
            suspended: false,
            deleted: false,
            joined: Vec::new(),
            policies: Vec::new(),
            policies_made: 0,
            tasks: Vec::new(),
            tasks_made: 0,
            hooks: Vec::new(),
            hooks_made: 0,
            bound: None,
            subscriptions: Vec::new(),
            subscriptions_made: 0,
            script_done: vec![false; group.script.len()],
            running: None,
            activities: 0,
            owner: (Origin::User, SimDuration::ZERO),
            begun: group.initial == Initial::InService,
            removal_tried: false,
            failures: 0,
            back_off: BackOff::No,
            cooldown: None,
            ledger: Ledger::new(group.load.as_ref(), setup.start),
            log: Vec::new(),
        };
        new.furnish();
        new
    }

    /// The group as it exists at the start (3.5).
    fn furnish(&mut self) {
        let group = self.group;
        self.record(Record::Capacity(group.capacity));
        if group.initial == Initial::InService {
            for _ in 0..group.capacity.desired {
                let place = self.emptiest(|_| true);
                let at = self.join(instances::Way::In, None, place);
                self.serve(at);
            }
        }
        group.policies.iter().for_each(|policy| self.add_policy(policy));
        group.tasks.iter().for_each(|task| self.add_task(task));
        group.hooks.iter().for_each(|hook| self.add_hook(hook));
        if let Some(name) = &group.bound_hook {
            self.bind(name);
        }
        group.notifications.iter().for_each(|subscription| self.subscribe(subscription));
    }

    /// The next instant after now at which anything may be due, by looking at everything.
    fn next_instant(&self) -> Option<SimTime> {
        let mut all: Vec<SimTime> = Vec::new();
        for instance in &self.joined {
            all.extend(instance.phase_end);
            if let Some(wait) = &instance.wait {
                all.push(wait.deadline);
                all.extend(wait.answer.map(|(at, _)| at));
            }
            all.extend(self.mark_times(instance));
        }
        all.extend(self.group.script.iter().map(|(at, _)| *at));
        if !self.policies.is_empty() && !self.deleted {
            all.push(self.next_mark());
        }
        all.extend(self.tasks.iter().filter_map(|task| self.next_trigger(task)));
        // The ends of a cooldown, of a back-off and of a cause are of interest to whoever waits.
        all.extend(self.cooldown.map(|(_, until)| until));
        if let BackOff::Until(until) = self.back_off {
            all.push(until);
        }
        all.extend(self.setup.conditions.iter().map(|condition| condition.end));
        all.into_iter().filter(|at| *at > self.now && *at < SimTime::MAX).min()
    }

    /// The first multiple of the metric period in civil time after now (1.1).
    fn next_mark(&self) -> SimTime {
        let (period, offset) = (self.setup.semantics.period.ms(), self.setup.utc_offset.ms());
        let civil = self.now.unix_ms() + offset;
        SimTime::from_unix_ms((civil.div_euclid(period) + 1) * period - offset)
    }

    /// Does one piece of the work of the lowest-numbered phase that has any (0.2).
    fn do_one_piece(&mut self) -> bool {
        self.end_one_phase_or_wait()
            || self.end_finished_activity()
            || self.answer_one_wait()
            || self.run_one_command()
            || self.mark_one()
            || self.trigger_one_task()
            || self.judge_one_policy()
            || self.start_what_is_due()
    }

    /// instanceNum.
    fn members(&self) -> usize {
        self.joined.iter().filter(|i| i.is_member()).count()
    }

    /// Members that are not leaving (3.2).
    fn actual(&self) -> u32 {
        self.joined.iter().map(|i| u32::from(i.is_staying())).sum()
    }

    /// Whether the group could work on the gap: what is too much must be there to be removed
    /// (1.6, 7.3).
    fn has_open_gap(&self) -> bool {
        let (actual, desired) = (self.actual(), self.capacity.desired);
        actual < desired || (actual > desired && self.has_candidate())
    }

    fn has_candidate(&self) -> bool {
        self.joined.iter().any(|i| i.is_serving() && !i.protected)
    }

    /// Somebody writes desired or asks for convergence: the gap is his, and what failed before is
    /// forgotten (4.3, 8.3).
    fn take_gap(&mut self, origin: Origin, cooldown: SimDuration) {
        self.owner = (origin, cooldown);
        self.begun = false;
        self.failures = 0;
        self.back_off = BackOff::No;
    }

    fn set_capacity(&mut self, capacity: Capacity) {
        if capacity.desired != self.capacity.desired {
            self.removal_tried = false;
            if let Some(running) = &mut self.running {
                running.desired_changed = true;
            }
        }
        if capacity != self.capacity {
            self.capacity = capacity;
            self.record(Record::Capacity(capacity));
        }
    }

    fn next_activity(&mut self) -> ActivityOrdinal {
        self.activities += 1;
        ActivityOrdinal(self.activities)
    }

    /// Which way the gap is.
    fn kind_of_gap(&self) -> ActivityKind {
        match self.actual() < self.capacity.desired {
            true => ActivityKind::ScaleOut,
            false => ActivityKind::ScaleIn,
        }
    }

    fn record(&mut self, record: Record) {
        self.log.push(Entry { t: self.now, record });
    }
}
