//! Chapter 12: the laws of elasticity, and the figures of whole runs (12.1, 12.2).

use asgsim::env::load::{Demand, Load, Overload};
use asgsim::report::Slo;
use asgsim::report::elasticity::{Elasticity, Fold, demanded};
use asgsim::report::summary::Summary;
use asgsim::scenario::Scenario;
use asgsim::{Micro, SimDuration};
use proptest::prelude::*;

use super::world::{World, demand, micro, time};

/// The figures of `web` at that time.
pub fn summary(world: World, end: &str) -> Summary {
    summary_of(&Scenario::of("world", world.setup, time(end)))
}

/// The figures of the first group.
pub fn summary_of(scenario: &Scenario) -> Summary {
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    run.summary(&run.groups[0])
}

/// Folds demand and supply in steps of one length; one instance serves 8 at the target.
fn fold(demand: &[i64], supply: &[u32], step: SimDuration) -> Elasticity {
    let mut fold = Fold::new(Slo::default(), time("10:00"));
    let mut from = time("10:00");
    for (demand, supply) in demand.iter().zip(supply) {
        let to = from + step;
        fold.add((from, to), Some(Micro::from_int(demand * 8)), micro("10"), *supply);
        from = to;
    }
    fold.finish().unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-5
}

/// Accuracies and timeshares.
fn shares(e: &Elasticity) -> [f64; 4] {
    [e.under_accuracy, e.over_accuracy, e.under_timeshare, e.over_timeshare]
}

proptest! {
    #[test]
    fn r_12_1_all_is_zero_where_supply_is_demand(demand in prop::collection::vec(1..50_i64, 2..40)) {
        let supply: Vec<u32> = demand.iter().map(|d| u32::try_from(*d).unwrap()).collect();
        let found = fold(&demand, &supply, SimDuration::MINUTE);
        prop_assert_eq!(shares(&found), [0.0; 4]);
        prop_assert_eq!(found.instability, Some(0.0));
    }

    #[test]
    fn r_12_1_stretched_time_changes_no_share(
        run in prop::collection::vec((1..50_i64, 0..50_u32), 1..40),
        times in 2..50_i64,
        step_ms in 1..200_000_i64,
    ) {
        let (demand, supply): (Vec<_>, Vec<_>) = run.into_iter().unzip();
        let step = SimDuration::from_ms(step_ms);
        let (once, stretched) =
            (fold(&demand, &supply, step), fold(&demand, &supply, step.times(times)));
        for (a, b) in shares(&once).into_iter().zip(shares(&stretched)) {
            prop_assert!(close(a, b), "{:?} {:?}", once, stretched);
        }
    }

    #[test]
    fn r_12_1_twice_as_bad_is_twice_the_figure(
        run in prop::collection::vec((20..50_i64, -10..10_i64), 1..40),
    ) {
        let demand: Vec<i64> = run.iter().map(|(d, _)| *d).collect();
        let off_by = |times: i64| {
            let supply = run.iter().map(|(d, off)| u32::try_from(d + times * off).unwrap());
            fold(&demand, &supply.collect::<Vec<_>>(), SimDuration::MINUTE)
        };
        let (once, twice) = (off_by(1), off_by(2));
        prop_assert!(close(2.0 * once.under_accuracy, twice.under_accuracy));
        prop_assert!(close(2.0 * once.over_accuracy, twice.over_accuracy));
        prop_assert!(close(once.under_timeshare, twice.under_timeshare));
        prop_assert!(close(once.over_timeshare, twice.over_timeshare));
    }
}

#[test]
fn r_12_1_demanded_is_the_fewest_at_the_target() {
    let table = [
        // offered, per_instance, target; instances
        ("0", "100", "80", 1),
        ("80", "100", "80", 1),
        ("80.000001", "100", "80", 2),
        ("160", "100", "80", 2),
        ("160.000001", "100", "80", 3),
        ("100", "100", "100", 1),
        ("100.000001", "100", "100", 2),
        ("0.000001", "0.000001", "80", 2),
        ("1000000000", "0.000001", "100", 1_000_000_000_000_000),
    ];
    for (offered, per_instance, utilisation, expected) in table {
        let slo = Slo { utilisation: micro(utilisation), ..Slo::default() };
        let found = demanded(micro(offered), micro(per_instance), &slo);
        assert_eq!(found, expected, "{offered} by {per_instance} at {utilisation} %");
    }
}

#[test]
fn r_12_1_is_not_limited_by_max_and_knows_no_base() {
    // 100 at 8 each are 13 instances.
    let demand = Demand { base: micro("50"), ..demand("10:00 100", 10) };
    let found = summary(World::new(1, 2, 2).load(Load::Demand(demand)), "11:00");
    assert_eq!(found.under_accuracy, Some(84.615385));
    assert_eq!(found.under_timeshare, Some(100.0));
}

