//! `idle-task`: a task that does nothing in this run.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "idle-task", title: "a task that never triggers in the run", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let offset = group.scenario.setup.utc_offset;
    let idle = group.tasks.iter().filter(|known| known.triggers.is_empty());
    let findings = idle.map(|known| {
        let (task, from) = (&known.task, group.scenario.setup.start);
        let why = match task.next_trigger(from, offset) {
            Some(at) => format!(
                "`{}` triggers at {} for the first time, after the end of the run",
                task.name,
                at.format_civil(offset)
            ),
            None => format!("`{}` never triggers from the start of the run on", task.name),
        };
        let advice = "move its times into the run, or take it out";
        Finding::note(&RULE, known.place.clone().key("start"), why, advice)
    });
    findings.collect()
}
