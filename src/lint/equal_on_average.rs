//! `equal-on-average`: a mean is hardly ever exactly a whole number.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};
use crate::model::policy::Operator;
use crate::model::semantics::Statistic;

pub(super) const RULE: Rule =
    Rule { id: "equal-on-average", title: "Equal or NotEqual on an average", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let of_run = group.scenario.setup.semantics.statistic;
    let findings = group.alarms.iter().filter_map(|alarm| {
        let rule = &alarm.policy.alarm;
        // Full and idle are values that a mean does take.
        let is_end = rule.dimension.is_percentage() && [0, 100].contains(&rule.threshold);
        if rule.statistic.unwrap_or(of_run) != Statistic::Average || is_end {
            return None;
        }
        let (name, threshold) = (&alarm.policy.name, rule.threshold);
        let what = match rule.operator {
            Operator::Equal => "hardly ever",
            Operator::NotEqual => "nearly always",
            _ => return None,
        };
        let why = format!(
            "`{name}` compares the exact mean of a period with {threshold}: it breaches {what}"
        );
        let advice = "compare with Greater or Less, or take Maximum or Minimum as the statistic";
        let place = alarm.place.clone().key("metric").key("operator");
        Some(Finding::warning(&RULE, place, why, advice))
    });
    findings.collect()
}
