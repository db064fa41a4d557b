//! What happened to a group, and what the world had against it. A section that has nothing to say
//! is left out.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::{ColumnConstraint, Table};

use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus};
use crate::model::lifecycle_hook::Transition;
use crate::model::record::{Blocker, Decision, Notice, Outcome};
use crate::report::history::{Activity, Wait};
use crate::report::result::{GroupRun, Run};
use crate::report::summary::Summary;
use crate::report::text::{Figure, Layout, civil, short_number, table, trimmed};
use crate::report::words;

/// The last activities, refused ones left out.
pub(super) fn activities(text: &mut String, run: &Run<'_>, group: &GroupRun<'_>, layout: Layout) {
    let ran: Vec<&Activity> = group
        .history
        .activities
        .iter()
        .filter(|activity| activity.status != ActivityStatus::Cancelled)
        .collect();
    if ran.is_empty() {
        let _ = writeln!(text, "no activities");
        return;
    }
    let skipped = ran.len().saturating_sub(layout.activities);
    match skipped {
        0 => drop(writeln!(text, "activities")),
        _ => drop(writeln!(text, "activities, the last {} of {}", ran.len() - skipped, ran.len())),
    }
    let mut table = table(layout);
    let mut codes = BTreeMap::new();
    for activity in ran.into_iter().skip(skipped) {
        if activity.error != ActivityError::None {
            codes.insert(activity.error.code(), words::reason(activity.error));
        }
        let took = match activity.end {
            Some(end) if end == activity.start => String::from("at once"),
            Some(end) => format!("took {}", end - activity.start),
            None => String::from("still running"),
        };
        let sign = match activity.kind {
            ActivityKind::ScaleOut | ActivityKind::Attach => '+',
            ActivityKind::ScaleIn | ActivityKind::Detach => '-',
            ActivityKind::Replace => '=',
        };
        // One that found the group inactive never got so far as to count.
        let count = match activity.count {
            0 => String::new(),
            count => count.to_string(),
        };
        table.add_row([
            civil(run, activity.start),
            run.activity_id(group, activity.ordinal),
            format!("{sign}{count}"),
            format!("{} {}", what(activity), group.history.origin_name(activity.origin)),
            came_of_it(run, activity),
            took,
        ]);
    }
    keep_whole(&mut table, layout, &[0, 1, 2, 5]);
    text.push_str(&trimmed(&table));
    for (code, reason) in codes {
        let _ = writeln!(text, " {code}: {reason}");
    }
}

