//! The world as it is at the start of a run.

use std::sync::Arc;

use crate::engine::command::{Command, Outage};
use crate::env::faults::Faults;
use crate::env::latency::Latency;
use crate::env::load::Load;
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::configuration::Configuration;
use crate::model::failure::Condition;
use crate::model::group::{Capacity, Initial, RemovePolicy, Site};
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::limits::Limits;
use crate::model::machine::Machine;
use crate::model::notification::Subscription;
use crate::model::policy::Policy;
use crate::model::scheduled_task::ScheduledTask;
use crate::model::semantics::Semantics;

pub use crate::engine::check::ValidationError;

/// What all groups share, and the groups.
#[derive(Clone, Debug)]
pub struct Setup {
    /// When the run begins.
    pub start: SimTime,
    /// Civil time of the service.
    pub utc_offset: UtcOffset,
    /// The seed of all chance, and the salt of ids.
    pub seed: u64,
    /// Choices where the documents leave one.
    pub semantics: Semantics,
    /// Quotas.
    pub limits: Limits,
    /// How long phases of instances take.
    pub latency: Latency,
    /// The most instances the account may have, machines outside groups included; `None` for no
    /// limit. An activity creates at most what is left (8.1).
    pub instance_limit: Option<u32>,
    /// The project of the groups; 0 is the default one.
    pub project: u32,
    /// Scaling configurations. If there are none, groups may name any, and machines of any size
    /// may be attached.
    pub configurations: Vec<Configuration>,
    /// Machines outside groups.
    pub machines: Vec<Machine>,
    /// Causes of failures that stand for a time (8.1).
    pub conditions: Vec<Condition>,
    /// Faults of whole zones or subnets (7.1).
    pub outages: Vec<Outage>,
    /// The groups in creation order.
    pub groups: Vec<GroupSetup>,
}

/// A group as it is at the start.
#[derive(Clone, Debug)]
pub struct GroupSetup {
    /// User-defined name, unique in the run.
    pub name: String,
    /// Name of its scaling configuration.
    pub configuration: String,
    /// Its sizes.
    pub capacity: Capacity,
    /// Whether its instances are there already.
    pub initial: Initial,
    /// Who leaves first.
    pub remove_policy: RemovePolicy,
    /// The zones in which instances are made; not together with subnets.
    pub zones: Vec<String>,
    /// The subnets of a private network in which instances are made.
    pub subnets: Vec<String>,
    /// Ids of its load balancers; with none, instances skip AttachLb and DetachLb.
    pub load_balancers: Vec<String>,
    /// Where its metrics come from.
    pub load: Option<Load>,
    /// Its policies in creation order.
    pub policies: Vec<Policy>,
    /// Its scheduled tasks in creation order. A trigger before the start is skipped.
    pub tasks: Vec<ScheduledTask>,
    /// Its lifecycle hooks in creation order.
    pub hooks: Vec<LifecycleHook>,
    /// The name of the hook that is bound.
    pub bound_hook: Option<String>,
    /// Its notifications in creation order.
    pub notifications: Vec<Subscription>,
    /// How often its instances fail.
    pub faults: Faults,
    /// Timed commands; at one instant they run in this order.
    pub script: Vec<(SimTime, Command)>,
}

impl Setup {
    /// A world without groups: seed 0, offset +08:00, and the defaults of everything else.
    pub fn new(start: SimTime) -> Self {
        Self {
            start,
            utc_offset: UtcOffset::default(),
            seed: 0,
            semantics: Semantics::default(),
            limits: Limits::default(),
            latency: Latency::default(),
            instance_limit: None,
            project: 0,
            configurations: Vec::new(),
            machines: Vec::new(),
            conditions: Vec::new(),
            outages: Vec::new(),
            groups: Vec::new(),
        }
    }
}

impl GroupSetup {
    /// A group of `desired` instances in service, bounds `min` to `max`, and nothing else.
    pub fn new(name: &str, min: u32, max: u32, desired: u32) -> Self {
        Self {
            name: name.to_owned(),
            configuration: String::from("default"),
            capacity: Capacity { min, max, desired },
            initial: Initial::InService,
            remove_policy: RemovePolicy::RemoveOldestInstance,
            zones: Vec::new(),
            subnets: Vec::new(),
            load_balancers: Vec::new(),
            load: None,
            policies: Vec::new(),
            tasks: Vec::new(),
            hooks: Vec::new(),
            bound_hook: None,
            notifications: Vec::new(),
            faults: Faults::default(),
            script: Vec::new(),
        }
    }

    /// Where it stands: in the realm of the setup.
    pub(crate) fn site(&self, project: u32) -> Site {
        Site {
            zones: self.zones.clone(),
            subnets: self.subnets.clone(),
            load_balancers: self.load_balancers.clone(),
            project,
            ..Site::default()
        }
    }

    /// The zones or subnets in which instances are made.
    pub fn places(&self) -> Arc<[Arc<str>]> {
        let named = if self.zones.is_empty() { &self.subnets } else { &self.zones };
        named.iter().map(|name| Arc::from(name.as_str())).collect()
    }
}

/// Members of a group that can be looked at in the time of one evaluation.
const MEMBERS_PER_STEP: u64 = 64;

impl Setup {
    /// About how many steps of work the run to `end` is: minutes, steps of traces and evaluations
    /// of policies, all groups together. A million of them take well under a second.
    pub fn work(&self, end: SimTime) -> u64 {
        self.work_by_group(end).fold(0, u64::saturating_add)
    }

    /// The same, group by group.
    pub fn work_by_group(&self, end: SimTime) -> impl Iterator<Item = u64> {
        let period = self.semantics.period;
        self.groups.iter().map(move |group| group.work(self.start, end, period))
    }
}

impl GroupSetup {
    /// About how many steps of work the group is from `start` to `end`: its minutes and the steps
    /// of its load, over which meter and reports go, and its evaluations.
    fn work(&self, start: SimTime, end: SimTime, period: SimDuration) -> u64 {
        let pieces = |span: SimDuration| {
            let pieces = (end - start).ms().max(0) / span.ms().max(1);
            u64::try_from(pieces).unwrap_or(0).saturating_add(1)
        };
        let minutes = pieces(SimDuration::MINUTE);
        let steps = self.load.as_ref().map_or(0, |load| load.steps_within(start, end));
        let created = self.script.iter().filter(|(_, c)| matches!(c, Command::CreatePolicy(_)));
        let policies = self.policies.len().saturating_add(created.count());
        let policies = u64::try_from(policies).unwrap_or(u64::MAX);
        // At each period end the members are counted, which is quick but not nothing.
        let members = u64::from(self.capacity.max) / MEMBERS_PER_STEP;
        let of_periods = match policies {
            0 => 0,
            _ => pieces(period).saturating_mul(policies.saturating_add(members)),
        };
        minutes.saturating_add(steps).saturating_add(of_periods)
    }
}
