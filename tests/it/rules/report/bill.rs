//! 12.3 and 12.4: flaps, instance hours, cost.

use std::sync::Arc;

use asgsim::env::load::{Load, Recorded};
use asgsim::env::trace::Trace;
use asgsim::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use asgsim::model::id::{ActivityOrdinal, InstanceOrdinal};
use asgsim::report::cost::{Bill, bill};
use asgsim::report::history::{Activity, Life};
use asgsim::report::summary::{Summary, flaps};
use asgsim::report::{Billing, Span, Tariff};

use super::{figures, scenario, summary};
use crate::rules::world::{World, micro, modify, time, trace};

/// Activities in text: `out 10:00 10:01 2` is type, start, end and status; `-` never ended.
fn activities(text: &str) -> Vec<Activity> {
    let activity = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let kind = match words[0] {
            "out" => ActivityKind::ScaleOut,
            _ => ActivityKind::ScaleIn,
        };
        let status = match words[3] {
            "1" => ActivityStatus::Executing,
            "2" => ActivityStatus::Successful,
            "3" => ActivityStatus::PartiallySuccessful,
            "4" => ActivityStatus::Failed,
            _ => ActivityStatus::Cancelled,
        };
        Activity {
            ordinal: ActivityOrdinal(1),
            kind,
            status,
            error: ActivityError::None,
            origin: Origin::User,
            count: 1,
            start: time(words[1]),
            end: (words[2] != "-").then(|| time(words[2])),
            succeeded: Vec::new(),
            failed: Vec::new(),
            concerned: Vec::new(),
            refused_until: None,
        }
    };
    text.split(", ").map(activity).collect()
}

#[test]
fn r_12_3_a_flap_undoes_the_last_within_half_an_hour_of_its_end() {
    let table = [
        ("out 10:00 10:10 2", 0),
        ("out 10:00 10:10 2, in 10:11 10:12 2", 1),
        ("out 10:00 10:10 2, out 10:11 10:12 2", 0),
        // Exactly 30 minutes after its end, and a millisecond more.
        ("out 10:00 10:10 2, in 10:40 10:41 2", 1),
        ("out 10:00 10:10 2, in 10:40:00.001 10:41 2", 0),
        // At its very end.
        ("out 10:00 10:10 2, in 10:10 10:11 2", 1),
        // There and back, and there.
        ("out 10:00 10:10 2, in 10:20 10:21 2, out 10:30 10:31 2", 2),
        // Partly done counts, failed, cancelled and unfinished do not.
        ("out 10:00 10:10 3, in 10:20 10:21 3", 1),
        ("out 10:00 10:10 2, in 10:20 10:20 5", 0),
        ("out 10:00 10:10 2, in 10:20 10:20 5, out 10:21 10:22 2", 0),
        ("out 10:00 10:10 2, in 10:20 10:20 4, out 10:21 10:22 2", 0),
        ("out 10:00 10:10 4, in 10:20 10:21 2", 0),
        ("out 10:00 10:10 2, in 10:20 - 1", 0),
        // The last one that did something counts, however long ago it began.
        ("out 10:00 10:10 2, in 10:15 10:15 5, in 10:41 10:42 2", 0),
    ];
    for (text, expected) in table {
        assert_eq!(flaps(&activities(text)), expected, "{text}");
    }
}

#[test]
fn r_12_3_flaps_of_a_run() {
    // The launch ends at 10:01.
    let back =
        |at| World::new(1, 9, 1).at("10:00", modify("desired 2")).at(at, modify("desired 1"));
    assert_eq!(summary(&back("10:31"), "11:00").flaps, 1);
    assert_eq!(summary(&back("10:31:00.001"), "11:00").flaps, 0);
    let found = summary(&back("10:31"), "11:00");
    assert_eq!((found.scale_outs, found.scale_ins), (1, 1));
    // What has not ended with the run has not done anything yet.
    assert_eq!(summary(&back("10:31"), "10:31:10").flaps, 0);
    assert_eq!(summary(&back("10:31"), "10:31:10.001").flaps, 1);
}

#[test]
fn r_12_4_an_instance_counts_from_the_end_of_creating_to_its_release() {
    // #1 from 10:00 to 10:41:10, #2 from 10:11 to the end.
    let world =
        World::new(1, 9, 1).at("10:10", modify("desired 2")).at("10:41", modify("desired 1"));
    let seconds = f64::from((41 * 60 + 10) + 49 * 60);
    let rounded = |hours: f64| (hours * 1e6).round() / 1e6;
    assert_eq!(summary(&world, "11:00").instance_hours, rounded(seconds / 3600.0));
    // While it is created it costs nothing; preheating and binding do cost.
    assert_eq!(summary(&world, "10:11").instance_hours, rounded(11.0 / 60.0));
    let slow = world.load_balancer().latency(|l| {
        l.preheating = asgsim::env::latency::PhaseLength::Fixed(crate::rules::world::span("5m"));
    });
    assert_eq!(summary(&slow, "10:12").instance_hours, rounded((12.0 + 1.0) / 60.0));
    // Unbinding costs too: two seconds more.
    let seconds = seconds + 2.0;
    assert_eq!(summary(&slow, "11:00").instance_hours, rounded(seconds / 3600.0));
    assert_eq!(summary(&World::new(0, 9, 0), "11:00").instance_hours, 0.0);
}

