//! Chapter 12: what a run is judged by.

use asgsim::env::load::{Flow, Load};
use asgsim::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use asgsim::model::id::{ActivityOrdinal, InstanceOrdinal};
use asgsim::report::cost::{Billing, Tariff, bill};
use asgsim::report::elasticity::{self, demanded, elasticity};
use asgsim::report::history::{Activity, History, Life};
use asgsim::report::minutes::Minute;
use asgsim::report::slo::{self, is_breach};
use asgsim::report::summary::{Inputs, Summary, flaps, summarise};
use asgsim::report::{Slo, Span};
use asgsim::{Micro, SimDuration, SimTime};

use super::world::{Run, WEB, World, micro, modify, time};

const FULL: Slo = Slo { utilisation: Micro::HUNDRED, lost_load: Micro::ZERO };

fn minute(n: i64) -> SimTime {
    time("10:00") + SimDuration::MINUTE.times(n)
}

/// The figures of the group `web` up to the time its run has reached.
fn summary(run: &Run, load: Option<&Load>, slo: Slo, end: &str) -> Summary {
    let history = History::of(run.web().log().entries());
    let tariff = Tariff { per_instance_hour: Micro::ONE, ..Tariff::default() };
    let span = Span { start: time("10:00"), end: time(end) };
    summarise(Inputs { history: &history, load, span, slo: &slo, tariff: &tariff })
}

#[test]
fn r_12_1_the_worked_check() {
    let mut fold = elasticity::Fold::new(FULL, minute(0));
    for (n, demand, supply) in [(0, 2, 2), (1, 4, 2), (2, 4, 4), (3, 2, 4)] {
        let span = (minute(n), minute(n + 1));
        fold.add(span, Some(Micro::from_int(demand)), Micro::ONE, supply);
    }
    let found = fold.finish().unwrap();
    assert_eq!((found.under_accuracy, found.over_accuracy), (12.5, 25.0));
    assert_eq!((found.under_timeshare, found.over_timeshare), (25.0, 25.0));
    assert_eq!(found.instability, Some(100.0));
}

#[test]
fn r_12_1_the_worked_check_as_a_run() {
    // Demand 2, 4, 4, 2; the group is told to grow a minute late and to shrink a minute late.
    let world = World::new(0, 9, 2)
        .demand("10:00 200, 10:01 400, 10:03 200", 100)
        .creating("0s")
        .at("10:02", modify("desired 4"));
    let load = world.setup.groups[0].load.clone().unwrap();
    let mut run = world.run();
    run.until("10:04");
    let history = History::of(run.web().log().entries());
    let span = Span { start: time("10:00"), end: time("10:04") };
    let found = elasticity(&history, Some(&load), span, &FULL).unwrap();
    assert_eq!((found.under_accuracy, found.over_accuracy), (12.5, 25.0));
    assert_eq!(found.instability, Some(100.0));
}

#[test]
fn r_12_1_demand_in_instances_is_rounded_up_and_at_least_one() {
    let slo = Slo::default();
    for (offered, expected) in
        [("0", 1), ("80", 1), ("80.000001", 2), ("160", 2), ("160.000001", 3), ("100000", 1250)]
    {
        assert_eq!(demanded(micro(offered), Micro::HUNDRED, &slo), expected, "{offered}");
    }
}

#[test]
fn r_12_1_unknown_demand_is_left_out() {
    let mut fold = elasticity::Fold::new(FULL, minute(0));
    assert_eq!(fold.finish(), None);
    fold.add((minute(0), minute(1)), Some(Micro::ONE), Micro::ONE, 1);
    fold.add((minute(1), minute(9)), None, Micro::ONE, 5);
    let found = fold.finish().unwrap();
    assert_eq!((found.over_accuracy, found.over_timeshare, found.instability), (0.0, 0.0, None));
}

/// A whole minute with work in units of load times seconds.
fn worked(offered: i128, capacity: i128, served: i128, lost: i128, backlog: i128) -> Minute {
    let unit = asgsim::env::load::WORK_UNIT;
    let flow = Flow {
        offered: offered * unit,
        capacity: capacity * unit,
        served: served * unit,
        lost: lost * unit,
        backlog: backlog * unit,
    };
    let known = SimDuration::MINUTE;
    let (length, usage, service_ms) = (known, [None; 4], 60_000);
    Minute { start: minute(0), length, known, flow, usage, service_ms }
}

