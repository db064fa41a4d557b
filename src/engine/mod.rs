//! The engine: groups, and the clock that wakes them.

mod activities;
mod alarms;
mod carry_out;
mod check;
pub mod command;
mod group_sim;
mod health;
mod hooks;
mod instances;
mod invalid;
mod journal;
mod load;
pub mod log;
mod members;
mod new_group;
mod notices;
mod quiet;
mod refusal;
mod replacement;
mod room;
mod run_error;
pub mod setup;
mod tasks;
pub mod view;
mod world;
mod world_command;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use command::{Command, CommandError, Reply, WorldCommand};
use group_sim::{GroupSim, LAST_PHASE};
use log::Retention;
use setup::{Setup, ValidationError};
use view::GroupView;
use world::{Ctx, Shared, World};

pub use journal::{JournalEntry, Request};
pub use run_error::RunError;

use crate::kernel::{SimTime, Tape};
use crate::model::id::GroupIndex;

/// One run: a world of groups and a clock.
///
/// State changes through two doors: [`apply`](Self::apply) from outside, [`step`](Self::step)
/// (and [`run_until`](Self::run_until), [`settle`](Self::settle)) from the clock. An engine is a
/// value: `clone` forks it, and both go on from the same state. It never reads the host's clock.
///
/// ```
/// use asgsim::engine::command::Command;
/// use asgsim::model::capacity::Resize;
/// use asgsim::{Engine, GroupIndex, GroupSetup, Setup, SimDuration, SimTime};
///
/// let start = SimTime::from_unix_s(1_700_000_000);
/// let mut setup = Setup::new(start);
/// setup.groups.push(GroupSetup::new("web", 1, 10, 2));
/// let mut engine = Engine::new(&setup)?;
///
/// let web = GroupIndex(0);
/// let grow = Command::Resize(Resize { desired: Some(5), ..Resize::default() });
/// engine.apply(web, &grow)??;
/// let mut other = engine.clone();
///
/// engine.run_until(start + SimDuration::from_s(61))?;
/// assert_eq!(engine.group(web).unwrap().in_service(), 5);
/// other.run_until(start + SimDuration::from_s(60))?; // what is due at 60 s is not done
/// assert_eq!(other.group(web).unwrap().in_service(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    world: Arc<World>,
    shared: Shared,
    now: SimTime,
    groups: Vec<GroupSim>,
    /// Whether groups may meet, in the pool of machines or in a limit of the account: they then
    /// run on one clock.
    is_coupled: bool,
    /// When each group wakes next; rebuilt when groups have moved on without it.
    wakes: Option<BinaryHeap<Reverse<(SimTime, GroupIndex)>>>,
    settled: bool,
    journal: Tape<JournalEntry>,
    kept: Kept,
    retention: Retention,
    /// Whether every evaluation is kept, of later groups too.
    all_decisions: bool,
}

/// Records in memory, all groups together, against their limit.
#[derive(Clone, Copy, Debug)]
struct Kept {
    count: usize,
    limit: usize,
}

impl Kept {
    fn of(groups: &[GroupSim], world: &World) -> Self {
        let limit = usize::try_from(world.limits.records).unwrap_or(usize::MAX);
        Self { count: groups.iter().map(GroupSim::kept).sum(), limit }
    }

    /// Lets a group work with the room that is left.
    fn lend<T>(
        &mut self,
        group: &mut GroupSim,
        work: impl FnOnce(&mut GroupSim) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let before = group.kept();
        group.kept_max = before.saturating_add(self.limit.saturating_sub(self.count));
        let done = work(group);
        self.count = self.count.saturating_add(group.kept().saturating_sub(before));
        done
    }
}

impl Engine {
    /// The world of `setup` at its start, keeping all records.
    ///
    /// # Errors
    /// The first [`ValidationError`] of the setup.
    pub fn new(setup: &Setup) -> Result<Self, ValidationError> {
        Self::with_retention(setup, Retention::Keep)
    }

