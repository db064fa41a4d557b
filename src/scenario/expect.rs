//! Expectations: what a scenario says must hold, checked against what happened (DESIGN 4).

use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::activity::ActivityStatus;
use crate::model::policy::Dimension;
use crate::report::history::Activity;
use crate::report::minutes::{Minute, minutes};
use crate::report::result::{Finding, GroupRun, Run};
use crate::scenario::value::Bounds;

/// One expectation about one group: when, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Name of the group.
    pub group: String,
    /// When it must hold.
    pub when: Window,
    /// What must hold then; all of it.
    pub bounds: Vec<(Quantity, Bounds)>,
    /// How often something may happen in any span of a length.
    pub at_most: Option<AtMost>,
}

/// When an expectation must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At an instant, after its work.
    At(SimTime),
    /// At every instant from the first up to, but not at, the second; counts count within it.
    During(SimTime, SimTime),
    /// During the whole run.
    Throughout,
}

/// What an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Desired capacity.
    Desired,
    /// Instances in service.
    InService,
    /// Members, also those coming and going.
    Members,
    /// Mean CPU utilisation of a civil minute, per cent; minutes without one do not count.
    CpuUsage,
    /// Activities that began, cancelled ones left out.
    Activities,
    /// Triggers that were refused: cancelled activities.
    Refused,
    /// Notifications that were sent.
    Notifications,
    /// Minutes in which the promise was broken.
    SloMinutes,
}

/// How many scale activities may begin within any span of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtMost {
    /// So many.
    pub scale_activities: u32,
    /// Within so long.
    pub per: SimDuration,
}

/// A breach: when, and what was found.
type Breach = (SimTime, String);

impl Quantity {
    /// Whether it is a fold over every minute of the run.
    pub const fn reads_minutes(self) -> bool {
        matches!(self, Self::CpuUsage | Self::SloMinutes)
    }

    /// The key in a scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::InService => "in_service",
            Self::Members => "members",
            Self::CpuUsage => "cpu_usage",
            Self::Activities => "activities",
            Self::Refused => "refused",
            Self::Notifications => "notifications",
            Self::SloMinutes => "slo_minutes",
        }
    }
}

/// Checks every expectation of a run; a finding for each thing an expectation says. One about a
/// time that the run has not reached, because it was cut short, is left out.
pub fn check(run: &Run<'_>, expectations: &[Expectation]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for expectation in expectations {
        let Some(group) = run.groups.iter().find(|g| g.name == expectation.group) else { continue };
        let (from, to) = expectation.when.span(run);
        if to > run.span.end {
            continue;
        }
        let when = expectation.when.words(run);
        for (quantity, bounds) in &expectation.bounds {
            let breach = breach(run, group, *quantity, *bounds, expectation.when);
            let expected = format!("{} {} {when}", quantity.name(), bounds.words());
            findings.push(finding(group, expected, breach));
        }
        if let Some(at_most) = expectation.at_most {
            let AtMost { scale_activities, per } = at_most;
            let expected = format!("at most {scale_activities} scale activities per {per} {when}");
            findings.push(finding(group, expected, crowded(group, at_most, from, to)));
        }
    }
    findings
}

fn finding(group: &GroupRun<'_>, expected: String, breach: Option<Breach>) -> Finding {
    let holds = breach.is_none();
    let (t, found) = breach.unzip();
    Finding { group: group.name.to_owned(), expected, holds, found, t }
}

impl Window {
    /// Whether a run that ends at `end` covers it.
    pub fn is_over_by(self, end: SimTime) -> bool {
        match self {
            Self::At(t) => t < end,
            Self::During(_, to) => to <= end,
            Self::Throughout => true,
        }
    }

    /// The span it covers: a single millisecond for an instant.
    fn span(self, run: &Run<'_>) -> (SimTime, SimTime) {
        match self {
            Self::At(t) => (t, t + SimDuration::from_ms(1)),
            Self::During(from, to) => (from, to),
            Self::Throughout => (run.span.start, run.span.end),
        }
    }

