//! Views: what can be read of an engine without changing it.

use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::command::{CommandError, Outage};
use crate::engine::group_sim::GroupSim;
use crate::engine::log::Log;
use crate::engine::world::World;
use crate::kernel::SimTime;
use crate::model::configuration::Configuration;
use crate::model::failure::{Condition, FailureCause, standing_cause};
use crate::model::group::{Capacity, RemovePolicy};
use crate::model::id::{
    ActivityOrdinal, GroupIndex, HookOrdinal, IdKind, NotificationOrdinal, PolicyOrdinal,
    TaskOrdinal, public_id,
};
use crate::model::instance::Instance;
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::machine::Machine;
use crate::model::notification::Subscription;
use crate::model::plan;
use crate::model::policy::Policy;
use crate::model::record::Decision;
use crate::model::scheduled_task::ScheduledTask;

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
    world: &'a World,
    now: SimTime,
    group: &'a GroupSim,
}

impl<'a> GroupView<'a> {
    pub(super) fn new(engine: &'a Engine, group: &'a GroupSim) -> Self {
        Self { world: &engine.world, now: engine.now, group }
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
        public_id(self.world.seed, IdKind::Group, self.group.index, 0)
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
        self.group.running.as_ref().map(|running| running.activity)
    }

    /// Until when alarms are refused, if they are now.
    pub fn cooldown_until(&self) -> Option<SimTime> {
        self.group.cooldown.map(|window| window.until).filter(|until| self.now < *until)
    }

    /// Its policies in creation order, with number and streak.
    pub fn policies(&self) -> impl Iterator<Item = (PolicyOrdinal, &'a Policy, u32)> {
        self.group.policies.iter().map(|w| (w.ordinal, w.policy.as_ref(), w.streak))
    }

    /// Its scheduled tasks in creation order, with number and next trigger.
    pub fn tasks(&self) -> impl Iterator<Item = (TaskOrdinal, &'a ScheduledTask, Option<SimTime>)> {
        self.group.tasks.iter().map(|p| (p.ordinal, p.task.as_ref(), p.next))
    }

    /// Its lifecycle hooks in creation order.
    pub fn hooks(&self) -> impl Iterator<Item = (HookOrdinal, &'a LifecycleHook)> {
        self.group.hooks.all.iter().map(|(ordinal, hook)| (*ordinal, hook.as_ref()))
    }

    /// The hook that is bound.
    pub const fn bound_hook(&self) -> Option<HookOrdinal> {
        self.group.hooks.bound
    }

    /// Its notifications in creation order.
    pub fn notifications(&self) -> impl Iterator<Item = (NotificationOrdinal, &'a Subscription)> {
        self.group.subscriptions.all.iter().map(|(ordinal, s)| (*ordinal, s.as_ref()))
    }

    /// Name of its configuration.
    pub fn configuration(&self) -> &'a str {
        &self.group.configuration
    }

    /// Who leaves first.
    pub const fn remove_policy(&self) -> RemovePolicy {
        self.group.remove_policy
    }

    /// Its zones or subnets.
    pub fn places(&self) -> &'a [Arc<str>] {
        &self.group.places
    }

    /// Whether it is suspended (4.2).
    pub const fn is_suspended(&self) -> bool {
        self.group.is_suspended
    }

    /// Whether it was deleted: it has no members and does nothing any more.
    pub const fn is_deleted(&self) -> bool {
        self.group.is_deleted
    }

    /// Whether an instance waits at a hook, which holds the lock (6.4).
    pub fn hook_waiting(&self) -> bool {
        self.group.members.iter().any(|member| member.wait.is_some())
    }

    /// The standing cause for which it is inactive now (8.2).
    pub fn standing_cause(&self) -> Option<FailureCause> {
        let group = self.group;
        standing_cause(&self.world.conditions, group.index, &group.places, self.now)
    }

    /// Failures in a row, and when the failed work is tried again: `None` if it is given up (8.3).
    pub fn back_off(&self) -> (u32, Option<SimTime>) {
        (self.group.back_off.failures, self.group.back_off.from().map(|at| at.max(self.now)))
    }

    /// The public id of a member: its machine's, or its own.
    pub fn instance_id(&self, instance: &Instance) -> String {
        match &instance.machine {
            Some(machine) => machine.id.to_string(),
            None => {
                let (kind, group) = (IdKind::Instance, self.group.index);
                public_id(self.world.seed, kind, group, instance.ordinal.0)
            }
        }
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

impl Engine {
    /// Machines outside groups, in the order in which they came to be there.
    pub fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.shared.pool.iter().map(AsRef::as_ref)
    }

    /// The account's instances: members of all groups, and machines outside.
    pub fn instance_count(&self) -> u32 {
        self.shared.instances()
    }

    /// Causes of failures that stand, stood or will stand, in the order in which they were told.
    pub fn conditions(&self) -> &[Condition] {
        &self.world.conditions
    }

    /// Outages, past and to come, in the order in which they were told.
    pub fn outages(&self) -> &[Outage] {
        &self.world.outages
    }

    /// Scaling configurations in creation order.
    pub fn configurations(&self) -> impl Iterator<Item = &Configuration> {
        self.world.configurations.iter().map(AsRef::as_ref)
    }
}