    /// The same, with a choice of what becomes of records.
    ///
    /// # Errors
    /// The first [`ValidationError`] of the setup.
    pub fn with_retention(setup: &Setup, retention: Retention) -> Result<Self, ValidationError> {
        setup.check()?;
        let world = World::of(setup);
        let mut shared = Shared::of(setup);
        let mut ctx = Ctx { world: &world, shared: &mut shared, now: world.start };
        let groups: Vec<_> = (0..)
            .zip(&setup.groups)
            .map(|(index, group)| GroupSim::new(&mut ctx, GroupIndex(index), group, retention))
            .collect();
        Ok(Self {
            now: world.start,
            kept: Kept::of(&groups, &world),
            is_coupled: world_command::is_coupled(setup),
            world,
            shared,
            groups,
            wakes: None,
            settled: false,
            journal: Tape::default(),
            retention,
            all_decisions: false,
        })
    }

    /// Keeps every evaluation of every policy from now on, not only triggers (1.7).
    pub fn keep_all_decisions(&mut self) {
        self.all_decisions = true;
        self.groups.iter_mut().for_each(|group| {
            group.decisions.get_or_insert_default();
        });
    }

    /// The engine's time: all work due before it is done.
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// Whether the work due now is done too: after [`step`](Self::step) and
    /// [`settle`](Self::settle), until time or a command moves on.
    pub const fn is_settled(&self) -> bool {
        self.settled
    }

    /// The next instant at which anything happens; `None` if nothing ever will.
    pub fn next_wake(&self) -> Option<SimTime> {
        self.groups.iter().filter_map(|group| group.next_wake(&self.world, self.now)).min()
    }

    /// Goes to the next instant at which anything happens and does all of it, group by group.
    /// Gives that instant, or `None` if nothing ever will happen.
    ///
    /// # Errors
    /// A [`RunError`] of one of the groups.
    pub fn step(&mut self) -> Result<Option<SimTime>, RunError> {
        self.step_before(SimTime::MAX)
    }

    /// [`Self::step`], if the next instant lies before `until`.
    fn step_before(&mut self, until: SimTime) -> Result<Option<SimTime>, RunError> {
        let Self { world, shared, now, groups, wakes, settled, kept, .. } = self;
        // Where there is an end, time in which nothing happens is passed over up to there: nobody
        // else can change what a group finds in it.
        let next = |group: &mut GroupSim, world: &World, now: SimTime| {
            let wake = match until {
                SimTime::MAX => group.next_wake(world, now)?,
                until => quiet::next_work(group, world, now, until)?,
            };
            Some(Reverse((wake, group.index)))
        };
        let wakes = wakes.get_or_insert_with(|| {
            groups.iter_mut().filter_map(|group| next(group, world, *now)).collect()
        });
        let Some(&Reverse((at, _))) = wakes.peek() else { return Ok(None) };
        if at >= until {
            return Ok(None);
        }
        *now = at;
        *settled = true;
        while let Some(&Reverse((due, index))) = wakes.peek()
            && due <= at
        {
            wakes.pop();
            let place = usize::try_from(index.0).unwrap_or(usize::MAX);
            if let Some(group) = groups.get_mut(place) {
                let mut ctx = Ctx { world, shared, now: at };
                kept.lend(group, |group| group.work(&mut ctx, LAST_PHASE))?;
                wakes.extend(next(group, world, at));
            }
        }
        Ok(Some(at))
    }

    /// Does all work due before `until` and makes that the time (0.1).
    ///
    /// Groups that share nothing that changes run to the end one after another, each on its own
    /// and cache-warm; groups that meet in the pool of machines or in a limit of the account run
    /// on one clock (0.2).
    ///
    /// # Errors
    /// [`RunError::Backwards`] if `until` is past; a [`RunError`] of one of the groups.
    pub fn run_until(&mut self, until: SimTime) -> Result<(), RunError> {
        if until < self.now {
            return Err(RunError::Backwards { now: self.now, to: until });
        }
        let was_settled = self.settled && until == self.now;
        if self.is_coupled {
            while self.step_before(until)?.is_some() {}
        } else {
            self.run_apart(until)?;
        }
        self.wakes = None;
        self.settled = was_settled;
        self.now = until;
        Ok(())
    }

