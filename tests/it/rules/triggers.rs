//! Chapter 1, from the trigger on: what it meets, and what is told of it (1.6, 1.7).

use asgsim::Engine;
use asgsim::model::activity::ActivityKind;
use asgsim::model::capacity::{Cooldown, Lock, Standing, decide};
use asgsim::model::group::Capacity;
use asgsim::model::id::ActivityOrdinal;
use asgsim::model::policy::Adjustment;
use asgsim::model::record::Blocker;
use asgsim::model::semantics::Semantics;
use expect_test::expect;

use super::world::{WEB, World, create, micro, time};

// S-375, S-521.
#[test]
fn r_1_6_the_worked_example() {
    // The policy comes at 10:02, so 10:05-10:10 is the first period it judges, and the third
    // breach is at 10:20. Creating takes 90 s; the cooldown of 300 s begins at the end.
    let world = World::new(1, 10, 2).cpu("10:00 60").creating("90s");
    let mut run = world.at("10:02", create("out cpu > 50 x3 +1 300s")).run();
    run.until("10:31");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:02:00 policy out created
        10:20:00 trigger out 60 > 50 streak 3 accepted 2 -> 3
        10:20:00 sizes 1..10 desired 3
        10:20:00 activity 1 scale-out of 1 by out
        10:20:00 instance 3 Creating
        10:21:30 instance 3 InService
        10:21:30 activity 1 ended 2/0
        10:21:30 cooldown of activity 1 until 10:26:30
        10:25:00 trigger out 60 > 50 streak 4 cooldown of activity 1 until 10:26:30 3 -> 4
        10:25:00 activity 2 scale-out by out cancelled 5/40001
        10:30:00 trigger out 60 > 50 streak 5 accepted 3 -> 4
        10:30:00 sizes 1..10 desired 4
        10:30:00 activity 3 scale-out of 1 by out
        10:30:00 instance 4 Creating
    "#]]
    .assert_eq(&run.log());
}

/// A group of ten, at 10:00.
fn standing() -> Standing {
    Standing {
        capacity: Capacity { min: 1, max: 10, desired: 4 },
        actual: 4,
        removable: true,
        suspended: false,
        lock: Lock::Free,
        inactive: None,
        cooldown: None,
        now: time("10:00"),
    }
}

fn verdict(seen: &Standing, change: i64) -> String {
    let change = Adjustment::QuantityChangeInCapacity(change);
    let found = decide(seen, change, &Semantics::default());
    let kind = found.kind.type_number();
    format!("{:?} type {kind} to {} (asked {})", found.outcome, found.target, found.unclamped)
}

#[test]
fn r_1_6_no_change_then_busy_then_cooldown_then_accepted() {
    let held = Lock::Held(Blocker::Activity { activity: ActivityOrdinal(7) });
    let window = Some(Cooldown { activity: ActivityOrdinal(6), until: time("10:01") });
    let full = Capacity { min: 1, max: 4, desired: 4 };
    let table = [
        ("all at rest", standing(), 1, "Accepted type 0 to 5 (asked 5)"),
        (
            "cooldown",
            Standing { cooldown: window, ..standing() },
            1,
            "Cooldown type 0 to 5 (asked 5)",
        ),
        (
            "busy goes before cooldown",
            Standing { lock: held, cooldown: window, ..standing() },
            1,
            "Busy type 0 to 5 (asked 5)",
        ),
        (
            "an activity is due",
            Standing { lock: Lock::Due, ..standing() },
            1,
            "Busy type 0 to 5 (asked 5)",
        ),
        (
            "no change goes before busy",
            Standing { capacity: full, lock: held, cooldown: window, ..standing() },
            1,
            "NoChange type 0 to 4 (asked 5)",
        ),
        (
            "but not while a gap is open",
            Standing { capacity: full, actual: 3, lock: held, ..standing() },
            1,
            "Busy type 0 to 4 (asked 5)",
        ),
        (
            "a surplus that cannot go is no open gap",
            Standing { capacity: full, actual: 5, removable: false, ..standing() },
            1,
            "NoChange type 1 to 4 (asked 5)",
        ),
        (
            "one that can go is",
            Standing { capacity: full, actual: 5, lock: Lock::Due, ..standing() },
            1,
            "Busy type 1 to 4 (asked 5)",
        ),
    ];
    for (name, seen, change, expected) in table {
        assert_eq!(verdict(&seen, change), expected, "{name}");
    }
}

#[test]
fn r_1_6_the_type_it_would_have_had() {
    let busy = |actual, desired, change| {
        let capacity = Capacity { min: 0, max: 10, desired };
        let lock = Lock::Held(Blocker::Activity { activity: ActivityOrdinal(1) });
        let seen = Standing { capacity, actual, lock, ..standing() };
        let found =
            decide(&seen, Adjustment::QuantityChangeInCapacity(change), &Semantics::default());
        found.kind
    };
    let table = [
        // actual, desired, change: target against actual, then against desired
        (4, 4, 1, ActivityKind::ScaleOut),
        (4, 4, -1, ActivityKind::ScaleIn),
        (4, 6, -1, ActivityKind::ScaleOut),
        (4, 2, 1, ActivityKind::ScaleIn),
        (4, 5, -1, ActivityKind::ScaleIn),
        (4, 3, 1, ActivityKind::ScaleOut),
    ];
    for (actual, desired, change, expected) in table {
        assert_eq!(busy(actual, desired, change), expected, "{actual} {desired} {change}");
    }
}

