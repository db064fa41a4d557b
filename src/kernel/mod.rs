//! Time, an event queue, a list that only grows, exact decimals and keyed chance. Knows nothing of scaling.

pub mod chance;
pub mod fixed;
pub mod queue;
pub mod tape;
pub mod time;

pub use fixed::Micro;
pub use queue::EventQueue;
pub use tape::Tape;
pub use time::{SimDuration, SimTime, UtcOffset};
