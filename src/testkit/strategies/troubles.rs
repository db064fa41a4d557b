//! What groups share, and what goes wrong with it: configurations, machines, causes, outages,
//! limits of the account.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use super::moment_ms;
use crate::engine::command::{Outage, WorldCommand};
use crate::engine::setup::Setup;
use crate::kernel::{SimDuration, SimTime};
use crate::model::configuration::Configuration;
use crate::model::failure::{Condition, FailureCause};
use crate::model::id::GroupIndex;
use crate::model::machine::Machine;

/// What the groups of a world share.
#[derive(Clone, Debug)]
pub struct TroublePlan {
    /// How many configurations there are.
    pub configurations: usize,
    /// Machines outside groups.
    pub machines: Vec<MachinePlan>,
    /// The most instances of the account.
    pub instance_limit: Option<u32>,
    /// Causes that stand for a time.
    pub conditions: Vec<ConditionPlan>,
    /// Faults of whole places.
    pub outages: Vec<OutagePlan>,
}

/// A machine; its id is made from its place in the list.
#[derive(Clone, Debug)]
pub struct MachinePlan {
    zone: Option<&'static str>,
    size: (u32, u32),
    running: bool,
}

/// A condition whose times are counted from the start of the world.
#[derive(Clone, Debug)]
pub struct ConditionPlan {
    cause: FailureCause,
    /// Only a quota has one.
    pub limit: Option<u32>,
    group: Option<u32>,
    place: Option<&'static str>,
    span: Span,
}

/// An outage whose times are counted from the start of the world.
#[derive(Clone, Debug)]
pub struct OutagePlan {
    group: Option<u32>,
    place: Option<&'static str>,
    span: Span,
}

/// Milliseconds after the start, and for how long; `None` for ever.
#[derive(Clone, Copy, Debug)]
struct Span {
    after_ms: i64,
    length_ms: Option<i64>,
}

/// Names and sizes of configurations, in the order in which worlds have them.
pub const CONFIGURATIONS: [(&str, u32, u32); 2] = [("default", 1, 1), ("big", 2, 4)];
/// Zones and subnets that groups may name, and one that none names.
pub(super) const PLACES: [&str; 7] = ["z0", "z1", "z2", "s0", "s1", "s2", "far"];
const SIZES: [(u32, u32); 5] = [(1, 1), (1, 1), (1, 1), (2, 4), (4, 8)];

impl Span {
    fn ends(self, start: SimTime) -> (SimTime, SimTime) {
        let begin = start + SimDuration::from_ms(self.after_ms);
        let end = self.length_ms.map_or(SimTime::MAX, |ms| begin + SimDuration::from_ms(ms));
        (begin, end)
    }
}

impl MachinePlan {
    fn build(&self, number: usize) -> Machine {
        Machine {
            id: format!("m{number}").into(),
            zone: self.zone.map(Arc::from),
            cpu: self.size.0,
            mem_gb: self.size.1,
            running: self.running,
            ..Machine::default()
        }
    }
}

impl ConditionPlan {
    fn build(&self, start: SimTime) -> Condition {
        let (begin, end) = self.span.ends(start);
        Condition {
            cause: self.cause,
            limit: self.limit,
            group: self.group.map(GroupIndex),
            place: self.place.map(Arc::from),
            begin,
            end,
        }
    }
}

impl OutagePlan {
    fn build(&self, start: SimTime) -> Outage {
        let (begin, end) = self.span.ends(start);
        let (group, place) = (self.group.map(GroupIndex), self.place.map(Arc::from));
        Outage { group, place, begin, end }
    }
}

impl TroublePlan {
    /// Puts them into a world that has its start.
    pub(super) fn build(&self, setup: &mut Setup) {
        let start = setup.start;
        let known = CONFIGURATIONS.iter().take(self.configurations);
        setup.configurations = known.map(|sized| configuration(*sized)).collect();
        let machines = self.machines.iter().enumerate();
        setup.machines = machines.map(|(n, machine)| machine.build(n)).collect();
        setup.instance_limit = self.instance_limit;
        setup.conditions = self.conditions.iter().map(|c| c.build(start)).collect();
        setup.outages = self.outages.iter().map(|o| o.build(start)).collect();
    }
}

fn configuration((name, cpu, mem_gb): (&str, u32, u32)) -> Configuration {
    Configuration { name: name.to_owned(), cpu, mem_gb, ..Configuration::default() }
}

