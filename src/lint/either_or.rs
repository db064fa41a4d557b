//! `either-or`: a crontab that names a day of the month and a day of the week runs on either.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "either-or", title: "a schedule that runs on either of two kinds of days", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let findings = group.tasks.iter().filter_map(|known| {
        let recurrence = &known.task.repeat.as_ref()?.recurrence;
        if !recurrence.is_either_or() {
            return None;
        }
        let (name, text) = (&known.task.name, recurrence.as_str());
        let [.., day, _, weekday] = text.split(' ').collect::<Vec<_>>()[..] else { return None };
        let count = known.triggers.len();
        let why = format!(
            "`{name}` runs on days of the month `{day}` and also on days of the week `{weekday}`, \
             not only where both meet; triggers in this run: {count}"
        );
        let advice = "restrict one of the two fields; a day that is both cannot be written";
        Some(Finding::warning(&RULE, known.place.clone().key("recurrence"), why, advice))
    });
    findings.collect()
}
