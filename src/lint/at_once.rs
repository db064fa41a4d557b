//! Fixed metrics: which alarms breach at the same time.

use std::collections::BTreeSet;

use crate::env::load::Load;
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimTime};
use crate::lint::group::Group;
use crate::model::policy::Dimension;

/// The sets of alarms, by place, that hold at once at some instant of the run; each has two or
/// more.
pub(super) fn holding(group: &Group<'_>) -> BTreeSet<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    let Some(Load::Fixed(fixed)) = &group.setup.load else { return found };
    let (mut at, end) = (group.scenario.setup.start, group.scenario.end);
    while at < end {
        let step = |dimension: Dimension| {
            let trace: Option<&Trace> = fixed.usage.get(dimension.index())?.as_deref();
            trace.map(|trace| trace.at(at))
        };
        let breaching = group.alarms.iter().enumerate().filter(|(_, alarm)| {
            let rule = &alarm.policy.alarm;
            let value = step(rule.dimension).and_then(|step| step.value);
            let threshold = Micro::from_int(rule.threshold);
            value.is_some_and(|value| rule.operator.holds(value.cmp(&threshold)))
        });
        let breaching: BTreeSet<usize> = breaching.map(|(place, _)| place).collect();
        if breaching.len() > 1 {
            found.insert(breaching);
        }
        let next = Dimension::ALL.into_iter().filter_map(step).map(|step| step.until).min();
        at = next.unwrap_or(SimTime::MAX);
    }
    found
}