    fn words(self, run: &Run<'_>) -> String {
        let civil = |t: SimTime| t.format_civil(run.utc_offset);
        match self {
            Self::At(t) => format!("at {}", civil(t)),
            Self::During(from, to) => format!("from {} to {}", civil(from), civil(to)),
            Self::Throughout => String::from("throughout"),
        }
    }
}

/// The first breach of one bound.
fn breach(
    run: &Run<'_>,
    group: &GroupRun<'_>,
    quantity: Quantity,
    bounds: Bounds,
    window: Window,
) -> Option<Breach> {
    let (from, to) = window.span(run);
    let breach = |t: SimTime, value: Micro| {
        (!bounds.holds(value)).then(|| (t, format!("{} = {value}", quantity.name())))
    };
    let count = |times: Vec<SimTime>| {
        let count = i64::try_from(times.len()).unwrap_or(i64::MAX);
        // The one too many is the moment to look at; too few are only seen at the end.
        let most = bounds
            .max
            .map_or(usize::MAX, |max| usize::try_from(max.millionths() / 1_000_000).unwrap_or(0));
        breach(times.get(most).copied().unwrap_or(to), Micro::from_int(count))
    };
    let began = |pick: fn(&Activity) -> bool| {
        let inside = |a: &&Activity| a.start >= from && a.start < to && pick(a);
        count(group.history.activities.iter().filter(inside).map(|a| a.start).collect())
    };
    let size = |pick: fn(&crate::report::history::Row) -> u32| {
        let rows = &group.history.timeline;
        let first = group.history.row_at(from).map(|row| (from, row));
        let later = rows.iter().filter(|row| row.t > from && row.t < to).map(|row| (row.t, row));
        let mut sizes = first.into_iter().chain(later);
        sizes.find_map(|(t, row)| breach(t, Micro::from_int(i64::from(pick(row)))))
    };
    match quantity {
        Quantity::Desired => size(|row| row.desired),
        Quantity::InService => size(|row| row.in_service),
        Quantity::Members => size(|row| row.members),
        Quantity::Activities => began(|a| a.status != ActivityStatus::Cancelled),
        Quantity::Refused => began(|a| a.status == ActivityStatus::Cancelled),
        Quantity::Notifications => {
            let sent = group.history.notices.iter().map(|(t, _)| *t);
            count(sent.filter(|t| *t >= from && *t < to).collect())
        }
        Quantity::CpuUsage => {
            let mut inside = minutes_within(run, group, from, to);
            inside.find_map(|minute| {
                let usage = minute.usage.get(Dimension::CpuUsage.index()).copied().flatten()?;
                breach(minute.start, usage)
            })
        }
        Quantity::SloMinutes => {
            let broken = |m: &Minute| crate::report::slo::is_breach(m, &run.slo) == Some(true);
            let inside = minutes_within(run, group, from, to).filter(broken);
            count(inside.map(|minute| minute.start).collect())
        }
    }
}

/// The minutes that overlap a span. The run is folded from its start, since a backlog may be
/// carried into it.
fn minutes_within<'a>(
    run: &Run<'a>,
    group: &'a GroupRun<'a>,
    from: SimTime,
    to: SimTime,
) -> impl Iterator<Item = Minute> + 'a {
    let all = minutes(&group.history, group.load, run.span);
    all.skip_while(move |m| m.start + m.length <= from).take_while(move |m| m.start < to)
}

/// The first span of that length in which too many activities begin.
fn crowded(group: &GroupRun<'_>, at_most: AtMost, from: SimTime, to: SimTime) -> Option<Breach> {
    let activities = group.history.activities.iter();
    let starts: Vec<SimTime> = activities
        .filter(|a| a.status != ActivityStatus::Cancelled && a.start >= from && a.start < to)
        .map(|a| a.start)
        .collect();
    let most = usize::try_from(at_most.scale_activities).unwrap_or(usize::MAX);
    let too_many = starts.iter().zip(starts.iter().skip(most));
    let mut too_many = too_many.filter(|(first, last)| **last - **first < at_most.per);
    let (first, _) = too_many.next()?;
    let count = starts.iter().filter(|t| **t >= *first && **t < *first + at_most.per).count();
    Some((*first, format!("{count} within {}", at_most.per)))
}
