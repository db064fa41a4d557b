//! Groups, their policies, and the script of timed commands.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::command::Command;
use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::capacity::{Resize, resize};
use crate::model::cron::Crontab;
use crate::model::group::Capacity;
use crate::model::limits::Limits;
use crate::model::policy::{AlarmRule, Policy, REPEAT_TIMES_DEFAULT};
use crate::model::scheduled_task::{Repeat, ScheduledTask};
use crate::scenario::build::load::build_load;
use crate::scenario::build::traces::Traces;
use crate::scenario::build::{fault, key};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{
    AdjustmentTable, AtTable, GroupTable, MetricTable, PolicyTable, ScenarioFile, TaskTable,
};
use crate::scenario::node::Segment;
use crate::scenario::value::When;

pub(super) fn check_configurations(file: &ScenarioFile) -> Result<(), Fault> {
    let mut names = BTreeSet::new();
    for (i, table) in file.configuration.iter().enumerate() {
        let at = |f: Fault| f.under(Segment::Index(i)).under(key("configuration"));
        if !names.insert(table.name.as_str()) {
            let message = format!("NameDuplicate: two configurations are named {:?}", table.name);
            return Err(at(fault("name", message)));
        }
        if table.cpu == 0 {
            return Err(at(fault("cpu", "found 0, allowed 1 or more")));
        }
        if table.mem == 0 {
            return Err(at(fault("mem", "found 0, allowed 1 or more")));
        }
    }
    Ok(())
}

pub(super) fn group(
    file: &ScenarioFile,
    table: &GroupTable,
    configurations: &BTreeSet<&str>,
    traces: &Traces,
    setup: &Setup,
) -> Result<GroupSetup, Fault> {
    let (min, max) = (table.min, table.max);
    let desired = table.desired.unwrap_or(min);
    let none = Capacity { min: 0, max: 0, desired: 0 };
    let sizes = Resize { min: Some(min), max: Some(max), desired: Some(desired) };
    let capacity = resize(none, sizes, &setup.limits)
        .map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
    let configuration = match &table.configuration {
        Some(name) if !configurations.contains(name.as_str()) => {
            let known: Vec<&str> = configurations.iter().copied().collect();
            let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
            let message =
                format!("no [[configuration]] is named `{name}`{}", guess.unwrap_or_default());
            return Err(fault("configuration", message));
        }
        Some(name) => name.clone(),
        None => {
            let first = file.configuration.first();
            first.map_or_else(|| String::from("default"), |table| table.name.clone())
        }
    };
    let load = match &table.load {
        Some(load) => Some(build_load(load, traces).map_err(|f| f.under(key("load")))?),
        None => None,
    };
    let policies: Vec<Policy> = table.policy.iter().map(policy).collect();
    for (i, policy) in policies.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("policy"));
        policy
            .check(&setup.limits)
            .map_err(|e| under(fault(e.key(), format!("{}: {e}", e.code()))))?;
        check_source(policy, load.as_ref()).map_err(under)?;
    }
    let mut tasks: Vec<ScheduledTask> = Vec::new();
    for (i, table) in table.scheduled_task.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("scheduled_task"));
        tasks.push(task_of(table, &setup.limits, (setup.start, setup.utc_offset)).map_err(under)?);
    }
    Ok(GroupSetup {
        configuration,
        capacity,
        initial: table.initial,
        remove_policy: table.remove_policy,
        load_balancers: table.load_balancers.clone(),
        load,
        policies,
        tasks,
        ..GroupSetup::new(&table.name, min, max, desired)
    })
}

/// A policy on a metric that nothing measures would never do anything.
fn check_source(policy: &Policy, load: Option<&crate::env::load::Load>) -> Result<(), Fault> {
    let dimension = policy.alarm.dimension;
    if load.is_some_and(|load| load.has(dimension)) {
        return Ok(());
    }
    let message = format!("the group's load has no {dimension}: give it a source in [group.load]");
    Err(fault("metric.dimension", message))
}

fn policy(table: &PolicyTable) -> Policy {
    policy_of(&table.name, &table.metric, &table.adjustment, table.cooldown.0)
}