#[test]
fn r_1_6_of_several_policies_at_one_mark_the_first_accepted_takes_the_lock() {
    let world = World::new(1, 10, 2).cpu("10:00 60");
    let world = world.policy("full cpu > 50 x1 =2 0s").policy("a cpu > 50 x1 +1 300s");
    let mut run = world.policy("b cpu > 50 x1 +2 300s").run();
    run.until("10:06");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:05:00 trigger full 60 > 50 streak 1 no_change 2 -> 2
        10:05:00 trigger a 60 > 50 streak 1 accepted 2 -> 3
        10:05:00 sizes 1..10 desired 3
        10:05:00 activity 1 scale-out of 1 by a
        10:05:00 trigger b 60 > 50 streak 1 busy by activity 1 3 -> 5
        10:05:00 activity 2 scale-out by b cancelled 5/40000
    "#]]
    .assert_eq(&run.lines("trigger activity sizes"));
}

#[test]
fn r_1_6_with_nothing_to_wait_for_the_second_meets_the_cooldown_or_acts() {
    let run = |cooldown: &str| {
        let world = World::new(1, 10, 2).cpu("10:00 60").creating("0s");
        let world = world.policy(&format!("a cpu > 50 x1 +1 {cooldown}"));
        let mut run = world.policy("b cpu > 50 x1 +2 300s").run();
        run.until("10:06");
        run.lines("trigger activity cooldown")
    };
    expect![[r#"
        10:05:00 trigger a 60 > 50 streak 1 accepted 2 -> 3
        10:05:00 activity 1 scale-out of 1 by a
        10:05:00 activity 1 ended 2/0
        10:05:00 cooldown of activity 1 until 10:10:00
        10:05:00 trigger b 60 > 50 streak 1 cooldown of activity 1 until 10:10:00 3 -> 5
        10:05:00 activity 2 scale-out by b cancelled 5/40001
    "#]]
    .assert_eq(&run("300s"));
    expect![[r#"
        10:05:00 trigger a 60 > 50 streak 1 accepted 2 -> 3
        10:05:00 activity 1 scale-out of 1 by a
        10:05:00 activity 1 ended 2/0
        10:05:00 trigger b 60 > 50 streak 1 accepted 3 -> 5
        10:05:00 activity 2 scale-out of 2 by b
        10:05:00 activity 2 ended 2/0
        10:05:00 cooldown of activity 2 until 10:10:00
    "#]]
    .assert_eq(&run("0s"));
}

#[test]
fn r_1_6_a_refused_trigger_is_not_queued() {
    // Busy at 10:10; by 10:15 the load is gone, and nothing comes of the refused one.
    let world = World::new(1, 10, 2).cpu("10:00 60, 10:10 40").creating("400s");
    let mut run = world.policy("a cpu > 50 x1 +1 0s").run();
    run.until("11:00");
    expect![[r#"
        10:05:00 trigger a 60 > 50 streak 1 accepted 2 -> 3
        10:05:00 activity 1 scale-out of 1 by a
        10:10:00 trigger a 60 > 50 streak 2 busy by activity 1 3 -> 4
        10:10:00 activity 2 scale-out by a cancelled 5/40000
        10:11:40 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("trigger activity"));
}

#[test]
fn r_1_6_an_accepted_target_is_clamped() {
    let world = World::new(1, 3, 2).cpu("10:00 60").policy("out cpu > 50 x1 +5 0s");
    let mut run = world.run();
    run.until("10:11");
    expect![[r#"
        10:05:00 trigger out 60 > 50 streak 1 accepted 2 -> 3 (asked 7)
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:10:00 trigger out 60 > 50 streak 2 no_change 3 -> 3 (asked 8)
    "#]]
    .assert_eq(&run.lines("trigger activity"));
}

// S-571.
#[test]
fn r_1_7_every_evaluation_leaves_a_decision_and_only_triggers_are_in_the_log() {
    let world = World::new(1, 3, 1).cpu("10:00 60, 10:15 40, 10:20 _, 10:25 60, 10:35 _");
    let mut run = world.policy("out cpu > 50 x2 +1 600s").run();
    run.until("10:36");
    expect![[r#"
        10:05:00 out 60 streak 1 streaking
        10:10:00 out 60 streak 2 accepted
        10:15:00 out 60 streak 3 cooldown
        10:20:00 out 40 streak 0 not_breaching
        10:25:00 out - streak 0 no_data
        10:30:00 out 60 streak 1 streaking
        10:35:00 out 60 streak 2 accepted
    "#]]
    .assert_eq(&run.decisions());
    expect![[r#"
        10:10:00 trigger out 60 > 50 streak 2 accepted 1 -> 2
        10:15:00 trigger out 60 > 50 streak 3 cooldown of activity 1 until 10:21:00 2 -> 3
        10:35:00 trigger out 60 > 50 streak 2 accepted 2 -> 3
    "#]]
    .assert_eq(&run.lines("trigger"));
}

#[test]
fn r_1_7_values_have_six_decimals() {
    let world = World::new(3, 3, 3).demand("10:00 200", 100).policy("p cpu > 10 x1 +1 0s");
    let mut run = world.run();
    run.until("10:06");
    let (_, decision) = run.web().decisions().unwrap()[0];
    assert_eq!(decision.value, Some(micro("66.666667")));
    assert_eq!((decision.threshold, decision.streak), (10, 1));
}

#[test]
fn r_1_7_decisions_are_kept_only_if_asked_for() {
    let world = World::new(1, 3, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 600s");
    let mut engine = Engine::new(&world.setup).unwrap();
    engine.run_until(time("10:06")).unwrap();
    assert!(engine.group(WEB).unwrap().decisions().is_none());
}