    fn run_apart(&mut self, until: SimTime) -> Result<(), RunError> {
        let Self { world, shared, now, groups, kept, .. } = self;
        for group in groups {
            kept.lend(group, |group| {
                let mut now = *now;
                while let Some(wake) = quiet::next_work(group, world, now, until) {
                    let mut ctx = Ctx { world, shared, now: wake };
                    group.work(&mut ctx, LAST_PHASE)?;
                    now = wake;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Does the work that is due now; its period closes do not come again (0.1).
    ///
    /// # Errors
    /// A [`RunError`] of one of the groups.
    pub fn settle(&mut self) -> Result<(), RunError> {
        let Self { world, shared, now, groups, kept, .. } = self;
        for group in groups {
            let mut ctx = Ctx { world, shared, now: *now };
            kept.lend(group, |group| group.work(&mut ctx, LAST_PHASE))?;
        }
        self.wakes = None;
        self.settled = true;
        Ok(())
    }

    /// Carries out a command now, where a scripted command of this instant would stand: after
    /// what ends now, before what begins.
    ///
    /// # Errors
    /// Outside, a [`RunError`]; inside, a [`CommandError`] if the command is refused, which
    /// changes nothing.
    pub fn apply(
        &mut self,
        group: GroupIndex,
        command: &Command,
    ) -> Result<Result<Reply, CommandError>, RunError> {
        let place = usize::try_from(group.0).unwrap_or(usize::MAX);
        if self.groups.get(place).is_none() {
            return Ok(Err(CommandError::UnknownGroup(group)));
        }
        let before = (self.settled, self.is_coupled);
        self.note(Request::Group(group, command.clone()));
        if let Err(error) = self.check_rename(group, command) {
            self.forget_refused(before);
            return Ok(Err(error));
        }
        self.is_coupled |= world_command::couples(command);
        let Self { world, shared, now, groups, kept, .. } = self;
        let Some(found) = groups.get_mut(place) else {
            return Ok(Err(CommandError::UnknownGroup(group)));
        };
        let mut ctx = Ctx { world, shared, now: *now };
        let outcome = kept.lend(found, |group| group.apply(&mut ctx, command))?;
        if outcome.is_err() {
            self.forget_refused(before);
        }
        Ok(outcome)
    }

    /// Changes the world that groups share, now.
    ///
    /// # Errors
    /// A [`CommandError`] if the command is refused, which changes nothing.
    pub fn apply_to_world(&mut self, command: &WorldCommand) -> Result<Reply, CommandError> {
        let before = (self.settled, self.is_coupled);
        self.note(Request::World(Box::new(command.clone())));
        let outcome = self.carry_out(command);
        if outcome.is_err() {
            self.forget_refused(before);
        }
        outcome
    }

    /// One group.
    pub fn group(&self, index: GroupIndex) -> Option<GroupView<'_>> {
        let place = usize::try_from(index.0).ok()?;
        self.groups.get(place).map(|group| GroupView::new(self, group))
    }

    /// All groups in creation order.
    pub fn groups(&self) -> impl Iterator<Item = GroupView<'_>> {
        self.groups.iter().map(|group| GroupView::new(self, group))
    }

    /// How many records the digest covers.
    pub fn event_count(&self) -> usize {
        self.groups.iter().map(|group| group.log.count()).sum()
    }

    /// The digest of the event log so far, in hexadecimal (0.4).
    pub fn digest(&self) -> String {
        log::run_digest(self.groups.iter().map(|group| &group.log))
    }
}
