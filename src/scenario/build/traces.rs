//! The traces of a scenario: from files, or written out (SEMANTICS 11.4).

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::env::csv::{Options, read};
use crate::env::load::Recorded;
use crate::env::series::{SAMPLES_MAX, parse_compact};
use crate::env::synth::{Spike, Synth};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};
use crate::scenario::build::{fault, key, start_of};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{ScenarioFile, SynthTable, TraceTable};
use crate::scenario::value::Series;

/// Gives the bytes of a trace file, named as the scenario names it, or says why not.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// The traces of a scenario by name.
#[derive(Debug)]
pub struct Traces<'a> {
    /// In the order of their names.
    named: Vec<Named<'a>>,
    /// What they have cost so far.
    spent: Cell<Spent>,
    /// Recorded loads by their two traces: many groups may share one.
    recorded: RefCell<Vec<Recorded>>,
}

/// The most steps of all traces together, those that recorded loads amount to included: 80 MB, and
/// half as much again while they are made.
pub const STEPS_MAX: u64 = 10_000_000;
/// The most evaluations of spikes, one for each sample and spike: about a second.
pub const SPIKE_WORK_MAX: u64 = 500_000_000;

/// What traces have cost.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    steps: u64,
    spikes: u64,
}

#[derive(Debug)]
struct Named<'a> {
    name: &'a str,
    table: &'a TraceTable,
    /// None for a synthetic one until the run's span is known.
    trace: Option<Arc<Trace>>,
    warnings: Vec<String>,
}

/// A step of a series without one.
const INTERVAL_DEFAULT: SimDuration = SimDuration::MINUTE;

fn interval_of(table: &TraceTable) -> SimDuration {
    table.interval.map_or(INTERVAL_DEFAULT, |span| span.0)
}

/// The years 1 to 9999: far from the ends of time, where sums would saturate and a trace would
/// never go on.
fn in_known_years(trace: &Trace) -> Result<(), Fault> {
    let years = SimTime::from_unix_s(-62_135_596_800)..=SimTime::from_unix_s(253_402_300_799);
    match trace.span() {
        Some((from, to)) if !years.contains(&from) || !years.contains(&to) => {
            Err(Fault::at([], "the trace goes beyond the years 1 to 9999"))
        }
        _ => Ok(()),
    }
}

impl<'a> Traces<'a> {
    /// Reads every trace that has values of its own.
    ///
    /// # Errors
    /// The first [`Fault`] by name: a file that cannot be read, keys that do not go together.
    pub fn read(
        file: &'a ScenarioFile,
        offset: UtcOffset,
        read_file: ReadFile<'_>,
    ) -> Result<Self, Fault> {
        let start = start_of(file, offset)?;
        let mut named = Vec::new();
        for (name, table) in &file.trace {
            let under = |f: Fault| f.under(key(name)).under(key("trace"));
            let (trace, warnings) = source(table, start, offset, read_file).map_err(under)?;
            trace.as_ref().map_or(Ok(()), in_known_years).map_err(under)?;
            named.push(Named { name, table, trace: trace.map(Arc::new), warnings });
        }
        let traces = Self { named, spent: Cell::default(), recorded: RefCell::default() };
        for named in &traces.named {
            let steps = named.trace.as_ref().map_or(0, |trace| trace.len());
            traces.spend(steps).map_err(|f| f.under(key(named.name)).under(key("trace")))?;
        }
        Ok(traces)
    }

    /// Takes so many steps off what all traces together may have.
    fn spend(&self, steps: u64) -> Result<(), Fault> {
        let Spent { steps: before, spikes } = self.spent.get();
        let steps = before.saturating_add(steps);
        self.spent.set(Spent { steps, spikes });
        match steps > STEPS_MAX {
            true => Err(Fault::at(
                [],
                format!("all traces together have {steps} steps or more, allowed {STEPS_MAX}"),
            )),
            false => Ok(()),
        }
    }

    /// Takes the spikes of so many samples off what may be evaluated.
    fn spend_spikes(&self, samples: u64, spikes: usize) -> Result<(), Fault> {
        let Spent { steps, spikes: before } = self.spent.get();
        let spikes = u64::try_from(spikes).unwrap_or(u64::MAX);
        let spikes = before.saturating_add(samples.saturating_mul(spikes));
        self.spent.set(Spent { steps, spikes });
        match spikes > SPIKE_WORK_MAX {
            true => Err(fault(
                "synth.spikes",
                format!(
                    "spikes times samples, all traces together, are {spikes} or more, allowed {SPIKE_WORK_MAX}"
                ),
            )),
            false => Ok(()),
        }
    }

    /// The load that recorded usage and count amount to.
    ///
    /// # Errors
    /// A [`Fault`] if all traces together have too many steps then.
    pub fn recorded(&self, usage: Arc<Trace>, count: Arc<Trace>) -> Result<Recorded, Fault> {
        let mut known = self.recorded.borrow_mut();
        let same = |r: &&Recorded| Arc::ptr_eq(&r.usage, &usage) && r.count == count;
        if let Some(found) = known.iter().find(same) {
            return Ok(found.clone());
        }
        self.spend(usage.len().saturating_add(count.len()))?;
        let made = Recorded::new(usage, count);
        known.push(made.clone());
        Ok(made)
    }

