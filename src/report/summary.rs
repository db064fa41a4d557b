//! The figures of a run, one table per group (DESIGN 5, SEMANTICS 12).

use serde::Serialize;

use crate::env::load::Load;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::activity::{ActivityKind, ActivityStatus};
use crate::model::record::Outcome;
use crate::report::cost::{Tariff, bill, recorded_bill};
use crate::report::elasticity::elasticity;
use crate::report::history::{Activity, History, Row};
use crate::report::reaction::{RefusedMinutes, provisioning, reaction, refused_minutes};
use crate::report::slo::Durations;
use crate::report::tally::{Headroom, ResponseTime, Saturation, Tally, Utilisation};
use crate::report::{Slo, Span, minutes_of, rounded};

/// The figures of one group's run. `None` where a figure has no meaning (no demand, no record).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Hours of instances from the end of creation to release.
    pub instance_hours: f64,
    /// What they cost by the tariff.
    pub cost: f64,
    /// Minutes in which the promise was broken.
    pub slo_minutes: Option<f64>,
    /// Share of offered load that was lost, 0 to 1.
    pub lost_load: Option<f64>,
    /// Mean share of demanded instances that were missing, per cent.
    pub under_accuracy: Option<f64>,
    /// Mean of instances too many as a share of those demanded, per cent.
    pub over_accuracy: Option<f64>,
    /// Share of time with too few instances, per cent.
    pub under_timeshare: Option<f64>,
    /// Share of time with too many instances, per cent.
    pub over_timeshare: Option<f64>,
    /// Share of minutes in which demand and supply moved apart, per cent.
    pub instability: Option<f64>,
    /// Reversals of direction within 30 minutes (12.3).
    pub flaps: usize,
    /// Changes of direction per day, however long the pause between (12.3).
    pub reversals_per_day: Option<f64>,
    /// Scale-out activities that began.
    pub scale_outs: usize,
    /// Scale-in activities that began.
    pub scale_ins: usize,
    /// Triggers refused because the group was at work.
    pub refused_busy: usize,
    /// Triggers refused by a cooldown.
    pub refused_cooldown: usize,
    /// Scale-out triggers refused because the group was inactive for a standing cause.
    pub refused_failed: usize,
    /// Triggers of a suspended group.
    pub refused_suspended: usize,
    /// Activities that did a part of their work (status 3).
    pub partial_activities: usize,
    /// Activities that did nothing of it (status 4).
    pub failed_activities: usize,
    /// Instances whose creation failed.
    pub failed_launches: usize,
    /// Instances whose launch a hook refused.
    pub refused_launches: usize,
    /// Failures after which the work was given up.
    pub given_up: usize,
    /// Waits of instances at hooks.
    pub hook_waits: usize,
    /// Those of them that nobody completed in time.
    pub expired_waits: usize,
    /// Their length, all instances together.
    pub hook_wait_minutes: f64,
    /// Instances that were found unhealthy.
    pub marked: usize,
    /// New instances that entered service in place of unhealthy ones.
    pub replaced: usize,
    /// Minutes in which the group was suspended.
    pub suspended_minutes: f64,
    /// Notifications that were sent.
    pub notifications: usize,
    /// Minutes with desired at the minimum size, below the maximum.
    pub pinned_min_minutes: f64,
    /// Minutes with desired at the maximum size, above the minimum.
    pub pinned_max_minutes: f64,
    /// CPU utilisation by minute.
    pub utilisation: Utilisation,
    /// Capacity left over by minute.
    pub headroom: Headroom,
    /// When instances were at their fullest and more was asked for.
    pub saturated: Saturation,
    /// Episodes of breaches that ended.
    pub recovery: Durations,
    /// From the begin of an episode until a scale-out is at work.
    pub reaction: Durations,
    /// From the start to the end of scale-outs that brought instances into service.
    pub provisioning: Durations,
    /// Broken minutes after refused triggers, by reason.
    pub refused_minutes: RefusedMinutes,
    /// An estimate, if the scenario asks for it.
    pub response_time: Option<ResponseTime>,
    /// Hours of the recorded instances.
    pub recorded_instance_hours: Option<f64>,
    /// What they would have cost by the hour.
    pub recorded_cost: Option<f64>,
    /// Minutes with recorded utilisation above 95 %: demand may have been hidden.
    pub low_confidence_minutes: Option<f64>,
    /// Minutes for which the load was not known.
    pub missing_minutes: f64,
}

/// What the summary of a group is made from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The group's log, folded.
    pub history: &'a History,
    /// The group's load.
    pub load: Option<&'a Load>,
    /// The run.
    pub span: Span,
    /// The promise.
    pub slo: &'a Slo,
    /// The price.
    pub tariff: &'a Tariff,
}

