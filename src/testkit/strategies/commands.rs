//! Commands, valid and invalid, alone and in bursts: several of them in the minutes after one
//! that gives the group work, so that they meet it under way.

use proptest::prelude::*;
use proptest::sample::select;

use super::moment_ms;
use super::parts::{self, PolicyDraft, TaskDraft};
use super::troubles::CONFIGURATIONS;
use crate::engine::command::{Command, GroupChange, Machines};
use crate::kernel::{SimDuration, SimTime};
use crate::model::capacity::Resize;
use crate::model::cron::Crontab;
use crate::model::group::RemovePolicy;
use crate::model::id::{InstanceOrdinal, NotificationOrdinal};
use crate::model::lifecycle_hook::HookChange;
use crate::model::notification::NotificationType;
use crate::model::policy::{Adjustment, Dimension, Operator, PolicyChange};
use crate::model::scheduled_task::TaskChange;

/// A command some of whose parts depend on the world it comes to.
#[derive(Clone, Debug)]
pub(super) enum CommandDraft {
    /// One that does not.
    Ready(Command),
    CreatePolicy(usize, PolicyDraft),
    CreateTask(usize, TaskDraft),
    /// Which task, what changes, and milliseconds from the start of the world for its new start
    /// and its new end.
    ModifyTask(String, TaskChange, [Option<i64>; 2]),
}

impl CommandDraft {
    pub fn build(&self, metrics: &[Dimension], start: SimTime) -> Command {
        let nothing = Command::Resize(Resize::default());
        match self {
            Self::Ready(command) => command.clone(),
            Self::CreatePolicy(number, draft) => {
                draft.build(*number, metrics).map_or(nothing, Command::CreatePolicy)
            }
            Self::CreateTask(number, draft) => {
                draft.build(*number, start).map_or(nothing, Command::CreateTask)
            }
            Self::ModifyTask(task, change, [first, last]) => {
                let moment = |ms: Option<i64>| Some(start + SimDuration::from_ms(ms?));
                let (task, mut change) = (task.clone(), change.clone());
                (change.start, change.end) = (moment(*first), moment(*last));
                Command::ModifyTask { task, change }
            }
        }
    }
}

/// Commands with milliseconds after the start.
pub(super) fn script() -> BoxedStrategy<Vec<(i64, CommandDraft)>> {
    let one = (moment_ms(), command()).prop_map(|timed| vec![timed]);
    let part = prop_oneof![
        10 => one,
        6 => burst(),
        2 => pinned(),
        3 => answers(),
        1 => ending(),
    ];
    let parts = prop::collection::vec(part, 0..=6);
    parts.prop_map(|parts| parts.into_iter().flatten().collect()).boxed()
}

/// New sizes, and soon after them whatever may come.
fn burst() -> impl Strategy<Value = Vec<(i64, CommandDraft)>> {
    let kind =
        prop_oneof![Just(command()), Just(of_hooks()), Just(of_members()), Just(of_sizes()),];
    kind.prop_flat_map(|kind| {
        let rest = prop::collection::vec((soon_ms(), kind), 1..=6);
        (moment_ms(), of_sizes(), rest).prop_map(|(begin, first, rest)| {
            let mut script = vec![(begin, first)];
            script.extend(rest.into_iter().map(|(after, command)| (begin + after, command)));
            script
        })
    })
}

/// Members are protected, fewer are wanted, and some of them are let go later.
fn pinned() -> impl Strategy<Value = Vec<(i64, CommandDraft)>> {
    let protect = |protect: bool| {
        move |instances| CommandDraft::Ready(Command::Protect { instances, protect })
    };
    let row = |most: u32| {
        (0..6_u32, 1..=most)
            .prop_map(|(before, count)| (1..=count).map(|n| InstanceOrdinal(before + n)).collect())
    };
    let after = (prop::collection::vec(soon_ms(), 2), 0..=3_u32);
    let few = row(1).prop_map(protect(false));
    let rest = prop::collection::vec((soon_ms(), prop_oneof![2 => few, 1 => command()]), 1..=4);
    (moment_ms(), row(8).prop_map(protect(true)), after, rest).prop_map(
        |(begin, first, (waits, desired), rest)| {
            let fewer = Resize { min: Some(0), max: None, desired: Some(desired) };
            let mut at = begin;
            let mut script = vec![(begin, first)];
            for wait in waits {
                at += wait;
                script.push((at, CommandDraft::Ready(Command::Resize(fewer))));
            }
            script.extend(rest.into_iter().map(|(after, command)| (at + after, command)));
            script
        },
    )
}