    /// From the earliest to the latest instant with a value; `None` without any.
    pub fn span(&self) -> Option<(SimTime, SimTime)> {
        let spans = || self.named.iter().filter_map(|n| n.trace.as_ref()?.span());
        spans().map(|(from, _)| from).min().zip(spans().map(|(_, to)| to).max())
    }

    /// What the synthetic ones cost is known before they are made, and held against the limits,
    /// that on the work of the run among them.
    ///
    /// # Errors
    /// A [`Fault`] if it is too much.
    pub fn check_synthetic(&self, span: SimDuration, work: u32) -> Result<(), Fault> {
        let mut all = 0_u64;
        for Named { name, table, .. } in &self.named {
            let Some(synth) = &table.synth else { continue };
            let samples = u64::try_from(span.ms() / interval_of(table).ms().max(1));
            let samples = samples.unwrap_or(0).saturating_add(1);
            all = all.saturating_add(samples);
            self.spend(samples)
                .and_then(|()| self.spend_spikes(samples, synth.spikes.len()))
                .map_err(|f| f.under(key(name)).under(key("trace")))?;
        }
        if all <= u64::from(work) {
            return Ok(());
        }
        let message = format!(
            "the synthetic traces have {all} samples, each a step of work, allowed {work}: \
             shorten the run, take longer intervals or raise the limit"
        );
        Err(fault("limits.work", message))
    }

    /// Makes the synthetic ones, and checks that each trace has something to say of the run.
    ///
    /// # Errors
    /// A [`Fault`] for a trace that covers none of the run.
    pub fn cover(
        &mut self,
        start: SimTime,
        end: SimTime,
        seed: u64,
        offset: UtcOffset,
    ) -> Result<(), Fault> {
        for named in &mut self.named {
            let under = |f: Fault| f.under(key(named.name)).under(key("trace"));
            if let Some(synth) = &named.table.synth {
                let interval = interval_of(named.table);
                let trace = synthetic(synth, interval, (seed, named.name), (start, end), offset);
                named.trace = Some(Arc::new(trace.map_err(under)?));
            }
            let known = named.trace.as_ref().filter(|trace| trace.range().is_some());
            let Some((from, to)) = known.and_then(|trace| trace.span()) else {
                return Err(under(Fault::at([], "the trace has no values")));
            };
            let civil = |t: SimTime| t.format_civil(offset);
            let repeats = named.trace.as_ref().is_some_and(|trace| trace.repeats());
            let to = if repeats { SimTime::MAX } else { to };
            if from >= end || to <= start {
                let (run, end) = (civil(start), civil(end));
                let message = format!(
                    "the trace, {} to {}, covers none of the run, {run} to {end}",
                    civil(from),
                    civil(to)
                );
                return Err(under(Fault::at([], message)));
            }
            if from > start {
                named.warnings.push(format!("it begins at {}, after the run does", civil(from)));
            }
            if to < end {
                named.warnings.push(format!("it ends at {}, before the run does", civil(to)));
            }
        }
        Ok(())
    }

    /// The trace of that name, asked for by `asking`.
    ///
    /// # Errors
    /// A [`Fault`] of the key that asks, with the nearest name there is.
    pub fn get(&self, asking: &str, name: &str) -> Result<Arc<Trace>, Fault> {
        let place = self.named.binary_search_by_key(&name, |named| named.name).ok();
        let found = place.and_then(|place| self.named.get(place));
        if let Some(trace) = found.and_then(|named| named.trace.as_ref()) {
            return Ok(Arc::clone(trace));
        }
        let known: Vec<&str> = self.named.iter().map(|named| named.name).collect();
        let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
        Err(fault(asking, format!("no [trace.{name}] is given{}", guess.unwrap_or_default())))
    }

    /// What was odd about each trace.
    pub fn warnings(&self) -> Vec<String> {
        let lines = self.named.iter().flat_map(|named| {
            named.warnings.iter().map(move |warning| format!("trace {}: {warning}", named.name))
        });
        lines.collect()
    }
}

