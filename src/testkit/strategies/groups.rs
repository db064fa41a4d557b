//! Groups: sizes, places, and which parts of the service they use.

use proptest::prelude::*;
use proptest::sample::select;

use super::commands::{self, CommandDraft};
use super::loads::{self, LoadPlan};
use super::parts::{self, PolicyDraft, TaskDraft};
use crate::engine::command::Command;
use crate::engine::setup::GroupSetup;
use crate::env::faults::{Faults, LaunchFailure};
use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};
use crate::model::configuration::Configuration;
use crate::model::failure::FailureCause;
use crate::model::group::{Capacity, Initial, RemovePolicy};
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::notification::Subscription;
use crate::model::policy::Dimension;

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
    /// Whether it takes the second configuration, if there is one.
    pub is_big: bool,
    /// Where its instances are made.
    pub places: PlacesPlan,
    /// What is asked of it; none leaves it without policies.
    pub load: Option<LoadPlan>,
    /// Its policies; names are given by place.
    policies: Vec<PolicyDraft>,
    /// Its scheduled tasks, less those that would conflict with an earlier one.
    tasks: Vec<TaskDraft>,
    /// Its hooks, and the place of the bound one, if any.
    hooks: (Vec<LifecycleHook>, Option<usize>),
    /// Its notifications.
    notifications: Vec<Subscription>,
    /// How often its instances fail.
    pub faults: Faults,
    /// Commands, with milliseconds after the start.
    script: Vec<(i64, CommandDraft)>,
}

/// Where instances of a group are made.
#[derive(Clone, Copy, Debug)]
pub enum PlacesPlan {
    /// Anywhere.
    None,
    /// In the first so many zones.
    Zones(usize),
    /// In the first so many subnets.
    Subnets(usize),
}

