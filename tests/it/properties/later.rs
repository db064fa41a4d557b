//! A world that starts some weeks later.

use std::sync::Arc;

use asgsim::SimDuration;
use asgsim::model::record::{Blocker, Decision, Entry, Record, Trigger};
use asgsim::model::scheduled_task::ScheduledTask;
use asgsim::testkit::strategies;

use super::{compare, hold, run};

#[test]
fn weeks_later_is_the_same() {
    let worlds = (strategies::plan(), strategies::run_length(), 1..100_i64);
    hold(2, worlds, |(plan, length, weeks)| {
        let later = SimDuration::from_s(weeks * 7 * 86_400);
        let (now, then) = (plan.build(SimDuration::ZERO), plan.build(later));
        let mut expected = run(&now, now.start + length);
        expected.iter_mut().flatten().for_each(|entry| shift(entry, later));
        compare(("shifted", "later"), &expected, &run(&then, then.start + length))
    });
}

/// The same record, `later`.
fn shift(entry: &mut Entry, later: SimDuration) {
    entry.t = entry.t + later;
    match &mut entry.record {
        Record::CooldownOpened { until, .. } | Record::BackedOff { until: Some(until), .. } => {
            *until = *until + later;
        }
        Record::HookWaiting { deadline, .. } | Record::HookRenewed { deadline, .. } => {
            *deadline = *deadline + later;
        }
        Record::TaskCreated { definition, .. } | Record::TaskModified { definition, .. } => {
            shift_task(Arc::make_mut(definition), later);
        }
        Record::Trigger(Decision {
            trigger: Some(Trigger { blocker: Some(blocker), .. }), ..
        }) => shift_blocker(blocker, later),
        _ => {}
    }
}

fn shift_blocker(blocker: &mut Blocker, later: SimDuration) {
    if let Blocker::Cooldown { until, .. }
    | Blocker::Hook { until, .. }
    | Blocker::Cause { until: Some(until), .. } = blocker
    {
        *until = *until + later;
    }
}

fn shift_task(task: &mut ScheduledTask, later: SimDuration) {
    task.start = task.start + later;
    if let Some(repeat) = &mut task.repeat {
        repeat.end = repeat.end + later;
    }
}
