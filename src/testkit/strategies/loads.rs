//! Loads and their traces. Strategies are boxed: unboxed ones nest by value, too large for the
//! stack of a test's thread.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use crate::env::load::{Demand, Fixed, Load, Memory, Overload, Recorded};
use crate::env::trace::{Gaps, Sample, Trace};
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;

/// The integers a load is made of. Amounts are in millionths unless they say otherwise.
#[derive(Clone, Debug)]
pub enum LoadPlan {
    /// A closed loop; levels of the trace are per cent of what one instance can serve.
    Demand {
        /// Offered load.
        offered: TracePlan,
        /// What one instance can serve.
        per_instance: i64,
        /// CPU of an idle instance, whole per cent.
        base_pct: i64,
        /// What becomes of the rest.
        overload: Overload,
        /// Base and per load.
        memory: Option<(i64, i64)>,
        /// Bytes in and out per unit of load.
        bytes: (Option<i64>, Option<i64>),
    },
    /// A recording; levels are per cent, counts whole numbers.
    Recorded {
        /// Utilisation.
        usage: TracePlan,
        /// Instances.
        count: TracePlan,
    },
    /// An open loop by [`Dimension::index`]; traffic has ten times the level.
    Fixed([Option<TracePlan>; 4]),
}

/// The integers a trace is made of.
#[derive(Clone, Debug)]
pub struct TracePlan {
    /// Milliseconds from the start of the run to its first value; below 0 lies before.
    after_ms: i64,
    /// Milliseconds between values.
    step_ms: i64,
    /// Runs of values: how many, and their level if there is one.
    runs: Vec<(usize, Option<i64>)>,
    /// Milliseconds by which a sample is late, over and over; empty for a regular grid.
    late_ms: Vec<i64>,
    gaps: Gaps,
    repeats: bool,
}

impl TracePlan {
    /// The trace with each level times `unit` millionths.
    pub fn build(&self, start: SimTime, unit: i64) -> Trace {
        let first = start + SimDuration::from_ms(self.after_ms);
        let step = SimDuration::from_ms(self.step_ms);
        let levels = self.runs.iter().flat_map(|(times, level)| {
            let value = level.map(|level| Micro::from_millionths(level.saturating_mul(unit)));
            std::iter::repeat_n(value, *times)
        });
        let trace = if self.late_ms.is_empty() {
            Trace::from_grid(first, step, &levels.collect::<Vec<_>>())
        } else {
            let late = self.late_ms.iter().cycle();
            let samples: Vec<_> = (0..)
                .zip(levels)
                .zip(late)
                .filter_map(|((slot, value), late)| {
                    let at = first + step.times(slot) + SimDuration::from_ms(*late);
                    Some(Sample { at, value: value? })
                })
                .collect();
            Trace::from_samples(&samples, step, self.gaps)
        };
        if self.repeats { trace.repeating() } else { trace }
    }
}

impl LoadPlan {
    /// The load of a world that starts at `start`.
    pub fn build(&self, start: SimTime) -> Load {
        match self {
            Self::Demand { offered, per_instance, base_pct, overload, memory, bytes } => {
                Load::Demand(Demand {
                    offered: Arc::new(offered.build(start, per_instance / 100)),
                    per_instance: Micro::from_millionths(*per_instance),
                    base: Micro::from_int(*base_pct),
                    overload: *overload,
                    memory: memory.map(|(base, per_load)| Memory {
                        base: Micro::from_millionths(base),
                        per_load: Micro::from_millionths(per_load),
                    }),
                    bytes_in_per_load: bytes.0.map(Micro::from_millionths),
                    bytes_out_per_load: bytes.1.map(Micro::from_millionths),
                })
            }
            Self::Recorded { usage, count } => Load::Recorded(Recorded::new(
                Arc::new(usage.build(start, 1_000_000)),
                Arc::new(count.build(start, 1_000_000)),
            )),
            Self::Fixed(plans) => {
                let mut fixed = Fixed::default();
                for ((usage, plan), metric) in fixed.usage.iter_mut().zip(plans).zip(Dimension::ALL)
                {
                    let unit = if metric.is_percentage() { 1_000_000 } else { 10_000_000 };
                    *usage = plan.as_ref().map(|plan| Arc::new(plan.build(start, unit)));
                }
                Load::Fixed(fixed)
            }
        }
    }

    /// The metrics that it has.
    pub fn metrics(&self) -> Vec<Dimension> {
        let load = self.build(SimTime::from_unix_s(super::EPOCH_S));
        Dimension::ALL.into_iter().filter(|metric| load.has(*metric)).collect()
    }
}