/// Keeps columns of times and ids from being broken, where there is room for them.
fn keep_whole(table: &mut Table, layout: Layout, columns: &[usize]) {
    const ROOM: u16 = 80;
    for column in columns {
        if let Some(column) = table.column_mut(*column).filter(|_| layout.width >= ROOM) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// What an activity came from; of what users do to single instances, what that is.
const fn what(activity: &Activity) -> &'static str {
    match activity.kind {
        ActivityKind::Attach => "attach",
        ActivityKind::Detach => "detach",
        _ => activity.origin.word(),
    }
}

/// How an activity went, with the code of what went wrong; what it means stands below the table.
fn came_of_it(run: &Run<'_>, activity: &Activity) -> String {
    let code = activity.error.code();
    match (activity.status, activity.error) {
        (_, ActivityError::None) => words::message(activity, run.utc_offset),
        (ActivityStatus::PartiallySuccessful, _) => {
            format!("{} of {}, {code}", activity.done(), activity.count)
        }
        _ => format!("failed, {code}"),
    }
}

/// Triggers that came to nothing, by policy and reason.
pub(super) fn refusals(text: &mut String, group: &GroupRun<'_>, layout: Layout) {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (_, decision) in &group.history.triggers {
        let Some(reason) = reason(decision) else { continue };
        *counts.entry((group.history.policy_name(decision.policy), reason)).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let _ = writeln!(text, "\ntriggers without effect");
    let mut table = table(layout);
    for ((policy, reason), count) in counts {
        table.add_row([policy, &times(count), &reason]);
    }
    text.push_str(&trimmed(&table));
}

/// Why a trigger came to nothing.
fn reason(decision: &Decision) -> Option<String> {
    let blocker = decision.trigger.and_then(|trigger| trigger.blocker);
    Some(match (decision.outcome, blocker) {
        (Outcome::Busy, Some(Blocker::Hook { .. })) => {
            String::from("an activity was waiting at a hook")
        }
        (Outcome::Busy, _) => String::from("an activity was running"),
        (Outcome::Cooldown, _) => String::from("in cooldown"),
        (Outcome::NoChange, _) => String::from("already at the size asked for"),
        (Outcome::Suspended, _) => String::from("the group was suspended"),
        (Outcome::Failed, Some(Blocker::Cause { error, .. })) => words::coded(error),
        (Outcome::Failed, _) => String::from("the group was inactive"),
        _ => return None,
    })
}

/// How often, in words.
fn times(count: usize) -> String {
    if count == 1 { String::from("once") } else { format!("{count} times") }
}

/// A number of things.
fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Waits by hook and side: how many, what came of them, and how long they were.
pub(super) fn waits(text: &mut String, run: &Run<'_>, group: &GroupRun<'_>, layout: Layout) {
    let mut by_hook: BTreeMap<_, Vec<&Wait>> = BTreeMap::new();
    for wait in &group.history.waits {
        by_hook
            .entry((wait.hook, wait.transition == Transition::Terminate))
            .or_default()
            .push(wait);
    }
    if by_hook.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nwaits at hooks");
    let mut table = table(layout);
    for ((hook, terminate), waits) in by_hook {
        let count = |pick: fn(&Wait) -> bool| waits.iter().filter(|wait| pick(wait)).count();
        let mut words = vec![counted(waits.len(), "wait", "waits")];
        let kinds = [
            (count(|wait| wait.end.is_some_and(|end| end.expired)), "timed out"),
            (count(Wait::is_refused), "refused"),
            (count(|wait| wait.end.is_none()), "still waiting"),
        ];
        words.extend(kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
        let lengths = waits.iter().map(|wait| wait.ms(run.span.end));
        let longest = SimDuration::from_ms(lengths.clone().max().unwrap_or(0));
        let all = SimDuration::from_ms(lengths.sum());
        words.push(format!("{longest} at most, {all} in all{}", price(run, all)));
        let side = if terminate { "terminate" } else { "launch" };
        table.add_row([group.history.hook_name(hook), side, &words.join(", ")]);
    }
    text.push_str(&trimmed(&table));
}

/// What instances cost in so long a time, if they cost anything.
fn price(run: &Run<'_>, time: SimDuration) -> String {
    let tariff = run.tariff;
    if tariff.per_instance_hour == Micro::ZERO {
        return String::new();
    }
    let cost = tariff.per_instance_hour.to_f64() * time.ms() as f64 / 3_600_000.0;
    format!(" ({cost:.2} {})", tariff.currency)
}

/// Health, failures, suspension and notifications, a line each.
pub(super) fn events(
    text: &mut String,
    run: &Run<'_>,
    group: &GroupRun<'_>,
    summary: &Summary,
    layout: Layout,
) {
    let rows = happened(run, group, summary);
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nwhat else happened");
    let mut table = table(layout);
    for (what, words) in rows {
        table.add_row([what, &words]);
    }
    text.push_str(&trimmed(&table));
}

/// What happened beside the figures, a line each; only what did.
pub(crate) fn happened(run: &Run<'_>, group: &GroupRun<'_>, summary: &Summary) -> Vec<Figure> {
    let rows = [
        ("saturated", saturated(run, summary)),
        ("refusals cost", refused(summary)),
        ("without policies", baseline(run, group, summary)),
        ("health", health(summary)),
        ("failures", failures(group, summary)),
        ("suspended", suspended(run, group)),
        ("notifications", notifications(group)),
    ];
    rows.into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

/// When alarms could not see how much was missing.
fn saturated(run: &Run<'_>, summary: &Summary) -> String {
    let stretches = &summary.saturated.stretches;
    let Some((begin, end)) = stretches.iter().rev().max_by_key(|(begin, end)| *end - *begin) else {
        return String::new();
    };
    let (minutes, from) = (short_number(summary.saturated.minutes), civil(run, *begin));
    let longest = match stretches.len() {
        1 => format!("from {from}"),
        several => format!("in {several} stretches, {} of them from {from}", *end - *begin),
    };
    format!("{minutes} min {longest}: alarms see no load above capacity")
}

/// What would have been without policies.
fn baseline(run: &Run<'_>, group: &GroupRun<'_>, summary: &Summary) -> String {
    let Some(baseline) = &group.baseline else { return String::new() };
    let mut words = Vec::new();
    if let (Some(with), Some(without)) = (summary.slo_minutes, baseline.summary.slo_minutes) {
        let [with, without] = [with, without].map(short_number);
        words.push(format!("SLO broken {without} min, not {with}"));
    }
    let (with, without) = (summary.instance_hours, baseline.summary.instance_hours);
    words.push(format!("{without:.1} instance hours, not {with:.1}"));
    if run.tariff.per_instance_hour > Micro::ZERO {
        let (with, without) = (summary.cost, baseline.summary.cost);
        words.push(format!("{without:.2} {}, not {with:.2}", run.tariff.currency));
    }
    if let Some(speedup) = baseline.elastic_speedup {
        words.push(format!("elastic speed-up {speedup:.2}"));
    }
    words.join("; ")
}

/// Broken minutes after refused triggers.
fn refused(summary: &Summary) -> String {
    let cost = &summary.refused_minutes;
    let parts = [
        (cost.busy, "while busy"),
        (cost.cooldown, "in cooldown"),
        (cost.failed, "while inactive"),
        (cost.suspended, "while suspended"),
        (cost.at_max, "at the maximum size"),
    ];
    let words = parts.iter().filter(|(minutes, _)| *minutes > 0.0);
    let words: Vec<String> =
        words.map(|(minutes, what)| format!("{} {what}", short_number(*minutes))).collect();
    match words.as_slice() {
        [] => String::new(),
        _ => format!("SLO minutes: {}", words.join(", ")),
    }
}

fn health(summary: &Summary) -> String {
    match summary.marked {
        0 => String::new(),
        marked => format!("{marked} found unhealthy, {} replaced", summary.replaced),
    }
}

fn failures(group: &GroupRun<'_>, summary: &Summary) -> String {
    let s = summary;
    let retries = group.history.back_offs.iter().filter(|b| b.until.is_some()).count();
    let activities = s.failed_activities + s.partial_activities;
    let launches = |count, what: &str| format!("{} {what}", counted(count, "launch", "launches"));
    let facts = [
        (s.failed_launches, launches(s.failed_launches, "failed")),
        (s.refused_launches, launches(s.refused_launches, "refused by a hook")),
        (
            activities,
            format!("{} failed in part or whole", counted(activities, "activity", "activities")),
        ),
        (retries, format!("tried again {}", times(retries))),
        (s.given_up, format!("given up {}", times(s.given_up))),
    ];
    let words: Vec<String> =
        facts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    words.join(", ")
}

fn suspended(run: &Run<'_>, group: &GroupRun<'_>) -> String {
    let until = |end: Option<SimTime>| match end {
        Some(end) => civil(run, end),
        None => String::from("the end"),
    };
    match group.history.suspensions.as_slice() {
        [] => String::new(),
        [(begin, end)] => format!("{} to {}", civil(run, *begin), until(*end)),
        spans => {
            let last = run.span.end;
            let ms = spans.iter().map(|(begin, end)| (end.unwrap_or(last) - *begin).ms());
            format!("{}, {} in all", times(spans.len()), SimDuration::from_ms(ms.sum()))
        }
    }
}

fn notifications(group: &GroupRun<'_>) -> String {
    let notices = &group.history.notices;
    let of = |pick: fn(&Notice) -> bool| notices.iter().filter(|(_, n)| pick(n)).count();
    let kinds = [
        (of(|n| matches!(n, Notice::Activity { .. })), "of activities"),
        (of(|n| matches!(n, Notice::Policy { .. })), "of policies"),
        (of(|n| matches!(n, Notice::Hook { .. })), "of waits"),
    ];
    let words: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    words.join(", ")
}

/// Causes of failures and outages with their times, all groups together.
pub(super) fn troubles(text: &mut String, run: &Run<'_>, layout: Layout) {
    if run.troubles.is_empty() {
        return;
    }
    let _ = writeln!(text, "\ncauses and outages");
    let mut table = table(layout);
    for trouble in run.troubles.iter().take(layout.activities) {
        let end = match trouble.end {
            SimTime::MAX => String::from("to the end"),
            end => format!("to {}", civil(run, end)),
        };
        let group = trouble.group.and_then(|index| run.groups.iter().find(|g| g.index == index));
        let group = group.map_or("all", |group| group.name);
        table.add_row([&civil(run, trouble.begin), &end, group, &trouble.words]);
    }
    keep_whole(&mut table, layout, &[0, 1]);
    text.push_str(&trimmed(&table));
    let more = run.troubles.len().saturating_sub(layout.activities);
    if more > 0 {
        let _ = writeln!(text, " and {more} more");
    }
}