/// A hook is bound and instances come or go; soon after, a row of them has its waits completed or
/// renewed.
fn answers() -> impl Strategy<Value = Vec<(i64, CommandDraft)>> {
    let row = (1..=8_u32, 3..=8_u32);
    let sizes = (0..=12_u32).prop_map(|desired| {
        let desired = Resize { min: Some(0), max: Some(12), desired: Some(desired) };
        CommandDraft::Ready(Command::Resize(desired))
    });
    let bind = named("h", 2).prop_map(|hook| CommandDraft::Ready(Command::BindHook { hook }));
    let times = prop::collection::vec((soon_ms(), renewal_ms(), parts::hook_result()), 1..=3);
    (moment_ms(), (bind, sizes), row, times, any::<bool>()).prop_map(
        |(begin, (bind, sizes), (first, count), times, renew)| {
            let mut script = vec![(begin, bind), (begin, sizes)];
            for (after, renewal_ms, result) in times {
                let instances = (first..first + count).map(InstanceOrdinal);
                script.extend(instances.map(|instance| {
                    let timeout = SimDuration::from_ms(renewal_ms);
                    let command = match renew {
                        true => Command::RenewHook { instance, timeout },
                        false => Command::CompleteHook { instance, result },
                    };
                    (begin + after, CommandDraft::Ready(command))
                }));
            }
            script
        },
    )
}

/// All members leave, and then the group is deleted, if it can be.
fn ending() -> impl Strategy<Value = Vec<(i64, CommandDraft)>> {
    let rest = prop::collection::vec((soon_ms(), command()), 0..=4);
    (moment_ms(), soon_ms(), rest).prop_map(|(begin, after, rest)| {
        let empty = Resize { min: Some(0), max: None, desired: Some(0) };
        let last = begin + after;
        let mut script = vec![
            (begin, CommandDraft::Ready(Command::Resize(empty))),
            (last, CommandDraft::Ready(Command::DeleteGroup)),
        ];
        script.extend(rest.into_iter().map(|(after, command)| (last + after, command)));
        script
    })
}

fn soon_ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => Just(0),
        3 => select(vec![1_000_i64, 5_000, 30_000, 60_000, 65_000, 120_000, 300_000]),
        2 => (0..900_i64).prop_map(|seconds| seconds * 1000),
        1 => 0..1_800_000_i64,
    ]
}

/// Any command: sizes within and beyond what is allowed, names that are free, taken, unknown.
pub(super) fn command() -> BoxedStrategy<CommandDraft> {
    prop_oneof![
        4 => of_sizes(),
        4 => of_rules(),
        2 => of_hooks(),
        3 => of_members(),
        2 => of_notifications(),
        2 => select(vec![
            Command::Suspend,
            Command::Suspend,
            Command::Resume,
            Command::Resume,
            Command::Resume,
            Command::DeleteGroup,
        ]).prop_map(CommandDraft::Ready),
    ]
    .boxed()
}

/// A name that begins so and ends in a small number; the last is nobody's.
fn named(prefix: &'static str, most: u32) -> impl Strategy<Value = String> + Clone {
    (0..=most).prop_map(move |number| format!("{prefix}{number}"))
}

fn resize() -> impl Strategy<Value = Resize> {
    let size = |most: u32| prop_oneof![2 => Just(None), 1 => (0..=most).prop_map(Some)];
    let any = (size(6), size(14), size(12));
    prop_oneof![
        4 => any.prop_map(|(min, max, desired)| Resize { min, max, desired }),
        3 => (0..=12_u32).prop_map(|desired| Resize { desired: Some(desired), ..Resize::default() }),
        1 => (30..=32_u32).prop_map(|max| Resize { max: Some(max), ..Resize::default() }),
    ]
}

