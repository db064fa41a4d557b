//! Rows in file order become samples in order of time, and what was odd becomes warnings.

use super::clock::Kind;
use super::columns::Chosen;
use super::error::{CsvError, Place};
use super::scan::{Row, Scanned};
use super::table::Table;
use super::{Duplicates, Loaded, Options, ROWS_MAX, Stamp, Stats};
use crate::env::trace::{Gaps, Sample, Trace};
use crate::kernel::fixed::div_round;
use crate::kernel::{Micro, SimDuration, SimTime};

/// How many rows had a time that was there before.
#[derive(Clone, Copy, Debug, Default)]
struct Repeats {
    same: u64,
    other: u64,
}

/// Sorts, drops what is repeated, finds the interval and builds the trace.
pub(super) fn arrange(
    table: &Table<'_>,
    chosen: Chosen,
    mut scanned: Scanned,
    options: &Options,
) -> Result<Loaded, CsvError> {
    let name = |place: usize| table.columns.get(place).cloned().unwrap_or_default();
    let rows = (scanned.rows.len() + scanned.empty.len()) as u64;
    if rows == 0 {
        return Err(CsvError::Empty);
    }
    if scanned.rows.is_empty() {
        return Err(CsvError::NoValues { column: name(chosen.value), rows });
    }
    // Stable, so that rows of one time stay in file order.
    scanned.rows.sort_by_key(|row| row.at);
    scanned.empty.sort_unstable();
    let times = times(&scanned);
    let place = || Place {
        line: table.line(scanned.rows.first().map_or(0, |row| row.byte)),
        column: name(chosen.time.unwrap_or(chosen.value)),
    };
    let interval = options.interval.or_else(|| median_step(&times));
    let interval = interval.ok_or_else(|| CsvError::NoInterval { at: place() })?;
    let (samples, repeats) = samples(table, chosen, &scanned.rows, options.duplicates)?;

    let (first, last) = (
        times.first().copied().unwrap_or(SimTime::MIN),
        times.last().copied().unwrap_or(SimTime::MIN),
    );
    let slots = intervals(first, last, interval) + 1;
    if options.gaps == Gaps::Interpolate && slots > ROWS_MAX {
        return Err(CsvError::TooManySlots { column: place().column, slots });
    }
    let holes = holes(&samples, first, last, interval);
    let off_grid = |at: &SimTime| (*at - first).ms() % interval.ms() != 0;
    let all = scanned.rows.iter().map(|row| &row.at).chain(&scanned.empty);
    let stats = Stats {
        rows,
        values: scanned.rows.len() as u64,
        distinct_times: chosen.time.map(|_| times.len() as u64),
        slots,
        missing_slots: holes.slots,
        off_grid: all.filter(|at| off_grid(at)).count() as u64,
        min: scanned.min,
        mean: scanned.sum as f64 / scanned.rows.len() as f64 / 1e6,
        max: scanned.max,
    };
    let stamp = if options.stamp == Stamp::End { interval } else { SimDuration::ZERO };
    let moved = |at: SimTime| at + options.shift - stamp;
    let warnings = warnings(&scanned, &stats, repeats, holes.count, (first, interval), options);
    let samples: Vec<Sample> =
        samples.iter().map(|s| Sample { at: moved(s.at), value: s.value }).collect();
    let trace = Trace::from_samples(&samples, interval, options.gaps)
        .covering(moved(first), moved(last) + interval);
    Ok(Loaded {
        trace: if options.repeat { trace.repeating() } else { trace },
        stats,
        interval,
        first: moved(first),
        last: moved(last),
        value_column: name(chosen.value),
        time_column: chosen.time.map(name),
        time_kind: scanned.clock.kind.map_or("start and interval", Kind::name),
        warnings,
    })
}

/// All different times in order.
fn times(scanned: &Scanned) -> Vec<SimTime> {
    let mut times: Vec<_> = scanned.rows.iter().map(|row| row.at).collect();
    if !scanned.empty.is_empty() {
        times.extend(&scanned.empty);
        times.sort_unstable();
    }
    times.dedup();
    times
}

/// The median step between times; the lower of two.
fn median_step(times: &[SimTime]) -> Option<SimDuration> {
    let pairs = times.iter().zip(times.iter().skip(1));
    let mut steps: Vec<SimDuration> = pairs.map(|(a, b)| *b - *a).collect();
    let middle = steps.len().checked_sub(1)? / 2;
    let (_, median, _) = steps.select_nth_unstable_by_key(middle, |step| step.ms());
    Some(*median)
}

