//! Under which load an alarm stays quiet: what is known of a stretch of time without living it.

use crate::env::load::{Demand, LOAD_MAX, Load};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimDuration};
use crate::model::alarm::Calm;
use crate::model::policy::{AlarmRule, Dimension};

/// What each of `instances` feels of a constant load, in whole millionths, nothing waiting.
pub(crate) fn usage(demand: &Demand, dimension: Dimension, load: i64, instances: u32) -> Micro {
    let length = SimDuration::MINUTE;
    let flow = demand.flow(Micro::from_millionths(load), instances, length, 0);
    demand.usage(dimension, &flow, instances, length).unwrap_or_default()
}

/// The load from which on `instances` are full, in whole millionths.
pub(crate) fn full_load(demand: &Demand, instances: u32) -> i64 {
    let full = i128::from(demand.per_instance.millionths()) * i128::from(instances);
    i64::try_from(full).unwrap_or(i64::MAX).min(LOAD_MAX.millionths())
}

/// The smallest number from 0 to `most` at which something holds that goes on to hold for all
/// larger ones; `None` if it does not hold at `most`.
pub(crate) fn first_from(most: i64, holds: impl Fn(i64) -> bool) -> Option<i64> {
    if !holds(most) {
        return None;
    }
    // Not so below `low`, so at `high`.
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Some(low)
}

impl Load {
    /// The trace from which a metric follows, with the count of instances and nothing else;
    /// `None` where more takes part.
    pub(crate) fn source(&self, dimension: Dimension) -> Option<&Trace> {
        match self {
            Self::Fixed(fixed) => fixed.usage.get(dimension.index())?.as_deref(),
            Self::Custom(_) => None,
            Self::Demand(_) | Self::Recorded(_) if self.has_memory() => None,
            Self::Demand(_) | Self::Recorded(_) => Some(&self.demand()?.offered),
        }
    }

    /// The values of that trace at which `in_service` instances, at least 1, have samples that an
    /// alarm does not mind; `None` where there are none, or they are not known.
    pub(crate) fn calm(&self, rule: &AlarmRule, in_service: u32) -> Option<Calm> {
        let samples = Calm::of(rule)?;
        match self.demand() {
            Some(demand) => demand.loads(samples, rule.dimension, in_service),
            None => Some(samples),
        }
    }
}

impl Demand {
    /// The loads under which a metric has these values. Usage never falls as load grows, so there
    /// are no others between them.
    fn loads(&self, values: Calm, dimension: Dimension, in_service: u32) -> Option<Calm> {
        let usage = |load| usage(self, dimension, load, in_service);
        let most = full_load(self, in_service);
        let low = first_from(most, |load| usage(load) >= values.low)?;
        let high = match first_from(most, |load| usage(load) > values.high) {
            Some(beyond) => beyond.checked_sub(1).filter(|high| *high >= low)?,
            None => i64::MAX,
        };
        Some(Calm { low: Micro::from_millionths(low), high: Micro::from_millionths(high) })
    }
}
