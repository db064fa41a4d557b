//! One group as a world of its own: its state, and the phases of an instant (SEMANTICS 0.2).

use std::sync::Arc;

use crate::engine::command::{Command, CommandError, Reply};
use crate::engine::log::{Log, Retention};
use crate::engine::setup::{GroupSetup, World, check_new_policy, check_new_task};
use crate::engine::{RunError, activities, alarms, instances, tasks};
use crate::env::latency::GroupLatency;
use crate::env::load::Load;
use crate::env::meter::Meter;
use crate::kernel::{EventQueue, SimTime};
use crate::model::activity::Origin;
use crate::model::capacity::{Cooldown, Resize, Standing, resize};
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::id::{ActivityOrdinal, GroupIndex, InstanceOrdinal, PolicyOrdinal};
use crate::model::instance::{Instance, LifecycleState};
use crate::model::plan::{self, Plan};
use crate::model::policy::Policy;
use crate::model::record::{Decision, Record};
use crate::model::scheduled_task::ScheduledTask;

/// A piece of work of the future. Holds ordinals only: the state holds the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An instance is done with the state it is in.
    PhaseEnd(InstanceOrdinal),
}

/// One group: state, reminders of the future, and log.
#[derive(Clone, Debug)]
pub(crate) struct GroupSim {
    pub index: GroupIndex,
    pub name: Arc<str>,
    pub capacity: Capacity,
    pub remove_policy: RemovePolicy,
    pub has_load_balancer: bool,
    /// Members by ordinal.
    pub members: Vec<Instance>,
    pub last_instance: u32,
    /// The activity that holds the lock.
    pub running: Option<activities::Running>,
    pub last_activity: u32,
    pub cooldown: Option<Cooldown>,
    /// Who last wrote desired or asked for convergence (4.3).
    pub gap_owner: Origin,
    pub policies: Vec<alarms::Watch>,
    pub alarms: alarms::Boundary,
    pub tasks: Vec<tasks::Planned>,
    pub load: Option<Arc<Load>>,
    pub meter: Meter,
    pub latency: GroupLatency,
    pub queue: EventQueue<InstanceOrdinal, Event>,
    /// Timed commands, in order, and how many of them are done.
    script: Arc<[(SimTime, Command)]>,
    script_done: usize,
    pub log: Log,
    /// Every evaluation, if all are wanted.
    pub decisions: Option<Vec<(SimTime, Decision)>>,
    /// Scripted commands that were refused: when, which of the script, and why.
    pub refusals: Vec<(SimTime, usize, CommandError)>,
    /// The most records this group may have now; what the others keep is taken off.
    pub kept_max: usize,
}

/// Pieces of work of one group at one instant after which a run is given up (0.2).
const PIECES_MAX: u32 = 100_000;

/// The phases that come before a command from outside: it stands where a scripted one would.
const SCRIPT_PHASE: u8 = 3;
const LAST_PHASE: u8 = 7;

impl GroupSim {
    pub fn new(world: &World, index: GroupIndex, setup: &GroupSetup, retention: Retention) -> Self {
        let mut script = setup.script.clone();
        script.sort_by_key(|(at, _)| *at);
        let mut group = Self {
            index,
            name: setup.name.as_str().into(),
            capacity: setup.capacity,
            remove_policy: setup.remove_policy,
            has_load_balancer: !setup.load_balancers.is_empty(),
            members: Vec::new(),
            last_instance: 0,
            running: None,
            last_activity: 0,
            cooldown: None,
            gap_owner: Origin::User,
            policies: Vec::new(),
            alarms: alarms::Boundary::new(world),
            tasks: Vec::new(),
            load: setup.load.clone().map(Arc::new),
            meter: Meter::new(world.start),
            latency: GroupLatency::new(world.latency, world.seed, &setup.name),
            queue: EventQueue::new(),
            script: script.into(),
            script_done: 0,
            log: Log::new(&setup.name, retention),
            decisions: None,
            refusals: Vec::new(),
            kept_max: usize::MAX,
        };
        group.record(world.start, Record::Capacity(setup.capacity));
        if setup.initial == Initial::InService {
            (0..setup.capacity.desired)
                .for_each(|_| instances::begin_in_service(&mut group, world));
        }
        for policy in &setup.policies {
            alarms::create(&mut group, world, policy.clone(), world.start);
        }
        for task in &setup.tasks {
            tasks::create(&mut group, world, task.clone(), world.start);
        }
        group
    }

