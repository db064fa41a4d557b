//! Policies, tasks, hooks and notifications, as tables of a group and of `[[at]]` have them.

use crate::env::load::Load;
use crate::kernel::{Micro, SimTime, UtcOffset};
use crate::model::cron::Crontab;
use crate::model::lifecycle_hook::{Answer, LifecycleHook};
use crate::model::limits::Limits;
use crate::model::notification::{NotificationError, NotificationType, Subscription};
use crate::model::policy::{AlarmRule, Policy, REPEAT_TIMES_DEFAULT};
use crate::model::scheduled_task::{Repeat, ScheduledTask};
use crate::scenario::build::fault;
use crate::scenario::error::Fault;
use crate::scenario::file::{
    AnswerTable, HookTable, MetricTable, NotificationTable, PolicyTable, TaskTable,
};
use crate::scenario::node::Segment;
use crate::scenario::value::When;

/// Civil time of a run: its start, and the offset.
pub(super) type Calendar = (SimTime, UtcOffset);

/// A policy that the service would take.
pub(super) fn policy(
    table: &PolicyTable,
    load: Option<&Load>,
    limits: &Limits,
) -> Result<Policy, Fault> {
    let MetricTable { dimension, operator, threshold, repeat_times, statistic } = table.metric;
    let repeat_times = repeat_times.unwrap_or(REPEAT_TIMES_DEFAULT);
    let policy = Policy {
        name: table.name.clone(),
        alarm: AlarmRule { dimension, operator, threshold, repeat_times, statistic },
        adjustment: table.adjustment.kind.of(table.adjustment.value),
        cooldown: table.cooldown.0,
        notify_ids: table.notify_ids.clone(),
    };
    check_policy(&policy, load, limits)?;
    Ok(policy)
}

/// Refuses what the service would, and a policy on a metric that nothing measures: it would never
/// do anything.
pub(super) fn check_policy(
    policy: &Policy,
    load: Option<&Load>,
    limits: &Limits,
) -> Result<(), Fault> {
    policy.check(limits).map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
    let dimension = policy.alarm.dimension;
    if load.is_some_and(|load| load.has(dimension)) {
        return Ok(());
    }
    let message = format!("the group's load has no {dimension}: give it a source in [group.load]");
    Err(fault("metric.dimension", message))
}

/// The instant of a time of a table.
pub(super) fn place(name: &str, when: &When, (start, offset): Calendar) -> Result<SimTime, Fault> {
    when.resolve(start, offset).ok_or_else(|| fault(name, "there is no such time"))
}

/// A crontab that the service would take.
pub(super) fn crontab(text: &str) -> Result<Crontab, Fault> {
    Crontab::parse(text).map_err(|e| fault("recurrence", format!("InvalidParameter: {e}")))
}

/// A task with its times placed, that the service would take on its own.
pub(super) fn task(
    table: &TaskTable,
    limits: &Limits,
    calendar: Calendar,
) -> Result<ScheduledTask, Fault> {
    let repeat = match (&table.recurrence, &table.end) {
        (None, None) => None,
        (Some(text), Some(end)) => {
            Some(Repeat { recurrence: crontab(text)?, end: place("end", end, calendar)? })
        }
        _ => {
            let message = "InvalidParameter.EndtimeAndRecurrence: give both `end` and `recurrence`";
            let absent = if table.end.is_none() { "end" } else { "recurrence" };
            return Err(fault(absent, message));
        }
    };
    let task = ScheduledTask {
        name: table.name.clone(),
        min: table.min,
        max: table.max,
        start: place("start", &table.start, calendar)?,
        repeat,
    };
    check_task(&task, limits)?;
    Ok(task)
}

/// Refuses what the service would.
pub(super) fn check_task(task: &ScheduledTask, limits: &Limits) -> Result<(), Fault> {
    task.check(limits).map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))
}

/// A hook that the service would take.
pub(super) fn hook(table: &HookTable, limits: &Limits) -> Result<LifecycleHook, Fault> {
    let hook = LifecycleHook {
        name: table.name.clone(),
        transition: table.transition,
        timeout: table.timeout.0,
        default_result: table.default_result,
        notify_ids: table.notify_ids.clone(),
        answer: table.answer.as_ref().map(answer),
    };
    check_hook(&hook, limits)?;
    Ok(hook)
}

pub(super) fn answer(table: &AnswerTable) -> Answer {
    let probability = table.probability.unwrap_or(Micro::ONE);
    Answer { after: table.after.0, result: table.result, probability }
}

/// Refuses what the service would.
pub(super) fn check_hook(hook: &LifecycleHook, limits: &Limits) -> Result<(), Fault> {
    hook.check(limits).map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))
}

/// A notification that the service would take.
pub(super) fn notification(table: &NotificationTable) -> Result<Subscription, Fault> {
    let wrong = |error: NotificationError| format!("{}: {error}", error.code());
    let types = table.types.iter().enumerate().map(|(i, number)| {
        let unknown = NotificationError::Type { number: *number };
        let known = u32::try_from(*number).ok().and_then(|n| NotificationType::try_from(n).ok());
        known.ok_or_else(|| {
            let mut fault = fault(unknown.key(), wrong(unknown));
            fault.path.push(Segment::Index(i));
            fault
        })
    });
    let types = types.collect::<Result<_, _>>()?;
    if let Some(i) = table.receivers.iter().position(String::is_empty) {
        let mut fault = fault("receivers", "InvalidParameter.NotifyPara: a receiver has no name");
        fault.path.push(Segment::Index(i));
        return Err(fault);
    }
    let subscription = Subscription::new(types, table.receivers.clone());
    subscription.map_err(|error| fault(error.key(), wrong(error)))
}
