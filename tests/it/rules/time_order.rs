//! Chapter 0: time, order and numbers. Log, digest and ids are in `log_ids`.

use asgsim::engine::RunError;
use asgsim::kernel::EventQueue;
use asgsim::kernel::fixed::{DecimalError, div_round};
use asgsim::model::capacity::{Cooldown, Lock, Standing, decide};
use asgsim::model::group::Capacity;
use asgsim::model::id::ActivityOrdinal;
use asgsim::model::policy::Adjustment;
use asgsim::model::record::Outcome;
use asgsim::model::semantics::Semantics;
use asgsim::{Engine, GroupSetup, Micro, SimTime, UtcOffset};
use expect_test::expect;

use super::world::{Run, World, create, micro, modify, span, time};

#[test]
fn r_0_1_civil_times_are_at_a_fixed_offset_and_beijing_by_default() {
    let table = [
        ("+08:00", "2024-03-01 08:00:00"),
        ("+00:00", "2024-03-01 00:00:00"),
        ("-09:30", "2024-02-29 14:30:00"),
        ("+05:45", "2024-03-01 05:45:00"),
    ];
    let midnight = SimTime::from_unix_ms(1_709_251_200_000);
    for (offset, civil) in table {
        let offset = UtcOffset::parse(offset).unwrap();
        assert_eq!(SimTime::parse_civil(civil, offset), Ok(midnight), "{civil}");
        assert_eq!(midnight.format_civil(offset), civil);
    }
    assert_eq!(World::new(1, 1, 1).setup.utc_offset, UtcOffset::parse("+08:00").unwrap());
}

#[test]
fn r_0_1_the_grid_lies_in_civil_time() {
    let hour = span("1h");
    let half = UtcOffset::parse("+05:30").unwrap();
    let t = SimTime::from_unix_s(1_709_251_200); // 05:30 there
    assert_eq!(t.floor_civil(hour, half), t - span("30m"));
    assert_eq!(t.ceil_civil(hour, half), t + span("30m"));
    assert_eq!(t.floor_civil(hour, UtcOffset::UTC), t);
    assert_eq!(t.ceil_civil(hour, UtcOffset::UTC), t);
    let before = SimTime::from_unix_ms(-1);
    assert_eq!(before.floor_civil(hour, UtcOffset::UTC), SimTime::from_unix_s(-3600));
}

#[test]
fn r_0_1_what_is_due_at_the_end_is_done_by_settle_only() {
    // A launch of 60 s, begun at 10:00.
    let mut run = World::new(0, 5, 0).at("10:00", modify("desired 1")).run();
    run.until("10:01");
    assert_eq!((run.engine.now(), run.web().in_service()), (time("10:01"), 0));
    run.settle();
    assert_eq!((run.engine.now(), run.web().in_service()), (time("10:01"), 1));
}

