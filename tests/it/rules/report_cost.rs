//! Chapter 12: flaps, hours and cost (12.3, 12.4).

use asgsim::env::load::{Load, Recorded};
use asgsim::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use asgsim::model::id::ActivityOrdinal;
use asgsim::report::history::Activity;
use asgsim::report::summary::flaps;
use asgsim::scenario::Scenario;

use super::report_laws::{summary, summary_of};
use super::world::{World, micro, modify, time, trace};

/// Activities in text: type, start, end and status, `out 10:00 10:05 2`.
fn activities(text: &str) -> Vec<Activity> {
    let activity = |(ordinal, text): (u32, &str)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let status = match words[3] {
            "1" => ActivityStatus::Executing,
            "2" => ActivityStatus::Successful,
            "3" => ActivityStatus::PartiallySuccessful,
            "4" => ActivityStatus::Failed,
            _ => ActivityStatus::Cancelled,
        };
        Activity {
            ordinal: ActivityOrdinal(ordinal),
            kind: if words[0] == "out" { ActivityKind::ScaleOut } else { ActivityKind::ScaleIn },
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
    (1..).zip(text.split(", ")).map(activity).collect()
}

#[test]
fn r_12_3_what_changed_nothing_stands_between_no_two() {
    let table = [
        ("out 10:00 10:05 2, in 10:10 - 1", 0),
        ("out 10:00 10:05 2, in 10:10 10:10 5, out 10:15 10:20 2", 0),
        ("out 10:00 10:05 2, out 10:10 10:10 4, in 10:15 10:20 2", 1),
    ];
    for (text, expected) in table {
        assert_eq!(flaps(&activities(text)), expected, "{text}");
    }
}

#[test]
fn r_12_3_of_a_whole_run() {
    let world = World::new(1, 9, 2).creating("60s").at("10:10", modify("desired 4"));
    let found = summary(world.at("10:41", modify("desired 2")), "11:00");
    assert_eq!((found.flaps, found.scale_outs, found.scale_ins), (1, 1, 1));
}

#[test]
fn r_12_4_hours_from_the_end_of_creating_to_release() {
    let hours = |world: World| summary(world.creating("60s").load_balancer(), "11:00");
    // Billed from 10:11, though it serves from 10:11:05 only.
    let grown = hours(World::new(0, 9, 2).at("10:10", modify("desired 3")));
    assert_eq!(grown.instance_hours, 2.816667);
    // One of two is gone 12 s after 10:30: DetachLb and Removing are billed.
    let shrunk = hours(World::new(0, 9, 2).at("10:30", modify("desired 1")));
    assert_eq!(shrunk.instance_hours, 1.503333);
    // Still in creation at the end, and exactly then over it.
    assert_eq!(hours(World::new(0, 9, 1).at("10:59:30", modify("desired 5"))).instance_hours, 1.0);
    assert_eq!(hours(World::new(0, 9, 1).at("10:59", modify("desired 5"))).instance_hours, 1.0);
}

#[test]
fn r_12_4_recorded_hours_and_cost() {
    let recorded = Recorded::new(
        trace("10:00 95, 10:10 95.000001, 10:15 50"),
        trace("10:00 4, 10:30 8, 10:45 _"),
    );
    let world = World::new(1, 9, 2).load(Load::Recorded(recorded));
    let mut scenario = Scenario::of("recorded", world.setup, time("11:00"));
    scenario.tariff.per_instance_hour = micro("0.5");
    let found = summary_of(&scenario);
    assert_eq!((found.recorded_instance_hours, found.recorded_cost), (Some(4.0), Some(2.0)));
    assert_eq!(found.low_confidence_minutes, Some(5.0));
    assert_eq!((found.instance_hours, found.cost), (2.0, 1.0));
    assert_eq!(found.missing_minutes, 15.0);
}
