//! `tasks-fight`: tasks that undo each other within the hour.

use std::collections::BTreeMap;

use crate::kernel::{SimDuration, SimTime};
use crate::lint::group::{Group, Task};
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "tasks-fight", title: "a task that soon undoes another one", check };

/// What is bought for less than this was hardly meant.
const SOON: SimDuration = SimDuration::from_s(3600);

fn check(group: &Group<'_>) -> Vec<Finding> {
    let triggers = group.tasks.iter().enumerate();
    let triggers = triggers.flat_map(|(place, t)| t.triggers.iter().map(move |at| (*at, place)));
    let mut triggers: Vec<(SimTime, usize)> = triggers.collect();
    triggers.sort_unstable();
    let mut fights: BTreeMap<(usize, usize), (SimTime, SimDuration)> = BTreeMap::new();
    for pair in triggers.windows(2) {
        if let [(at, first), (then, second)] = pair
            && *then - *at < SOON
            && are_apart(group, *first, *second)
        {
            fights.entry((*first, *second)).or_insert((*at, *then - *at));
        }
    }
    let findings = fights.into_iter().filter_map(|((first, second), (at, later))| {
        let (first, second) = (group.tasks.get(first)?, group.tasks.get(second)?);
        let at = at.format_civil(group.scenario.setup.utc_offset);
        let (Task { task: a, .. }, Task { task: b, place, .. }) = (first, second);
        let why = format!(
            "`{}` sets {} to {} at {at}, and {later} later `{}` sets {} to {}: what one brings in \
             the other throws out",
            a.name, a.min, a.max, b.name, b.min, b.max
        );
        let advice = "let the bounds overlap, or an hour or more lie between the two";
        Some(Finding::warning(&RULE, place.clone(), why, advice))
    });
    findings.collect()
}

/// Whether no size is within the bounds of both.
fn are_apart(group: &Group<'_>, first: usize, second: usize) -> bool {
    let task = |place: usize| group.tasks.get(place).map(|known| &known.task);
    task(first).zip(task(second)).is_some_and(|(a, b)| b.max < a.min || b.min > a.max)
}
