//! `shadowed`: more policies than can act, because another one always goes first.

use std::cmp::Ordering;

use crate::lint::group::{Alarm, Group};
use crate::lint::{Finding, Rule};
use crate::model::policy::AlarmRule;
use crate::model::semantics::StreakRule;

pub(super) const RULE: Rule =
    Rule { id: "shadowed", title: "a policy that never acts because another goes first", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let world = &group.scenario.setup;
    let latency = &world.latency;
    // A step that takes no time leaves room for another one at the same instant.
    let takes_time =
        latency.creating.median().is_positive() && latency.removing.median().is_positive();
    if !world.conditions.is_empty() {
        // An inactive group turns one policy away and lets another one in.
        return Vec::new();
    }
    let lasting = || group.alarms.iter().filter(|alarm| alarm.is_lasting);
    let findings = lasting().enumerate().filter_map(|(place, alarm)| {
        let earlier = lasting().take(place).find(|earlier| {
            let rests = earlier.policy.cooldown.is_positive() || takes_time;
            rests && triggers_with(group, earlier, alarm) && acts_with(group, earlier, alarm)
        });
        let (first, name) = (&earlier?.policy.name, &alarm.policy.name);
        let why = format!(
            "whenever `{name}` triggers, `{first}` triggers at the same boundary, was created \
             earlier and goes first: `{name}` never acts"
        );
        let advice = "write the policy with the stricter condition first, or let the conditions \
                      exclude each other";
        Some(Finding::warning(&RULE, alarm.place.clone(), why, advice))
    });
    findings.collect()
}

/// Whether the earlier policy triggers at every boundary at which the later one does.
fn triggers_with(group: &Group<'_>, earlier: &Alarm<'_>, later: &Alarm<'_>) -> bool {
    let semantics = &group.scenario.setup.semantics;
    let (a, b) = (&earlier.policy.alarm, &later.policy.alarm);
    let statistic = |rule: &AlarmRule| rule.statistic.unwrap_or(semantics.statistic);
    let counts_along = match semantics.streak {
        StreakRule::Sliding => a.repeat_times <= b.repeat_times,
        StreakRule::Rearm => a.repeat_times == 1,
    };
    let same = a.dimension == b.dimension && statistic(a) == statistic(b);
    same && counts_along && breaches_with(a, b)
}

/// Whether each figure that breaches the later one breaches the earlier one too.
fn breaches_with(earlier: &AlarmRule, later: &AlarmRule) -> bool {
    // Thresholds are whole numbers, so halves stand for all that lies between two of them.
    let halves = |rule: &AlarmRule| [-1, 0, 1].map(|half| rule.threshold.saturating_mul(2) + half);
    let most = if later.dimension.is_percentage() { 200 } else { i64::MAX };
    let breaches = |rule: &AlarmRule, value: i64| {
        let order: Ordering = value.cmp(&rule.threshold.saturating_mul(2));
        rule.operator.holds(order)
    };
    let all: Vec<i64> = halves(earlier).into_iter().chain(halves(later)).collect();
    let mut met =
        all.into_iter().filter(|v| (0..=most).contains(v) && breaches(later, *v)).peekable();
    met.peek().is_some() && met.all(|value| breaches(earlier, value))
}

/// Whether the later policy has nothing to do wherever the earlier one has nothing to do.
fn acts_with(group: &Group<'_>, earlier: &Alarm<'_>, later: &Alarm<'_>) -> bool {
    let mut both = group.moves(&earlier.policy).zip(group.moves(&later.policy));
    both.all(|((size, one), (_, other))| one != size || other == size)
}
