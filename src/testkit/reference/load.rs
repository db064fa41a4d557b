//! What instances feel, minute by minute, from the history of who served when (SEMANTICS 1.2,
//! 11).

use super::alarms::half_away;
use super::instances::Joined;
use crate::env::load::{Demand, Load, Overload, Recorded};
use crate::env::trace::Step;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;

const MINUTE_MS: i64 = 60_000;
const HUNDRED: i128 = 100_000_000;
const MILLION: i128 = 1_000_000;

/// The samples of every minute that is over.
pub(super) struct Ledger<'a> {
    load: Option<&'a Load>,
    start: SimTime,
    /// Everything before is written up.
    at: SimTime,
    /// Work that waits at `at`, in millionths of load times milliseconds.
    backlog: i128,
    minutes: Vec<Minute>,
}

struct Minute {
    begin: SimTime,
    /// The sample of each metric, by place in [`Dimension::ALL`].
    usage: [Option<Micro>; 4],
    /// How many instances served all through it.
    instances: usize,
}

/// What each instance feels over one stretch.
struct Felt {
    usage: [Option<Micro>; 4],
    backlog: i128,
}

impl<'a> Ledger<'a> {
    pub fn new(load: Option<&'a Load>, start: SimTime) -> Self {
        Self { load, start, at: start, backlog: 0, minutes: Vec::new() }
    }

    /// The samples of a metric in the period from `begin` to `end`, one per instance and minute.
    pub fn samples(&self, dimension: Dimension, begin: SimTime, end: SimTime) -> Vec<Micro> {
        let place = Dimension::ALL.iter().position(|d| *d == dimension).unwrap_or(0);
        let mut samples = Vec::new();
        for minute in self.minutes.iter().filter(|m| begin <= m.begin && m.begin < end) {
            if let Some(Some(sample)) = minute.usage.get(place) {
                samples.extend(std::iter::repeat_n(*sample, minute.instances));
            }
        }
        samples
    }

    /// Writes up every minute that ends at `to` or before. Such minutes are past: nothing that
    /// is done at `to` or later changes them.
    pub fn write_up(&mut self, joined: &[Joined], to: SimTime) {
        loop {
            let begin_ms = self.at.unix_ms().div_euclid(MINUTE_MS) * MINUTE_MS;
            let (begin, end) =
                (SimTime::from_unix_ms(begin_ms), SimTime::from_unix_ms(begin_ms + MINUTE_MS));
            if end > to {
                return;
            }
            let served: Vec<_> = joined.iter().filter_map(|i| i.served).collect();
            self.write_minute(begin, end, &served);
        }
    }

    fn write_minute(
        &mut self,
        begin: SimTime,
        end: SimTime,
        served: &[(SimTime, Option<SimTime>)],
    ) {
        let mut sums: [Option<i128>; 4] = [Some(0); 4];
        let mut at = begin.max(self.start);
        while at < end {
            let serving = |t: SimTime| {
                served.iter().filter(|(from, to)| *from <= t && to.is_none_or(|to| t < to)).count()
            };
            let count = serving(at);
            let changes = served.iter().flat_map(|(from, to)| [Some(*from), *to]).flatten();
            let next = changes
                .chain([self.next_step(at, count), end])
                .filter(|t| *t > at)
                .min()
                .unwrap_or(end);
            let felt = self.feel(at, next - at, count);
            for (sum, usage) in sums.iter_mut().zip(felt.usage) {
                *sum = sum.zip(usage).map(|(sum, usage)| {
                    sum + i128::from(usage.millionths()) * i128::from((next - at).ms())
                });
            }
            self.backlog = felt.backlog;
            at = next;
        }
        let whole = |(from, to): &&(SimTime, Option<SimTime>)| {
            *from <= begin && to.is_none_or(|to| to >= end)
        };
        let usage = sums.map(|sum| {
            sum.map(|sum| Micro::from_millionths(half_away(sum, i128::from(MINUTE_MS))))
        });
        let instances = served.iter().filter(whole).count();
        self.minutes.push(Minute { begin, usage, instances });
        self.at = end;
    }