impl GroupPlan {
    /// The group as number `index` of a world that starts at `start`.
    pub fn build(
        &self,
        index: usize,
        start: SimTime,
        offset: UtcOffset,
        configurations: &[Configuration],
    ) -> GroupSetup {
        let Capacity { min, max, desired } = self.capacity;
        let mut group = GroupSetup::new(&format!("g{index}"), min, max, desired);
        if let Some(second) = configurations.get(1).filter(|_| self.is_big) {
            group.configuration.clone_from(&second.name);
        }
        group.initial = self.initial;
        group.remove_policy = self.remove_policy;
        if self.load_balancer {
            group.load_balancers.push(String::from("lb-1"));
        }
        let named = |prefix: &str, count| (0..count).map(|n| format!("{prefix}{n}")).collect();
        match self.places {
            PlacesPlan::None => {}
            PlacesPlan::Zones(count) => group.zones = named("z", count),
            PlacesPlan::Subnets(count) => group.subnets = named("s", count),
        }
        group.load = self.load.as_ref().map(|load| load.build(start));
        let metrics = self.metrics();
        let drafts = self.policies.iter().enumerate();
        group.policies = drafts.filter_map(|(n, draft)| draft.build(n, &metrics)).collect();
        for (n, draft) in self.tasks.iter().enumerate() {
            let task = draft.build(n, start);
            let mut others = group.tasks.iter();
            if let Some(task) = task.filter(|t| others.all(|o| t.conflict(o, offset).is_none())) {
                group.tasks.push(task);
            }
        }
        let (hooks, bound) = &self.hooks;
        group.hooks.clone_from(hooks);
        group.bound_hook = bound.and_then(|place| Some(hooks.get(place)?.name.clone()));
        group.notifications.clone_from(&self.notifications);
        group.faults = self.faults;
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

    /// The same without attaching and detaching: it does not touch the pool of machines.
    #[must_use]
    pub fn without_moves(mut self) -> Self {
        self.script.retain(|(_, draft)| {
            !matches!(draft, CommandDraft::Ready(Command::Attach(_) | Command::Detach { .. }))
        });
        self
    }

    /// The same without anything that may keep it from its desired capacity for good: faults,
    /// hooks, and commands other than new sizes, policies and tasks.
    #[must_use]
    pub fn untroubled(mut self) -> Self {
        self.faults = Faults::default();
        self.hooks = (Vec::new(), None);
        self.script.retain(|(_, draft)| match draft {
            CommandDraft::Ready(command) => {
                matches!(command, Command::Resize(_) | Command::ModifyGroup(_))
            }
            _ => true,
        });
        self
    }
}

/// A group with two policies more often than not, and a few commands.
pub(super) fn group() -> BoxedStrategy<GroupPlan> {
    let sizes = (0..=3_u32, 0..=10_u32, 0..=10_u32).prop_map(|(min, more, wanted)| {
        let max = min + more;
        Capacity { min, max, desired: wanted.clamp(min, max) }
    });
    let places = prop_oneof![
        3 => Just(PlacesPlan::None),
        1 => (1..=3_usize).prop_map(PlacesPlan::Zones),
        1 => (1..=3_usize).prop_map(PlacesPlan::Subnets),
    ];
    let ways = (
        select(vec![Initial::InService, Initial::InService, Initial::Launch]),
        select(vec![RemovePolicy::RemoveOldestInstance, RemovePolicy::RemoveNewestInstance]),
        any::<bool>(),
        any::<bool>(),
        places,
    );
    let load = prop_oneof![1 => Just(None), 15 => loads::load().prop_map(Some)];
    let policies = prop::collection::vec(parts::policy(), 0..=4);
    let tasks = prop_oneof![Just(Vec::new()), prop::collection::vec(parts::task(), 1..=4)];
    let rules = (policies, tasks);
    let others = (hooks(), notifications(), faults());
    (sizes, ways, load, rules, others, commands::script())
        .prop_map(|(capacity, ways, load, (policies, tasks), others, script)| {
            let (initial, remove_policy, load_balancer, is_big, places) = ways;
            let (hooks, notifications, faults) = others;
            GroupPlan {
                capacity,
                initial,
                remove_policy,
                load_balancer,
                is_big,
                places,
                load,
                policies,
                tasks,
                hooks,
                notifications,
                faults,
                script,
            }
        })
        .boxed()
}

/// None in two groups of five; else up to three, one of them usually bound.
fn hooks() -> BoxedStrategy<(Vec<LifecycleHook>, Option<usize>)> {
    let hook = parts::hook(Just(String::new()));
    let some = (prop::collection::vec(hook, 1..=3), prop::option::weighted(0.8, 0..3_usize));
    let some = some.prop_map(|(mut hooks, bound)| {
        for (n, hook) in hooks.iter_mut().enumerate() {
            hook.name = format!("h{n}");
        }
        (hooks, bound)
    });
    prop_oneof![2 => Just((Vec::new(), None)), 3 => some].boxed()
}

fn notifications() -> BoxedStrategy<Vec<Subscription>> {
    let some = prop::collection::vec(parts::subscription(), 1..=3);
    prop_oneof![1 => Just(Vec::new()), 1 => some].boxed()
}

fn faults() -> BoxedStrategy<Faults> {
    let mtbf = prop_oneof![
        3 => Just(None),
        1 => (60..36_000_i64).prop_map(|s| Some(SimDuration::from_s(s))),
    ];
    let probability = prop_oneof![1 => Just(1_000_000), 4 => 0..=1_000_000_i64];
    let failure = (probability, select(FailureCause::ALL.to_vec())).prop_map(|(p, cause)| {
        Some(LaunchFailure { probability: Micro::from_millionths(p), cause })
    });
    let launch_failure = prop_oneof![3 => Just(None), 1 => failure];
    (mtbf, launch_failure)
        .prop_map(|(mtbf, launch_failure)| Faults { mtbf, launch_failure })
        .boxed()
}