/// Whole intervals between two times, to the nearest.
fn intervals(from: SimTime, to: SimTime, interval: SimDuration) -> u64 {
    let number = div_round(i128::from((to - from).ms()), i128::from(interval.ms()));
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

/// One sample a time.
fn samples(
    table: &Table<'_>,
    chosen: Chosen,
    rows: &[Row],
    duplicates: Duplicates,
) -> Result<(Vec<Sample>, Repeats), CsvError> {
    let mut repeats = Repeats::default();
    let mut samples = Vec::with_capacity(rows.len());
    for group in rows.chunk_by(|a, b| a.at == b.at) {
        let [first, rest @ ..] = group else {
            continue;
        };
        let (mut kept, mut sum, mut count) = (first.value, i128::from(first.value.millionths()), 1);
        for (before, row) in group.iter().zip(rest) {
            if row.value == before.value {
                repeats.same += 1;
                continue;
            }
            repeats.other += 1;
            sum += i128::from(row.value.millionths());
            count += 1;
            match duplicates {
                Duplicates::Last => kept = row.value,
                Duplicates::First => {}
                Duplicates::Mean => kept = Micro::ratio(sum, count).unwrap_or(kept),
                Duplicates::Error => {
                    let column = table.columns.get(chosen.time.unwrap_or(chosen.value)).cloned();
                    let (line, column) = (table.line(row.byte), column.unwrap_or_default());
                    return Err(CsvError::Duplicate { at: Place { line, column } });
                }
            }
        }
        samples.push(Sample { at: first.at, value: kept });
    }
    Ok((samples, repeats))
}

/// Spans without a value.
#[derive(Clone, Copy, Debug, Default)]
struct Holes {
    count: u64,
    slots: u64,
}

/// A hole is what rule 11.4 calls one, and the rows without a value at both ends of the file.
fn holes(samples: &[Sample], first: SimTime, last: SimTime, interval: SimDuration) -> Holes {
    let mut holes = Holes::default();
    let mut add = |slots: u64| {
        holes.count += u64::from(slots > 0);
        holes.slots += slots;
    };
    for (a, b) in samples.iter().zip(samples.iter().skip(1)) {
        if (b.at - a.at).times(2) > interval.times(3) {
            add(intervals(a.at, b.at, interval).saturating_sub(1));
        }
    }
    if let (Some(a), Some(b)) = (samples.first(), samples.last()) {
        add(intervals(first, a.at, interval));
        add(intervals(b.at, last, interval));
    }
    holes
}

/// A count with its noun: `1 row`, `2 rows`.
fn many(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// One sentence for each thing that was odd.
fn warnings(
    scanned: &Scanned,
    stats: &Stats,
    repeats: Repeats,
    holes: u64,
    (first, interval): (SimTime, SimDuration),
    options: &Options,
) -> Vec<String> {
    let offset = options.utc_offset;
    let clock_kind = scanned.clock.kind;
    let (zoned, zoneless) = (scanned.clock.zoned, scanned.clock.zoneless);
    let unnamed = if options.offset_is_default { zoneless } else { 0 };
    let mixed = if zoned > 0 { zoneless } else { 0 };
    let has_times = clock_kind.is_some_and(|kind| kind != Kind::Relative);
    let start_unused = u64::from(has_times && options.start.is_some() && !options.start_is_default);
    let several = stats.distinct_times.is_some_and(|n| n * 2 <= stats.rows);
    let several = u64::from(repeats.other > 0 && several);
    let taken = match options.duplicates {
        Duplicates::First => "the first of each was taken (duplicates = \"first\")",
        Duplicates::Mean => "the mean of each was taken (duplicates = \"mean\")",
        Duplicates::Last | Duplicates::Error => {
            "the last of each was taken (duplicates = \"last\")"
        }
    };
    let gaps = match options.gaps {
        Gaps::Missing => "missing",
        Gaps::Hold => "hold",
        Gaps::Interpolate => "interpolate",
        Gaps::Zero => "zero",
    };
    let from = first.format_civil(offset);
    let empty = stats.rows - stats.values;
    let of = |count, noun, rest: String| (count, many(count, noun) + &rest);
    let slots = many(stats.missing_slots, "slot");
    let grid = first.floor_civil(interval, offset);
    let phase = first - grid;
    let list = [
        (
            u64::from(clock_kind == Some(Kind::Relative)),
            format!("the times count seconds from start: the first is {from} ({offset})"),
        ),
        (
            u64::from(clock_kind.is_none()),
            format!(
                "there is no column of times: rows are {interval} apart from {from} ({offset})"
            ),
        ),
        (
            u64::from(phase.is_positive()),
            format!("the samples stand {phase} after the multiples of {interval}"),
        ),
        of(unnamed, "time", format!(" without a zone: read at {offset} (utc_offset)")),
        of(mixed, "time", format!(" without a zone beside {zoned} with one")),
        (start_unused, "start was not used: the file has times of its own".to_owned()),
        of(scanned.backward, "step", " back in time: the rows were sorted".to_owned()),
        of(repeats.same, "repeated timestamp", " with the same value: dropped".to_owned()),
        of(repeats.other, "repeated timestamp", format!(" with other values: {taken}")),
        (several, "most times occur more than once: several series in one file?".to_owned()),
        of(stats.off_grid, "row", format!(" off the grid of {interval} from {from} ({offset}) on")),
        of(empty, "row", " without a value".to_owned()),
        of(holes, "gap", format!(", {slots} of {interval} without a value (gaps = {gaps:?})")),
        of(scanned.commas, "value", " with a decimal comma".to_owned()),
        of(scanned.blank, "blank row", " left out".to_owned()),
        of(
            scanned.broken,
            "row",
            " with a line break inside a field: a quotation mark left open?".to_owned(),
        ),
    ];
    list.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect()
}
