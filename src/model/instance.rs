//! Instances of a group and the states they pass through (SEMANTICS 5.1).

use serde::{Deserialize, Serialize};

use crate::kernel::SimTime;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal};

/// Where an instance stands in its life; named as the reference names it, but for `Gone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LifecycleState {
    /// Being created: a member, not yet billed.
    Creating,
    /// Created and warming up.
    Preheating,
    /// Being bound to the load balancer.
    AttachLb,
    /// Running and taking load.
    InService,
    /// Being unbound from the load balancer; takes no more load.
    DetachLb,
    /// Being removed.
    Removing,
    /// Left the group and released (*ours*; the reference just stops listing it).
    Gone,
}

impl LifecycleState {
    /// Whether an instance in this state is a member of its group (instanceNum).
    pub const fn is_member(self) -> bool {
        !matches!(self, Self::Gone)
    }

    /// Whether it is on its way out.
    pub const fn is_leaving(self) -> bool {
        matches!(self, Self::DetachLb | Self::Removing | Self::Gone)
    }

    /// Whether it takes load.
    pub const fn is_in_service(self) -> bool {
        matches!(self, Self::InService)
    }

    /// The state after this one on the way in or out; `None` at the end of the way. Out of
    /// service the way leads out.
    pub const fn successor(self) -> Option<Self> {
        match self {
            Self::Creating => Some(Self::Preheating),
            Self::Preheating => Some(Self::AttachLb),
            Self::AttachLb => Some(Self::InService),
            Self::InService => Some(Self::DetachLb),
            Self::DetachLb => Some(Self::Removing),
            Self::Removing => Some(Self::Gone),
            Self::Gone => None,
        }
    }

    /// Whether an instance may pass straight from this state to `next` (5.1). Phases of zero
    /// length are not entered, so a state may be skipped.
    pub const fn may_become(self, next: Self) -> bool {
        use LifecycleState as S;
        match self {
            S::Creating => matches!(next, S::Preheating | S::AttachLb | S::InService),
            S::Preheating => matches!(next, S::AttachLb | S::InService),
            S::AttachLb => matches!(next, S::InService),
            S::InService => matches!(next, S::DetachLb | S::Removing | S::Gone),
            S::DetachLb => matches!(next, S::Removing | S::Gone),
            S::Removing => matches!(next, S::Gone),
            S::Gone => false,
        }
    }
}

/// A member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its number in the group.
    pub ordinal: InstanceOrdinal,
    /// Where it stands.
    pub state: LifecycleState,
    /// When it joined the group (addTime): the start of its creation.
    pub added: SimTime,
    /// Since when it has been in service without a break; `None` while it is not.
    pub in_service_since: Option<SimTime>,
    /// The activity that is moving it, if one is.
    pub activity: Option<ActivityOrdinal>,
}