/// The trace a table describes, `None` for a synthetic one, and what was odd about it.
fn source(
    table: &TraceTable,
    start: Option<SimTime>,
    offset: UtcOffset,
    read_file: ReadFile<'_>,
) -> Result<(Option<Trace>, Vec<String>), Fault> {
    let kinds = [table.file.is_some(), table.series.is_some(), table.synth.is_some()];
    if kinds.iter().filter(|given| **given).count() != 1 {
        return Err(Fault::at([], "give exactly one of `file`, `series`, `synth`"));
    }
    if table.interval.is_some_and(|span| !span.0.is_positive()) {
        return Err(fault("interval", "found 0s, allowed more"));
    }
    let zone = match &table.utc_offset {
        Some(text) => UtcOffset::parse(text).map_err(|e| fault("utc_offset", e.to_string()))?,
        None => offset,
    };
    let start = match &table.start {
        Some(text) => {
            let start = SimTime::parse_civil(text, zone);
            Some(start.map_err(|e| fault("start", e.to_string()))?)
        }
        None => start,
    };
    if table.file.is_none() {
        refuse_keys_of_file(table)?;
    }
    match (&table.file, &table.series) {
        (Some(name), _) => from_file(name, table, start, zone, read_file),
        (None, Some(series)) => written_out(series, table, start).map(|t| (Some(t), Vec::new())),
        (None, None) => Ok((None, Vec::new())),
    }
}

fn refuse_keys_of_file(table: &TraceTable) -> Result<(), Fault> {
    let given = [
        ("format", table.format.is_some()),
        ("value", table.value.is_some()),
        ("time", table.time.is_some()),
        ("scale", table.scale.is_some()),
        ("per", table.per.is_some()),
        ("shift", table.shift.is_some()),
        ("stamp", table.stamp.is_some()),
        ("gaps", table.gaps.is_some()),
        ("duplicates", table.duplicates.is_some()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
        return Err(fault(name, "this key goes with `file` only"));
    }
    let given = [("repeat", table.repeat), ("start", table.start.is_some())];
    match given.iter().find(|(_, given)| *given && table.synth.is_some()) {
        Some((name, _)) => Err(fault(name, "this key goes with `file` or `series` only")),
        None => Ok(()),
    }
}

fn from_file(
    name: &str,
    table: &TraceTable,
    start: Option<SimTime>,
    zone: UtcOffset,
    read_file: ReadFile<'_>,
) -> Result<(Option<Trace>, Vec<String>), Fault> {
    if let Some(format) = table.format.as_deref().filter(|format| *format != "csv") {
        let message = format!("format `{format}` is not supported by this version: `csv` is");
        return Err(fault("format", message));
    }
    if table.scale.is_some_and(|scale| scale <= Micro::ZERO) {
        return Err(fault("scale", "found 0 or less, allowed more"));
    }
    if table.per.is_some_and(|span| !span.0.is_positive()) {
        return Err(fault("per", "found 0s, allowed more"));
    }
    let bytes = read_file(name).map_err(|message| fault("file", message))?;
    let options = Options {
        value: table.value.clone(),
        time: table.time.clone(),
        interval: table.interval.map(|span| span.0),
        start,
        start_is_default: table.start.is_none(),
        utc_offset: zone,
        offset_is_default: table.utc_offset.is_none(),
        stamp: table.stamp.unwrap_or_default(),
        gaps: table.gaps.unwrap_or_default(),
        duplicates: table.duplicates.unwrap_or_default(),
        scale: table.scale.unwrap_or(Micro::ONE),
        per: table.per.map(|span| span.0),
        shift: table.shift.map_or(SimDuration::ZERO, |shift| shift.0),
        repeat: table.repeat,
        ..Options::default()
    };
    let loaded = read(&bytes, &options).map_err(|e| fault("file", format!("{name}: {e}")))?;
    Ok((Some(loaded.trace), loaded.warnings))
}

fn written_out(
    series: &Series,
    table: &TraceTable,
    start: Option<SimTime>,
) -> Result<Trace, Fault> {
    let start = start
        .ok_or_else(|| fault("start", "key `start` is missing, here or for the whole scenario"))?;
    let values = match series {
        Series::Compact(text) => parse_compact(text).map_err(|e| fault("series", e.to_string()))?,
        Series::Values(values) => values.clone(),
    };
    let interval = interval_of(table);
    let trace = Trace::from_grid(start, interval, &values);
    Ok(if table.repeat { trace.repeating() } else { trace })
}

fn synthetic(
    table: &SynthTable,
    interval: SimDuration,
    (seed, name): (u64, &str),
    (start, end): (SimTime, SimTime),
    offset: UtcOffset,
) -> Result<Trace, Fault> {
    let mut spikes = Vec::new();
    for spike in &table.spikes {
        let at = spike.at.resolve(start, offset);
        let at = at.ok_or_else(|| fault("synth.spikes", "there is no such time"))?;
        let (ramp, hold) = (spike.ramp.0, spike.hold.0);
        spikes.push(Spike { at, peak: spike.peak, ramp, hold });
    }
    let SynthTable { base, daily, weekly, noise, .. } = *table;
    let synth = Synth { base, daily, weekly, noise, spikes };
    let count = (end - start).ms() / interval.ms().max(1);
    if count >= i64::try_from(SAMPLES_MAX).unwrap_or(i64::MAX) {
        let message =
            format!("{count} samples are more than {SAMPLES_MAX}: take a longer interval");
        return Err(fault("interval", message));
    }
    let samples = synth.samples(seed, name, start, end, interval, offset);
    Ok(Trace::from_grid(start, interval, &samples))
}
