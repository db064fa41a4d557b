//! What a group sees besides itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::command::Outage;
use crate::engine::setup::Setup;
use crate::env::latency::Latency;
use crate::kernel::{SimTime, UtcOffset};
use crate::model::configuration::{Configuration, Registered};
use crate::model::failure::Condition;
use crate::model::id::{ConfigurationOrdinal, GroupIndex, IdKind, public_id};
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
    pub project: u32,
    pub configurations: Vec<Arc<Registered>>,
    pub last_configuration: u32,
    pub conditions: Vec<Condition>,
    pub outages: Vec<Outage>,
}

impl World {
    pub fn of(setup: &Setup) -> Arc<Self> {
        let mut world = Self {
            start: setup.start,
            utc_offset: setup.utc_offset,
            seed: setup.seed,
            semantics: setup.semantics,
            limits: setup.limits,
            latency: setup.latency,
            instance_limit: setup.instance_limit,
            project: setup.project,
            configurations: Vec::new(),
            last_configuration: 0,
            conditions: setup.conditions.clone(),
            outages: setup.outages.clone(),
        };
        setup.configurations.iter().for_each(|new| world.register(new, setup.start));
        Arc::new(world)
    }

    /// What a configuration is, by its key.
    pub fn configuration(&self, key: &str) -> Option<&Configuration> {
        let found = self.configurations.iter().find(|known| *known.key == *key);
        found.map(|known| &known.definition)
    }

    /// One more configuration, which was checked.
    pub fn register(&mut self, new: &Configuration, now: SimTime) {
        self.last_configuration = self.last_configuration.saturating_add(1);
        let ordinal = ConfigurationOrdinal(self.last_configuration);
        let id = public_id(self.seed, IdKind::Configuration, GroupIndex(0), ordinal.0);
        let is_taken = |key: &str| self.configurations.iter().any(|known| *known.key == *key);
        let key = unused(&new.name, &id, is_taken);
        let (id, definition) = (id.into(), new.clone());
        self.configurations.push(Arc::new(Registered {
            key,
            ordinal,
            id,
            created: now,
            definition,
        }));
    }
}

/// A key for something new: its name if nothing has that yet, else the name with the id behind it.
pub(crate) fn unused(name: &str, id: &str, is_taken: impl Fn(&str) -> bool) -> Arc<str> {
    if !is_taken(name) {
        return name.into();
    }
    let mut key = format!("{name} {id}");
    // Somebody may have given that very name.
    while is_taken(&key) {
        key.push('\'');
    }
    key.into()
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
