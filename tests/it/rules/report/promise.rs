//! 12.2: SLO minutes, lost load, recovery, pinned minutes, utilisation.

use asgsim::env::load::{Demand, Flow, Load, Overload, WORK_UNIT};
use asgsim::report::Slo;
use asgsim::report::minutes::Minute;
use asgsim::report::slo::is_breach;
use asgsim::report::tally::Utilisation;
use asgsim::{SimDuration, SimTime};

use super::{figures, minutely, scenario, summary};
use crate::rules::world::{World, demand, micro, modify, time};

/// A minute with this work, in units of load times seconds.
fn minute(offered: i128, served: i128, capacity: i128, lost: i128, backlog: i128) -> Minute {
    let [offered, served, capacity, lost, backlog] =
        [offered, served, capacity, lost, backlog].map(|work| work * WORK_UNIT);
    Minute {
        start: time("10:00"),
        length: SimDuration::MINUTE,
        known: SimDuration::MINUTE,
        saturated: SimDuration::ZERO,
        flow: Flow { offered, capacity, served, lost, backlog },
        usage: [None; 4],
        service_ms: 60_000,
    }
}

fn slo(utilisation: &str, lost_load: &str) -> Slo {
    Slo { utilisation: micro(utilisation), lost_load: micro(lost_load), ..Slo::default() }
}

#[test]
fn r_12_2_a_minute_breaks_the_promise_beyond_the_share_that_may_be_lost() {
    let table = [
        // offered, lost, waiting at the end, allowed share, breach
        (1000, 0, 0, "0", false),
        (1000, 1, 0, "0", true),
        (1000, 0, 1, "0", true),
        (1000, 10, 0, "0.01", false),
        (1000, 11, 0, "0.01", true),
        (1000, 0, 10, "0.01", false),
        (1000, 0, 11, "0.01", true),
        (1000, 4, 6, "0.01", false),
        (1000, 5, 6, "0.01", true),
        (1000, 10, 0, "0.009999", true),
        (1000, 1000, 0, "1", false),
        // Nothing offered, and still some of what came before waits.
        (0, 0, 1, "0.5", true),
        (0, 0, 0, "0", false),
    ];
    for (offered, lost, backlog, allowed, expected) in table {
        let minute = minute(offered, 0, 6000, lost, backlog);
        let found = is_breach(&minute, &slo("80", allowed));
        let row = format!("{lost} lost and {backlog} waiting of {offered}, allowed {allowed}");
        assert_eq!(found, Some(expected), "{row}");
    }
}

#[test]
fn r_12_2_a_minute_breaks_the_promise_above_the_target_utilisation() {
    let table = [
        // served, capacity, target, breach
        (4800, 6000, "80", false),
        (4801, 6000, "80", true),
        (4800, 6000, "79.999999", true),
        (6000, 6000, "100", false),
        (0, 0, "80", false),
        (1, 6000, "0.000001", true),
    ];
    for (served, capacity, target, expected) in table {
        let found = is_breach(&minute(served, served, capacity, 0, 0), &slo(target, "0"));
        assert_eq!(found, Some(expected), "{served} of {capacity}, target {target}");
    }
    let unknown = Minute { known: SimDuration::ZERO, ..minute(0, 0, 0, 0, 0) };
    assert_eq!(is_breach(&unknown, &Slo::default()), None);
}

#[test]
fn r_12_2_utilisation_is_the_mean_of_the_minute() {
    let table = [
        // 48 s at 100 and 12 s at nothing: 80 % of the minute's capacity.
        ("10:00 100, 10:00:48 0", 0.0),
        ("10:00 100, 10:00:49 0", 1.0),
        // Dropped for a second: the mean is low, and still it is a breach.
        ("10:00 101, 10:00:01 0", 1.0),
    ];
    for (offered, expected) in table {
        let world = World::new(1, 9, 1).demand(offered, 100);
        assert_eq!(summary(&world, "10:10").slo_minutes, Some(expected), "{offered}");
    }
}

#[test]
fn r_12_2_work_that_waits_at_the_end_of_the_minute_breaks_the_promise() {
    let table = [
        // 1,000 wait after 10 s and are served 10 s later.
        ("10:00 200, 10:00:10 0", 0.0),
        ("10:00 0, 10:00:40 200, 10:00:50 0", 0.0),
        ("10:00 0, 10:00:41 200, 10:00:51 0", 1.0),
        ("10:00 0, 10:00:50 200, 10:01 0", 1.0),
    ];
    let queue = Overload::Queue { max_backlog: None, timeout: None };
    for (offered, expected) in table {
        let demand = Demand { overload: queue, ..demand(offered, 100) };
        let world = World::new(1, 9, 1).load(Load::Demand(demand));
        let found = summary(&world, "10:10");
        assert_eq!((found.slo_minutes, found.lost_load), (Some(expected), Some(0.0)), "{offered}");
    }
}

