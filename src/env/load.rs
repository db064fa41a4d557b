//! Load models: what is asked of a group, and what its instances feel of it (SEMANTICS 11).
//!
//! The fluid model works on *stretches*: maximal spans within one civil minute over which no trace
//! begins a new step and no instance enters or leaves service. Amounts of work over a stretch are
//! whole millionths of load times milliseconds, in `i128`, so nothing is lost to rounding.

use std::fmt;
use std::sync::Arc;

use crate::env::trace::{Step, Trace};
use crate::kernel::fixed::{div_round, saturate};
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;

/// Where a group's metrics come from.
#[derive(Clone, Debug)]
pub enum Load {
    /// Closed loop: offered load, shared by the instances in service (11.1).
    Demand(Demand),
    /// Counterfactual: recorded utilisation times recorded count is the offered load (11.2).
    Recorded(Recorded),
    /// Open loop: each metric is a trace that capacity does not change (11.3).
    Fixed(Fixed),
    /// A model of the embedder's.
    Custom(Arc<dyn CustomLoad>),
}

/// A load model of the embedder's: a pure function of time and capacity.
///
/// Answers must not depend on anything else, or runs stop being repeatable.
pub trait CustomLoad: fmt::Debug + Send + Sync {
    /// The usage of each of `in_service` instances (at least 1) from `at` on, and when it may
    /// change though the count does not. Must move forward: `until > at`.
    fn usage(&self, dimension: Dimension, at: SimTime, in_service: u32) -> Step;

    /// Whether the model has this metric at all.
    fn has(&self, dimension: Dimension) -> bool;

    /// The offered load behind it, for reports; `None` if there is no such thing. The second
    /// value is what one instance can serve.
    fn offered(&self) -> Option<(Arc<Trace>, Micro)> {
        None
    }
}

/// A closed loop of offered load and serving instances (11.1). Load is any unit per second.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Offered load, at least 0.
    pub offered: Arc<Trace>,
    /// What one instance can serve, above 0.
    pub per_instance: Micro,
    /// CPU per cent of an idle instance, 0 to 100.
    pub base: Micro,
    /// What happens to load above capacity.
    pub overload: Overload,
    /// Memory, if it is modelled.
    pub memory: Option<Memory>,
    /// Bytes received per unit of load, if modelled.
    pub bytes_in_per_load: Option<Micro>,
    /// Bytes sent per unit of load, if modelled.
    pub bytes_out_per_load: Option<Micro>,
}

/// Memory per instance: `base` per cent and `per_load` more for each unit of load that it serves
/// per second, at most 100 (11.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Per cent of an idle instance.
    pub base: Micro,
    /// Per cent per unit of load.
    pub per_load: Micro,
}

/// What happens to load above capacity (11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Overload {
    /// It is lost.
    #[default]
    Drop,
    /// It waits. A backlog above a bound is cut at the end of each stretch and lost.
    Queue {
        /// The most that may wait, in units of load times seconds; `None` is no bound.
        max_backlog: Option<Micro>,
        /// The most that may wait, as time at full capacity; `None` is no bound.
        timeout: Option<SimDuration>,
    },
}

/// Recorded utilisation and count, and the demand they amount to (11.2).
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Recorded CPU utilisation, per cent.
    pub usage: Arc<Trace>,
    /// Recorded number of instances.
    pub count: Arc<Trace>,
    /// The closed loop in their place: offered = usage / 100 * count, per_instance = 1.
    pub demand: Demand,
}

impl Recorded {
    /// Derives the demand, rounded to millionths where both traces are known.
    pub fn new(usage: Arc<Trace>, count: Arc<Trace>) -> Self {
        let offered = usage.zip(&count, |usage, count| {
            let product = i128::from(usage.millionths()) * i128::from(count.millionths());
            Micro::ratio(product, i128::from(Micro::HUNDRED.millionths())).unwrap_or_default()
        });
        let demand = Demand {
            offered: Arc::new(offered),
            per_instance: Micro::ONE,
            base: Micro::ZERO,
            overload: Overload::Drop,
            memory: None,
            bytes_in_per_load: None,
            bytes_out_per_load: None,
        };
        Self { usage, count, demand }
    }
}

