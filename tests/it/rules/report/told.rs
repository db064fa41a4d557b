//! The report as a person reads it: chart and figures as text.
#![cfg(feature = "cli")]

use asgsim::report::chart::chart;
use asgsim::report::text::{Layout, report};
use asgsim::scenario::Scenario;
use expect_test::{Expect, expect};

use super::{minutely, scenario};
use crate::rules::world::{World, micro, modify};

/// A crowd that two policies meet, with a price.
fn crowd() -> Scenario {
    let world = World::new(1, 4, 2)
        .demand("10:00 100, 10:20 300, 10:50 60", 100)
        .policy("out cpu > 70 x1 +1 300s")
        .policy("in cpu < 40 x2 -1 300s");
    let mut scenario = scenario(&world, "12:00");
    scenario.name = "crowd".to_owned();
    scenario.about = "Three times the load for half an hour: does one more at 70 % do, and how \
                      long does it take until users see nothing of it?"
        .to_owned();
    scenario.tariff.per_instance_hour = micro("0.12");
    scenario
}

fn told(scenario: &Scenario, width: u16) -> String {
    let engine = scenario.play().unwrap();
    report(&scenario.report(&engine), Layout { width, ..Layout::default() })
}

/// The text of a report, of which no line is too wide or ends with a blank.
fn check(scenario: &Scenario, width: u16, expected: Expect) {
    let text = told(scenario, width);
    for line in text.lines() {
        assert!(line.chars().count() <= usize::from(width), "wider than {width}: {line}");
        assert_eq!(line, line.trim_end(), "a blank at the end");
    }
    expected.assert_eq(&text);
}

