//! One pass over the minutes of a run, and what it gathers for the summary.

use serde::Serialize;

use crate::env::load::Load;
use crate::kernel::{Micro, SimTime};
use crate::model::policy::Dimension;
use crate::report::history::History;
use crate::report::minutes::{Minute, minutes, work_units};
use crate::report::ranked::Ranked;
use crate::report::response::response_time_s;
use crate::report::{Slo, Span, minutes_of, rounded, slo};

/// CPU utilisation of the instances in service, per cent, over the minutes that have one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Utilisation {
    /// Mean of the minutes.
    pub mean: Option<f64>,
    /// Median minute (nearest rank).
    pub p50: Option<f64>,
    /// The minute that 95 % do not exceed (nearest rank).
    pub p95: Option<f64>,
    /// Highest minute.
    pub max: Option<f64>,
}

/// The share of capacity that the offered load left over, per cent, over the minutes that have
/// both; below 0 where more was offered than could be served.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Headroom {
    /// Lowest minute.
    pub min: Option<f64>,
    /// The minute that 5 % are not above (nearest rank).
    pub p5: Option<f64>,
}

/// Time in which more was asked for than the instances in service could serve: they were at their
/// fullest, and no alarm could tell by how much that was too little (11.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Saturation {
    /// How long in all.
    pub minutes: f64,
    /// Adjacent minutes in which it happened: start of the first, end of the last.
    pub stretches: Vec<(SimTime, SimTime)>,
}

/// How long a unit of work takes, estimated (11.5).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ResponseTime {
    /// Mean in seconds over all offered work.
    pub mean_s: Option<f64>,
    /// The minute that 95 % do not exceed, in seconds (nearest rank).
    pub p95_s: Option<f64>,
    /// Slowest minute, in seconds.
    pub max_s: Option<f64>,
}

/// What the minutes of a run come to.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Breaches of the promise, and lost load.
    pub promise: slo::Fold,
    /// CPU.
    pub utilisation: Utilisation,
    /// Capacity left over.
    pub headroom: Headroom,
    /// Time at the limit.
    pub saturated: Saturation,
    /// If it was asked for and there is a demand.
    pub response_time: Option<ResponseTime>,
    /// Minutes of which nothing was known.
    pub missing_minutes: f64,
}

impl Tally {
    /// Goes through a run.
    pub fn of(history: &History, load: Option<&Load>, span: Span, slo: &Slo) -> Self {
        let mut promise = slo::Fold::new(*slo);
        let (mut cpu, mut cpu_sum) = (Vec::new(), 0.0);
        let mut headroom = Vec::new();
        let (mut missing_ms, mut saturated_ms) = (0, 0);
        let mut stretches: Vec<(SimTime, SimTime)> = Vec::new();
        let asked = load.and_then(Load::demand).filter(|_| slo.response_time);
        let mut response = Response::default();
        for minute in minutes(history, load, span) {
            promise.add(&minute);
            let usage = minute.usage.get(Dimension::CpuUsage.index()).copied().flatten();
            if let Some(usage) = usage.map(Micro::to_f64) {
                cpu_sum += usage;
                cpu.push(usage);
            }
            headroom.extend(headroom_of(&minute));
            missing_ms += missing_of(&minute, load, usage);
            saturated_ms += minute.saturated.ms();
            if minute.saturated.is_positive() {
                extend(&mut stretches, (minute.start, minute.start + minute.length));
            }
            if let Some(demand) = asked {
                response.add(&minute, demand.per_instance);
            }
        }
        let mean = (!cpu.is_empty()).then(|| rounded(cpu_sum / cpu.len() as f64));
        let (cpu, headroom) = (Ranked::of(cpu), Ranked::of(headroom));
        let [p50, p95] = [50, 95].map(|p| cpu.percentile(p));
        Self {
            promise,
            utilisation: Utilisation { mean, p50, p95, max: cpu.max() },
            headroom: Headroom { min: headroom.percentile(0), p5: headroom.percentile(5) },
            saturated: Saturation { minutes: minutes_of(saturated_ms), stretches },
            response_time: asked.map(|_| response.finish()),
            missing_minutes: minutes_of(missing_ms),
        }
    }
}

/// Adds a minute to the stretch that it continues, or begins one.
fn extend(stretches: &mut Vec<(SimTime, SimTime)>, (start, end): (SimTime, SimTime)) {
    match stretches.last_mut() {
        Some((_, last)) if *last == start => *last = end,
        _ => stretches.push((start, end)),
    }
}

fn headroom_of(minute: &Minute) -> Option<f64> {
    let (offered, capacity) = (minute.flow.offered as f64, minute.flow.capacity as f64);
    (capacity > 0.0).then(|| 100.0 * (capacity - offered) / capacity)
}

/// How much of a minute nothing was known of: without demand for a closed loop, without a CPU
/// sample for fixed metrics.
fn missing_of(minute: &Minute, load: Option<&Load>, usage: Option<Micro>) -> i64 {
    match load {
        Some(load) if load.demand().is_some() => minute.length.ms() - minute.known.ms(),
        Some(load) if load.has(Dimension::CpuUsage) && minute.service_ms > 0 && usage.is_none() => {
            minute.length.ms()
        }
        _ => 0,
    }
}

/// The estimate for a minute in seconds, at its mean load and its mean number of instances to the
/// nearest whole one; `None` where nothing is offered or nobody serves.
pub fn response_of(minute: &Minute, per_instance: Micro) -> Option<f64> {
    let known_s = minute.known.ms() as f64 / 1000.0;
    if known_s <= 0.0 || minute.service_ms <= 0 {
        return None;
    }
    let offered = work_units(minute.flow.offered) / known_s;
    let mean = libm::round(minute.service_ms as f64 / minute.length.ms() as f64).max(1.0);
    let backlog = work_units(minute.flow.backlog);
    response_time_s(offered, per_instance.to_f64(), mean as u32, backlog)
}

#[derive(Default)]
struct Response {
    minutes: Vec<f64>,
    /// Seconds times work, and work.
    weighted: (f64, f64),
}

impl Response {
    fn add(&mut self, minute: &Minute, per_instance: Micro) {
        let Some(seconds) = response_of(minute, per_instance) else { return };
        let work = work_units(minute.flow.offered);
        self.minutes.push(seconds);
        self.weighted = (self.weighted.0 + seconds * work, self.weighted.1 + work);
    }

    fn finish(self) -> ResponseTime {
        let (sum, work) = self.weighted;
        let ranked = Ranked::of(self.minutes);
        ResponseTime {
            mean_s: (work > 0.0).then(|| rounded(sum / work)),
            p95_s: ranked.percentile(95),
            max_s: ranked.max(),
        }
    }
}
