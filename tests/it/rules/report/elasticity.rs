//! 12.1: supply against demand.

use asgsim::report::Slo;
use asgsim::report::elasticity::{Elasticity, Fold, demanded};
use asgsim::{Micro, SimDuration, SimTime};
use proptest::prelude::*;

use super::{figures, minutely, scenario, summary, whole};
use crate::rules::world::{World, micro, modify, time};

/// A stretch of a run: so many ms, demand (`None` unknown), supply.
type Part = (i64, Option<u32>, u32);

/// Folds stretches one after another; an instance serves 100, at most 80 of it by the promise.
fn fold(parts: &[Part]) -> Option<Elasticity> {
    let start = time("10:00");
    let mut fold = Fold::new(Slo::default(), start);
    let mut at: SimTime = start;
    for (ms, demand, supply) in parts {
        let to = at + SimDuration::from_ms(*ms);
        let offered = demand.map(|d| whole(80 * i64::from(d)));
        fold.add((at, to), offered, whole(100), *supply);
        at = to;
    }
    fold.finish()
}

/// Unit steps of a minute with known demand.
fn steps(pairs: &[(u32, u32)]) -> Elasticity {
    let parts: Vec<Part> = pairs.iter().map(|(d, s)| (60_000, Some(*d), *s)).collect();
    fold(&parts).unwrap()
}

/// Under and over accuracy, under and over timeshare, instability.
fn five(e: Elasticity) -> [Option<f64>; 5] {
    let Elasticity { under_accuracy, over_accuracy, under_timeshare, over_timeshare, .. } = e;
    let four = [under_accuracy, over_accuracy, under_timeshare, over_timeshare].map(Some);
    [four[0], four[1], four[2], four[3], e.instability]
}

const CHECK: [Option<f64>; 5] = [Some(12.5), Some(25.0), Some(25.0), Some(25.0), Some(100.0)];

#[test]
fn r_12_1_the_check() {
    assert_eq!(five(steps(&[(2, 2), (4, 2), (4, 4), (2, 4)])), CHECK);
}

#[test]
fn r_12_1_the_check_in_a_whole_run() {
    let offered = minutely("160 320 320 160");
    let world = World::new(1, 9, 2).demand(&offered, 100).at("10:01", modify("desired 4"));
    let found = summary(&world.creating("60s"), "10:04");
    let found = [
        found.under_accuracy,
        found.over_accuracy,
        found.under_timeshare,
        found.over_timeshare,
        found.instability,
    ];
    assert_eq!(found, CHECK);
}

#[test]
fn r_12_1_demanded_is_the_fewest_that_stay_at_the_target() {
    let table = [
        // offered, one serves, target, demanded
        ("0", "100", "80", 1),
        ("0.000001", "100", "80", 1),
        ("80", "100", "80", 1),
        ("80.000001", "100", "80", 2),
        ("160", "100", "80", 2),
        ("160.000001", "100", "80", 3),
        ("100", "100", "100", 1),
        ("100.000001", "100", "100", 2),
        ("1", "0.3", "50", 7),
        ("1.05", "0.3", "50", 7),
        ("1.050001", "0.3", "50", 8),
        // Whatever the maximum size of the group.
        ("1000000000", "1", "80", 1_250_000_000),
        ("1000000000", "0.000001", "0.000001", 100_000_000_000_000_000_000_000),
    ];
    for (offered, per_instance, target, expected) in table {
        let slo = Slo { utilisation: micro(target), ..Slo::default() };
        let found = demanded(micro(offered), micro(per_instance), &slo);
        let expected: i128 = expected;
        // Beyond i64 it stays at the largest.
        let expected = expected.min(i128::from(i64::MAX));
        assert_eq!(i128::from(found), expected, "{offered} by {per_instance} at {target}");
    }
}