    /// The first instant after `at` at which a trace begins a new step.
    fn next_step(&self, at: SimTime, count: usize) -> SimTime {
        match self.load {
            None => SimTime::MAX,
            Some(Load::Demand(demand)) => demand.offered.at(at).until,
            Some(Load::Recorded(recorded)) => offered(recorded, at).until,
            Some(Load::Fixed(fixed)) => {
                let traces = fixed.usage.iter().flatten();
                traces.map(|trace| trace.at(at).until).min().unwrap_or(SimTime::MAX)
            }
            Some(Load::Custom(model)) => {
                let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
                let metrics = Dimension::ALL.into_iter().filter(|d| model.has(*d));
                let steps = metrics.map(|d| model.usage(d, at, count).until);
                steps.min().unwrap_or(SimTime::MAX)
            }
        }
    }

    /// What `count` instances feel over a stretch from `at` on.
    fn feel(&self, at: SimTime, length: SimDuration, count: usize) -> Felt {
        let mut felt = Felt { usage: [None; 4], backlog: self.backlog };
        match self.load {
            None => {}
            Some(Load::Demand(demand)) => {
                let offered = demand.offered.at(at).value;
                return flow(demand, offered, length, count, self.backlog);
            }
            Some(Load::Recorded(recorded)) => {
                let offered = offered(recorded, at).value;
                return flow(&recorded.demand, offered, length, count, self.backlog);
            }
            Some(Load::Fixed(fixed)) => {
                felt.usage = fixed
                    .usage
                    .each_ref()
                    .map(|trace| trace.as_ref().and_then(|trace| trace.at(at).value));
            }
            Some(Load::Custom(model)) if count > 0 => {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                felt.usage = Dimension::ALL
                    .map(|d| if model.has(d) { model.usage(d, at, count).value } else { None });
            }
            Some(Load::Custom(_)) => {}
        }
        felt
    }
}

/// The offered load behind a recording: utilisation/100 times count, rounded (11.2).
fn offered(recorded: &Recorded, at: SimTime) -> Step {
    let (usage, count) = (recorded.usage.at(at), recorded.count.at(at));
    let value = usage.value.zip(count.value).map(|(usage, count)| {
        let product = i128::from(usage.millionths()) * i128::from(count.millionths());
        Micro::from_millionths(half_away(product, HUNDRED))
    });
    Step { value, until: usage.until.min(count.until) }
}

/// The fluid model over one stretch (11.1, 11.4).
fn flow(
    demand: &Demand,
    offered: Option<Micro>,
    length: SimDuration,
    count: usize,
    backlog: i128,
) -> Felt {
    let mut felt = Felt { usage: [None; 4], backlog };
    // Without a value nothing is offered or served. We read this as: nor lost, so the backlog
    // stands still even if its bound falls with the capacity.
    let Some(offered) = offered else { return felt };
    let ms = i128::from(length.ms());
    let rate = i128::from(demand.per_instance.millionths()) * count as i128;
    let wanted = backlog + i128::from(offered.millionths()) * ms;
    let served = wanted.min(rate * ms);
    felt.backlog = wanted - served;
    match demand.overload {
        Overload::Drop => felt.backlog = 0,
        Overload::Queue { max_backlog, timeout } => {
            if let Some(most) = max_backlog {
                // Load times seconds, in thousands of milliseconds.
                felt.backlog = felt.backlog.min(i128::from(most.millionths()) * 1000);
            }
            if let Some(most) = timeout {
                felt.backlog = felt.backlog.min(rate * i128::from(most.ms()));
            }
        }
    }
    if count == 0 {
        return felt;
    }
    // Per second and instance: served / (ms * count). Each figure is rounded once.
    let share = ms * count as i128;
    let base = i128::from(demand.base.millionths());
    let cpu = base + i128::from(half_away((HUNDRED - base) * served, rate * ms));
    let per_load = |bytes: Option<Micro>| {
        bytes.map(|b| half_away(i128::from(b.millionths()) * served, share * MILLION).into())
    };
    let memory = demand.memory.map(|memory| {
        let part: i128 =
            half_away(i128::from(memory.per_load.millionths()) * served, share * MILLION).into();
        (i128::from(memory.base.millionths()) + part).min(HUNDRED)
    });
    for (place, dimension) in felt.usage.iter_mut().zip(Dimension::ALL) {
        let value = match dimension {
            Dimension::CpuUsage => Some(cpu.min(HUNDRED)),
            Dimension::MemUsage => memory,
            Dimension::LanOuttraffic => per_load(demand.bytes_out_per_load),
            Dimension::LanIntraffic => per_load(demand.bytes_in_per_load),
        };
        *place = value.map(|v| Micro::from_millionths(i64::try_from(v).unwrap_or(i64::MAX)));
    }
    felt
}
