//! A load that somebody sets while the run is under way.

use std::sync::Arc;

use crate::engine::command::{CommandError, Reply};
use crate::engine::group_sim::GroupSim;
use crate::env::load::{Fixed, Load};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;

/// From now on a value stands in the place of the trace's, for a time or for ever.
pub(super) fn set(
    group: &mut GroupSim,
    now: SimTime,
    metric: Option<Dimension>,
    value: Option<Micro>,
    length: Option<SimDuration>,
) -> Result<Reply, CommandError> {
    if let Some(length) = length
        && !length.is_positive()
    {
        return Err(CommandError::Length { length });
    }
    let until = length.map_or(SimTime::MAX, |length| now + length);
    let splice = |trace: &Trace| Arc::new(trace.clone().spliced(now, until, value));
    let mut load = match &group.load {
        Some(load) => load.as_ref().clone(),
        None => Load::Fixed(Fixed::default()),
    };
    match (&mut load, metric) {
        (Load::Demand(demand), None) => demand.offered = splice(&demand.offered),
        (Load::Recorded(recorded), None) => {
            recorded.demand.offered = splice(&recorded.demand.offered);
        }
        (Load::Fixed(fixed), Some(metric)) => {
            if let Some(trace) = fixed.usage.get_mut(metric.index()) {
                let before = trace.take();
                *trace = Some(splice(&before.unwrap_or_else(|| Arc::new(Trace::unknown()))));
            }
        }
        (Load::Demand(_) | Load::Recorded(_), Some(_)) => {
            return Err(refused("is a demand, and its metrics follow from it"));
        }
        (Load::Fixed(_), None) => {
            return Err(refused("has no demand: say which metric is meant"));
        }
        (Load::Custom(_), _) => return Err(refused("is a model of its own")),
    }
    load.check()?;
    // After this point it is set. What was is accounted for by what held then.
    group.meter.catch_up(group.load.as_deref(), now);
    group.load = Some(Arc::new(load));
    Ok(Reply::Done)
}

const fn refused(what: &'static str) -> CommandError {
    CommandError::NoSuchLoad { what }
}
