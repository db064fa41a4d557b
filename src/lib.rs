//! A discrete-event simulator of the Tencent Cloud Auto Scaling service (API v2, 2018).
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod engine;
pub mod env;
pub mod kernel;
pub mod model;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use engine::Engine;
pub use engine::setup::{GroupSetup, Setup};
pub use kernel::{Micro, SimDuration, SimTime, UtcOffset};
pub use model::id::GroupIndex;
