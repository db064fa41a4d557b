//! `odd-first-day`: a task triggers at its start, whatever day that is.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "odd-first-day", title: "a task that starts on a day it does not repeat on", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let offset = group.scenario.setup.utc_offset;
    let findings = group.tasks.iter().filter_map(|known| {
        let task = &known.task;
        let recurrence = &task.repeat.as_ref()?.recurrence;
        let day = task.start.civil(offset)?.date_naive();
        if known.triggers.first() != Some(&task.start) || recurrence.matches(day) {
            return None;
        }
        let (name, text, date) = (&task.name, recurrence.as_str(), day.format("%A, %Y-%m-%d"));
        let why =
            format!("`{name}` triggers at its start too, a {date}, which `{text}` leaves out");
        let advice = match recurrence.next_after(day) {
            Some(next) => format!("let it start on {next}, the first day that matches"),
            None => String::from("let it start on a day that matches"),
        };
        Some(Finding::warning(&RULE, known.place.clone().key("start"), why, advice))
    });
    findings.collect()
}
