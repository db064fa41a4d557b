//! Groups: sizes, policies, scripts.

use proptest::prelude::*;
use proptest::sample::select;

use super::loads::{self, LoadPlan};
use super::statistic;
use crate::engine::command::Command;
use crate::engine::setup::GroupSetup;
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::capacity::Resize;
use crate::model::cron::Crontab;
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use crate::model::scheduled_task::{Repeat, ScheduledTask};
use crate::model::semantics::Statistic;

/// The integers a group is made of.
#[derive(Clone, Debug)]
pub struct GroupPlan {
    /// Sizes at the start.
    pub capacity: Capacity,
    /// Whether its instances are there already.
    pub initial: Initial,
    /// Who leaves first.
    pub remove_policy: RemovePolicy,
    /// Whether it has a load balancer.
    pub load_balancer: bool,
    /// What is asked of it; none leaves it without policies.
    pub load: Option<LoadPlan>,
    /// Its policies; names are given by place.
    policies: Vec<PolicyDraft>,
    /// Its scheduled tasks, less those that would conflict with an earlier one.
    tasks: Vec<TaskDraft>,
    /// Commands, with milliseconds after the start.
    script: Vec<(i64, CommandDraft)>,
}

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
}

/// A task whose times are counted from the start of the world.
#[derive(Clone, Debug)]
pub(super) struct TaskDraft {
    /// May lie before the start.
    start_ms: i64,
    min: u32,
    more: u32,
    /// The days it repeats on, and how long after its start it ends.
    repeat: Option<(&'static str, i64)>,
}

/// A command whose policy is still a draft, with the number that makes its name.
#[derive(Clone, Debug)]
pub(super) enum CommandDraft {
    Resize(Resize),
    CreatePolicy(usize, PolicyDraft),
    CreateTask(usize, TaskDraft),
}

impl GroupPlan {
    /// The group as number `index` of a world that starts at `start`.
    pub fn build(&self, index: usize, start: SimTime, offset: UtcOffset) -> GroupSetup {
        let Capacity { min, max, desired } = self.capacity;
        let mut group = GroupSetup::new(&format!("g{index}"), min, max, desired);
        group.initial = self.initial;
        group.remove_policy = self.remove_policy;
        if self.load_balancer {
            group.load_balancers.push(String::from("lb-1"));
        }
        group.load = self.load.as_ref().map(|load| load.build(start));
        let metrics = self.metrics();
        let named = self.policies.iter().enumerate();
        group.policies = named.filter_map(|(n, draft)| draft.build(n, &metrics)).collect();
        for (n, draft) in self.tasks.iter().enumerate() {
            let task = draft.build(n, start);
            let mut others = group.tasks.iter();
            if let Some(task) = task.filter(|t| others.all(|o| t.conflict(o, offset).is_none())) {
                group.tasks.push(task);
            }
        }
        for (after_ms, draft) in &self.script {
            let at = start + SimDuration::from_ms(*after_ms);
            group.script.push((at, draft.build(&metrics, start)));
        }
        group
    }

