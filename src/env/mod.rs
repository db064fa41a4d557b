//! The world outside a group: load, metrics and chance.

pub mod latency;
pub mod load;
pub mod meter;
pub mod trace;
