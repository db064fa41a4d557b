//! One group as a world of its own: its state, and the phases of an instant (SEMANTICS 0.2).

use std::sync::Arc;

use crate::engine::command::{Command, CommandError};
use crate::engine::log::{Log, Retention};
use crate::engine::setup::GroupSetup;
use crate::engine::world::{Ctx, World};
use crate::engine::{RunError, activities, alarms, health, hooks, instances, notices, tasks};
use crate::env::faults::GroupFaults;
use crate::env::latency::GroupLatency;
use crate::env::load::Load;
use crate::env::meter::Meter;
use crate::kernel::{EventQueue, SimTime};
use crate::model::capacity::Cooldown;
use crate::model::group::{Capacity, Initial, RemovePolicy, Site};
use crate::model::id::{ActivityOrdinal, GroupIndex, IdKind, InstanceOrdinal, public_id};
use crate::model::instance::Instance;
use crate::model::record::{Decision, Record};

/// A piece of work of the future. Holds ordinals only: the state holds the facts, and a reminder
/// that no longer fits them does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An instance is done with the state it is in.
    PhaseEnd(InstanceOrdinal),
    /// The wait of an instance at a hook has come to its deadline.
    HookExpiry(InstanceOrdinal),
    /// Somebody completes the wait of an instance, as scripted.
    Answer(InstanceOrdinal),
    /// A fault of an instance has lasted long enough to be noticed.
    Mark(InstanceOrdinal),
}

/// The phase of an event, then the instance: the order of work at one instant.
pub(super) type Rank = (u8, InstanceOrdinal);

impl Event {
    const fn rank(self) -> Rank {
        match self {
            Self::PhaseEnd(instance) | Self::HookExpiry(instance) => (1, instance),
            Self::Answer(instance) => (SCRIPT_PHASE, instance),
            Self::Mark(instance) => (4, instance),
        }
    }
}

/// One group: state, reminders of the future, and log.
#[derive(Clone, Debug)]
pub(crate) struct GroupSim {
    pub index: GroupIndex,
    /// Its public id.
    pub id: Arc<str>,
    /// What it is called in the log and by chance; this never changes.
    pub name: Arc<str>,
    /// The name it shows.
    pub shown: Arc<str>,
    pub created: SimTime,
    pub site: Arc<Site>,
    pub configuration: Arc<str>,
    pub capacity: Capacity,
    pub remove_policy: RemovePolicy,
    /// Its zones or subnets.
    pub places: Arc<[Arc<str>]>,
    pub has_load_balancer: bool,
    pub is_suspended: bool,
    pub is_deleted: bool,
    /// Members by ordinal.
    pub members: Vec<Instance>,
    pub last_instance: u32,
    /// The activity that holds the lock.
    pub running: Option<activities::Running>,
    pub last_activity: u32,
    pub cooldown: Option<Cooldown>,
    pub gap: activities::Gap,
    pub back_off: activities::BackOff,
    pub policies: Vec<alarms::Watch>,
    pub last_policy: u32,
    pub alarms: alarms::Boundary,
    pub tasks: Vec<tasks::Planned>,
    pub last_task: u32,
    pub hooks: hooks::Hooks,
    pub subscriptions: notices::Subscriptions,
    pub load: Option<Arc<Load>>,
    pub meter: Meter,
    pub latency: GroupLatency,
    pub faults: GroupFaults,
    pub queue: EventQueue<Rank, Event>,
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
pub(super) const SCRIPT_PHASE: u8 = 3;
pub(super) const LAST_PHASE: u8 = 7;

impl GroupSim {
    pub fn new(
        ctx: &mut Ctx<'_>,
        index: GroupIndex,
        setup: &GroupSetup,
        retention: Retention,
    ) -> Self {
        let world = ctx.world;
        let mut script = setup.script.clone();
        script.sort_by_key(|(at, _)| *at);
        let mut group = Self {
            index,
            id: public_id(world.seed, IdKind::Group, index, 0).into(),
            name: setup.name.as_str().into(),
            shown: setup.name.as_str().into(),
            created: ctx.now,
            site: Arc::new(setup.site(world.project)),
            configuration: setup.configuration.as_str().into(),
            capacity: setup.capacity,
            remove_policy: setup.remove_policy,
            places: setup.places(),
            has_load_balancer: !setup.load_balancers.is_empty(),
            is_suspended: false,
            is_deleted: false,
            members: Vec::new(),
            last_instance: 0,
            running: None,
            last_activity: 0,
            cooldown: None,
            gap: activities::Gap::of_new_group(setup.initial),
            back_off: activities::BackOff::default(),
            policies: Vec::new(),
            last_policy: 0,
            alarms: alarms::Boundary::new(world),
            tasks: Vec::new(),
            last_task: 0,
            hooks: hooks::Hooks::default(),
            subscriptions: notices::Subscriptions::default(),
            load: setup.load.clone().map(Arc::new),
            meter: Meter::new(ctx.now),
            latency: GroupLatency::new(world.latency, world.seed, &setup.name),
            faults: GroupFaults::new(setup.faults, world.seed, &setup.name),
            queue: EventQueue::new(),
            script: script.into(),
            script_done: 0,
            log: Log::new(&setup.name, retention),
            decisions: None,
            refusals: Vec::new(),
            kept_max: usize::MAX,
        };
        group.furnish(ctx, setup);
        group
    }