#[test]
fn r_12_1_unknown_demand_is_left_out() {
    // Known for 20 minutes, in 5 of them too few; the hole joins nothing.
    let world = World::new(1, 9, 2).demand("10:00 16, 10:15 _, 10:45 32, 10:50 _", 10);
    let found = summary(world, "11:00");
    assert_eq!(found.under_timeshare, Some(25.0));
    assert_eq!(found.under_accuracy, Some(12.5));
    assert_eq!(found.instability, Some(0.0));
    let nothing = summary(World::new(1, 9, 2).demand("10:30 5", 10), "10:10");
    assert_eq!((nothing.under_accuracy, nothing.instability), (None, None));
    assert_eq!((nothing.slo_minutes, nothing.lost_load), (None, None));
    // A single minute has no two ends to compare.
    let one = summary(World::new(1, 9, 2).demand("10:00 16", 10), "10:01");
    assert_eq!((one.under_accuracy, one.instability), (Some(0.0), None));
}

#[test]
fn r_12_1_and_2_mean_nothing_without_demand() {
    for world in [World::new(1, 9, 2).cpu("10:00 50"), World::new(1, 9, 2)] {
        let found = summary(world, "10:30");
        let null = [
            found.under_accuracy,
            found.over_accuracy,
            found.under_timeshare,
            found.over_timeshare,
            found.instability,
            found.slo_minutes,
            found.lost_load,
            found.recovery.median_s,
            found.recorded_cost,
            found.low_confidence_minutes,
        ];
        assert_eq!(null, [None; 10]);
        assert_eq!(found.recovery.count, 0);
    }
}

#[test]
fn r_12_2_a_backlog_counts_where_it_is_left_at_the_minutes_end() {
    let queue = |steps| {
        let overload = Overload::Queue { max_backlog: None, timeout: None };
        let demand = Demand { overload, ..demand(steps, 10) };
        let mut scenario = Scenario::of(
            "queue",
            World::new(1, 9, 1).load(Load::Demand(demand)).setup,
            time("10:10"),
        );
        scenario.slo.utilisation = Micro::HUNDRED;
        summary_of(&scenario).slo_minutes
    };
    // 300 too many wait at 10:01 and are served by 10:01:30; or come and go within a minute.
    assert_eq!(queue("10:00 15, 10:01 0"), Some(1.0));
    assert_eq!(queue("10:00 15, 10:00:20 0"), Some(0.0));
}

#[test]
fn r_12_2_missing_time_is_left_out_and_counted() {
    let world = World::new(1, 2, 2).demand("10:00 50, 10:02:30 _, 10:04 50", 10);
    let found = summary(world, "10:06");
    assert_eq!((found.slo_minutes, found.missing_minutes), (Some(4.5), 1.5));
    // 30 of 50 are lost at all times; instances go on.
    assert_eq!((found.lost_load, found.instance_hours), (Some(0.6), 0.2));
    let fixed = summary(World::new(1, 2, 2).cpu("10:00 50, 10:02 _, 10:04 50"), "10:06");
    assert_eq!((fixed.missing_minutes, fixed.utilisation.mean), (2.0, Some(50.0)));
}

#[test]
fn r_12_2_lost_load_is_a_share_of_what_was_offered() {
    let lost = |steps| summary(World::new(1, 2, 2).demand(steps, 10), "10:10").lost_load;
    assert_eq!(lost("10:00 20"), Some(0.0));
    assert_eq!(lost("10:00 40, 10:05 10"), Some(0.4));
    assert_eq!(lost("10:00 0"), Some(0.0));
}

#[test]
fn r_12_2_refused_triggers_by_reason() {
    let world = World::new(1, 9, 1).cpu("10:00 90").creating("400s");
    let found = summary(world.policy("out cpu > 50 x1 +1 600s"), "10:40");
    // 10:05 accepted, ends 10:11:40; 10:10 busy; 10:15 and 10:20 in cooldown; 10:25 accepted,
    // ends 10:31:40; 10:30 busy; 10:35 in cooldown.
    assert_eq!((found.refused_busy, found.refused_cooldown, found.scale_outs), (2, 3, 2));
}

#[test]
fn r_12_2_utilisation_takes_the_nearest_rank() {
    let of = |count: i64, desired| {
        let steps = (1..=count).rev().map(|v| format!("10:{:02} {v}", count - v));
        let world = World::new(0, 2, desired).cpu(&steps.collect::<Vec<_>>().join(", "));
        let found = summary(world, &format!("10:{count:02}")).utilisation;
        [found.mean, found.p50, found.p95, found.max]
    };
    assert_eq!(of(20, 1), [10.5, 10.0, 19.0, 20.0].map(Some));
    assert_eq!(of(21, 1), [11.0, 11.0, 20.0, 21.0].map(Some));
    assert_eq!(of(1, 1), [Some(1.0); 4]);
    assert_eq!(of(20, 0), [None; 4]);
}
