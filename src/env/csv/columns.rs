//! Which column holds the times and which the values.

use super::clock::Civil;
use super::error::CsvError;
use super::table::{Table, same_name};
use super::{Options, number};

/// Usual names of a column of times, in lower case, the likeliest first.
const TIME_NAMES: [&str; 9] = [
    "timestamp",
    "time",
    "datetime",
    "date",
    "date_time",
    "@timestamp",
    "time stamp",
    "ts",
    "unix",
];

/// The places of the two columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen {
    /// `None` for a file without times.
    pub time: Option<usize>,
    pub value: usize,
}

/// What the first rows show of a column.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    numbers: usize,
    dates: usize,
    others: usize,
}

/// Finds both columns: as the options name them, else by usual names, else by what they hold.
pub(super) fn choose(table: &Table<'_>, options: &Options) -> Result<Chosen, CsvError> {
    let named =
        |key, name: &Option<String>| name.as_deref().map(|name| table.find(key, name)).transpose();
    let (time, value) = (named("time", &options.time)?, named("value", &options.value)?);
    if let (Some(time), Some(value)) = (time, value) {
        return Ok(Chosen { time: Some(time), value });
    }
    let probe = table.probe()?;
    let looks = looks(table, &probe);
    let time = time.or_else(|| time_column(table, &looks, &probe, value));
    let value = match value {
        Some(value) => value,
        None => value_column(table, &looks, time)?,
    };
    if time.is_none() && (options.start.is_none() || options.interval.is_none()) {
        return Err(CsvError::NoTime { line: table.first_line(), columns: table.list() });
    }
    Ok(Chosen { time, value })
}

fn looks(table: &Table<'_>, probe: &[Vec<String>]) -> Vec<Look> {
    let mut looks = vec![Look::default(); table.columns.len()];
    for row in probe {
        for (look, field) in looks.iter_mut().zip(row) {
            match number::parse(field, table.decimal_comma()) {
                Ok(Some(_)) => look.numbers += 1,
                Ok(None) => {}
                Err(_) if Civil::scan(field).is_some() => look.dates += 1,
                Err(_) => look.others += 1,
            }
        }
    }
    looks
}

fn time_column(
    table: &Table<'_>,
    looks: &[Look],
    probe: &[Vec<String>],
    value: Option<usize>,
) -> Option<usize> {
    let others = || table.columns.iter().enumerate().filter(|(i, _)| Some(*i) != value);
    if table.has_header {
        for usual in TIME_NAMES {
            if let Some((place, _)) = others().find(|(_, name)| same_name(name, usual)) {
                return Some(place);
            }
        }
    }
    let is_date = |look: &Look| look.dates > 0 && look.others == 0;
    let dates = others().find(|(i, _)| looks.get(*i).is_some_and(is_date));
    // Numbers may be anything; without a name only a first column of growing Unix times is one.
    let unix = || !table.has_header && value != Some(0) && grows_like_unix_time(probe);
    dates.map(|(place, _)| place).or_else(|| unix().then_some(0))
}

/// Whether the first column holds whole numbers of the size of Unix times that only grow.
fn grows_like_unix_time(probe: &[Vec<String>]) -> bool {
    let times = probe.iter().map(|row| row.first().and_then(|t| t.parse::<i64>().ok()));
    let large = |t: &Option<i64>| t.is_some_and(|t| t >= 1_000_000_000);
    probe.len() > 1 && times.clone().all(|t| large(&t)) && times.is_sorted_by(|a, b| a < b)
}

fn value_column(table: &Table<'_>, looks: &[Look], time: Option<usize>) -> Result<usize, CsvError> {
    let others = || table.columns.iter().enumerate().filter(|(i, _)| Some(*i) != time);
    if let Some((place, _)) = others().find(|(_, name)| same_name(name, "value")) {
        return Ok(place);
    }
    let is_numeric = |look: &Look| look.numbers > 0 && look.dates == 0 && look.others == 0;
    let mut numeric = others().filter(|(i, _)| looks.get(*i).is_some_and(is_numeric));
    let mut all = others();
    let only = match (all.next(), all.next()) {
        // The only one there can be: errors about it are better than a question.
        (Some((place, _)), None) => Some(place),
        _ => None,
    };
    match (only, numeric.next(), numeric.next()) {
        (Some(place), ..) | (None, Some((place, _)), None) => Ok(place),
        _ => Err(CsvError::WhichValue { line: table.first_line(), columns: table.list() }),
    }
}