    /// The metrics that its load has.
    pub fn metrics(&self) -> Vec<Dimension> {
        self.load.as_ref().map_or_else(Vec::new, LoadPlan::metrics)
    }
}

impl PolicyDraft {
    /// `None` if there is no metric to watch.
    fn build(&self, number: usize, metrics: &[Dimension]) -> Option<Policy> {
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
        let cooldown = SimDuration::from_s(self.cooldown_s);
        Some(Policy {
            name: format!("p{number}"),
            alarm,
            adjustment: self.adjustment,
            cooldown,
            notify_ids: Vec::new(),
        })
    }
}

impl TaskDraft {
    /// `None` if its crontab is none, which does not happen.
    fn build(&self, number: usize, start: SimTime) -> Option<ScheduledTask> {
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

impl CommandDraft {
    pub(super) fn build(&self, metrics: &[Dimension], start: SimTime) -> Command {
        match self {
            Self::Resize(change) => Command::Resize(*change),
            Self::CreatePolicy(number, draft) => draft
                .build(*number, metrics)
                .map_or(Command::Resize(Resize::default()), Command::CreatePolicy),
            Self::CreateTask(number, draft) => draft
                .build(*number, start)
                .map_or(Command::Resize(Resize::default()), Command::CreateTask),
        }
    }
}

/// A group with two policies more often than not, and a few commands.
pub(super) fn group() -> BoxedStrategy<GroupPlan> {
    let sizes = (0..=3_u32, 0..=10_u32, 0..=10_u32).prop_map(|(min, more, wanted)| {
        let max = min + more;
        Capacity { min, max, desired: wanted.clamp(min, max) }
    });
    let ways = (
        select(vec![Initial::InService, Initial::InService, Initial::Launch]),
        select(vec![RemovePolicy::RemoveOldestInstance, RemovePolicy::RemoveNewestInstance]),
        any::<bool>(),
    );
    let load = prop_oneof![1 => Just(None), 15 => loads::load().prop_map(Some)];
    let policies = prop::collection::vec(policy(), 0..=4);
    let tasks = prop_oneof![Just(Vec::new()), prop::collection::vec(task(), 1..=4)];
    let script = prop::collection::vec((moment_ms(), command()), 0..=8);
    (sizes, ways, load, policies, tasks, script)
        .prop_map(|(capacity, ways, load, policies, tasks, script)| {
            let (initial, remove_policy, load_balancer) = ways;
            GroupPlan {
                capacity,
                initial,
                remove_policy,
                load_balancer,
                load,
                policies,
                tasks,
                script,
            }
        })
        .boxed()
}

/// A task that triggers within a day of the start, or on the days after an earlier one.
fn task() -> impl Strategy<Value = TaskDraft> {
    const DAY_MS: i64 = 86_400_000;
    // Days of the week only: worlds are shifted by whole weeks.
    let crontabs = vec!["* * * * *", "* * * * 1-5", "* * * * sun", "* * * * */3", "* * * * 5,6"];
    let repeat = prop::option::of((select(crontabs), 0..=3_i64));
    (moment_ms(), 0..=2_i64, 0..=4_u32, 0..=6_u32, repeat).prop_map(
        |(moment_ms, days_before, min, more, repeat)| TaskDraft {
            start_ms: moment_ms - days_before * DAY_MS,
            min,
            more,
            repeat: repeat.map(|(text, days)| (text, days * DAY_MS)),
        },
    )
}

/// Milliseconds after the start: often marks of minutes and periods, or the very start.
fn moment_ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => Just(0),
        5 => (0..72_i64).prop_map(|periods| periods * 300_000),
        3 => (0..360_i64).prop_map(|minutes| minutes * 60_000),
        2 => (0..21_600_i64).prop_map(|seconds| seconds * 1000),
        1 => 0..21_600_000_i64,
    ]
}

/// Commands: sizes within and beyond what is allowed, policies with free and taken names.
pub(super) fn command() -> BoxedStrategy<CommandDraft> {
    let size = |most: u32| prop_oneof![2 => Just(None), 1 => (0..=most).prop_map(Some)];
    let resize = (size(6), size(14), size(12))
        .prop_map(|(min, max, desired)| CommandDraft::Resize(Resize { min, max, desired }));
    let desired = (0..=12_u32).prop_map(|desired| {
        CommandDraft::Resize(Resize { desired: Some(desired), ..Resize::default() })
    });
    let above_limit = (30..=32_u32)
        .prop_map(|max| CommandDraft::Resize(Resize { max: Some(max), ..Resize::default() }));
    let create = (0..8_usize, policy())
        .prop_map(|(number, draft)| CommandDraft::CreatePolicy(number, draft));
    let task =
        (0..6_usize, task()).prop_map(|(number, draft)| CommandDraft::CreateTask(number, draft));
    prop_oneof![4 => resize, 2 => desired, 1 => above_limit, 3 => create, 2 => task].boxed()
}

fn policy() -> BoxedStrategy<PolicyDraft> {
    let above = [Operator::Greater, Operator::EqualOrGreater];
    let below = [Operator::Less, Operator::EqualOrLess];
    let condition = prop_oneof![
        // Growing and shrinking as people write them, so that something happens.
        4 => (select(vec![50_i64, 60, 70, 80]), select(above.to_vec()), grow()),
        4 => (select(vec![20_i64, 30, 40, 50]), select(below.to_vec()), shrink()),
        3 => (tens(), select(operators()), adjustment()),
        1 => (0..=100_i64, select(operators()), adjustment()),
    ];
    let rest = (prop_oneof![3 => Just(0), 1 => 0..4_usize], 1..=4_u32, cooldown_s());
    let statistic = prop_oneof![3 => Just(None), 1 => statistic().prop_map(Some)];
    (condition, rest, statistic)
        .prop_map(|(condition, rest, statistic)| {
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
            }
        })
        .boxed()
}

fn tens() -> impl Strategy<Value = i64> {
    (0..=10_i64).prop_map(|ten| ten * 10)
}

fn operators() -> Vec<Operator> {
    vec![
        Operator::Greater,
        Operator::EqualOrGreater,
        Operator::Less,
        Operator::EqualOrLess,
        Operator::Equal,
        Operator::NotEqual,
    ]
}

fn cooldown_s() -> impl Strategy<Value = i64> {
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

fn adjustment() -> impl Strategy<Value = Adjustment> {
    prop_oneof![
        (0..=12_i64).prop_map(Adjustment::TotalCapacity),
        (-30..=30_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        (-4..=4_i64).prop_map(Adjustment::QuantityChangeInCapacity),
        (-100..=100_i64).prop_map(Adjustment::PercentChangeInCapacity),
    ]
}