#[test]
fn r_12_2_a_minute_breaks_the_promise_above_the_target_or_with_work_undone() {
    let slo = Slo { lost_load: micro("0.1"), ..Slo::default() };
    let rows = [
        ("at the target", worked(80, 100, 80, 0, 0), false),
        ("above the target", worked(81, 100, 81, 0, 0), true),
        ("lost share at the limit", worked(100, 1000, 90, 10, 0), false),
        ("lost share above the limit", worked(100, 1000, 89, 11, 0), true),
        ("waiting share at the limit", worked(100, 1000, 90, 0, 10), false),
        ("waiting and lost above it", worked(100, 1000, 89, 5, 6), true),
        ("nothing offered, nothing undone", worked(0, 100, 0, 0, 0), false),
        ("no instance, nothing offered", worked(0, 0, 0, 0, 0), false),
        ("an old backlog alone", worked(0, 0, 0, 0, 1), true),
    ];
    for (name, minute, expected) in rows {
        assert_eq!(is_breach(&minute, &slo), Some(expected), "{name}");
    }
    let unknown = Minute { known: SimDuration::ZERO, ..worked(0, 0, 0, 0, 0) };
    assert_eq!(is_breach(&unknown, &slo), None);
}

#[test]
fn r_12_2_an_episode_ends_with_three_calm_minutes() {
    // x breaks the promise; episodes with their lengths in minutes.
    let rows: [(&str, usize, Option<f64>, Option<f64>); 6] = [
        ("xx...", 1, Some(120.0), Some(120.0)),
        ("xx..", 0, None, None),
        ("x..x...", 1, Some(240.0), Some(240.0)),
        ("x...xxx...", 2, Some(120.0), Some(180.0)),
        ("x...xx...xxxxx...", 3, Some(120.0), Some(300.0)),
        ("x...xx", 1, Some(60.0), Some(60.0)),
    ];
    for (text, count, median, max) in rows {
        let mut fold = slo::Fold::new(Slo::default());
        for (n, mark) in (0..).zip(text.chars()) {
            let work =
                if mark == 'x' { worked(99, 100, 99, 0, 0) } else { worked(1, 100, 1, 0, 0) };
            fold.add(&Minute { start: minute(n), ..work });
        }
        let found = fold.recovery();
        assert_eq!((found.count, found.median_s, found.max_s), (count, median, max), "{text}");
        let broken = text.matches('x').count() as f64;
        assert_eq!(fold.slo_minutes(), Some(broken), "{text}");
    }
}

#[test]
fn r_12_2_cut_minutes_count_by_their_share_and_missing_ones_apart() {
    // 300 on two instances of 100 each: a third is lost in every known minute.
    let world = World::new(2, 2, 2).demand("10:00 300, 10:03 _, 10:05 300", 100);
    let load = world.setup.groups[0].load.clone().unwrap();
    let mut run = world.run();
    run.until("10:06:30");
    let found = summary(&run, Some(&load), Slo::default(), "10:06:30");
    assert_eq!((found.slo_minutes, found.missing_minutes), (Some(4.5), 2.0));
    assert_eq!(found.lost_load, Some(0.333333));
    assert_eq!(found.utilisation.max, Some(100.0));
}

#[test]
fn r_12_2_pinned_only_between_bounds_that_differ() {
    let mut run = World::new(1, 3, 1).at("10:10", modify("desired 3")).run();
    run.until("10:30");
    let found = summary(&run, None, Slo::default(), "10:30");
    assert_eq!((found.pinned_min_minutes, found.pinned_max_minutes), (10.0, 20.0));
    let mut run = World::new(2, 2, 2).run();
    run.until("10:30");
    let found = summary(&run, None, Slo::default(), "10:30");
    assert_eq!((found.pinned_min_minutes, found.pinned_max_minutes), (0.0, 0.0));
    assert_eq!((found.slo_minutes, found.lost_load, found.under_accuracy), (None, None, None));
}

