//! Groups, with all that they have at the start.

use crate::engine::setup::{GroupSetup, Setup};
use crate::env::faults::Faults;
use crate::model::capacity::{Resize, resize};
use crate::model::group::Capacity;
use crate::model::lifecycle_hook::LifecycleHook;
use crate::scenario::build::load::build_load;
use crate::scenario::build::parts;
use crate::scenario::build::traces::Traces;
use crate::scenario::build::{fault, key, world};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{GroupTable, HookTable};
use crate::scenario::node::Segment;

/// Builds a group of a world whose other parts stand already.
pub(super) fn group(
    table: &GroupTable,
    traces: &Traces,
    setup: &Setup,
    faults: Faults,
) -> Result<GroupSetup, Fault> {
    let (min, max) = (table.min, table.max);
    let desired = table.desired.unwrap_or(min);
    let none = Capacity { min: 0, max: 0, desired: 0 };
    let sizes = Resize { min: Some(min), max: Some(max), desired: Some(desired) };
    let capacity = resize(none, sizes, &setup.limits)
        .map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
    let configuration = configuration(table, setup)?;
    let load = match &table.load {
        Some(load) => Some(build_load(load, traces).map_err(|f| f.under(key("load")))?),
        None => None,
    };
    let (limits, calendar) = (&setup.limits, (setup.start, setup.utc_offset));
    let policies = each("policy", &table.policy, |t| parts::policy(t, load.as_ref(), limits))?;
    let tasks = each("scheduled_task", &table.scheduled_task, |t| parts::task(t, limits, calendar));
    let tasks = tasks?;
    let hooks = each("hook", &table.hook, |t| parts::hook(t, limits))?;
    Ok(GroupSetup {
        configuration,
        capacity,
        initial: table.initial,
        remove_policy: table.remove_policy,
        zones: table.zones.clone(),
        subnets: table.subnets.clone(),
        load_balancers: table.load_balancers.clone(),
        policies,
        tasks,
        bound_hook: bound(&table.hook, &hooks)?,
        hooks,
        notifications: each("notification", &table.notification, parts::notification)?,
        faults: world::faults(&table.faults, faults).map_err(|f| f.under(key("faults")))?,
        load,
        ..GroupSetup::new(&table.name, min, max, desired)
    })
}

/// Builds each element of a list; a fault is placed in the list of that key.
fn each<T, U>(
    list: &str,
    tables: &[T],
    build: impl Fn(&T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let built = tables
        .iter()
        .enumerate()
        .map(|(i, table)| build(table).map_err(|f| f.under(Segment::Index(i)).under(key(list))));
    built.collect()
}

/// The name of the group's configuration: the first one, unless it names another.
fn configuration(table: &GroupTable, setup: &Setup) -> Result<String, Fault> {
    let mut known = setup.configurations.iter().map(|c| c.name.as_str());
    match &table.configuration {
        Some(name) if !known.clone().any(|other| other == name) => {
            let known: Vec<&str> = known.collect();
            let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
            let guess = guess.unwrap_or_default();
            let message = format!("no [[configuration]] is named `{name}`{guess}");
            Err(fault("configuration", message))
        }
        Some(name) => Ok(name.clone()),
        None => Ok(known.next().map_or_else(|| String::from("default"), str::to_owned)),
    }
}

/// The hook that is bound: one that says so, or the only one that does not say otherwise (6.1).
fn bound(tables: &[HookTable], hooks: &[LifecycleHook]) -> Result<Option<String>, Fault> {
    let by_default = tables.len() == 1;
    let is_bound = |(_, table): &(usize, &HookTable)| table.bound.unwrap_or(by_default);
    let mut bound = tables.iter().enumerate().filter(is_bound).map(|(i, _)| i);
    let first = bound.next();
    if let (Some(first), Some(second)) = (first, bound.next()) {
        let name = hooks.get(first).map_or("", |hook| hook.name.as_str());
        let message = format!("hook `{name}` is bound already, and only one of a group can be");
        return Err(fault("bound", message).under(Segment::Index(second)).under(key("hook")));
    }
    Ok(first.and_then(|i| hooks.get(i)).map(|hook| hook.name.clone()))
}