#[test]
fn r_12_2_a_report_of_80_columns() {
    check(
        &crowd(),
        80,
        expect![[r#"
        crowd
        Three times the load for half an hour: does one more at 70 % do, and how long
        does it take until users see nothing of it?
        2024-03-01 10:00:00 to 2024-03-01 12:00:00 (+08:00), 2h

        group web: 2 in service at the start, at most 4, 1 at the end (min 1, max 4)

        █ shortfall   ─ capacity in service   • offered load
        400       │                     ──────────────
                  │
                  │
                  │           ••••••••••••••••••     ──────
                  │           ████─                        ─
                  │           █████
                  │           █████
        200       │───────────────█                        ──────
                  │
                  │                                              ─
                  │•••••••••••                                   ───────────────────────
                  │                             ••••••••••••••••••••••••••••••••••••••••
                  │
        0         │
                  └─────────────────────────────────────────────────────────────────────
        03-01 10:00                             03-01 11:00                  03-01 12:00

         instance hours         4.5      scale out / in                   2 / 3
         cost              0.54 USD      flaps                                1
         SLO broken          16 min      refused busy / cooldown          0 / 3
         load lost             3.9%      time too few / too many  13.3% / 25.0%
         utilisation mean     55.8%      pinned at min / max        40 / 25 min
         utilisation p95     100.0%      recoveries, median           1, 16 min

        activities
         2024-03-01 10:25:00  asa-q0biul0k  +1  policy out  success  took 1m
         2024-03-01 10:35:00  asa-8pqcpzqf  +1  policy out  success  took 1m
         2024-03-01 11:00:00  asa-87bw1g32  -1  policy in   success  took 10s
         2024-03-01 11:10:00  asa-nc42mz4w  -1  policy in   success  took 10s
         2024-03-01 11:20:00  asa-e5iou8hk  -1  policy in   success  took 10s

        triggers without effect
         in   2 times  in cooldown
         out  3 times  already at the size asked for
         out  1 time   in cooldown

        49 events
        digest 790da25199dab277b57107fa4665beae4fb8c3abd97e2de25c3c31da5dfcbade
    "#]],
    );
}

#[test]
fn r_12_2_a_report_of_200_columns() {
    check(
        &crowd(),
        200,
        expect![[r#"
        crowd
        Three times the load for half an hour: does one more at 70 % do, and how long does it take until users see nothing of it?
        2024-03-01 10:00:00 to 2024-03-01 12:00:00 (+08:00), 2h

        group web: 2 in service at the start, at most 4, 1 at the end (min 1, max 4)

        █ shortfall   ─ capacity in service   • offered load
        400       │                                                         ──────────────────────────────────────
                  │
                  │
                  │                               ••••••••••••••••••••••••••••••••••••••••••••••••               ────────────────
                  │                               ██████████─                                                                    ─
                  │                               ███████████
                  │                               ███████████
        200       │─────────────────────────────────────────█                                                                     ───────────────
                  │
                  │                                                                                                                              ─
                  │•••••••••••••••••••••••••••••••                                                                                                ──────────────────────────────────────────────────────────────
                  │                                                                               ••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••
                  │
        0         │
                  └─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        03-01 10:00                                                                                         03-01 11:00                                                                              03-01 12:00

         instance hours         4.5      scale out / in                   2 / 3
         cost              0.54 USD      flaps                                1
         SLO broken          16 min      refused busy / cooldown          0 / 3
         load lost             3.9%      time too few / too many  13.3% / 25.0%
         utilisation mean     55.8%      pinned at min / max        40 / 25 min
         utilisation p95     100.0%      recoveries, median           1, 16 min

        activities
         2024-03-01 10:25:00  asa-q0biul0k  +1  policy out  success  took 1m
         2024-03-01 10:35:00  asa-8pqcpzqf  +1  policy out  success  took 1m
         2024-03-01 11:00:00  asa-87bw1g32  -1  policy in   success  took 10s
         2024-03-01 11:10:00  asa-nc42mz4w  -1  policy in   success  took 10s
         2024-03-01 11:20:00  asa-e5iou8hk  -1  policy in   success  took 10s

        triggers without effect
         in   2 times  in cooldown
         out  3 times  already at the size asked for
         out  1 time   in cooldown

        49 events
        digest 790da25199dab277b57107fa4665beae4fb8c3abd97e2de25c3c31da5dfcbade
    "#]],
    );
}

#[test]
fn a_report_of_a_group_that_nothing_happens_to() {
    check(
        &scenario(&World::new(1, 3, 2), "11:00"),
        80,
        expect![[r#"
        test
        2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

        group web: 2 in service at the start, at most 2, 2 at the end (min 1, max 3)

         instance hours         2.0      scale out / in               0 / 0
         cost              0.00 USD      flaps                            0
         SLO broken               -      refused busy / cooldown      0 / 0
         load lost                -      time too few / too many      - / -
         utilisation mean         -      pinned at min / max      0 / 0 min
         utilisation p95          -      recoveries, median               0

        no activities

        3 events
        digest c5b695d873063a79ce223a711080d34e9fe1ef2f1fb3afbd75be8efda4dcc7be
    "#]],
    );
}

#[test]
fn a_report_of_fixed_metrics() {
    let world = World::new(1, 3, 2).cpu("10:00 40, 10:30 80").policy("out cpu > 70 x1 +1 600s");
    check(
        &scenario(&world, "11:00"),
        80,
        expect![[r#"
        test
        2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

        group web: 2 in service at the start, at most 3, 3 at the end (min 1, max 3)

        • cpu_usage, per cent
        80        │                                  •••••••••••••••••••••••••••••••••••
                  │
                  │
                  │
                  │
                  │
                  │
        40        │•••••••••••••••••••••••••••••••••••
                  │
                  │
                  │
                  │
                  │
        0         │
                  └─────────────────────────────────────────────────────────────────────
        03-01 10:00                             03-01 10:30                  03-01 11:00

         instance hours         2.4      scale out / in                1 / 0
         cost              0.00 USD      flaps                             0
         SLO broken               -      refused busy / cooldown       0 / 0
         load lost                -      time too few / too many       - / -
         utilisation mean     60.0%      pinned at min / max      0 / 25 min
         utilisation p95      80.0%      recoveries, median                0

        activities
         2024-03-01 10:35:00  asa-q0biul0k  +1  policy out  success  took 1m

        triggers without effect
         out  4 times  already at the size asked for

        15 events
        digest 325843fe79f31e8c07d9f69b9bd00c44f19b42a9f087d3a26f0b40e8cda67fb9
    "#]],
    );
}

#[test]
fn a_report_of_many_activities_shows_the_last() {
    let mut world = World::new(1, 3, 2);
    for i in 0..12 {
        let at = format!("10:{:02}", 4 * i);
        world = world.at(&at, modify(if i % 2 == 0 { "desired 3" } else { "desired 2" }));
    }
    let text = told(&scenario(&world, "11:00"), 80);
    assert!(text.contains("activities, the last 10 of 12\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("success")).count(), 10);
}

#[test]
fn no_width_is_exceeded() {
    let scenario = crowd();
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    for width in [80, 81, 100, 120, 200] {
        let chart = chart(&run, &run.groups[0], width);
        for line in told(&scenario, width).lines().chain(chart.lines()) {
            assert!(line.chars().count() <= usize::from(width), "wider than {width}: {line}");
        }
    }
}

#[test]
fn a_chart_without_load_is_empty() {
    let chart_of = |world: World| {
        let scenario = scenario(&world, "11:00");
        let engine = scenario.play().unwrap();
        let run = scenario.report(&engine);
        chart(&run, &run.groups[0], 80)
    };
    assert_eq!(chart_of(World::new(1, 3, 2)), "");
    assert_eq!(chart_of(World::new(0, 3, 0).demand(&minutely("0 0 0"), 100)), "");
    assert_ne!(chart_of(World::new(0, 3, 0).demand(&minutely("0 5 0"), 100)), "");
}
