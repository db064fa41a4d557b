//! The integration tests: one binary, one module per promise.

mod rules;
mod tidy;
mod traces;
