//! `opposed`: two rules that trigger at one period's end, one to grow and one to shrink.

use std::collections::BTreeSet;

use crate::lint::crossing::Crossing;
use crate::lint::group::{Alarm, Group};
use crate::lint::words::load_in;
use crate::lint::{Finding, Rule, Severity, at_once};

pub(super) const RULE: Rule = Rule {
    id: "opposed",
    title: "two rules that trigger at one boundary in opposite directions",
    check,
};

/// Where two policies meet: at this size, and at these loads if the load is shared.
struct Meeting {
    size: u32,
    loads: Option<(i64, i64)>,
    is_met: bool,
}

/// What a policy makes of a size, and at which loads, if they are shared.
struct Known {
    size: u32,
    target: u32,
    spans: Vec<(i64, i64)>,
}

fn check(group: &Group<'_>) -> Vec<Finding> {
    let holding = at_once::holding(group);
    let offered = group.offered();
    let known: Vec<Vec<Known>> = group.alarms.iter().map(|alarm| known(group, alarm)).collect();
    let mut findings = Vec::new();
    for (first, of_first) in known.iter().enumerate() {
        for (second, of_second) in known.iter().enumerate().skip(first + 1) {
            let opposite = of_first.iter().zip(of_second).filter(|(one, other)| {
                let (size, a, b) = (one.size, one.target, other.target);
                (a < size && b > size) || (a > size && b < size)
            });
            let meetings = opposite.filter_map(|(one, other)| match group.demand() {
                Some(_) => common_loads(one, other, &offered),
                None => {
                    let both =
                        |set: &BTreeSet<usize>| set.contains(&first) && set.contains(&second);
                    let (size, loads, is_met) = (one.size, None, true);
                    holding.iter().any(both).then_some(Meeting { size, loads, is_met })
                }
            });
            if let Some(meeting) = first_met(meetings) {
                findings.extend(finding(group, (first, second), &meeting));
            }
        }
    }
    findings
}

fn known(group: &Group<'_>, alarm: &Alarm<'_>) -> Vec<Known> {
    let rule = &alarm.policy.alarm;
    let all = group.moves(&alarm.policy).map(|(size, target)| {
        let spans = group.demand().filter(|_| target != size).map(|demand| {
            let crossing = Crossing::of(demand, rule.dimension, rule.threshold, size);
            crossing.spans(rule.operator)
        });
        Known { size, target, spans: spans.unwrap_or_default() }
    });
    all.collect()
}

/// The first meeting that the trace brings about, or else the first of all.
fn first_met(meetings: impl Iterator<Item = Meeting>) -> Option<Meeting> {
    let mut first = None;
    for meeting in meetings {
        if meeting.is_met {
            return Some(meeting);
        }
        first = first.or(Some(meeting));
    }
    first
}

/// The loads at which both breach, rather those that the trace asks for.
fn common_loads(one: &Known, other: &Known, offered: &BTreeSet<i64>) -> Option<Meeting> {
    let common = one.spans.iter().flat_map(|(a, b)| {
        let with = other.spans.iter().map(|(c, d)| (*a.max(c), *b.min(d)));
        with.filter(|(from, to)| from < to)
    });
    let meetings = common.map(|(from, to)| {
        let is_met = offered.range(from..to).next().is_some();
        Meeting { size: one.size, loads: Some((from, to - 1)), is_met }
    });
    first_met(meetings)
}

fn finding(group: &Group<'_>, pair: (usize, usize), meeting: &Meeting) -> Option<Finding> {
    let (first, second) = (group.alarms.get(pair.0)?, group.alarms.get(pair.1)?);
    let (size, one, other) = (meeting.size, &first.policy.name, &second.policy.name);
    let when = match meeting.loads {
        Some((from, to)) => format!(" at a load of {}", load_in(from, to).1),
        None => String::from(" at times"),
    };
    let mut why = format!(
        "with {size} in service `{one}` and `{other}` both breach{when}, one to grow and one to \
         shrink: at one boundary the first created is accepted and the other finds it busy"
    );
    if !meeting.is_met {
        why.push_str("; the trace of this scenario never asks for that");
    }
    let advice = "let one condition exclude the other, or watch one metric with both";
    let severity = if meeting.is_met { Severity::Warning } else { Severity::Note };
    Some(Finding::new(&RULE, severity, second.place.clone(), why, advice))
}
