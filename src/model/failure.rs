//! What keeps machines from being made: causes, their codes, and when to try again (SEMANTICS 8).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::ActivityError;
use crate::model::id::GroupIndex;
use crate::model::semantics::RetryRule;

/// A cause of the reference's activity table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum FailureCause {
    /// 50000: the key pair was deleted.
    KeyDeleted,
    /// 10000: the image was deleted.
    ImageDeleted,
    /// 10001: the load balancer was deleted.
    LbDeleted,
    /// 10002: the snapshot was deleted.
    SnapshotDeleted,
    /// 10003: the security group was deleted.
    SecurityGroupDeleted,
    /// 10004: the subnet was deleted.
    SubnetDeleted,
    /// 20001: the model is not sold any more.
    ModelGone,
    /// 30001: the account's balance is used up.
    Balance,
    /// 30000: the account's quota is used up.
    Quota,
    /// 20000: sold out.
    SoldOut,
    /// 20002: the back end is short of resources.
    Short,
}

impl FailureCause {
    /// All causes, in the order in which one of several gives the code (8.2).
    pub const ALL: [Self; 11] = [
        Self::KeyDeleted,
        Self::ImageDeleted,
        Self::LbDeleted,
        Self::SnapshotDeleted,
        Self::SecurityGroupDeleted,
        Self::SubnetDeleted,
        Self::ModelGone,
        Self::Balance,
        Self::Quota,
        Self::SoldOut,
        Self::Short,
    ];

    /// The error of an activity that meets it.
    pub const fn error(self) -> ActivityError {
        match self {
            Self::KeyDeleted => ActivityError::KeyDeleted,
            Self::ImageDeleted => ActivityError::ImageDeleted,
            Self::LbDeleted => ActivityError::LbDeleted,
            Self::SnapshotDeleted => ActivityError::SnapshotDeleted,
            Self::SecurityGroupDeleted => ActivityError::SecurityGroupDeleted,
            Self::SubnetDeleted => ActivityError::SubnetDeleted,
            Self::ModelGone => ActivityError::ModelGone,
            Self::Balance => ActivityError::Balance,
            Self::Quota => ActivityError::Quota,
            Self::SoldOut => ActivityError::SoldOut,
            Self::Short => ActivityError::Short,
        }
    }

    /// Whether it may hold for one zone or subnet alone.
    pub const fn is_local(self) -> bool {
        matches!(self, Self::SubnetDeleted | Self::ModelGone | Self::SoldOut | Self::Short)
    }
}

/// A cause that stands for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is wrong.
    pub cause: FailureCause,
    /// With [`FailureCause::Quota`]: the most instances the account may have meanwhile. Such a
    /// quota does not make a group inactive, it cuts what an activity creates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// For which group; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupIndex>,
    /// For which zone or subnet; `None` for all. Only with a cause that
    /// [is local](FailureCause::is_local).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Arc<str>>,
    /// When it begins.
    pub begin: SimTime,
    /// The first instant at which it no longer holds; [`SimTime::MAX`] for never.
    #[serde(default = "SimTime::max", skip_serializing_if = "SimTime::is_max")]
    pub end: SimTime,
}

impl Condition {
    /// Whether it holds now for a group.
    pub fn holds(&self, group: GroupIndex, now: SimTime) -> bool {
        self.begin <= now && now < self.end && self.group.is_none_or(|only| only == group)
    }

    /// Whether it stops launches in that zone or subnet of a group altogether.
    fn blocks(&self, place: Option<&Arc<str>>) -> bool {
        self.limit.is_none() && (self.place.is_none() || self.place.as_ref() == place)
    }
}

/// Whether launches in that zone or subnet (`None`: of a group without any) are stopped now.
pub fn is_blocked(
    conditions: &[Condition],
    group: GroupIndex,
    place: Option<&Arc<str>>,
    now: SimTime,
) -> bool {
    conditions.iter().any(|c| c.holds(group, now) && c.blocks(place))
}

/// The standing cause for which a group is inactive now (8.2): one that holds for all of it, or
/// for each of its places. Of several the first in the order of [`FailureCause::ALL`].
pub fn standing_cause(
    conditions: &[Condition],
    group: GroupIndex,
    places: &[Arc<str>],
    now: SimTime,
) -> Option<FailureCause> {
    let open = match places {
        [] => !is_blocked(conditions, group, None, now),
        places => places.iter().any(|place| !is_blocked(conditions, group, Some(place), now)),
    };
    if open {
        return None;
    }
    let standing = |cause: &FailureCause| {
        conditions.iter().any(|c| {
            let here = c.place.is_none() || c.place.as_ref().is_some_and(|p| places.contains(p));
            c.cause == *cause && c.limit.is_none() && here && c.holds(group, now)
        })
    };
    FailureCause::ALL.into_iter().find(standing)
}

/// The first instant from `now` on at which no standing cause makes the group inactive; `None`
/// if none is known.
pub fn active_from(
    conditions: &[Condition],
    group: GroupIndex,
    places: &[Arc<str>],
    now: SimTime,
) -> Option<SimTime> {
    if standing_cause(conditions, group, places, now).is_none() {
        return Some(now);
    }
    let mut ends: Vec<_> = conditions.iter().map(|c| c.end).filter(|end| *end > now).collect();
    ends.sort_unstable();
    let mut known = ends.into_iter().filter(|end| *end < SimTime::MAX);
    known.find(|end| standing_cause(conditions, group, places, *end).is_none())
}

/// The most instances the account may have now, by quotas that hold for this group.
pub fn account_limit(conditions: &[Condition], group: GroupIndex, now: SimTime) -> Option<u32> {
    conditions.iter().filter(|c| c.holds(group, now)).filter_map(|c| c.limit).min()
}

/// When the work of the `failures`-th failure in a row that ended at `end` is tried again (8.3);
/// `None` if it is given up.
pub fn retry_at(rule: RetryRule, failures: u32, end: SimTime) -> Option<SimTime> {
    const PAUSE: SimDuration = SimDuration::from_s(30);
    const TRIES: u32 = 5;
    const DAY_S: i64 = 86_400;
    match rule {
        RetryRule::Immediate => (failures < TRIES).then_some(end + PAUSE),
        RetryRule::Incremental => {
            // 5 * 2^15 s is more than a day already.
            let doublings = failures.saturating_sub(1).min(15);
            Some(end + SimDuration::from_s((5_i64 << doublings).min(DAY_S)))
        }
        RetryRule::None => None,
    }
}
