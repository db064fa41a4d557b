//! Policies, tasks, hooks and notifications.

use proptest::prelude::*;
use proptest::sample::select;

use super::moment_ms;
use super::switches::statistic;
use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::cron::Crontab;
use crate::model::lifecycle_hook::{Answer, HookResult, LifecycleHook, Transition};
use crate::model::notification::{NotificationType, Subscription};
use crate::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use crate::model::scheduled_task::{Repeat, ScheduledTask};
use crate::model::semantics::Statistic;

/// A policy whose metric is chosen among those that the load turns out to have.
#[derive(Clone, Debug)]
pub(super) struct PolicyDraft {
    metric: usize,
    /// 0 to 100; traffic takes ten times as much.
    threshold: i64,
    operator: Operator,
    repeat_times: u32,
    statistic: Option<Statistic>,
    adjustment: Adjustment,
    cooldown_s: i64,
    notify_ids: Vec<String>,
}

/// A task whose times are counted from the start of the world.
#[derive(Clone, Debug)]
pub(super) struct TaskDraft {
    /// May lie before the start.
    pub start_ms: i64,
    pub min: u32,
    pub more: u32,
    /// The days it repeats on, and how long after its start it ends.
    pub repeat: Option<(&'static str, i64)>,
}

impl PolicyDraft {
    /// `None` if there is no metric to watch.
    pub fn build(&self, number: usize, metrics: &[Dimension]) -> Option<Policy> {
        let dimension = *metrics.get(self.metric.checked_rem(metrics.len())?)?;
        let threshold = match dimension.is_percentage() {
            true => self.threshold,
            false => (self.threshold * 10).max(1),
        };
        let alarm = AlarmRule {
            dimension,
            operator: self.operator,
            threshold,
            repeat_times: self.repeat_times,
            statistic: self.statistic,
        };
        Some(Policy {
            name: format!("p{number}"),
            alarm,
            adjustment: self.adjustment,
            cooldown: SimDuration::from_s(self.cooldown_s),
            notify_ids: self.notify_ids.clone(),
        })
    }
}

impl TaskDraft {
    /// `None` if its crontab is none, which does not happen.
    pub fn build(&self, number: usize, start: SimTime) -> Option<ScheduledTask> {
        let first = start + SimDuration::from_ms(self.start_ms);
        let repeat = match self.repeat {
            Some((text, length_ms)) => Some(Repeat {
                recurrence: Crontab::parse(text).ok()?,
                end: first + SimDuration::from_ms(length_ms),
            }),
            None => None,
        };
        let (min, max) = (self.min, self.min + self.more);
        Some(ScheduledTask { name: format!("t{number}"), min, max, start: first, repeat })
    }
}

/// Days of the week only: worlds are shifted by whole weeks.
pub(super) const CRONTABS: [&str; 5] =
    ["* * * * *", "* * * * 1-5", "* * * * sun", "* * * * */3", "* * * * 5,6"];
const DAY_MS: i64 = 86_400_000;

/// A task that triggers within a day of the start, or on the days after an earlier one.
pub(super) fn task() -> BoxedStrategy<TaskDraft> {
    let repeat = prop::option::of((select(CRONTABS.to_vec()), 0..=3_i64));
    // Often the same, so that tasks conflict.
    let moment_ms = prop_oneof![4 => moment_ms(), 1 => Just(3_600_000)];
    (moment_ms, 0..=2_i64, 0..=4_u32, 0..=6_u32, repeat)
        .prop_map(|(moment_ms, days_before, min, more, repeat)| TaskDraft {
            start_ms: moment_ms - days_before * DAY_MS,
            min,
            more,
            repeat: repeat.map(|(text, days)| (text, days * DAY_MS)),
        })
        .boxed()
}

/// User groups, often unsorted and some twice.
pub(super) fn user_groups(least: usize) -> impl Strategy<Value = Vec<String>> {
    let names = ["ops", "dev", "oncall"].map(str::to_owned).to_vec();
    prop::collection::vec(select(names), least..=3)
}

pub(super) fn subscription() -> impl Strategy<Value = Subscription> {
    let types = prop_oneof![
        1 => Just(NotificationType::ALL.to_vec()),
        1 => prop::collection::vec(select(NotificationType::ALL.to_vec()), 1..=4),
    ];
    (types, user_groups(1)).prop_map(|(types, receivers)| Subscription { types, receivers })
}

/// A hook of that name.
pub(super) fn hook(name: impl Strategy<Value = String> + 'static) -> BoxedStrategy<LifecycleHook> {
    (name, side(), hook_timeout_s(), hook_result(), hook_ids(), prop::option::of(answer()))
        .prop_map(|(name, transition, timeout_s, default_result, notify_ids, answer)| {
            let timeout = SimDuration::from_s(timeout_s);
            LifecycleHook { name, transition, timeout, default_result, notify_ids, answer }
        })
        .boxed()
}

pub(super) fn side() -> impl Strategy<Value = Transition> {
    select(vec![Transition::Launch, Transition::Terminate])
}

pub(super) fn hook_result() -> impl Strategy<Value = HookResult> {
    select(vec![HookResult::Continue, HookResult::Continue, HookResult::Disable])
}

pub(super) fn hook_timeout_s() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => select(vec![1_i64, 5, 30, 60, 120, 300, 600]),
        1 => 1..=1200_i64,
        1 => Just(7200),
    ]
}