#[test]
fn r_12_2_a_backlog_may_last_longer_than_the_crowd() {
    // 6,000 wait at 10:01; 50 a second are free to serve them, for two minutes.
    let queue = Overload::Queue { max_backlog: None, timeout: None };
    let demand = Demand { overload: queue, ..demand("10:00 200, 10:01 50", 100) };
    let found = summary(&World::new(1, 9, 1).load(Load::Demand(demand)), "10:10");
    assert_eq!(found.slo_minutes, Some(3.0));
    assert_eq!(found.recovery.max_s, Some(180.0));
}

#[test]
fn r_12_2_cut_minutes_count_by_their_share() {
    let mut world = World::new(1, 9, 1).demand("10:00 90", 100);
    assert_eq!(summary(&world, "10:04").slo_minutes, Some(4.0));
    assert_eq!(summary(&world, "10:04:30").slo_minutes, Some(4.5));
    world.setup.start = time("10:00:45");
    assert_eq!(summary(&world, "10:04:30").slo_minutes, Some(3.75));
    assert_eq!(summary(&world, "10:00:45.600").slo_minutes, Some(0.01));
}

#[test]
fn r_12_2_missing_minutes_are_left_out_and_counted() {
    // All that is known is a breach: 10:00 to 10:02, 10:03:30 to 10:05.
    let world = World::new(1, 9, 1).demand("10:00 90, 10:02 _, 10:03:30 90, 10:05 _", 100);
    let found = summary(&world, "10:06");
    assert_eq!((found.slo_minutes, found.missing_minutes), (Some(3.5), 2.5));
    assert_eq!(found.utilisation.mean, Some(90.0));
    // Instances and cost go on.
    assert_eq!(found.instance_hours, 0.1);
    let unknown = World::new(1, 9, 1).demand("10:00 _, 10:30 1", 100);
    let found = summary(&unknown, "10:30");
    assert_eq!((found.slo_minutes, found.lost_load), (None, None));
    assert_eq!((found.under_accuracy, found.missing_minutes), (None, 30.0));
    // Fixed metrics: minutes with an instance in service and without a value.
    let fixed = World::new(0, 9, 1).cpu("10:00 60, 10:02 _, 10:05 60");
    assert_eq!(summary(&fixed, "10:06").missing_minutes, 3.0);
    assert_eq!(summary(&World::new(0, 9, 0).cpu("10:00 60"), "10:06").missing_minutes, 0.0);
}

#[test]
fn r_12_2_lost_load_is_a_share_of_what_was_offered() {
    // 50 of 150 for a minute, nothing of 50 for another: a quarter.
    let world = World::new(1, 9, 1).demand("10:00 150, 10:01 50", 100);
    assert_eq!(summary(&world, "10:02").lost_load, Some(0.25));
    assert_eq!(summary(&world, "10:01").lost_load, Some(0.333_333));
    let idle = World::new(1, 9, 1).demand("10:00 0", 100);
    assert_eq!(summary(&idle, "10:02").lost_load, Some(0.0));
    let nobody = World::new(0, 9, 0).demand("10:00 5", 100);
    assert_eq!(summary(&nobody, "10:02").lost_load, Some(1.0));
}

/// The episodes of minutes `B` (breach), `.` (none) and `_` (unknown): count, median and longest.
fn episodes(minutes: &str) -> (usize, Option<f64>, Option<f64>) {
    let words = minutes.chars().map(|minute| match minute {
        'B' => "90 ",
        '.' => "50 ",
        _ => "_ ",
    });
    let offered = minutely(&words.collect::<String>());
    let world = World::new(1, 9, 1).demand(&offered, 100);
    let end = time("10:00") + SimDuration::MINUTE.times(i64::try_from(minutes.len()).unwrap());
    let found = summary(&world, &crate::rules::world::clock(end)).recovery;
    (found.count, found.median_s, found.max_s)
}

#[test]
fn r_12_2_three_calm_minutes_end_an_episode() {
    let table = [
        ("....", (0, None, None)),
        ("B...", (1, Some(60.0), Some(60.0))),
        (".BB....", (1, Some(120.0), Some(120.0))),
        // Two do not, and one still open is not counted.
        ("B..", (0, None, None)),
        ("B..B..", (0, None, None)),
        ("B..B...", (1, Some(240.0), Some(240.0))),
        ("B.B.B...", (1, Some(300.0), Some(300.0))),
        ("B...B", (1, Some(60.0), Some(60.0))),
        // Odd and even numbers of them.
        ("B...BBB...", (2, Some(120.0), Some(180.0))),
        ("B...BBBB...BB...", (3, Some(120.0), Some(240.0))),
        ("BBB...B...B...BBBB...", (4, Some(120.0), Some(240.0))),
        // Unknown minutes are neither.
        ("B.__..", (1, Some(60.0), Some(60.0))),
        ("B___..", (0, None, None)),
        ("B__B...", (1, Some(240.0), Some(240.0))),
    ];
    for (minutes, expected) in table {
        assert_eq!(episodes(minutes), expected, "{minutes}");
    }
}

