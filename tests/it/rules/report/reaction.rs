//! What a group did about breaches, and what it had left (12.2, 12.3); saturation and response
//! time (11.1, 11.5).

use asgsim::SimTime;
use asgsim::report::reaction::RefusedMinutes;
use asgsim::report::series::series;
use asgsim::report::slo::Durations;

use super::{figures, minutely, scenario, summary};
use crate::rules::world::{World, modify, time};

#[test]
fn r_12_2_headroom_is_what_the_load_left_of_capacity() {
    let table = [
        // offered by the minute of 100 that can be served; lowest, and 5 % are not above
        ("60 40 90", Some(10.0), Some(10.0)),
        // Below 0 where it was too much.
        ("60 130 90", Some(-30.0), Some(-30.0)),
        ("60 _ 90", Some(10.0), Some(10.0)),
        ("_ _", None, None),
    ];
    for (offered, min, p5) in table {
        let world = World::new(1, 9, 1).demand(&minutely(offered), 100);
        let minutes = offered.split_whitespace().count();
        let found = summary(&world, &format!("10:0{minutes}")).headroom;
        assert_eq!((found.min, found.p5), (min, p5), "{offered}");
    }
    // Nearest rank: the second lowest of forty minutes.
    let falling: Vec<String> = (1..=40).rev().map(|n| n.to_string()).collect();
    let world = World::new(1, 9, 1).demand(&minutely(&falling.join(" ")), 100);
    let found = summary(&world, "10:40").headroom;
    assert_eq!((found.min, found.p5), (Some(60.0), Some(61.0)));
    // Nobody who could serve: there is no capacity to have a share of.
    let none = World::new(0, 9, 0).demand("10:00 60", 100);
    assert_eq!(summary(&none, "10:10").headroom.min, None);
}

#[test]
fn r_11_1_saturated_is_where_alarms_cannot_see_how_much_is_missing() {
    let saturated = |offered, count| {
        let world = World::new(0, 9, count).demand(offered, 100);
        let found = summary(&world, "10:15").saturated;
        (found.minutes, found.stretches)
    };
    let span = |from, to| (time(from), time(to));
    let crowd = "10:00 90, 10:01:30 110, 10:03 90, 10:10 120, 10:10:15 90";
    let expected = vec![span("10:01", "10:03"), span("10:10", "10:11")];
    assert_eq!(saturated(crowd, 1), (1.75, expected));
    assert_eq!(saturated(crowd, 2), (0.0, Vec::new()));
    // Just full is not too much; and without anybody in service nobody is full.
    assert_eq!(saturated("10:00 100", 1).0, 0.0);
    assert_eq!(saturated("10:00 100.000001", 1).0, 15.0);
    assert_eq!(saturated(crowd, 0).0, 0.0);
}

const fn once(seconds: f64) -> Durations {
    Durations { count: 1, median_s: Some(seconds), max_s: Some(seconds) }
}

const NEVER: Durations = Durations { count: 0, median_s: None, max_s: None };

#[test]
fn r_12_2_reaction_and_provisioning_are_told_apart() {
    // The crowd comes at 10:03; the mean of the first period is 70 %, the second is full.
    let world = World::new(1, 9, 1)
        .demand("10:00 50, 10:03 150", 100)
        .policy("out cpu > 80 x1 +1 0s")
        .creating("2m");
    let found = summary(&world, "10:14");
    assert_eq!((found.reaction, found.provisioning), (once(420.0), once(120.0)));
    // Still under way at the end: it has reacted, and has not provided.
    let found = summary(&world, "10:11");
    assert_eq!((found.reaction, found.provisioning), (once(420.0), NEVER));
    assert_eq!(summary(&world, "10:10").reaction, NEVER);
}

#[test]
fn r_12_2_whoever_is_at_work_already_reacts_at_once() {
    let crowd = |offered| World::new(1, 9, 1).demand(offered, 100).creating("6m");
    let early = crowd("10:00 50, 10:04 150").at("10:02", modify("desired 2"));
    assert_eq!(summary(&early, "10:20").reaction, once(0.0));
    // What begins when the episode is over, or ended before, is no reaction to it.
    let late = crowd("10:00 90, 10:01 50").at("10:10", modify("desired 2"));
    assert_eq!(summary(&late, "10:20").reaction, NEVER);
    let before = crowd("10:00 50, 10:10 250").at("10:02", modify("desired 2"));
    let found = summary(&before, "10:20");
    assert_eq!((found.reaction, found.provisioning), (NEVER, once(360.0)));
}

