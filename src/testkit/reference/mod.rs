//! The reference engine: SEMANTICS a second time, slow and plain.
//!
//! No queue, no handlers and no decisions are shared with `engine/`. The whole state is looked at
//! to find the next instant at which something is due; at that instant the phases of rule 0.2
//! are asked in order until none has work. Each minute's samples are made from the history of
//! the instances and the traces. It shares only nouns: setups, records, traces, and the lengths
//! that chance gives to phases.

mod alarms;
mod load;
mod tasks;

use std::sync::Arc;

use load::Ledger;

use crate::engine::command::Command;
use crate::engine::setup::{GroupSetup, Setup};
use crate::env::latency::GroupLatency;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::capacity::Resize;
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::id::{ActivityOrdinal, InstanceOrdinal, PolicyOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::policy::Policy;
use crate::model::record::{Entry, Record};

/// The log of each group, in creation order, of a run from the start to just before `until`.
///
/// The setup is taken as valid ([`Setup::check`]). Scripted commands that the service would
/// refuse change nothing and leave no record.
pub fn run(setup: &Setup, until: SimTime) -> Vec<Vec<Entry>> {
    setup.groups.iter().map(|group| World::new(setup, group).run(until)).collect()
}

/// An instance that joined the group, for ever: nothing is forgotten.
struct Joined {
    ordinal: InstanceOrdinal,
    /// addTime: the start of its creation.
    added: SimTime,
    state: LifecycleState,
    /// When the phase it is in is over; `None` in a state without an end of its own.
    phase_end: Option<SimTime>,
    /// The running activity that moves it.
    activity: Option<ActivityOrdinal>,
    /// When it entered service, and when it left again.
    served: Option<(SimTime, Option<SimTime>)>,
}

/// A policy that exists.
struct Watched {
    ordinal: PolicyOrdinal,
    policy: Arc<Policy>,
    created: SimTime,
    streak: u32,
    /// The period mark at which it was last judged.
    judged_at: Option<SimTime>,
}

/// The whole state of one group.
struct World<'a> {
    setup: &'a Setup,
    group: &'a GroupSetup,
    lengths: GroupLatency,
    now: SimTime,
    capacity: Capacity,
    joined: Vec<Joined>,
    policies: Vec<Watched>,
    tasks: Vec<tasks::Planned>,
    /// For each scripted command, whether it was carried out or refused.
    script_done: Vec<bool>,
    /// The activity that holds the lock.
    running: Option<(ActivityOrdinal, Origin)>,
    activities: u32,
    /// To whom the gap between actual and desired belongs (4.3).
    gap_owner: Origin,
    /// The activity that opened the latest cooldown, and its end.
    cooldown: Option<(ActivityOrdinal, SimTime)>,
    ledger: Ledger<'a>,
    log: Vec<Entry>,
}

impl<'a> World<'a> {
    /// The group as it exists at the start (3.5).
    fn new(setup: &'a Setup, group: &'a GroupSetup) -> Self {
        let mut world = Self {
            setup,
            group,
            lengths: GroupLatency::new(setup.latency, setup.seed, &group.name),
            now: setup.start,
            capacity: group.capacity,
            joined: Vec::new(),
            policies: Vec::new(),
            tasks: Vec::new(),
            script_done: vec![false; group.script.len()],
            running: None,
            activities: 0,
            gap_owner: Origin::User,
            cooldown: None,
            ledger: Ledger::new(group.load.as_ref(), setup.start),
            log: Vec::new(),
        };
        world.record(Record::Capacity(group.capacity));
        if group.initial == Initial::InService {
            for _ in 0..group.capacity.desired {
                let at = world.join();
                world.enter(at, LifecycleState::InService, None);
            }
        }
        for policy in &group.policies {
            world.create_policy(policy);
        }
        for task in &group.tasks {
            world.add_task(task);
        }
        world
    }

    fn run(mut self, until: SimTime) -> Vec<Entry> {
        let mut due = Some(self.setup.start);
        while let Some(at) = due.filter(|at| *at < until) {
            self.now = at;
            while self.do_one_piece() {}
            due = self.next_instant();
        }
        self.log
    }

    /// The next instant after now at which anything is due, by looking at everything.
    fn next_instant(&self) -> Option<SimTime> {
        let phases = self.joined.iter().filter_map(|i| i.phase_end);
        let script = self.group.script.iter().map(|(at, _)| *at);
        let marks = self.policies.iter().map(|_| self.next_mark());
        let tasks = self.tasks.iter().filter_map(|t| self.next_trigger(t));
        // The end of a cooldown is of interest to whoever waits for it (2.3).
        let cooldown = self.cooldown.map(|(_, until)| until);
        let all = phases.chain(script).chain(marks).chain(tasks).chain(cooldown);
        all.filter(|at| *at > self.now).min()
    }