/// Two worlds of five have nothing of the kind, the others one kind or several.
pub(super) fn troubles() -> BoxedStrategy<TroublePlan> {
    let some = |most| prop_oneof![2 => Just(0..=0_usize), 1 => Just(1..=most)];
    let machines = prop_oneof![
        1 => Just(Vec::new()),
        2 => prop::collection::vec(machine(), 1..=6),
    ];
    let conditions = some(4).prop_flat_map(|count| prop::collection::vec(condition(), count));
    let outages = some(3).prop_flat_map(|count| prop::collection::vec(outage(), count));
    let instance_limit = prop_oneof![5 => Just(None), 1 => (0..16_u32).prop_map(Some)];
    (0..=2_usize, machines, instance_limit, conditions, outages)
        .prop_map(|(configurations, machines, instance_limit, conditions, outages)| TroublePlan {
            configurations,
            machines,
            instance_limit,
            conditions,
            outages,
        })
        .boxed()
}

fn machine() -> impl Strategy<Value = MachinePlan> {
    let zone = prop_oneof![1 => Just(None), 2 => select(PLACES.to_vec()).prop_map(Some)];
    let running = select(vec![true, true, true, true, false]);
    (zone, select(SIZES.to_vec()), running).prop_map(|(zone, size, running)| MachinePlan {
        zone,
        size,
        running,
    })
}

fn condition() -> BoxedStrategy<ConditionPlan> {
    let group = prop_oneof![3 => Just(None), 1 => (0..3_u32).prop_map(Some)];
    let place = prop_oneof![1 => Just(None), 2 => select(PLACES.to_vec()).prop_map(Some)];
    let limit = prop_oneof![1 => Just(None), 3 => (0..14_u32).prop_map(Some)];
    let causes = FailureCause::ALL.to_vec();
    let quota = Just(FailureCause::Quota);
    let cause = prop_oneof![3 => select(causes), 1 => quota, 1 => Just(FailureCause::SoldOut)];
    (cause, limit, group, place, span())
        .prop_map(|(cause, limit, group, place, span)| ConditionPlan {
            cause,
            limit: limit.filter(|_| cause == FailureCause::Quota),
            group,
            place: place.filter(|_| cause.is_local()),
            span,
        })
        .boxed()
}

fn outage() -> impl Strategy<Value = OutagePlan> {
    let group = prop_oneof![2 => Just(None), 1 => (0..3_u32).prop_map(Some)];
    let place = prop_oneof![1 => Just(None), 2 => select(PLACES.to_vec()).prop_map(Some)];
    (group, place, span()).prop_map(|(group, place, span)| OutagePlan { group, place, span })
}

fn span() -> impl Strategy<Value = Span> {
    let before = (0..1_800_i64).prop_map(|s| -s * 1000);
    let after_ms = prop_oneof![1 => before, 4 => moment_ms()];
    let length_ms = prop_oneof![
        1 => Just(None),
        2 => select(vec![60_000_i64, 60_001, 120_000, 300_000]).prop_map(Some),
        3 => (1..3_600_i64).prop_map(|s| Some(s * 1000)),
        1 => (1..20_000_000_i64).prop_map(Some),
    ];
    (after_ms, length_ms).prop_map(|(after_ms, length_ms)| Span { after_ms, length_ms })
}

/// Changes of the world in a world that starts at `start`, some of them wrong.
pub(super) fn world_command(start: SimTime) -> BoxedStrategy<WorldCommand> {
    let names = ["default", "big", "other", ""].map(str::to_owned).to_vec();
    let sized = (select(names.clone()), select(vec![(1, 1), (2, 4), (3, 3)]));
    let create = sized.prop_map(|(name, (cpu, mem))| configuration((name.as_str(), cpu, mem)));
    let delete = select(names);
    let backwards = (any::<bool>(), span()).prop_map(|(wrong, span)| Span {
        length_ms: if wrong { Some(0) } else { span.length_ms },
        ..span
    });
    let outage = (outage(), backwards).prop_map(|(outage, span)| OutagePlan { span, ..outage });
    prop_oneof![
        1 => create.prop_map(WorldCommand::CreateConfiguration),
        1 => delete.prop_map(|configuration| WorldCommand::DeleteConfiguration { configuration }),
        2 => condition().prop_map(move |c| WorldCommand::Condition(c.build(start))),
        2 => outage.prop_map(move |o| WorldCommand::Outage(o.build(start))),
        1 => (machine(), 0..12_usize)
            .prop_map(|(machine, number)| WorldCommand::AddMachine(machine.build(number))),
    ]
    .boxed()
}
