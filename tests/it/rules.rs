//! The rules of `docs/semantics.md`, one file per chapter. A test names the rule it holds:
//! `r_<chapter>_<rule>_…`.

mod activities;
mod alarms;
mod calm;
mod capacity;
mod cooldown;
mod failures;
mod gaps;
mod health;
mod hooks;
mod instances;
mod load;
mod log_ids;
mod members;
mod notifications;
mod plain_count;
mod report;
mod report_cost;
mod report_folds;
mod report_laws;
#[cfg(feature = "cli")]
mod report_sections;
mod report_service;
#[cfg(feature = "cli")]
mod report_text;
mod response;
mod suspended;
mod switches;
mod tasks;
mod time_order;
mod triggers;
pub mod world;
mod world_commands;