    /// The first multiple of the metric period in civil time after now (1.1).
    fn next_mark(&self) -> SimTime {
        let (period, offset) = (self.setup.semantics.period.ms(), self.setup.utc_offset.ms());
        let civil = self.now.unix_ms() + offset;
        SimTime::from_unix_ms((civil.div_euclid(period) + 1) * period - offset)
    }

    /// Does one piece of the work of the lowest-numbered phase that has any (0.2).
    fn do_one_piece(&mut self) -> bool {
        self.end_one_phase()
            || self.end_finished_activity()
            || self.run_one_command()
            || self.trigger_one_task()
            || self.judge_one_policy()
            || self.reconcile()
    }

    /// Phase 1: the instance of lowest ordinal whose phase is over goes on (0.2, 5.1).
    fn end_one_phase(&mut self) -> bool {
        let over = self.joined.iter().position(|i| i.phase_end == Some(self.now));
        if let Some(at) = over {
            self.go_on(at);
        }
        over.is_some()
    }

    /// Phase 2: the running activity ends once none of its instances is on its way.
    fn end_finished_activity(&mut self) -> bool {
        let Some((activity, _)) = self.running else { return false };
        let waits =
            self.joined.iter().any(|i| i.activity == Some(activity) && i.phase_end.is_some());
        if !waits {
            self.end_activity();
        }
        !waits
    }

    /// Phase 3: the first scripted command of this instant that is not done.
    fn run_one_command(&mut self) -> bool {
        let group = self.group;
        for ((at, command), done) in group.script.iter().zip(&mut self.script_done) {
            if *at == self.now && !*done {
                *done = true;
                match command {
                    Command::Resize(change) => self.resize(*change),
                    Command::CreatePolicy(policy) => self.create_policy(policy),
                    Command::CreateTask(task) => self.create_task(task),
                    _ => {}
                }
                return true;
            }
        }
        false
    }

    /// Phase 7: if unlocked, one activity for the whole gap (3.2, 4.1).
    fn reconcile(&mut self) -> bool {
        if self.running.is_some() || !self.has_startable_gap() || self.waits_for_cooldown() {
            return false;
        }
        self.start_activity(self.gap_owner);
        true
    }

    /// ModifyScalingGroup (3.3). A refused change does nothing.
    fn resize(&mut self, change: Resize) {
        let min = change.min.unwrap_or(self.capacity.min);
        let max = change.max.unwrap_or(self.capacity.max);
        if max > self.setup.limits.max_size || min > max {
            return;
        }
        let desired = match change.desired {
            Some(desired) if desired < min || desired > max => return,
            Some(desired) => desired,
            None => self.capacity.desired.max(min).min(max),
        };
        // An accepted Modify takes the gap even if it changes nothing, provided that it names a
        // size at all (2.3, 4.3).
        if change.desired.is_some() {
            self.gap_owner = Origin::User;
        } else if change.min.is_some() || change.max.is_some() {
            self.gap_owner = Origin::Bounds;
        }
        self.set_capacity(Capacity { min, max, desired });
    }

    /// CreateScalingPolicy: refused if the name is taken or the group is full.
    fn create_policy(&mut self, policy: &Policy) {
        let taken = self.policies.iter().any(|w| w.policy.name == policy.name);
        let count = self.policies.len() as u64;
        if taken || count >= u64::from(self.setup.limits.policies_per_group) {
            return;
        }
        let ordinal =
            self.policies.last().map_or(PolicyOrdinal(1), |w| PolicyOrdinal(w.ordinal.0 + 1));
        let policy = Arc::new(policy.clone());
        self.record(Record::PolicyCreated { policy: ordinal, definition: Arc::clone(&policy) });
        let created = self.now;
        self.policies.push(Watched { ordinal, policy, created, streak: 0, judged_at: None });
    }

    fn set_capacity(&mut self, capacity: Capacity) {
        if capacity != self.capacity {
            self.capacity = capacity;
            self.record(Record::Capacity(capacity));
        }
    }

    /// Members that are not leaving (3.2).
    fn actual(&self) -> u32 {
        let mut count = 0;
        for instance in &self.joined {
            match instance.state {
                LifecycleState::DetachLb | LifecycleState::Removing | LifecycleState::Gone => {}
                _ => count += 1,
            }
        }
        count
    }

    /// Whether the group could start an activity for a gap: what is too much must be in service
    /// to be removed (7.3).
    fn has_startable_gap(&self) -> bool {
        let (actual, desired) = (self.actual(), self.capacity.desired);
        let removable = self.joined.iter().any(|i| i.state == LifecycleState::InService);
        actual < desired || (actual > desired && removable)
    }

    fn next_activity(&mut self) -> ActivityOrdinal {
        self.activities += 1;
        ActivityOrdinal(self.activities)
    }