fn activity(kind: ActivityKind, status: ActivityStatus, start: SimTime, end: SimTime) -> Activity {
    Activity {
        ordinal: ActivityOrdinal(1),
        kind,
        status,
        error: ActivityError::None,
        origin: Origin::User,
        count: 1,
        start,
        end: Some(end),
        succeeded: Vec::new(),
        refused_until: None,
    }
}

#[test]
fn r_12_3_a_reversal_within_half_an_hour_is_a_flap() {
    let (out, inward) = (ActivityKind::ScaleOut, ActivityKind::ScaleIn);
    let done = ActivityStatus::Successful;
    let first = activity(out, done, minute(0), minute(1));
    let after = |kind, status, ms| {
        let start = minute(31) + SimDuration::from_ms(ms);
        activity(kind, status, start, start)
    };
    let rows = [
        ("thirty minutes after its end", vec![after(inward, done, 0)], 1),
        ("a millisecond later", vec![after(inward, done, 1)], 0),
        ("the same direction", vec![after(out, done, 0)], 0),
        ("cancelled", vec![after(inward, ActivityStatus::Cancelled, 0)], 0),
        ("failed", vec![after(inward, ActivityStatus::Failed, 0)], 0),
        ("in part", vec![after(inward, ActivityStatus::PartiallySuccessful, 0)], 1),
        ("there and back", vec![after(inward, done, 0), after(out, done, 5)], 2),
    ];
    for (name, later, expected) in rows {
        let all: Vec<_> = std::iter::once(first.clone()).chain(later).collect();
        assert_eq!(flaps(&all), expected, "{name}");
    }
}

#[test]
fn r_12_4_hours_run_from_the_end_of_creation_to_release() {
    // Two from the start; a third, created in 60 s, is gone 10 s after 10:30 begins.
    let mut run =
        World::new(0, 9, 2).at("10:00", modify("desired 3")).at("10:30", modify("desired 2")).run();
    run.until("11:00");
    let found = summary(&run, None, Slo::default(), "11:00");
    // The oldest leaves at 10:30: 30 min 10 s + 60 min + 59 min.
    assert_eq!(found.instance_hours, 2.486111);
    assert_eq!((found.scale_outs, found.scale_ins), (1, 1));
}

#[test]
fn r_12_4_time_is_billed_by_started_second_or_hour() {
    let price = |ms: i64, billing| {
        let tariff = Tariff { per_instance_hour: micro("3600"), billing, ..Tariff::default() };
        let life = Life {
            ordinal: InstanceOrdinal(1),
            joined: minute(0),
            billed_from: Some(minute(0)),
            gone: Some(minute(0) + SimDuration::from_ms(ms)),
        };
        let span = Span { start: minute(0), end: minute(600) };
        bill(&[life], span, &tariff).cost
    };
    let rows = [(0, 60.0), (60_000, 60.0), (60_001, 61.0), (61_000, 61.0), (61_001, 62.0)];
    for (ms, seconds) in rows {
        assert_eq!(price(ms, Billing::PerSecond), seconds, "{ms} ms");
    }
    for (ms, hours) in [(1, 1.0), (3_600_000, 1.0), (3_600_001, 2.0)] {
        assert_eq!(price(ms, Billing::PerHour), hours * 3600.0, "{ms} ms");
    }
}

#[test]
fn r_12_4_the_history_is_the_view_at_any_time() {
    let world = World::new(1, 9, 2)
        .demand("10:00 150, 10:20 700, 10:50 100", 100)
        .policy("out cpu > 70 x1 +2 60s")
        .policy("in cpu < 30 x2 -1 60s");
    for n in 0..90 {
        let at = minute(n) + SimDuration::from_ms(1);
        let mut run = world.clone().run();
        run.engine.run_until(at).unwrap();
        let web = run.engine.group(WEB).unwrap();
        let history = History::of(web.log().entries());
        let row = history.row_at(at).unwrap();
        let members = u32::try_from(web.members().len()).unwrap();
        assert_eq!((row.members, row.in_service), (members, web.in_service()), "minute {n}");
        assert_eq!(row.desired, web.capacity().desired);
    }
}
