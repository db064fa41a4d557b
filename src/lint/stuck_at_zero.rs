//! `stuck-at-zero`: a group without instances has no samples, so no alarm brings it back (1.4).

use crate::engine::command::Command;
use crate::lint::group::Group;
use crate::lint::{Finding, Rule, Severity};

pub(super) const RULE: Rule =
    Rule { id: "stuck-at-zero", title: "a group that no alarm can bring back from 0", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    if group.alarms.is_empty() || !group.sizes.contains(&0) {
        return Vec::new();
    }
    let lead = group.alarms.iter().find(|alarm| group.moves(&alarm.policy).any(|(_, to)| to == 0));
    let how = match lead {
        Some(alarm) => format!("`{}` can take the last instance", alarm.policy.name),
        None if group.setup.capacity.desired == 0 => String::from("the group starts with none"),
        None => String::from("the group can come to 0"),
    };
    let task = group.tasks.iter().find(|t| t.task.min > 0 && !t.triggers.is_empty());
    let by_hand = group.setup.script.iter().any(|(_, command)| match command {
        Command::Resize(change) => change.min.max(change.desired) > Some(0),
        Command::ModifyGroup(change) => change.sizes.min.max(change.sizes.desired) > Some(0),
        Command::Attach(_) => true,
        _ => false,
    });
    let (severity, until) = match task {
        Some(task) => (Severity::Note, format!("until task `{}` triggers", task.task.name)),
        None if by_hand => (Severity::Note, String::from("until the script brings it back")),
        None => (Severity::Warning, String::from("for good")),
    };
    let why = format!(
        "{how}; without one in service there are no samples and no alarm triggers, whatever the \
         load: it stays at 0 {until}"
    );
    let advice = "set min to 1 or more, or bring it back with a scheduled task";
    vec![Finding::new(&RULE, severity, group.place.clone().key("min"), why, advice)]
}
