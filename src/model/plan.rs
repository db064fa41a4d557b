//! From desired to actual: how many to launch, whom to remove (SEMANTICS 3.2, 7.3).

use std::sync::Arc;

use crate::model::group::RemovePolicy;
use crate::model::id::InstanceOrdinal;
use crate::model::instance::{HealthStatus, Instance};

/// One activity's worth of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Actual is desired.
    Rest,
    /// So many instances are missing.
    Launch(u32),
    /// There are too many.
    Remove {
        /// Whom to remove, first choice first; fewer than `wanted` if candidates are.
        chosen: Vec<InstanceOrdinal>,
        /// How many should go.
        wanted: u32,
    },
}

/// Members that are not leaving (3.2).
pub fn actual(members: &[Instance]) -> u32 {
    let staying = members.iter().filter(|i| !i.state.is_leaving()).count();
    u32::try_from(staying).unwrap_or(u32::MAX)
}

/// Whether an instance could be removed by a scale-in now (7.3).
pub const fn is_candidate(instance: &Instance) -> bool {
    instance.state.is_in_service() && !instance.protected
}

/// The work that brings `members` to `desired`, all of it in one activity.
pub fn plan(desired: u32, members: &[Instance], remove_policy: RemovePolicy) -> Plan {
    let actual = actual(members);
    if actual == desired {
        return Plan::Rest;
    }
    if actual < desired {
        return Plan::Launch(desired - actual);
    }
    let wanted = actual - desired;
    let mut candidates: Vec<_> = members.iter().filter(|i| is_candidate(i)).collect();
    // Unhealthy before healthy, automatic before manual, then by age.
    candidates.sort_by(|a, b| {
        let kind = |i: &Instance| (i.health == HealthStatus::Healthy, i.creation_type());
        let age = match remove_policy {
            RemovePolicy::RemoveOldestInstance => (a.added, a.ordinal).cmp(&(b.added, b.ordinal)),
            RemovePolicy::RemoveNewestInstance => (b.added, b.ordinal).cmp(&(a.added, a.ordinal)),
        };
        kind(a).cmp(&kind(b)).then(age)
    });
    let count = usize::try_from(wanted).unwrap_or(usize::MAX);
    let chosen = candidates.into_iter().take(count).map(|i| i.ordinal).collect();
    Plan::Remove { chosen, wanted }
}

/// The place for one more instance: the one with the fewest members, of equals the first of the
/// list; `open` says which places take any. If none does, all count. `None` for a group without
/// places (5.4).
pub fn place_for_one_more(
    places: &[Arc<str>],
    members: &[Instance],
    open: impl Fn(&Arc<str>) -> bool,
) -> Option<Arc<str>> {
    let count =
        |place: &Arc<str>| members.iter().filter(|i| i.place.as_ref() == Some(place)).count();
    let open_ones = places.iter().filter(|place| open(place));
    open_ones
        .min_by_key(|place| count(place))
        .or_else(|| places.iter().min_by_key(|p| count(p)))
        .cloned()
}