/// Metrics that capacity does not change (11.3). A metric without a trace has no samples.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The trace of each metric, by [`Dimension::index`].
    pub usage: [Option<Arc<Trace>>; 4],
}

/// The work of one stretch, in millionths of load times milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Flow {
    /// Asked for.
    pub offered: i128,
    /// The most that could be served.
    pub capacity: i128,
    /// Served, out of the backlog too.
    pub served: i128,
    /// Dropped, or cut from the backlog at the end.
    pub lost: i128,
    /// Waiting at the end.
    pub backlog: i128,
}

/// The most offered load, and the most one instance can serve (0.5).
pub const LOAD_MAX: Micro = Micro::from_int(1_000_000_000);
/// The most a fixed metric can be (0.5).
pub const METRIC_MAX: Micro = Micro::from_int(1_000_000_000_000);

/// A value of a load that cannot be (0.5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{found}, allowed {min} to {max}")]
pub struct LoadError {
    /// The key of the scenario file that is at fault, below `load`.
    pub key: String,
    /// Says whose value it is, if it is not the key's own.
    what: &'static str,
    found: Micro,
    min: Micro,
    max: Micro,
}

/// Millionths of load times milliseconds in one unit of load times one second.
pub const WORK_UNIT: i128 = 1_000_000_000;

impl Demand {
    /// The work of a stretch of `length` with constant `offered` load on `in_service` instances,
    /// beginning with `backlog`.
    pub fn flow(
        &self,
        offered: Micro,
        in_service: u32,
        length: SimDuration,
        backlog: i128,
    ) -> Flow {
        let length_ms = i128::from(length.ms());
        let offered = i128::from(offered.millionths()) * length_ms;
        let rate = i128::from(self.per_instance.millionths()) * i128::from(in_service);
        let capacity = rate * length_ms;
        let served = capacity.min(backlog + offered);
        let left = backlog + offered - served;
        let kept = match self.overload {
            Overload::Drop => 0,
            Overload::Queue { max_backlog, timeout } => {
                let by_size = max_backlog.map(|most| i128::from(most.millionths()) * 1000);
                let by_time = timeout.map(|most| rate * i128::from(most.ms()));
                [by_size, by_time].into_iter().flatten().fold(left, i128::min)
            }
        };
        Flow { offered, capacity, served, lost: left - kept, backlog: kept }
    }

    /// What each of `in_service` instances feels of a stretch; `None` for a metric that is not
    /// modelled, or if there is no instance.
    pub fn usage(
        &self,
        dimension: Dimension,
        flow: &Flow,
        in_service: u32,
        length: SimDuration,
    ) -> Option<Micro> {
        let per_load = |per_load: Micro| {
            // bytes (or per cent) per load * load * ms / (ms * instances), all in millionths.
            // Saturating: a backlog of years served at once by thousands of instances.
            let work = i128::from(per_load.millionths()).saturating_mul(flow.served);
            Micro::ratio(work, 1_000_000 * i128::from(length.ms()) * i128::from(in_service))
        };
        match dimension {
            Dimension::CpuUsage => {
                let base = i128::from(self.base.millionths());
                let room = i128::from(Micro::HUNDRED.millionths()) - base;
                Micro::ratio(base * flow.capacity + room * flow.served, flow.capacity)
            }
            Dimension::MemUsage => {
                let memory = self.memory?;
                let share = per_load(memory.per_load)?.millionths();
                let usage = Micro::from_millionths(memory.base.millionths().saturating_add(share));
                Some(usage.min(Micro::HUNDRED))
            }
            Dimension::LanOuttraffic => per_load(self.bytes_out_per_load?),
            Dimension::LanIntraffic => per_load(self.bytes_in_per_load?),
        }
    }

