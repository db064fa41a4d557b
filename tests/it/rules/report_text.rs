//! The report in words and signs, of a small world.

use asgsim::GroupSetup;
use asgsim::model::policy::Policy;
use asgsim::report::chart::chart;
use asgsim::report::text::{Layout, report};
use asgsim::scenario::Scenario;
use expect_test::{Expect, expect};

use super::world::{World, micro, modify, policy, time};

/// A crowd between 10:20 and 10:40 meets a group that grows once.
fn crowd() -> Scenario {
    let world = World::new(2, 6, 2)
        .demand("10:00 10, 10:20 45, 10:30 30, 10:40 12", 10)
        .creating("90s")
        .policy("out cpu > 70 x1 +2 300s")
        .policy("in cpu < 40 x2 -1 300s")
        .at("10:50", modify("max 4"));
    let mut scenario = Scenario::of("crowd", world.setup, time("11:00"));
    scenario.about = String::from(
        "Twice as many visitors as two machines can serve come within a minute. How long do they \
         wait for the four that can?",
    );
    scenario.tariff.per_instance_hour = micro("0.12");
    scenario
}

fn text(scenario: &Scenario, width: u16) -> String {
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    report(&run, Layout { width, activities: 10 })
}

/// The same text, but for the digest, and no line of it is too long or ends in blanks.
#[track_caller]
fn check(scenario: &Scenario, width: u16, expected: Expect) {
    let text = text(scenario, width);
    assert_fits(&text, width);
    let (told, _digest) = text.rsplit_once("\ndigest ").unwrap();
    expected.assert_eq(&format!("{told}\n"));
}

#[track_caller]
fn assert_fits(text: &str, width: u16) {
    // A digest cannot be broken.
    for line in text.lines().filter(|line| !line.starts_with("digest ")) {
        assert_eq!(line, line.trim_end(), "blanks at the end");
        assert!(line.chars().count() <= usize::from(width), "wider than {width}: {line:?}");
    }
}

