//! Groups that join while a run is under way, and the names that groups show.

use std::collections::BTreeSet;

use crate::engine::Engine;
use crate::engine::command::{Command, CommandError, NewGroup, Noun, Reply};
use crate::engine::group_sim::GroupSim;
use crate::engine::setup::GroupSetup;
use crate::engine::world::{Ctx, unused};
use crate::kernel::SimTime;
use crate::model::capacity::{Resize, resize};
use crate::model::failure::{Condition, FailureCause};
use crate::model::group::{Capacity, Initial, Site};
use crate::model::id::{GROUPS_MAX, GroupIndex, IdKind, public_id};
use crate::model::limits::Limits;
use crate::model::policy::is_name;
use crate::model::realm::Realm;

impl Engine {
    /// CreateScalingGroup.
    pub(super) fn create_group(&mut self, new: &NewGroup) -> Result<Reply, CommandError> {
        let capacity = self.check_new_group(new)?;
        // After this point it exists.
        let index = GroupIndex(u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        let id = public_id(self.world.seed, IdKind::Group, index, 0);
        let is_taken = |key: &str| self.groups.iter().any(|group| *group.name == *key);
        let setup = GroupSetup {
            name: unused(&new.name, &id, is_taken).to_string(),
            configuration: new.configuration.clone(),
            initial: Initial::Launch,
            remove_policy: new.remove_policy,
            zones: new.site.zones.clone(),
            subnets: new.site.subnets.clone(),
            load_balancers: new.site.load_balancers.clone(),
            ..GroupSetup::new("", capacity.min, capacity.max, capacity.desired)
        };
        let Self { world, shared, now, .. } = self;
        let mut ctx = Ctx { world, shared, now: *now };
        let mut group = GroupSim::new(&mut ctx, index, &setup, self.retention);
        group.shown = new.name.as_str().into();
        group.site = new.site.clone().into();
        group.decisions = self.all_decisions.then(Vec::new);
        self.kept.count = self.kept.count.saturating_add(group.kept());
        self.groups.push(group);
        Ok(Reply::Group(index))
    }

    /// The sizes of a group that can be.
    fn check_new_group(&self, new: &NewGroup) -> Result<Capacity, CommandError> {
        let NewGroup { min, max, desired, site, .. } = new;
        let limits = &self.world.limits;
        if !is_name(&new.name) {
            return Err(CommandError::GroupName { name: new.name.clone() });
        }
        let configurations = &self.world.configurations;
        if !configurations.is_empty() && self.world.configuration(&new.configuration).is_none() {
            let (noun, name) = (Noun::Configuration, new.configuration.clone());
            return Err(CommandError::Unknown { noun, name });
        }
        let (min, max, desired) = (*min, *max, desired.unwrap_or(*min));
        let sizes = Resize { min: Some(min), max: Some(max), desired: Some(desired) };
        let capacity = resize(Capacity { min, max, desired }, sizes, limits)?;
        check_site(site, limits)?;
        self.check_name(None, &new.name, &site.realm)?;
        let is_of_project = |group: &&GroupSim| {
            let Site { project, realm, .. } = group.site.as_ref();
            !group.is_deleted && *project == site.project && realm.account == site.realm.account
        };
        let count = self.groups.iter().filter(is_of_project).count();
        let limit = limits.groups_per_project;
        let is_full = self.groups.len() >= usize::try_from(GROUPS_MAX).unwrap_or(usize::MAX);
        if is_full || count >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(CommandError::Quota {
                noun: Noun::Group,
                key: "groups_per_project",
                limit,
            });
        }
        match self.world.conditions.iter().any(|condition| is_broke(condition, self.now)) {
            true => Err(CommandError::Balance),
            false => Ok(capacity),
        }
    }

    /// Whether the command gives a group a name that another group shows.
    pub(super) fn check_rename(
        &self,
        group: GroupIndex,
        command: &Command,
    ) -> Result<(), CommandError> {
        let Command::ModifyGroup(change) = command else { return Ok(()) };
        let place = usize::try_from(group.0).unwrap_or(usize::MAX);
        match (&change.name, self.groups.get(place)) {
            (Some(name), Some(of)) => self.check_name(Some(group), name, &of.site.realm),
            _ => Ok(()),
        }
    }

    /// Whether a name is free in a realm, or the group's own.
    fn check_name(
        &self,
        own: Option<GroupIndex>,
        name: &str,
        realm: &Realm,
    ) -> Result<(), CommandError> {
        let is_taken = self.groups.iter().any(|group| {
            let is_other = !group.is_deleted && Some(group.index) != own;
            is_other && *group.shown == *name && group.site.realm == *realm
        });
        match is_taken {
            true => Err(CommandError::NameTaken { noun: Noun::Group, name: name.to_owned() }),
            false => Ok(()),
        }
    }
}

/// Whether the balance of the whole account is used up now.
fn is_broke(condition: &Condition, now: SimTime) -> bool {
    condition.cause == FailureCause::Balance
        && condition.group.is_none()
        && condition.begin <= now
        && now < condition.end
}

/// Zones or subnets, and load balancers: no more than may be, and each once.
fn check_site(site: &Site, limits: &Limits) -> Result<(), CommandError> {
    if !site.zones.is_empty() && !site.subnets.is_empty() {
        return Err(CommandError::ZonesAndSubnets);
    }
    let lists = [
        (Noun::Zone, &site.zones, "zones_per_group", limits.zones_per_group),
        (Noun::Subnet, &site.subnets, "subnets_per_group", limits.subnets_per_group),
        (
            Noun::LoadBalancer,
            &site.load_balancers,
            "load_balancers_per_group",
            limits.load_balancers_per_group,
        ),
    ];
    for (noun, names, key, limit) in lists {
        if u32::try_from(names.len()).unwrap_or(u32::MAX) > limit {
            return Err(CommandError::Quota { noun, key, limit });
        }
        let mut seen = BTreeSet::new();
        for name in names {
            if name.is_empty() {
                return Err(CommandError::Unknown { noun, name: name.clone() });
            }
            if !seen.insert(name) {
                return Err(CommandError::NameTaken { noun, name: name.clone() });
            }
        }
    }
    Ok(())
}
