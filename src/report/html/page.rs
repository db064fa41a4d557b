//! What the page knows: the run's data as its script reads it.

use serde::Serialize;

use crate::kernel::{Micro, SimTime};
use crate::model::id::InstanceOrdinal;
use crate::model::policy::Dimension;
use crate::model::record::{Decision, Outcome};
use crate::report::explain::sentence;
use crate::report::history::{Activity, Row};
use crate::report::html::bands::{Lane, Look, lanes, look_of, origin};
use crate::report::html::meanings::meaning;
use crate::report::html::packed::Packed;
use crate::report::minutes::{minutes, work_units};
use crate::report::result::{GroupRun, Run};
use crate::report::text::{Figure, figures, happened};
use crate::report::words;

/// Where a run came from.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Source<'a> {
    /// The scenario's file, without its folders.
    pub file: &'a str,
    /// What was changed in it before it ran, as `PATH=VALUE`.
    pub overrides: &'a [String],
    /// What the file says.
    pub text: &'a str,
}

/// A whole run. Times are milliseconds since 1970, as browsers count them.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    scenario: &'a str,
    about: &'a str,
    version: &'static str,
    seed: u64,
    start: i64,
    end: i64,
    offset_ms: i64,
    span: String,
    events: usize,
    digest: &'a str,
    warnings: &'a [String],
    expectations: Vec<Expectation>,
    source: Source<'a>,
    groups: Vec<GroupPage<'a>>,
}

#[derive(Debug, Serialize)]
struct Expectation {
    holds: bool,
    words: String,
}

#[derive(Debug, Serialize)]
struct GroupPage<'a> {
    name: &'a str,
    id: String,
    line: String,
    /// Name, value, meaning.
    figures: Vec<(&'static str, String, &'static str)>,
    /// What else happened, in words.
    happened: Vec<Figure>,
    /// Per minute; absent without a closed loop.
    load: Option<LoadPage>,
    /// Metrics that have a sample, per minute.
    metrics: Vec<MetricPage>,
    sizes: Sizes,
    recorded: Option<Packed>,
    lanes: Vec<Lane>,
    policies: Vec<PolicyPage<'a>>,
    activities: Vec<ActivityRow>,
    decisions: Vec<DecisionRow>,
}

#[derive(Debug, Serialize)]
struct LoadPage {
    offered: Packed,
    capacity: Packed,
}

#[derive(Debug, Serialize)]
struct MetricPage {
    name: &'static str,
    unit: &'static str,
    values: Packed,
}

/// The timeline in columns: a row at the start and after each instant that changed one of them.
#[derive(Debug, Serialize)]
struct Sizes {
    t: Packed,
    min: Packed,
    max: Packed,
    desired: Packed,
    members: Packed,
    in_service: Packed,
}

#[derive(Debug, Serialize)]
struct PolicyPage<'a> {
    name: &'a str,
    metric: &'static str,
    sign: &'static str,
    threshold: i64,
    repeat: u32,
}

#[derive(Debug, Serialize)]
struct ActivityRow {
    t: i64,
    end: Option<i64>,
    id: String,
    what: String,
    origin: String,
    look: Look,
    result: String,
    instances: String,
}

#[derive(Debug, Serialize)]
struct DecisionRow {
    t: i64,
    /// Its place in `policies`.
    policy: usize,
    value: Option<f64>,
    streak: u32,
    outcome: Outcome,
    /// Desired capacity before, and what it was asked to become; of triggers.
    from: Option<u32>,
    to: Option<i64>,
    why: String,
}

impl<'a> Page<'a> {
    /// Folds a run.
    pub fn of(run: &'a Run<'a>, source: Source<'a>) -> Self {
        let civil = |t: SimTime| t.format_civil(run.utc_offset);
        let (start, end) = (run.span.start, run.span.end);
        let expectations = run.findings.iter().map(|finding| Expectation {
            holds: finding.holds,
            words: match finding.holds {
                true => format!("group {}: {}", finding.group, finding.expected),
                false => words::finding(finding, run.utc_offset),
            },
        });
        Self {
            scenario: run.scenario,
            about: run.about,
            version: env!("CARGO_PKG_VERSION"),
            seed: run.seed,
            start: start.unix_ms(),
            end: end.unix_ms(),
            offset_ms: run.utc_offset.ms(),
            span: format!(
                "{} to {} ({}), {}",
                civil(start),
                civil(end),
                run.utc_offset,
                end - start
            ),
            events: run.events,
            digest: &run.digest,
            warnings: &run.warnings,
            expectations: expectations.collect(),
            source,
            groups: run.groups.iter().map(|group| GroupPage::of(run, group)).collect(),
        }
    }
}

impl Page<'_> {
    /// The scenario's name.
    pub const fn scenario(&self) -> &str {
        self.scenario
    }
}

