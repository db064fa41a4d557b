//! Time, an event queue, exact decimals and keyed chance. Knows nothing of scaling.

pub mod chance;
pub mod fixed;
pub mod queue;
pub mod time;

pub use fixed::Micro;
pub use queue::EventQueue;
pub use time::{SimDuration, SimTime, UtcOffset};
