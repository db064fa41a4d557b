//! What keeps instances from being made, and where they are made, spelled out again (SEMANTICS
//! 5.4, 8.1, 8.2).

use std::sync::Arc;

use super::Group;
use crate::kernel::SimTime;
use crate::model::failure::{Condition, FailureCause};

impl Group<'_> {
    /// Conditions that hold for this group at an instant.
    fn standing(&self, at: SimTime) -> impl Iterator<Item = &Condition> {
        let index = self.index;
        self.setup.conditions.iter().filter(move |c| {
            c.begin <= at && at < c.end && (c.group.is_none() || c.group == Some(index))
        })
    }

    /// Whether no instance can be made in that place, or in a group without places.
    fn is_shut(&self, place: Option<&Arc<str>>, at: SimTime) -> bool {
        self.standing(at)
            .any(|c| c.limit.is_none() && (c.place.is_none() || (c.place.as_ref() == place)))
    }

    /// The cause for which the group is inactive at an instant (8.2).
    pub(super) fn cause_at(&self, at: SimTime) -> Option<FailureCause> {
        use FailureCause as C;
        let inactive = match self.places.is_empty() {
            true => self.is_shut(None, at),
            false => self.places.iter().all(|place| self.is_shut(Some(place), at)),
        };
        if !inactive {
            return None;
        }
        let order = [
            C::KeyDeleted,
            C::ImageDeleted,
            C::LbDeleted,
            C::SnapshotDeleted,
            C::SecurityGroupDeleted,
            C::SubnetDeleted,
            C::ModelGone,
            C::Balance,
            C::Quota,
            C::SoldOut,
            C::Short,
        ];
        let concerns = |c: &&Condition| {
            c.limit.is_none() && c.place.as_ref().is_none_or(|place| self.places.contains(place))
        };
        let rank = |c: &Condition| order.iter().position(|cause| *cause == c.cause);
        let first = self.standing(at).filter(concerns).min_by_key(|c| rank(c));
        first.map(|c| c.cause)
    }

    /// The first instant after now at which the group is active again, if any is known.
    pub(super) fn active_again(&self) -> Option<SimTime> {
        let ends = self.setup.conditions.iter().map(|c| c.end);
        let ends = ends.filter(|end| *end > self.now && *end < SimTime::MAX);
        ends.filter(|end| self.cause_at(*end).is_none()).min()
    }

    /// How many instances an activity can create now: what the account's limits leave (8.1).
    pub(super) fn room(&self) -> usize {
        let by_condition = self.standing(self.now).filter_map(|c| c.limit);
        let limits = by_condition.chain(self.setup.instance_limit);
        let used = self.members() + self.others + self.pool.len();
        let rooms = limits.map(|limit| (limit as usize).saturating_sub(used));
        rooms.min().unwrap_or(usize::MAX)
    }

    /// The place for one more instance (5.4): where instances can be made, else any.
    pub(super) fn place_for_one_more(&self) -> Option<Arc<str>> {
        let open = |place: &Arc<str>| !self.is_shut(Some(place), self.now);
        self.emptiest(open).or_else(|| self.emptiest(|_| true))
    }

    /// Of some places the one with the fewest members, of equals the first.
    pub(super) fn emptiest(&self, which: impl Fn(&Arc<str>) -> bool) -> Option<Arc<str>> {
        let mut best: Option<(usize, &Arc<str>)> = None;
        for place in self.places.iter().filter(|place| which(place)) {
            let here = |i: &&super::Joined| i.is_member() && i.place.as_ref() == Some(place);
            let count = self.joined.iter().filter(here).count();
            if best.is_none_or(|(fewest, _)| count < fewest) {
                best = Some((count, place));
            }
        }
        best.map(|(_, place)| Arc::clone(place))
    }
}