impl<'a> GroupPage<'a> {
    fn of(run: &'a Run<'a>, group: &'a GroupRun<'a>) -> Self {
        let history = &group.history;
        let summary = run.summary(group);
        let (left, right) = figures(run, &summary);
        let told = left.into_iter().chain(right);
        let columns = Columns::of(run, group);
        let policies = history.policies.iter().map(|(_, policy)| PolicyPage {
            name: &policy.name,
            metric: policy.alarm.dimension.name(),
            sign: policy.alarm.operator.sign(),
            threshold: policy.alarm.threshold,
            repeat: policy.alarm.repeat_times,
        });
        let decisions = group.evaluations.unwrap_or(&history.triggers);
        Self {
            name: group.name,
            id: run.group_id(group),
            line: line(&history.timeline),
            figures: told.map(|(name, value)| (name, value, meaning(name))).collect(),
            happened: happened(run, group, &summary),
            load: columns.load(group),
            metrics: columns.metrics(),
            sizes: Sizes::of(&history.timeline),
            recorded: group.recorded().map(|_| Packed::of(&columns.recorded)),
            lanes: lanes(run, group),
            policies: policies.collect(),
            activities: history.activities.iter().map(|a| ActivityRow::of(run, group, a)).collect(),
            decisions: decisions.iter().map(|d| DecisionRow::of(run, group, *d)).collect(),
        }
    }
}

/// Where the group began, how far it got, and where it ended.
fn line(rows: &[Row]) -> String {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return String::new() };
    let peak = rows.iter().map(|row| row.in_service).max().unwrap_or(0);
    let (begun, ended) = (first.in_service, last.in_service);
    format!(
        "{begun} in service at the start, at most {peak}, {ended} at the end (min {}, max {})",
        last.min, last.max
    )
}

/// What is known by the minute.
#[derive(Default)]
struct Columns {
    offered: Vec<Option<f64>>,
    capacity: Vec<Option<f64>>,
    usage: [Vec<Option<f64>>; 4],
    recorded: Vec<Option<f64>>,
}

impl Columns {
    fn of(run: &Run<'_>, group: &GroupRun<'_>) -> Self {
        let mut columns = Self::default();
        for minute in minutes(&group.history, group.load, run.span) {
            let seconds = minute.known.ms() as f64 / 1000.0;
            let rate = |work| (seconds > 0.0).then(|| work_units(work) / seconds);
            columns.offered.push(rate(minute.flow.offered));
            columns.capacity.push(rate(minute.flow.capacity));
            for (column, usage) in columns.usage.iter_mut().zip(minute.usage) {
                column.push(usage.map(Micro::to_f64));
            }
            if let Some(recorded) = group.recorded() {
                let count = recorded.count.at(minute.start).value;
                columns.recorded.push(count.map(Micro::to_f64));
            }
        }
        columns
    }

    fn load(&self, group: &GroupRun<'_>) -> Option<LoadPage> {
        group.load.and_then(|load| load.demand())?;
        Some(LoadPage { offered: Packed::of(&self.offered), capacity: Packed::of(&self.capacity) })
    }

    fn metrics(&self) -> Vec<MetricPage> {
        let pages = Dimension::ALL.iter().zip(&self.usage).map(|(dimension, column)| {
            let (unit, values) = match dimension.is_percentage() {
                true => ("%", Packed::in_units(column, 0.1)),
                false => ("B/s", Packed::of(column)),
            };
            MetricPage { name: dimension.name(), unit, values }
        });
        pages.filter(|metric| !metric.values.is_unknown()).collect()
    }
}

impl Sizes {
    fn of(rows: &[Row]) -> Self {
        let column = |of: fn(&Row) -> u32| Packed::whole(rows.iter().map(|r| i64::from(of(r))));
        Self {
            t: Packed::whole(rows.iter().map(|row| row.t.unix_ms())),
            min: column(|row| row.min),
            max: column(|row| row.max),
            desired: column(|row| row.desired),
            members: column(|row| row.members),
            in_service: column(|row| row.in_service),
        }
    }
}

impl ActivityRow {
    fn of(run: &Run<'_>, group: &GroupRun<'_>, activity: &Activity) -> Self {
        let ids = |all: &[InstanceOrdinal]| {
            let ids: Vec<_> = all.iter().map(|i| run.instance_id(group, *i)).collect();
            ids.join(" ")
        };
        let failed = match activity.failed.as_slice() {
            [] => String::new(),
            failed => format!(" failed: {}", ids(failed)),
        };
        Self {
            t: activity.start.unix_ms(),
            end: activity.end.map(|end| end.unix_ms()),
            id: run.activity_id(group, activity.ordinal),
            what: words::description(activity),
            origin: origin(group, activity),
            look: look_of(activity),
            result: words::message(activity, run.utc_offset),
            instances: ids(&activity.succeeded) + &failed,
        }
    }
}

impl DecisionRow {
    fn of(run: &Run<'_>, group: &GroupRun<'_>, (t, decision): (SimTime, Decision)) -> Self {
        let all = &group.history.policies;
        Self {
            t: t.unix_ms(),
            policy: all.iter().position(|(o, _)| *o == decision.policy).unwrap_or(all.len()),
            value: decision.value.map(Micro::to_f64),
            streak: decision.streak,
            outcome: decision.outcome,
            from: decision.trigger.map(|trigger| trigger.desired),
            to: decision.trigger.map(|trigger| trigger.unclamped),
            why: sentence(run, group, t, &decision),
        }
    }
}