#[test]
fn r_0_1_settled_period_closes_do_not_come_again() {
    let world = World::new(1, 10, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 0s");
    let mut straight = world.clone().run();
    straight.until("10:21");
    let mut halting = world.run();
    for mark in ["10:05", "10:10", "10:15"] {
        halting.until(mark).settle().settle();
    }
    halting.until("10:21");
    assert_eq!(halting.log(), straight.log());
    assert_eq!(halting.engine.digest(), straight.engine.digest());
}

#[test]
fn r_0_1_a_command_applied_at_t_is_a_scripted_command_at_t() {
    // At 10:05 a period closes, at 10:06 an activity of 60 s ends; at 10:07 nothing else is due.
    let world = World::new(1, 10, 2).cpu("10:00 60").policy("out cpu > 50 x1 +1 0s");
    let commands =
        [modify("desired 4"), modify("max 2"), create("more cpu > 50 x1 +2 60s"), modify("max 99")];
    for command in commands {
        for when in ["10:00", "10:05", "10:06", "10:07"] {
            let mut scripted = world.clone().at(when, command.clone()).run();
            scripted.until("10:30");
            let mut applied = world.clone().run();
            let refused = applied.until(when).apply(&command).is_err();
            applied.until("10:30");
            assert_eq!(applied.log(), scripted.log(), "{command:?} at {when}");
            assert_eq!(scripted.web().refusals().len(), usize::from(refused));
        }
    }
}

#[test]
fn r_0_1_time_does_not_run_backwards() {
    let mut run = World::new(1, 1, 1).run();
    run.until("10:10").until("10:10");
    let back = run.engine.run_until(time("10:09:59.999"));
    assert_eq!(back, Err(RunError::Backwards { now: time("10:10"), to: time("10:09:59.999") }));
}

#[test]
fn r_0_2_the_phases_of_one_instant() {
    // At 10:05 an instance is ready, its activity ends, a command changes desired, the period
    // closes, and last the group sets out for the new desired capacity.
    let world = World::new(1, 10, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 300s");
    let world = world.at("10:04", modify("desired 2")).at("10:05", modify("desired 4"));
    let mut run = world.run();
    run.until("10:06");
    expect![[r#"
        10:00:00 sizes 1..10 desired 1
        10:00:00 instance 1 InService
        10:00:00 policy out created
        10:04:00 sizes 1..10 desired 2
        10:04:00 activity 1 scale-out of 1 by user
        10:04:00 instance 2 Creating
        10:05:00 instance 2 InService
        10:05:00 activity 1 ended 2/0
        10:05:00 sizes 1..10 desired 4
        10:05:00 trigger out 60 > 50 streak 1 busy by pending 4 -> 5
        10:05:00 activity 2 scale-out by out cancelled 5/40000
        10:05:00 activity 3 scale-out of 2 by user
        10:05:00 instance 3 Creating
        10:05:00 instance 4 Creating
    "#]]
    .assert_eq(&run.log());
}

#[test]
fn r_0_2_commands_of_one_instant_run_in_file_order() {
    let world = World::new(1, 10, 1).at("10:02", modify("desired 3"));
    let mut run = world.at("10:01", modify("desired 5")).at("10:02", modify("desired 4")).run();
    run.until("10:03");
    expect![[r#"
        10:00:00 sizes 1..10 desired 1
        10:01:00 sizes 1..10 desired 5
        10:02:00 sizes 1..10 desired 3
        10:02:00 sizes 1..10 desired 4
    "#]]
    .assert_eq(&run.lines("sizes"));
}

#[test]
fn r_0_2_many_commands_of_one_instant_keep_their_order() {
    let mut world = World::new(1, 30, 1);
    for desired in 1..=30 {
        world = world.at("10:02", modify(&format!("desired {desired}")));
        world = world.at("10:01", modify(&format!("desired {}", 31 - desired)));
    }
    let mut run = world.run();
    let desired = |run: &Run| run.web().capacity().desired;
    run.until("10:01").settle();
    assert_eq!(desired(&run), 1);
    run.until("10:02").settle();
    assert_eq!(desired(&run), 30);
}

#[test]
fn r_0_2_instances_that_are_ready_together_come_by_ordinal() {
    let mut run = World::new(0, 5, 0).at("10:00", modify("desired 3")).run();
    run.until("10:02");
    expect![[r#"
        10:00:00 activity 1 scale-out of 3 by user
        10:00:00 instance 1 Creating
        10:00:00 instance 2 Creating
        10:00:00 instance 3 Creating
        10:01:00 instance 1 InService
        10:01:00 instance 2 InService
        10:01:00 instance 3 InService
        10:01:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

#[test]
fn r_0_2_an_activity_with_nothing_to_wait_for_never_holds_the_lock() {
    let world = World::new(1, 9, 1).creating("0s").at("10:01", modify("desired 2"));
    let mut run = world.run();
    run.until("10:01").settle();
    assert_eq!((run.web().in_service(), run.web().running_activity()), (2, None));
    // A phase of zero length is not entered: there is no Creating.
    expect![[r#"
        10:00:00 instance 1 InService
        10:01:00 activity 1 scale-out of 1 by user
        10:01:00 instance 2 InService
        10:01:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

#[test]
fn r_0_2_too_much_work_at_one_instant_ends_the_run() {
    let run = |pieces: usize| {
        let mut world = World::new(1, 9, 1);
        let command = (time("10:01"), modify("desired 1"));
        world.web().script = vec![command; pieces];
        world.run().engine.run_until(time("10:02"))
    };
    assert_eq!(run(100_000), Ok(()));
    let error = RunError::TooMuchWork { at: time("10:01"), group: "web".to_owned() };
    assert_eq!(run(100_001), Err(error));
}

#[test]
fn r_0_2_another_group_changes_nothing() {
    let world = World::new(1, 10, 1).demand("10:00 90, 10:20 300", 100);
    let world = world.policy("out cpu > 50 x1 +1 300s");
    let alone = world.digest();
    let crowded = world.edit(|setup| {
        let mut other = GroupSetup::new("other", 0, 9, 9);
        other.script.push((time("10:05"), modify("desired 1")));
        setup.groups.push(other);
    });
    assert_eq!(crowded.digest(), alone);
}

#[test]
fn r_0_2_a_step_does_all_of_one_instant() {
    let world = World::new(0, 5, 0).at("10:00", modify("desired 1")).edit(|setup| {
        let mut other = setup.groups[0].clone();
        other.name = "other".to_owned();
        setup.groups.push(other);
    });
    let mut engine = world.run().engine;
    let serving = |engine: &Engine| engine.groups().map(|g| g.in_service()).collect::<Vec<_>>();
    assert_eq!(engine.step(), Ok(Some(time("10:00"))));
    assert_eq!(serving(&engine), [0, 0]);
    assert_eq!(engine.next_wake(), Some(time("10:01")));
    assert_eq!(engine.step(), Ok(Some(time("10:01"))));
    assert_eq!(serving(&engine), [1, 1]);
    assert_eq!(engine.step(), Ok(None));
    assert_eq!(engine.now(), time("10:01"));
}

#[test]
fn r_0_2_the_queue_gives_by_time_then_rank_then_insertion() {
    let mut queue = EventQueue::new();
    let at = |s| SimTime::from_unix_s(s);
    let pushes = [(2, 0, "f"), (1, 2, "d"), (1, 1, "b"), (1, 2, "e"), (1, 1, "c"), (0, 9, "a")];
    pushes.into_iter().for_each(|(t, rank, event)| queue.push(at(t), rank, event));
    assert_eq!((queue.len(), queue.next_time()), (6, Some(at(0))));
    assert_eq!(queue.pop_due(SimTime::from_unix_ms(-1)), None);
    let due: Vec<_> = std::iter::from_fn(|| queue.pop_due(at(1))).collect();
    assert_eq!(due, ["a", "b", "c", "d", "e"]);
    assert_eq!((queue.len(), queue.pop_due(at(2)), queue.is_empty()), (1, Some("f"), true));
}

#[test]
fn r_0_3_a_cooldown_holds_up_to_but_not_at_its_end() {
    let table = [
        ("10:00", Outcome::Cooldown),
        ("10:04:59.999", Outcome::Cooldown),
        ("10:05", Outcome::Accepted),
    ];
    for (now, outcome) in table {
        let seen = Standing {
            capacity: Capacity { min: 1, max: 9, desired: 2 },
            actual: 2,
            removable: true,
            suspended: false,
            lock: Lock::Free,
            inactive: None,
            cooldown: Some(Cooldown { activity: ActivityOrdinal::FIRST, until: time("10:05") }),
            now: time(now),
        };
        let change = Adjustment::QuantityChangeInCapacity(1);
        assert_eq!(decide(&seen, change, &Semantics::default()).outcome, outcome, "{now}");
    }
}

#[test]
fn r_0_3_an_alarm_as_an_activity_ends_is_in_cooldown() {
    // Creating takes exactly one period, the cooldown exactly another.
    let world = World::new(1, 9, 1).cpu("10:00 60").creating("300s");
    let mut run = world.policy("out cpu > 50 x1 +1 300s").run();
    run.until("10:16");
    expect![[r#"
        10:05:00 trigger out 60 > 50 streak 1 accepted 1 -> 2
        10:05:00 activity 1 scale-out of 1 by out
        10:10:00 activity 1 ended 2/0
        10:10:00 cooldown of activity 1 until 10:15:00
        10:10:00 trigger out 60 > 50 streak 2 cooldown of activity 1 until 10:15:00 2 -> 3
        10:10:00 activity 2 scale-out by out cancelled 5/40001
        10:15:00 trigger out 60 > 50 streak 3 accepted 2 -> 3
        10:15:00 activity 3 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

#[test]
fn r_0_5_decimals_are_read_exactly() {
    let table = [
        ("0", Ok(0)),
        ("-0.0", Ok(0)),
        ("85.835", Ok(85_835_000)),
        ("+1.5e3", Ok(1_500_000_000)),
        ("1E-6", Ok(1)),
        (".5", Ok(500_000)),
        ("5.", Ok(5_000_000)),
        // More than six decimals: half away from zero.
        ("0.0000004999", Ok(0)),
        ("0.0000005", Ok(1)),
        ("-0.0000005", Ok(-1)),
        ("-0.00000049", Ok(0)),
        ("33.3333335", Ok(33_333_334)),
        ("1e-7", Ok(0)),
        ("5e-7", Ok(1)),
        ("0.1e-6", Ok(0)),
        // The ends of the range.
        ("9223372036854.775807", Ok(i64::MAX)),
        ("9223372036854.7758074", Ok(i64::MAX)),
        ("9223372036854.775808", Err(DecimalError::OutOfRange("9223372036854.775808".into()))),
        ("1e40", Err(DecimalError::OutOfRange("1e40".into()))),
        ("0e99", Ok(0)),
    ];
    for (text, millionths) in table {
        assert_eq!(Micro::parse(text), millionths.map(Micro::from_millionths), "{text}");
    }
    for text in ["", ".", "-", "NaN", "inf", "1,5", "0x10", "1e", "1 ", "--1", "1.2.3"] {
        assert_eq!(Micro::parse(text), Err(DecimalError::Malformed(text.into())), "{text}");
    }
}

#[test]
fn r_0_5_division_rounds_half_away_from_zero() {
    let table = [
        ((7, 2), 4),
        ((-7, 2), -4),
        ((7, -2), -4),
        ((5, 3), 2),
        ((4, 3), 1),
        ((-5, 3), -2),
        ((0, 5), 0),
        ((1, 2), 1),
        ((-1, 2), -1),
    ];
    for ((numerator, denominator), expected) in table {
        assert_eq!(div_round(numerator, denominator), Some(expected), "{numerator}/{denominator}");
    }
    assert_eq!(div_round(1, 0), None);
    assert_eq!(Micro::ratio(i128::MAX, 1), Some(Micro::from_millionths(i64::MAX)));
}

#[test]
fn r_0_5_a_limit_is_compared_without_rounding() {
    // 50.0000005 per cent is read as 50.000001, and 50.0000004 as 50.
    let triggers = |cpu: &str| {
        let mut run = World::new(1, 5, 1).cpu(&format!("10:00 {cpu}")).run();
        run.apply(&create("out cpu > 50 x1 +1 0s")).unwrap();
        run.until("10:06");
        !run.lines("trigger").is_empty()
    };
    assert!(triggers("50.0000005"));
    assert!(!triggers("50.0000004"));
}

#[test]
fn r_0_5_numbers_print_and_come_back() {
    for text in ["0", "-0.000001", "85.835", "1000000000", "0.1"] {
        assert_eq!(micro(text).to_string(), text);
        let json = serde_json::to_string(&micro(text)).unwrap();
        assert_eq!(serde_json::from_str::<Micro>(&json).unwrap(), micro(text));
    }
    assert_eq!(Micro::from_f64(0.1), Some(micro("0.1")));
    assert_eq!(Micro::from_f64(f64::NAN), None);
}