/// Folds a group's run into its figures.
pub fn summarise(inputs: Inputs<'_>) -> Summary {
    let Inputs { history, load, span, slo, tariff } = inputs;
    let tally = Tally::of(history, load, span, slo);
    let promise = &tally.promise;
    let episodes = promise.episodes();
    let elastic = elasticity(history, load, span, slo);
    let bill = bill(&history.lives, span, tariff);
    let recorded = match load {
        Some(Load::Recorded(recorded)) => Some(recorded),
        _ => None,
    };
    let recorded_bill = recorded.map(|recorded| recorded_bill(recorded, span, tariff));
    let refused = |outcome| history.triggers.iter().filter(|(_, d)| d.outcome == outcome).count();
    let ended = |status| history.activities.iter().filter(|a| a.status == status).count();
    let failed: usize = history.activities.iter().map(|a| a.failed.len()).sum();
    let refused_launches = history.waits.iter().filter(|wait| wait.is_refused()).count();
    let pinned = |at: fn(&Row) -> bool| pinned_minutes(&history.timeline, span, at);
    Summary {
        instance_hours: bill.instance_hours,
        cost: bill.cost,
        slo_minutes: promise.slo_minutes(),
        lost_load: promise.lost_load(),
        under_accuracy: elastic.map(|e| e.under_accuracy),
        over_accuracy: elastic.map(|e| e.over_accuracy),
        under_timeshare: elastic.map(|e| e.under_timeshare),
        over_timeshare: elastic.map(|e| e.over_timeshare),
        instability: elastic.and_then(|e| e.instability),
        flaps: flaps(&history.activities),
        reversals_per_day: reversals_per_day(&history.activities, span),
        scale_outs: begun(&history.activities, ActivityKind::ScaleOut),
        scale_ins: begun(&history.activities, ActivityKind::ScaleIn),
        refused_busy: refused(Outcome::Busy),
        refused_cooldown: refused(Outcome::Cooldown),
        refused_failed: refused(Outcome::Failed),
        refused_suspended: refused(Outcome::Suspended),
        partial_activities: ended(ActivityStatus::PartiallySuccessful),
        failed_activities: ended(ActivityStatus::Failed),
        failed_launches: failed.saturating_sub(refused_launches),
        refused_launches,
        given_up: history.back_offs.iter().filter(|b| b.until.is_none()).count(),
        hook_waits: history.waits.len(),
        expired_waits: history.waits.iter().filter(|w| w.end.is_some_and(|e| e.expired)).count(),
        hook_wait_minutes: minutes_of(history.waits.iter().map(|w| w.ms(span.end)).sum()),
        marked: history.marks.len(),
        replaced: history.replacements,
        suspended_minutes: suspended_minutes(history, span),
        notifications: history.notices.len(),
        pinned_min_minutes: pinned(|row| row.desired == row.min && row.max > row.min),
        pinned_max_minutes: pinned(|row| row.desired == row.max && row.max > row.min),
        utilisation: tally.utilisation,
        headroom: tally.headroom,
        saturated: tally.saturated,
        recovery: promise.recovery(),
        reaction: reaction(history, &episodes),
        provisioning: provisioning(history),
        refused_minutes: refused_minutes(history, &episodes, promise.breaches()),
        response_time: tally.response_time,
        recorded_instance_hours: recorded_bill.map(|b| b.instance_hours),
        recorded_cost: recorded_bill.map(|b| b.cost),
        low_confidence_minutes: recorded
            .map(|r| minutes_above(&r.usage, Micro::from_int(95), span)),
        missing_minutes: tally.missing_minutes,
    }
}

fn begun(activities: &[Activity], kind: ActivityKind) -> usize {
    let of_kind = activities.iter().filter(|a| a.kind == kind);
    of_kind.filter(|a| a.status != ActivityStatus::Cancelled).count()
}

/// The longest pause after which a change of direction counts as a flap (12.3).
const FLAP_PAUSE: SimDuration = SimDuration::from_s(1800);

/// Activities that undo the direction of the one before within half an hour of its end (12.3).
pub fn flaps(activities: &[Activity]) -> usize {
    reversals(activities).into_iter().filter(|pause| *pause <= FLAP_PAUSE).count()
}

/// Changes of direction per day of the run, however long the pause (12.3); `None` for a run of no
/// length.
fn reversals_per_day(activities: &[Activity], span: Span) -> Option<f64> {
    const DAY_MS: f64 = 86_400_000.0;
    let count = reversals(activities).len() as f64;
    (span.ms() > 0).then(|| rounded(count * DAY_MS / span.ms() as f64))
}

/// The pauses between scale-outs and scale-ins that did something and the next such activity of
/// the other type.
fn reversals(activities: &[Activity]) -> Vec<SimDuration> {
    let mut last: Option<(ActivityKind, SimTime)> = None;
    let mut pauses = Vec::new();
    let scales = |a: &&Activity| matches!(a.kind, ActivityKind::ScaleOut | ActivityKind::ScaleIn);
    for activity in activities.iter().filter(scales).filter(|a| a.changed_something()) {
        if let Some((_, end)) = last.filter(|(kind, _)| *kind != activity.kind) {
            pauses.push(activity.start - end);
        }
        last = activity.end.map(|end| (activity.kind, end));
    }
    pauses
}

fn pinned_minutes(timeline: &[Row], span: Span, pinned: fn(&Row) -> bool) -> f64 {
    let ends = timeline.iter().skip(1).map(|row| row.t).chain([span.end]);
    let ms = timeline
        .iter()
        .zip(ends)
        .filter(|(row, _)| pinned(row))
        .map(|(row, end)| (end.min(span.end) - row.t).ms().max(0));
    minutes_of(ms.sum())
}

fn suspended_minutes(history: &History, span: Span) -> f64 {
    let spans = history.suspensions.iter();
    let ms = spans.map(|(begin, end)| (end.unwrap_or(span.end).min(span.end) - *begin).ms());
    minutes_of(ms.sum())
}

fn minutes_above(trace: &crate::env::trace::Trace, limit: Micro, span: Span) -> f64 {
    let steps = trace.steps(span.start, span.end);
    let above = steps.filter(|(_, step)| step.value.is_some_and(|v| v > limit));
    minutes_of(above.map(|(from, step)| (step.until.min(span.end) - from).ms()).sum())
}