#[test]
fn r_12_1_demand_is_not_limited_by_the_maximum_size_and_leaves_the_base_out() {
    let mut world = World::new(1, 2, 2).demand("10:00 320", 100);
    assert_eq!(summary(&world, "10:10").under_accuracy, Some(50.0));
    if let Some(asgsim::env::load::Load::Demand(demand)) = &mut world.web().load {
        demand.base = micro("30");
    }
    assert_eq!(summary(&world, "10:10").under_accuracy, Some(50.0));
    let mut strict = scenario(&world, "10:10");
    strict.slo.utilisation = micro("40");
    assert_eq!(figures(&strict).under_accuracy, Some(75.0));
}

#[test]
fn r_12_1_integrals_are_exact_within_a_minute() {
    // 1 ms of an hour too few: a third of three is missing.
    let e = fold(&[(1, Some(3), 2), (3_599_999, Some(3), 3)]).unwrap();
    assert_eq!(e.under_timeshare, 0.000_028); // 100 / 3,600,000
    assert_eq!(e.under_accuracy, 0.000_009);
    assert_eq!((e.over_accuracy, e.over_timeshare), (0.0, 0.0));
}

#[test]
fn r_12_1_time_without_demand_is_left_out() {
    let e = fold(&[(60_000, Some(2), 1), (600_000, None, 9), (60_000, Some(2), 2)]).unwrap();
    assert_eq!((e.under_accuracy, e.under_timeshare), (25.0, 50.0));
    // Neither end of the gap makes a step.
    assert_eq!(e.instability, None);
    assert_eq!(fold(&[(60_000, None, 3)]), None);
    assert_eq!(fold(&[]), None);

    let world = World::new(1, 9, 1).demand("10:00 160, 10:05 _, 10:15 80", 100);
    let found = summary(&world, "10:20");
    assert_eq!((found.under_accuracy, found.under_timeshare), (Some(25.0), Some(50.0)));
}

#[test]
fn r_12_1_instability_counts_minutes_that_move_apart() {
    type Steps = &'static [(u32, u32)];
    let table: [(Steps, Option<f64>); 6] = [
        (&[(2, 2)], None),
        (&[(2, 2), (2, 2)], Some(0.0)),
        // The same way, however far.
        (&[(2, 1), (5, 2), (1, 1)], Some(0.0)),
        (&[(2, 2), (3, 2), (3, 3)], Some(100.0)),
        (&[(2, 2), (3, 1)], Some(100.0)),
        (&[(2, 2), (3, 3), (3, 4), (2, 3), (2, 3)], Some(25.0)),
    ];
    for (pairs, expected) in table {
        assert_eq!(steps(pairs).instability, expected, "{pairs:?}");
    }
}

#[test]
fn r_12_1_instability_looks_at_whole_minutes_from_the_start() {
    // What comes and goes between two looks is not seen; what holds at a look is.
    let between = [(60_000, Some(2), 2), (1, Some(2), 2), (59_998, Some(9), 2), (1, Some(2), 2)];
    let at_the_look = [(60_000, Some(2), 2), (1, Some(9), 2), (59_999, Some(2), 2)];
    assert_eq!(fold(&between).unwrap().instability, Some(0.0));
    assert_eq!(fold(&at_the_look).unwrap().instability, Some(100.0));
    // A run that begins at half past is looked at then.
    let mut world = World::new(1, 9, 2).demand("10:00 160, 10:01:30 320", 100);
    world.setup.start = time("10:00:30");
    let found = summary(&world, "10:02:30");
    assert_eq!(found.instability, Some(100.0));
}

