//! Random worlds that shrink to small ones.
//!
//! Swarm style: each world draws its own switches, latencies, faults, quotas and kinds of load, and
//! each group which parts of the service it uses, so that rare combinations come up together and
//! often. All draws are integers; a [`Plan`] keeps them, and [`Plan::build`] makes the setup, so
//! the same world can be built again with another clock or another group.

mod commands;
mod groups;
mod loads;
mod parts;
mod switches;
mod troubles;

pub use groups::{GroupPlan, PlacesPlan};
pub use loads::{LoadPlan, TracePlan};
pub use troubles::{ConditionPlan, MachinePlan, OutagePlan, TroublePlan};

use proptest::prelude::*;
use proptest::sample::select;

use crate::engine::command::{Command, WorldCommand};
use crate::engine::setup::Setup;
use crate::env::latency::Latency;
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::limits::Limits;
use crate::model::policy::Dimension;
use crate::model::semantics::Semantics;

/// The integers a world is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Milliseconds from [`EPOCH_S`] to the start of the run.
    pub start_ms: i64,
    /// Civil time.
    pub utc_offset: UtcOffset,
    /// The seed of chance.
    pub seed: u64,
    /// Switches.
    pub semantics: Semantics,
    /// Quotas; whatever the groups begin with is within them.
    pub limits: Limits,
    /// Lengths of phases.
    pub latency: Latency,
    /// What goes wrong, and what groups share.
    pub troubles: TroublePlan,
    /// The groups.
    pub groups: Vec<GroupPlan>,
}

/// Where the clocks of all plans begin: a mark of every period at every offset in use.
pub const EPOCH_S: i64 = 1_700_006_400;

impl Plan {
    /// The world, `later` than planned: its start, its traces, its troubles and its scripts.
    pub fn build(&self, later: SimDuration) -> Setup {
        let start = SimTime::from_unix_s(EPOCH_S) + SimDuration::from_ms(self.start_ms) + later;
        let mut setup = Setup::new(start);
        setup.utc_offset = self.utc_offset;
        setup.seed = self.seed;
        setup.semantics = self.semantics;
        setup.limits = self.limits;
        setup.latency = self.latency;
        self.troubles.build(&mut setup);
        setup.groups = (0..)
            .zip(&self.groups)
            .map(|(i, group)| group.build(i, start, self.utc_offset, &setup.configurations))
            .collect();
        setup
    }
}

/// Worlds that pass [`Setup::check`].
pub fn world() -> impl Strategy<Value = Setup> {
    plan().prop_map(|plan| plan.build(SimDuration::ZERO))
}

/// The plans of such worlds.
pub fn plan() -> BoxedStrategy<Plan> {
    let place = (switches::start_ms(), select(switches::offsets()), 0..1_000_u64);
    let rules = (switches::semantics(), switches::limits(), switches::latency());
    let groups = prop_oneof![
        3 => prop::collection::vec(groups::group(), 1),
        1 => prop::collection::vec(groups::group(), 1..=3),
    ];
    (place, rules, troubles::troubles(), groups)
        .prop_map(|(place, rules, troubles, groups)| {
            let (start_ms, utc_offset, seed) = place;
            let (semantics, limits, latency) = rules;
            Plan { start_ms, utc_offset, seed, semantics, limits, latency, troubles, groups }
        })
        .boxed()
}

/// How long to run a world: 10 minutes to 12 hours, mostly a few hours, at odd instants too.
pub fn run_length() -> impl Strategy<Value = SimDuration> {
    let minutes = prop_oneof![3 => 10..300_i64, 1 => 300..720_i64];
    (minutes, select(vec![0_i64, 0, 1, 59_999, 17_123]))
        .prop_map(|(minutes, odd_ms)| SimDuration::from_ms(minutes * 60_000 + odd_ms))
}

/// Commands from outside, valid and invalid, for a group whose load has these metrics (none of
/// them: no policies), in a world that starts at `start`.
pub fn commands(metrics: Vec<Dimension>, start: SimTime) -> impl Strategy<Value = Command> {
    commands::command().prop_map(move |draft| draft.build(&metrics, start))
}

/// Changes of the world from outside, valid and invalid.
pub fn world_commands(start: SimTime) -> impl Strategy<Value = WorldCommand> {
    troubles::world_command(start)
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
