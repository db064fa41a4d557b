//! The nouns of auto scaling and its pure decisions: no queue, no chance, no input or output.

pub mod activity;
pub mod alarm;
pub mod capacity;
pub mod configuration;
pub mod cron;
pub mod failure;
pub mod group;
pub mod health;
pub mod id;
pub mod instance;
pub mod lifecycle_hook;
pub mod limits;
pub mod machine;
pub mod notification;
pub mod plan;
pub mod policy;
pub mod realm;
pub mod record;
pub mod scheduled_task;
pub mod semantics;
