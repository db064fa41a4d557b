//! `[group.load]`: exactly one of demand, recorded and fixed (SEMANTICS 11).

use std::sync::Arc;

use crate::env::load::{Demand, Fixed, Load, Memory, Overload, Recorded};
use crate::env::trace::Trace;
use crate::scenario::build::fault;
use crate::scenario::build::traces::Traces;
use crate::scenario::error::Fault;
use crate::scenario::file::{LoadTable, OverloadName};
use crate::scenario::value::Count;

/// Builds a group's load.
///
/// # Errors
/// The first [`Fault`]: none or several kinds, keys of another kind, values out of range.
pub fn build_load(table: &LoadTable, traces: &Traces) -> Result<Load, Fault> {
    let load = unchecked(table, traces)?;
    load.check().map_err(|e| fault(&e.key, e.to_string()))?;
    Ok(load)
}

fn unchecked(table: &LoadTable, traces: &Traces) -> Result<Load, Fault> {
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

fn demand(table: &LoadTable, offered: Arc<Trace>) -> Result<Demand, Fault> {
    let per_instance = table.per_instance.ok_or_else(|| {
        fault("per_instance", "key `per_instance` is missing: what one instance serves")
    })?;
    let is_modelled = table.mem_base.is_some() || table.mem_per_load.is_some();
    let memory = is_modelled.then(|| Memory {
        base: table.mem_base.unwrap_or_default(),
        per_load: table.mem_per_load.unwrap_or_default(),
    });
    Ok(Demand {
        offered,
        per_instance,
        base: table.base.unwrap_or_default(),
        overload: overload(table)?,
        memory,
        bytes_in_per_load: table.bytes_in_per_load,
        bytes_out_per_load: table.bytes_out_per_load,
    })
}

fn overload(table: &LoadTable) -> Result<Overload, Fault> {
    if table.overload == Some(OverloadName::Queue) {
        let (max_backlog, timeout) = (table.max_backlog, table.timeout.map(|span| span.0));
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
    let count = match &table.instances {
        Some(Count::Number(number)) => Arc::new(Trace::constant(*number)),
        Some(Count::Trace(name)) => traces.get("instances", name)?,
        None => {
            let message = "key `instances` is missing: how many there were, or the name of a trace";
            return Err(fault("instances", message));
        }
    };
    if matches!(table.instances, Some(Count::Trace(_))) && (usage.repeats() || count.repeats()) {
        let message = "a repeating trace goes with a number of instances, not with their trace";
        return Err(fault("instances", message));
    }
    traces.recorded(usage, count)
}