fn of_sizes() -> BoxedStrategy<CommandDraft> {
    let names = CONFIGURATIONS.map(|(name, ..)| name.to_owned());
    let names = names.into_iter().chain([String::from("unknown")]).collect::<Vec<_>>();
    let configuration = prop::option::of(select(names));
    let policies = vec![RemovePolicy::RemoveOldestInstance, RemovePolicy::RemoveNewestInstance];
    let modify = (configuration, prop::option::of(select(policies)), resize()).prop_map(
        |(configuration, remove_policy, sizes)| {
            Command::ModifyGroup(GroupChange { name: None, configuration, remove_policy, sizes })
        },
    );
    prop_oneof![4 => resize().prop_map(Command::Resize), 1 => modify]
        .prop_map(CommandDraft::Ready)
        .boxed()
}

/// Policies and tasks.
fn of_rules() -> BoxedStrategy<CommandDraft> {
    let policy = (0..8_usize, parts::policy()).prop_map(|(n, d)| CommandDraft::CreatePolicy(n, d));
    let task = (0..6_usize, parts::task()).prop_map(|(n, d)| CommandDraft::CreateTask(n, d));
    let policy_name = || prop_oneof![8 => named("p", 5), 1 => Just(String::from("default"))];
    let modify_policy = (policy_name(), policy_change())
        .prop_map(|(policy, change)| Command::ModifyPolicy { policy, change });
    let delete_policy = policy_name().prop_map(|policy| Command::DeletePolicy { policy });
    let delete_task = named("t", 4).prop_map(|task| Command::DeleteTask { task });
    prop_oneof![
        4 => policy,
        3 => task,
        2 => modify_policy.prop_map(CommandDraft::Ready),
        1 => delete_policy.prop_map(CommandDraft::Ready),
        3 => modify_task(),
        1 => delete_task.prop_map(CommandDraft::Ready),
    ]
    .boxed()
}

fn policy_change() -> BoxedStrategy<PolicyChange> {
    let name = prop_oneof![8 => Just(None), 1 => named("p", 5).prop_map(Some),
        1 => Just(Some(String::from("default")))];
    let condition = (
        prop::option::of(select(Operator::ALL.to_vec())),
        prop_oneof![2 => Just(None), 3 => parts::tens().prop_map(Some), 1 => Just(Some(101))],
        prop_oneof![2 => Just(None), 2 => (1..=4_u32).prop_map(Some), 1 => Just(Some(11))],
        prop_oneof![6 => Just(None), 1 => select(Dimension::ALL.to_vec()).prop_map(Some)],
    );
    let effect = (
        prop::option::of(parts::adjustment()),
        prop::option::of(parts::cooldown_s()),
        prop::option::of(parts::user_groups(0)),
    );
    (name, condition, effect)
        .prop_map(|(name, condition, (adjustment, cooldown_s, notify_ids))| {
            let (operator, threshold, repeat_times, dimension) = condition;
            let parts = adjustment.map(Adjustment::parts);
            PolicyChange {
                name,
                dimension,
                operator,
                threshold,
                repeat_times,
                statistic: None,
                adjustment_type: parts.map(|(kind, _)| kind),
                adjustment_value: parts.map(|(_, value)| value),
                cooldown: cooldown_s.map(SimDuration::from_s),
                notify_ids,
            }
        })
        .boxed()
}

fn modify_task() -> BoxedStrategy<CommandDraft> {
    const DAY_MS: i64 = 86_400_000;
    let name = prop_oneof![5 => Just(None), 1 => named("t", 4).prop_map(Some)];
    let sizes = (prop::option::of(0..=8_u32), prop::option::of(0..=12_u32));
    let start = prop::option::of(moment_ms());
    let recurrence = prop_oneof![2 => Just(None), 1 => select(parts::CRONTABS.to_vec())
        .prop_map(|text| Crontab::parse(text).ok())];
    let end = prop::option::of((0..=3_i64).prop_map(|days| days * DAY_MS));
    let once = select(vec![false, false, true]);
    (named("t", 4), name, sizes, (start, end), recurrence, once)
        .prop_map(|(task, name, (min, max), (start, end), recurrence, once)| {
            let change = TaskChange { name, min, max, recurrence, once, ..TaskChange::default() };
            CommandDraft::ModifyTask(task, change, [start, end])
        })
        .boxed()
}

