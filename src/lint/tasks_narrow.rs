//! `tasks-narrow`: a task whose bounds take the policies their room.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "tasks-narrow", title: "a task that leaves the policies no room", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    if group.alarms.is_empty() || group.is_fixed() {
        return Vec::new();
    }
    let narrow = group.tasks.iter().filter(|t| t.task.min == t.task.max);
    let findings = narrow.filter_map(|narrow| {
        let from = *narrow.triggers.first()?;
        let others = group.tasks.iter().filter(|other| other.task.min < other.task.max);
        let next = others
            .filter_map(|t| Some((*t.triggers.iter().find(|at| **at > from)?, &t.task.name)))
            .min();
        let until = match next {
            Some((_, name)) => format!("until `{name}` sets others"),
            None => String::from("for the rest of the run"),
        };
        let (name, size) = (&narrow.task.name, narrow.task.min);
        let why = format!(
            "`{name}` sets min and max to {size}: no alarm changes anything {until}, whatever the \
             load"
        );
        let advice = "leave room between min and max: a task that raises min is enough to prepare \
                      for a crowd";
        Some(Finding::warning(&RULE, narrow.place.clone().key("max"), why, advice))
    });
    findings.collect()
}
