//! One pass over the rows: values, times, and the figures of the raw values.

use super::clock::{Civil, Clock, DayOrder};
use super::columns::Chosen;
use super::error::{CsvError, Place, TimeFault, ValueFault};
use super::table::{Rows, Table};
use super::{Options, ROWS_MAX, number};
use crate::kernel::{Micro, SimDuration, SimTime};

/// A row with a value, scaled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub at: SimTime,
    pub value: Micro,
    /// Where it begins, in bytes from the first row: tells the line if need be.
    pub byte: u64,
}

/// What the pass found, in file order.
#[derive(Debug)]
pub(super) struct Scanned {
    pub rows: Vec<Row>,
    /// Times of rows without a value.
    pub empty: Vec<SimTime>,
    pub clock: Clock,
    /// Steps back in time from one row to the next.
    pub backward: u64,
    /// Rows without any text, which are left out.
    pub blank: u64,
    /// Rows with a line's end inside a field.
    pub broken: u64,
    /// Values with a decimal comma.
    pub commas: u64,
    pub min: Micro,
    pub max: Micro,
    /// In millionths.
    pub sum: i128,
}

/// Reads all rows.
pub(super) fn scan(
    table: &Table<'_>,
    chosen: Chosen,
    options: &Options,
) -> Result<Scanned, CsvError> {
    let order = match chosen.time {
        Some(time) => day_order(table, time)?,
        None => None,
    };
    if chosen.time.is_none()
        && let Some(line) = table.empty_line()?
    {
        return Err(CsvError::EmptyLine { line });
    }
    let mut scanned = Scanned {
        rows: Vec::new(),
        empty: Vec::new(),
        clock: Clock::new(options.utc_offset, options.start, order),
        backward: 0,
        blank: 0,
        broken: 0,
        commas: 0,
        min: Micro::from_millionths(i64::MAX),
        max: Micro::from_millionths(i64::MIN),
        sum: 0,
    };
    let factor = Factor::of(options);
    let mut previous = SimTime::MIN;
    let mut rows = table.data()?;
    while rows.advance()? {
        scanned.broken += u64::from(rows.has_break());
        if chosen.time.is_some() && rows.is_blank() {
            scanned.blank += 1;
            continue;
        }
        rows.check_length()?;
        let count = scanned.rows.len() + scanned.empty.len();
        let slot = i64::try_from(count).unwrap_or(i64::MAX);
        if count as u64 >= ROWS_MAX {
            return Err(CsvError::TooManyRows { line: rows.line() });
        }
        let at = match chosen.time {
            Some(place) => scanned.clock.read(&rows.field(place)).map_err(|why| {
                let (at, found) = found(table, &rows, place);
                CsvError::Time { at, found, why }
            })?,
            None => {
                let interval = options.interval.unwrap_or(SimDuration::MINUTE);
                options.start.unwrap_or(SimTime::MIN) + interval.times(slot)
            }
        };
        scanned.backward += u64::from(at < previous);
        previous = at;
        let value = scanned.value(&rows.field(chosen.value), table.decimal_comma(), factor);
        let value = value.map_err(|why| {
            let (at, found) = found(table, &rows, chosen.value);
            CsvError::Value { at, found, why }
        })?;
        match value {
            Some(value) => scanned.rows.push(Row { at, value, byte: rows.byte() }),
            None => scanned.empty.push(at),
        }
    }
    Ok(scanned)
}

impl Scanned {
    /// Reads a value, takes it into the figures, and scales it.
    fn value(
        &mut self,
        text: &str,
        decimal_comma: bool,
        factor: Factor,
    ) -> Result<Option<Micro>, ValueFault> {
        let Some(raw) = number::parse(text, decimal_comma)? else {
            return Ok(None);
        };
        let value = factor.apply(raw)?;
        self.commas += u64::from(decimal_comma && text.contains(','));
        self.min = self.min.min(raw);
        self.max = self.max.max(raw);
        self.sum += i128::from(raw.millionths());
        Ok(Some(value))
    }
}

/// `scale` and `per` as one fraction, so that a value is rounded once, and the range it must keep.
#[derive(Clone, Copy, Debug)]
struct Factor {
    numerator: i128,
    denominator: i128,
    min: Micro,
    max: Micro,
}

impl Factor {
    fn of(options: &Options) -> Self {
        // A count per `per` milliseconds is 1000 / per a second.
        let per_ms = options.per.map_or(1_000, SimDuration::ms);
        let numerator = i128::from(options.scale.millionths()) * 1_000;
        let denominator = 1_000_000 * i128::from(per_ms);
        Self { numerator, denominator, min: options.min, max: options.max }
    }

    fn apply(self, raw: Micro) -> Result<Micro, ValueFault> {
        let value = if self.numerator == self.denominator {
            raw
        } else {
            let product = i128::from(raw.millionths()).checked_mul(self.numerator);
            let value = product.and_then(|product| Micro::ratio(product, self.denominator));
            value.ok_or(ValueFault::TooLarge)?
        };
        if value < self.min || value > self.max {
            return Err(ValueFault::Range { value, min: self.min, max: self.max });
        }
        Ok(value)
    }
}

/// Place and text of a field, for an error.
fn found(table: &Table<'_>, rows: &Rows<'_, '_>, place: usize) -> (Place, String) {
    let column = table.columns.get(place).cloned().unwrap_or_default();
    let text = rows.field(place).chars().take(60).collect();
    (Place { line: rows.line(), column }, text)
}

/// Whether the day or the month comes first, where the first time leaves it open: a number above
/// 12 anywhere in the column settles it for all rows.
fn day_order(table: &Table<'_>, time: usize) -> Result<Option<DayOrder>, CsvError> {
    let mut rows = table.data()?;
    let mut settled = None;
    while rows.advance()? {
        if rows.is_blank() {
            continue;
        }
        let civil = Civil::scan(&rows.field(time));
        let Some(civil) = civil.filter(Civil::needs_order) else {
            // Another kind of time altogether: no need to read on.
            return Ok(settled);
        };
        match (settled, civil.order()) {
            (None, order) => settled = order,
            (Some(first), Some(order)) if first != order => {
                let (at, found) = found(table, &rows, time);
                return Err(CsvError::Time { at, found, why: TimeFault::OrderChanges });
            }
            _ => {}
        }
    }
    Ok(settled)
}
