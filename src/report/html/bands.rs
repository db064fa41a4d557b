//! What lasts for a time, as lanes of bands below the plots: a row of [`BANDS`] each.

use serde::Serialize;

use crate::kernel::SimTime;
use crate::model::activity::{ActivityKind, ActivityStatus};
use crate::model::id::TaskOrdinal;
use crate::model::lifecycle_hook::Transition;
use crate::report::history::{Activity, Wait};
use crate::report::result::{GroupRun, Run};
use crate::report::words;

/// A lane and what lies in it.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    name: &'static str,
    items: Vec<Item>,
}

/// A band: from, to (milliseconds; the same for an instant), how it looks, and what to say of it.
#[derive(Clone, Debug, Serialize)]
struct Item(i64, i64, Look, String);

/// How a band looks: colour, pattern and word are the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// All of it was done.
    Good,
    /// Part of it was done.
    Partly,
    /// Nothing of it was done, or something is broken.
    Bad,
    /// It is not over at the end of the run.
    Open,
    /// Something waits.
    Waiting,
    /// Neither good nor bad.
    Plain,
}

/// A kind of band.
struct Band {
    name: &'static str,
    items: fn(&Run<'_>, &GroupRun<'_>) -> Vec<Item>,
}

/// Every lane there is, from the top. One in which nothing lies is not shown.
const BANDS: [Band; 11] = [
    Band {
        name: "scale out",
        items: |run, group| activities(run, group, &[ActivityKind::ScaleOut]),
    },
    Band { name: "scale in", items: |run, group| activities(run, group, &[ActivityKind::ScaleIn]) },
    Band {
        name: "attach, detach",
        items: |run, group| activities(run, group, &[ActivityKind::Attach, ActivityKind::Detach]),
    },
    Band { name: "replace", items: |run, group| activities(run, group, &[ActivityKind::Replace]) },
    Band { name: "cooldown", items: cooldowns },
    Band { name: "launch hook", items: |run, group| waits(run, group, Transition::Launch) },
    Band { name: "terminate hook", items: |run, group| waits(run, group, Transition::Terminate) },
    Band { name: "scheduled task", items: tasks },
    Band { name: "suspended", items: suspensions },
    Band { name: "unhealthy, retry", items: failures },
    Band { name: "cause, outage", items: troubles },
];

/// The lanes of a group.
pub fn lanes(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Lane> {
    let all = BANDS.iter().map(|band| Lane { name: band.name, items: (band.items)(run, group) });
    all.filter(|lane| !lane.items.is_empty()).collect()
}

fn band(run: &Run<'_>, (from, to): (SimTime, SimTime), look: Look, words: String) -> Item {
    let (from, to) = (from.max(run.span.start), to.min(run.span.end));
    Item(from.unix_ms(), to.max(from).unix_ms(), look, words)
}

/// How an activity came out.
pub(super) const fn look_of(activity: &Activity) -> Look {
    match activity.status {
        ActivityStatus::Executing => Look::Open,
        ActivityStatus::Successful => Look::Good,
        ActivityStatus::PartiallySuccessful => Look::Partly,
        ActivityStatus::Failed => Look::Bad,
        ActivityStatus::Cancelled => Look::Plain,
    }
}

fn activities(run: &Run<'_>, group: &GroupRun<'_>, kinds: &[ActivityKind]) -> Vec<Item> {
    let ran = group
        .history
        .activities
        .iter()
        .filter(|a| kinds.contains(&a.kind) && a.status != ActivityStatus::Cancelled);
    let item = |activity: &Activity| {
        let end = activity.end.unwrap_or(run.span.end);
        let took = match activity.end {
            Some(end) => format!("took {}", end - activity.start),
            None => String::from("still under way at the end"),
        };
        let id = run.activity_id(group, activity.ordinal);
        let what = words::description(activity);
        let origin = origin(group, activity);
        let message = words::message(activity, run.utc_offset);
        let text = [id, what, format!("by {origin}"), message, took];
        let text: Vec<_> = text.into_iter().filter(|part| !part.is_empty()).collect();
        band(run, (activity.start, end), look_of(activity), text.join(", "))
    };
    ran.map(item).collect()
}

fn cooldowns(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Item> {
    let all = group.history.cooldowns.iter();
    let item = |(from, until): &(SimTime, SimTime)| {
        band(run, (*from, *until), Look::Waiting, format!("cooldown of {}", *until - *from))
    };
    all.map(item).collect()
}

fn waits(run: &Run<'_>, group: &GroupRun<'_>, transition: Transition) -> Vec<Item> {
    let item = |wait: &Wait| {
        let (look, came) = match wait.end {
            None => (Look::Open, "still waiting at the end"),
            Some(_) if wait.is_refused() => (Look::Bad, "launch refused"),
            Some(end) if end.expired => (Look::Partly, "timed out"),
            Some(_) => (Look::Waiting, "completed"),
        };
        let hook = group.history.hook_name(wait.hook);
        let (who, end) = (run.instance_id(group, wait.instance), wait.end.map(|end| end.t));
        let text = format!("{who} waited at hook `{hook}`, {came}");
        band(run, (wait.begin, end.unwrap_or(run.span.end)), look, text)
    };
    let all = group.history.waits.iter().filter(|wait| wait.transition == transition);
    all.map(item).collect()
}

fn tasks(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Item> {
    let history = &group.history;
    let item = |(t, task): &(SimTime, TaskOrdinal)| {
        let found = history.tasks.iter().find(|(ordinal, _)| ordinal == task);
        let text = found.map_or_else(String::new, |(_, task)| {
            format!("task `{}` set min {} and max {}", task.name, task.min, task.max)
        });
        band(run, (*t, *t), Look::Plain, text)
    };
    history.task_triggers.iter().map(item).collect()
}

fn suspensions(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Item> {
    let item = |(from, until): &(SimTime, Option<SimTime>)| {
        let until = until.unwrap_or(run.span.end);
        band(run, (*from, until), Look::Bad, format!("suspended for {}", until - *from))
    };
    group.history.suspensions.iter().map(item).collect()
}

/// Instances found unhealthy, and what failures did to their work.
fn failures(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Item> {
    let marks = group.history.marks.iter().map(|(t, who)| {
        let text = format!("{} found unhealthy", run.instance_id(group, *who));
        band(run, (*t, *t), Look::Bad, text)
    });
    let back_offs = group.history.back_offs.iter().map(|back_off| {
        let failures = back_off.failures;
        match back_off.until {
            Some(until) => {
                let text =
                    format!("failed {failures} in a row, tried again in {}", until - back_off.t);
                band(run, (back_off.t, until), Look::Waiting, text)
            }
            None => {
                let text = format!("failed {failures} in a row, given up");
                band(run, (back_off.t, back_off.t), Look::Bad, text)
            }
        }
    });
    let mut all: Vec<Item> = marks.chain(back_offs).collect();
    all.sort_by_key(|item| item.0);
    all
}

fn troubles(run: &Run<'_>, group: &GroupRun<'_>) -> Vec<Item> {
    let own = run.troubles.iter().filter(|t| t.group.is_none_or(|index| index == group.index));
    let within = own.filter(|t| t.begin < run.span.end && t.end > run.span.start);
    within.map(|t| band(run, (t.begin, t.end), Look::Bad, t.words.clone())).collect()
}

/// What an activity came from, with its name if it has one.
pub(super) fn origin(group: &GroupRun<'_>, activity: &Activity) -> String {
    match group.history.origin_name(activity.origin) {
        "" => activity.origin.word().to_owned(),
        name => format!("{} {name}", activity.origin.word()),
    }
}