    /// One activity for the whole difference between actual and desired. It takes the lock and,
    /// with nothing to wait for, gives it back at once (0.2).
    fn start_activity(&mut self, origin: Origin) {
        let (actual, desired) = (self.actual(), self.capacity.desired);
        let count = actual.abs_diff(desired);
        let activity = self.next_activity();
        let activity_kind =
            if actual < desired { ActivityKind::ScaleOut } else { ActivityKind::ScaleIn };
        self.running = Some((activity, origin));
        self.record(Record::ActivityStarted { activity, activity_kind, origin, count });
        let moved = match activity_kind {
            ActivityKind::ScaleOut => (0..count).map(|_| self.join()).collect(),
            _ => self.leavers(count as usize),
        };
        for at in moved {
            if let Some(instance) = self.joined.get_mut(at) {
                instance.activity = Some(activity);
            }
            self.go_on(at);
        }
        self.end_finished_activity();
    }

    /// Which instances leave (7.3), as places in `joined`, by ordinal.
    fn leavers(&self, count: usize) -> Vec<usize> {
        let in_service = |i: &Joined| i.state == LifecycleState::InService;
        let mut places: Vec<usize> = Vec::new();
        for _ in 0..count {
            let left = self.joined.iter().enumerate();
            let left = left.filter(|(at, i)| in_service(i) && !places.contains(at));
            let age = |(_, i): &(usize, &Joined)| (i.added, i.ordinal);
            let next = match self.group.remove_policy {
                RemovePolicy::RemoveOldestInstance => left.min_by_key(age),
                RemovePolicy::RemoveNewestInstance => left.max_by_key(age),
            };
            places.extend(next.map(|(at, _)| at));
        }
        places.sort_unstable();
        places
    }

    /// All instances have arrived: status, then the cooldown of an accepted alarm (2.1).
    fn end_activity(&mut self) {
        let Some((activity, origin)) = self.running.take() else { return };
        for instance in &mut self.joined {
            if instance.activity == Some(activity) {
                instance.activity = None;
            }
        }
        let (status, error) = (ActivityStatus::Successful, ActivityError::None);
        self.record(Record::ActivityEnded { activity, status, error });
        let Origin::Policy { policy } = origin else { return };
        let owner = self.policies.iter().find(|w| w.ordinal == policy);
        let length = owner.map_or(SimDuration::ZERO, |w| w.policy.cooldown);
        let until = self.now + length;
        let longer = self.cooldown.is_none_or(|(_, earlier)| until > earlier);
        if length > SimDuration::ZERO && longer {
            self.cooldown = Some((activity, until));
            self.record(Record::CooldownOpened { activity, until });
        }
    }

    /// A new instance, on its way but in no state that was recorded yet; gives its place.
    fn join(&mut self) -> usize {
        let at = self.joined.len();
        let ordinal = self.joined.last().map_or(1, |last| last.ordinal.0 + 1);
        self.joined.push(Joined {
            ordinal: InstanceOrdinal(ordinal),
            added: self.now,
            state: LifecycleState::Creating,
            phase_end: None,
            activity: None,
            served: None,
        });
        at
    }

    /// An instance enters the next phase that has a length, or the end of its way (0.2, 5.1).
    fn go_on(&mut self, at: usize) {
        use LifecycleState as S;
        let Some(instance) = self.joined.get(at) else { return };
        let has_lb = !self.group.load_balancers.is_empty();
        let fresh = instance.state == S::Creating && instance.phase_end.is_none();
        let way: &[S] = match instance.state {
            S::Creating if fresh => &[S::Creating, S::Preheating, S::AttachLb, S::InService],
            S::Creating => &[S::Preheating, S::AttachLb, S::InService],
            S::Preheating => &[S::AttachLb, S::InService],
            S::AttachLb => &[S::InService],
            S::InService => &[S::DetachLb, S::Removing, S::Gone],
            S::DetachLb => &[S::Removing, S::Gone],
            _ => &[S::Gone],
        };
        for &state in way {
            if matches!(state, S::InService | S::Gone) {
                return self.enter(at, state, None);
            }
            let length = self.lengths.length(state, instance.ordinal);
            let without_lb = matches!(state, S::AttachLb | S::DetachLb) && !has_lb;
            if !without_lb && length > SimDuration::ZERO {
                return self.enter(at, state, Some(self.now + length));
            }
        }
    }

    fn enter(&mut self, at: usize, state: LifecycleState, phase_end: Option<SimTime>) {
        let now = self.now;
        let Some(instance) = self.joined.get_mut(at) else { return };
        if instance.state == LifecycleState::InService {
            // Whatever follows, it takes no more load from here on (1.2).
            instance.served = instance.served.map(|(from, _)| (from, Some(now)));
        }
        if state == LifecycleState::InService {
            instance.served = Some((now, None));
        }
        (instance.state, instance.phase_end) = (state, phase_end);
        let (instance, activity) = (instance.ordinal, instance.activity);
        self.record(Record::Instance { instance, state, activity });
    }

    fn record(&mut self, record: Record) {
        self.log.push(Entry { t: self.now, record });
    }
}