fn hook_ids() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![1 => Just(Vec::new()), 1 => user_groups(1)]
}

pub(super) fn answer() -> impl Strategy<Value = Answer> {
    let after_ms = prop_oneof![
        1 => Just(0),
        4 => select(vec![1_000_i64, 30_000, 60_000, 120_000, 300_000]),
        1 => 0..600_000_i64,
    ];
    let probability = prop_oneof![2 => Just(1_000_000), 1 => Just(0), 2 => 0..=1_000_000_i64];
    (after_ms, hook_result(), probability).prop_map(|(after_ms, result, probability)| Answer {
        after: SimDuration::from_ms(after_ms),
        result,
        probability: Micro::from_millionths(probability),
    })
}

pub(super) fn policy() -> BoxedStrategy<PolicyDraft> {
    let above = [Operator::Greater, Operator::EqualOrGreater];
    let below = [Operator::Less, Operator::EqualOrLess];
    let condition = prop_oneof![
        // Growing and shrinking as people write them, so that something happens.
        4 => (select(vec![50_i64, 60, 70, 80]), select(above.to_vec()), grow()),
        4 => (select(vec![20_i64, 30, 40, 50]), select(below.to_vec()), shrink()),
        3 => (tens(), select(Operator::ALL.to_vec()), adjustment()),
        1 => (0..=100_i64, select(Operator::ALL.to_vec()), adjustment()),
    ];
    let rest = (prop_oneof![3 => Just(0), 1 => 0..4_usize], 1..=4_u32, cooldown_s());
    let statistic = prop_oneof![3 => Just(None), 1 => statistic().prop_map(Some)];
    (condition, rest, statistic, prop_oneof![2 => Just(Vec::new()), 1 => user_groups(1)])
        .prop_map(|(condition, rest, statistic, notify_ids)| {
            let (threshold, operator, adjustment) = condition;
            let (metric, repeat_times, cooldown_s) = rest;
            PolicyDraft {
                metric,
                threshold,
                operator,
                repeat_times,
                statistic,
                adjustment,
                cooldown_s,
                notify_ids,
            }
        })
        .boxed()
}

pub(super) fn tens() -> impl Strategy<Value = i64> {
    (0..=10_i64).prop_map(|ten| ten * 10)
}

pub(super) fn cooldown_s() -> impl Strategy<Value = i64> {
    prop_oneof![4 => select(vec![0_i64, 60, 300, 301, 299]), 1 => 0..=1200_i64]
}

fn grow() -> impl Strategy<Value = Adjustment> {
    prop_oneof![
        2 => (1..=4_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        1 => (1..=100_i64).prop_map(Adjustment::PercentChangeInCapacity),
        1 => (2..=12_i64).prop_map(Adjustment::TotalCapacity),
    ]
}

fn shrink() -> impl Strategy<Value = Adjustment> {
    prop_oneof![
        2 => (-3..=-1_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        1 => (-100..=-1_i64).prop_map(Adjustment::PercentChangeInCapacity),
        1 => (0..=3_i64).prop_map(Adjustment::TotalCapacity),
    ]
}

pub(super) fn adjustment() -> impl Strategy<Value = Adjustment> {
    prop_oneof![
        (0..=12_i64).prop_map(Adjustment::TotalCapacity),
        (-30..=30_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        (-4..=4_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        (-100..=100_i64).prop_map(Adjustment::PercentChangeInCapacity),
    ]
}