#[test]
fn r_12_2_an_episode_of_a_cut_minute_begins_with_the_run() {
    let mut world = World::new(1, 9, 1).demand("10:00 90, 10:01 50", 100);
    world.setup.start = time("10:00:40");
    assert_eq!(summary(&world, "10:04").recovery.max_s, Some(20.0));
}

#[test]
fn r_12_2_pinned_is_desired_at_a_bound_that_is_not_the_only_size() {
    let world = World::new(1, 3, 2)
        .at("10:05", modify("desired 3"))
        .at("10:12", modify("desired 1"))
        .at("10:13:30", modify("desired 2"));
    let pinned = |world: &World| {
        let found = summary(world, "10:20");
        (found.pinned_min_minutes, found.pinned_max_minutes)
    };
    assert_eq!(pinned(&world), (1.5, 7.0));
    assert_eq!(pinned(&World::new(1, 3, 3)), (0.0, 20.0));
    assert_eq!(pinned(&World::new(1, 3, 1)), (20.0, 0.0));
    assert_eq!(pinned(&World::new(2, 2, 2)), (0.0, 0.0));
    // Bounds may move instead.
    let bounds =
        World::new(1, 3, 2).at("10:04", modify("min 2 max 2")).at("10:09", modify("max 3"));
    assert_eq!(pinned(&bounds), (11.0, 0.0));
}

#[test]
fn r_12_2_percentiles_are_of_the_nearest_rank() {
    let usage = |count: i64| {
        let values: Vec<String> = (0..count).map(|i| ((i * 7) % count + 1).to_string()).collect();
        let world = World::new(1, 9, 1).cpu(&minutely(&values.join(" ")));
        let end = time("10:00") + SimDuration::MINUTE.times(count);
        let Utilisation { mean, p50, p95, max } =
            summary(&world, &crate::rules::world::clock(end)).utilisation;
        [mean, p50, p95, max].map(Option::unwrap)
    };
    assert_eq!(usage(1), [1.0, 1.0, 1.0, 1.0]);
    assert_eq!(usage(2), [1.5, 1.0, 2.0, 2.0]);
    assert_eq!(usage(3), [2.0, 2.0, 3.0, 3.0]);
    assert_eq!(usage(19), [10.0, 10.0, 19.0, 19.0]);
    assert_eq!(usage(20), [10.5, 10.0, 19.0, 20.0]);
    assert_eq!(usage(40), [20.5, 20.0, 38.0, 40.0]);
    assert_eq!(usage(41), [21.0, 21.0, 39.0, 41.0]);
}

#[test]
fn r_12_2_without_an_instance_there_is_no_utilisation() {
    let none = Utilisation { mean: None, p50: None, p95: None, max: None };
    assert_eq!(summary(&World::new(0, 9, 0).cpu("10:00 60"), "10:10").utilisation, none);
    assert_eq!(summary(&World::new(0, 9, 0).demand("10:00 60", 100), "10:10").utilisation, none);
    assert_eq!(summary(&World::new(1, 9, 1), "10:10").utilisation, none);
}

#[test]
fn r_12_2_refused_triggers_are_counted_by_reason() {
    // Out at every mark from 10:05 on; the instance takes 6 minutes, the cooldown lasts 11.
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 660s");
    let found = summary(&world.creating("6m"), "10:25:01");
    // 10:05 accepted, 10:10 busy, 10:11 ends, 10:15 and 10:20 in cooldown, 10:25 accepted.
    assert_eq!((found.refused_busy, found.refused_cooldown), (1, 2));
    assert_eq!((found.scale_outs, found.scale_ins), (2, 0));
}

#[test]
fn r_12_2_a_looser_promise_is_kept() {
    let world = World::new(1, 9, 1).demand("10:00 90, 10:05 110, 10:10 50", 100);
    let kept = |utilisation, lost_load| {
        let mut scenario = scenario(&world, "10:15");
        scenario.slo = slo(utilisation, lost_load);
        figures(&scenario).slo_minutes
    };
    assert_eq!(kept("80", "0"), Some(10.0));
    assert_eq!(kept("90", "0"), Some(5.0));
    // 10 of 110 are lost.
    assert_eq!(kept("100", "0.1"), Some(0.0));
    assert_eq!(kept("100", "0.09"), Some(5.0));
}

#[test]
fn r_12_2_minutes_are_civil() {
    let mut world = World::new(1, 9, 1).demand("10:00 90", 100);
    world.setup.start = time("10:00:30");
    let scenario = scenario(&world, "10:02:15");
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    let group = &run.groups[0];
    let minutes = asgsim::report::minutes::minutes(&group.history, group.load, run.span);
    let found: Vec<(SimTime, i64)> = minutes.map(|m| (m.start, m.length.ms())).collect();
    let expected = [("10:00:30", 30_000), ("10:01", 60_000), ("10:02", 15_000)];
    assert_eq!(found, expected.map(|(t, ms)| (time(t), ms)));
}
