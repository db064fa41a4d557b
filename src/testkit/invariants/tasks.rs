//! Laws of scheduled tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Story, at};
use crate::kernel::SimTime;
use crate::model::group::Capacity;
use crate::model::id::TaskOrdinal;
use crate::model::record::Record;
use crate::model::scheduled_task::ScheduledTask;

const DAY_MS: i64 = 86_400_000;

pub(super) fn keep_their_times(story: &Story<'_>) -> Result<(), String> {
    let mut tasks: BTreeMap<TaskOrdinal, (Arc<ScheduledTask>, Option<SimTime>)> = BTreeMap::new();
    let mut sizes: Option<Capacity> = None;
    for (n, entry) in story.log.iter().enumerate() {
        match &entry.record {
            Record::Capacity(found) => sizes = Some(*found),
            Record::TaskCreated { task, definition } => {
                tasks.insert(*task, (Arc::clone(definition), None));
            }
            Record::TaskModified { task, definition } => {
                let Some(known) = tasks.get_mut(task) else {
                    return Err(at(entry, "there is no such task"));
                };
                known.0 = Arc::clone(definition);
            }
            Record::TaskDeleted { task } if tasks.remove(task).is_none() => {
                return Err(at(entry, "there is no such task"));
            }
            Record::TaskTriggered { task } => {
                let Some((definition, last)) = tasks.get_mut(task) else {
                    return Err(at(entry, "there is no such task"));
                };
                if last.replace(entry.t) == Some(entry.t) {
                    return Err(at(entry, "it has triggered at this instant already"));
                }
                if !triggers_at(definition, entry.t, story) {
                    return Err(at(entry, "it is not its time"));
                }
                // The sizes are those already, or they follow at once.
                let next = match story.log.get(n + 1).map(|next| &next.record) {
                    Some(Record::Capacity(changed)) => Some(*changed),
                    _ => None,
                };
                let fits =
                    |sizes: Capacity| (sizes.min, sizes.max) == (definition.min, definition.max);
                if !sizes.is_some_and(fits) && !next.is_some_and(fits) {
                    return Err(at(entry, format_args!("the sizes are {sizes:?}, then {next:?}")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn triggers_at(task: &ScheduledTask, t: SimTime, story: &Story<'_>) -> bool {
    if t == task.start {
        return true;
    }
    let Some(repeat) = &task.repeat else { return false };
    let day = t.civil(story.setup.utc_offset).map(|civil| civil.date_naive());
    t > task.start
        && t <= repeat.end
        && (t - task.start).ms() % DAY_MS == 0
        && day.is_some_and(|day| repeat.recurrence.matches(day))
}
