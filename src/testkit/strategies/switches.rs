//! Clocks, switches, quotas and latencies of a world.

use proptest::prelude::*;
use proptest::sample::select;

use crate::env::latency::{Latency, PhaseLength};
use crate::kernel::{SimDuration, UtcOffset};
use crate::model::limits::Limits;
use crate::model::semantics::{
    MissingData, PercentBase, PercentRounding, ReplaceOrder, RetryRule, Semantics, Statistic,
    StreakRule,
};

pub(super) fn start_ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        2 => (0..10_i64).prop_map(|minutes| minutes * 60_000),
        1 => (0..600_i64).prop_map(|seconds| seconds * 1000),
        1 => 0..600_000_i64,
    ]
}

pub(super) fn offsets() -> Vec<UtcOffset> {
    let written = ["+00:00", "+08:00", "+05:30", "-03:30", "+00:01", "-11:58"];
    written.iter().filter_map(|text| UtcOffset::parse(text).ok()).collect()
}

pub(super) fn semantics() -> BoxedStrategy<Semantics> {
    let measured = (select(vec![300_i64, 60]), statistic());
    let alarms = (
        select(vec![MissingData::Breaks, MissingData::Holds]),
        select(vec![StreakRule::Sliding, StreakRule::Rearm]),
        select(vec![PercentRounding::TowardZeroAtLeastOne, PercentRounding::Nearest]),
        select(vec![PercentBase::Desired, PercentBase::Actual]),
        any::<bool>(),
    );
    let orders = [ReplaceOrder::Together, ReplaceOrder::TerminateFirst, ReplaceOrder::LaunchFirst];
    let retries = [
        RetryRule::Immediate,
        RetryRule::Immediate,
        RetryRule::Incremental,
        RetryRule::Incremental,
        RetryRule::None,
    ];
    let failures = (select(orders.to_vec()), select(retries.to_vec()));
    (measured, alarms, failures)
        .prop_map(|((period_s, statistic), alarms, (replace_order, retry))| {
            let (missing, streak, percent_rounding, percent_base, obeys) = alarms;
            Semantics {
                period: SimDuration::from_s(period_s),
                statistic,
                missing,
                streak,
                percent_rounding,
                percent_base,
                scheduled_obeys_cooldown: obeys,
                replace_order,
                retry,
            }
        })
        .boxed()
}

pub(super) fn statistic() -> impl Strategy<Value = Statistic> {
    select(vec![Statistic::Average, Statistic::Maximum, Statistic::Minimum])
}

/// Quotas that groups of the plan begin within, and some commands pass.
pub(super) fn limits() -> BoxedStrategy<Limits> {
    let quota = |usual: u32, tight: u32| prop_oneof![2 => Just(usual), 1 => tight..tight + 2];
    (quota(100, 4), quota(10, 4), quota(10, 3), quota(20, 3), quota(20, 2), quota(20, 2))
        .prop_map(|(policies, tasks, hooks, notifications, per_call, notify_ids)| Limits {
            policies_per_group: policies,
            scheduled_tasks_per_group: tasks,
            hooks_per_group: hooks,
            notifications_per_group: notifications,
            instances_per_call: per_call,
            notify_ids: notify_ids.max(3),
            ..Limits::default()
        })
        .boxed()
}

pub(super) fn latency() -> BoxedStrategy<Latency> {
    let to_service = (length(60), length(0), length(5), length(2));
    let away = (length(2), length(2), length(10));
    prop_oneof![
        1 => Just(Latency::default()),
        1 => Just(instant()),
        4 => (to_service, away).prop_map(|(to_service, away)| {
            let (creating, preheating, attach_lb, attaching) = to_service;
            let (detach_lb, detaching, removing) = away;
            Latency { creating, preheating, attach_lb, attaching, detach_lb, detaching, removing }
        }),
    ]
    .boxed()
}

/// Nothing takes time.
fn instant() -> Latency {
    let none = PhaseLength::Fixed(SimDuration::ZERO);
    Latency {
        creating: none,
        preheating: none,
        attach_lb: none,
        detach_lb: none,
        removing: none,
        attaching: none,
        detaching: none,
    }
}

/// The length of one phase whose usual length is `usual_s`.
fn length(usual_s: i64) -> impl Strategy<Value = PhaseLength> {
    let fixed_ms = prop_oneof![
        2 => Just(usual_s * 1000),
        2 => Just(0),
        1 => select(vec![30_000_i64, 60_000, 120_000, 300_000, 600_000]),
        1 => 1..1_000_000_i64,
    ];
    prop_oneof![
        3 => fixed_ms.prop_map(|ms| PhaseLength::Fixed(SimDuration::from_ms(ms))),
        1 => (1..400_000_i64, 0..=30_u32).prop_map(|(median_ms, tenths)| {
            let median = SimDuration::from_ms(median_ms);
            PhaseLength::LogNormal { median, sigma: f64::from(tenths) / 10.0 }
        }),
    ]
}