/// The bill of one instance from 10:00 for so long, at 3600 an hour: a second costs 1.
fn one(billing: Billing, until: &str) -> Bill {
    let tariff = Tariff { per_instance_hour: micro("3600"), billing, ..Tariff::default() };
    let ordinal = InstanceOrdinal(1);
    let (from, gone) = (Some(time("10:00")), Some(time(until)));
    let life = Life { ordinal, joined: time("09:59"), billed_from: from, gone };
    bill(&[life], Span { start: time("09:00"), end: time("20:00") }, &tariff)
}

#[test]
fn r_12_4_cost_by_the_second_has_a_minimum_and_counts_started_seconds() {
    let table = [
        ("10:00", 60.0),
        ("10:00:00.001", 60.0),
        ("10:00:59", 60.0),
        ("10:01", 60.0),
        ("10:01:00.001", 61.0),
        ("10:01:01", 61.0),
        ("10:01:01.001", 62.0),
        ("11:00", 3600.0),
    ];
    for (until, cost) in table {
        assert_eq!(one(Billing::PerSecond, until).cost, cost, "{until}");
    }
    // Hours are told before rounding.
    assert_eq!(one(Billing::PerSecond, "10:00:36").instance_hours, 0.01);
}

#[test]
fn r_12_4_cost_by_the_hour_counts_started_hours() {
    let table = [
        ("10:00:00.001", 3600.0),
        ("10:59:59.999", 3600.0),
        ("11:00", 3600.0),
        ("11:00:00.001", 7200.0),
        ("12:00", 7200.0),
    ];
    for (until, cost) in table {
        assert_eq!(one(Billing::PerHour, until).cost, cost, "{until}");
    }
}

#[test]
fn r_12_4_every_instance_is_rounded_for_itself_and_up_to_the_end() {
    let tariff =
        Tariff { per_instance_hour: micro("0.12"), billing: Billing::PerHour, ..Tariff::default() };
    let life = |n, from: Option<&str>, gone: Option<&str>| Life {
        ordinal: InstanceOrdinal(n),
        joined: time("10:00"),
        billed_from: from.map(time),
        gone: gone.map(time),
    };
    let lives = [
        life(1, Some("10:00"), Some("10:30")),
        life(2, Some("10:00"), Some("11:30")),
        life(3, Some("11:50"), None),
        // Never finished, or only after the end.
        life(4, None, None),
        life(5, Some("12:00"), None),
        // Released after the end.
        life(6, Some("11:00"), Some("13:00")),
    ];
    let found = bill(&lives, Span { start: time("10:00"), end: time("12:00") }, &tariff);
    assert_eq!(found.cost, 0.6); // 1 + 2 + 1 + 1 hours
    assert_eq!(found.instance_hours, 3.166_667); // 30 + 90 + 10 + 60 minutes
}

/// The figures of a recorded load at 2 an hour.
fn recorded(usage: &str, count: Arc<Trace>, until: &str) -> Summary {
    let load = Load::Recorded(Recorded::new(trace(usage), count));
    let mut scenario = scenario(&World::new(1, 9, 1).load(load), until);
    scenario.tariff.per_instance_hour = micro("2");
    figures(&scenario)
}

#[test]
fn r_12_4_recorded_hours_and_cost_stand_beside_the_simulated() {
    let found = recorded("10:00 60", trace("10:00 4, 10:30 6, 11:00 1"), "11:00");
    assert_eq!((found.recorded_instance_hours, found.recorded_cost), (Some(5.0), Some(10.0)));
    assert_eq!((found.instance_hours, found.cost), (1.0, 2.0));
    // A fixed number, a part of an hour, no rounding.
    let found = recorded("10:00 60", Arc::new(Trace::constant(micro("2.5"))), "10:20:06");
    assert_eq!((found.recorded_instance_hours, found.recorded_cost), (Some(0.8375), Some(1.675)));
    // What is not known is not counted.
    let found = recorded("10:00 60", trace("10:00 4, 10:15 _, 10:45 4"), "11:00");
    assert_eq!(found.recorded_instance_hours, Some(2.0));
    assert_eq!(found.missing_minutes, 30.0);
    let other = summary(&World::new(1, 9, 1).demand("10:00 1", 1), "11:00");
    assert_eq!((other.recorded_instance_hours, other.recorded_cost), (None, None));
    assert_eq!(other.low_confidence_minutes, None);
}

#[test]
fn r_12_4_recorded_minutes_above_95_are_of_low_confidence() {
    let four = || Arc::new(Trace::constant(micro("4")));
    let low = |usage| recorded(usage, four(), "11:00").low_confidence_minutes;
    assert_eq!(low("10:00 95"), Some(0.0));
    assert_eq!(low("10:00 95.000001"), Some(60.0));
    assert_eq!(low("10:00 50, 10:10 96, 10:12:30 95, 10:20 _, 10:50 100"), Some(12.5));
}
