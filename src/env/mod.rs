//! The world outside a group: load, metrics and chance.

pub(crate) mod calm;
#[cfg(feature = "cli")]
pub mod csv;
pub mod faults;
pub mod latency;
pub mod load;
pub mod meter;
pub mod series;
pub mod synth;
pub mod trace;