fn policy_of(
    name: &str,
    metric: &MetricTable,
    adjustment: &AdjustmentTable,
    cooldown: SimDuration,
) -> Policy {
    let MetricTable { dimension, operator, threshold, repeat_times, statistic } = *metric;
    let repeat_times = repeat_times.unwrap_or(REPEAT_TIMES_DEFAULT);
    Policy {
        name: name.to_owned(),
        alarm: AlarmRule { dimension, operator, threshold, repeat_times, statistic },
        adjustment: adjustment.kind.of(adjustment.value),
        cooldown,
        notify_ids: Vec::new(),
    }
}

/// A task with its times placed, checked on its own.
fn task_of(
    table: &TaskTable,
    limits: &Limits,
    (start, offset): (SimTime, UtcOffset),
) -> Result<ScheduledTask, Fault> {
    let place = |name: &str, when: &When| {
        let at = when.resolve(start, offset);
        at.ok_or_else(|| fault(name, "there is no such time"))
    };
    let repeat = match (&table.recurrence, &table.end) {
        (None, None) => None,
        (Some(text), Some(end)) => {
            let recurrence = Crontab::parse(text);
            let recurrence = recurrence.map_err(|e| fault("recurrence", e.to_string()))?;
            Some(Repeat { recurrence, end: place("end", end)? })
        }
        _ => {
            let message = "InvalidParameter.EndtimeAndRecurrence: give both `end` and `recurrence`";
            let absent = if table.end.is_none() { "end" } else { "recurrence" };
            return Err(fault(absent, message));
        }
    };
    let first = place("start", &table.start)?;
    let task = ScheduledTask {
        name: table.name.clone(),
        min: table.min,
        max: table.max,
        start: first,
        repeat,
    };
    task.check(limits).map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
    Ok(task)
}

/// Hands the timed commands to their groups.
pub(super) fn script(file: &ScenarioFile, setup: &mut Setup, end: SimTime) -> Result<(), Fault> {
    let (start, offset, limits) = (setup.start, setup.utc_offset, setup.limits);
    // The first of a name, as everywhere; that names are unique is checked later.
    let mut places = BTreeMap::new();
    for (place, table) in file.group.iter().enumerate() {
        places.entry(table.name.as_str()).or_insert(place);
    }
    for (i, table) in file.at.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("at"));
        let at = table.time().resolve(start, offset);
        let Some(at) = at.filter(|at| (start..end).contains(at)) else {
            let (from, to) = (start.format_civil(offset), end.format_civil(offset));
            let message = format!("the time lies outside the run, {from} to {to}");
            return Err(under(fault("time", message)));
        };
        let place = places.get(table.group());
        let Some(target) = place.and_then(|place| setup.groups.get_mut(*place)) else {
            let names: Vec<&str> = places.keys().copied().collect();
            let guess = nearest(table.group(), &names).map(|n| format!(", did you mean `{n}`?"));
            let guess = guess.unwrap_or_default();
            let message = format!("no [[group]] is named `{}`{guess}", table.group());
            return Err(under(fault("group", message)));
        };
        let command = match table {
            AtTable::SetCapacity { min, max, desired, .. } => {
                Command::Resize(Resize { min: *min, max: *max, desired: *desired })
            }
            AtTable::CreatePolicy { name, metric, adjustment, cooldown, .. } => {
                let policy = policy_of(name, metric, adjustment, cooldown.0);
                policy
                    .check(&limits)
                    .map_err(|e| under(fault(e.key(), format!("{}: {e}", e.code()))))?;
                check_source(&policy, target.load.as_ref()).map_err(under)?;
                Command::CreatePolicy(policy)
            }
            AtTable::CreateTask { name, min, max, start: first, end, recurrence, .. } => {
                let table = TaskTable {
                    name: name.clone(),
                    min: *min,
                    max: *max,
                    start: first.clone(),
                    end: end.clone(),
                    recurrence: recurrence.clone(),
                };
                Command::CreateTask(task_of(&table, &limits, (start, offset)).map_err(under)?)
            }
        };
        target.script.push((at, command));
    }
    Ok(())
}