#[test]
fn r_12_2_refusals_cost_the_broken_minutes_until_one_is_accepted() {
    let refused = |world: &World, until| summary(world, until).refused_minutes;
    let nothing = RefusedMinutes::default();
    // 10:05 accepted, 10:10 busy, 10:11 ends, 10:15 and 10:20 in cooldown, 10:25 accepted.
    let drowning = World::new(1, 9, 1)
        .demand("10:00 300", 100)
        .policy("out cpu > 50 x1 +1 660s")
        .creating("6m");
    let expected = RefusedMinutes { busy: 5.0, cooldown: 10.0, ..nothing };
    assert_eq!(refused(&drowning, "10:26"), expected);
    assert_eq!(refused(&drowning, "10:10"), nothing);
    assert_eq!(refused(&drowning, "10:12:30"), RefusedMinutes { busy: 2.5, ..nothing });
    // There is no more to be had.
    let full = World::new(1, 1, 1).demand("10:00 90", 100).policy("out cpu > 50 x1 +1 60s");
    assert_eq!(refused(&full, "10:12"), RefusedMinutes { at_max: 7.0, ..nothing });
    // Triggers that ask for fewer, or for what is there, hold nothing up.
    let fewer = World::new(1, 9, 1).demand("10:00 90", 100).policy("in cpu < 95 x1 -1 60s");
    assert_eq!(refused(&fewer, "10:12"), nothing);
}

#[test]
fn r_12_2_a_refusal_before_the_episode_costs_nothing() {
    // Refused at 10:05 while all is well; the promise is broken from 10:06 to 10:09.
    let world = World::new(1, 1, 1)
        .demand("10:00 60, 10:06 90, 10:09 40", 100)
        .policy("out cpu > 50 x1 +1 60s");
    let found = summary(&world, "10:20");
    assert_eq!(found.slo_minutes, Some(3.0));
    assert_eq!(found.refused_minutes, RefusedMinutes::default());
}

#[test]
fn r_12_2_an_inactive_group_and_a_suspended_one_cost_too() {
    let crowd = || World::new(1, 9, 1).demand("10:00 90", 100).policy("out cpu > 50 x1 +1 60s");
    let nothing = RefusedMinutes::default();
    let suspended = crowd().at("10:01", asgsim::engine::command::Command::Suspend);
    let expected = RefusedMinutes { suspended: 5.0, ..nothing };
    assert_eq!(summary(&suspended, "10:10").refused_minutes, expected);
}

#[test]
fn r_12_3_reversals_are_flaps_that_took_their_time() {
    let world = World::new(1, 9, 1)
        .at("10:05", modify("desired 2"))
        .at("10:20", modify("desired 3"))
        .at("13:00", modify("desired 1"))
        .at("16:00", modify("desired 2"));
    let found = summary(&world, "22:00");
    assert_eq!((found.flaps, found.reversals_per_day), (0, Some(4.0)));
    assert_eq!(summary(&World::new(1, 9, 1), "22:00").reversals_per_day, Some(0.0));
}

#[test]
fn r_11_5_only_where_it_is_asked_for() {
    let world = World::new(1, 9, 1).demand("10:00 5, 10:10 _, 10:15 0, 10:16 9", 10);
    let mut scenario = scenario(&world, "10:20");
    assert_eq!(figures(&scenario).response_time, None);
    scenario.slo.response_time = true;
    let found = figures(&scenario).response_time.unwrap();
    // 0.2 s at half load for 10 minutes, 1 s at 90 % for 4: 3,000 and 2,160 units of work.
    let mean = (0.2 * 3_000.0 + 2_160.0) / 5_160.0;
    assert!((found.mean_s.unwrap() - mean).abs() < 1e-6, "{found:?}");
    assert_eq!((found.p95_s, found.max_s), (Some(1.0), Some(1.0)));
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    let column = series(&run, &run.groups[0]).response_time_s;
    assert_eq!(column.len(), 20);
    assert_eq!(
        [0, 9, 10, 15, 19].map(|m: usize| column[m]),
        [Some(0.2), Some(0.2), None, None, Some(1.0)]
    );
    let cpu = World::new(1, 9, 1).cpu("10:00 60");
    let mut fixed = super::scenario(&cpu, "10:20");
    fixed.slo.response_time = true;
    assert_eq!(figures(&fixed).response_time, None);
}

#[test]
fn r_11_1_stretches_hold_the_time_of_their_minutes() {
    let world = World::new(1, 9, 1).demand("10:00 110, 10:02:10 90, 10:03:50 110", 100);
    let found = summary(&world, "10:05:20").saturated;
    let stretches: [(SimTime, SimTime); 1] = [(time("10:00"), time("10:05:20"))];
    assert_eq!((found.minutes, found.stretches.as_slice()), (3.666667, stretches.as_slice()));
}