#[test]
fn r_12_1_fixed_load_and_no_load_have_no_demand() {
    for world in [World::new(1, 9, 2).cpu("10:00 60"), World::new(1, 9, 2)] {
        let found = summary(&world, "10:30");
        let five = [
            found.under_accuracy,
            found.over_accuracy,
            found.under_timeshare,
            found.over_timeshare,
            found.instability,
        ];
        assert_eq!(five, [None; 5]);
        assert_eq!((found.slo_minutes, found.lost_load), (None, None));
        assert_eq!(found.recovery.count, 0);
    }
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let length = prop_oneof![Just(60_000), 1..200_000_i64];
    let part = (length, prop::option::weighted(0.9, 1..30_u32), 0..40_u32);
    prop::collection::vec(part, 1..20)
}

/// Figures stand with six decimals.
fn close(a: f64, b: f64, factor: f64) -> bool {
    (a - b).abs() <= 1.1e-6 * factor
}

proptest! {
    #[test]
    fn r_12_1_law_all_are_0_where_supply_equals_demand(parts in parts()) {
        let exact: Vec<Part> =
            parts.iter().map(|(ms, d, s)| (*ms, *d, d.unwrap_or(*s))).collect();
        if let Some(e) = fold(&exact) {
            prop_assert_eq!(five(e)[..4].to_vec(), vec![Some(0.0); 4]);
            prop_assert_eq!(e.instability.unwrap_or(0.0), 0.0);
        }
    }

    #[test]
    fn r_12_1_law_stretching_time_changes_nothing(parts in parts(), factor in 1..50_i64) {
        let slow: Vec<Part> = parts.iter().map(|(ms, d, s)| (ms * factor, *d, *s)).collect();
        match (fold(&parts), fold(&slow)) {
            (Some(fast), Some(slow)) => {
                for (a, b) in five(fast).into_iter().zip(five(slow)).take(4) {
                    prop_assert!(close(a.unwrap(), b.unwrap(), 1.0), "{a:?} and {b:?}");
                }
            }
            (fast, slow) => prop_assert_eq!(fast, slow),
        }
    }

    #[test]
    fn r_12_1_law_twice_as_bad_is_twice_the_figure(
        errors in prop::collection::vec((1..200_000_i64, 2..40_u32, 0..20_u32, any::<bool>()), 1..20)
    ) {
        let run = |times: u32| {
            let part = |(ms, d, error, over): &(i64, u32, u32, bool)| {
                let error = times * (*error).min(d / 2);
                (*ms, Some(*d), if *over { d + error } else { d - error })
            };
            fold(&errors.iter().map(part).collect::<Vec<Part>>()).unwrap()
        };
        let (once, twice) = (run(1), run(2));
        prop_assert!(close(2.0 * once.under_accuracy, twice.under_accuracy, 2.0));
        prop_assert!(close(2.0 * once.over_accuracy, twice.over_accuracy, 2.0));
        prop_assert_eq!(once.under_timeshare, twice.under_timeshare);
        prop_assert_eq!(once.over_timeshare, twice.over_timeshare);
    }

    #[test]
    fn r_12_1_the_shares_of_time_do_not_overlap(parts in parts()) {
        if let Some(e) = fold(&parts) {
            prop_assert!(e.under_timeshare + e.over_timeshare <= 100.000_001);
            prop_assert!(e.under_accuracy <= e.under_timeshare + 1e-6);
            prop_assert!((0.0..=100.0).contains(&e.instability.unwrap_or(0.0)));
        }
    }

    #[test]
    fn r_12_1_demanded_is_enough_and_one_less_is_not(
        offered in 0..10_000_000_000_i64,
        per_instance in 1..1_000_000_000_i64,
        target in 1..=100_000_000_i64,
    ) {
        let [offered_m, per_m, target_m] = [offered, per_instance, target].map(Micro::from_millionths);
        let slo = Slo { utilisation: target_m, ..Slo::default() };
        let n = i128::from(demanded(offered_m, per_m, &slo));
        let wanted = i128::from(offered) * 100_000_000;
        let each = i128::from(per_instance) * i128::from(target);
        prop_assert!(n >= 1 && n * each >= wanted);
        prop_assert!(n == 1 || (n - 1) * each < wanted);
    }
}
