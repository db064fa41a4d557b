//! The result of a run as data, `asgsim.result/1` (DESIGN 5).

use serde::Serialize;

use crate::env::load::{Load, Recorded};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimTime, UtcOffset};
use crate::model::id::{ActivityOrdinal, GroupIndex, IdKind, public_id};
use crate::model::record::{Blocker, Decision, Outcome, Trigger};
use crate::report::history::{Activity, History, Row};
use crate::report::summary::{Inputs, Summary, summarise};
use crate::report::{Slo, Span, Tariff, words};

/// Version of the result's shape. Keys keep their meaning within it; more may come.
pub const SCHEMA: &str = "asgsim.result/1";

/// A run as reports see it: facts and folds, no engine.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The question it asks.
    pub about: &'a str,
    /// Its seed, the salt of ids.
    pub seed: u64,
    /// Offset of civil time.
    pub utc_offset: UtcOffset,
    /// What was run.
    pub span: Span,
    /// The promise.
    pub slo: Slo,
    /// The price.
    pub tariff: &'a Tariff,
    /// Digest of the event log, in hexadecimal.
    pub digest: String,
    /// Records the digest covers.
    pub events: usize,
    /// What a reader should know before trusting the figures.
    pub warnings: Vec<String>,
    /// The groups in file order.
    pub groups: Vec<GroupRun<'a>>,
}

/// One group of a run.
#[derive(Clone, Debug)]
pub struct GroupRun<'a> {
    /// Its place.
    pub index: GroupIndex,
    /// Its name.
    pub name: &'a str,
    /// Its folded log.
    pub history: History,
    /// Where its metrics came from.
    pub load: Option<&'a Load>,
    /// Every evaluation, if all were kept; else the triggers of the history count.
    pub evaluations: Option<&'a [(SimTime, Decision)]>,
}

impl GroupRun<'_> {
    /// The recorded instance count beside the simulated one, if there is one.
    pub const fn recorded(&self) -> Option<&Recorded> {
        match self.load {
            Some(Load::Recorded(recorded)) => Some(recorded),
            _ => None,
        }
    }
}

/// The whole result, ready to be serialised.
#[derive(Clone, Debug, Serialize)]
pub struct RunResult {
    schema: &'static str,
    scenario: String,
    version: &'static str,
    seed: u64,
    start: SimTime,
    end: SimTime,
    digest: String,
    events: usize,
    groups: Vec<GroupResult>,
    expectations: Vec<()>,
    warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct GroupResult {
    name: String,
    id: String,
    timeline: Vec<TimelineRow>,
    activities: Vec<ActivityRow>,
    decisions: Vec<DecisionRow>,
    notifications: Vec<()>,
    summary: Summary,
}

#[derive(Clone, Debug, Serialize)]
struct TimelineRow {
    #[serde(flatten)]
    row: Row,
    /// Present with recorded load: the number then, null where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<Option<Micro>>,
}

#[derive(Clone, Debug, Serialize)]
struct ActivityRow {
    id: String,
    #[serde(rename = "type")]
    kind: u32,
    status: u32,
    error_code: u32,
    cause: String,
    description: String,
    msg: String,
    t_start: SimTime,
    t_end: Option<SimTime>,
    start_time: String,
    end_time: Option<String>,
    succ_ins_list: Vec<String>,
    fail_ins_list: Vec<String>,
    origin: &'static str,
    origin_name: String,
}

#[derive(Clone, Debug, Serialize)]
struct DecisionRow {
    t: SimTime,
    policy: String,
    value: Option<Micro>,
    threshold: i64,
    streak: u32,
    outcome: Outcome,
    #[serde(flatten)]
    trigger: Option<TriggerRow>,
}

#[derive(Clone, Debug, Serialize)]
struct TriggerRow {
    desired: u32,
    unclamped: i64,
    target: u32,
    actual: u32,
    blocker: Option<BlockerRow>,
}

#[derive(Clone, Debug, Serialize)]
struct BlockerRow {
    by: &'static str,
    id: Option<String>,
    until: Option<SimTime>,
}

impl RunResult {
    /// Folds a run into its result.
    pub fn of(run: &Run<'_>) -> Self {
        Self {
            schema: SCHEMA,
            scenario: run.scenario.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
            seed: run.seed,
            start: run.span.start,
            end: run.span.end,
            digest: run.digest.clone(),
            events: run.events,
            groups: run.groups.iter().map(|group| GroupResult::of(run, group)).collect(),
            expectations: Vec::new(),
            warnings: run.warnings.clone(),
        }
    }
}

impl Run<'_> {
    /// The figures of one group.
    pub fn summary(&self, group: &GroupRun<'_>) -> Summary {
        summarise(Inputs {
            history: &group.history,
            load: group.load,
            span: self.span,
            slo: &self.slo,
            tariff: self.tariff,
        })
    }

