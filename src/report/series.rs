//! A run as columns, a row per civil minute (DESIGN 5, `--series`).

use serde::Serialize;

use crate::env::load::Load;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;
use crate::report::minutes::{Minute, minutes, work_units};
use crate::report::result::{GroupRun, Run};
use crate::report::rounded;
use crate::report::tally::response_of;

/// Per-minute columns of one group, all of one length. Rates are means over the part of the minute
/// for which the load is known, and null where it is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Start of the minute, or of the part of it that the run covers.
    pub t: Vec<SimTime>,
    /// Offered load per second.
    pub offered: Vec<Option<f64>>,
    /// Served load per second.
    pub served: Vec<Option<f64>>,
    /// The most that could have been served per second.
    pub capacity: Vec<Option<f64>>,
    /// Lost load per second.
    pub lost: Vec<Option<f64>>,
    /// Work that waits at the end of the minute, in units of load times seconds.
    pub backlog: Vec<f64>,
    /// Mean number of instances in service.
    pub in_service: Vec<f64>,
    /// Mean CPU utilisation, per cent.
    pub cpu_usage: Vec<Option<Micro>>,
    /// Mean memory usage, per cent.
    pub mem_usage: Vec<Option<Micro>>,
    /// Mean bytes sent per second and instance.
    pub lan_outtraffic: Vec<Option<Micro>>,
    /// Mean bytes received per second and instance.
    pub lan_intraffic: Vec<Option<Micro>>,
    /// The recorded number of instances at the start of the minute.
    pub recorded: Vec<Option<Micro>>,
    /// Seconds that a unit of work takes, estimated (11.5); without it unless it is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_time_s: Vec<Option<f64>>,
}

/// The series of one group.
pub fn series(run: &Run<'_>, group: &GroupRun<'_>) -> Series {
    let mut series = Series::default();
    let asked = group.load.and_then(Load::demand).filter(|_| run.slo.response_time);
    for minute in minutes(&group.history, group.load, run.span) {
        series.push(&minute);
        series.recorded.push(group.recorded().and_then(|r| r.count.at(minute.start).value));
        let estimate = asked.map(|demand| response_of(&minute, demand.per_instance));
        series.response_time_s.extend(estimate.map(|seconds| seconds.map(rounded)));
    }
    series
}

impl Series {
    fn push(&mut self, minute: &Minute) {
        let per_second = |work| rate(work, minute.known);
        let usage = |dimension: Dimension| minute.usage.get(dimension.index()).copied().flatten();
        self.t.push(minute.start);
        self.offered.push(per_second(minute.flow.offered));
        self.served.push(per_second(minute.flow.served));
        self.capacity.push(per_second(minute.flow.capacity));
        self.lost.push(per_second(minute.flow.lost));
        self.backlog.push(rounded(work_units(minute.flow.backlog)));
        let length_ms = minute.length.ms().max(1) as f64;
        self.in_service.push(rounded(minute.service_ms as f64 / length_ms));
        self.cpu_usage.push(usage(Dimension::CpuUsage));
        self.mem_usage.push(usage(Dimension::MemUsage));
        self.lan_outtraffic.push(usage(Dimension::LanOuttraffic));
        self.lan_intraffic.push(usage(Dimension::LanIntraffic));
    }
}

/// Work over a span as load per second; `None` for no span.
fn rate(work: i128, span: SimDuration) -> Option<f64> {
    let seconds = span.ms() as f64 / 1000.0;
    span.is_positive().then(|| rounded(work_units(work) / seconds))
}
