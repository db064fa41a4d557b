//! Views: what can be read of an engine without changing it.

use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::command::{CommandError, Outage};
use crate::engine::group_sim::GroupSim;
use crate::engine::log::Log;
use crate::engine::world::World;
use crate::env::load::Load;
use crate::kernel::{SimTime, UtcOffset};
use crate::model::configuration::{Configuration, Registered};
use crate::model::failure::{Condition, FailureCause, standing_cause};
use crate::model::group::{Capacity, RemovePolicy, Site};
use crate::model::id::{
    ActivityOrdinal, GroupIndex, HookOrdinal, IdKind, NotificationOrdinal, PolicyOrdinal,
    TaskOrdinal, public_id, read_public_id,
};
use crate::model::instance::Instance;
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::limits::Limits;
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

    /// What it is called in the log: the name it was given, unless another group had that.
    pub fn name(&self) -> &'a str {
        &self.group.name
    }

    /// The name it shows.
    pub fn shown_name(&self) -> &'a str {
        &self.group.shown
    }

    /// Its public id, `asg-…`.
    pub fn id(&self) -> &'a str {
        &self.group.id
    }

    /// The public id of one of its things.
    pub fn id_of(&self, kind: IdKind, ordinal: u32) -> String {
        public_id(self.world.seed, kind, self.group.index, ordinal)
    }

    /// Where it stands, and whose it is.
    pub fn site(&self) -> &'a Site {
        &self.group.site
    }

    /// Since when it exists.
    pub const fn created(&self) -> SimTime {
        self.group.created
    }

    /// Where its metrics come from.
    pub fn load(&self) -> Option<&'a Load> {
        self.group.load.as_deref()
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

    /// Since when there is a policy of that number.
    pub fn policy_created(&self, ordinal: PolicyOrdinal) -> Option<SimTime> {
        self.group.policies.iter().find(|w| w.ordinal == ordinal).map(|w| w.created)
    }

    /// Since when there is a task of that number.
    pub fn task_created(&self, ordinal: TaskOrdinal) -> Option<SimTime> {
        self.group.tasks.iter().find(|p| p.ordinal == ordinal).map(|p| p.created)
    }

    /// Since when there is a notification of that number.
    pub fn notification_created(&self, ordinal: NotificationOrdinal) -> Option<SimTime> {
        self.group.subscriptions.all.iter().find(|s| s.ordinal == ordinal).map(|s| s.created)
    }

    /// Its scheduled tasks in creation order, with number and next trigger.
    pub fn tasks(&self) -> impl Iterator<Item = (TaskOrdinal, &'a ScheduledTask, Option<SimTime>)> {
        self.group.tasks.iter().map(|p| (p.ordinal, p.task.as_ref(), p.next))
    }

    /// Its lifecycle hooks in creation order.
    pub fn hooks(&self) -> impl Iterator<Item = (HookOrdinal, &'a LifecycleHook)> + use<'a> {
        let group = self.group;
        group.hooks.all.iter().map(|(ordinal, hook)| (*ordinal, hook.as_ref()))
    }

    /// The hook that is bound.
    pub const fn bound_hook(&self) -> Option<HookOrdinal> {
        self.group.hooks.bound
    }

    /// Its notifications in creation order.
    pub fn notifications(&self) -> impl Iterator<Item = (NotificationOrdinal, &'a Subscription)> {
        self.group.subscriptions.all.iter().map(|s| (s.ordinal, s.definition.as_ref()))
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
            None => self.id_of(IdKind::Instance, instance.ordinal.0),
        }
    }

    /// The member with that public id.
    pub fn member_of_id(&self, id: &str) -> Option<&'a Instance> {
        let members = &self.group.members;
        let is_machine = |member: &&Instance| member.machine.as_ref().is_some_and(|m| *m.id == *id);
        members.iter().find(is_machine).or_else(|| {
            let (group, ordinal) = read_public_id(self.world.seed, IdKind::Instance, id)?;
            let place = members.binary_search_by_key(&ordinal, |member| member.ordinal.0).ok()?;
            let found = members.get(place).filter(|member| member.machine.is_none());
            found.filter(|_| group == self.group.index)
        })
    }

    /// Whether a cause of failures stands for all of it now, or for one of its places.
    pub fn is_struck(&self, cause: FailureCause, place: Option<&str>) -> bool {
        self.world.conditions.iter().any(|condition| {
            let is_here = condition.place.is_none() || condition.place.as_deref() == place;
            condition.cause == cause && is_here && condition.holds(self.group.index, self.now)
        })
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
        self.world.configurations.iter().map(|known| &known.definition)
    }

    /// The same with keys, ids and times.
    pub fn registered(&self) -> impl Iterator<Item = &Registered> {
        self.world.configurations.iter().map(AsRef::as_ref)
    }

    /// What a public id of that kind stands for, if it can stand for anything.
    pub fn read_id(&self, kind: IdKind, id: &str) -> Option<(GroupIndex, u32)> {
        read_public_id(self.world.seed, kind, id)
    }

    /// Civil time of the service.
    pub fn utc_offset(&self) -> UtcOffset {
        self.world.utc_offset
    }

    /// Quotas.
    pub fn limits(&self) -> &Limits {
        &self.world.limits
    }
}
