//! `min-is-max`: bounds that leave policies nothing to do.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "min-is-max", title: "policies in a group whose bounds are one number", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    if group.alarms.is_empty() || !group.is_fixed() {
        return Vec::new();
    }
    let size = group.setup.capacity.min;
    let count = group.alarms.len();
    let why = match count {
        1 => format!("min and max are both {size}: the policy can change nothing"),
        _ => format!("min and max are both {size}: the {count} policies can change nothing"),
    };
    let advice = "set min and max apart, or take the policies out";
    vec![Finding::warning(&RULE, group.place.clone().key("min"), why, advice)]
}
