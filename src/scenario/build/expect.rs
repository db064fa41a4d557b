//! `[[expect]]`: what must hold, placed in time.

use std::collections::BTreeMap;

use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::SimTime;
use crate::model::policy::Dimension;
use crate::scenario::build::{fault, key};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::expect::{AtMost, Expectation, Quantity, Window};
use crate::scenario::file::{ExpectTable, ScenarioFile};
use crate::scenario::node::Segment;
use crate::scenario::value::When;

/// The expectations of a file.
pub(super) fn expectations(
    file: &ScenarioFile,
    setup: &Setup,
    end: SimTime,
) -> Result<Vec<Expectation>, Fault> {
    let mut groups: Groups<'_> =
        setup.groups.iter().map(|group| (group.name.as_str(), (group, 0))).collect();
    let tables = file.expect.iter().enumerate();
    let built = tables.map(|(i, table)| {
        expectation(table, &mut groups, setup, end)
            .map_err(|f| f.under(Segment::Index(i)).under(key("expect")))
    });
    built.collect()
}

/// The most expectations of one group: each may read all that the group did.
pub const EXPECTATIONS_MAX: u32 = 1_000;

/// Groups by name, and how many expectations each has so far.
type Groups<'a> = BTreeMap<&'a str, (&'a GroupSetup, u32)>;

fn expectation(
    table: &ExpectTable,
    groups: &mut Groups<'_>,
    setup: &Setup,
    end: SimTime,
) -> Result<Expectation, Fault> {
    let Some((group, count)) = groups.get_mut(table.group.as_str()) else {
        let names: Vec<&str> = groups.keys().copied().collect();
        let guess = nearest(&table.group, &names).map(|n| format!(", did you mean `{n}`?"));
        let guess = guess.unwrap_or_default();
        let message = format!("no [[group]] is named `{}`{guess}", table.group);
        return Err(fault("group", message));
    };
    *count += 1;
    if *count > EXPECTATIONS_MAX {
        let message = format!("a group may have at most {EXPECTATIONS_MAX} expectations");
        return Err(fault("group", message));
    }
    let given = [
        (Quantity::Desired, table.desired),
        (Quantity::InService, table.in_service),
        (Quantity::Members, table.members),
        (Quantity::CpuUsage, table.cpu_usage),
        (Quantity::Activities, table.activities),
        (Quantity::Refused, table.refused),
        (Quantity::Notifications, table.notifications),
        (Quantity::SloMinutes, table.slo_minutes),
    ];
    let bounds: Vec<_> = given.into_iter().filter_map(|(q, bounds)| Some((q, bounds?))).collect();
    if bounds.is_empty() && table.at_most.is_none() {
        return Err(Fault::at([], "nothing is expected: give a quantity or `at_most`"));
    }
    let has = |dimension| group.load.as_ref().is_some_and(|load| load.has(dimension));
    if table.cpu_usage.is_some() && !has(Dimension::CpuUsage) {
        return Err(fault("cpu_usage", "the group's load has no cpu_usage"));
    }
    if table.slo_minutes.is_some() && group.load.as_ref().and_then(|l| l.demand()).is_none() {
        return Err(fault("slo_minutes", "the group has no demand to be served"));
    }
    let at_most = match table.at_most {
        Some(at_most) if !at_most.per.0.is_positive() => {
            return Err(fault("at_most.per", "found 0s, allowed more"));
        }
        at_most => at_most.map(|a| AtMost { scale_activities: a.scale_activities, per: a.per.0 }),
    };
    Ok(Expectation { group: group.name.clone(), when: window(table, setup, end)?, bounds, at_most })
}

fn window(table: &ExpectTable, setup: &Setup, end: SimTime) -> Result<Window, Fault> {
    let (start, offset) = (setup.start, setup.utc_offset);
    let place = |name: &str, when: &When| {
        let t = when.resolve(start, offset).filter(|t| (start..=end).contains(t));
        t.ok_or_else(|| {
            let (from, to) = (start.format_civil(offset), end.format_civil(offset));
            fault(name, format!("the time lies outside the run, {from} to {to}"))
        })
    };
    match (&table.at, &table.during, table.throughout) {
        (Some(at), None, None) => match place("at", at)? {
            at if at < end => Ok(Window::At(at)),
            _ => Err(fault("at", "the run ends then: nothing happens at that instant any more")),
        },
        (None, Some([from, to]), None) => {
            let (from, to) = (place("during", from)?, place("during", to)?);
            match from < to {
                true => Ok(Window::During(from, to)),
                false => Err(fault("during", "the span must end after it begins")),
            }
        }
        (None, None, Some(true)) => Ok(Window::Throughout),
        (None, None, Some(false)) => Err(fault("throughout", "found false: leave the key out")),
        _ => Err(Fault::at([], "give exactly one of `at`, `during`, `throughout`")),
    }
}
