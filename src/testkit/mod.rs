//! What tests of the engine are made of: a second, plain engine, random worlds, and the laws of a
//! log.
//!
//! Nothing here is used by a run. The feature `testkit` opens it to embedders, so that a load
//! model or a fleet of their own can be held against the same laws.

pub mod invariants;
pub mod reference;
pub mod strategies;
