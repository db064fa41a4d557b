//! What can be wrong with a trace in CSV: where, what was found, what is allowed.

use std::fmt;

use super::{FIELDS_MAX, ROW_BYTES_MAX, ROWS_MAX};
use crate::kernel::Micro;

/// A field of the file. Prints as `line 17, column "value"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line on which the row begins; the first of the file is 1.
    pub line: u64,
    /// The name of the column; its number from 1 on in a file without a header.
    pub column: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {:?}", self.line, self.column)
    }
}

/// Why a file is no trace. Messages name the line; the caller adds the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// UTF-16, or no text at all.
    #[error("line 1: the file is UTF-16 or no text (it holds a NUL byte): save it as UTF-8")]
    Encoding,
    /// No row below the header, or nothing at all.
    #[error("line 1: there is no row of data")]
    Empty,
    /// Rows, but not a single number.
    #[error("column {column:?}: none of {rows} rows has a value")]
    NoValues {
        /// The column of values.
        column: String,
        /// Rows of data.
        rows: u64,
    },
    /// One row is larger than [`ROW_BYTES_MAX`].
    #[error(
        "line {line}: the row is longer than {ROW_BYTES_MAX} bytes; is a quotation mark left open?"
    )]
    RowTooLong {
        /// Where it begins.
        line: u64,
    },
    /// One row has more than [`FIELDS_MAX`] fields.
    #[error("line {line}: the row has {found} fields, at most {FIELDS_MAX} are read")]
    TooManyFields {
        /// Where it begins.
        line: u64,
        /// How many it has.
        found: usize,
    },
    /// More than [`ROWS_MAX`] rows.
    #[error("line {line}: more than {ROWS_MAX} rows; cut the file or use coarser samples")]
    TooManyRows {
        /// The first that is too many.
        line: u64,
    },
    /// A row with more or fewer fields than the first.
    #[error(
        "line {line}: the fields are {found}, in the first row {expected}; thousands separators and other delimiters inside a field need quotation marks"
    )]
    RowLength {
        /// Where it begins.
        line: u64,
        /// Fields of this row.
        found: usize,
        /// Fields of the first row.
        expected: usize,
    },
    /// No column has the name that was asked for.
    #[error("line {line}: there is no column {wanted:?} ({key} = ...); {columns}")]
    NoColumn {
        /// The line of the header, or the first row.
        line: u64,
        /// `value` or `time`.
        key: &'static str,
        /// The name that was asked for.
        wanted: String,
        /// The columns there are.
        columns: Columns,
    },
    /// Two columns have the name that was asked for.
    #[error("line {line}: {found} columns are called {wanted:?}; {columns}")]
    RepeatedColumn {
        /// The line of the header.
        line: u64,
        /// The name.
        wanted: String,
        /// How many columns have it.
        found: usize,
        /// The columns there are.
        columns: Columns,
    },
    /// None or several columns may hold the values.
    #[error("line {line}: which column holds the values? Name it with value = \"...\"; {columns}")]
    WhichValue {
        /// The line of the header, or the first row.
        line: u64,
        /// The columns there are.
        columns: Columns,
    },
    /// Neither times nor what stands for them.
    #[error(
        "line {line}: no column of times was found; name it with time = \"...\", or give start and interval for a file without times; {columns}"
    )]
    NoTime {
        /// The line of the header, or the first row.
        line: u64,
        /// The columns there are.
        columns: Columns,
    },
    /// An empty line in a file without times: a missing sample, or nothing?
    #[error(
        "line {line}: an empty line in a file without times; write NaN where a value is missing"
    )]
    EmptyLine {
        /// Where.
        line: u64,
    },
    /// A field is no value.
    #[error("{at}: {found:?} {why}")]
    Value {
        /// Where.
        at: Place,
        /// The text.
        found: String,
        /// What is wrong with it.
        why: ValueFault,
    },
    /// A field is no time.
    #[error("{at}: {found:?} {why}")]
    Time {
        /// Where.
        at: Place,
        /// The text.
        found: String,
        /// What is wrong with it.
        why: TimeFault,
    },
    /// One time, two values, and `duplicates = "error"`.
    #[error(
        "{at}: the time of this row was there before with another value; allowed with duplicates = \"last\", \"first\" or \"mean\""
    )]
    Duplicate {
        /// The later row.
        at: Place,
    },
    /// A single time tells no interval.
    #[error("{at}: all rows have one time, so the interval is not known; give interval")]
    NoInterval {
        /// The first row.
        at: Place,
    },
    /// Interpolation would make too many values.
    #[error(
        "column {column:?}: {slots} intervals from first to last, at most {ROWS_MAX} can be filled with gaps = \"interpolate\""
    )]
    TooManySlots {
        /// The column of times.
        column: String,
        /// Intervals between first and last time.
        slots: u64,
    },
    /// An option is out of its range.
    #[error("{key} must be above 0")]
    NotPositive {
        /// `interval` or `per`.
        key: &'static str,
    },
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueFault {
    /// Text.
    #[error("is no number")]
    NoNumber,
    /// An infinity: neither a number nor a missing one.
    #[error("is infinite; allowed are numbers, and NaN or nothing for a missing one")]
    Infinite,
    /// A number and a unit.
    #[error("has the unit {0:?}; only % is read, so export plain numbers")]
    Unit(String),
    /// A comma in a number.
    #[error(
        "has a comma; thousands separators are not read, and a decimal comma only where the delimiter is a semicolon"
    )]
    Comma,
    /// More than a [`Micro`] holds.
    #[error("is out of range; at most about 9.2e12 in size")]
    TooLarge,
    /// Outside the range of this trace.
    #[error("comes to {value} (after scale and per); allowed is {min} to {max}")]
    Range {
        /// After scale and per.
        value: Micro,
        /// The least allowed.
        min: Micro,
        /// The most allowed.
        max: Micro,
    },
}

/// What is wrong with a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeFault {
    /// Not a form that is read.
    #[error(
        "is no time; read are Unix seconds, ms, us and ns, seconds from 0, 2014-02-14T14:30:00Z (or +08:00, or a fraction), 2014-02-14 14:30[:00], 2014/2/14 14:30 and 14.02.2014 14:30"
    )]
    NoTime,
    /// The form is right, the calendar has no such day, or the day no such time.
    #[error("is no day of the calendar, or no time of the day")]
    NoSuchDay,
    /// A number between the ranges.
    #[error(
        "is no Unix time; by their size 1e9 to 1e10 are s, 1e12 to 1e13 ms, 1e15 to 1e16 us, 1e18 and more ns, and 0 to 1e9 seconds from start"
    )]
    NoUnit,
    /// Two kinds of time in one file.
    #[error("is {found}, but the first time of the file is {first}; one file, one kind of time")]
    Mixed {
        /// Kind of this one.
        found: &'static str,
        /// Kind of the first.
        first: &'static str,
    },
    /// Seconds from an instant that the file does not name.
    #[error("is a number of seconds from an instant that the file does not name; give start")]
    NeedsStart,
    /// Day or month first?
    #[error(
        "may be day/month or month/day, and no row of the file settles it; write the year first"
    )]
    Ambiguous,
    /// Some rows can only be day first, others only month first.
    #[error("has the other order of day and month than an earlier row")]
    OrderChanges,
}

/// The columns of a file, printed as `the columns are "time", "rps"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(pub Vec<String>);

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        f.write_str(if self.0.len() == 1 { "the only column is " } else { "the columns are " })?;
        for (i, name) in self.0.iter().take(SHOWN).enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{name:?}")?;
        }
        match self.0.len().checked_sub(SHOWN) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}
