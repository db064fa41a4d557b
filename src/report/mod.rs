//! What a run was worth: folds of the log and of the traces (SEMANTICS 12).
//!
//! Reports never change a run and never look into the engine: they read records, so anything said
//! here can be checked against the event log. Floats live here only, are added in a fixed order,
//! and never find their way back.

pub mod baseline;
#[cfg(feature = "cli")]
pub mod chart;
pub mod compare;
pub mod cost;
#[cfg(feature = "cli")]
pub mod csv;
pub mod elasticity;
pub mod explain;
pub mod history;
#[cfg(feature = "cli")]
pub mod html;
pub mod minutes;
pub mod ranked;
pub mod reaction;
pub mod response;
pub mod result;
pub mod series;
pub mod slo;
pub mod summary;
#[cfg(feature = "cli")]
pub mod svg;
pub mod tally;
#[cfg(feature = "cli")]
#[cfg(feature = "cli")]
pub mod text;
pub mod words;

use crate::kernel::{Micro, SimTime};

pub use cost::{Billing, Tariff};

/// The promise a run is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slo {
    /// The most of its capacity that an instance should serve at, per cent, above 0; 80.
    pub utilisation: Micro,
    /// The share of offered load that may be lost or wait in a minute, 0 to 1; 0.
    pub lost_load: Micro,
    /// Whether the report estimates how long work takes (11.5); not unless it is asked for.
    pub response_time: bool,
}

impl Default for Slo {
    fn default() -> Self {
        Self { utilisation: Micro::from_int(80), lost_load: Micro::ZERO, response_time: false }
    }
}

/// The span a run covers: `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub start: SimTime,
    /// The first instant that is not covered.
    pub end: SimTime,
}

impl Span {
    /// Its length in milliseconds, at least 0.
    pub fn ms(self) -> i64 {
        (self.end - self.start).ms().max(0)
    }
}

/// A figure with at most six decimals, so that outputs do not show the noise of their last bits.
pub(crate) fn rounded(value: f64) -> f64 {
    let scaled = libm::round(value * 1e6) / 1e6;
    if scaled == 0.0 { 0.0 } else { scaled }
}

/// Milliseconds as minutes.
pub(crate) fn minutes_of(ms: i64) -> f64 {
    rounded(ms as f64 / 60_000.0)
}
