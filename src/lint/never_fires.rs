//! `never-fires`: an alarm whose condition, or whose number of periods, never comes to pass.

use std::cmp::Ordering;

use crate::env::load::{Demand, Load, Overload};
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::lint::crossing::{Crossing, full_load, may_hold, usage};
use crate::lint::group::{Alarm, Group};
use crate::lint::words::figure;
use crate::lint::{Finding, Rule};
use crate::model::semantics::MissingData;

pub(super) const RULE: Rule = Rule { id: "never-fires", title: "an alarm that cannot fire", check };

/// How the figure of some span stands to a threshold, at the least and at the most.
type Stand = (Ordering, Ordering);
/// From when to when, and how the figure stands then, if there is one.
type Span = (SimTime, SimTime, Option<Stand>);

fn check(group: &Group<'_>) -> Vec<Finding> {
    let Some(serving) = group.serving() else { return Vec::new() };
    let findings = group.alarms.iter().filter_map(|alarm| {
        let (why, advice) = match &group.setup.load {
            Some(Load::Fixed(fixed)) => {
                let trace = fixed.usage.get(alarm.policy.alarm.dimension.index())?.as_ref()?;
                let threshold = Micro::from_int(alarm.policy.alarm.threshold).millionths();
                let stands = group.steps(trace).map(|(from, to, value)| {
                    (from, to, value.map(|value| (value.cmp(&threshold), value.cmp(&threshold))))
                });
                of_periods(group, alarm, stands)?
            }
            Some(load) => of_demand(group, alarm, load.demand()?, serving)?,
            None => return None,
        };
        Some(Finding::warning(&RULE, alarm.place.clone().key("metric"), why, advice))
    });
    findings.collect()
}

/// Of a load that instances share: impossible at any load, at the loads of the trace, or for as
/// many periods as it takes.
fn of_demand(
    group: &Group<'_>,
    alarm: &Alarm<'_>,
    demand: &Demand,
    (fewest, most): (u32, u32),
) -> Option<(String, String)> {
    let rule = &alarm.policy.alarm;
    let of = |instances| Crossing::of(demand, rule.dimension, rule.threshold, instances);
    let (few, many) = (of(fewest), of(most));
    let (name, metric, threshold) = (&alarm.policy.name, rule.dimension, rule.threshold);
    if !may_hold(rule.operator, many.at(0), few.full()) {
        let shown = |load, instances| figure(usage(demand, metric, load, instances), threshold);
        let (low, high) = (shown(0, most), shown(full_load(demand, fewest), fewest));
        let why = format!(
            "`{name}` waits for {metric} {} {threshold}, and it lies between {low} and {high} at \
             any load",
            rule.operator.sign()
        );
        return Some((why, String::from("set a threshold within that range")));
    }
    let mut is_behind = false;
    let has_queue = matches!(demand.overload, Overload::Queue { .. });
    let stands = group.steps(&demand.offered).map(|(from, to, value)| {
        // Once work has piled up, instances may be full at any time.
        is_behind |= has_queue && value.is_some_and(|load| load > full_load(demand, fewest));
        let high = |load| if is_behind { few.full() } else { few.at(load) };
        (from, to, value.map(|load| (many.at(load), high(load))))
    });
    of_periods(group, alarm, stands)
}

/// Whether as many periods in a row as it takes may breach; the sentences if not.
fn of_periods(
    group: &Group<'_>,
    alarm: &Alarm<'_>,
    stands: impl Iterator<Item = Span>,
) -> Option<(String, String)> {
    let scenario = group.scenario;
    let (period, holds_on) =
        (scenario.setup.semantics.period, scenario.setup.semantics.missing == MissingData::Holds);
    let rule = &alarm.policy.alarm;
    let first = scenario.setup.start.ceil_civil(period, scenario.setup.utc_offset);
    // A period that ends with the run is not judged any more.
    let judged = ((scenario.end - first).ms() - 1).max(0) / period.ms().max(1);
    let (name, times) = (&alarm.policy.name, rule.repeat_times);
    if judged < i64::from(times) {
        let why = format!("`{name}` asks for {times} periods, and the run has {judged}");
        return Some((why, String::from("run for longer, or lower repeat_times")));
    }
    let longest = longest_run(group, alarm, stands, first, (judged, holds_on));
    if longest >= i64::from(times) {
        return None;
    }
    let (sign, threshold, metric) = (rule.operator.sign(), rule.threshold, rule.dimension);
    Some(if longest == 0 {
        let why = format!(
            "`{name}` waits for {metric} {sign} {threshold}, which never comes with this trace and \
             the sizes of this group"
        );
        (why, String::from("move the threshold, or take the policy out"))
    } else {
        let why = format!(
            "`{name}` asks for {times} periods in a row of {metric} {sign} {threshold}, and no \
             burst of the trace covers more than {longest}"
        );
        (why, format!("lower repeat_times to {longest} or less, or move the threshold"))
    })
}

/// The most periods in a row that may breach.
fn longest_run(
    group: &Group<'_>,
    alarm: &Alarm<'_>,
    stands: impl Iterator<Item = Span>,
    first: SimTime,
    (judged, holds_on): (i64, bool),
) -> i64 {
    let period_ms = group.scenario.setup.semantics.period.ms().max(1);
    let number = |at: SimTime| (at - first).ms().div_euclid(period_ms);
    let (mut longest, mut run) = (0_i64, 0_i64);
    let mut close = |seen: Option<Stand>| {
        match seen {
            Some((low, high)) if may_hold(alarm.policy.alarm.operator, low, high) => run += 1,
            None if holds_on => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    };
    let (mut current, mut seen) = (0, None);
    for (from, to, stand) in stands {
        let last = number(to - SimDuration::from_ms(1)).min(judged - 1);
        for place in number(from).max(0)..=last {
            if place > current {
                close(seen);
                (current, seen) = (place, None);
            }
            seen = join(seen, stand);
        }
    }
    close(seen);
    longest
}

fn join(a: Option<Stand>, b: Option<Stand>) -> Option<Stand> {
    match (a, b) {
        (Some((low, high)), Some((l, h))) => Some((low.min(l), high.max(h))),
        (a, b) => a.or(b),
    }
}
