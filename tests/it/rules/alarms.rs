//! Chapter 1, up to the trigger: periods, samples, operators, streaks. The rest is in `triggers`.

use asgsim::UtcOffset;
use asgsim::model::alarm::{Pooled, evaluate};
use asgsim::model::limits::Limits;
use asgsim::model::semantics::{MissingData, Semantics, Statistic, StreakRule};
use expect_test::expect;

use super::world::{World, create, modify, policy, span};

#[test]
fn r_1_1_the_first_period_judged_begins_at_or_after_the_creation() {
    let first_judged = |created: &str| {
        let world = World::new(1, 5, 1).cpu("10:00 60");
        let mut run = world.at(created, create("out cpu > 50 x1 =1 0s")).run();
        run.until("10:30");
        run.decisions().split(' ').next().unwrap().to_owned()
    };
    let table = [
        ("10:00", "10:05:00"),
        ("10:00:00.001", "10:10:00"),
        ("10:04:59.999", "10:10:00"),
        ("10:05", "10:10:00"),
    ];
    for (created, judged) in table {
        assert_eq!(first_judged(created), judged, "created {created}");
    }
}

#[test]
fn r_1_1_a_second_policy_waits_for_its_own_first_period() {
    let world = World::new(1, 5, 1).cpu("10:00 60").policy("a cpu > 50 x1 =1 0s");
    let mut run = world.at("10:10", create("b cpu > 50 x1 =1 0s")).run();
    run.until("10:16");
    expect![[r#"
        10:05:00 a 60 streak 1 no_change
        10:10:00 a 60 streak 2 no_change
        10:15:00 a 60 streak 3 no_change
        10:15:00 b 60 streak 1 no_change
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_1_1_the_period_is_a_switch() {
    let marks = |period: &str| {
        let world = World::new(1, 5, 1).cpu("10:00 60").policy("out cpu > 50 x1 =1 0s");
        let mut run = world.edit(|s| s.semantics.period = span(period)).run();
        run.until("10:06");
        run.decisions().lines().map(|line| line[..5].to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(marks("300s"), "10:05");
    assert_eq!(marks("60s"), "10:01 10:02 10:03 10:04 10:05");
}

#[test]
fn r_1_1_marks_are_multiples_of_the_period_in_civil_time() {
    // Two minutes further east the marks come two minutes earlier.
    let world = World::new(1, 5, 1).cpu("09:00 60").policy("out cpu > 50 x1 =1 0s");
    let mut run = world.edit(|s| s.utc_offset = UtcOffset::parse("+08:02").unwrap()).run();
    run.until("10:15");
    expect![[r#"
        10:08:00 out 60 streak 1 no_change
        10:13:00 out 60 streak 2 no_change
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_1_2_samples_are_pooled_over_instances_and_minutes() {
    // 60 load per second: two minutes alone at 60 %, three minutes in two at 30 %.
    let value = |statistic: Statistic| {
        let world = World::new(1, 5, 1).demand("10:00 60", 100).policy("p cpu > 99 x1 +1 0s");
        let world = world.at("10:01", modify("desired 2"));
        let mut run = world.edit(|s| s.semantics.statistic = statistic).run();
        run.until("10:06");
        run.decisions()
    };
    assert_eq!(value(Statistic::Average), "10:05:00 p 37.5 streak 0 not_breaching\n");
    assert_eq!(value(Statistic::Maximum), "10:05:00 p 60 streak 0 not_breaching\n");
    assert_eq!(value(Statistic::Minimum), "10:05:00 p 30 streak 0 not_breaching\n");
}

#[test]
fn r_1_2_a_policy_may_name_its_own_statistic() {
    let world = World::new(1, 5, 1).demand("10:00 60", 100).at("10:01", modify("desired 2"));
    let world = world.policy("a cpu > 99 x1 +1 0s avg").policy("b cpu > 99 x1 +1 0s min");
    let world = world.policy("c cpu > 99 x1 +1 0s");
    let mut run = world.edit(|s| s.semantics.statistic = Statistic::Maximum).run();
    run.until("10:06");
    expect![[r#"
        10:05:00 a 37.5 streak 0 not_breaching
        10:05:00 b 30 streak 0 not_breaching
        10:05:00 c 60 streak 0 not_breaching
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_1_2_an_instance_has_samples_only_for_whole_minutes_in_service() {
    // The second joins at 10:02:30: that minute has one sample, half 60 and half 30.
    // (60 + 60 + 45 + 2 * 30 + 2 * 30) / 7
    let world = World::new(1, 5, 1).demand("10:00 60", 100).policy("p cpu > 99 x1 +1 0s");
    let mut run = world.at("10:01:30", modify("desired 2")).run();
    run.until("10:06");
    assert_eq!(run.decisions(), "10:05:00 p 40.714286 streak 0 not_breaching\n");
}

#[test]
fn r_1_2_an_instance_that_left_keeps_the_samples_it_had() {
    // Two at 30 % for two minutes; from 10:02 one alone, so 60 %: (4 * 30 + 3 * 60) / 7.
    let world = World::new(1, 5, 2).demand("10:00 60", 100).policy("p cpu > 99 x1 +1 0s");
    let mut run = world.at("10:02", modify("desired 1")).run();
    run.until("10:06");
    assert_eq!(run.decisions(), "10:05:00 p 42.857143 streak 0 not_breaching\n");
}

#[test]
fn r_1_2_an_instance_stops_serving_as_it_begins_to_leave() {
    // It leaves at 10:02:30, with or without a load balancer, though it is gone only later.
    // (4 * 30 + 45 + 2 * 60) / 7: in the third minute only the one that stays has a sample.
    let world = World::new(1, 5, 2).demand("10:00 60", 100).policy("p cpu > 99 x1 +1 0s");
    let world = world.at("10:02:30", modify("desired 1"));
    for world in [world.clone(), world.load_balancer()] {
        let mut run = world.run();
        run.until("10:06");
        assert_eq!(run.decisions(), "10:05:00 p 40.714286 streak 0 not_breaching\n");
    }
}

#[test]
fn r_1_2_a_minute_without_a_value_all_through_has_no_sample() {
    // 10:01 lacks its last second.
    let world = World::new(1, 5, 1).demand("10:00 20, 10:01 90, 10:01:59 _, 10:02 50", 100);
    let mut run = world.policy("p cpu > 99 x1 +1 0s").run();
    run.until("10:06");
    assert_eq!(run.decisions(), "10:05:00 p 42.5 streak 0 not_breaching\n");
}

#[test]
fn r_1_2_usage_is_rounded_per_stretch_and_again_per_minute() {
    // Thirds: 20 s of 33.333333 and 40 s of 66.666667, and the mean of that.
    let world = World::new(3, 5, 3).demand("10:00 100, 10:00:20 200, 10:01 _", 100);
    let mut run = world.policy("p cpu > 99 x1 +1 0s").run();
    run.until("10:06");
    assert_eq!(run.decisions(), "10:05:00 p 55.555556 streak 0 not_breaching\n");
}

/// Whether `sum` over `count` samples breaches; both in millionths of a per cent.
fn breaches(sign: &str, sum: i64, count: u64, threshold: i64) -> bool {
    let rule = policy(&format!("p cpu {sign} {threshold} x1 +1 0s")).alarm;
    let pooled = Pooled { sum: i128::from(sum), count, ..Pooled::default() };
    evaluate(&rule, 0, &pooled, &Semantics::default()).breaching.unwrap()
}

// S-590.
#[test]
fn r_1_3_operators_are_exact_at_the_limit() {
    // Three samples. A sum one millionth off is an average a third of a millionth off, which
    // prints as 50 and yet is not 50.
    let table = [
        // sign, below, at, above
        (">", [false, false, true]),
        (">=", [false, true, true]),
        ("<", [true, false, false]),
        ("<=", [true, true, false]),
        ("=", [false, true, false]),
        ("<>", [true, false, true]),
    ];
    for (sign, expected) in table {
        let found = [149_999_999, 150_000_000, 150_000_001].map(|sum| breaches(sign, sum, 3, 50));
        assert_eq!(found, expected, "{sign} 50");
    }
}

#[test]
fn r_1_3_thresholds_at_the_ends_of_the_scale() {
    for (sign, sum, threshold, expected) in [
        (">=", 0, 0, true),
        ("<", 0, 0, false),
        ("=", 300_000_000, 100, true),
        (">", 300_000_000, 100, false),
    ] {
        assert_eq!(breaches(sign, sum, 3, threshold), expected, "{sum} {sign} {threshold}");
    }
}

#[test]
fn r_1_3_the_ranges_of_a_threshold() {
    let table = [
        ("cpu", -1, false),
        ("cpu", 0, true),
        ("cpu", 100, true),
        ("cpu", 101, false),
        ("mem", 100, true),
        ("mem", 101, false),
        ("in", 0, false),
        ("in", 1, true),
        ("out", 0, false),
        ("out", 1_000_000_000, true),
    ];
    for (metric, threshold, allowed) in table {
        let policy = policy(&format!("p {metric} > {threshold} x1 +1 0s"));
        assert_eq!(policy.check(&Limits::default()).is_ok(), allowed, "{metric} {threshold}");
    }
}

#[test]
fn r_1_4_no_data_never_triggers_not_even_less() {
    let world = World::new(0, 5, 0).demand("10:00 500", 100).policy("in cpu < 50 x1 +1 0s");
    let mut run = world.policy("any cpu <> 50 x1 +1 0s").run();
    run.until("10:11");
    expect![[r#"
        10:05:00 in - streak 0 no_data
        10:05:00 any - streak 0 no_data
        10:10:00 in - streak 0 no_data
        10:10:00 any - streak 0 no_data
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_1_4_what_no_data_does_to_a_streak_is_a_switch() {
    // Nothing is known from 10:10 to 10:15.
    let run = |missing: MissingData| {
        let world = World::new(1, 5, 1).cpu("10:00 60, 10:10 _, 10:15 60");
        let world = world.policy("p cpu > 50 x3 =1 0s");
        let mut run = world.edit(|s| s.semantics.missing = missing).run();
        run.until("10:26");
        run.decisions()
    };
    expect![[r#"
        10:05:00 p 60 streak 1 streaking
        10:10:00 p 60 streak 2 streaking
        10:15:00 p - streak 0 no_data
        10:20:00 p 60 streak 1 streaking
        10:25:00 p 60 streak 2 streaking
    "#]]
    .assert_eq(&run(MissingData::Breaks));
    expect![[r#"
        10:05:00 p 60 streak 1 streaking
        10:10:00 p 60 streak 2 streaking
        10:15:00 p - streak 2 no_data
        10:20:00 p 60 streak 3 no_change
        10:25:00 p 60 streak 4 no_change
    "#]]
    .assert_eq(&run(MissingData::Holds));
}

#[test]
fn r_1_5_repeat_times_is_1_to_10() {
    let limits = Limits::default();
    for (repeat, allowed) in [(0, false), (1, true), (10, true), (11, false)] {
        let policy = policy(&format!("p cpu > 50 x{repeat} +1 0s"));
        assert_eq!(policy.check(&limits).is_ok(), allowed, "{repeat}");
    }
}

#[test]
fn r_1_5_the_streak_is_a_switch() {
    let run = |streak: StreakRule| {
        let world = World::new(1, 1, 1).cpu("10:00 60, 10:25 40, 10:30 60");
        let world = world.policy("p cpu > 50 x2 +1 0s");
        let mut run = world.edit(|s| s.semantics.streak = streak).run();
        run.until("10:41");
        run.decisions()
    };
    expect![[r#"
        10:05:00 p 60 streak 1 streaking
        10:10:00 p 60 streak 2 no_change
        10:15:00 p 60 streak 3 no_change
        10:20:00 p 60 streak 4 no_change
        10:25:00 p 60 streak 5 no_change
        10:30:00 p 40 streak 0 not_breaching
        10:35:00 p 60 streak 1 streaking
        10:40:00 p 60 streak 2 no_change
    "#]]
    .assert_eq(&run(StreakRule::Sliding));
    expect![[r#"
        10:05:00 p 60 streak 1 streaking
        10:10:00 p 60 streak 2 no_change
        10:15:00 p 60 streak 1 streaking
        10:20:00 p 60 streak 2 no_change
        10:25:00 p 60 streak 1 streaking
        10:30:00 p 40 streak 0 not_breaching
        10:35:00 p 60 streak 1 streaking
        10:40:00 p 60 streak 2 no_change
    "#]]
    .assert_eq(&run(StreakRule::Rearm));
}

#[test]
fn r_1_5_each_policy_has_a_streak_of_its_own() {
    let world = World::new(1, 1, 1).cpu("10:00 60, 10:05 40, 10:10 60");
    let mut run = world.policy("a cpu > 50 x2 +1 0s").policy("b cpu > 30 x2 +1 0s").run();
    run.until("10:11");
    expect![[r#"
        10:05:00 a 60 streak 1 streaking
        10:05:00 b 60 streak 1 streaking
        10:10:00 a 40 streak 0 not_breaching
        10:10:00 b 40 streak 2 no_change
    "#]]
    .assert_eq(&run.decisions());
}
