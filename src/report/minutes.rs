//! A run minute by minute: what was offered, served and lost, and what instances felt (11, 12.2).

use crate::env::load::{Flow, Load};
use crate::kernel::fixed::saturate;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::policy::Dimension;
use crate::report::Span;
use crate::report::history::History;

/// One civil minute of a run, or the part of it that the run covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// The first instant covered.
    pub start: SimTime,
    /// How much of it the run covers.
    pub length: SimDuration,
    /// For how long of that the offered load was known.
    pub known: SimDuration,
    /// The work of its known time, with the backlog at its end.
    pub flow: Flow,
    /// For how long of that more was asked for than instances could serve (11.1).
    pub saturated: SimDuration,
    /// Mean of each metric over the time for which it was known, by [`Dimension::index`].
    pub usage: [Option<Micro>; 4],
    /// Instances in service times milliseconds.
    pub service_ms: i64,
}

/// The stretches of a run: the same ones the engine's meter works on, from the log alone.
pub struct Stretches<'a> {
    load: Option<&'a Load>,
    service: &'a [(SimTime, u32)],
    at: SimTime,
    end: SimTime,
    in_service: u32,
    backlog: i128,
}

/// A span of constant load and constant service within one civil minute.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Its first instant.
    pub start: SimTime,
    /// How long it is.
    pub length: SimDuration,
    /// Instances in service.
    pub in_service: u32,
    /// Offered load per second; `None` where it is not known, or there is no such thing.
    pub offered: Option<Micro>,
    /// Its work; all 0 where the load is not known, but for the backlog.
    pub flow: Flow,
    /// What each instance felt.
    pub usage: [Option<Micro>; 4],
}

impl Stretch {
    /// Whether more was asked for than the instances in service could serve: they were at their
    /// fullest, and alarms could not tell by how much that was too little (11.1).
    pub const fn is_saturated(&self) -> bool {
        self.in_service > 0 && self.offered.is_some() && self.flow.lost + self.flow.backlog > 0
    }
}

impl<'a> Stretches<'a> {
    /// The stretches of `span`.
    pub fn new(history: &'a History, load: Option<&'a Load>, span: Span) -> Self {
        let Span { start, end } = span;
        Self { load, service: &history.service, at: start, end, in_service: 0, backlog: 0 }
    }
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let at = self.at;
        if at >= self.end {
            return None;
        }
        while let [(from, in_service), rest @ ..] = self.service
            && *from <= at
        {
            (self.in_service, self.service) = (*in_service, rest);
        }
        let wanted = Dimension::ALL.map(|d| self.load.is_some_and(|load| load.has(d)));
        let next_change = self.service.first().map_or(SimTime::MAX, |(from, _)| *from);
        let next_step =
            self.load.map_or(SimTime::MAX, |l| l.next_step(wanted, at, self.in_service));
        let minute_end = at.minute() + SimDuration::MINUTE;
        let to = self.end.min(minute_end).min(next_change).min(next_step);
        let length = to - at;
        let backlog = self.backlog;
        let offered = self.load.and_then(|load| load.demand()).and_then(|d| d.offered.at(at).value);
        let flow = match (self.load.and_then(Load::demand), offered) {
            (Some(demand), Some(offered)) => demand.flow(offered, self.in_service, length, backlog),
            _ => Flow { backlog, ..Flow::default() },
        };
        let usage = match self.load {
            Some(load) => load.stretch(wanted, (at, to), self.in_service, backlog).0,
            None => [None; 4],
        };
        self.backlog = flow.backlog;
        self.at = to;
        Some(Stretch { start: at, length, in_service: self.in_service, offered, flow, usage })
    }
}

/// The minutes of a run.
pub fn minutes<'a>(
    history: &'a History,
    load: Option<&'a Load>,
    span: Span,
) -> impl Iterator<Item = Minute> + 'a {
    let mut stretches = Stretches::new(history, load, span).peekable();
    std::iter::from_fn(move || {
        let first = stretches.next()?;
        let minute = first.start.minute();
        let mut sum = Sum::new(&first);
        while let Some(next) = stretches.next_if(|s| s.start.minute() == minute) {
            sum.add(&next);
        }
        Some(sum.minute())
    })
}

/// A minute in the making.
struct Sum {
    minute: Minute,
    usage: [(i128, i64); 4],
}

impl Sum {
    fn new(first: &Stretch) -> Self {
        let minute = Minute {
            start: first.start,
            length: SimDuration::ZERO,
            known: SimDuration::ZERO,
            saturated: SimDuration::ZERO,
            flow: Flow::default(),
            usage: [None; 4],
            service_ms: 0,
        };
        let mut sum = Self { minute, usage: [(0, 0); 4] };
        sum.add(first);
        sum
    }

    fn add(&mut self, stretch: &Stretch) {
        let ms = stretch.length.ms();
        self.minute.length = self.minute.length + stretch.length;
        self.minute.service_ms += i64::from(stretch.in_service) * ms;
        if stretch.offered.is_some() {
            self.minute.known = self.minute.known + stretch.length;
        }
        if stretch.is_saturated() {
            self.minute.saturated = self.minute.saturated + stretch.length;
        }
        let flow = &mut self.minute.flow;
        flow.offered += stretch.flow.offered;
        flow.capacity += stretch.flow.capacity;
        flow.served += stretch.flow.served;
        flow.lost += stretch.flow.lost;
        flow.backlog = stretch.flow.backlog;
        for ((sum, known), usage) in self.usage.iter_mut().zip(stretch.usage) {
            if let Some(usage) = usage {
                *sum += i128::from(usage.millionths()) * i128::from(ms);
                *known += ms;
            }
        }
    }

    fn minute(self) -> Minute {
        let usage = self.usage.map(|(sum, known)| Micro::ratio(sum, i128::from(known)));
        Minute { usage, ..self.minute }
    }
}

/// Work as units of load times seconds, for people.
pub fn work_units(work: i128) -> f64 {
    saturate(work / 1000) as f64 / 1e6
}