    const fn has(&self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::CpuUsage => true,
            Dimension::MemUsage => self.memory.is_some(),
            Dimension::LanOuttraffic => self.bytes_out_per_load.is_some(),
            Dimension::LanIntraffic => self.bytes_in_per_load.is_some(),
        }
    }
}

/// A value within bounds, both included.
fn within(key: &str, found: Micro, min: Micro, max: Micro) -> Result<(), LoadError> {
    match (min..=max).contains(&found) {
        true => Ok(()),
        false => Err(LoadError { key: key.to_owned(), what: "found ", found, min, max }),
    }
}

/// All values of a trace between 0 and `max`.
fn within_trace(key: &str, trace: &Trace, max: Micro) -> Result<(), LoadError> {
    let Some((low, high)) = trace.range() else { return Ok(()) };
    let found = if low < Micro::ZERO { low } else { high };
    let what = "the trace has the value ";
    within(key, found, Micro::ZERO, max).map_err(|e| LoadError { what, ..e })
}

impl Demand {
    /// Checks every value against its range.
    ///
    /// # Errors
    /// The first value out of range.
    pub fn check(&self) -> Result<(), LoadError> {
        let zero = Micro::ZERO;
        within_trace("demand", &self.offered, LOAD_MAX)?;
        within("per_instance", self.per_instance, Micro::from_millionths(1), LOAD_MAX)?;
        within("base", self.base, zero, Micro::HUNDRED)?;
        if let Some(memory) = self.memory {
            within("mem_base", memory.base, zero, Micro::HUNDRED)?;
            within("mem_per_load", memory.per_load, zero, LOAD_MAX)?;
        }
        within("bytes_in_per_load", self.bytes_in_per_load.unwrap_or_default(), zero, LOAD_MAX)?;
        within("bytes_out_per_load", self.bytes_out_per_load.unwrap_or_default(), zero, LOAD_MAX)?;
        if let Overload::Queue { max_backlog, timeout } = self.overload {
            within("max_backlog", max_backlog.unwrap_or_default(), zero, METRIC_MAX)?;
            let timeout_s =
                Micro::from_millionths(timeout.unwrap_or_default().ms().saturating_mul(1000));
            within("timeout", timeout_s, zero, LOAD_MAX)?;
        }
        Ok(())
    }
}

impl Load {
    /// Checks every value against its range. A custom model vouches for itself.
    ///
    /// # Errors
    /// The first value out of range.
    pub fn check(&self) -> Result<(), LoadError> {
        match self {
            Self::Demand(demand) => demand.check(),
            Self::Recorded(Recorded { usage, count, demand }) => {
                within_trace("recorded", usage, LOAD_MAX)?;
                within_trace("instances", count, LOAD_MAX)?;
                within_trace("recorded", &demand.offered, LOAD_MAX)
            }
            Self::Fixed(fixed) => {
                Dimension::ALL.into_iter().zip(&fixed.usage).try_for_each(|(dimension, usage)| {
                    match usage {
                        Some(trace) => {
                            within_trace(&format!("fixed.{dimension}"), trace, METRIC_MAX)
                        }
                        None => Ok(()),
                    }
                })
            }
            Self::Custom(_) => Ok(()),
        }
    }

    /// Whether the model has this metric; a policy on one without a source is refused.
    pub fn has(&self, dimension: Dimension) -> bool {
        match self {
            Self::Demand(demand) => demand.has(dimension),
            Self::Recorded(recorded) => recorded.demand.has(dimension),
            Self::Fixed(fixed) => fixed.usage.get(dimension.index()).is_some_and(Option::is_some),
            Self::Custom(custom) => custom.has(dimension),
        }
    }

    /// The closed loop, if the model is one.
    pub const fn demand(&self) -> Option<&Demand> {
        match self {
            Self::Demand(demand) => Some(demand),
            Self::Recorded(recorded) => Some(&recorded.demand),
            Self::Fixed(_) | Self::Custom(_) => None,
        }
    }