    /// The public id of an activity.
    pub fn activity_id(&self, group: &GroupRun<'_>, activity: ActivityOrdinal) -> String {
        public_id(self.seed, IdKind::Activity, group.index, activity.0)
    }
}

impl GroupResult {
    fn of(run: &Run<'_>, group: &GroupRun<'_>) -> Self {
        let history = &group.history;
        let activities = history.activities.iter();
        let decisions = group.evaluations.unwrap_or(&history.triggers);
        Self {
            name: group.name.to_owned(),
            id: public_id(run.seed, IdKind::Group, group.index, 0),
            timeline: timeline(history, group.recorded().map(|r| r.count.as_ref()), run.span),
            activities: activities.map(|a| ActivityRow::of(run, group, a)).collect(),
            decisions: decisions.iter().map(|d| DecisionRow::of(run, group, d)).collect(),
            notifications: Vec::new(),
            summary: run.summary(group),
        }
    }
}

/// The rows of the history; with a recorded count, a row for each change of it too.
fn timeline(history: &History, recorded: Option<&Trace>, span: Span) -> Vec<TimelineRow> {
    let Some(recorded) = recorded else {
        let rows = history.timeline.iter();
        return rows.map(|row| TimelineRow { row: *row, recorded: None }).collect();
    };
    let mut instants: Vec<SimTime> = history.timeline.iter().map(|row| row.t).collect();
    let mut last = None;
    for (from, step) in recorded.steps(span.start, span.end) {
        if last != Some(step.value) {
            instants.push(from);
            last = Some(step.value);
        }
    }
    instants.sort_unstable();
    instants.dedup();
    let rows = instants.into_iter().filter_map(|t| {
        let row = Row { t, ..*history.row_at(t)? };
        Some(TimelineRow { row, recorded: Some(recorded.at(t).value) })
    });
    rows.collect()
}

impl ActivityRow {
    fn of(run: &Run<'_>, group: &GroupRun<'_>, activity: &Activity) -> Self {
        let instance = |ordinal: &crate::model::id::InstanceOrdinal| {
            public_id(run.seed, IdKind::Instance, group.index, ordinal.0)
        };
        Self {
            id: run.activity_id(group, activity.ordinal),
            kind: activity.kind.type_number(),
            status: activity.status.number(),
            error_code: activity.error.code(),
            cause: words::cause(activity.kind).to_owned(),
            description: words::description(activity),
            msg: words::message(activity, run.utc_offset),
            t_start: activity.start,
            t_end: activity.end,
            start_time: activity.start.format_civil(run.utc_offset),
            end_time: activity.end.map(|end| end.format_civil(run.utc_offset)),
            succ_ins_list: activity.succeeded.iter().map(instance).collect(),
            fail_ins_list: Vec::new(),
            origin: activity.origin.word(),
            origin_name: group.history.origin_name(activity.origin).to_owned(),
        }
    }
}

impl DecisionRow {
    fn of(run: &Run<'_>, group: &GroupRun<'_>, (t, decision): &(SimTime, Decision)) -> Self {
        let Decision { policy, value, threshold, streak, outcome, trigger } = *decision;
        let policy = group.history.policy_name(policy).to_owned();
        let trigger = trigger.map(|trigger| {
            let Trigger { desired, unclamped, target, actual, blocker } = trigger;
            let id = |activity| Some(run.activity_id(group, activity));
            let blocker = blocker.map(|blocker| match blocker {
                Blocker::Activity { activity } => {
                    BlockerRow { by: "activity", id: id(activity), until: None }
                }
                Blocker::Pending => BlockerRow { by: "pending", id: None, until: None },
                Blocker::Cooldown { activity, until } => {
                    BlockerRow { by: "cooldown", id: id(activity), until: Some(until) }
                }
            });
            TriggerRow { desired, unclamped, target, actual, blocker }
        });
        Self { t: *t, policy, value, threshold, streak, outcome, trigger }
    }
}