#[test]
fn the_report_in_80_columns() {
    check(
        &crowd(),
        80,
        expect![[r#"
            crowd
            Twice as many visitors as two machines can serve come within a minute. How long
            do they wait for the four that can?
            2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

            group web: 2 in service at the start, at most 6, 3 at the end (min 2, max 4)

            █ shortfall   ─ capacity in service   • offered load
            60        │                                          ───────────────
                      │                                                         ─
                      │
                      │                      •••••••••••••      ─
                      │                      █████████──────────                 ─────
                      │                      █████████
                      │                      ████████─                                ─
            30        │                      █████████   •••••••••••••                 ─────
                      │                      █████████
                      │──────────────────────────────█
                      │                                              •••••••••••••••••••••••
                      │•••••••••••••••••••••••
                      │
            0         │
                      └─────────────────────────────────────────────────────────────────────
            03-01 10:00                             03-01 10:30                  03-01 11:00

             instance hours         3.5      scale out / in                   2 / 2
             cost              0.42 USD      flaps                                1
             SLO broken          10 min      refused busy / cooldown          1 / 1
             load lost            15.1%      time too few / too many  16.7% / 39.2%
             utilisation mean     53.5%      pinned at min / max        25 / 20 min
             utilisation p95     100.0%      recoveries, median           1, 10 min
             headroom min       -125.0%      reaction / provisioning    5 / 1.5 min

            activities
             2024-03-01 10:25:00  asa-q0biul0k  +2  policy out  success  took 1m30s
             2024-03-01 10:35:00  asa-8pqcpzqf  +2  policy out  success  took 1m30s
             2024-03-01 10:50:00  asa-lhsukswt  -2  bounds      success  took 10s
             2024-03-01 10:55:00  asa-nc42mz4w  -1  policy in   success  took 10s

            triggers without effect
             in   once  an activity was running
             out  once  in cooldown

            what else happened
             saturated  10 min from 2024-03-01 10:20:00: alarms see no load above capacity

            41 events
        "#]],
    );
}

#[test]
fn the_report_in_200_columns() {
    check(
        &crowd(),
        200,
        expect![[r#"
            crowd
            Twice as many visitors as two machines can serve come within a minute. How long do they wait for the four that can?
            2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

            group web: 2 in service at the start, at most 6, 3 at the end (min 2, max 4)

            █ shortfall   ─ capacity in service   • offered load
            60        │                                                                                                                   ──────────────────────────────────────────
                      │                                                                                                                                                             ─
                      │
                      │                                                              •••••••••••••••••••••••••••••••••                   ─
                      │                                                              ██████████████████████──────────────────────────────                                            ───────────────
                      │                                                              ██████████████████████
                      │                                                              █████████████████████─                                                                                         ─
            30        │                                                              ██████████████████████          •••••••••••••••••••••••••••••••••                                               ───────────────
                      │                                                              ██████████████████████
                      │───────────────────────────────────────────────────────────────────────────────────█
                      │                                                                                                                               ••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••
                      │••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••••
                      │
            0         │
                      └─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            03-01 10:00                                                                                         03-01 10:30                                                                              03-01 11:00

             instance hours         3.5      scale out / in                   2 / 2
             cost              0.42 USD      flaps                                1
             SLO broken          10 min      refused busy / cooldown          1 / 1
             load lost            15.1%      time too few / too many  16.7% / 39.2%
             utilisation mean     53.5%      pinned at min / max        25 / 20 min
             utilisation p95     100.0%      recoveries, median           1, 10 min
             headroom min       -125.0%      reaction / provisioning    5 / 1.5 min

            activities
             2024-03-01 10:25:00  asa-q0biul0k  +2  policy out  success  took 1m30s
             2024-03-01 10:35:00  asa-8pqcpzqf  +2  policy out  success  took 1m30s
             2024-03-01 10:50:00  asa-lhsukswt  -2  bounds      success  took 10s
             2024-03-01 10:55:00  asa-nc42mz4w  -1  policy in   success  took 10s

            triggers without effect
             in   once  an activity was running
             out  once  in cooldown

            what else happened
             saturated  10 min from 2024-03-01 10:20:00: alarms see no load above capacity

            41 events
        "#]],
    );
}

#[test]
fn a_metric_without_a_loop_is_drawn_itself() {
    let world = World::new(1, 4, 2).cpu("10:00 20, 10:30 90, 10:45 _, 10:50 50");
    check(
        &Scenario::of("fixed", world.setup, time("11:00")),
        60,
        expect![[r#"
            fixed
            2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

            group web: 2 in service at the start, at most 2, 2 at the
            end (min 1, max 4)

            • cpu_usage, per cent
            90        │                        •••••••••••••
                      │
                      │
                      │
                      │
                      │
                      │                                         ••••••••
            45        │
                      │
                      │
                      │•••••••••••••••••••••••••
                      │
                      │
            0         │
                      └─────────────────────────────────────────────────
            03-01 10:00                   03-01 10:30        03-01 11:00

             instance hours         2.0      scale out / in       0 / 0
             cost              0.00 USD      flaps                    0
             SLO broken               -      refused busy /       0 / 0
                                             cooldown
             load lost                -      time too few /       - / -
                                             too many
             utilisation mean     44.5%      pinned at min /  0 / 0 min
                                             max
             utilisation p95      90.0%      recoveries,              0
                                             median
             headroom min             -      reaction /       - / - min
                                             provisioning
                                             load unknown         5 min

            no activities

            3 events
        "#]],
    );
}

#[test]
fn a_group_without_load_has_no_chart() {
    let scenario = Scenario::of("idle", World::new(1, 4, 2).setup, time("11:00"));
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    assert_eq!(chart(&run, &run.groups[0], 80), "");
    check(
        &scenario,
        80,
        expect![[r#"
            idle
            2024-03-01 10:00:00 to 2024-03-01 11:00:00 (+08:00), 1h

            group web: 2 in service at the start, at most 2, 2 at the end (min 1, max 4)

             instance hours         2.0      scale out / in               0 / 0
             cost              0.00 USD      flaps                            0
             SLO broken               -      refused busy / cooldown      0 / 0
             load lost                -      time too few / too many      - / -
             utilisation mean         -      pinned at min / max      0 / 0 min
             utilisation p95          -      recoveries, median               0
             headroom min             -      reaction / provisioning  - / - min

            no activities

            3 events
        "#]],
    );
}

/// Names as long as they may be, and warnings without end.
#[test]
fn long_words_fit_too() {
    let long = "w".repeat(60);
    let mut scenario = crowd();
    scenario.name = format!("a scenario called {long} {long}");
    scenario.warnings = vec![format!("trace {long}: it ends, {long}, before the run does {long}")];
    let Some(web) = scenario.setup.groups.first_mut() else { return };
    web.name.clone_from(&long);
    web.policies = vec![Policy { name: "p".repeat(60), ..policy("out cpu > 70 x1 +2 300s") }];
    let other = GroupSetup::new("other", 0, 5, 1);
    scenario.setup.groups.push(other);
    for width in [80, 120, 200] {
        assert_fits(&text(&scenario, width), width);
    }
}

#[test]
fn the_ends_of_a_chart() {
    // One column wide, one minute long, nothing offered: no panic, and nothing to draw.
    let mut scenario = crowd();
    scenario.end = time("10:01");
    for width in [40, 77, 1000] {
        assert_fits(&text(&scenario, width), width);
    }
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    for width in [1, 2, 20] {
        assert!(!chart(&run, &run.groups[0], width).is_empty());
    }
    let idle = World::new(1, 4, 2).demand("10:00 0", 10).setup;
    let idle = Scenario::of("idle", idle, time("11:00"));
    let engine = idle.play().unwrap();
    let run = idle.report(&engine);
    // Capacity is drawn, an axis of zeros is not needed for it.
    assert_fits(&chart(&run, &run.groups[0], 80), 80);
}
