//! Changes of the world that groups share, and which groups meet in it.

use std::sync::Arc;

use crate::engine::check::check_condition;
use crate::engine::command::{Command, CommandError, Noun, Outage, Reply, WorldCommand};
use crate::engine::room::check_new_configuration;
use crate::engine::setup::{GroupSetup, Setup};
use crate::engine::world::Ctx;
use crate::engine::{Engine, health};
use crate::kernel::SimDuration;
use crate::model::configuration::Configuration;
use crate::model::failure::Condition;
use crate::model::machine::Machine;

/// Whether groups of this world may meet (0.2).
pub(super) fn is_coupled(setup: &Setup) -> bool {
    let scripted = |group: &GroupSetup| group.script.iter().any(|(_, command)| couples(command));
    setup.instance_limit.is_some()
        || !setup.machines.is_empty()
        || setup.conditions.iter().any(|condition| condition.limit.is_some())
        || setup.groups.iter().any(scripted)
}

/// Whether a command touches the pool of machines.
pub(super) const fn couples(command: &Command) -> bool {
    matches!(command, Command::Attach(_) | Command::Detach { .. })
}

impl Engine {
    pub(super) fn carry_out(&mut self, command: &WorldCommand) -> Result<Reply, CommandError> {
        match command {
            WorldCommand::CreateConfiguration(new) => self.create_configuration(new),
            WorldCommand::DeleteConfiguration { configuration } => {
                self.delete_configuration(configuration)
            }
            WorldCommand::Condition(condition) => self.stand(condition),
            WorldCommand::Outage(outage) => self.black_out(outage),
            WorldCommand::AddMachine(machine) => self.add_machine(machine),
            WorldCommand::CreateGroup(new) => self.create_group(new),
        }
    }

    fn create_configuration(&mut self, new: &Configuration) -> Result<Reply, CommandError> {
        let existing = self.world.configurations.iter().map(|known| &known.definition);
        check_new_configuration(new, existing, &self.world.limits)?;
        // After this point it exists.
        Arc::make_mut(&mut self.world).register(new, self.now);
        Ok(Reply::Done)
    }

    /// In use while a group has it, or an automatic instance was made from it.
    fn delete_configuration(&mut self, name: &str) -> Result<Reply, CommandError> {
        if self.world.configuration(name).is_none() {
            return Err(CommandError::Unknown { noun: Noun::Configuration, name: name.to_owned() });
        }
        let is_used = self.groups.iter().filter(|group| !group.is_deleted).any(|group| {
            let mut made_from = group.members.iter().filter_map(|i| i.configuration.as_deref());
            *group.configuration == *name || made_from.any(|used| used == name)
        });
        if is_used {
            return Err(CommandError::ConfigurationInUse { name: name.to_owned() });
        }
        // After this point it is gone.
        Arc::make_mut(&mut self.world).configurations.retain(|known| *known.key != *name);
        Ok(Reply::Done)
    }

    fn stand(&mut self, condition: &Condition) -> Result<Reply, CommandError> {
        if check_condition(condition).is_err() {
            let length: SimDuration = condition.end - condition.begin;
            return Err(CommandError::Length { length });
        }
        self.is_coupled |= condition.limit.is_some();
        Arc::make_mut(&mut self.world).conditions.push(condition.clone());
        Ok(Reply::Done)
    }

    fn black_out(&mut self, outage: &Outage) -> Result<Reply, CommandError> {
        // What is over stays as it was: from outside, an outage begins now at the earliest.
        let outage = Outage { begin: outage.begin.max(self.now), ..outage.clone() };
        if outage.begin >= outage.end {
            return Err(CommandError::Length { length: outage.end - outage.begin });
        }
        Arc::make_mut(&mut self.world).outages.push(outage);
        let Self { world, shared, now, groups, .. } = self;
        for group in groups {
            let members: Vec<_> = group.members.iter().map(|member| member.ordinal).collect();
            let ctx = Ctx { world, shared, now: *now };
            members.into_iter().for_each(|member| health::look_again(group, &ctx, member));
        }
        Ok(Reply::Done)
    }

    fn add_machine(&mut self, machine: &Machine) -> Result<Reply, CommandError> {
        let known = self.shared.pool.iter().any(|other| other.id == machine.id)
            || self.shared.attached.contains_key(&machine.id);
        if known {
            let (noun, name) = (Noun::Machine, machine.id.to_string());
            return Err(CommandError::NameTaken { noun, name });
        }
        self.is_coupled = true;
        self.shared.pool.push(Arc::new(machine.clone()));
        Ok(Reply::Done)
    }
}
