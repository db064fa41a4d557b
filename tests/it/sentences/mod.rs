//! The sentences of the service's reference, by their numbers in the checklist: who answers for
//! each, and that a test holds it. A test holds a sentence whose number
//! stands in its name (`s_476_…`) or in a comment above or inside it (`S-476`, `S-476 to S-480`).

mod activities;
mod configurations;
mod groups;
mod hooks;
mod instances;
mod introduction;
mod membership;
mod notifications;
mod owners;
mod policies;
mod table;
mod tasks;

pub use table::checklist;

use asgsim::SimDuration;
use asgsim::engine::command::Command;
use asgsim::model::cron::Crontab;
use asgsim::model::scheduled_task::{Repeat, ScheduledTask};

use super::rules::world::{Run, time};

/// The business code of a refusal; `Success` if there is none.
fn code(run: &mut Run, command: &Command) -> &'static str {
    run.apply(command).map_or_else(|error| error.code(), |_| "Success")
}

/// The same, on a copy: nothing changes.
fn would(run: &Run, command: &Command) -> &'static str {
    code(&mut run.clone(), command)
}

/// A task that triggers once.
fn task(name: &str, min: u32, max: u32, start: &str) -> ScheduledTask {
    ScheduledTask { name: name.to_owned(), min, max, start: time(start), repeat: None }
}

/// A task that repeats for ten days.
fn repeated(task: ScheduledTask, crontab: &str) -> ScheduledTask {
    let recurrence = Crontab::parse(crontab).unwrap();
    let repeat = Some(Repeat { recurrence, end: task.start + days(10) });
    ScheduledTask { repeat, ..task }
}

fn days(count: i64) -> SimDuration {
    SimDuration::from_s(86_400).times(count)
}