fn of_hooks() -> BoxedStrategy<CommandDraft> {
    let name = || named("h", 3);
    let change = (
        prop_oneof![4 => Just(None), 1 => name().prop_map(Some)],
        prop::option::of(parts::side()),
        prop_oneof![
            2 => Just(None),
            4 => parts::hook_timeout_s().prop_map(Some),
            1 => select(vec![Some(0), Some(7201)]),
        ],
        prop::option::of(parts::hook_result()),
        prop::option::of(parts::user_groups(0)),
        prop::option::of(parts::answer()),
    );
    let change =
        change.prop_map(|(name, transition, timeout_s, default_result, ids, answer)| HookChange {
            name,
            transition,
            timeout: timeout_s.map(SimDuration::from_s),
            default_result,
            notify_ids: ids,
            answer,
        });
    let complete = (instance(), parts::hook_result())
        .prop_map(|(instance, result)| Command::CompleteHook { instance, result });
    let renew = (instance(), renewal_ms()).prop_map(|(instance, timeout_ms)| Command::RenewHook {
        instance,
        timeout: SimDuration::from_ms(timeout_ms),
    });
    prop_oneof![
        2 => parts::hook(name()).prop_map(Command::CreateHook),
        2 => (name(), change).prop_map(|(hook, change)| Command::ModifyHook { hook, change }),
        1 => name().prop_map(|hook| Command::DeleteHook { hook }),
        2 => name().prop_map(|hook| Command::BindHook { hook }),
        1 => Just(Command::UnbindHook),
        5 => complete,
        5 => renew,
    ]
    .prop_map(CommandDraft::Ready)
    .boxed()
}

fn renewal_ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => select(vec![0_i64, 999, 1_000]),
        4 => select(vec![5_000_i64, 30_000, 60_000, 300_000, 1_000_000_000]),
    ]
}

fn instance() -> impl Strategy<Value = InstanceOrdinal> {
    prop_oneof![4 => 0..=8_u32, 1 => 5..=20_u32].prop_map(InstanceOrdinal)
}

fn instances() -> impl Strategy<Value = Vec<InstanceOrdinal>> {
    let in_a_row = (1..=6_u32, 1..=3_u32)
        .prop_map(|(first, count)| (first..first + count).map(InstanceOrdinal).collect());
    prop_oneof![3 => in_a_row, 2 => prop::collection::vec(instance(), 0..=3)]
}

/// Attaching, detaching, protecting, faults.
fn of_members() -> BoxedStrategy<CommandDraft> {
    let ids = prop::collection::vec(named("m", 5), 0..=2);
    let machines = prop_oneof![
        1 => (0..=6_u32).prop_map(Machines::Count),
        4 => (1..=2_u32).prop_map(Machines::Count),
        3 => ids.prop_map(Machines::Ids),
    ];
    let length_ms = prop_oneof![
        2 => Just(None),
        2 => select(vec![0_i64, 60_000, 60_001, 90_000]).prop_map(Some),
        1 => (0..600_000_i64).prop_map(Some),
    ];
    let fail = (instance(), length_ms).prop_map(|(instance, length_ms)| Command::FailInstance {
        instance,
        length: length_ms.map(SimDuration::from_ms),
    });
    let detach = (instances(), any::<bool>())
        .prop_map(|(instances, keep)| Command::Detach { instances, keep });
    let protect = (instances(), select(vec![true, true, false]))
        .prop_map(|(instances, protect)| Command::Protect { instances, protect });
    prop_oneof![6 => machines.prop_map(Command::Attach), 3 => detach, 3 => protect, 3 => fail]
        .prop_map(CommandDraft::Ready)
        .boxed()
}

fn of_notifications() -> BoxedStrategy<CommandDraft> {
    let number = || (1..=4_u32).prop_map(NotificationOrdinal);
    let types = prop::collection::vec(select(NotificationType::ALL.to_vec()), 0..=3);
    let modify = (number(), prop::option::of(types), prop::option::of(parts::user_groups(0)))
        .prop_map(|(notification, types, receivers)| Command::ModifyNotification {
            notification,
            types,
            receivers,
        });
    let delete = prop::collection::vec(number(), 0..=2)
        .prop_map(|notifications| Command::DeleteNotifications { notifications });
    prop_oneof![
        3 => parts::subscription().prop_map(Command::CreateNotification),
        2 => modify,
        2 => delete,
    ]
    .prop_map(CommandDraft::Ready)
    .boxed()
}
