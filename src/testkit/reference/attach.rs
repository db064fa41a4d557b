//! Attaching, detaching, protecting, failing on command, spelled out again (SEMANTICS 3.4, 5.3,
//! 7.1).

use std::sync::Arc;

use super::Group;
use super::instances::{Joined, Way};
use crate::engine::command::Machines;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityKind, Origin};
use crate::model::group::Capacity;
use crate::model::id::InstanceOrdinal;
use crate::model::machine::Machine;
use crate::model::record::Record;

impl Group<'_> {
    /// Whether it is no time for attaching and detaching.
    fn refuses_moves(&self) -> bool {
        self.suspended || self.running.is_some() || self.cause_at(self.now).is_some()
    }

    fn is_too_many(&self, count: usize) -> bool {
        count == 0 || count > self.setup.limits.instances_per_call as usize
    }

    /// AttachInstance: all or none.
    pub(super) fn attach(&mut self, machines: &Machines) {
        let Some(chosen) = self.find_machines(machines) else { return };
        let count = chosen.len();
        let too_many = self.members() + count > self.capacity.max as usize;
        if self.refuses_moves() || self.is_too_many(count) || too_many {
            return;
        }
        self.pool.retain(|machine| !chosen.iter().any(|taken| taken.id == machine.id));
        self.move_desired(i64::try_from(count).unwrap_or(i64::MAX));
        self.begin(ActivityKind::Attach, Origin::User, count, SimDuration::ZERO);
        for machine in chosen {
            let listed = self.places.iter().find(|place| Some(*place) == machine.zone.as_ref());
            let place = listed.cloned();
            let at = self.join(Way::Attach, Some(machine), place);
            self.go_on(at);
        }
        self.end_finished_activity();
    }

    /// The machines that are meant, if all of them can be attached.
    fn find_machines(&self, machines: &Machines) -> Option<Vec<Arc<Machine>>> {
        let mut size = self.setup.configurations.iter();
        let size = size.find(|c| c.name == self.configuration).map(|c| (c.cpu, c.mem_gb));
        let fits = |machine: &&Arc<Machine>| {
            machine.running && size.is_none_or(|size| size == (machine.cpu, machine.mem_gb))
        };
        match machines {
            Machines::Count(count) => {
                let count = *count as usize;
                let found = self.pool.iter().filter(fits).take(count);
                let found: Vec<_> = found.cloned().collect();
                (found.len() == count).then_some(found)
            }
            Machines::Ids(ids) => {
                let find = |id: &String| self.pool.iter().filter(fits).find(|m| *m.id == **id);
                once(ids).into_iter().map(|id| find(id).cloned()).collect()
            }
        }
    }

    /// DetachInstance: all or none.
    pub(super) fn detach(&mut self, instances: &[InstanceOrdinal], keep: bool) {
        let instances: Vec<_> = once(instances).into_iter().copied().collect();
        let count = instances.len();
        let Some(mut leaving) = self.find_members(&instances) else { return };
        let too_few = self.members() < self.capacity.min as usize + count;
        if self.refuses_moves() || self.is_too_many(count) || too_few {
            return;
        }
        leaving.sort_unstable();
        self.move_desired(-i64::try_from(count).unwrap_or(i64::MAX));
        self.begin(ActivityKind::Detach, Origin::User, count, SimDuration::ZERO);
        for at in leaving {
            if let Some(instance) = self.joined.get_mut(at) {
                instance.kept = keep;
            }
            self.turn(at, Way::Detach);
        }
        self.end_finished_activity();
    }

    /// Desired follows those who come or go, within the bounds; the gap that remains is the
    /// user's.
    fn move_desired(&mut self, by: i64) {
        self.take_gap(Origin::User, SimDuration::ZERO);
        let Capacity { min, max, desired } = self.capacity;
        let wanted = (i64::from(desired) + by).max(i64::from(min)).min(i64::from(max));
        let desired = u32::try_from(wanted).unwrap_or(min);
        self.set_capacity(Capacity { min, max, desired });
    }

    /// SetCvmProtectedDetach: all or none.
    pub(super) fn protect(&mut self, instances: &[InstanceOrdinal], protected: bool) {
        for at in self.find_members(instances).unwrap_or_default() {
            let Some(instance) = self.joined.get_mut(at) else { continue };
            if instance.protected != protected {
                instance.protected = protected;
                let instance = instance.ordinal;
                self.record(Record::Protected { instance, protected });
            }
        }
    }

    /// A fault on command.
    pub(super) fn strike(&mut self, instance: InstanceOrdinal, length: Option<SimDuration>) {
        let (begin, end) = (self.now, length.map_or(SimTime::MAX, |length| self.now + length));
        if let Some(struck) = self.member(instance)
            && end > begin
        {
            struck.faults.push((begin, end));
        }
    }

    /// The places in `joined` of some members, if all of them are.
    fn find_members(&self, instances: &[InstanceOrdinal]) -> Option<Vec<usize>> {
        let find = |ordinal: &InstanceOrdinal| {
            self.joined.iter().position(|i| i.ordinal == *ordinal && i.is_member())
        };
        instances.iter().map(find).collect()
    }

    pub(super) fn member(&mut self, instance: InstanceOrdinal) -> Option<&mut Joined> {
        self.joined.iter_mut().find(|i| i.ordinal == instance && i.is_member())
    }
}

/// Each of them once, where it stands first.
fn once<T: PartialEq>(named: &[T]) -> Vec<&T> {
    let mut each: Vec<&T> = Vec::new();
    for one in named {
        if !each.contains(&one) {
            each.push(one);
        }
    }
    each
}