    /// The next instant at which this group has work.
    pub fn next_wake(&self, world: &World, now: SimTime) -> Option<SimTime> {
        [
            self.is_activity_over().then_some(now),
            self.work_due_from(world).map(|from| from.max(now)),
            tasks::next(self),
            self.queue.next_time(),
            self.script.get(self.script_done).map(|(at, _)| *at),
            (!self.policies.is_empty()).then_some(self.alarms.next_close),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Does all work due before `until`. `now` is the instant up to which the group has run.
    pub fn run_until(
        &mut self,
        world: &World,
        now: SimTime,
        until: SimTime,
    ) -> Result<(), RunError> {
        let mut now = now;
        while let Some(wake) = self.next_wake(world, now)
            && wake < until
        {
            self.work(world, wake, LAST_PHASE)?;
            now = wake;
        }
        Ok(())
    }

    /// Does all work due at `now`.
    pub fn settle(&mut self, world: &World, now: SimTime) -> Result<(), RunError> {
        self.work(world, now, LAST_PHASE)
    }

    /// Carries out a command from outside, where a scripted command of this instant would stand.
    pub fn apply(
        &mut self,
        world: &World,
        now: SimTime,
        command: &Command,
    ) -> Result<Result<Reply, CommandError>, RunError> {
        self.work(world, now, SCRIPT_PHASE)?;
        Ok(self.carry_out(world, now, command))
    }

    /// Works off an instant up to and including `last_phase`, always one piece of the lowest
    /// phase that has work.
    fn work(&mut self, world: &World, now: SimTime, last_phase: u8) -> Result<(), RunError> {
        let mut pieces = 0;
        while self.do_piece(world, now, last_phase)? {
            pieces += 1;
            if pieces > PIECES_MAX {
                return Err(RunError::TooMuchWork { at: now, group: self.name.to_string() });
            }
            if self.kept() > self.kept_max {
                let (group, limit) = (self.name.to_string(), world.limits.records);
                return Err(RunError::TooManyRecords { at: now, group, limit });
            }
        }
        Ok(())
    }

    /// One piece of the lowest phase that has work at `now`; false if none has.
    fn do_piece(&mut self, world: &World, now: SimTime, last_phase: u8) -> Result<bool, RunError> {
        // Phase 1: what instances were doing is done.
        if let Some(Event::PhaseEnd(instance)) = self.queue.pop_due(now) {
            instances::on_phase_end(self, now, instance);
            return Ok(true);
        }
        // Phase 2: the activity is over.
        if self.is_activity_over() {
            activities::on_end(self, now);
            return Ok(true);
        }
        // Phase 3: scripted commands.
        if let Some((_, command)) = self.script.get(self.script_done).filter(|(at, _)| *at <= now) {
            let command = command.clone();
            if let Err(error) = self.carry_out(world, now, &command) {
                self.refusals.push((now, self.script_done, error));
            }
            self.script_done += 1;
            return Ok(true);
        }
        if last_phase <= SCRIPT_PHASE {
            return Ok(false);
        }
        // Phase 5: scheduled triggers, in creation order of the tasks.
        if tasks::on_trigger(self, world, now) {
            return Ok(true);
        }
        // Phase 6: the metric period closes, then each policy judges it.
        if !self.policies.is_empty() && alarms::on_boundary(self, world, now)? {
            return Ok(true);
        }
        // Phase 7: start at most one activity.
        if self.is_work_due(world, now) {
            activities::reconcile(self, world, now)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn carry_out(
        &mut self,
        world: &World,
        now: SimTime,
        command: &Command,
    ) -> Result<Reply, CommandError> {
        match command {
            Command::Resize(change) => self.resize(world, now, *change),
            Command::CreatePolicy(policy) => self.create_policy(world, now, policy),
            Command::CreateTask(task) => self.create_task(world, now, task),
        }
    }

    /// ModifyScalingGroup: the gap belongs to it from now on, even if nothing changes (4.3),
    /// provided that it names a size (2.3).
    fn resize(
        &mut self,
        world: &World,
        now: SimTime,
        change: Resize,
    ) -> Result<Reply, CommandError> {
        let capacity = resize(self.capacity, change, &world.limits)?;
        // After this point the change succeeds.
        self.gap_owner = match change {
            Resize { desired: Some(_), .. } => Origin::User,
            // A change that names no size asks for nothing, and takes nothing over.
            Resize { min: None, max: None, .. } => self.gap_owner,
            Resize { .. } => Origin::Bounds,
        };
        self.set_capacity(now, capacity);
        Ok(Reply::Done)
    }

    fn create_policy(
        &mut self,
        world: &World,
        now: SimTime,
        policy: &Policy,
    ) -> Result<Reply, CommandError> {
        let names = self.policies.iter().map(|watch| watch.policy.name.as_str());
        check_new_policy(policy, names, &world.limits)?;
        // After this point the policy exists.
        let ordinal: PolicyOrdinal = alarms::create(self, world, policy.clone(), now);
        Ok(Reply::Policy(ordinal))
    }

    fn create_task(
        &mut self,
        world: &World,
        now: SimTime,
        task: &ScheduledTask,
    ) -> Result<Reply, CommandError> {
        let existing = self.tasks.iter().map(|planned| planned.task.as_ref());
        check_new_task(task, existing, &world.limits, world.utc_offset)?;
        if task.start < now {
            return Err(CommandError::TaskInThePast { name: task.name.clone() });
        }
        // After this point the task exists.
        Ok(Reply::Task(tasks::create(self, world, task.clone(), now)))
    }

    /// Writes the sizes, and a record if one of them changes.
    pub fn set_capacity(&mut self, now: SimTime, capacity: Capacity) {
        if capacity != self.capacity {
            self.capacity = capacity;
            self.record(now, Record::Capacity(capacity));
        }
    }

    /// Records and evaluations in memory.
    pub fn kept(&self) -> usize {
        self.log.kept().saturating_add(self.decisions.as_ref().map_or(0, Vec::len))
    }

    pub fn record(&mut self, now: SimTime, record: Record) {
        self.log.push(now, record);
    }

    fn is_activity_over(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.moving == 0)
    }

    /// Whether phase 7 would start an activity now.
    pub fn is_work_due(&self, world: &World, now: SimTime) -> bool {
        self.work_due_from(world).is_some_and(|from| from <= now)
    }

    /// Since when, or from when on, phase 7 would start an activity: a gap that a scheduled task
    /// left waits for the end of the cooldown (2.3), any other for nothing but the lock.
    fn work_due_from(&self, world: &World) -> Option<SimTime> {
        if self.running.is_some() || !self.has_open_gap() {
            return None;
        }
        let waits = matches!(self.gap_owner, Origin::Task { .. })
            && world.semantics.scheduled_obeys_cooldown;
        Some(self.cooldown.filter(|_| waits).map_or(SimTime::MIN, |window| window.until))
    }

    pub fn has_open_gap(&self) -> bool {
        let actual = plan::actual(&self.members);
        let desired = self.capacity.desired;
        actual < desired || (actual > desired && self.members.iter().any(plan::is_candidate))
    }

    /// The work that would bring the group to its desired capacity.
    pub fn plan(&self) -> Plan {
        plan::plan(self.capacity.desired, &self.members, self.remove_policy)
    }

    /// What the gate looks at.
    pub fn standing(&self, world: &World, now: SimTime) -> Standing {
        use crate::model::capacity::Lock;
        let lock = match &self.running {
            Some(running) => Lock::Held(running.activity),
            None if self.is_work_due(world, now) => Lock::Due,
            None => Lock::Free,
        };
        Standing {
            capacity: self.capacity,
            actual: plan::actual(&self.members),
            removable: self.members.iter().any(plan::is_candidate),
            lock,
            cooldown: self.cooldown,
            now,
        }
    }

    /// The next activity's number.
    pub fn next_activity(&mut self) -> ActivityOrdinal {
        self.last_activity = self.last_activity.saturating_add(1);
        ActivityOrdinal(self.last_activity)
    }

    pub fn member(&mut self, ordinal: InstanceOrdinal) -> Option<&mut Instance> {
        let place = self.members.binary_search_by_key(&ordinal, |i| i.ordinal).ok()?;
        self.members.get_mut(place)
    }

    pub fn in_service(&self) -> u32 {
        let serving = self.members.iter().filter(|i| i.state == LifecycleState::InService);
        u32::try_from(serving.count()).unwrap_or(u32::MAX)
    }
}
