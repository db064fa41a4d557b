//! The nouns of auto scaling and its pure decisions: no queue, no chance, no input or output.

pub mod activity;
pub mod alarm;
pub mod capacity;
pub mod configuration;
pub mod cron;
pub mod group;
pub mod id;
pub mod instance;
pub mod limits;
pub mod plan;
pub mod policy;
pub mod record;
pub mod scheduled_task;
pub mod semantics;