    /// Whether the past leaves something behind (a backlog) that the present feels.
    pub fn has_memory(&self) -> bool {
        self.demand().is_some_and(|d| matches!(d.overload, Overload::Queue { .. }))
    }

    /// About how many steps its traces have from `from` to `to`.
    pub fn steps_within(&self, from: SimTime, to: SimTime) -> u64 {
        let sum = |traces: &[&Trace]| {
            traces.iter().map(|t| t.count_steps(from, to)).fold(0, u64::saturating_add)
        };
        match self {
            Self::Demand(demand) => sum(&[&demand.offered]),
            Self::Recorded(Recorded { usage, count, demand }) => {
                sum(&[usage, count, &demand.offered])
            }
            Self::Fixed(fixed) => {
                let traces: Vec<&Trace> = fixed.usage.iter().flatten().map(Arc::as_ref).collect();
                sum(&traces)
            }
            Self::Custom(_) => 0,
        }
    }

    /// The usage of each of `in_service` instances over the stretch from `at` that begins with
    /// `backlog` and ends at `to`, for the metrics asked for, and the backlog after it.
    pub(crate) fn stretch(
        &self,
        wanted: [bool; 4],
        (at, to): (SimTime, SimTime),
        in_service: u32,
        backlog: i128,
    ) -> ([Option<Micro>; 4], i128) {
        let asked = Dimension::ALL.map(|d| wanted.get(d.index()) == Some(&true) && in_service > 0);
        let each = |usage: &dyn Fn(Dimension) -> Option<Micro>| {
            let mut found = [None; 4];
            for (place, dimension) in found.iter_mut().zip(Dimension::ALL) {
                if asked.get(dimension.index()) == Some(&true) {
                    *place = usage(dimension);
                }
            }
            found
        };
        match self {
            Self::Fixed(fixed) => {
                let value = |d: Dimension| fixed.usage.get(d.index())?.as_ref()?.at(at).value;
                (each(&value), 0)
            }
            Self::Custom(custom) => (each(&|d| custom.usage(d, at, in_service).value), 0),
            Self::Demand(demand) | Self::Recorded(Recorded { demand, .. }) => {
                let Some(offered) = demand.offered.at(at).value else {
                    return ([None; 4], backlog);
                };
                let length = to - at;
                let flow = demand.flow(offered, in_service, length, backlog);
                let usage = |d| demand.usage(d, &flow, in_service, length);
                (each(&usage), flow.backlog)
            }
        }
    }

    /// The first instant after `at` at which one of the metrics asked for may change though the
    /// count does not.
    pub(crate) fn next_step(&self, wanted: [bool; 4], at: SimTime, in_service: u32) -> SimTime {
        let earliest = |until: &dyn Fn(Dimension) -> Option<SimTime>| {
            let asked = Dimension::ALL.iter().filter(|d| wanted.get(d.index()) == Some(&true));
            asked.filter_map(|d| until(*d)).min().unwrap_or(SimTime::MAX)
        };
        match self {
            Self::Demand(demand) => demand.offered.at(at).until,
            Self::Recorded(recorded) => recorded.demand.offered.at(at).until,
            Self::Fixed(fixed) => {
                earliest(&|d| Some(fixed.usage.get(d.index())?.as_ref()?.at(at).until))
            }
            Self::Custom(custom) => {
                // A model that does not move forward is moved by the millisecond.
                let least = at + SimDuration::from_ms(1);
                earliest(&|d| Some(custom.usage(d, at, in_service.max(1)).until.max(least)))
            }
        }
    }
}

/// The mean over a civil minute of usages held for so many milliseconds: their sum over 60,000,
/// rounded half away from zero (1.2).
pub(crate) fn minute_mean(weighted_sum: i128) -> Micro {
    let mean = div_round(weighted_sum, i128::from(crate::kernel::time::MINUTE_MS));
    Micro::from_millionths(saturate(mean.unwrap_or(0)))
}
