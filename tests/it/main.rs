//! The integration tests: one binary, one module per promise.

mod api;
#[cfg(feature = "cli")]
mod browser;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod lint;
#[cfg(feature = "cli")]
mod pages;
#[cfg(feature = "testkit")]
mod properties;
#[cfg(feature = "cli")]
mod readme;
#[cfg(feature = "cli")]
mod robustness;
mod rules;
#[cfg(feature = "cli")]
mod scenarios;
mod sentences;
#[cfg(feature = "server")]
mod server;
mod tidy;
#[cfg(feature = "cli")]
mod traces;
