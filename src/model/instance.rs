//! Instances of a group and the states they pass through (SEMANTICS 5.1).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::SimTime;
use crate::model::health::Fault;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal};
use crate::model::lifecycle_hook::HookWait;
use crate::model::machine::Machine;

/// Where an instance stands in its life; named as the reference names it, but for `Gone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LifecycleState {
    /// Being created: a member, not yet billed. Also shown while a launch hook waits.
    Creating,
    /// Created and warming up.
    Preheating,
    /// A machine from outside, being bound to the group.
    Attaching,
    /// Being bound to the load balancer.
    AttachLb,
    /// Running and taking load.
    InService,
    /// Being unbound from the load balancer; takes no more load.
    DetachLb,
    /// Being unbound from the group on a user's request.
    Detaching,
    /// Being removed. Also shown while a terminate hook waits.
    Removing,
    /// Being backed up: read, never entered.
    Backuping,
    /// Its backup is being deleted: read, never entered.
    UnBackuping,
    /// Left the group (*ours*; the reference just stops listing it).
    Gone,
}

use LifecycleState as S;

/// Every legal transition in one table (5.1, 6.3): what may follow each state at once. Phases of
/// zero length are not entered, so states are skipped; a launch that fails or is refused leads
/// out of `Creating`.
pub const TRANSITIONS: &[(LifecycleState, &[LifecycleState])] = &[
    (S::Creating, &[S::Preheating, S::AttachLb, S::InService, S::Removing, S::Gone]),
    (S::Preheating, &[S::AttachLb, S::InService]),
    (S::Attaching, &[S::AttachLb, S::InService]),
    (S::AttachLb, &[S::InService]),
    (S::InService, &[S::DetachLb, S::Removing, S::Detaching, S::Gone]),
    (S::DetachLb, &[S::Removing, S::Detaching, S::Gone]),
    (S::Detaching, &[S::Gone]),
    (S::Removing, &[S::Gone]),
    (S::Backuping, &[]),
    (S::UnBackuping, &[]),
    (S::Gone, &[]),
];

impl LifecycleState {
    /// The states of the reference, as it spells them.
    pub const REFERENCE: [(&'static str, Self); 10] = [
        ("Creating", Self::Creating),
        ("InService", Self::InService),
        ("Removing", Self::Removing),
        ("Attaching", Self::Attaching),
        ("Detaching", Self::Detaching),
        ("Backuping", Self::Backuping),
        ("UnBackuping", Self::UnBackuping),
        ("AttachLb", Self::AttachLb),
        ("DetachLb", Self::DetachLb),
        ("Preheating", Self::Preheating),
    ];

    /// The state of that name in the reference.
    pub fn parse(name: &str) -> Option<Self> {
        Self::REFERENCE.iter().find(|(known, _)| *known == name).map(|(_, state)| *state)
    }

    /// Its name; `Gone` is ours.
    pub fn name(self) -> &'static str {
        Self::REFERENCE.iter().find(|(_, state)| *state == self).map_or("Gone", |(name, _)| name)
    }

    /// Whether an instance in this state is a member of its group (instanceNum).
    pub const fn is_member(self) -> bool {
        !matches!(self, Self::Gone)
    }

    /// Whether it is on its way out.
    pub const fn is_leaving(self) -> bool {
        matches!(self, Self::DetachLb | Self::Detaching | Self::Removing | Self::Gone)
    }

    /// Whether it takes load.
    pub const fn is_in_service(self) -> bool {
        matches!(self, Self::InService)
    }

    /// Whether a phase of this kind takes place at a load balancer.
    pub const fn is_at_load_balancer(self) -> bool {
        matches!(self, Self::AttachLb | Self::DetachLb)
    }

    /// Whether an instance may pass straight from this state to `next`, by [`TRANSITIONS`].
    pub fn may_become(self, next: Self) -> bool {
        TRANSITIONS.iter().any(|(from, to)| *from == self && to.contains(&next))
    }
}

