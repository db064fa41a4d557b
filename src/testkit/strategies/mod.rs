//! Random worlds that shrink to small ones.
//!
//! Swarm style: each world draws its own switches, latencies and kinds of load, so that rare
//! combinations come up together and often. All draws are integers; a [`Plan`] keeps them, and
//! [`Plan::build`] makes the setup, so the same world can be built again with another clock or
//! another group.

mod groups;
mod loads;

pub use groups::GroupPlan;
pub use loads::{LoadPlan, TracePlan};

use proptest::prelude::*;
use proptest::sample::select;

use crate::engine::command::Command;
use crate::engine::setup::Setup;
use crate::env::latency::{Latency, PhaseLength};
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::model::limits::Limits;
use crate::model::policy::Dimension;
use crate::model::semantics::{
    MissingData, PercentBase, PercentRounding, Semantics, Statistic, StreakRule,
};

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
    /// The most policies of a group.
    pub policies_per_group: u32,
    /// Lengths of phases.
    pub latency: Latency,
    /// The groups.
    pub groups: Vec<GroupPlan>,
}

/// Where the clocks of all plans begin: a mark of every period at every offset in use.
pub const EPOCH_S: i64 = 1_700_006_400;

impl Plan {
    /// The world, `later` than planned: its start, its traces and its scripts.
    pub fn build(&self, later: SimDuration) -> Setup {
        let start = SimTime::from_unix_s(EPOCH_S) + SimDuration::from_ms(self.start_ms) + later;
        let mut setup = Setup::new(start);
        setup.utc_offset = self.utc_offset;
        setup.seed = self.seed;
        setup.semantics = self.semantics;
        setup.limits = Limits { policies_per_group: self.policies_per_group, ..Limits::default() };
        setup.latency = self.latency;
        setup.groups = (0..)
            .zip(&self.groups)
            .map(|(i, group)| group.build(i, start, self.utc_offset))
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
    let place = (start_ms(), select(offsets()), 0..1_000_u64);
    let rules = (semantics(), prop_oneof![4 => Just(100_u32), 1 => 4..6_u32], latency());
    let groups = prop_oneof![
        4 => prop::collection::vec(groups::group(), 1),
        1 => prop::collection::vec(groups::group(), 1..=3),
    ];
    (place, rules, groups)
        .prop_map(|(place, rules, groups)| {
            let (start_ms, utc_offset, seed) = place;
            let (semantics, policies_per_group, latency) = rules;
            Plan { start_ms, utc_offset, seed, semantics, policies_per_group, latency, groups }
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
    groups::command().prop_map(move |draft| draft.build(&metrics, start))
}

fn start_ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        2 => (0..10_i64).prop_map(|minutes| minutes * 60_000),
        1 => (0..600_i64).prop_map(|seconds| seconds * 1000),
        1 => 0..600_000_i64,
    ]
}

fn offsets() -> Vec<UtcOffset> {
    let written = ["+00:00", "+08:00", "+05:30", "-03:30", "+00:01", "-11:58"];
    written.iter().filter_map(|text| UtcOffset::parse(text).ok()).collect()
}

fn semantics() -> impl Strategy<Value = Semantics> {
    let measured = (select(vec![300_i64, 60]), statistic());
    let rules = (
        select(vec![MissingData::Breaks, MissingData::Holds]),
        select(vec![StreakRule::Sliding, StreakRule::Rearm]),
        select(vec![PercentRounding::TowardZeroAtLeastOne, PercentRounding::Nearest]),
        select(vec![PercentBase::Desired, PercentBase::Actual]),
        any::<bool>(),
    );
    (measured, rules).prop_map(|((period_s, statistic), rules)| {
        let (missing, streak, percent_rounding, percent_base, scheduled_obeys_cooldown) = rules;
        let period = SimDuration::from_s(period_s);
        Semantics {
            period,
            statistic,
            missing,
            streak,
            percent_rounding,
            percent_base,
            scheduled_obeys_cooldown,
            ..Semantics::default()
        }
    })
}

fn statistic() -> impl Strategy<Value = Statistic> {
    select(vec![Statistic::Average, Statistic::Maximum, Statistic::Minimum])
}

fn latency() -> impl Strategy<Value = Latency> {
    let lengths = (length(60), length(0), length(5), length(2), length(10));
    prop_oneof![
        1 => Just(Latency::default()),
        1 => Just(instant()),
        4 => lengths.prop_map(|(creating, preheating, attach_lb, detach_lb, removing)| Latency {
            creating, preheating, attach_lb, detach_lb, removing, ..Latency::default()
        }),
    ]
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
        1 => select(vec![60_000_i64, 120_000, 300_000, 600_000]),
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
