//! The result of a run as data, `asgsim.result/1` (DESIGN 5).

use serde::Serialize;

use crate::env::load::{Load, Recorded};
use crate::env::trace::Trace;
use crate::kernel::{Micro, SimTime, UtcOffset};
use crate::model::id::{ActivityOrdinal, GroupIndex, IdKind, InstanceOrdinal, public_id};
use crate::model::record::{Blocker, Decision, Notice, Outcome, Trigger};
use crate::report::baseline::Baseline;
use crate::report::history::{Activity, History, Row};
use crate::report::series::{Series, series};
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
    /// What came of the scenario's expectations.
    pub findings: Vec<Finding>,
    /// What the world had against the groups, in order of its begin.
    pub troubles: Vec<Trouble>,
}

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The group.
    pub group: String,
    /// The expectation in words.
    pub expected: String,
    /// Whether it held.
    pub holds: bool,
    /// What was found instead, the first time.
    pub found: Option<String>,
    /// When that was.
    pub t: Option<SimTime>,
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
    /// The group without its policies, if that was run too.
    pub baseline: Option<Box<Baseline>>,
}

/// Something that stands in the way of groups for a time: a cause of failures, or an outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The group; `None` for all.
    pub group: Option<GroupIndex>,
    /// What, with its code if it has one.
    pub words: String,
    /// When it begins.
    pub begin: SimTime,
    /// The first instant at which it is over; [`SimTime::MAX`] for never.
    pub end: SimTime,
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
    pub(crate) schema: &'static str,
    pub(crate) scenario: String,
    pub(crate) version: &'static str,
    pub(crate) seed: u64,
    pub(crate) start: SimTime,
    pub(crate) end: SimTime,
    pub(crate) digest: String,
    pub(crate) events: usize,
    pub(crate) groups: Vec<GroupResult>,
    pub(crate) expectations: Vec<Finding>,
    pub(crate) warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct GroupResult {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) timeline: Vec<TimelineRow>,
    pub(crate) activities: Vec<ActivityRow>,
    pub(crate) decisions: Vec<DecisionRow>,
    pub(crate) notifications: Vec<NotificationRow>,
    pub(crate) summary: Summary,
    /// Present if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) baseline: Option<Box<Baseline>>,
    /// Present if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<Series>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimelineRow {
    #[serde(flatten)]
    pub(crate) row: Row,
    /// Present with recorded load: the number then, null where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recorded: Option<Option<Micro>>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ActivityRow {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: u32,
    pub(crate) status: u32,
    pub(crate) error_code: u32,
    pub(crate) cause: String,
    pub(crate) description: String,
    pub(crate) msg: String,
    pub(crate) t_start: SimTime,
    pub(crate) t_end: Option<SimTime>,
    pub(crate) start_time: String,
    pub(crate) end_time: Option<String>,
    pub(crate) succ_ins_list: Vec<String>,
    pub(crate) fail_ins_list: Vec<String>,
    pub(crate) origin: &'static str,
    pub(crate) origin_name: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionRow {
    pub(crate) t: SimTime,
    pub(crate) policy: String,
    pub(crate) value: Option<Micro>,
    pub(crate) threshold: i64,
    pub(crate) streak: u32,
    pub(crate) outcome: Outcome,
    #[serde(flatten)]
    pub(crate) trigger: Option<TriggerRow>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TriggerRow {
    pub(crate) desired: u32,
    pub(crate) unclamped: i64,
    pub(crate) target: u32,
    pub(crate) actual: u32,
    pub(crate) blocker: Option<BlockerRow>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct BlockerRow {
    pub(crate) by: &'static str,
    pub(crate) id: Option<String>,
    pub(crate) until: Option<SimTime>,
}

/// Who was told of what; keys are there as they apply.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NotificationRow {
    pub(crate) t: SimTime,
    pub(crate) kind: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) of_type: Option<u32>,
    pub(crate) receivers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<String>,
}

impl RunResult {
    /// The same result with per-minute series.
    #[must_use]
    pub fn with_series(mut self, run: &Run<'_>) -> Self {
        for (result, group) in self.groups.iter_mut().zip(&run.groups) {
            result.series = Some(series(run, group));
        }
        self
    }

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
            expectations: run.findings.clone(),
            warnings: run.warnings.clone(),
        }
    }
}