/// A load of any kind.
pub(super) fn load() -> BoxedStrategy<LoadPlan> {
    prop_oneof![5 => demand(), 1 => recorded(), 2 => fixed()].boxed()
}

fn demand() -> BoxedStrategy<LoadPlan> {
    // A hundred, so that per cents are whole; or anything.
    let per_instance = prop_oneof![3 => Just(100_000_000), 1 => 1_000..200_000_000_i64];
    let base_pct = prop_oneof![3 => Just(0), 1 => 0..=100_i64];
    let memory = prop_oneof![
        1 => Just(None),
        1 => (0..=60_000_000_i64, 0..=1_500_000_i64).prop_map(Some),
    ];
    let bytes = || prop_oneof![Just(None), (0..20_000_000_i64).prop_map(Some)];
    (trace(0..=1200), per_instance, base_pct, overload(), memory, (bytes(), bytes()))
        .prop_map(|(offered, per_instance, base_pct, overload, memory, bytes)| LoadPlan::Demand {
            offered,
            per_instance,
            base_pct,
            overload,
            memory,
            bytes,
        })
        .boxed()
}

fn overload() -> impl Strategy<Value = Overload> {
    // Units of load times seconds: an instance at a hundred serves 6,000 in a minute.
    let max_backlog =
        prop_oneof![Just(None), (0..200_000_i64).prop_map(|load_s| Some(Micro::from_int(load_s))),];
    let timeout = prop_oneof![
        Just(None),
        (0..600_i64).prop_map(|s| Some(SimDuration::from_s(s))),
        (0..600_000_i64).prop_map(|ms| Some(SimDuration::from_ms(ms))),
    ];
    prop_oneof![
        Just(Overload::Drop),
        (max_backlog, timeout)
            .prop_map(|(max_backlog, timeout)| Overload::Queue { max_backlog, timeout }),
    ]
}

fn recorded() -> BoxedStrategy<LoadPlan> {
    // What a recording that repeats amounts to is not fixed, so none does.
    let once = |trace: TracePlan| TracePlan { repeats: false, ..trace };
    (trace(0..=100), trace(0..=10))
        .prop_map(move |(usage, count)| LoadPlan::Recorded {
            usage: once(usage),
            count: once(count),
        })
        .boxed()
}

fn fixed() -> BoxedStrategy<LoadPlan> {
    let maybe = || prop_oneof![Just(None), trace(0..=110).prop_map(Some)];
    (trace(0..=110), maybe(), maybe(), maybe())
        .prop_map(|(cpu, mem, out, into)| LoadPlan::Fixed([Some(cpu), mem, out, into]))
        .boxed()
}

/// Blocks of level load, long enough for streaks, over half an hour to half a day.
fn trace(levels: std::ops::RangeInclusive<i64>) -> BoxedStrategy<TracePlan> {
    let most = *levels.end();
    let round = (0..=most / 10).prop_map(|ten| ten * 10);
    let level = prop_oneof![6 => round.prop_map(Some), 3 => levels.prop_map(Some), 1 => Just(None)];
    let run_s = prop_oneof![2 => 1..1800_i64, 3 => 600..5400_i64];
    let runs = prop::collection::vec((run_s, level), 1..=12);
    let step_ms = prop_oneof![
        4 => select(vec![20_000_i64, 60_000, 60_000, 300_000, 1_800_000]),
        1 => 20_000..1_800_000_i64,
    ];
    let after_ms = prop_oneof![
        3 => Just(0),
        1 => (-60..60_i64).prop_map(|minutes| minutes * 60_000),
        1 => -4_000_000..4_000_000_i64,
    ];
    let late = (1..=4_usize, prop::collection::vec(0..100_i64, 4));
    let late = prop_oneof![2 => Just(None), 1 => late.prop_map(Some)];
    let gaps = select(vec![Gaps::Missing, Gaps::Hold, Gaps::Interpolate, Gaps::Zero]);
    let repeats = prop_oneof![3 => Just(false), 1 => Just(true)];
    (after_ms, step_ms, runs, late, gaps, repeats)
        .prop_map(|(after_ms, step_ms, runs, late, gaps, repeats)| {
            let runs = runs.into_iter().map(|(run_s, level)| {
                let times = (run_s * 1000 / step_ms).max(1);
                (usize::try_from(times).unwrap_or(1), level)
            });
            // Below one step, so that samples stay in order.
            let late_ms = late.map_or_else(Vec::new, |(length, hundredths)| {
                let late = hundredths.into_iter().take(length);
                late.map(|hundredth| step_ms * hundredth / 100).collect()
            });
            TracePlan { after_ms, step_ms, runs: runs.collect(), late_ms, gaps, repeats }
        })
        .boxed()
}
