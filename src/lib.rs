//! Replays metrics through the rules of a scaling group, exactly and repeatably: a discrete-event
//! simulator of the Tencent Cloud Auto Scaling service (API v2, 2018).
//!
//! ```
//! use asgsim::engine::command::Command;
//! use asgsim::model::capacity::Resize;
//! use asgsim::{Engine, GroupIndex, GroupSetup, Setup, SimDuration, SimTime};
//!
//! let start = SimTime::from_unix_s(1_700_000_000);
//! let mut setup = Setup::new(start);
//! setup.groups.push(GroupSetup::new("web", 1, 10, 2)); // min, max, desired
//! let mut engine = Engine::new(&setup)?;
//!
//! engine.run_until(start + SimDuration::from_s(3600))?;
//! engine.apply(GroupIndex(0), &Command::Resize(Resize { desired: Some(4), ..Resize::default() }))??;
//! engine.settle()?; // the launch begins
//!
//! let web = engine.groups().next().ok_or("no group")?;
//! assert_eq!((web.members().len(), web.in_service()), (4, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map of the house
//!
//! A layer uses the ones above it and knows nothing of those below.
//!
//! | module | what it knows |
//! | --- | --- |
//! | [`kernel`] | time, an event queue, exact decimals, keyed chance |
//! | [`model`] | the nouns of auto scaling, and its decisions as pure functions |
//! | [`env`](mod@env) | the world outside: traces, load, latencies |
//! | [`engine`] | groups and the clock: [`Engine`], [`Setup`], commands, views, the log |
//! | [`report`] | folds of the log: history, series, the figures of a run |
//! | [`scenario`] | scenario files, expectations, snapshots |
//! | [`lint`] | findings that need no run |
//! | [`api`] | the wire form of the service: requests, signatures, errors, responses |
//! | `testkit` | a second, plain engine; laws of a log; random worlds (feature `testkit`) |
//! | `cli` | the command (feature `cli`) |
//!
//! # What is promised
//!
//! * The same setup, seed and version give the same log byte for byte, on any machine.
//! * No float takes part in a decision; time is whole milliseconds, numbers whole millionths.
//! * Nothing panics, reads the host's clock, or depends on the order of a hash.
//!
//! The rules of the simulated service are stated by number in `docs/semantics.md`; comments here
//! cite them, as in "(1.6)".
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod api;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod env;
pub mod kernel;
pub mod lint;
pub mod model;
pub mod report;
pub mod scenario;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use engine::Engine;
pub use engine::setup::{GroupSetup, Setup};
pub use kernel::{Micro, SimDuration, SimTime, UtcOffset};
pub use model::id::GroupIndex;

/// The README's example is run as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
