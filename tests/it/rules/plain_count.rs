//! Samples counted the plain way, second by second, against the meter of the engine (1.2, 11.1).
//!
//! All times of these worlds are whole seconds and the trace has a step per second, so each second
//! is a stretch of its own.

use std::collections::BTreeMap;

use asgsim::env::load::{Demand, Load, Overload};
use asgsim::kernel::fixed::div_round;
use asgsim::model::instance::LifecycleState;
use asgsim::model::record::Record;
use asgsim::{Micro, SimDuration, SimTime};
use proptest::prelude::*;

use super::world::{Run, World, clock, demand, micro, modify, time};

/// Half an hour from 10:00, in seconds.
const SECONDS: i64 = 1800;

/// A world in numbers: seconds and load (none is a hole), seconds and desired capacity.
#[derive(Clone, Debug)]
struct Plan {
    steps: Vec<(i64, Option<u32>)>,
    desired: Vec<(i64, u32)>,
    creating_s: i64,
    load_balancer: bool,
    overload: Overload,
}

fn plans() -> impl Strategy<Value = Plan> {
    let step = (0..SECONDS, prop::option::weighted(0.9, 0..900_u32));
    let change = (0..SECONDS, 0..6_u32);
    let queue = (prop::option::of(0..20_000_i64), prop::option::of(0..120_i64));
    let queue = queue.prop_map(|(most, age)| Overload::Queue {
        max_backlog: most.map(Micro::from_int),
        timeout: age.map(SimDuration::from_s),
    });
    (
        prop::collection::vec(step, 1..12),
        prop::collection::vec(change, 0..8),
        prop::sample::select(vec![0, 7, 60, 119]),
        any::<bool>(),
        prop_oneof![Just(Overload::Drop), queue],
    )
        .prop_map(|(mut steps, desired, creating_s, load_balancer, overload)| {
            steps.sort_by_key(|(at, _)| *at);
            steps.dedup_by_key(|(at, _)| *at);
            Plan { steps, desired, creating_s, load_balancer, overload }
        })
}

fn second(s: i64) -> SimTime {
    time("10:00") + SimDuration::from_s(s)
}

fn load_of(plan: &Plan) -> Demand {
    let step = |(at, value): &(i64, Option<u32>)| {
        let value = value.map_or("_".to_owned(), |v| v.to_string());
        format!("{} {value}", clock(second(*at)))
    };
    let steps: Vec<String> = plan.steps.iter().map(step).collect();
    Demand { overload: plan.overload, base: micro("7"), ..demand(&steps.join(", "), 90) }
}

fn run(plan: &Plan) -> Run {
    let mut world = World::new(0, 9, 2).load(Load::Demand(load_of(plan)));
    if plan.load_balancer {
        world = world.load_balancer();
    }
    for (at, desired) in &plan.desired {
        world = world.at(&clock(second(*at)), modify(&format!("desired {desired}")));
    }
    let world = world.creating(&format!("{}s", plan.creating_s));
    let mut run = world.policy("p cpu > 99 x10 +1 0s").run();
    run.until("10:30").settle();
    run
}

/// From when to when each instance was in service, in seconds.
fn services(run: &Run) -> Vec<(i64, i64)> {
    let mut all: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for entry in run.web().log().entries() {
        let Record::Instance { instance, state, .. } = entry.record else { continue };
        let at = (entry.t - time("10:00")).ms() / 1000;
        match state {
            LifecycleState::InService => {
                all.insert(instance.0, (at, SECONDS));
            }
            _ => {
                if let Some((_, until)) = all.get_mut(&instance.0) {
                    *until = at.min(*until);
                }
            }
        }
    }
    all.into_values().collect()
}

/// Sum and number of the samples of each period.
fn count(plan: &Plan, services: &[(i64, i64)]) -> Vec<(i128, i128)> {
    let load = load_of(plan);
    let mut periods = vec![(0, 0); usize::try_from(SECONDS / 300).unwrap()];
    let mut backlog = 0_i128; // In millionths of load times seconds.
    for minute in 0..SECONDS / 60 {
        let (mut sum, mut known) = (0_i128, true);
        for s in minute * 60..(minute + 1) * 60 {
            let serving = services.iter().filter(|(from, to)| (*from..*to).contains(&s)).count();
            let capacity = i128::try_from(serving).unwrap() * 90_000_000;
            let Some(offered) = load.offered.at(second(s)).value else {
                known = false;
                continue;
            };
            let work = backlog + i128::from(offered.millionths());
            let served = work.min(capacity);
            backlog = kept(plan.overload, work - served, capacity);
            // 7 per cent idle, 93 more at full load.
            let usage = div_round(7_000_000 * capacity + 93_000_000 * served, capacity);
            sum += usage.unwrap_or(0);
        }
        let all_through =
            |(from, to): &&(i64, i64)| *from <= minute * 60 && (minute + 1) * 60 <= *to;
        let samples = i128::try_from(services.iter().filter(all_through).count()).unwrap();
        let period = &mut periods[usize::try_from(minute / 5).unwrap()];
        if known {
            period.0 += samples * div_round(sum, 60).unwrap();
            period.1 += samples;
        }
    }
    periods
}

fn kept(overload: Overload, left: i128, capacity: i128) -> i128 {
    let Overload::Queue { max_backlog, timeout } = overload else { return 0 };
    let by_size = max_backlog.map_or(left, |most| i128::from(most.millionths()));
    let by_age = timeout.map_or(left, |most| capacity * i128::from(most.ms() / 1000));
    left.min(by_size).min(by_age)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn r_1_2_the_meter_agrees_with_a_plain_count(plan in plans()) {
        let run = run(&plan);
        let expected: Vec<Option<Micro>> = count(&plan, &services(&run))
            .into_iter()
            .map(|(sum, count)| Micro::ratio(sum, count))
            .collect();
        let found: Vec<_> = run.web().decisions().unwrap().iter().map(|(_, d)| d.value).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn r_1_2_a_minute_in_which_one_joins_and_one_leaves() {
    // One joins and another leaves in the minute 10:01: that minute has one sample, of the one
    // that stays, and the others have two: 2 + 1 + 2 + 2 + 2.
    let plan = Plan {
        steps: vec![(0, Some(90))],
        desired: vec![(60, 3), (70, 2)],
        creating_s: 7,
        load_balancer: false,
        overload: Overload::Drop,
    };
    let run = run(&plan);
    assert_eq!(services(&run), [(0, 70), (0, SECONDS), (67, SECONDS)]);
    let value = run.web().decisions().unwrap()[0].1.value;
    assert_eq!(value, Micro::ratio(count(&plan, &services(&run))[0].0, 9));
}
