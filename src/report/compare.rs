//! Two runs side by side: where they part and why, and what that comes to.

use serde::Serialize;
use serde_json::Value;

use crate::kernel::SimTime;
use crate::report::explain;
use crate::report::history::{Activity, History, Row};
use crate::report::result::{GroupRun, Run};

/// Two runs compared, group by group.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The first scenario's name.
    pub a: String,
    /// The second's.
    pub b: String,
    /// Whether their event logs are the same to the last byte.
    pub same_digest: bool,
    /// The groups that both have, in the order of the first.
    pub groups: Vec<GroupComparison>,
    /// Groups that only one of them has.
    pub unpaired: Vec<String>,
}

/// One group in both runs.
#[derive(Clone, Debug, Serialize)]
pub struct GroupComparison {
    /// Its name.
    pub group: String,
    /// Where the runs part; `None` if the group does the same in both.
    pub first_difference: Option<Difference>,
    /// The figures of both summaries.
    pub figures: Vec<Figure>,
}

/// The first moment at which two runs of a group differ.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// When.
    pub t: SimTime,
    /// What differs first then.
    pub what: &'static str,
    /// What the group did in the first run, and why.
    pub a: String,
    /// The same of the second.
    pub b: String,
}

/// One figure of both runs; `None` where it has no meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Its key in the summary, nested ones with a dot.
    pub key: String,
    /// In the first run.
    pub a: Option<f64>,
    /// In the second.
    pub b: Option<f64>,
}

impl Figure {
    /// How much more it is in the second run.
    pub fn delta(&self) -> Option<f64> {
        Some(super::rounded(self.b? - self.a?))
    }
}

/// Compares two runs of which every evaluation was kept. Groups are paired by name.
pub fn compare(a: &Run<'_>, b: &Run<'_>) -> Comparison {
    let find = |run: &Run<'_>, name: &str| run.groups.iter().position(|g| g.name == name);
    let pairs = a.groups.iter().filter_map(|group| {
        let other = b.groups.get(find(b, group.name)?)?;
        Some(GroupComparison {
            group: group.name.to_owned(),
            first_difference: first_difference((a, group), (b, other)),
            figures: figures(a, group, b, other),
        })
    });
    let lonely = |run: &Run<'_>, other: &Run<'_>| -> Vec<String> {
        let names = run.groups.iter().map(|group| group.name);
        names.filter(|name| find(other, name).is_none()).map(str::to_owned).collect()
    };
    Comparison {
        a: a.scenario.to_owned(),
        b: b.scenario.to_owned(),
        same_digest: a.digest == b.digest,
        groups: pairs.collect(),
        unpaired: [lonely(a, b), lonely(b, a)].concat(),
    }
}

type Side<'a> = (&'a Run<'a>, &'a GroupRun<'a>);

/// The earliest difference. At one instant a cause stands before its effect.
fn first_difference(a: Side<'_>, b: Side<'_>) -> Option<Difference> {
    let (left, right) = (&a.1.history, &b.1.history);
    let found = [
        ("a scheduled task", parting(&left.task_triggers, &right.task_triggers, |(t, _)| *t)),
        ("a trigger", parting(&left.triggers, &right.triggers, |(t, _)| *t)),
        ("an activity", parting(&activities(left), &activities(right), |(t, ..)| *t)),
        ("the sizes", parting(&left.timeline, &right.timeline, |row: &Row| row.t)),
    ];
    let earliest = found.iter().filter_map(|(what, t)| Some((t.as_ref()?, *what)));
    // Of equal instants the first of the list stands.
    let (t, what) = earliest.min_by_key(|(t, _)| **t)?;
    let told = |(run, group): Side<'_>| explain::text(&explain::at(run, group, *t));
    Some(Difference { t: *t, what, a: told(a), b: told(b) })
}

/// What of an activity can be compared: its number may differ after the runs have parted.
fn activities(history: &History) -> Vec<(SimTime, u32, u32, u32, u32, Option<SimTime>)> {
    let facts = |a: &Activity| {
        (a.start, a.kind.type_number(), a.count, a.status.number(), a.error.code(), a.end)
    };
    history.activities.iter().map(facts).collect()
}

/// The instant at which two lists in order of time first differ.
fn parting<T: PartialEq>(a: &[T], b: &[T], at: impl Fn(&T) -> SimTime) -> Option<SimTime> {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    [a.get(same), b.get(same)].into_iter().flatten().map(at).min()
}

fn figures(a: &Run<'_>, left: &GroupRun<'_>, b: &Run<'_>, right: &GroupRun<'_>) -> Vec<Figure> {
    let numbers = |run: &Run<'_>, group| {
        let mut all = Vec::new();
        flatten("", &serde_json::to_value(run.summary(group)).unwrap_or_default(), &mut all);
        all
    };
    let (left, right) = (numbers(a, left), numbers(b, right));
    // Both summaries have the same keys, in the same order.
    let rows = left.into_iter().zip(right).map(|((key, a), (_, b))| Figure { key, a, b });
    rows.collect()
}

/// The numbers of a table of numbers and tables, with their keys.
fn flatten(prefix: &str, value: &Value, into: &mut Vec<(String, Option<f64>)>) {
    match value {
        Value::Object(table) => {
            for (key, inner) in table {
                let dot = if prefix.is_empty() { "" } else { "." };
                flatten(&format!("{prefix}{dot}{key}"), inner, into);
            }
        }
        Value::Number(number) => into.push((prefix.to_owned(), number.as_f64())),
        Value::Null => into.push((prefix.to_owned(), None)),
        _ => {}
    }
}
