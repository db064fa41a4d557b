//! Chapter 2: the cooldown, who opens it and how long it is.

use asgsim::model::capacity::Cooldown;
use asgsim::model::id::ActivityOrdinal;
use expect_test::expect;

use super::world::{World, clock, modify, span, time};

// S-007, S-503, S-521, S-572.
#[test]
fn r_2_1_it_begins_as_the_activity_ends() {
    // Creating takes 2 min, so the window is 10:07 to 10:12 and covers one mark.
    let world = World::new(1, 9, 1).cpu("10:00 60").creating("2m");
    let mut run = world.policy("out cpu > 50 x1 +1 300s").run();
    run.until("10:06");
    assert_eq!(run.web().cooldown_until(), None);
    run.until("10:16");
    expect![[r#"
        10:05:00 trigger out 60 > 50 streak 1 accepted 1 -> 2
        10:05:00 activity 1 scale-out of 1 by out
        10:07:00 activity 1 ended 2/0
        10:07:00 cooldown of activity 1 until 10:12:00
        10:10:00 trigger out 60 > 50 streak 2 cooldown of activity 1 until 10:12:00 2 -> 3
        10:10:00 activity 2 scale-out by out cancelled 5/40001
        10:15:00 trigger out 60 > 50 streak 3 accepted 2 -> 3
        10:15:00 activity 3 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

#[test]
fn r_2_1_a_scale_in_opens_one_too() {
    let world = World::new(1, 9, 3).cpu("10:00 10").policy("in cpu < 20 x1 -1 300s");
    let mut run = world.run();
    run.until("10:11");
    expect![[r#"
        10:05:00 trigger in 10 < 20 streak 1 accepted 3 -> 2
        10:05:00 activity 1 scale-in of 1 by in
        10:05:10 activity 1 ended 2/0
        10:05:10 cooldown of activity 1 until 10:10:10
        10:10:00 trigger in 10 < 20 streak 2 cooldown of activity 1 until 10:10:10 2 -> 1
        10:10:00 activity 2 scale-in by in cancelled 5/40001
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

#[test]
fn r_2_1_each_policy_brings_its_own_length_and_all_obey_it() {
    // The short one fires first; its 60 s are over by the next mark. Then the long one's turn.
    let world = World::new(1, 9, 1).cpu("10:00 60, 10:10 90");
    let world = world.policy("long cpu > 80 x1 +1 900s").policy("short cpu > 50 x1 +1 60s");
    let mut run = world.run();
    run.until("10:31");
    expect![[r#"
        10:05:00 trigger short 60 > 50 streak 1 accepted 1 -> 2
        10:06:00 cooldown of activity 1 until 10:07:00
        10:10:00 trigger short 60 > 50 streak 2 accepted 2 -> 3
        10:11:00 cooldown of activity 2 until 10:12:00
        10:15:00 trigger long 90 > 80 streak 1 accepted 3 -> 4
        10:15:00 trigger short 90 > 50 streak 3 busy by activity 3 4 -> 5
        10:16:00 cooldown of activity 3 until 10:31:00
        10:20:00 trigger long 90 > 80 streak 2 cooldown of activity 3 until 10:31:00 4 -> 5
        10:20:00 trigger short 90 > 50 streak 4 cooldown of activity 3 until 10:31:00 4 -> 5
        10:25:00 trigger long 90 > 80 streak 3 cooldown of activity 3 until 10:31:00 4 -> 5
        10:25:00 trigger short 90 > 50 streak 5 cooldown of activity 3 until 10:31:00 4 -> 5
        10:30:00 trigger long 90 > 80 streak 4 cooldown of activity 3 until 10:31:00 4 -> 5
        10:30:00 trigger short 90 > 50 streak 6 cooldown of activity 3 until 10:31:00 4 -> 5
    "#]]
    .assert_eq(&run.lines("trigger cooldown"));
}

#[test]
fn r_2_1_what_changes_nothing_opens_none() {
    // `idle` asks for what is there; a refused trigger (status 5) neither opens nor extends one.
    let world = World::new(1, 3, 1).cpu("10:00 60").creating("6m");
    let world = world.policy("idle cpu > 50 x1 +0 999s").policy("out cpu > 50 x1 +1 299s");
    let mut run = world.run();
    run.until("10:21");
    expect![[r#"
        10:05:00 trigger idle 60 > 50 streak 1 no_change 1 -> 1
        10:05:00 trigger out 60 > 50 streak 1 accepted 1 -> 2
        10:05:00 activity 1 scale-out of 1 by out
        10:10:00 trigger idle 60 > 50 streak 2 no_change 2 -> 2
        10:10:00 trigger out 60 > 50 streak 2 busy by activity 1 2 -> 3
        10:10:00 activity 2 scale-out by out cancelled 5/40000
        10:11:00 activity 1 ended 2/0
        10:11:00 cooldown of activity 1 until 10:15:59
        10:15:00 trigger idle 60 > 50 streak 3 no_change 2 -> 2
        10:15:00 trigger out 60 > 50 streak 3 cooldown of activity 1 until 10:15:59 2 -> 3
        10:15:00 activity 3 scale-out by out cancelled 5/40001
        10:20:00 trigger idle 60 > 50 streak 4 no_change 2 -> 2
        10:20:00 trigger out 60 > 50 streak 4 accepted 2 -> 3
        10:20:00 activity 4 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

#[test]
fn r_2_1_a_users_change_neither_obeys_nor_opens_one() {
    let world = World::new(1, 9, 1).cpu("10:00 60, 10:05 10").policy("out cpu > 50 x1 +1 600s");
    let mut run = world.at("10:08", modify("desired 4")).run();
    run.until("10:12");
    expect![[r#"
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:06:00 cooldown of activity 1 until 10:16:00
        10:08:00 activity 2 scale-out of 2 by user
        10:09:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity cooldown"));
    assert_eq!(run.web().cooldown_until(), Some(time("10:16")));
}

#[test]
fn r_2_1_a_cooldown_of_0_is_none() {
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 0s");
    let mut run = world.run();
    run.until("10:16");
    assert_eq!(run.lines("cooldown"), "");
    assert_eq!(run.web().capacity().desired, 4);
}

#[test]
fn r_2_2_a_later_window_never_shortens_an_earlier_one() {
    let table = [
        // before, end, length, after
        (None, "10:00", "5m", "2 until 10:05:00"),
        (None, "10:00", "0s", "none"),
        (Some("10:10"), "10:00", "5m", "1 until 10:10:00"),
        (Some("10:10"), "10:00", "10m", "1 until 10:10:00"),
        (Some("10:10"), "10:00:00.001", "10m", "2 until 10:10:00.001"),
        (Some("10:10"), "10:20", "1s", "2 until 10:20:01"),
        (Some("10:10"), "10:20", "0s", "1 until 10:10:00"),
    ];
    for (before, end, length, expected) in table {
        let before =
            before.map(|until| Cooldown { activity: ActivityOrdinal(1), until: time(until) });
        let after = Cooldown::open(before, ActivityOrdinal(2), time(end), span(length));
        let text = after.map_or("none".to_owned(), |window| {
            format!("{} until {}", window.activity, clock(window.until))
        });
        assert_eq!(text, expected, "{before:?}, then {length} from {end}");
    }
}
