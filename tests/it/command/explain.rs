//! `asgsim explain`: the sentence an expert would give, for the critical minute of each scenario.

use expect_test::{Expect, expect};

use super::{TWO, asgsim, json, write};

#[track_caller]
fn check(arguments: &str, expected: &Expect) {
    let arguments: Vec<&str> = std::iter::once("explain").chain(arguments.split(' ')).collect();
    let (status, out, err) = asgsim(&arguments);
    assert_eq!(status, 0, "{err}");
    expected.assert_eq(&out);
}

#[test]
fn a_flash_crowd_hides_behind_saturation() {
    check(
        "scenarios/flash-crowd.toml --at +1h50m",
        &expect![[r#"
        At 2024-03-01 19:50:00 group web wants 10 (min 4, max 24) and has 10 in service; nothing is under way; alarms are in cooldown until 19:51:42. In the minute before it was offered 2617.5 a second and could serve 1200; 1417.5 a second was lost, and alarms cannot see it.
        19:50 `out` saw 100 % > 70 %, streak 3, 2 needed, asked for +4, refused: cooldown from asa-d29o7uh1 until 19:51:42. With a cooldown of 3m18s or less it would have acted.
        Next, at 19:55, `out` saw 100 % > 70 %, streak 4, 2 needed, accepted: 10 to 14 (+4).
        19:50 `in` saw 100 %, which is not < 40 %. It was 60 points away.
        Next, at 21:20, `in` saw 29.7 % < 40 %, streak 3 of 3, accepted: 24 to 22 (-2).
    "#]],
    );
}

#[test]
fn a_flapping_pair_undoes_itself() {
    check(
        "scenarios/flapping-pair.toml --from +1h25m --to +1h45m",
        &expect![[r#"
            At 2024-03-01 01:45:00 group web wants 3 (min 1, max 6) and has 2 in service of 3 members; asa-2713fupa (scale out 1 instance, by policy `out`) is under way since 01:45. In the minute before it was offered 128 a second and could serve 200.
            01:25 `out` saw 64 % > 60 %, streak 2, 1 needed, accepted: 2 to 3 (+1).
            01:30 to 01:35 (2 periods) `out` saw 42.7 % to 45.7 %, which is not > 60 %. It was 14.3 points away.
            01:40 `out` saw 64 % > 60 %, streak 1 of 1, asked for +1, refused: cooldown from asa-hrxqpbi8 until 01:40:10. With a cooldown of 4m50s or less it would have acted.
            01:45 `out` saw 64 % > 60 %, streak 2, 1 needed, accepted: 2 to 3 (+1).
            Next, at 02:00, `out` saw 64 % > 60 %, streak 1 of 1, asked for +1, refused: cooldown from asa-wi6h9m38 until 02:00:10.
            01:25 `in` saw 64 %, which is not < 50 %. It was 14 points away.
            01:30 `in` saw 45.7 % < 50 %, streak 1 of 1, asked for -1, refused: cooldown from asa-epqp7p3e until 01:31. With a cooldown of 4m or less it would have acted.
            01:35 `in` saw 42.7 % < 50 %, streak 2, 1 needed, accepted: 3 to 2 (-1).
            01:40 to 01:45 (2 periods) `in` saw 64 %, which is not < 50 %. It was 14 points away.
            Next, at 01:50, `in` saw 45.7 % < 50 %, streak 1 of 1, asked for -1, refused: cooldown from asa-2713fupa until 01:51.
            01:25 asa-epqp7p3e (scale out 1 instance, by policy `out`) began; success at 01:26.
            01:35 asa-hrxqpbi8 (scale in 1 instance, by policy `in`) began; success at 01:35:10.
            01:45 asa-2713fupa (scale out 1 instance, by policy `out`) began; success at 01:46.
        "#]],
    );
}

#[test]
fn saturation_looks_like_just_full() {
    check(
        "scenarios/saturation.toml --at +50m",
        &expect![[r#"
            At 2024-03-01 08:50:00 group workers wants 9 (min 2, max 30) and has 6 in service of 9 members; asa-87bw1g32 (scale out 3 instances, by policy `out`) is under way since 08:50. In the minute before it was offered 1000 a second and could serve 600.
            08:50 `out` saw 100 % > 80 %, streak 4, 1 needed, accepted: 6 to 9 (+3).
            Next, at 08:55, `out` saw 100 % > 80 %, streak 5, 1 needed, accepted: 9 to 13 (+4).
            08:50 asa-87bw1g32 (scale out 3 instances, by policy `out`) began; success at 08:51.
        "#]],
    );
}

#[test]
fn slow_boots_come_too_late() {
    check(
        "scenarios/slow-boot.toml --at +1h30m",
        &expect![[r#"
            At 2024-03-01 09:30:00 group terminal wants 16 (min 4, max 20) and has 12 in service of 16 members; asa-98mvx2ff (scale out 4 instances, by policy `out`) is under way since 09:30. In the minute before it was offered 1093.7 a second and could serve 1200.
            09:30 `out` saw 94.9 % > 75 %, streak 5, 1 needed, accepted: 12 to 16 (+4).
            Next, at 09:35, `out` saw 91.5 % > 75 %, streak 6, 1 needed, asked for +4, refused: asa-98mvx2ff was under way, which ended at 09:44:28.
            09:30 `in` saw 94.9 %, which is not < 45 %. It was 49.9 points away.
            Next, at 11:00, `in` saw 31.3 % < 45 %, streak 3 of 3, accepted: 16 to 14 (-2).
            09:30 asa-98mvx2ff (scale out 4 instances, by policy `out`) began; success at 09:44:28.
        "#]],
    );
}

#[test]
fn the_lunch_schedule_is_there_before_the_crowd() {
    check(
        "scenarios/lunch-schedule.toml --from +11h20m --to +11h45m",
        &expect![[r#"
            At 2024-03-04 11:45:00 group shop wants 12 (min 12, max 16) and has 12 in service; nothing is under way. Task `before-lunch` set min 12 and max 16 last at 11:25. In the minute before it was offered 476.3 a second and could serve 1200.
            11:20 to 11:45 (6 periods) `out` saw 16.3 % to 64.6 %, which is not > 75 %. It was 10.4 points away.
            Next, at 11:55, `out` saw 75.3 % > 75 %, streak 1 of 1, accepted: 12 to 13 (+1).
            11:20 to 11:25 (2 periods) `in` saw 63.5 % to 64.6 %, which is not < 40 %. It was 23.5 points away.
            11:30 to 11:35 (2 periods) `in` saw 16.3 % to 19.2 % < 40 %, streak 2 of 3. 1 more breaching period in a row would trigger it.
            11:40 `in` saw 16.5 % < 40 %, streak 3 of 3, asked for -1, got nothing: min is 12. With min below 12 it would have acted.
            11:45 `in` saw 28.3 % < 40 %, streak 4, 3 needed, asked for -1, got nothing: min is 12. With min below 12 it would have acted.
            Next, at 13:30, `in` saw 17.5 % < 40 %, streak 3 of 3, accepted: 13 to 12 (-1).
            11:25 scheduled task `before-lunch` set its bounds.
            11:25 asa-0kn1b8dx (scale out 9 instances, by task `before-lunch`) began; success at 11:26.
        "#]],
    );
}

#[test]
fn either_or_triggers_on_a_day_nobody_meant() {
    check(
        "scenarios/either-or.toml --at +7d9h5m",
        &expect![[r#"
            At 2024-03-08 09:05:00 group promo wants 8 (min 8, max 10) and has 8 in service; nothing is under way. Task `friday-13th` set min 8 and max 10 last at 09:00. Task `calm-down` set min 2 and max 2 last at 2024-03-07 21:00.
        "#]],
    );
}

#[test]
fn a_quiet_hour_of_the_diurnal_week() {
    check(
        "scenarios/diurnal-week.toml --from +2d3h --to +2d4h",
        &expect![[r#"
            At 2024-03-06 04:00:00 group shop wants 5 (min 2, max 20) and has 5 in service; nothing is under way. In the minute before it was offered 275.8 a second and could serve 500.
            03:00 to 04:00 (13 periods) `out` saw 47 % to 59.4 %, which is not > 70 %. It was 10.6 points away.
            Next, at 06:40, `out` saw 72.7 % > 70 %, streak 1 of 1, accepted: 5 to 6 (+1).
            03:00 `in` saw 49.6 % < 50 %, streak 2 of 3. 1 more breaching period in a row would trigger it.
            03:05 `in` saw 47 % < 50 %, streak 3 of 3, accepted: 6 to 5 (-1).
            03:10 to 04:00 (11 periods) `in` saw 54.4 % to 59.4 %, which is not < 50 %. It was 4.4 points away.
            Next, at 21:10, `in` saw 49.3 % < 50 %, streak 3 of 3, accepted: 14 to 13 (-1).
            03:05 asa-0cpps0qz (scale in 1 instance, by policy `in`) began; success at 03:05:12.
        "#]],
    );
}

#[test]
fn a_recorded_week_counterfactually() {
    check(
        "scenarios/recorded-week.toml --at +1d14h",
        &expect![[r#"
        At 2024-03-05 14:00:00 group shop wants 9 (min 2, max 12) and has 9 in service; nothing is under way; alarms are in cooldown until 14:05:10. In the minute before it was offered 4.3 a second and could serve 9.
        14:00 `out` saw 47.4 %, which is not > 70 %. It was 22.6 points away.
        Next, at 2024-03-06 06:05, `out` saw 70.1 % > 70 %, streak 1 of 1, accepted: 2 to 4 (+2).
        14:00 `in` saw 47.4 %, which is not < 45 %. It was 2.4 points away.
        Next, at 18:10, `in` saw 43.2 % < 45 %, streak 4 of 4, accepted: 9 to 8 (-1).
    "#]],
    );
}

#[test]
fn the_same_as_data() {
    let arguments = ["explain", "scenarios/flash-crowd.toml", "--at", "+1h50m", "--json"];
    let told = json(&arguments);
    let out = &told["policies"][0];
    assert_eq!(out["policy"], "out");
    assert_eq!(out["evaluations"][0]["outcome"], "cooldown");
    assert_eq!(out["evaluations"][0]["periods"], 1);
    assert_eq!(told["from"], told["to"]);
}

#[test]
fn what_cannot_be_explained() {
    let folder = tempfile::tempdir().unwrap();
    let two = write(folder.path(), "two.toml", TWO);
    let crowd = "scenarios/flash-crowd.toml";
    let table: [(&[&str], &str); 6] = [
        (&[crowd], "the following required arguments were not provided"),
        (&[crowd, "--at", "+100d"], "is outside the run"),
        (&[crowd, "--at", "noon"], "--at: "),
        (&[crowd, "--from", "+2h", "--to", "+1h"], "--from lies after --to"),
        (&[crowd, "--at", "+1h", "--group", "wbe"], "no group `wbe`, only web"),
        (&[&two, "--at", "+1h"], "the scenario has several"),
    ];
    for (arguments, message) in table {
        let arguments: Vec<&str> =
            std::iter::once("explain").chain(arguments.iter().copied()).collect();
        let (status, out, err) = asgsim(&arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn black_friday_is_sold_out() {
    check(
        "scenarios/black-friday.toml --from +3h30m --to +3h46m",
        &expect![[r#"
        At 2024-11-29 21:46:00 group shop wants 30 (min 6, max 30) and has 28 in service of 30 members; asa-ex64q3kl (scale out 2 instances, by policy `out`) is under way since 21:45. Since 20:00: 20000 sold out in 100001, until 22:00. In the minute before it was offered 2137.4 a second and could serve 2800.
        21:30 `out` saw 85.2 % > 70 %, streak 5, 1 needed, asked for +3, refused: sold out (20000) until 21:40.
        21:35 `out` saw 88.5 % > 70 %, streak 6, 1 needed, asked for +3, refused: sold out (20000) until 21:40.
        21:40 `out` saw 91.5 % > 70 %, streak 7, 1 needed, asked for +3, refused: the group was about to start something at this instant.
        21:45 `out` saw 78.2 % > 70 %, streak 8, 1 needed, accepted: asked for +3, got +2: max is 30.
        Next, at 21:50, `out` saw 73 % > 70 %, streak 9, 1 needed, asked for +3, got nothing: max is 30.
        21:30 to 21:45 (4 periods) `in` saw 78.2 % to 91.5 %, which is not < 45 %. It was 33.2 points away.
        21:30 asa-mrb2lqpg (scale out, by policy `out`) ended at once: sold out.
        21:35 asa-380ev5hg (scale out, by policy `out`) ended at once: sold out.
        21:40 asa-ec51mj9j (scale out 6 instances, by user) began; success at 21:41:05.
        21:45 asa-ex64q3kl (scale out 2 instances, by policy `out`) began; success at 21:46:05.
    "#]],
    );
}

#[test]
fn rolling_unhealthy_replaces_by_twos_while_a_zone_is_gone() {
    check(
        "scenarios/rolling-unhealthy.toml --from +2d14h59m --to +2d15h6m",
        &expect![[r#"
        At 2024-03-06 15:06:00 group api wants 8 (min 8, max 12) and has 8 in service; nothing is under way. Since 15:00: outage in 100002, until 15:10. In the minute before it was offered 569.3 a second and could serve 720.
        15:00 began: outage in 100002, until 15:10.
        15:01 3 instances were found unhealthy.
        15:01 asa-97lqlkw0 (replace 3 instances, by health) began; success at 15:02:42.
        15:03:42 2 instances were found unhealthy.
        15:03:42 asa-n1b27944 (replace 2 instances, by health) began; success at 15:05:24.
    "#]],
    );
}

#[test]
fn a_launch_hook_that_nobody_completes() {
    check(
        "scenarios/launch-hook-timeout.toml --from +1h10m --to +1h20m",
        &expect![[r#"
        At 2024-03-01 10:20:00 group web wants 4 (min 2, max 8) and has 2 in service of 4 members; asa-q0biul0k (scale out 2 instances, by policy `out`) is under way since 10:10. 2 instances wait at hook `ready`, until 10:21 at most. In the minute before it was offered 260 a second and could serve 200; 60 a second was lost, and alarms cannot see it.
        10:10 `out` saw 100 % > 75 %, streak 2 of 2, accepted: 2 to 4 (+2).
        10:15 `out` saw 100 % > 75 %, streak 3, 2 needed, asked for +2, refused: asa-q0biul0k waited at a hook until 10:21 at most.
        10:20 `out` saw 100 % > 75 %, streak 4, 2 needed, asked for +2, refused: asa-q0biul0k waited at a hook until 10:21 at most.
        Next, at 10:25, `out` saw 100 % > 75 %, streak 5, 2 needed, asked for +2, refused: asa-87bw1g32 waited at a hook until 10:32:40 at most.
        10:10 asa-q0biul0k (scale out 2 instances, by policy `out`) began; a hook refused the launch at 10:21:10.
        10:11 2 instances began to wait at launch hook `ready`: nobody completed it within 10m, the launch is refused.
    "#]],
    );
}

#[test]
fn maintenance_is_to_blame_for_some_of_it() {
    check(
        "scenarios/maintenance.toml --at +3h10m",
        &expect![[r#"
        At 2024-03-01 03:10:00 group workers wants 4 (min 2, max 8) and has 4 in service; nothing is under way. It is suspended since 03:00. In the minute before it was offered 90 a second and could serve 400.
        03:10 `out` saw 22.5 %, which is not > 75 %. It was 52.5 points away.
        03:10 `in` saw 22.5 % < 35 %, streak 2 of 2, asked for -1, refused: the group is suspended.
        Next, at 03:15, `in` saw 22.5 % < 35 %, streak 3, 2 needed, asked for -1, refused: the group is suspended.
    "#]],
    );
    check(
        "scenarios/maintenance.toml --from +1h55m --to +2h10m",
        &expect![[r#"
        At 2024-03-01 02:10:00 group workers wants 3 (min 2, max 8) and has 3 in service; nothing is under way; alarms are in cooldown until 02:11. In the minute before it was offered 290 a second and could serve 300.
        01:55 to 02:00 (2 periods) `out` saw 45 %, which is not > 75 %. It was 30 points away.
        02:05 `out` saw 100 % > 75 %, streak 1 of 1, accepted: 2 to 3 (+1).
        02:10 `out` saw 97.1 % > 75 %, streak 2, 1 needed, asked for +1, refused: cooldown from asa-2yp79hta until 02:11. With a cooldown of 4m or less it would have acted.
        Next, at 02:15, `out` saw 96.7 % > 75 %, streak 3, 1 needed, accepted: 3 to 4 (+1).
        01:55 to 02:10 (4 periods) `in` saw 45 % to 100 %, which is not < 35 %. It was 10 points away.
        Next, at 03:10, `in` saw 22.5 % < 35 %, streak 2 of 2, asked for -1, refused: the group is suspended.
        02:05 asa-2yp79hta (scale out 1 instance, by policy `out`) began; success at 02:06.
    "#]],
    );
}