impl Run<'_> {
    /// Holds each group against its twin in a run of [`Scenario::without_policies`].
    ///
    /// [`Scenario::without_policies`]: crate::scenario::Scenario::without_policies
    pub fn hold_against(&mut self, other: &Run<'_>) {
        let twins = self.groups.iter().zip(&other.groups);
        let found: Vec<_> = twins
            .map(|(group, twin)| Baseline::of(&self.summary(group), other.summary(twin)))
            .collect();
        for (group, baseline) in self.groups.iter_mut().zip(found) {
            group.baseline = Some(Box::new(baseline));
        }
    }

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

    /// The public id of a group.
    pub fn group_id(&self, group: &GroupRun<'_>) -> String {
        public_id(self.seed, IdKind::Group, group.index, 0)
    }

    /// The public id of an activity.
    pub fn activity_id(&self, group: &GroupRun<'_>, activity: ActivityOrdinal) -> String {
        public_id(self.seed, IdKind::Activity, group.index, activity.0)
    }

    /// The public id of an instance: its own, or that of the machine it was before.
    pub fn instance_id(&self, group: &GroupRun<'_>, instance: InstanceOrdinal) -> String {
        match group.history.machines.get(&instance) {
            Some(machine) => machine.to_string(),
            None => public_id(self.seed, IdKind::Instance, group.index, instance.0),
        }
    }

    /// The same of several.
    fn instance_ids(&self, group: &GroupRun<'_>, instances: &[InstanceOrdinal]) -> Vec<String> {
        instances.iter().map(|instance| self.instance_id(group, *instance)).collect()
    }
}

impl GroupResult {
    fn of(run: &Run<'_>, group: &GroupRun<'_>) -> Self {
        let history = &group.history;
        let activities = history.activities.iter();
        let decisions = group.evaluations.unwrap_or(&history.triggers);
        Self {
            name: group.name.to_owned(),
            id: run.group_id(group),
            timeline: timeline(history, group.recorded().map(|r| r.count.as_ref()), run.span),
            activities: activities.map(|a| ActivityRow::of(run, group, a)).collect(),
            decisions: decisions.iter().map(|d| DecisionRow::of(run, group, d)).collect(),
            notifications: history
                .notices
                .iter()
                .map(|(t, notice)| NotificationRow::of(run, group, *t, notice))
                .collect(),
            summary: run.summary(group),
            baseline: group.baseline.clone(),
            series: None,
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
        let concerned = run.instance_ids(group, &activity.concerned);
        Self {
            id: run.activity_id(group, activity.ordinal),
            kind: activity.kind.type_number(),
            status: activity.status.number(),
            error_code: activity.error.code(),
            cause: words::cause(activity.kind, &concerned),
            description: words::description(activity),
            msg: words::message(activity, run.utc_offset),
            t_start: activity.start,
            t_end: activity.end,
            start_time: activity.start.format_civil(run.utc_offset),
            end_time: activity.end.map(|end| end.format_civil(run.utc_offset)),
            succ_ins_list: run.instance_ids(group, &activity.succeeded),
            fail_ins_list: run.instance_ids(group, &activity.failed),
            origin: activity.origin.word(),
            origin_name: group.history.origin_name(activity.origin).to_owned(),
        }
    }
}

impl NotificationRow {
    fn of(run: &Run<'_>, group: &GroupRun<'_>, t: SimTime, notice: &Notice) -> Self {
        let blank = |kind, receivers: &[String]| Self {
            t,
            kind,
            of_type: None,
            receivers: receivers.to_vec(),
            activity: None,
            policy: None,
            hook: None,
            instance: None,
        };
        match notice {
            Notice::Activity { activity, notification_type, receivers, .. } => Self {
                of_type: Some(notification_type.number()),
                activity: Some(run.activity_id(group, *activity)),
                ..blank("activity", receivers)
            },
            Notice::Policy { policy, receivers } => Self {
                policy: Some(group.history.policy_name(*policy).to_owned()),
                ..blank("policy", receivers)
            },
            Notice::Hook { hook, instance, receivers } => Self {
                hook: Some(group.history.hook_name(*hook).to_owned()),
                instance: Some(run.instance_id(group, *instance)),
                ..blank("hook", receivers)
            },
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
                Blocker::Hook { activity, until, .. } => {
                    BlockerRow { by: "hook", id: id(activity), until: Some(until) }
                }
                Blocker::Cause { error, until } => {
                    BlockerRow { by: "cause", id: Some(error.code().to_string()), until }
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