/// A way through the states of an instance (5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Scale-out: created from the configuration.
    Launch,
    /// Scale-in: removed by the service.
    Remove,
    /// A user binds a machine.
    Attach,
    /// A user unbinds an instance.
    Detach,
    /// A launch that a hook refused: removed without DetachLb and without a terminate wait (6.3).
    Refuse,
}

impl Route {
    /// The phases of the way in order; phases of zero length, and those at a load balancer
    /// without one, are passed over.
    pub const fn phases(self) -> &'static [LifecycleState] {
        match self {
            Self::Launch => &[S::Creating, S::Preheating, S::AttachLb, S::InService],
            Self::Remove => &[S::DetachLb, S::Removing, S::Gone],
            Self::Attach => &[S::Attaching, S::AttachLb, S::InService],
            Self::Detach => &[S::DetachLb, S::Detaching, S::Gone],
            Self::Refuse => &[S::Removing, S::Gone],
        }
    }
}

/// Who made an instance (the reference's creationType).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CreationType {
    /// The service, from the group's configuration.
    Auto,
    /// The user, who attached it.
    Manual,
}

/// What the service thinks of an instance (the reference's healthStatus).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HealthStatus {
    /// Nothing is known against it.
    Healthy,
    /// A fault was detected; this is never taken back (7.1).
    UnHealthy,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its number in the group.
    pub ordinal: InstanceOrdinal,
    /// Where it stands.
    pub state: LifecycleState,
    /// When it joined the group (addTime): the start of its creation, or of its attachment.
    pub added: SimTime,
    /// Since when it has been in service without a break; `None` while it is not.
    pub in_service_since: Option<SimTime>,
    /// The activity that is moving it, if one is.
    pub activity: Option<ActivityOrdinal>,
    /// The machine it was before a user attached it; `None` for automatic ones.
    pub machine: Option<Arc<Machine>>,
    /// Name of the configuration it was created from; `None` for attached ones.
    pub configuration: Option<Arc<str>>,
    /// Its zone, or its subnet in a private network, if the group names any.
    pub place: Option<Arc<str>>,
    /// Whether a fault was detected.
    pub health: HealthStatus,
    /// Whether it is protected from every removal that the service decides.
    pub protected: bool,
    /// The hook it waits at, if it does.
    pub wait: Option<HookWait>,
    /// What is still to come for it.
    pub(crate) course: Course,
}

/// What is still to come for an instance: the engine's notes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Course {
    /// The way it is on.
    pub route: Option<Route>,
    /// When the phase it is in is over.
    pub phase_end: Option<SimTime>,
    /// When it is found unhealthy, unless its faults end before.
    pub mark_at: Option<SimTime>,
    /// Its own faults.
    pub faults: Vec<Fault>,
    /// Whether a replacement of it failed, so that the next waits for the end of a back-off (8.3).
    pub is_tried: bool,
    /// Whether it runs on outside the group when it is detached.
    pub is_kept: bool,
}

impl Instance {
    /// A member that joins at `now`, in no state that was recorded yet.
    pub fn new(ordinal: InstanceOrdinal, now: SimTime) -> Self {
        Self {
            ordinal,
            state: LifecycleState::Creating,
            added: now,
            in_service_since: None,
            activity: None,
            machine: None,
            configuration: None,
            place: None,
            health: HealthStatus::Healthy,
            protected: false,
            wait: None,
            course: Course::default(),
        }
    }

    /// Who made it.
    pub const fn creation_type(&self) -> CreationType {
        match self.machine {
            Some(_) => CreationType::Manual,
            None => CreationType::Auto,
        }
    }

    /// Whether a replacement takes it: marked, in service and not protected (7.1).
    pub fn is_replaceable(&self) -> bool {
        self.health == HealthStatus::UnHealthy && self.state.is_in_service() && !self.protected
    }
}
