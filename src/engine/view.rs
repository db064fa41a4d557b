//! Views: what can be read of an engine without changing it.

use crate::engine::Engine;
use crate::engine::command::CommandError;
use crate::engine::group_sim::GroupSim;
use crate::engine::log::Log;
use crate::kernel::SimTime;
use crate::model::group::Capacity;
use crate::model::id::{ActivityOrdinal, GroupIndex, IdKind, PolicyOrdinal, public_id};
use crate::model::instance::Instance;
use crate::model::plan;
use crate::model::policy::Policy;
use crate::model::record::Decision;

/// A group as it stands.
///
/// ```
/// use asgsim::{Engine, GroupSetup, Setup, SimTime};
/// let mut setup = Setup::new(SimTime::from_unix_s(0));
/// setup.groups.push(GroupSetup::new("web", 1, 4, 2));
/// let engine = Engine::new(&setup).unwrap();
/// let web = engine.groups().next().unwrap();
/// assert_eq!((web.name(), web.in_service()), ("web", 2));
/// assert!(web.id().starts_with("asg-"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GroupView<'a> {
    seed: u64,
    now: SimTime,
    group: &'a GroupSim,
}

impl<'a> GroupView<'a> {
    pub(super) fn new(engine: &'a Engine, group: &'a GroupSim) -> Self {
        Self { seed: engine.world.seed, now: engine.now, group }
    }

    /// Its place in the engine.
    pub const fn index(&self) -> GroupIndex {
        self.group.index
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.group.name
    }

    /// Its public id, `asg-…`.
    pub fn id(&self) -> String {
        public_id(self.seed, IdKind::Group, self.group.index, 0)
    }

    /// Its sizes.
    pub const fn capacity(&self) -> Capacity {
        self.group.capacity
    }

    /// All its members by ordinal, also those coming and going (instanceNum).
    pub fn members(&self) -> &'a [Instance] {
        &self.group.members
    }

    /// Members that are not leaving (3.2).
    pub fn actual(&self) -> u32 {
        plan::actual(&self.group.members)
    }

    /// Members that take load.
    pub fn in_service(&self) -> u32 {
        self.group.in_service()
    }

    /// The activity under way (bInScalingActivity).
    pub fn running_activity(&self) -> Option<ActivityOrdinal> {
        self.group.running.map(|running| running.activity)
    }

    /// Until when alarms are refused, if they are now.
    pub fn cooldown_until(&self) -> Option<SimTime> {
        self.group.cooldown.map(|window| window.until).filter(|until| self.now < *until)
    }

    /// Its policies in creation order, with number and streak.
    pub fn policies(&self) -> impl Iterator<Item = (PolicyOrdinal, &'a Policy, u32)> {
        self.group.policies.iter().map(|w| (w.ordinal, w.policy.as_ref(), w.streak))
    }

    /// Its log.
    pub const fn log(&self) -> &'a Log {
        &self.group.log
    }

    /// Every evaluation so far, if the engine was told to keep them.
    pub fn decisions(&self) -> Option<&'a [(SimTime, Decision)]> {
        self.group.decisions.as_deref()
    }

    /// Scripted commands that were refused: when, the place in the (time-ordered) script, and why.
    pub fn refusals(&self) -> &'a [(SimTime, usize, CommandError)] {
        &self.group.refusals
    }
}
