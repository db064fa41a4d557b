//! Plain CSV as a trace (SEMANTICS 11.4; `trace-formats.md` (f)).
//!
//! The syntax is the csv crate's, the calendar chrono's; here the many habits of exports are
//! settled once: which column, which time, what is missing, what is repeated, what is refused.
//! Whatever is bent into shape is counted and told in a warning.

use crate::env::trace::{Gaps, Trace};
use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};

mod arrange;
mod clock;
mod columns;
mod error;
mod number;
mod scan;
mod table;

pub use crate::env::trace::{Duplicates, Stamp};
pub use error::{Columns, CsvError, Place, TimeFault, ValueFault};

/// The most rows of data in one file.
pub const ROWS_MAX: u64 = 5_000_000;
/// The most fields in one row.
pub const FIELDS_MAX: usize = 1_024;
/// The most bytes in the fields of one row.
pub const ROW_BYTES_MAX: usize = 1 << 20;

/// How a file is to be read. `Options::default()` suits a file with a header, times and one
/// column of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The column of values, whatever its case (a number from 1 on in a file without a header).
    /// Default: the column called `value`, else the only one with numbers.
    pub value: Option<String>,
    /// The column of times, likewise. Default: one with a usual name (`timestamp`, `time`,
    /// `date`, ...), else the first whose fields are dates.
    pub time: Option<String>,
    /// Time between samples, above 0. Default: the median step between the times of the file.
    pub interval: Option<SimDuration>,
    /// When the first row is, for files without times; what 0 means, for seconds from 0.
    pub start: Option<SimTime>,
    /// Whether nobody chose that start for this trace; then not using it is no oddity. Default
    /// false.
    pub start_is_default: bool,
    /// For civil times that have no zone of their own. Default +08:00.
    pub utc_offset: UtcOffset,
    /// Whether nobody chose that offset for this trace; then a warning names it. Default true.
    pub offset_is_default: bool,
    /// Start or end of the interval. Default start.
    pub stamp: Stamp,
    /// What holds where no value is known. Default missing.
    pub gaps: Gaps,
    /// What to do with other values at one time. Default the last.
    pub duplicates: Duplicates,
    /// Values are multiplied by this. Default 1.
    pub scale: Micro,
    /// Values are counts per such a period, above 0, and become rates per second. Default none.
    pub per: Option<SimDuration>,
    /// Added to all times; may be negative. Default 0.
    pub shift: SimDuration,
    /// Whether the span of the file comes again and again. Default false.
    pub repeat: bool,
    /// The least value allowed, after `scale` and `per`. Default 0.
    pub min: Micro,
    /// The most allowed, likewise. Default 10^12, the bound of fixed metrics (0.5).
    pub max: Micro,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            value: None,
            time: None,
            interval: None,
            start: None,
            start_is_default: false,
            utc_offset: UtcOffset::BEIJING,
            offset_is_default: true,
            stamp: Stamp::Start,
            gaps: Gaps::Missing,
            duplicates: Duplicates::Last,
            scale: Micro::ONE,
            per: None,
            shift: SimDuration::ZERO,
            repeat: false,
            min: Micro::ZERO,
            max: Micro::from_int(1_000_000_000_000),
        }
    }
}

/// A trace and what its file was like.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The step function.
    pub trace: Trace,
    /// Counts and figures of the file.
    pub stats: Stats,
    /// Time between samples: the option, or the median step of the file.
    pub interval: SimDuration,
    /// When the interval of the first row begins, after `shift` and `stamp`.
    pub first: SimTime,
    /// When the interval of the last row begins, likewise.
    pub last: SimTime,
    /// The column the values came from.
    pub value_column: String,
    /// The column the times came from; `None` for a file without times.
    pub time_column: Option<String>,
    /// What the times were taken for: `Unix seconds`, `civil time`, ...
    pub time_kind: &'static str,
    /// One sentence for each irregularity, with its count and what was made of it.
    pub warnings: Vec<String>,
}

/// Counts of a file, and figures of its values as they are written: before `scale` and `per`,
/// repeated rows included.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Stats {
    /// Rows of data, without those that are blank altogether.
    pub rows: u64,
    /// Rows with a value.
    pub values: u64,
    /// Different times; `None` for a file without times.
    pub distinct_times: Option<u64>,
    /// Intervals from the first time to the last, both included.
    pub slots: u64,
    /// Intervals without a value: before each value that comes more than 1.5 intervals after the
    /// one before it, and at the ends of the file.
    pub missing_slots: u64,
    /// Rows that are no whole number of intervals after the first time.
    pub off_grid: u64,
    /// The least value.
    pub min: Micro,
    /// The mean: an exact sum divided once, for reports only.
    pub mean: f64,
    /// The greatest value.
    pub max: Micro,
}

/// Reads a trace. The caller bounds the size of `bytes`; rows and fields are bounded here.
///
/// ```
/// use asgsim::env::csv::{Options, read};
/// let file = b"timestamp,value\n2023-11-14T22:15:00Z,41.5\n2023-11-14T22:20:00Z,\n2023-11-14T22:25:00Z,44\n";
/// let loaded = read(file, &Options::default()).unwrap();
/// assert_eq!(loaded.interval.to_string(), "5m");
/// assert_eq!((loaded.stats.rows, loaded.stats.values, loaded.stats.missing_slots), (3, 2, 1));
/// ```
///
/// # Errors
/// A [`CsvError`] names the line, what was found and what is allowed.
pub fn read(bytes: &[u8], options: &Options) -> Result<Loaded, CsvError> {
    for (key, span) in [("interval", options.interval), ("per", options.per)] {
        if span.is_some_and(|span| !span.is_positive()) {
            return Err(CsvError::NotPositive { key });
        }
    }
    let table = table::Table::open(bytes, options.value.as_deref())?;
    let chosen = columns::choose(&table, options)?;
    let scanned = scan::scan(&table, chosen, options)?;
    arrange::arrange(&table, chosen, scanned, options)
}
