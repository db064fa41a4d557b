//! `no-effect`: a policy that leaves every size as it is.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "no-effect", title: "a policy that never changes the size", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    if group.is_fixed() {
        // That is what `min-is-max` says.
        return Vec::new();
    }
    let idle = group.alarms.iter().filter(|alarm| {
        let mut moves = group.moves(&alarm.policy).peekable();
        moves.peek().is_some() && moves.all(|(size, target)| size == target)
    });
    let findings = idle.map(|alarm| {
        let (name, (kind, value)) = (&alarm.policy.name, alarm.policy.adjustment.parts());
        let (low, high) = (group.sizes.first(), group.sizes.last());
        let sizes = match (low, high) {
            (Some(low), Some(high)) if low == high => format!("it is always {low}"),
            (Some(low), Some(high)) => format!("it is between {low} and {high}"),
            _ => String::new(),
        };
        let why =
            format!("`{name}` ({kind:?} {value}) changes no size that the group comes to: {sizes}");
        let advice = "give it a value that moves the group, or take it out";
        Finding::warning(&RULE, alarm.place.clone().key("adjustment"), why, advice)
    });
    findings.collect()
}