    /// What the group has at the start, told to the log.
    fn furnish(&mut self, ctx: &mut Ctx<'_>, setup: &GroupSetup) {
        self.record(ctx.now, Record::Capacity(setup.capacity));
        if setup.initial == Initial::InService {
            (0..setup.capacity.desired).for_each(|_| instances::begin_in_service(self, ctx));
        }
        for policy in &setup.policies {
            alarms::add(self, ctx, policy.clone());
        }
        for task in &setup.tasks {
            tasks::add(self, ctx, task.clone());
        }
        for hook in &setup.hooks {
            hooks::add(self, ctx, hook.clone());
        }
        if let Some(name) = &setup.bound_hook {
            // The setup was checked: the hook is there.
            let _ = hooks::bind(self, ctx, name);
        }
        for subscription in &setup.notifications {
            notices::add(self, ctx, subscription.clone());
        }
    }

    /// The next instant at which this group has work.
    pub fn next_wake(&self, world: &World, now: SimTime) -> Option<SimTime> {
        let close = (!self.policies.is_empty()).then_some(self.alarms.next_close);
        self.next_besides_close(world, now).into_iter().chain(close).min()
    }

    /// The same, but for the end of a period.
    pub fn next_besides_close(&self, world: &World, now: SimTime) -> Option<SimTime> {
        [
            self.is_activity_over().then_some(now),
            activities::due_from(self, world, now).map(|from| from.max(now)),
            tasks::next(self),
            self.queue.next_time(),
            self.script.get(self.script_done).map(|(at, _)| *at),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Does all work due at `now`, up to and including `last_phase`: always one piece of the
    /// lowest phase that has work.
    pub fn work(&mut self, ctx: &mut Ctx<'_>, last_phase: u8) -> Result<(), RunError> {
        let (mut pieces, at) = (0, ctx.now);
        while self.do_piece(ctx, last_phase)? {
            pieces += 1;
            if pieces > PIECES_MAX {
                return Err(RunError::TooMuchWork { at, group: self.name.to_string() });
            }
            if self.kept() > self.kept_max {
                let (group, limit) = (self.name.to_string(), ctx.world.limits.records);
                return Err(RunError::TooManyRecords { at, group, limit });
            }
        }
        Ok(())
    }

    /// One piece of the lowest phase that has work now; false if none has.
    fn do_piece(&mut self, ctx: &mut Ctx<'_>, last_phase: u8) -> Result<bool, RunError> {
        // Phase 1: what instances were doing is done, and waits come to their deadlines.
        if self.take_event(ctx, 1)? {
            return Ok(true);
        }
        // Phase 2: the activity is over.
        if self.is_activity_over() {
            activities::on_end(self, ctx);
            return Ok(true);
        }
        // Phase 3: hooks are answered, then scripted commands.
        if self.take_event(ctx, SCRIPT_PHASE)? || self.run_script(ctx)? {
            return Ok(true);
        }
        if last_phase <= SCRIPT_PHASE {
            return Ok(false);
        }
        // Phase 4: instances are found unhealthy.
        if self.take_event(ctx, 4)? {
            return Ok(true);
        }
        // Phase 5: scheduled triggers, in creation order of the tasks.
        if tasks::on_trigger(self, ctx) {
            return Ok(true);
        }
        // Phase 6: the metric period closes, then each policy judges it.
        if !self.policies.is_empty() && alarms::on_boundary(self, ctx)? {
            return Ok(true);
        }
        // Phase 7: start at most one activity.
        if activities::is_due(self, ctx.world, ctx.now) {
            activities::start_due(self, ctx)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Takes the next event if it is due now and of that phase.
    fn take_event(&mut self, ctx: &mut Ctx<'_>, phase: u8) -> Result<bool, RunError> {
        let now = ctx.now;
        let is_next = |(at, rank): (SimTime, Rank)| at <= now && rank.0 == phase;
        if !self.queue.peek().is_some_and(is_next) {
            return Ok(false);
        }
        match self.queue.pop_due(now) {
            Some(Event::PhaseEnd(instance)) => instances::on_phase_end(self, ctx, instance)?,
            Some(Event::HookExpiry(instance)) => hooks::on_expiry(self, ctx, instance)?,
            Some(Event::Answer(instance)) => hooks::on_answer(self, ctx, instance)?,
            Some(Event::Mark(instance)) => health::on_mark(self, ctx, instance),
            None => {}
        }
        Ok(true)
    }

    /// The next scripted command, if it is due.
    fn run_script(&mut self, ctx: &mut Ctx<'_>) -> Result<bool, RunError> {
        let next = self.script.get(self.script_done).filter(|(at, _)| *at <= ctx.now);
        let Some((_, command)) = next else { return Ok(false) };
        let command = command.clone();
        if let Err(error) = self.carry_out(ctx, &command)? {
            self.refusals.push((ctx.now, self.script_done, error));
        }
        self.script_done += 1;
        Ok(true)
    }

    /// Adds a reminder.
    pub(super) fn remind(&mut self, at: SimTime, event: Event) {
        self.queue.push(at, event.rank(), event);
    }

    /// Writes the sizes, and a record if one of them changes.
    pub fn set_capacity(&mut self, now: SimTime, capacity: Capacity) {
        if capacity == self.capacity {
            return;
        }
        if capacity.desired != self.capacity.desired {
            self.gap.shrink_tried = false;
            if let Some(running) = &mut self.running {
                running.desired_changed = true;
            }
        }
        self.capacity = capacity;
        self.record(now, Record::Capacity(capacity));
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
        let serving = self.members.iter().filter(|i| i.state.is_in_service());
        u32::try_from(serving.count()).unwrap_or(u32::MAX)
    }
}
