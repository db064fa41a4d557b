//! `[group.load]`: exactly one of demand, recorded and fixed (SEMANTICS 11).

use std::sync::Arc;

use crate::env::load::{Demand, Fixed, Load, Memory, Overload, Recorded};
use crate::env::trace::Trace;
use crate::kernel::Micro;
use crate::scenario::build::fault;
use crate::scenario::build::traces::Traces;
use crate::scenario::error::Fault;
use crate::scenario::file::{LoadTable, OverloadName};
use crate::scenario::value::Count;

/// The most offered load, and the most one instance can serve (0.5).
const LOAD_MAX: Micro = Micro::from_int(1_000_000_000);
/// The most a fixed metric can be (0.5).
const METRIC_MAX: Micro = Micro::from_int(1_000_000_000_000);

/// Builds a group's load.
///
/// # Errors
/// The first [`Fault`]: none or several kinds, keys of another kind, values out of range.
pub fn build_load(table: &LoadTable, traces: &Traces) -> Result<Load, Fault> {
    let kinds = [table.demand.is_some(), table.recorded.is_some(), table.fixed.is_some()];
    if kinds.iter().filter(|given| **given).count() != 1 {
        return Err(Fault::at([], "give exactly one of `demand`, `recorded`, `fixed`"));
    }
    if table.demand.is_none() {
        refuse_keys_of_demand(table)?;
    }
    if table.recorded.is_none() && table.instances.is_some() {
        return Err(fault("instances", "this key goes with `recorded` only"));
    }
    if let Some(name) = &table.demand {
        return demand(table, traces.get("demand", name)?).map(Load::Demand);
    }
    if let Some(name) = &table.recorded {
        return recorded(table, traces.get("recorded", name)?, traces).map(Load::Recorded);
    }
    let mut fixed = Fixed::default();
    for (dimension, name) in table.fixed.iter().flatten() {
        let under = format!("fixed.{dimension}");
        let trace = traces.get(&under, name)?;
        check_range(&under, &trace, METRIC_MAX)?;
        if let Some(place) = fixed.usage.get_mut(dimension.index()) {
            *place = Some(trace);
        }
    }
    if fixed.usage.iter().all(Option::is_none) {
        return Err(fault("fixed", "give a trace for at least one metric"));
    }
    Ok(Load::Fixed(fixed))
}

fn refuse_keys_of_demand(table: &LoadTable) -> Result<(), Fault> {
    let given = [
        ("per_instance", table.per_instance.is_some()),
        ("base", table.base.is_some()),
        ("overload", table.overload.is_some()),
        ("max_backlog", table.max_backlog.is_some()),
        ("timeout", table.timeout.is_some()),
        ("mem_base", table.mem_base.is_some()),
        ("mem_per_load", table.mem_per_load.is_some()),
        ("bytes_in_per_load", table.bytes_in_per_load.is_some()),
        ("bytes_out_per_load", table.bytes_out_per_load.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(fault(name, "this key goes with `demand` only")),
        None => Ok(()),
    }
}

/// A value within bounds, both included.
fn within(
    name: &str,
    value: Option<Micro>,
    min: Micro,
    max: Micro,
) -> Result<Option<Micro>, Fault> {
    match value {
        Some(value) if !(min..=max).contains(&value) => {
            Err(fault(name, format!("found {value}, allowed {min} to {max}")))
        }
        value => Ok(value),
    }
}

/// All values of a trace between 0 and `max`.
fn check_range(name: &str, trace: &Trace, max: Micro) -> Result<(), Fault> {
    match trace.range() {
        Some((low, _)) if low < Micro::ZERO => {
            Err(fault(name, format!("the trace has the value {low}, allowed 0 to {max}")))
        }
        Some((_, high)) if high > max => {
            Err(fault(name, format!("the trace has the value {high}, allowed 0 to {max}")))
        }
        _ => Ok(()),
    }
}

fn demand(table: &LoadTable, offered: Arc<Trace>) -> Result<Demand, Fault> {
    check_range("demand", &offered, LOAD_MAX)?;
    let least = Micro::from_millionths(1);
    let per_instance = within("per_instance", table.per_instance, least, LOAD_MAX)?;
    let per_instance = per_instance.ok_or_else(|| {
        fault("per_instance", "key `per_instance` is missing: what one instance serves")
    })?;
    let base = within("base", table.base, Micro::ZERO, Micro::HUNDRED)?.unwrap_or_default();
    let mem_base = within("mem_base", table.mem_base, Micro::ZERO, Micro::HUNDRED)?;
    let share = |name, value| within(name, value, Micro::ZERO, LOAD_MAX);
    let mem_per_load = share("mem_per_load", table.mem_per_load)?;
    let memory = (mem_base.is_some() || mem_per_load.is_some()).then(|| Memory {
        base: mem_base.unwrap_or_default(),
        per_load: mem_per_load.unwrap_or_default(),
    });
    Ok(Demand {
        offered,
        per_instance,
        base,
        overload: overload(table)?,
        memory,
        bytes_in_per_load: share("bytes_in_per_load", table.bytes_in_per_load)?,
        bytes_out_per_load: share("bytes_out_per_load", table.bytes_out_per_load)?,
    })
}

fn overload(table: &LoadTable) -> Result<Overload, Fault> {
    if table.overload == Some(OverloadName::Queue) {
        let max_backlog = within("max_backlog", table.max_backlog, Micro::ZERO, METRIC_MAX)?;
        let timeout = table.timeout.map(|span| span.0);
        if timeout.is_some_and(|span| span > crate::scenario::build::DURATION_MAX) {
            return Err(fault("timeout", "a backlog waits at most ten years (3660d)"));
        }
        return Ok(Overload::Queue { max_backlog, timeout });
    }
    let stray =
        [("max_backlog", table.max_backlog.is_some()), ("timeout", table.timeout.is_some())];
    match stray.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(fault(name, "this key goes with `overload = \"queue\"` only")),
        None => Ok(Overload::Drop),
    }
}

fn recorded(table: &LoadTable, usage: Arc<Trace>, traces: &Traces) -> Result<Recorded, Fault> {
    check_range("recorded", &usage, LOAD_MAX)?;
    let count = match &table.instances {
        Some(Count::Number(number)) => {
            let number = within("instances", Some(*number), Micro::ZERO, LOAD_MAX)?;
            Arc::new(Trace::constant(number.unwrap_or_default()))
        }
        Some(Count::Trace(name)) => traces.get("instances", name)?,
        None => {
            let message = "key `instances` is missing: how many there were, or the name of a trace";
            return Err(fault("instances", message));
        }
    };
    check_range("instances", &count, LOAD_MAX)?;
    if matches!(table.instances, Some(Count::Trace(_))) && (usage.repeats() || count.repeats()) {
        let message = "a repeating trace goes with a number of instances, not with their trace";
        return Err(fault("instances", message));
    }
    let recorded = Recorded::new(usage, count);
    check_range("recorded", &recorded.demand.offered, LOAD_MAX)?;
    Ok(recorded)
}
