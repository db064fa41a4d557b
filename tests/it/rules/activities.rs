//! Chapter 4: one activity at a time.

use expect_test::expect;

use super::world::{Run, World, modify};

// S-503, S-520.
#[test]
fn r_4_1_an_alarm_on_a_busy_group_is_dropped_with_a_record() {
    // A user's launch of 6 min holds the lock at the first mark.
    let world = World::new(1, 9, 1).cpu("10:00 60").creating("6m");
    let world = world.policy("out cpu > 50 x1 +1 0s").at("10:01", modify("desired 2"));
    let mut run = world.run();
    run.until("10:11");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:05:00 trigger out 60 > 50 streak 1 busy by activity 1 2 -> 3
        10:05:00 activity 2 scale-out by out cancelled 5/40000
        10:07:00 activity 1 ended 2/0
        10:10:00 trigger out 60 > 50 streak 2 accepted 2 -> 3
        10:10:00 activity 3 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity"));
}

#[test]
fn r_4_1_modify_on_a_busy_group_is_accepted_and_the_activity_goes_on() {
    // The launch of four goes on as it is, though two would do by then.
    let world = World::new(1, 9, 1).at("10:01", modify("desired 5"));
    let mut run = world.at("10:01:30", modify("desired 3")).run();
    run.until("10:03");
    expect![[r#"
        10:00:00 sizes 1..9 desired 1
        10:00:00 instance 1 InService
        10:01:00 sizes 1..9 desired 5
        10:01:00 activity 1 scale-out of 4 by user
        10:01:00 instance 2 Creating
        10:01:00 instance 3 Creating
        10:01:00 instance 4 Creating
        10:01:00 instance 5 Creating
        10:01:30 sizes 1..9 desired 3
        10:02:00 instance 2 InService
        10:02:00 instance 3 InService
        10:02:00 instance 4 InService
        10:02:00 instance 5 InService
        10:02:00 activity 1 ended 2/0
        10:02:00 activity 2 scale-in of 2 by user
        10:02:00 instance 1 Removing
        10:02:00 instance 2 Removing
        10:02:10 instance 1 Gone
        10:02:10 instance 2 Gone
        10:02:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.log());
}

#[test]
fn r_4_1_the_lock_and_its_instances_can_be_seen() {
    let mut run = World::new(1, 9, 1).at("10:01", modify("desired 2")).run();
    let seen = |run: &Run| {
        let owners = run.web().members().iter().map(|i| i.activity.map(|a| a.0));
        (run.web().running_activity().map(|a| a.0), owners.collect::<Vec<_>>())
    };
    assert_eq!(seen(&run), (None, vec![None]));
    run.until("10:02");
    assert_eq!(seen(&run), (Some(1), vec![None, Some(1)]));
    run.settle();
    assert_eq!(seen(&run), (None, vec![None, None]));
}

#[test]
fn r_4_1_a_later_target_supersedes_a_waiting_one() {
    let world = World::new(1, 9, 1).at("10:01", modify("desired 2"));
    let world = world.at("10:01:10", modify("desired 8")).at("10:01:20", modify("desired 3"));
    let mut run = world.run();
    run.until("10:05");
    expect![[r#"
        10:00:00 sizes 1..9 desired 1
        10:01:00 sizes 1..9 desired 2
        10:01:00 activity 1 scale-out of 1 by user
        10:01:10 sizes 1..9 desired 8
        10:01:20 sizes 1..9 desired 3
        10:02:00 activity 1 ended 2/0
        10:02:00 activity 2 scale-out of 1 by user
        10:03:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes activity"));
}

#[test]
fn r_4_1_a_waiting_target_that_is_met_by_then_needs_nothing() {
    let world = World::new(1, 9, 1).at("10:01", modify("desired 2"));
    let world = world.at("10:01:10", modify("desired 8")).at("10:01:20", modify("desired 2"));
    let mut run = world.run();
    run.until("10:05");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:02:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_4_1_an_alarm_at_the_instant_of_release_finds_the_group_busy() {
    // The activity ends at 10:05:00 with work waiting, and the period closes.
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 0s");
    let world = world.at("10:04", modify("desired 2")).at("10:04:30", modify("min 3"));
    let mut run = world.run();
    run.until("10:06");
    expect![[r#"
        10:00:00 sizes 1..9 desired 1
        10:04:00 sizes 1..9 desired 2
        10:04:00 activity 1 scale-out of 1 by user
        10:04:30 sizes 3..9 desired 3
        10:05:00 activity 1 ended 2/0
        10:05:00 trigger out 60 > 50 streak 1 busy by pending 3 -> 4
        10:05:00 activity 2 scale-out by out cancelled 5/40000
        10:05:00 activity 3 scale-out of 1 by bounds
    "#]]
    .assert_eq(&run.lines("sizes trigger activity"));
}

#[test]
fn r_4_1_without_waiting_work_the_same_alarm_is_free() {
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 0s");
    let mut run = world.at("10:04", modify("desired 2")).run();
    run.until("10:06");
    expect![[r#"
        10:04:00 activity 1 scale-out of 1 by user
        10:05:00 activity 1 ended 2/0
        10:05:00 trigger out 60 > 50 streak 1 accepted 2 -> 3
        10:05:00 activity 2 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity"));
}

#[test]
fn r_4_3_origin_is_policy_user_or_bounds() {
    let world = World::new(1, 9, 1).cpu("10:00 60, 10:05 10").policy("out cpu > 50 x1 +1 0s");
    let world = world.at("10:10", modify("max 1")).at("10:11", modify("min 2 max 9"));
    let mut run = world.at("10:15", modify("desired 3")).run();
    run.until("10:20");
    expect![[r#"
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:10:00 activity 2 scale-in of 1 by bounds
        10:10:10 activity 2 ended 2/0
        10:11:00 activity 3 scale-out of 1 by bounds
        10:12:00 activity 3 ended 2/0
        10:15:00 activity 4 scale-out of 1 by user
        10:16:00 activity 4 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_4_3_a_gap_belongs_to_whoever_asked_last() {
    // Desired comes from the user; then only the bounds are named, and they own the gap.
    let waiting = |last: &str| {
        let world = World::new(1, 9, 1).at("10:01", modify("desired 2"));
        let world = world.at("10:01:10", modify("desired 4")).at("10:01:20", modify(last));
        let mut run = world.run();
        run.until("10:02").settle();
        run.lines("activity").lines().last().unwrap().to_owned()
    };
    assert_eq!(waiting("min 1"), "10:02:00 activity 2 scale-out of 2 by bounds");
    assert_eq!(waiting("max 8 desired 4"), "10:02:00 activity 2 scale-out of 2 by user");
    // A change that names nothing takes nothing over, nor does a refused one.
    assert_eq!(waiting(""), "10:02:00 activity 2 scale-out of 2 by user");
    assert_eq!(waiting("max 31"), "10:02:00 activity 2 scale-out of 2 by user");
}

#[test]
fn r_4_3_a_change_while_an_alarms_activity_runs_is_the_users() {
    let world = World::new(1, 9, 1).cpu("10:00 60, 10:05 10").policy("out cpu > 50 x1 +1 300s");
    let mut run = world.at("10:05:30", modify("desired 4")).run();
    run.until("10:08");
    expect![[r#"
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:06:00 cooldown of activity 1 until 10:11:00
        10:06:00 activity 2 scale-out of 2 by user
        10:07:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity cooldown"));
}
