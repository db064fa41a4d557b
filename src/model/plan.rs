//! From desired to actual: how many to launch, whom to remove (SEMANTICS 3.2, 7.3).

use crate::model::group::RemovePolicy;
use crate::model::id::InstanceOrdinal;
use crate::model::instance::Instance;

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
    instance.state.is_in_service()
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
    let mut candidates: Vec<_> =
        members.iter().filter(|i| is_candidate(i)).map(|i| (i.added, i.ordinal)).collect();
    candidates.sort_unstable();
    if remove_policy == RemovePolicy::RemoveNewestInstance {
        candidates.reverse();
    }
    let count = usize::try_from(wanted).unwrap_or(usize::MAX);
    let chosen = candidates.into_iter().take(count).map(|(_, ordinal)| ordinal).collect();
    Plan::Remove { chosen, wanted }
}
