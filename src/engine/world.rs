//! What a group sees besides itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::command::Outage;
use crate::engine::setup::Setup;
use crate::env::latency::Latency;
use crate::kernel::{SimTime, UtcOffset};
use crate::model::configuration::Configuration;
use crate::model::failure::Condition;
use crate::model::id::GroupIndex;
use crate::model::limits::Limits;
use crate::model::machine::Machine;
use crate::model::semantics::Semantics;

/// What all groups look at and none changes.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub start: SimTime,
    pub utc_offset: UtcOffset,
    pub seed: u64,
    pub semantics: Semantics,
    pub limits: Limits,
    pub latency: Latency,
    pub instance_limit: Option<u32>,
    pub configurations: Vec<Arc<Configuration>>,
    pub conditions: Vec<Condition>,
    pub outages: Vec<Outage>,
}

impl World {
    pub fn of(setup: &Setup) -> Arc<Self> {
        Arc::new(Self {
            start: setup.start,
            utc_offset: setup.utc_offset,
            seed: setup.seed,
            semantics: setup.semantics,
            limits: setup.limits,
            latency: setup.latency,
            instance_limit: setup.instance_limit,
            configurations: setup.configurations.iter().cloned().map(Arc::new).collect(),
            conditions: setup.conditions.clone(),
            outages: setup.outages.clone(),
        })
    }

    pub fn configuration(&self, name: &str) -> Option<&Arc<Configuration>> {
        self.configurations.iter().find(|configuration| configuration.name == name)
    }
}

/// Where groups meet: what they change and others see.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    /// Machines outside groups, in the order in which they came to be there.
    pub pool: Vec<Arc<Machine>>,
    /// In which group the machines are that were attached.
    pub attached: BTreeMap<Arc<str>, GroupIndex>,
    /// Members of all groups.
    pub members: u32,
}

impl Shared {
    pub fn of(setup: &Setup) -> Self {
        let pool = setup.machines.iter().cloned().map(Arc::new).collect();
        Self { pool, attached: BTreeMap::new(), members: 0 }
    }

    /// The account's instances: members of groups and machines outside.
    pub fn instances(&self) -> u32 {
        self.members.saturating_add(u32::try_from(self.pool.len()).unwrap_or(u32::MAX))
    }
}

/// What a piece of work sees besides its group, and when it is done.
#[derive(Debug)]
pub(crate) struct Ctx<'a> {
    pub world: &'a World,
    pub shared: &'a mut Shared,
    pub now: SimTime,
}
